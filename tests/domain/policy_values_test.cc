#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/domain/policy.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::At;
using support::Day;
using support::Hours;
using support::kBrussels;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::Span;
using support::Zone;

// Summer time begins on 2027-03-28 and ends on 2027-10-31.
TEST(LeadTest, DaysKeepTheTimeOfDayAndSecondsAreCounted) {
  const struct {
    const char* from;
    Lead lead;
    const char* later;
  } table[] = {
      {"2027-03-01 09:00", {0, 0}, "2027-03-01 09:00"},
      {"2027-03-01 09:00", {1, 0}, "2027-03-02 09:00"},
      {"2027-03-01 09:00", {0, kDay}, "2027-03-02 09:00"},
      {"2027-03-01 09:00", {2, 3 * kHour}, "2027-03-03 12:00"},
      {"2027-03-01 22:00", {2, 3 * kHour}, "2027-03-04 01:00"},
      {"2027-12-31 23:59:59", {1, 1}, "2028-01-02 00:00"},
      {"2028-02-28 12:00", {2, 0}, "2028-03-01 12:00"},
      // A day is 23 hours long, and 24 hours are more than a day.
      {"2027-03-27 12:00", {1, 0}, "2027-03-28 12:00"},
      {"2027-03-27 12:00", {0, kDay}, "2027-03-28 13:00"},
      {"2027-03-27 12:00", {1, 3 * kHour}, "2027-03-28 15:00"},
      {"2027-03-27 00:30", {1, 2 * kHour}, "2027-03-28 03:30"},
      // A day is 25 hours long, and 24 hours are less than a day.
      {"2027-10-30 12:00", {1, 0}, "2027-10-31 12:00"},
      {"2027-10-30 12:00", {0, kDay}, "2027-10-31 11:00"},
      {"2027-10-30 02:30", {1, 0}, "2027-10-31 02:30"},
      {"2027-10-30 00:30", {1, 3 * kHour}, "2027-10-31 02:30"},
      {"2027-01-15 12:00", {180, 0}, "2027-07-14 12:00"},
      {"2027-01-15 12:00", {0, 180 * kDay}, "2027-07-14 13:00"},
  };
  for (const auto& row : table) {
    // In autumn, three hours on from 00:30 is the second 02:30.
    const bool second = std::string(row.later) == "2027-10-31 02:30" && row.lead.seconds != 0;
    EXPECT_EQ(Later(At(row.from), row.lead, Zone(kBrussels)), At(row.later) + (second ? kHour : 0))
        << row.from << " + " << LeadWords(row.lead);
  }
}

TEST(LeadTest, EarlierGoesBackTheSecondsAndThenTheDays) {
  const struct {
    const char* from;
    Lead lead;
    const char* earlier;
  } table[] = {
      {"2027-03-01 09:00", {0, 0}, "2027-03-01 09:00"},
      {"2027-03-03 12:00", {2, 3 * kHour}, "2027-03-01 09:00"},
      {"2027-03-04 01:00", {2, 3 * kHour}, "2027-03-01 22:00"},
      {"2027-03-28 12:00", {1, 0}, "2027-03-27 12:00"},
      {"2027-03-28 13:00", {0, kDay}, "2027-03-27 12:00"},
      {"2027-03-28 03:30", {1, 2 * kHour}, "2027-03-27 00:30"},
      {"2027-10-31 12:00", {1, 0}, "2027-10-30 12:00"},
      {"2027-10-31 11:00", {0, kDay}, "2027-10-30 12:00"},
      {"2028-03-01 12:00", {2, 0}, "2028-02-28 12:00"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Earlier(At(row.from), row.lead, Zone(kBrussels)), At(row.earlier))
        << row.from << " - " << LeadWords(row.lead);
  }
}

TEST(LeadTest, ATimeThatSpringSkipsIsReadInTheHourAfterTheJump) {
  const Instant jump = At("2027-03-28T01:00:00Z");
  for (const char* clock : {"02:00", "02:30", "02:59:59"}) {
    for (const Instant found :
         {Later(At(absl::StrCat("2027-03-27 ", clock)), {1, 0}, Zone(kBrussels)),
          Earlier(At(absl::StrCat("2027-03-29 ", clock)), {1, 0}, Zone(kBrussels))}) {
      EXPECT_GE(found, jump) << clock;
      EXPECT_LT(found, jump + kHour) << clock;
    }
  }
}

