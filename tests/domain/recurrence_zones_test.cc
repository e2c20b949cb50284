#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/recurrence.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::At;
using support::Day;
using support::kHour;
using support::kMinute;
using support::Zone;

constexpr auto kNone = RepeatedHour::kUnspecified;
constexpr auto kFirst = RepeatedHour::kFirst;
constexpr auto kSecond = RepeatedHour::kSecond;

// The zones of the demo, with their hours ahead of UTC in winter.
const struct {
  const char* name;
  int winter;
} kZones[] = {{"Europe/Brussels", 1}, {"Europe/Amsterdam", 1}, {"Europe/Berlin", 1},
              {"Europe/Prague", 1},   {"Europe/Tallinn", 2},   {"Europe/Rome", 1},
              {"Europe/Riga", 2},     {"Europe/Stockholm", 1}};

// The Sundays on which all of them switch, at 01:00 UTC.
constexpr const char* kSprings[] = {"2026-03-29", "2027-03-28"};
constexpr const char* kAutumns[] = {"2026-10-25", "2027-10-31"};

// `minute` counts from midnight.
std::variant<Interval, LocalTimeProblem> On(absl::CivilDay day, int minute, int minutes,
                                            const std::string& zone, RepeatedHour reading) {
  Recurrence recurrence;
  recurrence.start = absl::CivilSecond(2025, 6, 2) + minute * kMinute;
  recurrence.length = minutes * kMinute;
  recurrence.zone = zone;
  recurrence.repeated_hour = reading;
  return IntervalOn(recurrence, day, Zone(zone));
}

// The interval in words: its start in UTC and its length in minutes, or why
// there is none.
std::string Words(const std::variant<Interval, LocalTimeProblem>& found) {
  if (const Interval* interval = std::get_if<Interval>(&found)) {
    return absl::StrCat(absl::FormatTime("%m-%dT%H:%M", absl::FromUnixSeconds(interval->start),
                                         absl::UTCTimeZone()),
                        " +", interval->length() / kMinute);
  }
  return std::get<LocalTimeProblem>(found) == LocalTimeProblem::kSkipped ? "skipped" : "repeated";
}

std::optional<Seconds> LengthOf(const std::variant<Interval, LocalTimeProblem>& found) {
  const Interval* interval = std::get_if<Interval>(&found);
  return interval == nullptr ? std::nullopt : std::optional<Seconds>(interval->length());
}

TEST(IntervalOnTest, FromEightToEightLasts23And25HoursOverTheSwitches) {
  for (const auto& zone : kZones) {
    for (const char* sunday : kSprings) {
      SCOPED_TRACE(absl::StrCat(zone.name, " ", sunday));
      EXPECT_EQ(LengthOf(On(Day(sunday) - 2, 480, 1440, zone.name, kNone)), 24 * kHour);
      EXPECT_EQ(LengthOf(On(Day(sunday) - 1, 480, 1440, zone.name, kNone)), 23 * kHour);
      EXPECT_EQ(LengthOf(On(Day(sunday), 480, 1440, zone.name, kNone)), 24 * kHour);
      EXPECT_EQ(LengthOf(On(Day(sunday), 0, 1440, zone.name, kNone)), 23 * kHour);
    }
    for (const char* sunday : kAutumns) {
      SCOPED_TRACE(absl::StrCat(zone.name, " ", sunday));
      EXPECT_EQ(LengthOf(On(Day(sunday) - 2, 480, 1440, zone.name, kNone)), 24 * kHour);
      EXPECT_EQ(LengthOf(On(Day(sunday) - 1, 480, 1440, zone.name, kNone)), 25 * kHour);
      EXPECT_EQ(LengthOf(On(Day(sunday), 480, 1440, zone.name, kNone)), 24 * kHour);
      EXPECT_EQ(LengthOf(On(Day(sunday), 0, 1440, zone.name, kNone)), 25 * kHour);
    }
  }
}

