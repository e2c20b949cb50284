#ifndef LABSLOT_CLIENT_YAML_SCALARS_H_
#define LABSLOT_CLIENT_YAML_SCALARS_H_

// Values that people write as one word in the catalogue file, both ways. The
// forms are in docs/CATALOGUE.md.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/latlng.pb.h"
#include "google/type/timeofday.pb.h"
#include "labslot/v1/calendar.pb.h"
#include "labslot/v1/policy.pb.h"

namespace labslot::client {

absl::StatusOr<google::type::TimeOfDay> ReadTimeOfDay(absl::string_view text);
absl::StatusOr<google::type::Date> ReadDate(absl::string_view text);
absl::StatusOr<google::protobuf::Duration> ReadDuration(absl::string_view text);
absl::StatusOr<google::protobuf::Timestamp> ReadTimestamp(absl::string_view text);
absl::StatusOr<google::type::LatLng> ReadLatLng(absl::string_view text);

// "2027-12-24", or "2027-12-24..2028-01-02" with the last day included.
absl::StatusOr<v1::DateRange> ReadDateRange(absl::string_view text);

// "30d", "2d3h", "12h": days are civil, the rest is elapsed time.
absl::StatusOr<v1::Lead> ReadLead(absl::string_view text);

// "08:00-17:00", or "08:00-17:00 groups=staff,trainers".
absl::StatusOr<v1::OpeningWindow> ReadOpeningWindow(absl::string_view text);

// Days, then a window: "mon-wed,fri 08:00-17:00".
absl::StatusOr<v1::WeeklyWindow> ReadWeeklyWindow(absl::string_view text);

// Adds "mon", "mon-fri" or "mon-wed,fri" to the days of a window. A range may
// pass the weekend.
absl::Status ReadDays(absl::string_view text, v1::WeeklyWindow* window);

// A value of the enum by its name, with or without the common prefix, in any
// case, with - or _. Days also by their first three letters.
absl::StatusOr<int> ReadEnum(const google::protobuf::EnumDescriptor& type, absl::string_view text);

std::string WriteTimeOfDay(const google::type::TimeOfDay& time);
std::string WriteDate(const google::type::Date& date);
std::string WriteDuration(const google::protobuf::Duration& duration);
std::string WriteTimestamp(const google::protobuf::Timestamp& timestamp);
std::string WriteDateRange(const v1::DateRange& range);
std::string WriteLead(const v1::Lead& lead);
// Without its groups.
std::string WriteHours(const v1::OpeningWindow& window);
std::string WriteEnum(const google::protobuf::EnumDescriptor& type, int number);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_YAML_SCALARS_H_
