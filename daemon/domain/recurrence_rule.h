#ifndef LABSLOT_DAEMON_DOMAIN_RECURRENCE_RULE_H_
#define LABSLOT_DAEMON_DOMAIN_RECURRENCE_RULE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

// How recurrence.cc reads a rule before it expands it. Who wants the days of a
// rule uses recurrence.h.

namespace labslot {

enum class Frequency { kDaily, kWeekly, kMonthly, kYearly };

// In the order of Frequency and of absl::Weekday.
inline constexpr std::array<absl::string_view, 4> kFrequencyNames = {"DAILY", "WEEKLY", "MONTHLY",
                                                                     "YEARLY"};
inline constexpr std::array<absl::string_view, 7> kWeekdayNames = {"MO", "TU", "WE", "TH",
                                                                   "FR", "SA", "SU"};

// An entry of BYDAY: `MO` or, with a place in the month or year, `-1FR`.
struct DayOfWeek {
  absl::Weekday weekday = absl::Weekday::monday;
  int nth = 0;  // 0: every
  auto operator<=>(const DayOfWeek&) const = default;
};

// An RRULE as it was written. Numbers below zero count from the end.
struct RecurrenceRule {
  Frequency frequency = Frequency::kDaily;
  int interval = 1;
  int64_t count = 0;  // 0: none
  std::optional<absl::CivilSecond> until;
  std::set<int> months;
  std::set<int> month_days;
  std::set<int> year_days;
  std::set<DayOfWeek> week_days;
  std::set<int> places;  // BYSETPOS
  std::set<int> hours;
  std::set<int> minutes;
  std::set<int> seconds;
  absl::Weekday week_start = absl::Weekday::monday;

  bool by_months() const { return frequency == Frequency::kMonthly; }
  // True if BYSETPOS has something to pick from: days of a month or year.
  bool by_long_periods() const { return by_months() || frequency == Frequency::kYearly; }
  // True if numbers in BYDAY count in the month, not in the year.
  bool counts_in_month() const { return by_months() || !months.empty(); }
};

// Reads the text of a rule. INVALID_ARGUMENT with words for the user if a part
// is malformed, unknown, given twice or not supported.
absl::StatusOr<RecurrenceRule> ReadRecurrenceRule(absl::string_view text);

// INVALID_ARGUMENT with words for the user if the parts of the rule may not
// stand together, or do not suit the start or the limit of recurrence.h.
absl::Status CheckRecurrenceRule(const RecurrenceRule& rule, absl::CivilSecond start, size_t limit);

// How far a rule is followed that has no UNTIL, and the latest UNTIL.
absl::CivilSecond LatestStart(absl::CivilSecond start);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_RECURRENCE_RULE_H_
