#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_NUMBERS_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_NUMBERS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/text.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/repeated_field.h"

namespace labslot::service {

// `value` if it lies in [least, most]; else a violation, and `least`.
int32_t NumberFromProto(int32_t value, int32_t least, int32_t most, absl::string_view path,
                        FieldErrors& errors);
int64_t NumberFromProto(int64_t value, int64_t least, int64_t most, absl::string_view path,
                        FieldErrors& errors);

// The same for measures; infinities and NaN are violations.
double MeasureFromProto(double value, double least, double most, absl::string_view path,
                        FieldErrors& errors);

// A number with at most two decimals, in hundredths as `least` and `most` are; else a
// violation, and `least`.
int64_t HundredthsFromProto(double value, int64_t least, int64_t most, absl::string_view path,
                            FieldErrors& errors);

inline double FromHundredths(int64_t hundredths) { return static_cast<double>(hundredths) / 100; }

// A violation if a list has more than `most` elements. Converters go on with
// the first `most`: what is wrong with them is worth telling too.
void CheckCount(int count, size_t most, absl::string_view path, FieldErrors& errors);

// How many of `count` elements to look at.
int AtMost(int count, size_t most);

// A violation unless `number` is a value of `type`; 0 is one only if optional.
bool IsKnownEnum(int number, const google::protobuf::EnumDescriptor& type, Presence presence,
                 absl::string_view path, FieldErrors& errors);

// An enum whose domain type has the same numbers. Where it is refused the
// result is the value with number 1.
template <typename Domain, typename Proto>
Domain EnumFromProto(Proto value, Presence presence, absl::string_view path, FieldErrors& errors) {
  const auto& type = *google::protobuf::GetEnumDescriptor<Proto>();
  return IsKnownEnum(value, type, presence, path, errors) ? static_cast<Domain>(value)
                                                          : static_cast<Domain>(1);
}

// A list of such enums, each value once; `Proto` is the type of its elements.
template <typename Domain, typename Proto>
std::vector<Domain> EnumsFromProto(const google::protobuf::RepeatedField<int>& values,
                                   absl::string_view path, FieldErrors& errors) {
  const auto& type = *google::protobuf::GetEnumDescriptor<Proto>();
  const auto most = static_cast<size_t>(type.value_count() - 1);
  CheckCount(values.size(), most, path, errors);
  std::vector<Domain> result;
  for (int i = 0; i < AtMost(values.size(), most); ++i) {
    const std::string element = ElementPath(path, static_cast<size_t>(i));
    if (!IsKnownEnum(values[i], type, Presence::kRequired, element, errors)) continue;
    const auto value = static_cast<Domain>(values[i]);
    if (std::find(result.begin(), result.end(), value) != result.end()) {
      errors.Add(element, "must not be listed twice");
      continue;
    }
    result.push_back(value);
  }
  return result;
}

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_NUMBERS_H_
