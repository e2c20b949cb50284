#include "tests/support/times.h"

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "daemon/base/log.h"
#include "daemon/domain/calendar.h"

namespace labslot::support {
namespace {

[[noreturn]] void DieUnreadable(absl::string_view text) {
  Die(absl::StrCat("the test says a time that cannot be read: '", text, "'"));
}

std::optional<absl::CivilDay> ReadDay(absl::string_view text) {
  static constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (int i = 0; i < 7; ++i) {
    if (text == kDays[i]) return absl::CivilDay(2027, 3, 1) + i;
  }
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) return std::nullopt;
  return day;
}

// Seconds since midnight of `9:00` or `09:00:30`.
std::optional<int> ReadClock(absl::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  int seconds = 0;
  for (size_t i = 0; i < 3; ++i) {
    int part = 0;
    if (i < parts.size() && !absl::SimpleAtoi(parts[i], &part)) return std::nullopt;
    seconds = seconds * 60 + part;
  }
  return seconds;
}

}  // namespace

absl::TimeZone Zone(const std::string& name) {
  const auto zone = FindTimeZone(name);
  if (!zone) Die(absl::StrCat("the test names an unknown zone: ", name));
  return *zone;
}

absl::CivilDay Day(absl::string_view text) {
  const auto day = ReadDay(text);
  if (!day) DieUnreadable(text);
  return *day;
}

Instant At(absl::string_view text, const std::string& zone) {
  text = absl::StripAsciiWhitespace(text);
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return absl::ToUnixSeconds(time);
  const std::vector<std::string> parts = absl::StrSplit(text, ' ', absl::SkipEmpty());
  if (parts.empty() || parts.size() > 2) DieUnreadable(text);
  const auto day = ReadDay(parts[0]);
  const auto clock = parts.size() == 2 ? ReadClock(parts[1]) : std::optional<int>(0);
  if (!day || !clock) DieUnreadable(text);
  const auto info = Zone(zone).At(absl::CivilSecond(*day) + *clock);
  return absl::ToUnixSeconds(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans
                                                                            : info.pre);
}

Interval Span(absl::string_view text, const std::string& zone) {
  const bool dated = absl::StrContains(text, '/');
  const std::vector<std::string> ends = absl::StrSplit(text, dated ? '/' : '-');
  if (ends.size() != 2) DieUnreadable(text);
  // An end without a day is on the day of the start.
  const bool same_day = !absl::StrContains(ends[1], ' ') && absl::StrContains(ends[1], ':') &&
                        !absl::StrContains(ends[1], 'T');
  const std::string day = std::string(ends[0].substr(0, ends[0].find(' ')));
  return {At(ends[0], zone), At(same_day ? absl::StrCat(day, " ", ends[1]) : ends[1], zone)};
}

}  // namespace labslot::support
