#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_CALENDAR_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_CALENDAR_H_

#include "absl/strings/string_view.h"
#include "daemon/domain/calendar.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/calendar.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// Windows that overlap are legal and count once. Windows and `shortened_by`
// must fit the effect that they go with.
Calendar CalendarFromProto(const v1::Calendar& proto, absl::string_view path, FieldErrors& errors);
void ToProto(const Calendar& calendar, v1::Calendar& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_CALENDAR_H_
