#include "client/time_scanner.h"

#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace labslot::client {
namespace {

// More digits than any sensible count has; keeps every sum far from overflow.
constexpr int kMaxCountDigits = 7;
constexpr int kMaxOffsetHours = 18;
constexpr absl::string_view kTypographicMinus = "\xE2\x88\x92";

bool AddUnit(char unit, std::int64_t count, Length* length) {
  switch (unit) {
    case 'w':
      length->days += 7 * count;
      return true;
    case 'd':
      length->days += count;
      return true;
    case 'h':
      length->elapsed += absl::Hours(count);
      return true;
    case 'm':
      length->elapsed += absl::Minutes(count);
      return true;
    case 's':
      length->elapsed += absl::Seconds(count);
      return true;
    default:
      return false;
  }
}

char TakeLetter(absl::string_view* text) {
  if (text->empty()) return '\0';
  const char letter = absl::ascii_tolower(static_cast<unsigned char>(text->front()));
  text->remove_prefix(1);
  return letter;
}

// Counts whose units are among `units`, each at most once and in that order.
bool TakeIsoCounts(absl::string_view units, absl::string_view* text, Length* length, bool* any) {
  while (!text->empty() && absl::ascii_isdigit(static_cast<unsigned char>(text->front()))) {
    const std::optional<std::int64_t> count = TakeNumber(text, 1, kMaxCountDigits);
    if (!count.has_value()) return false;
    const char unit = TakeLetter(text);
    const std::size_t place = units.find(unit);
    if (unit == '\0' || place == absl::string_view::npos) return false;
    units.remove_prefix(place + 1);
    AddUnit(unit, *count, length);
    *any = true;
  }
  return true;
}

}  // namespace

std::optional<std::int64_t> TakeNumber(absl::string_view* text, int min_digits, int max_digits) {
  std::int64_t number = 0;
  std::size_t digits = 0;
  while (digits < text->size() &&
         absl::ascii_isdigit(static_cast<unsigned char>((*text)[digits]))) {
    if (digits == static_cast<std::size_t>(max_digits)) return std::nullopt;
    number = number * 10 + ((*text)[digits] - '0');
    ++digits;
  }
  if (digits < static_cast<std::size_t>(min_digits)) return std::nullopt;
  text->remove_prefix(digits);
  return number;
}

std::optional<SecondOfDay> TakeTimeOfDay(absl::string_view* text) {
  absl::string_view rest = *text;
  const auto hour = TakeNumber(&rest, 1, 2);
  if (!hour.has_value() || !absl::ConsumePrefix(&rest, ":")) return std::nullopt;
  const auto minute = TakeNumber(&rest, 2, 2);
  if (!minute.has_value() || *minute > 59) return std::nullopt;
  std::int64_t second = 0;
  if (absl::ConsumePrefix(&rest, ":")) {
    const auto seconds = TakeNumber(&rest, 2, 2);
    if (!seconds.has_value() || *seconds > 59) return std::nullopt;
    second = *seconds;
  }
  const SecondOfDay result = *hour * 3600 + *minute * 60 + second;
  if (result > 86400) return std::nullopt;
  *text = rest;
  return result;
}

std::optional<absl::CivilDay> TakeDate(absl::string_view* text) {
  absl::string_view rest = *text;
  const auto year = TakeNumber(&rest, 4, 4);
  if (!year.has_value() || !absl::ConsumePrefix(&rest, "-")) return std::nullopt;
  const auto month = TakeNumber(&rest, 2, 2);
  if (!month.has_value() || !absl::ConsumePrefix(&rest, "-")) return std::nullopt;
  const auto day = TakeNumber(&rest, 2, 2);
  if (!day.has_value()) return std::nullopt;
  const absl::CivilDay date(*year, static_cast<int>(*month), static_cast<int>(*day));
  // Civil time turns the 31st of February into March: that is a mistake here.
  if (date.month() != *month || date.day() != *day) return std::nullopt;
  *text = rest;
  return date;
}

std::optional<int> TakeOffset(absl::string_view* text) {
  absl::string_view rest = *text;
  if (absl::ConsumePrefix(&rest, "Z") || absl::ConsumePrefix(&rest, "z")) {
    *text = rest;
    return 0;
  }
  int sign = 1;
  if (absl::ConsumePrefix(&rest, "-") || absl::ConsumePrefix(&rest, kTypographicMinus)) {
    sign = -1;
  } else if (!absl::ConsumePrefix(&rest, "+")) {
    return std::nullopt;
  }
  const auto hours = TakeNumber(&rest, 2, 2);
  if (!hours.has_value() || *hours > kMaxOffsetHours || !absl::ConsumePrefix(&rest, ":")) {
    return std::nullopt;
  }
  const auto minutes = TakeNumber(&rest, 2, 2);
  if (!minutes.has_value() || *minutes > 59) return std::nullopt;
  *text = rest;
  return sign * static_cast<int>(*hours * 3600 + *minutes * 60);
}

std::optional<Length> TakeUnsignedLength(absl::string_view* text) {
  absl::string_view rest = *text;
  Length length;
  bool any = false;
  while (!rest.empty() && absl::ascii_isdigit(static_cast<unsigned char>(rest.front()))) {
    const auto count = TakeNumber(&rest, 1, kMaxCountDigits);
    if (!count.has_value()) return std::nullopt;
    if (!AddUnit(TakeLetter(&rest), *count, &length)) return std::nullopt;
    any = true;
  }
  if (!any) return std::nullopt;
  *text = rest;
  return length;
}

std::optional<Length> TakeSignedLength(absl::string_view* text) {
  absl::string_view rest = *text;
  bool negative = false;
  if (absl::ConsumePrefix(&rest, "-") || absl::ConsumePrefix(&rest, kTypographicMinus)) {
    negative = true;
  } else if (!absl::ConsumePrefix(&rest, "+")) {
    return std::nullopt;
  }
  std::optional<Length> length = TakeUnsignedLength(&rest);
  if (!length.has_value()) return std::nullopt;
  if (negative) length = Length{-length->days, -length->elapsed};
  *text = rest;
  return length;
}

std::optional<Length> TakeIsoDuration(absl::string_view* text) {
  absl::string_view rest = *text;
  if (TakeLetter(&rest) != 'p') return std::nullopt;
  Length length;
  bool any = false;
  if (!TakeIsoCounts("wd", &rest, &length, &any)) return std::nullopt;
  if (absl::StartsWithIgnoreCase(rest, "t")) {
    rest.remove_prefix(1);
    bool any_time = false;
    if (!TakeIsoCounts("hms", &rest, &length, &any_time) || !any_time) return std::nullopt;
    any = true;
  }
  if (!any) return std::nullopt;
  *text = rest;
  return length;
}

std::optional<absl::Weekday> WeekdayNamed(absl::string_view word) {
  static constexpr std::array<absl::string_view, 7> kNames = {
      "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  static constexpr std::array<absl::Weekday, 7> kDays = {
      absl::Weekday::monday,   absl::Weekday::tuesday, absl::Weekday::wednesday,
      absl::Weekday::thursday, absl::Weekday::friday,  absl::Weekday::saturday,
      absl::Weekday::sunday};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (word == kNames[i] || word == kNames[i].substr(0, 3)) return kDays[i];
  }
  return std::nullopt;
}

}  // namespace labslot::client
