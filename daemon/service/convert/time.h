#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_TIME_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_TIME_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"
#include "daemon/service/convert/field_errors.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/interval.pb.h"
#include "google/type/latlng.pb.h"
#include "google/type/timeofday.pb.h"

namespace labslot::service {

// Times of the API are whole seconds: a sub-second part is a violation, never
// rounded away. What is malformed gives a violation and some legal value.

// An instant from 1970 to 2199 (limits::kEarliestInstant, kLatestInstant).
Instant InstantFromProto(const google::protobuf::Timestamp& time, absl::string_view path,
                         FieldErrors& errors);
void ToProto(Instant instant, google::protobuf::Timestamp& proto);

// A length of time in [least, most].
Seconds DurationFromProto(const google::protobuf::Duration& duration, Seconds least, Seconds most,
                          absl::string_view path, FieldErrors& errors);
void ToProto(Seconds seconds, google::protobuf::Duration& proto);

// An interval with both ends that is not empty and at most `longest` long. An
// interval that is not set is one without ends.
Interval IntervalFromProto(const google::type::Interval& interval, Seconds longest,
                           absl::string_view path, FieldErrors& errors);
void ToProto(const Interval& interval, google::type::Interval& proto);

// A full date from 1970 to 2199; nothing if it is malformed.
std::optional<absl::CivilDay> DateFromProto(const google::type::Date& date, absl::string_view path,
                                            FieldErrors& errors);
void ToProto(absl::CivilDay day, google::type::Date& proto);

// Seconds from midnight. 24:00:00 is legal only as the end of a window.
enum class EndOfDay { kRefused, kAllowed };
int32_t TimeOfDayFromProto(const google::type::TimeOfDay& time, EndOfDay end_of_day,
                           absl::string_view path, FieldErrors& errors);
void TimeOfDayToProto(int32_t seconds, google::type::TimeOfDay& proto);

struct Position {
  double latitude = 0;  // degrees, WGS 84
  double longitude = 0;
};
Position PositionFromProto(const google::type::LatLng& place, absl::string_view path,
                           FieldErrors& errors);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_TIME_H_
