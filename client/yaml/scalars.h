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

namespace labslot::client {

absl::StatusOr<google::type::TimeOfDay> ReadTimeOfDay(absl::string_view text);
absl::StatusOr<google::type::Date> ReadDate(absl::string_view text);
absl::StatusOr<google::protobuf::Duration> ReadDuration(absl::string_view text);
absl::StatusOr<google::protobuf::Timestamp> ReadTimestamp(absl::string_view text);
absl::StatusOr<google::type::LatLng> ReadLatLng(absl::string_view text);
absl::StatusOr<v1::OpeningWindow> ReadOpeningWindow(absl::string_view text);

// A value of the enum by its name, with or without the common prefix, in any
// case, with - or _. Days also by their first three letters.
absl::StatusOr<int> ReadEnum(const google::protobuf::EnumDescriptor& type, absl::string_view text);

std::string WriteTimeOfDay(const google::type::TimeOfDay& time);
std::string WriteDate(const google::type::Date& date);
std::string WriteDuration(const google::protobuf::Duration& duration);
std::string WriteTimestamp(const google::protobuf::Timestamp& timestamp);
std::string WriteEnum(const google::protobuf::EnumDescriptor& type, int number);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_YAML_SCALARS_H_
