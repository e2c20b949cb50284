#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_ROUND_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_ROUND_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/round.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/round.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// A round of the API, with the id `id`. Mistakes are added to `errors` under `path`.
Round RoundFromProto(const v1::Round& proto, absl::string_view id, absl::string_view path,
                     FieldErrors& errors);
void ToProto(const Round& round, v1::Round& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_ROUND_H_
