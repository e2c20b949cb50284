#include <gtest/gtest.h>

#include <random>
#include <string>

#include "daemon/domain/calendar.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::At;
using support::Day;
using support::Hours;
using support::kDay;
using support::kHour;
using support::Span;
using support::Zone;

Seconds OpenSeconds(const Calendar& calendar, const std::string& zone, const std::string& day) {
  const Interval period{StartOfDay(Day(day), Zone(zone)), StartOfDay(Day(day) + 1, Zone(zone))};
  return TotalLength(OpenTimes({&calendar, nullptr, Zone(zone)}, period));
}

TEST(ZonesTest, UnknownZonesAreRefused) {
  EXPECT_TRUE(FindTimeZone("Europe/Brussels").has_value());
  EXPECT_TRUE(FindTimeZone("UTC").has_value());
  for (const char* name :
       {"", "Europe/Lommel", "Mars/Base", "../../etc/passwd", "/etc/localtime", "europe/brussels ",
        "localtime", "libc:localtime", "Fixed/UTC+01:00:00", "right/Europe/Brussels",
        "posix/Europe/Brussels", "Europe/Brussels/", "Europe//Brussels"}) {
    EXPECT_FALSE(FindTimeZone(name).has_value()) << name;
  }
  EXPECT_FALSE(FindTimeZone(std::string("UTC\0x", 5)).has_value());
  EXPECT_FALSE(FindTimeZone(std::string(100000, 'a')).has_value());
}

TEST(ZonesTest, DaysOfTheDaylightSavingSwitchHave23And25Hours) {
  const absl::TimeZone zone = Zone("Europe/Brussels");
  const auto length = [&](const char* day) {
    return StartOfDay(Day(day) + 1, zone) - StartOfDay(Day(day), zone);
  };
  EXPECT_EQ(length("2027-03-27"), 24 * kHour);
  EXPECT_EQ(length("2027-03-28"), 23 * kHour);
  EXPECT_EQ(length("2027-10-31"), 25 * kHour);
  EXPECT_EQ(length("2027-11-01"), 24 * kHour);
}

TEST(ZonesTest, OpenRoundTheClockCountsTheRealLengthOfTheDay) {
  const Calendar explicit_hours = Hours("mon-sun", "0:00-24:00");
  for (const Calendar& calendar : {Calendar(), explicit_hours}) {
    EXPECT_EQ(OpenSeconds(calendar, "Europe/Brussels", "2027-03-28"), 23 * kHour);
    EXPECT_EQ(OpenSeconds(calendar, "Europe/Brussels", "2027-10-31"), 25 * kHour);
  }
}

TEST(ZonesTest, AWindowAcrossTheSpringJumpLosesAnHour) {
  EXPECT_EQ(OpenSeconds(Hours("sun", "1:00-5:00"), "Europe/Brussels", "2027-03-28"), 3 * kHour);
}

TEST(ZonesTest, AWindowAcrossTheAutumnOverlapGainsAnHour) {
  EXPECT_EQ(OpenSeconds(Hours("sun", "1:00-5:00"), "Europe/Brussels", "2027-10-31"), 5 * kHour);
}

TEST(ZonesTest, AWindowThatEndsInTheGapEndsAtTheJump) {
  const Calendar calendar = Hours("sun", "1:00-2:30");
  const auto open =
      OpenTimes({&calendar, nullptr, Zone("Europe/Brussels")}, Span("2027-03-28/2027-03-29"));
  EXPECT_EQ(open, (IntervalSet{{At("2027-03-28T00:00:00Z"), At("2027-03-28T01:00:00Z")}}));
}

TEST(ZonesTest, AWindowThatBeginsInTheGapBeginsAtTheJump) {
  const Calendar calendar = Hours("sun", "2:30-4:00");
  const auto open =
      OpenTimes({&calendar, nullptr, Zone("Europe/Brussels")}, Span("2027-03-28/2027-03-29"));
  EXPECT_EQ(open, (IntervalSet{{At("2027-03-28T01:00:00Z"), At("2027-03-28T02:00:00Z")}}));
}

TEST(ZonesTest, AWindowInsideTheGapDoesNotExist) {
  EXPECT_EQ(OpenSeconds(Hours("sun", "2:10-2:50"), "Europe/Brussels", "2027-03-28"), 0);
}

