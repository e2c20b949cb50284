#include "daemon/engine/preset_values.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

using limits::kDay;

constexpr int kDaysOfWeek = 7;
constexpr size_t kMostDigits = 6;  // a million days, and no overflow

// Takes up to so many digits off the front.
std::optional<int64_t> TakeNumber(absl::string_view* text, size_t most_digits = kMostDigits) {
  int64_t number = 0;
  size_t digits = 0;
  while (!text->empty() && absl::ascii_isdigit(static_cast<unsigned char>(text->front()))) {
    if (++digits > most_digits) return std::nullopt;
    number = number * 10 + (text->front() - '0');
    text->remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  return number;
}

// Takes a number of just so many digits.
std::optional<int64_t> TakeDigits(absl::string_view* text, size_t digits) {
  const size_t before = text->size();
  const std::optional<int64_t> number = TakeNumber(text, digits);
  return before - text->size() == digits ? number : std::nullopt;
}

std::optional<absl::CivilDay> TakeDay(absl::string_view* text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !absl::ConsumePrefix(text, "-")) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !absl::ConsumePrefix(text, "-")) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day || *year < 1970 || *year > 2199) return std::nullopt;
  const absl::CivilDay civil(*year, *month, *day);
  // 30 February would be taken as 1 March.
  if (civil.month() != *month || civil.day() != *day) return std::nullopt;
  return civil;
}

std::optional<int> WeekdayOf(absl::string_view word) {
  constexpr absl::string_view kDays[kDaysOfWeek] = {"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
  for (int day = 0; day < kDaysOfWeek; ++day) {
    if (word == kDays[day]) return day;
  }
  return std::nullopt;
}

// `08:00-17:00`.
std::optional<OpeningWindow> ReadHours(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('-', 1));
  const auto opens = ReadTimeOfDay(parts.first);
  const auto closes = ReadTimeOfDay(parts.second);
  if (!opens || !closes || *opens >= kDay) return std::nullopt;
  OpeningWindow window;
  window.opens = *opens;
  window.closes = *closes <= *opens ? *closes + static_cast<int32_t>(kDay) : *closes;
  return window;
}

}  // namespace

std::optional<Lead> ReadLead(absl::string_view text) {
  struct Unit {
    char letter;
    int32_t days;
    Seconds seconds;
  };
  constexpr Unit kUnits[] = {{'w', 7, 0}, {'d', 1, 0}, {'h', 0, 3600}, {'m', 0, 60}, {'s', 0, 1}};
  if (text.empty()) return std::nullopt;
  Lead lead;
  const Unit* unit = std::begin(kUnits);
  while (!text.empty()) {
    const auto number = TakeNumber(&text);
    if (!number || text.empty()) return std::nullopt;
    unit = std::find_if(unit, std::end(kUnits),
                        [&](const Unit& candidate) { return candidate.letter == text.front(); });
    if (unit == std::end(kUnits)) return std::nullopt;
    lead.days += static_cast<int32_t>(*number) * unit->days;
    lead.seconds += *number * unit->seconds;
    text.remove_prefix(1);
    ++unit;
  }
  return lead;
}

std::optional<Seconds> ReadLength(absl::string_view text) {
  const std::optional<Lead> lead = ReadLead(text);
  if (!lead) return std::nullopt;
  return lead->days * kDay + lead->seconds;
}

std::optional<uint8_t> ReadDays(absl::string_view text) {
  uint8_t days = 0;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::vector<absl::string_view> ends =
        absl::StrSplit(absl::StripAsciiWhitespace(part), absl::MaxSplits('-', 1));
    const auto first = WeekdayOf(ends.front());
    const auto last = WeekdayOf(ends.back());
    if (!first || !last) return std::nullopt;
    for (int day = *first;; day = (day + 1) % kDaysOfWeek) {
      days = static_cast<uint8_t>(days | 1 << day);
      if (day == *last) break;
    }
  }
  return days;
}

