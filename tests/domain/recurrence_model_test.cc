#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/domain/recurrence.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"

// Random rules against a model that looks at every day by itself, and asks of
// each part whether it lets the day pass (the table in section 3.3.10 of RFC
// 5545, read as a filter).

namespace labslot {
namespace {

enum Unit { kDays = 0, kWeeks = 1, kMonths = 2, kYears = 3 };

constexpr const char* kUnitNames[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
constexpr const char* kDayNames[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

struct ModelRule {
  Unit unit = kDays;
  int interval = 1;
  int week_start = 0;
  std::vector<int> months;
  std::vector<int> month_days;
  std::vector<int> year_days;
  std::vector<std::pair<int, int>> week_days;  // place or 0, day from Monday
  std::vector<int> places;
  size_t count = 0;
  absl::CivilDay until;  // if count is 0

  std::string Text() const {
    std::string text = absl::StrCat("FREQ=", kUnitNames[unit], ";INTERVAL=", interval,
                                    ";WKST=", kDayNames[week_start]);
    const auto add = [&](const char* name, const std::vector<int>& list) {
      if (!list.empty()) absl::StrAppend(&text, ";", name, "=", absl::StrJoin(list, ","));
    };
    add("BYMONTH", months);
    add("BYMONTHDAY", month_days);
    add("BYYEARDAY", year_days);
    add("BYSETPOS", places);
    for (size_t i = 0; i < week_days.size(); ++i) {
      absl::StrAppend(&text, i == 0 ? ";BYDAY=" : ",",
                      week_days[i].first == 0 ? "" : absl::StrCat(week_days[i].first),
                      kDayNames[week_days[i].second]);
    }
    if (count != 0) return absl::StrCat(text, ";COUNT=", count);
    return absl::StrCat(text, ";UNTIL=", absl::FormatCivilTime(until).substr(0, 4),
                        absl::FormatCivilTime(until).substr(5, 2),
                        absl::FormatCivilTime(until).substr(8, 2));
  }
};

int WeekdayOf(absl::CivilDay day) { return static_cast<int>(absl::GetWeekday(day)); }

// Day `n` of `size` is listed, from the front or from the back.
bool Lists(const std::vector<int>& list, int64_t n, int64_t size) {
  return absl::c_linear_search(list, n) || absl::c_linear_search(list, n - size - 1);
}

// The number of the period that the day is in.
int64_t PeriodOf(const ModelRule& rule, absl::CivilDay day) {
  switch (rule.unit) {
    case kDays:
      return day - absl::CivilDay(1960, 1, 1);
    case kWeeks:
      return (day - (absl::CivilDay(1959, 12, 28) + rule.week_start)) / 7;
    case kMonths:
      return absl::CivilMonth(day) - absl::CivilMonth(1960, 1);
    case kYears:
      return day.year();
  }
  return 0;
}

bool PassesWeekDays(const ModelRule& rule, absl::CivilDay day) {
  const bool in_month = rule.unit == kMonths || !rule.months.empty();
  const auto together = [&](absl::CivilDay other) {
    return other.year() == day.year() && (!in_month || other.month() == day.month());
  };
  int before = 0;
  int after = 0;
  for (absl::CivilDay other = day - 7; together(other); other -= 7) ++before;
  for (absl::CivilDay other = day + 7; together(other); other += 7) ++after;
  return absl::c_any_of(rule.week_days, [&](const std::pair<int, int>& listed) {
    return listed.second == WeekdayOf(day) &&
           (listed.first == 0 || listed.first == before + 1 || listed.first == -(after + 1));
  });
}

bool Passes(const ModelRule& rule, absl::CivilDay start, absl::CivilDay day) {
  const absl::CivilMonth month(day);
  const int64_t month_size = absl::CivilDay(month + 1) - absl::CivilDay(month);
  const absl::CivilDay year(day.year());
  const int64_t year_size = absl::CivilDay(day.year() + 1) - year;
  if (!rule.months.empty() && !absl::c_linear_search(rule.months, day.month())) return false;
  if (!rule.month_days.empty() && !Lists(rule.month_days, day.day(), month_size)) return false;
  if (!rule.year_days.empty() && !Lists(rule.year_days, day - year + 1, year_size)) return false;
  if (!rule.week_days.empty()) return PassesWeekDays(rule, day);
  if (!rule.month_days.empty() || !rule.year_days.empty() || rule.unit == kDays) return true;
  if (rule.unit == kWeeks) return WeekdayOf(day) == WeekdayOf(start);
  const bool month_is_given = rule.unit == kMonths || !rule.months.empty();
  return day.day() == start.day() && (month_is_given || day.month() == start.month());
}

// The days of the rule up to its UNTIL, or to twenty years and its COUNT.
std::vector<absl::CivilDay> ModelDays(const ModelRule& rule, absl::CivilDay start) {
  const absl::CivilDay last = rule.count == 0 ? rule.until
                                              : absl::CivilDay(start.year() + kMaxRecurrenceYears,
                                                               start.month(), start.day());
  std::map<int64_t, std::vector<absl::CivilDay>> periods;
  for (absl::CivilDay day(start.year(), 1, 1); day <= absl::CivilDay(last.year() + 1, 1, 1);
       ++day) {
    const int64_t period = PeriodOf(rule, day) - PeriodOf(rule, start);
    if (period >= 0 && period % rule.interval == 0 && Passes(rule, start, day)) {
      periods[period].push_back(day);
    }
  }
  std::vector<absl::CivilDay> days;
  for (const auto& [period, listed] : periods) {
    const auto size = static_cast<int64_t>(listed.size());
    for (int64_t i = 0; i < size; ++i) {
      const absl::CivilDay day = listed[static_cast<size_t>(i)];
      if (!rule.places.empty() && !Lists(rule.places, i + 1, size)) continue;
      const bool enough = rule.count != 0 && days.size() == rule.count;
      if (day >= start && day <= last && !enough) days.push_back(day);
    }
  }
  return days;
}

class RandomRules {
 public:
  explicit RandomRules(unsigned seed) : random_(seed) {}

  bool OneIn(int n) { return Number(1, n) == 1; }
  int Number(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }
  absl::CivilDay Start() { return absl::CivilDay(Number(2026, 2032), 1, 1) + Number(0, 365); }

  ModelRule Next(absl::CivilDay start) {
    ModelRule rule;
    rule.unit = static_cast<Unit>(Number(0, 3));
    rule.interval = OneIn(2) ? 1 : Number(2, 13);
    rule.week_start = OneIn(2) ? 0 : Number(0, 6);
    const bool long_periods = rule.unit == kMonths || rule.unit == kYears;
    if (OneIn(rule.unit == kYears ? 2 : 4)) rule.months = Numbers(4, 12, false);
    if ((rule.unit == kMonths || (rule.unit == kYears && !rule.months.empty())) && OneIn(2)) {
      rule.month_days = Numbers(4, 31, true);
    }
    if (rule.unit == kDays && OneIn(4)) rule.month_days = Numbers(8, 31, false);
    if (rule.unit == kYears && rule.months.empty() && OneIn(3)) {
      rule.year_days = Numbers(6, 366, true);
    }
    if (OneIn(2)) AddWeekDays(rule, long_periods);
    const bool lists =
        !rule.week_days.empty() || !rule.month_days.empty() || !rule.year_days.empty();
    if (long_periods && lists && OneIn(3)) rule.places = Numbers(2, 5, true);
    if (OneIn(2)) {
      rule.count = static_cast<size_t>(Number(1, 60));
    } else {
      rule.until = start + Number(0, 3000);
    }
    return rule;
  }

 private:
  // Up to `most_of_them` numbers; those of one list count from the same end, as
  // BYSETPOS wants it.
  std::vector<int> Numbers(int most_of_them, int most, bool from_end) {
    const int sign = from_end && OneIn(2) ? -1 : 1;
    std::vector<int> numbers;
    for (int left = Number(1, most_of_them); left > 0; --left) {
      numbers.push_back(sign * Number(1, most));
    }
    return numbers;
  }

  void AddWeekDays(ModelRule& rule, bool may_have_places) {
    const int places = rule.unit == kMonths || !rule.months.empty() ? 5 : 53;
    for (int left = Number(1, 5); left > 0; --left) {
      const bool with_place = may_have_places && OneIn(3);
      const int place = with_place ? (OneIn(2) ? -1 : 1) * Number(1, places) : 0;
      rule.week_days.emplace_back(place, Number(0, 6));
    }
  }

  std::mt19937 random_;
};

TEST(RecurrenceModelTest, RandomRulesGiveTheDaysOfTheModel) {
  int granted = 0;
  const unsigned seeds = support::Seeds(150, 20000);
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    RandomRules random(seed);
    const absl::CivilDay day = random.Start();
    const ModelRule rule = random.Next(day);
    SCOPED_TRACE(
        absl::StrCat("seed ", seed, ": ", rule.Text(), " from ", absl::FormatCivilTime(day)));
    const std::vector<absl::CivilDay> expected = ModelDays(rule, day);
    const auto starts =
        ExpandRule(rule.Text(), absl::CivilSecond(day) + 34200, limits::kMaxOccurrences);
    const bool fits = !expected.empty() && expected.size() <= limits::kMaxOccurrences &&
                      (rule.count == 0 || expected.size() == rule.count);
    ASSERT_EQ(starts.ok(), fits) << starts.status() << ", expected " << expected.size();
    if (!fits) continue;
    ++granted;
    std::vector<absl::CivilDay> days(starts->begin(), starts->end());
    ASSERT_EQ(days, expected);
  }
  EXPECT_GT(granted, static_cast<int>(seeds / 2));
}

TEST(RecurrenceModelTest, EveryOccurrenceHasTheWallClockOfTheFirst) {
  const char* const zones[] = {"Europe/Brussels", "Europe/Tallinn", "America/Havana",
                               "Australia/Lord_Howe", "Asia/Kathmandu"};
  for (unsigned seed = 1; seed <= support::Seeds(60, 5000); ++seed) {
    RandomRules random(seed);
    const absl::CivilDay day = random.Start();
    Recurrence recurrence;
    recurrence.start = absl::CivilSecond(day) + random.Number(0, 95) * 900;
    recurrence.length = random.Number(1, 200) * 900;
    recurrence.zone = zones[random.Number(0, 4)];
    recurrence.repeated_hour = random.OneIn(2) ? RepeatedHour::kFirst : RepeatedHour::kSecond;
    recurrence.rrule = random.Next(day).Text();
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", recurrence.rrule, " from ",
                              absl::FormatCivilTime(recurrence.start), " ", recurrence.zone));
    const auto days = DaysOf(recurrence, limits::kMaxOccurrences);
    if (!days.ok()) continue;
    const absl::TimeZone zone = support::Zone(recurrence.zone);
    for (const absl::CivilDay each : *days) {
      const auto found = IntervalOn(recurrence, each, zone);
      const absl::CivilSecond start =
          absl::CivilSecond(each) + (recurrence.start - absl::CivilSecond(day));
      if (const Interval* interval = std::get_if<Interval>(&found)) {
        const auto local = [&](Instant instant) {
          return absl::ToCivilSecond(absl::FromUnixSeconds(instant), zone);
        };
        EXPECT_EQ(local(interval->start), start);
        EXPECT_EQ(local(interval->end), start + recurrence.length);
      } else {
        // With a reading chosen, only spring leaves a day without.
        EXPECT_EQ(std::get<LocalTimeProblem>(found), LocalTimeProblem::kSkipped);
        const auto skipped = [&](absl::CivilSecond time) {
          return zone.At(time).kind == absl::TimeZone::TimeInfo::SKIPPED;
        };
        EXPECT_TRUE(skipped(start) || skipped(start + recurrence.length));
      }
    }
  }
}

}  // namespace
}  // namespace labslot
