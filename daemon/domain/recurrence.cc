#include "daemon/domain/recurrence.h"

#include <libical/ical.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/status_macros.h"
#include "daemon/base/text.h"
#include "daemon/domain/recurrence_rule.h"

// Every rule is read by recurrence_rule.cc first, and only what everybody
// understands alike is handed to libical, without COUNT and with an end of our
// own: libical takes any count, and looks for a day that never comes until the
// year 20,000.

namespace labslot {
namespace {

absl::Status Bad(const std::string& words) { return absl::InvalidArgumentError(words); }

// Whether the rule can be met at all. libical would search for millennia.

bool IsListed(const std::set<int>& numbers, int number, int size) {
  return numbers.count(number) > 0 || numbers.count(number - size - 1) > 0;
}

bool IsListedWeekDay(const RecurrenceRule& rule, absl::CivilDay day) {
  const bool in_month = rule.counts_in_month();
  const absl::CivilMonth month(day);
  const absl::CivilYear year(day);
  const absl::CivilDay first = in_month ? absl::CivilDay(month) : absl::CivilDay(year);
  const absl::CivilDay next = in_month ? absl::CivilDay(month + 1) : absl::CivilDay(year + 1);
  return absl::c_any_of(rule.week_days, [&](const DayOfWeek& listed) {
    if (listed.weekday != absl::GetWeekday(day)) return false;
    return listed.nth == 0 || listed.nth == (day - first) / 7 + 1 ||
           listed.nth == -((next - 1 - day) / 7 + 1);
  });
}

// True if the day is one of those that a MONTHLY or YEARLY rule lists, ahead
// of BYSETPOS and INTERVAL.
bool IsListed(const RecurrenceRule& rule, absl::CivilSecond start, absl::CivilDay day) {
  if (!rule.months.empty() && rule.months.count(day.month()) == 0) return false;
  if (!rule.month_days.empty()) {
    const absl::CivilMonth month(day);
    const auto days = absl::CivilDay(month + 1) - absl::CivilDay(month);
    if (!IsListed(rule.month_days, day.day(), static_cast<int>(days))) return false;
  }
  if (!rule.year_days.empty()) {
    const absl::CivilYear year(day);
    const auto days = absl::CivilDay(year + 1) - absl::CivilDay(year);
    if (!IsListed(rule.year_days, absl::GetYearDay(day), static_cast<int>(days))) return false;
  }
  if (!rule.week_days.empty()) return IsListedWeekDay(rule, day);
  if (!rule.month_days.empty() || !rule.year_days.empty()) return true;
  return day.day() == start.day() && (rule.counts_in_month() || day.month() == start.month());
}

// True if one month of a MONTHLY rule, or year of a YEARLY one, has a day
// within reach.
bool IsEverMet(const RecurrenceRule& rule, absl::CivilSecond start) {
  const bool monthly = rule.by_months();
  int place = rule.places.empty() ? 1 : 366;
  for (const int listed : rule.places) place = std::min(place, std::abs(listed));
  const absl::CivilMonth end(LatestStart(start));
  absl::CivilMonth period =
      monthly ? absl::CivilMonth(start) : absl::CivilMonth(absl::CivilYear(start));
  while (period <= end) {
    const absl::CivilMonth next = period + (monthly ? 1 : 12);
    int days = 0;
    for (absl::CivilDay day(period); day < absl::CivilDay(next); ++day) {
      days += IsListed(rule, start, day) ? 1 : 0;
    }
    if (days >= place) return true;
    period += rule.interval * (monthly ? 1 : 12);
  }
  return false;
}

// Expanding.

std::string PartWords(absl::string_view name, const std::set<int>& numbers) {
  return numbers.empty() ? "" : absl::StrCat(";", name, "=", absl::StrJoin(numbers, ","));
}

// The rule for libical, without its end and in one spelling.
std::string TextOf(const RecurrenceRule& rule) {
  std::string days;
  for (const DayOfWeek& day : rule.week_days) {
    absl::StrAppend(&days, days.empty() ? ";BYDAY=" : ",",
                    day.nth == 0 ? std::string() : absl::StrCat(day.nth),
                    kWeekdayNames[static_cast<size_t>(day.weekday)]);
  }
  return absl::StrCat(
      "FREQ=", kFrequencyNames[static_cast<size_t>(rule.frequency)], ";INTERVAL=", rule.interval,
      PartWords("BYMONTH", rule.months), PartWords("BYMONTHDAY", rule.month_days),
      PartWords("BYYEARDAY", rule.year_days), days, PartWords("BYSETPOS", rule.places),
      ";WKST=", kWeekdayNames[static_cast<size_t>(rule.week_start)]);
}

// A local time for libical: without a zone, so that it looks none up.
icaltimetype Floating(absl::CivilSecond time) {
  icaltimetype out = icaltime_null_time();
  out.year = static_cast<int>(time.year());
  out.month = time.month();
  out.day = time.day();
  out.hour = time.hour();
  out.minute = time.minute();
  out.second = time.second();
  return out;
}

// libical has two pieces of global state on our way: whether errors abort the
// process, and a prefix of zone names that the first iterator fills in. Both are
// set once here; its last error is of the thread, and iterators share nothing.
void PrepareLibical() {
  static const bool prepared = [] {
    icalerror_set_errors_are_fatal(0);
    icalrecur_iterator_free(icalrecur_iterator_new(icalrecurrencetype_from_string("FREQ=DAILY"),
                                                   Floating(absl::CivilSecond(2027, 1, 1))));
    return true;
  }();
  static_cast<void>(prepared);
}

// From where libical is to count. A weekly rule keeps the week of `start`, but
// libical 3.0 takes the week before where BYDAY begins with a day that comes
// before WKST in a week from Sunday, such as SU in weeks from Monday. It does
// not if it begins with the first listed day of the week.
absl::CivilSecond Anchor(const RecurrenceRule& rule, absl::CivilSecond start) {
  if (rule.frequency != Frequency::kWeekly || rule.week_days.empty()) return start;
  const int first = static_cast<int>(rule.week_start);
  const auto place = [&](absl::Weekday day) { return (static_cast<int>(day) - first + 7) % 7; };
  int earliest = 6;
  for (const DayOfWeek& day : rule.week_days) earliest = std::min(earliest, place(day.weekday));
  const int moved = earliest - place(absl::GetWeekday(start));
  return absl::CivilSecond(start.year(), start.month(), start.day() + moved, start.hour(),
                           start.minute(), start.second());
}

// The starts from `start` up to `end`, but at most `most`.
std::vector<absl::CivilSecond> Expand(const RecurrenceRule& rule, absl::CivilSecond start,
                                      absl::CivilSecond end, size_t most) {
  PrepareLibical();
  icalrecurrencetype parsed = icalrecurrencetype_from_string(TextOf(rule).c_str());
  parsed.until = Floating(end);
  const std::unique_ptr<icalrecur_iterator, decltype(&icalrecur_iterator_free)> iterator(
      icalrecur_iterator_new(parsed, Floating(Anchor(rule, start))), &icalrecur_iterator_free);
  std::vector<absl::CivilSecond> starts;
  while (iterator != nullptr && starts.size() < most) {
    const icaltimetype next = icalrecur_iterator_next(iterator.get());
    if (icaltime_is_null_time(next)) break;
    const absl::CivilSecond time(next.year, next.month, next.day, next.hour, next.minute,
                                 next.second);
    if (time >= start) starts.push_back(time);
  }
  return starts;
}

absl::Status NeverMet() {
  return Bad(absl::StrCat("is never met within ", kMaxRecurrenceYears,
                          " years of its start: no day fits all its parts; leave one out"));
}

}  // namespace

absl::StatusOr<std::vector<absl::CivilSecond>> ExpandRule(absl::string_view rrule,
                                                          absl::CivilSecond start, size_t limit) {
  LABSLOT_ASSIGN_OR_RETURN(const RecurrenceRule rule, ReadRecurrenceRule(rrule));
  LABSLOT_RETURN_IF_ERROR(CheckRecurrenceRule(rule, start, limit));
  if (rule.by_long_periods() && !IsEverMet(rule, start)) return NeverMet();
  const size_t most = rule.until ? limit + 1 : static_cast<size_t>(rule.count);
  std::vector<absl::CivilSecond> starts =
      Expand(rule, start, rule.until.value_or(LatestStart(start)), most);
  if (starts.size() > limit) {
    return Bad(absl::StrCat("has more than ", limit,
                            " starts until its end; write an earlier UNTIL, or COUNT=", limit,
                            " in its place"));
  }
  if (starts.empty() && rule.until) {
    return Bad("has no start until its end; write a later UNTIL, or other days");
  }
  if (starts.empty()) return NeverMet();
  if (!rule.until && starts.size() < most) {
    return Bad(absl::StrCat(
        "has only ", Counted(static_cast<int64_t>(starts.size()), "start", "starts"), " in ",
        kMaxRecurrenceYears, " years; write COUNT=", starts.size(), " or less"));
  }
  return starts;
}

absl::StatusOr<std::vector<absl::CivilDay>> DaysOf(const Recurrence& recurrence, size_t limit) {
  std::vector<absl::CivilDay> days = recurrence.extra_days;
  days.emplace_back(recurrence.start);
  if (!recurrence.rrule.empty()) {
    LABSLOT_ASSIGN_OR_RETURN(const std::vector<absl::CivilSecond> starts,
                             ExpandRule(recurrence.rrule, recurrence.start, limit));
    for (const absl::CivilSecond start : starts) days.emplace_back(start);
  }
  absl::c_sort(days);
  days.erase(std::unique(days.begin(), days.end()), days.end());
  std::vector<absl::CivilDay> left_out = recurrence.left_out_days;
  absl::c_sort(left_out);
  std::vector<absl::CivilDay> kept;
  absl::c_set_difference(days, left_out, std::back_inserter(kept));
  if (kept.size() > limit) {
    return Bad(absl::StrCat("has ", kept.size(), " days; at most ", limit,
                            ", so end it earlier and begin another series"));
  }
  if (kept.empty()) return Bad("has no day left: all are left out; keep one at least");
  return kept;
}

std::variant<Interval, LocalTimeProblem> IntervalOn(const Recurrence& recurrence,
                                                    absl::CivilDay day,
                                                    const absl::TimeZone& zone) {
  const absl::CivilSecond start =
      absl::CivilSecond(day) +
      (recurrence.start - absl::CivilSecond(absl::CivilDay(recurrence.start)));
  Instant ends[2] = {};
  const absl::CivilSecond local[2] = {start, start + recurrence.length};
  for (size_t i = 0; i < 2; ++i) {
    const absl::TimeZone::TimeInfo info = zone.At(local[i]);
    if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return LocalTimeProblem::kSkipped;
    const bool repeated = info.kind == absl::TimeZone::TimeInfo::REPEATED;
    if (repeated && recurrence.repeated_hour == RepeatedHour::kUnspecified) {
      return LocalTimeProblem::kRepeated;
    }
    const bool second = repeated && recurrence.repeated_hour == RepeatedHour::kSecond;
    ends[i] = absl::ToUnixSeconds(second ? info.post : info.pre);
  }
  return Interval{ends[0], ends[1]};
}

}  // namespace labslot