TEST(ZonesTest, AWindowInTheRepeatedHourTakesTheLongerReading) {
  // 02:15 to 02:45 stands for both passes of the hour and what lies between.
  EXPECT_EQ(OpenSeconds(Hours("sun", "2:15-2:45"), "Europe/Brussels", "2027-10-31"), kHour + 1800);
  EXPECT_EQ(OpenSeconds(Hours("sun", "2:30-4:00"), "Europe/Brussels", "2027-10-31"),
            2 * kHour + 1800);
  EXPECT_EQ(OpenSeconds(Hours("sun", "1:00-2:30"), "Europe/Brussels", "2027-10-31"),
            2 * kHour + 1800);
}

TEST(ZonesTest, ANightOverTheSwitchKeepsItsWallClockEnds) {
  const Calendar calendar = Hours("sat", "22:00-6:00");
  const auto spring = OpenTimes({&calendar, nullptr, Zone("Europe/Brussels")},
                                Span("2027-03-27 12:00/2027-03-28 12:00"));
  EXPECT_EQ(TotalLength(spring), 7 * kHour);
  const auto autumn = OpenTimes({&calendar, nullptr, Zone("Europe/Brussels")},
                                Span("2027-10-30 12:00/2027-10-31 12:00"));
  EXPECT_EQ(TotalLength(autumn), 9 * kHour);
}

TEST(ZonesTest, HoursAreThoseOfTheZone) {
  const Calendar calendar = support::Office();
  const struct {
    const char* zone;
    const char* opens;
  } table[] = {
      {"Europe/Brussels", "2027-03-01T07:00:00Z"},    {"Europe/Tallinn", "2027-03-01T06:00:00Z"},
      {"Europe/Riga", "2027-03-01T06:00:00Z"},        {"UTC", "2027-03-01T08:00:00Z"},
      {"America/New_York", "2027-03-01T13:00:00Z"},   {"Asia/Kathmandu", "2027-03-01T02:15:00Z"},
      {"Pacific/Kiritimati", "2027-02-28T18:00:00Z"}, {"Pacific/Pago_Pago", "2027-03-01T19:00:00Z"},
  };
  for (const auto& row : table) {
    const Instant opens = At(row.opens);
    EXPECT_EQ(
        OpenTimes({&calendar, nullptr, Zone(row.zone)}, {opens - kDay / 2, opens + 9 * kHour}),
        (IntervalSet{{opens, opens + 9 * kHour}}))
        << row.zone;
  }
}

TEST(ZonesTest, ASkippedMidnightIsTheJump) {
  const absl::TimeZone zone = Zone("America/Sao_Paulo");
  EXPECT_EQ(StartOfDay(absl::CivilDay(2018, 11, 4), zone), At("2018-11-04T03:00:00Z"));
  EXPECT_EQ(StartOfDay(absl::CivilDay(2018, 11, 5), zone), At("2018-11-05T02:00:00Z"));
  EXPECT_EQ(OpenSeconds(Calendar(), "America/Sao_Paulo", "2018-11-04"), 23 * kHour);
}

TEST(ZonesTest, ADayOpenAllDayHasNoHoleAtASkippedOrRepeatedMidnight) {
  const Calendar calendar = Hours("mon-sun", "0:00-24:00");
  for (const char* zone : {"America/Sao_Paulo", "America/Havana", "Europe/Brussels",
                           "Australia/Lord_Howe", "Asia/Beirut"}) {
    const Interval years{At("2017-01-01", "UTC"), At("2019-01-01", "UTC")};
    EXPECT_EQ(OpenTimes({&calendar, nullptr, Zone(zone)}, years), (IntervalSet{years})) << zone;
  }
}

TEST(ZonesTest, AMidnightThatOccursTwiceIsTheFirst) {
  // Sao Paulo went back from midnight to 23:00 on 2018-02-18: the day before
  // has 25 hours. Havana goes back at 01:00, so midnight occurs twice.
  const absl::TimeZone havana = Zone("America/Havana");
  EXPECT_EQ(StartOfDay(absl::CivilDay(2018, 11, 4), havana), At("2018-11-04T04:00:00Z"));
  EXPECT_EQ(StartOfDay(absl::CivilDay(2018, 11, 5), havana), At("2018-11-05T05:00:00Z"));
  const absl::TimeZone sao_paulo = Zone("America/Sao_Paulo");
  EXPECT_EQ(StartOfDay(absl::CivilDay(2018, 2, 18), sao_paulo) -
                StartOfDay(absl::CivilDay(2018, 2, 17), sao_paulo),
            25 * kHour);
}

