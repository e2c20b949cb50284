#include "daemon/domain/recurrence_rule.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/recurrence.h"

namespace labslot {
namespace {

absl::Status Bad(const std::string& words) { return absl::InvalidArgumentError(words); }

// What the user wrote, safe to show and not too long.
std::string Shown(absl::string_view text) {
  constexpr size_t kShown = 40;
  const std::string escaped = absl::CHexEscape(text.substr(0, kShown));
  return absl::StrCat("\"", escaped, text.size() > kShown ? "..." : "", "\"");
}

// Reading the parts.

std::optional<int> NumberIn(absl::string_view text) {
  absl::string_view digits = text;
  if (!absl::ConsumePrefix(&digits, "+")) absl::ConsumePrefix(&digits, "-");
  const bool plain = !digits.empty() && digits.size() <= 9 && absl::c_all_of(digits, [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  int number = 0;
  if (!plain || !absl::SimpleAtoi(digits, &number)) return std::nullopt;
  return text[0] == '-' ? -number : number;
}

// The values that a list may have: those of `least` to `most`, and if
// `from_end` the same below zero, which count from the end.
struct Range {
  int least = 0;
  int most = 0;
  bool from_end = false;
};

bool IsIn(const Range& range, int number) {
  const int size = range.from_end ? std::abs(number) : number;
  return range.least <= size && size <= range.most;
}

absl::Status ReadNumbers(absl::string_view name, absl::string_view value, const Range& range,
                         std::set<int>& numbers) {
  for (const absl::string_view item : absl::StrSplit(value, ',')) {
    const std::optional<int> number = NumberIn(item);
    if (!number || !IsIn(range, *number)) {
      return Bad(absl::StrCat("has ", Shown(item), " in ", name, "; it takes numbers from ",
                              range.least, " to ", range.most,
                              range.from_end ? absl::StrCat(", or from -", range.least, " to -",
                                                            range.most, " to count from the end")
                                             : std::string(),
                              ", with commas between them"));
    }
    numbers.insert(*number);
  }
  return absl::OkStatus();
}

std::optional<absl::Weekday> WeekdayIn(absl::string_view text) {
  const auto it = absl::c_find(kWeekdayNames, text);
  if (it == kWeekdayNames.end()) return std::nullopt;
  return static_cast<absl::Weekday>(it - kWeekdayNames.begin());
}

absl::Status ReadWeekDays(absl::string_view value, std::set<DayOfWeek>& days) {
  for (const absl::string_view item : absl::StrSplit(value, ',')) {
    const size_t split = item.size() < 2 ? 0 : item.size() - 2;
    const std::optional<absl::Weekday> weekday = WeekdayIn(item.substr(split));
    const std::optional<int> nth = split == 0 ? 0 : NumberIn(item.substr(0, split));
    const bool in_range = split == 0 || (nth && IsIn({1, 53, true}, *nth));
    if (!weekday || !in_range) {
      return Bad(absl::StrCat("has ", Shown(item),
                              " in BYDAY; it takes MO, TU, WE, TH, FR, SA and SU, with commas "
                              "between them, and in front a place such as 1MO for the first "
                              "Monday or -1FR for the last Friday"));
    }
    days.insert({*weekday, *nth});
  }
  return absl::OkStatus();
}

std::optional<absl::CivilSecond> LocalTimeIn(absl::string_view text) {
  const bool has_time = text.size() == 15 && text[8] == 'T';
  if (text.size() != 8 && !has_time) return std::nullopt;
  const std::string digits = absl::StrCat(text.substr(0, 8), has_time ? text.substr(9) : "235959");
  int n[6] = {};
  size_t at = 0;
  for (size_t i = 0; i < 6; ++i) {
    const size_t width = i == 0 ? 4 : 2;
    const std::optional<int> number = NumberIn(digits.substr(at, width));
    if (!number || !absl::ascii_isdigit(static_cast<unsigned char>(digits[at]))) {
      return std::nullopt;
    }
    n[i] = *number;
    at += width;
  }
  const absl::CivilSecond time(n[0], n[1], n[2], n[3], n[4], n[5]);
  const bool exists = time.year() == n[0] && time.month() == n[1] && time.day() == n[2] &&
                      time.hour() == n[3] && time.minute() == n[4] && time.second() == n[5];
  if (!exists) return std::nullopt;
  return time;
}

absl::Status ReadUntil(absl::string_view value, RecurrenceRule& rule) {
  if (absl::EndsWith(value, "Z")) {
    return Bad(absl::StrCat("has UNTIL=", Shown(value),
                            " in UTC; write the local day, such as UNTIL=20270630, or the local "
                            "time without Z, such as UNTIL=20270630T180000"));
  }
  rule.until = LocalTimeIn(value);
  if (!rule.until) {
    return Bad(absl::StrCat("has UNTIL=", Shown(value),
                            ", which is no day; write year, month and day in one, such as "
                            "UNTIL=20270630"));
  }
  return absl::OkStatus();
}

absl::Status ReadFrequency(absl::string_view value, RecurrenceRule& rule) {
  constexpr absl::string_view kShorter[] = {"HOURLY", "MINUTELY", "SECONDLY"};
  if (absl::c_linear_search(kShorter, value)) {
    return Bad(absl::StrCat("has FREQ=", value,
                            ", more than one start a day; the shortest is FREQ=DAILY"));
  }
  const auto it = absl::c_find(kFrequencyNames, value);
  if (it == kFrequencyNames.end()) {
    return Bad(absl::StrCat("has FREQ=", Shown(value),
                            "; it is one of DAILY, WEEKLY, MONTHLY and YEARLY"));
  }
  rule.frequency = static_cast<Frequency>(it - kFrequencyNames.begin());
  return absl::OkStatus();
}

absl::Status ReadInterval(absl::string_view value, RecurrenceRule& rule) {
  constexpr int kLargestInterval = 1000;
  const std::optional<int> number = NumberIn(value);
  if (!number || *number < 1 || *number > kLargestInterval) {
    return Bad(absl::StrCat("has INTERVAL=", Shown(value), "; it is a number from 1 to ",
                            kLargestInterval, ", such as INTERVAL=2 for every other week"));
  }
  rule.interval = *number;
  return absl::OkStatus();
}

absl::Status ReadCount(absl::string_view value, RecurrenceRule& rule) {
  if (!absl::c_all_of(value,
                      [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }) ||
      !absl::SimpleAtoi(value, &rule.count) || rule.count < 1) {
    return Bad(
        absl::StrCat("has COUNT=", Shown(value), "; it is the number of times, such as COUNT=10"));
  }
  return absl::OkStatus();
}

absl::Status ReadWeekStart(absl::string_view value, RecurrenceRule& rule) {
  const std::optional<absl::Weekday> weekday = WeekdayIn(value);
  if (!weekday) {
    return Bad(absl::StrCat("has WKST=", Shown(value),
                            "; it is the day on which weeks begin, such as WKST=MO"));
  }
  rule.week_start = *weekday;
  return absl::OkStatus();
}

absl::Status ReadPart(absl::string_view name, absl::string_view value, RecurrenceRule& rule) {
  if (name == "FREQ") return ReadFrequency(value, rule);
  if (name == "INTERVAL") return ReadInterval(value, rule);
  if (name == "COUNT") return ReadCount(value, rule);
  if (name == "UNTIL") return ReadUntil(value, rule);
  if (name == "BYDAY") return ReadWeekDays(value, rule.week_days);
  if (name == "BYMONTH") return ReadNumbers(name, value, {1, 12, false}, rule.months);
  if (name == "BYMONTHDAY") return ReadNumbers(name, value, {1, 31, true}, rule.month_days);
  if (name == "BYYEARDAY") return ReadNumbers(name, value, {1, 366, true}, rule.year_days);
  if (name == "BYSETPOS") return ReadNumbers(name, value, {1, 366, true}, rule.places);
  if (name == "BYHOUR") return ReadNumbers(name, value, {0, 23, false}, rule.hours);
  if (name == "BYMINUTE") return ReadNumbers(name, value, {0, 59, false}, rule.minutes);
  if (name == "BYSECOND") return ReadNumbers(name, value, {0, 59, false}, rule.seconds);
  if (name == "WKST") return ReadWeekStart(value, rule);
  if (name == "BYWEEKNO") {
    return Bad(
        "has BYWEEKNO, which programs read in different ways; name the months with BYMONTH, or the "
        "days one by one");
  }
  if (name == "RSCALE" || name == "SKIP") {
    return Bad(absl::StrCat("has ", name,
                            ", which is not supported; days are those of the Gregorian calendar, "
                            "so leave it out"));
  }
  return Bad(absl::StrCat("has the unknown part ", Shown(name),
                          "; a rule looks like FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10"));
}

// What parts may stand together.

absl::Status CheckDayParts(const RecurrenceRule& rule) {
  const Frequency frequency = rule.frequency;
  if (!rule.month_days.empty() && frequency == Frequency::kWeekly) {
    return Bad("has BYMONTHDAY with FREQ=WEEKLY; use FREQ=MONTHLY, or BYDAY=MO");
  }
  // libical does not find these.
  if (frequency == Frequency::kDaily && !rule.month_days.empty() && *rule.month_days.begin() < 0) {
    return Bad(
        "has days counted from the end of the month with FREQ=DAILY; use FREQ=MONTHLY with the "
        "same BYMONTHDAY");
  }
  // libical keeps no more.
  if (rule.month_days.size() > 31) {
    return Bad("has more than 31 days in BYMONTHDAY; name each once, such as BYMONTHDAY=1,15");
  }
  if (!rule.year_days.empty() && frequency != Frequency::kYearly) {
    return Bad("has BYYEARDAY, which goes with FREQ=YEARLY only; use that, or BYMONTHDAY=15");
  }
  if (!rule.year_days.empty() && !(rule.months.empty() && rule.month_days.empty())) {
    return Bad("has BYYEARDAY with BYMONTH or BYMONTHDAY; use one or the other");
  }
  // Some programs take the month of the start, others all months.
  if (!rule.month_days.empty() && rule.months.empty() && frequency == Frequency::kYearly) {
    return Bad(
        "has BYMONTHDAY with FREQ=YEARLY, but no month; add BYMONTH=6, or use FREQ=MONTHLY for "
        "every month");
  }
  if (!rule.by_long_periods()) {
    if (absl::c_any_of(rule.week_days, [](const DayOfWeek& day) { return day.nth != 0; })) {
      return Bad(
          "has a numbered day in BYDAY, which goes with FREQ=MONTHLY and FREQ=YEARLY only; write "
          "BYDAY=MO, or FREQ=MONTHLY;BYDAY=1MO");
    }
    return absl::OkStatus();
  }
  if (rule.counts_in_month() &&
      absl::c_any_of(rule.week_days, [](const DayOfWeek& day) { return std::abs(day.nth) > 5; })) {
    return Bad(
        "numbers a day in BYDAY beyond 5, but no month has more than five; BYDAY=-1MO is "
        "the last Monday");
  }
  return absl::OkStatus();
}

absl::Status CheckPlaces(const RecurrenceRule& rule) {
  if (rule.places.empty()) return absl::OkStatus();
  if (!rule.by_long_periods()) {
    return Bad(
        "has BYSETPOS, which picks among the days of a month or year; use it with FREQ=MONTHLY or "
        "FREQ=YEARLY, or name the days with BYDAY");
  }
  if (rule.week_days.empty() && rule.month_days.empty() && rule.year_days.empty()) {
    return Bad(
        "has BYSETPOS, but no days to pick from; add them, such as BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 "
        "for the first working day");
  }
  // libical counts a day twice that is meant from both ends.
  for (const std::set<int>* days : {&rule.month_days, &rule.year_days}) {
    if (!days->empty() && *days->begin() < 0 && *days->rbegin() > 0) {
      return Bad(
          "has BYSETPOS with days counted from both ends; count them all from the start or all "
          "from the end");
    }
  }
  return absl::OkStatus();
}

// The time of day is that of the start; parts that say the same are fine.
absl::Status CheckTimeOfDay(const RecurrenceRule& rule, absl::CivilSecond start) {
  const struct {
    absl::string_view name;
    const std::set<int>& values;
    int own;
  } parts[] = {{"BYHOUR", rule.hours, start.hour()},
               {"BYMINUTE", rule.minutes, start.minute()},
               {"BYSECOND", rule.seconds, start.second()}};
  for (const auto& part : parts) {
    if (part.values.empty()) continue;
    if (part.values.size() > 1) {
      return Bad(
          absl::StrCat("has more than one start a day in ", part.name, "; make a series for each"));
    }
    if (*part.values.begin() != part.own) {
      return Bad(absl::StrFormat(
          "has another time of day in %s than the first start, %02d:%02d:%02d; leave %s out",
          part.name, start.hour(), start.minute(), start.second(), part.name));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckEnd(const RecurrenceRule& rule, absl::CivilSecond start, size_t limit) {
  if (rule.count != 0 && rule.until) {
    return Bad("has both COUNT and UNTIL; keep one of them");
  }
  if (rule.count == 0 && !rule.until) {
    return Bad("has no end; add COUNT=10 or UNTIL=20270630");
  }
  if (rule.count > 0 && static_cast<uint64_t>(rule.count) > limit) {
    return Bad(absl::StrCat("has COUNT=", rule.count, "; at most ", limit,
                            " starts, so write COUNT=", limit, " or less"));
  }
  if (rule.until && *rule.until < start) {
    return Bad(absl::StrCat("ends before it begins: UNTIL lies before the first start on ",
                            absl::FormatCivilTime(absl::CivilDay(start)), "; write a later day"));
  }
  if (rule.until && *rule.until > LatestStart(start)) {
    return Bad(absl::StrCat("ends more than ", kMaxRecurrenceYears,
                            " years after it begins; write an earlier UNTIL"));
  }
  return absl::OkStatus();
}

absl::Status CheckStart(absl::CivilSecond start) {
  // Wide enough for any zone; the instants themselves are looked at elsewhere.
  if (start >= absl::CivilSecond(1970, 1, 1) && start < absl::CivilSecond(2200, 1, 1)) {
    return absl::OkStatus();
  }
  return Bad("begins before 1970 or after 2199; choose another first day");
}

}  // namespace

absl::StatusOr<RecurrenceRule> ReadRecurrenceRule(absl::string_view text) {
  if (text.size() > limits::kMaxRecurrenceText) {
    return Bad(absl::StrCat("has ", text.size(), " characters; ", limits::kMaxRecurrenceText,
                            " at most, such as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10"));
  }
  const std::string upper = absl::AsciiStrToUpper(text);
  if (absl::StartsWith(upper, "RRULE:")) {
    return Bad("begins with RRULE:; leave that out and begin with FREQ=");
  }
  RecurrenceRule rule;
  std::set<absl::string_view> seen;
  for (const absl::string_view part : absl::StrSplit(upper, ';')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (pair.first.empty() || pair.second.empty()) {
      return Bad(absl::StrCat("has the malformed part ", Shown(part),
                              "; a rule looks like FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10"));
    }
    if (!seen.insert(pair.first).second) {
      return Bad(absl::StrCat("has ", Shown(pair.first),
                              " twice; write it once, with commas between its values"));
    }
    LABSLOT_RETURN_IF_ERROR(ReadPart(pair.first, pair.second, rule));
  }
  if (seen.count("FREQ") == 0) {
    return Bad(
        "does not say how often; begin with FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY");
  }
  return rule;
}

absl::CivilSecond LatestStart(absl::CivilSecond start) {
  return absl::CivilSecond(start.year() + kMaxRecurrenceYears, start.month(), start.day(),
                           start.hour(), start.minute(), start.second());
}

absl::Status CheckRecurrenceRule(const RecurrenceRule& rule, absl::CivilSecond start,
                                 size_t limit) {
  LABSLOT_RETURN_IF_ERROR(CheckDayParts(rule));
  LABSLOT_RETURN_IF_ERROR(CheckPlaces(rule));
  LABSLOT_RETURN_IF_ERROR(CheckTimeOfDay(rule, start));
  LABSLOT_RETURN_IF_ERROR(CheckStart(start));
  return CheckEnd(rule, start, limit);
}

}  // namespace labslot
