#include "daemon/service/convert/zoned_time.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/field_errors.h"

namespace labslot::service {
namespace {

// The parser also takes spaces around the time, and words for infinity.
bool LooksLikeTime(absl::string_view text) {
  constexpr absl::string_view kForm = "0000-00-00T00:00:00";
  if (text.size() <= kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const bool is_digit = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    if (kForm[i] == '0' ? !is_digit : text[i] != kForm[i]) return false;
  }
  return !absl::ascii_isspace(static_cast<unsigned char>(text.back()));
}

}  // namespace

std::string ReadZonedTime(absl::string_view text, Instant& instant) {
  absl::Time time;
  if (!LooksLikeTime(text) || !absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) {
    return absl::StrCat(Quoted(text),
                        " is not an RFC 3339 time with its offset, such as 2027-03-01T09:00:00Z");
  }
  if (time < absl::FromUnixSeconds(limits::kEarliestInstant) ||
      time >= absl::FromUnixSeconds(limits::kLatestInstant)) {
    return absl::StrCat(Quoted(text), " is not a time from 1970 to 2199");
  }
  instant = absl::ToUnixSeconds(time);
  if (time != absl::FromUnixSeconds(instant)) {
    return absl::StrCat(Quoted(text), " is not in whole seconds");
  }
  return "";
}

}  // namespace labslot::service
