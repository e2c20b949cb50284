#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_DAY_EFFECT_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_DAY_EFFECT_H_

#include "absl/strings/string_view.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/time.h"
#include "labslot/v1/calendar.pb.h"

namespace labslot::service {

// The `shortened_by` of an exception or a holiday: 1 second to a day where the
// effect is to shorten, and not set elsewhere.
template <typename Deviation>
Seconds ShorteningFromProto(const Deviation& proto, absl::string_view path, FieldErrors& errors) {
  if (proto.effect() == ::labslot::v1::DAY_EFFECT_SHORTENED) {
    return DurationFromProto(proto.shortened_by(), 1, limits::kDay, path, errors);
  }
  // A zero is what many clients send for a field that they leave out.
  const auto& length = proto.shortened_by();
  if (length.seconds() != 0 || length.nanos() != 0) {
    errors.Add(path, "must not be set unless effect is DAY_EFFECT_SHORTENED");
  }
  return 0;
}

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_DAY_EFFECT_H_
