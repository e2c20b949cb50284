#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_SERIES_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_SERIES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "daemon/domain/recurrence.h"
#include "daemon/domain/series.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/type/date.pb.h"
#include "labslot/v1/series.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// Reads what a caller may set. `name`, output-only fields, the etag and the
// interval of the reservation are not read; user and organisation may be empty.
// The zone is left empty: it is that of the place.
Series SeriesFromProto(const v1::Series& proto, absl::string_view path, FieldErrors& errors);

// A series whose refusals would be more than clients take in one message is
// told with less of them: conflicts go first, then alternatives, then all but
// the first violation of each day.
void ToProto(const Series& series, v1::Series& proto);

// A rule that cannot be expanded within limits::kMaxOccurrences is a violation
// of `rrule`.
Recurrence RecurrenceFromProto(const v1::Recurrence& proto, absl::string_view path,
                               FieldErrors& errors);

// Days, each once, at most limits::kMaxOccurrences.
std::vector<absl::CivilDay> DaysFromProto(
    const google::protobuf::RepeatedPtrField<google::type::Date>& dates, absl::string_view path,
    FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_SERIES_H_
