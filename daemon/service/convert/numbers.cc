#include "daemon/service/convert/numbers.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"

namespace labslot::service {
namespace {

template <typename Number>
Number InRange(Number value, Number least, Number most, absl::string_view path,
               FieldErrors& errors) {
  // Written so that NaN, which compares with nothing, is refused.
  if (value >= least && value <= most) return value;
  errors.Add(path, absl::StrCat("must be ", least, " to ", most, ", not ", value));
  return least;
}

// `ROLE_ADMINISTRATOR, ROLE_MEMBER`: what may be chosen.
std::string ValuesOf(const google::protobuf::EnumDescriptor& type) {
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", type.value(i)->name());
  }
  return names;
}

}  // namespace

int32_t NumberFromProto(int32_t value, int32_t least, int32_t most, absl::string_view path,
                        FieldErrors& errors) {
  return InRange(value, least, most, path, errors);
}

int64_t NumberFromProto(int64_t value, int64_t least, int64_t most, absl::string_view path,
                        FieldErrors& errors) {
  return InRange(value, least, most, path, errors);
}

double MeasureFromProto(double value, double least, double most, absl::string_view path,
                        FieldErrors& errors) {
  return InRange(value, least, most, path, errors);
}

int64_t HundredthsFromProto(double value, int64_t least, int64_t most, absl::string_view path,
                            FieldErrors& errors) {
  const double checked = InRange(value, static_cast<double>(least) / 100,
                                 static_cast<double>(most) / 100, path, errors);
  const double hundredths = std::round(checked * 100);
  // What is written with two decimals is off by much less, whatever its size.
  if (std::abs(checked * 100 - hundredths) > 1e-4) {
    errors.Add(path, absl::StrCat("must have at most two decimals, not ", value));
    return least;
  }
  return static_cast<int64_t>(hundredths);
}

void CheckCount(int count, size_t most, absl::string_view path, FieldErrors& errors) {
  if (static_cast<size_t>(count) > most) {
    errors.Add(path, absl::StrCat("must have at most ", most, " elements, not ", count));
  }
}

int AtMost(int count, size_t most) { return std::min(count, static_cast<int>(most)); }

bool IsKnownEnum(int number, const google::protobuf::EnumDescriptor& type, Presence presence,
                 absl::string_view path, FieldErrors& errors) {
  if (number == 0) {
    if (presence == Presence::kOptional) return true;
    errors.Add(path, absl::StrCat("must be set to one of ", ValuesOf(type)));
    return false;
  }
  if (type.FindValueByNumber(number) != nullptr) return true;
  errors.Add(path, absl::StrCat("must be one of ", ValuesOf(type), "; there is no value ", number));
  return false;
}

}  // namespace labslot::service
