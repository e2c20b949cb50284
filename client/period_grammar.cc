#include "client/period_grammar.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "client/moment_reader.h"

namespace labslot::client {
namespace {

constexpr absl::string_view kPeriodExamples =
    R"(Examples: "2027-03", "2027-Q1", "last-month", "2027-01-01..2027-07-01")";

constexpr int kDay = 24 * 3600;

// Half-open, in civil days.
struct Days {
  absl::CivilDay start;
  absl::CivilDay end;
};

Days MonthsFrom(absl::CivilMonth first, int count) {
  return {absl::CivilDay(first), absl::CivilDay(first + count)};
}

absl::CivilMonth QuarterOf(absl::CivilDay day) {
  return absl::CivilMonth(day.year(), (day.month() - 1) / 3 * 3 + 1);
}

// The calendar unit in which the day lies.
std::optional<Days> UnitAround(absl::string_view unit, absl::CivilDay day) {
  if (unit == "week") {
    const absl::CivilDay monday = absl::PrevWeekday(day + 1, absl::Weekday::monday);
    return Days{monday, monday + 7};
  }
  if (unit == "month") return MonthsFrom(absl::CivilMonth(day), 1);
  if (unit == "quarter") return MonthsFrom(QuarterOf(day), 3);
  if (unit == "year") return MonthsFrom(absl::CivilMonth(day.year(), 1), 12);
  return std::nullopt;
}

std::optional<Days> ReadRelative(absl::string_view text, absl::CivilDay today) {
  if (absl::ConsumePrefix(&text, "this-")) return UnitAround(text, today);
  if (!absl::ConsumePrefix(&text, "last-")) return std::nullopt;
  const std::optional<Days> current = UnitAround(text, today);
  if (!current.has_value()) return std::nullopt;
  return UnitAround(text, current->start - 1);
}

// 2027, 2027-q1, 2027-03
std::optional<Days> ReadCalendar(absl::string_view text) {
  int year = 0;
  int part = 0;
  if (text.size() < 4 || !absl::SimpleAtoi(text.substr(0, 4), &year) || year < 1) {
    return std::nullopt;
  }
  const absl::string_view rest = text.substr(4);
  if (rest.empty()) return MonthsFrom(absl::CivilMonth(year, 1), 12);
  if (rest.size() != 3 || rest[0] != '-') return std::nullopt;
  if (rest[1] == 'q') {
    if (!absl::SimpleAtoi(rest.substr(2), &part) || part < 1 || part > 4) return std::nullopt;
    return MonthsFrom(absl::CivilMonth(year, 3 * part - 2), 3);
  }
  if (!absl::SimpleAtoi(rest.substr(1), &part) || part < 1 || part > 12) return std::nullopt;
  return MonthsFrom(absl::CivilMonth(year, part), 1);
}

// As late in the month as it has days.
absl::CivilSecond MonthsEarlier(absl::CivilSecond local, int count) {
  const absl::CivilMonth month = absl::CivilMonth(local) - count;
  const int last = absl::CivilDay(absl::CivilDay(month + 1) - 1).day();
  return absl::CivilSecond(month.year(), month.month(), std::min(local.day(), last), local.hour(),
                           local.minute(), local.second());
}

// 0 is a week.
std::optional<int> MonthsIn(absl::string_view unit) {
  if (unit == "week") return 0;
  if (unit == "month") return 1;
  if (unit == "quarter") return 3;
  if (unit == "year") return 12;
  return std::nullopt;
}

absl::CivilSecond UnitEarlier(int months, absl::CivilSecond local) {
  return months == 0 ? local - 7 * kDay : MonthsEarlier(local, months);
}

// Midnight ends the day before it: that of 29 March the 28th, which February has.
absl::CivilSecond EndUnitEarlier(int months, absl::CivilSecond end) {
  const absl::CivilSecond earlier = UnitEarlier(months, end);
  const bool is_cut = months > 0 && earlier.day() != end.day();
  if (!is_cut || end != absl::CivilSecond(absl::CivilDay(end))) return earlier;
  return UnitEarlier(months, end - kDay) + kDay;
}

// A few hours may have no counterpart: clocks skip some, and February has no 30th.
absl::StatusOr<TimeRange> NotEmpty(absl::string_view text, absl::Time start, absl::Time end) {
  if (start < end) return TimeRange{start, end};
  return Unreadable(text, "these hours do not exist then", kPeriodExamples);
}

}  // namespace

absl::StatusOr<TimeRange> ParsePeriod(absl::string_view text, const TimeContext& context) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  std::optional<Days> days = ReadCalendar(lower);
  if (!days.has_value())
    days = ReadRelative(lower, absl::CivilDay(context.zone.At(context.now).cs));
  if (days.has_value()) {
    return TimeRange{StartOfDay(days->start, context.zone), StartOfDay(days->end, context.zone)};
  }
  const absl::StatusOr<TimeRange> range = ParseRange(text, context, BareDay::kIsWholeDay);
  if (range.ok()) return *range;
  return Unreadable(text, "it is no period", kPeriodExamples);
}

absl::StatusOr<TimeRange> ParseOtherPeriod(absl::string_view text, const TimeRange& period,
                                           const TimeContext& context) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  const absl::CivilSecond start = context.zone.At(period.start).cs;
  const absl::CivilSecond end = context.zone.At(period.end).cs;
  if (lower == "before") {
    return NotEmpty(text, absl::FromCivil(start - (end - start), context.zone), period.start);
  }
  absl::string_view unit = lower;
  if (!absl::ConsumePrefix(&unit, "last-")) return ParsePeriod(text, context);
  const std::optional<int> months = MonthsIn(unit);
  if (!months.has_value()) return ParsePeriod(text, context);
  return NotEmpty(text, absl::FromCivil(UnitEarlier(*months, start), context.zone),
                  absl::FromCivil(EndUnitEarlier(*months, end), context.zone));
}

}  // namespace labslot::client