TEST(IntervalOnTest, TheStartKeepsItsWallClockOverTheSwitches) {
  for (const auto& zone : kZones) {
    for (const char* sunday : {kSprings[0], kSprings[1], kAutumns[0], kAutumns[1]}) {
      for (const int offset : {-1, 0}) {
        const absl::CivilDay day = Day(sunday) + offset;
        // Summer time holds from the switch in spring to that in autumn.
        const bool summer = (day.month() == 3) == (offset == 0);
        const Instant midnight = absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone()));
        const Instant start = midnight + (8 - zone.winter - (summer ? 1 : 0)) * kHour;
        EXPECT_EQ(On(day, 480, 60, zone.name, kNone),
                  (std::variant<Interval, LocalTimeProblem>(Interval{start, start + kHour})))
            << zone.name << " " << sunday << " " << offset;
      }
    }
  }
}

TEST(IntervalOnTest, AStartOrEndInTheHourThatSpringSkipsIsRefusedWithEveryReading) {
  for (const auto& zone : kZones) {
    // The hour that is skipped begins at 02:00 or 03:00 local.
    const int gap = (1 + zone.winter) * 60;
    for (const char* sunday : kSprings) {
      for (const RepeatedHour reading : {kNone, kFirst, kSecond}) {
        SCOPED_TRACE(absl::StrCat(zone.name, " ", sunday));
        const auto on = [&](int minute, int minutes) {
          return Words(On(Day(sunday), minute, minutes, zone.name, reading));
        };
        EXPECT_EQ(on(gap, 120), "skipped");
        EXPECT_EQ(on(gap + 30, 120), "skipped");
        EXPECT_EQ(on(gap + 59, 120), "skipped");
        EXPECT_EQ(on(gap - 60, 60), "skipped");
        EXPECT_EQ(on(gap - 60, 90), "skipped");
        EXPECT_EQ(on(gap - 60, 119), "skipped");
        EXPECT_EQ(on(gap + 10, 30), "skipped");
        // What touches the hour on both sides is there, and an hour shorter.
        EXPECT_EQ(LengthOf(On(Day(sunday), gap - 1, 61, zone.name, reading)), kMinute);
        EXPECT_EQ(LengthOf(On(Day(sunday), gap + 60, 30, zone.name, reading)), 30 * kMinute);
        EXPECT_EQ(LengthOf(On(Day(sunday), gap - 60, 59, zone.name, reading)), 59 * kMinute);
        // The day before it ends there.
        EXPECT_EQ(Words(On(Day(sunday) - 1, 1200, gap + 30 + 240, zone.name, reading)), "skipped");
      }
    }
  }
}

TEST(IntervalOnTest, TheHourThatAutumnRepeatsIsReadAsChosen) {
  for (const auto& zone : kZones) {
    const int hour = (1 + zone.winter) * 60;  // begins the first time
    for (const char* sunday : kAutumns) {
      SCOPED_TRACE(absl::StrCat(zone.name, " ", sunday));
      const std::string date = std::string(sunday).substr(5);
      const std::string eve = absl::FormatCivilTime(Day(sunday) - 1).substr(5);
      const auto on = [&](int minute, int minutes, RepeatedHour reading) {
        return Words(On(Day(sunday), minute, minutes, zone.name, reading));
      };
      // A start in the hour.
      EXPECT_EQ(on(hour + 30, 120, kNone), "repeated");
      EXPECT_EQ(on(hour + 30, 120, kFirst), absl::StrCat(date, "T00:30 +180"));
      EXPECT_EQ(on(hour + 30, 120, kSecond), absl::StrCat(date, "T01:30 +120"));
      // An end.
      EXPECT_EQ(on(hour - 30, 60, kNone), "repeated");
      EXPECT_EQ(on(hour - 30, 60, kFirst), absl::StrCat(eve, "T23:30 +60"));
      EXPECT_EQ(on(hour - 30, 60, kSecond), absl::StrCat(eve, "T23:30 +120"));
      // Both.
      EXPECT_EQ(on(hour + 10, 30, kNone), "repeated");
      EXPECT_EQ(on(hour + 10, 30, kFirst), absl::StrCat(date, "T00:10 +30"));
      EXPECT_EQ(on(hour + 10, 30, kSecond), absl::StrCat(date, "T01:10 +30"));
      // Around the hour no reading is needed.
      EXPECT_EQ(on(hour + 60, 30, kNone), absl::StrCat(date, "T02:00 +30"));
    }
  }
}