TEST(LeadTest, LaterAndEarlierUndoEachOtherAwayFromTheSwitches) {
  const absl::TimeZone zone = Zone(kBrussels);
  for (unsigned seed = 1; seed <= support::Seeds(2000, 50000); ++seed) {
    std::mt19937 random(seed);
    const auto number = [&](Seconds least, Seconds most) {
      return std::uniform_int_distribution<Seconds>(least, most)(random);
    };
    const Lead lead{static_cast<int32_t>(number(0, 400)), number(0, 2 * kDay)};
    const Instant from = At("2026-01-01") + number(0, 700 * kDay);
    // Of the hours around 02:00, those that may be skipped or repeated.
    const auto hour = [&](Instant instant) {
      return absl::ToCivilHour(absl::FromUnixSeconds(instant), zone).hour();
    };
    if (hour(from) == 2) continue;
    const Instant to = Later(from, lead, zone);
    EXPECT_EQ(Earlier(to, lead, zone), from) << "seed " << seed;
    EXPECT_GE(to - from, lead.days * kDay + lead.seconds - kHour) << "seed " << seed;
    EXPECT_LE(to - from, lead.days * kDay + lead.seconds + kHour) << "seed " << seed;
  }
}

TEST(LeadTest, WordsKeepTheDaysApartFromTheHours) {
  EXPECT_EQ(LeadWords({}), "0 s");
  EXPECT_EQ(LeadWords({1, 0}), "1 day");
  EXPECT_EQ(LeadWords({2, 3 * kHour}), "2 days 3 h");
  EXPECT_EQ(LeadWords({0, 3 * kHour + 30 * kMinute}), "3 h 30 min");
  EXPECT_EQ(LeadWords({90, 0}), "90 days");
  EXPECT_EQ(LeadWords({1, 45}), "1 day 45 s");
}

// The weekly windows of support::Hours.
std::vector<WeeklyWindow> Windows(const char* days, const char* hours) {
  return Hours(days, hours).weekly;
}

TEST(TimesInWindowsTest, NoWindowsAreNoTimes) {
  EXPECT_EQ(TimesInWindows({}, Span("2027-03-01/2027-03-08"), Zone(kBrussels)), IntervalSet());
}

TEST(TimesInWindowsTest, WindowsAreCutToThePeriod) {
  const auto windows = Windows("mon-fri", "8:00-17:00");
  const absl::TimeZone zone = Zone(kBrussels);
  EXPECT_EQ(TimesInWindows(windows, Span("mon 9:00-10:00"), zone),
            (IntervalSet{Span("mon 9:00-10:00")}));
  EXPECT_EQ(TimesInWindows(windows, Span("mon 12:00-tue 9:00"), zone),
            (IntervalSet{Span("mon 12:00-17:00"), Span("tue 8:00-9:00")}));
  EXPECT_EQ(TimesInWindows(windows, Span("mon 17:00-tue 8:00"), zone), IntervalSet());
  EXPECT_EQ(TimesInWindows(windows, Span("fri 16:59-sun 24:00"), zone),
            (IntervalSet{Span("fri 16:59-17:00")}));
  EXPECT_EQ(TimesInWindows(windows, {At("mon 9:00"), At("mon 9:00")}, zone), IntervalSet());
}

TEST(TimesInWindowsTest, AWindowOverMidnightBelongsToTheDayOnWhichItOpens) {
  const auto windows = Windows("fri", "22:00-6:00");
  const absl::TimeZone zone = Zone(kBrussels);
  EXPECT_EQ(TimesInWindows(windows, Span("2027-03-01/2027-03-08"), zone),
            (IntervalSet{Span("fri 22:00-sat 6:00")}));
  // Also if the period begins after midnight.
  EXPECT_EQ(TimesInWindows(windows, Span("sat 1:00-12:00"), zone),
            (IntervalSet{Span("sat 1:00-6:00")}));
  EXPECT_EQ(TimesInWindows(windows, Span("fri 1:00-12:00"), zone), IntervalSet());
}

TEST(TimesInWindowsTest, WindowsThatTouchAreJoined) {
  std::vector<WeeklyWindow> windows = Windows("mon-fri", "17:00-24:00");
  for (const WeeklyWindow& night : Windows("mon-sun", "0:00-8:00")) windows.push_back(night);
  EXPECT_EQ(TimesInWindows(windows, Span("mon 12:00-wed 12:00"), Zone(kBrussels)),
            (IntervalSet{Span("mon 17:00-tue 8:00"), Span("tue 17:00-wed 8:00")}));
}

