#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_CALENDAR_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_CALENDAR_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/calendar.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "labslot/v1/calendar.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// Windows that overlap are legal and count once. Windows and `shortened_by`
// must fit the effect that they go with.
Calendar CalendarFromProto(const v1::Calendar& proto, absl::string_view path, FieldErrors& errors);
void ToProto(const Calendar& calendar, v1::Calendar& proto);

// Weekly windows that say when something holds, not when a place is open; so
// they are open to nobody in particular, and groups in them are a violation.
std::vector<WeeklyWindow> WeeklyTimesFromProto(
    const google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& protos, absl::string_view path,
    FieldErrors& errors);
void ToProto(const std::vector<WeeklyWindow>& windows,
             google::protobuf::RepeatedPtrField<v1::WeeklyWindow>& protos);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_CALENDAR_H_