std::optional<int32_t> ReadTimeOfDay(absl::string_view text) {
  const auto hours = TakeDigits(&text, 2);
  if (!hours || !absl::ConsumePrefix(&text, ":")) return std::nullopt;
  const auto minutes = TakeDigits(&text, 2);
  if (!minutes || !text.empty() || *minutes > 59) return std::nullopt;
  const int64_t seconds = *hours * 3600 + *minutes * 60;
  if (seconds > kDay) return std::nullopt;
  return static_cast<int32_t>(seconds);
}

std::optional<std::vector<WeeklyWindow>> ReadWindows(absl::string_view text) {
  std::vector<WeeklyWindow> windows;
  uint8_t days = 0;
  bool waits_for_hours = false;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    part = absl::StripAsciiWhitespace(part);
    const size_t space = part.find(' ');
    const auto some = ReadDays(part.substr(0, space));
    if (!some) return std::nullopt;
    days |= *some;
    waits_for_hours = space == absl::string_view::npos;
    if (waits_for_hours) continue;
    const auto window = ReadHours(absl::StripLeadingAsciiWhitespace(part.substr(space)));
    if (!window) return std::nullopt;
    windows.push_back({days, *window});
    days = 0;
  }
  if (waits_for_hours) return std::nullopt;
  return windows;
}

std::optional<std::vector<DateRange>> ReadDateRanges(absl::string_view text) {
  std::vector<DateRange> ranges;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    part = absl::StripAsciiWhitespace(part);
    const auto first = TakeDay(&part);
    if (!first) return std::nullopt;
    DateRange range{*first, *first};
    if (absl::ConsumePrefix(&part, "..")) {
      const auto last = TakeDay(&part);
      if (!last || *last < *first) return std::nullopt;
      range.last = *last;
    }
    if (!part.empty()) return std::nullopt;
    ranges.push_back(range);
  }
  return ranges;
}

std::optional<int64_t> ReadCount(absl::string_view text) {
  constexpr size_t kDigitsOfTheLargest = 9;
  const auto count = TakeNumber(&text, kDigitsOfTheLargest);
  return text.empty() ? count : std::nullopt;
}

std::optional<double> ReadAmount(absl::string_view text) {
  absl::string_view rest = text;
  if (!TakeNumber(&rest)) return std::nullopt;
  if (absl::ConsumePrefix(&rest, ".") && !TakeNumber(&rest)) return std::nullopt;
  double amount = 0;
  if (!rest.empty() || !absl::SimpleAtod(text, &amount)) return std::nullopt;
  return amount;
}

std::vector<WeeklyWindow> RestOfWeek(const std::vector<WeeklyWindow>& windows) {
  // On a line of two weeks, so that what runs over Sunday is covered on Monday.
  std::vector<Interval> covered;
  for (const WeeklyWindow& weekly : windows) {
    for (int day = 0; day < 2 * kDaysOfWeek; ++day) {
      if ((weekly.days >> (day % kDaysOfWeek) & 1) == 0) continue;
      covered.push_back({day * kDay + weekly.window.opens, day * kDay + weekly.window.closes});
    }
  }
  const IntervalSet holes = Union(std::move(covered));
  std::map<std::pair<Seconds, Seconds>, uint8_t> rest;  // days by hours
  for (int day = 0; day < kDaysOfWeek; ++day) {
    const Instant midnight = (day + kDaysOfWeek) * kDay;
    for (const Interval& free : Difference({midnight, midnight + kDay}, holes)) {
      uint8_t& days = rest[{free.start - midnight, free.end - midnight}];
      days = static_cast<uint8_t>(days | 1 << day);
    }
  }
  std::vector<WeeklyWindow> result;
  for (const auto& [hours, days] : rest) {
    OpeningWindow window;
    window.opens = static_cast<int32_t>(hours.first);
    window.closes = static_cast<int32_t>(hours.second);
    result.push_back({days, std::move(window)});
  }
  return result;
}

}  // namespace labslot::engine