TEST(IntervalOnTest, ZonesAwayFromEuropeAreReadAlike) {
  const struct {
    const char* zone;
    const char* day;
    int minute;
    int minutes;
    RepeatedHour reading;
    const char* words;
  } table[] = {
      // Of years that are over: what governments decide of those to come changes.
      // Half an hour: 02:00 is 02:30 on 2024-10-06, and again 01:30 on 2024-04-07.
      {"Australia/Lord_Howe", "2024-10-05", 480, 1440, kNone, "10-04T21:30 +1410"},
      {"Australia/Lord_Howe", "2024-10-06", 120, 60, kNone, "skipped"},
      {"Australia/Lord_Howe", "2024-10-06", 149, 60, kNone, "skipped"},
      {"Australia/Lord_Howe", "2024-10-06", 150, 60, kNone, "10-05T15:30 +60"},
      {"Australia/Lord_Howe", "2024-04-06", 480, 1440, kNone, "04-05T21:00 +1470"},
      {"Australia/Lord_Howe", "2024-04-07", 89, 60, kNone, "04-06T14:29 +90"},
      {"Australia/Lord_Howe", "2024-04-07", 90, 60, kNone, "repeated"},
      {"Australia/Lord_Howe", "2024-04-07", 90, 60, kFirst, "04-06T14:30 +90"},
      {"Australia/Lord_Howe", "2024-04-07", 90, 60, kSecond, "04-06T15:00 +60"},
      {"Australia/Lord_Howe", "2024-04-07", 120, 60, kNone, "04-06T15:30 +60"},
      // Midnight itself: 00:00 is 01:00 on 2024-03-10, and again 00:00 at 01:00
      // on 2024-11-03.
      {"America/Havana", "2024-03-10", 0, 120, kNone, "skipped"},
      {"America/Havana", "2024-03-09", 1320, 120, kNone, "skipped"},
      {"America/Havana", "2024-03-09", 1320, 180, kNone, "03-10T03:00 +120"},
      {"America/Havana", "2024-03-09", 480, 1440, kNone, "03-09T13:00 +1380"},
      {"America/Havana", "2024-11-03", 0, 120, kNone, "repeated"},
      {"America/Havana", "2024-11-03", 0, 120, kFirst, "11-03T04:00 +180"},
      {"America/Havana", "2024-11-03", 0, 120, kSecond, "11-03T05:00 +120"},
      {"America/Havana", "2024-11-02", 1320, 120, kNone, "repeated"},
      {"America/Havana", "2024-11-02", 1320, 120, kFirst, "11-03T02:00 +120"},
      {"America/Havana", "2024-11-02", 1320, 120, kSecond, "11-03T02:00 +180"},
      // None at all.
      {"Asia/Kathmandu", "2027-03-28", 150, 1440, kNone, "03-27T20:45 +1440"},
      {"UTC", "2027-10-31", 150, 1440, kNone, "10-31T02:30 +1440"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Words(On(Day(row.day), row.minute, row.minutes, row.zone, row.reading)), row.words)
        << row.zone << " " << row.day << " " << row.minute;
  }
}

TEST(IntervalOnTest, ALengthOfDaysSpansThem) {
  const auto on = [](const char* day, int minutes) {
    return Words(On(Day(day), 540, minutes, "Europe/Brussels", kNone));
  };
  EXPECT_EQ(on("2027-03-25", 7 * 1440), absl::StrCat("03-25T08:00 +", 7 * 1440 - 60));
  EXPECT_EQ(on("2027-10-28", 7 * 1440), absl::StrCat("10-28T07:00 +", 7 * 1440 + 60));
  // Over both switches nothing is lost.
  EXPECT_EQ(on("2027-03-01", 300 * 1440), absl::StrCat("03-01T08:00 +", 300 * 1440));
}

}  // namespace
}  // namespace labslot