TEST(ZonesTest, ADateThatNeverWasHasNoLength) {
  // Samoa left 2011-12-30 out.
  const absl::TimeZone zone = Zone("Pacific/Apia");
  EXPECT_EQ(StartOfDay(absl::CivilDay(2011, 12, 30), zone),
            StartOfDay(absl::CivilDay(2011, 12, 31), zone));
  EXPECT_EQ(OpenSeconds(Hours("mon-sun", "8:00-17:00"), "Pacific/Apia", "2011-12-30"), 0);
  const Calendar calendar = Hours("fri", "8:00-17:00");  // 2011-12-30 is a Friday
  EXPECT_EQ(TotalLength(OpenTimes({&calendar, nullptr, zone},
                                  {At("2011-12-27", "UTC"), At("2012-01-03", "UTC")})),
            0);
}

TEST(ZonesTest, DaysPartitionTime) {
  for (const char* name : {"Europe/Brussels", "America/Sao_Paulo", "America/Havana", "Pacific/Apia",
                           "Asia/Kathmandu", "Australia/Lord_Howe"}) {
    const absl::TimeZone zone = Zone(name);
    std::mt19937_64 random(7);
    for (int i = 0; i < 4000; ++i) {
      const Instant instant = static_cast<Instant>(random() % 2'000'000'000);
      const absl::CivilDay day = LocalDay(instant, zone);
      ASSERT_LE(StartOfDay(day, zone), instant) << name;
      // Where the clock goes back over midnight, the evening before comes
      // again after the day began; it still belongs to some day that began.
      ASSERT_GE(StartOfDay(day + 1, zone) + 2 * kHour, instant) << name;
    }
  }
}

TEST(ZonesTest, LocalDaysAreThoseOfTheZone) {
  const Instant instant = At("2027-03-01T23:30:00Z");
  EXPECT_EQ(LocalDay(instant, Zone("UTC")), Day("2027-03-01"));
  EXPECT_EQ(LocalDay(instant, Zone("Europe/Brussels")), Day("2027-03-02"));
  EXPECT_EQ(LocalDay(instant, Zone("Pacific/Pago_Pago")), Day("2027-03-01"));
}

TEST(ZonesTest, TimesForPeopleNameTheDayAndTheZone) {
  EXPECT_EQ(FormatLocal(At("2027-03-01 09:00"), Zone("Europe/Brussels")),
            "Mon 2027-03-01 09:00 Europe/Brussels");
}

// Every second of a day against the plan of the days, without the shortcuts of
// the real thing: an instant is open if its wall clock lies in a window of its
// day or in one of the day before that runs over midnight. Seconds in and
// around jumps are left to the tests above.
TEST(ZonesTest, OpenTimesAgreeWithTheWallClockMinuteByMinute) {
  Calendar calendar = Hours("mon-fri", "8:00-12:00");
  calendar.weekly.push_back(support::Weekly("mon,wed,fri", "13:30-17:00"));
  calendar.weekly.push_back(support::Weekly("sat,sun", "20:00-4:00"));
  calendar.exceptions = {support::Closed("2027-03-10", "2027-03-11"),
                         support::Special("2027-03-13", "2027-03-13", {"23:00-1:00"}),
                         support::Shortened("2027-03-15", "2027-03-16", 2 * kHour)};
  for (const char* name : {"Europe/Brussels", "Asia/Kathmandu", "Pacific/Kiritimati"}) {
    const OpeningHours hours{&calendar, nullptr, Zone(name)};
    const Interval period{At("2027-03-05", name), At("2027-03-20", name)};
    const IntervalSet open = OpenTimes(hours, period);
    for (Instant minute = period.start; minute < period.end; minute += 60) {
      const absl::CivilDay day = LocalDay(minute, hours.zone);
      const Seconds clock = minute - StartOfDay(day, hours.zone);
      bool expected = false;
      for (const OpeningWindow& window : PlanOfDay(hours, day).windows) {
        expected |= window.opens <= clock && clock < window.closes;
      }
      for (const OpeningWindow& window : PlanOfDay(hours, day - 1).windows) {
        expected |= window.opens <= clock + kDay && clock + kDay < window.closes;
      }
      bool found = false;
      for (const Interval& interval : open) found |= interval.Contains(minute);
      ASSERT_EQ(found, expected) << FormatLocal(minute, hours.zone);
    }
  }
}

}  // namespace
}  // namespace labslot