TEST(TimesInWindowsTest, WindowsHaveTheHoursOfTheClockOnDaysOf23And25Hours) {
  const struct {
    const char* hours;
    const char* day;
    Seconds length;
  } table[] = {
      {"0:00-24:00", "2027-03-27", 24 * kHour}, {"0:00-24:00", "2027-03-28", 23 * kHour},
      {"0:00-24:00", "2027-10-31", 25 * kHour}, {"0:00-8:00", "2027-03-28", 7 * kHour},
      {"0:00-8:00", "2027-10-31", 9 * kHour},   {"8:00-17:00", "2027-03-28", 9 * kHour},
      {"8:00-17:00", "2027-10-31", 9 * kHour},  {"2:00-3:00", "2027-03-28", 0},
      {"2:00-3:00", "2027-10-31", 2 * kHour},
  };
  const absl::TimeZone zone = Zone(kBrussels);
  for (const auto& row : table) {
    const Interval day{StartOfDay(Day(row.day), zone), StartOfDay(Day(row.day) + 1, zone)};
    EXPECT_EQ(TotalLength(TimesInWindows(Windows("mon-sun", row.hours), day, zone)), row.length)
        << row.hours << " on " << row.day;
  }
  // The night over the switch.
  const auto nights = Windows("sat", "22:00-6:00");
  EXPECT_EQ(TotalLength(TimesInWindows(nights, Span("2027-03-27/2027-03-29"), zone)), 7 * kHour);
  EXPECT_EQ(TotalLength(TimesInWindows(nights, Span("2027-10-30/2027-11-01"), zone)), 9 * kHour);
}

TEST(TimesInRangesTest, NoRangesAreAllTimes) {
  const absl::TimeZone zone = Zone(kBrussels);
  EXPECT_EQ(TimesInRanges({}, Span("mon 9:00-tue 10:00"), zone),
            (IntervalSet{Span("mon 9:00-tue 10:00")}));
  EXPECT_EQ(TimesInRanges({}, {At("mon 9:00"), At("mon 9:00")}, zone), IntervalSet());
}

TEST(TimesInRangesTest, TheFirstAndTheLastDayBelongToTheRange) {
  const absl::TimeZone zone = Zone(kBrussels);
  const std::vector<DateRange> ranges = {{Day("2027-03-02"), Day("2027-03-03")}};
  EXPECT_EQ(TimesInRanges(ranges, Span("2027-03-01/2027-03-08"), zone),
            (IntervalSet{Span("2027-03-02/2027-03-04")}));
  EXPECT_EQ(TimesInRanges(ranges, Span("mon 12:00-tue 0:01"), zone),
            (IntervalSet{Span("tue 0:00-0:01")}));
  EXPECT_EQ(TimesInRanges(ranges, Span("wed 23:59-thu 12:00"), zone),
            (IntervalSet{Span("wed 23:59-24:00")}));
  EXPECT_EQ(TimesInRanges(ranges, Span("thu 0:00-12:00"), zone), IntervalSet());
  EXPECT_EQ(TimesInRanges(ranges, Span("mon 12:00-24:00"), zone), IntervalSet());
  const std::vector<DateRange> one_day = {{Day("2027-03-02"), Day("2027-03-02")}};
  EXPECT_EQ(TotalLength(TimesInRanges(one_day, Span("2027-03-01/2027-03-08"), zone)), kDay);
}

TEST(TimesInRangesTest, RangesMayOverlapTouchAndComeInAnyOrder) {
  const std::vector<DateRange> ranges = {{Day("2027-03-05"), Day("2027-03-05")},
                                         {Day("2027-03-02"), Day("2027-03-03")},
                                         {Day("2027-03-03"), Day("2027-03-03")},
                                         {Day("2027-03-01"), Day("2027-03-01")}};
  EXPECT_EQ(TimesInRanges(ranges, Span("2027-03-01/2027-03-08"), Zone(kBrussels)),
            (IntervalSet{Span("2027-03-01/2027-03-04"), Span("2027-03-05/2027-03-06")}));
}

TEST(TimesInRangesTest, DaysAreThoseOfTheZoneAndHave23And25Hours) {
  const struct {
    const char* zone;
    const char* day;
    const char* start;
    Seconds length;
  } table[] = {
      {"Europe/Brussels", "2027-03-28", "2027-03-27T23:00:00Z", 23 * kHour},
      {"Europe/Brussels", "2027-10-31", "2027-10-30T22:00:00Z", 25 * kHour},
      {"Europe/Tallinn", "2027-03-28", "2027-03-27T22:00:00Z", 23 * kHour},
      {"UTC", "2027-03-28", "2027-03-28T00:00:00Z", 24 * kHour},
      // The day begins at 01:00, as midnight is skipped.
      {"America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", 23 * kHour},
  };
  const Interval years{At("2026-01-01T00:00:00Z"), At("2028-01-01T00:00:00Z")};
  for (const auto& row : table) {
    const Instant start = At(row.start);
    EXPECT_EQ(TimesInRanges({{Day(row.day), Day(row.day)}}, years, Zone(row.zone)),
              (IntervalSet{{start, start + row.length}}))
        << row.zone << " " << row.day;
  }
}

}  // namespace
}  // namespace labslot
