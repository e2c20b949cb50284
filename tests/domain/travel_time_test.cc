// How long mobile assets travel: against numbers reckoned by hand.

#include "daemon/domain/travel_time.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::kHour;
using support::kMinute;

Site SiteAt(const std::string& id, double latitude, double longitude) {
  Site site = support::MakeSite(id);
  site.latitude = latitude;
  site.longitude = longitude;
  return site;
}

Site Lommel() { return SiteAt("lommel", 51.229, 5.303); }
Site Kortrijk() { return SiteAt("kortrijk", 50.818, 3.277); }
Site Chemnitz() { return SiteAt("chemnitz", 50.811, 12.929); }
Site Tartu() { return SiteAt("tartu", 58.362, 26.679); }

// Drives second by second, as the regulation is told to somebody.
Seconds DrivenSecondBySecond(Seconds driving, Seconds driving_per_day) {
  Seconds clock = 0;
  Seconds today = 0;
  Seconds without_break = 0;
  for (Seconds left = driving; left > 0; --left) {
    const bool two_drivers = driving_per_day == 24 * kHour;
    if (!two_drivers && today == driving_per_day) {
      clock += 11 * kHour;
      today = 0;
      without_break = 0;
    } else if (!two_drivers && without_break == 4 * kHour + 30 * kMinute) {
      clock += 45 * kMinute;
      without_break = 0;
    }
    ++clock;
    ++today;
    ++without_break;
  }
  return clock;
}

TEST(WithRestsTest, AddsABreakAfterFourAndAHalfHoursAndARestBehindADay) {
  struct Row {
    Seconds driving;
    Seconds per_day;
    Seconds expected;
  };
  const Seconds half = 4 * kHour + 30 * kMinute;
  const Row rows[] = {
      {0, 9 * kHour, 0},
      {1, 9 * kHour, 1},
      {half, 9 * kHour, half},
      {half + 1, 9 * kHour, 5 * kHour + 15 * kMinute + 1},
      {9 * kHour, 9 * kHour, 9 * kHour + 45 * kMinute},
      {9 * kHour + kMinute, 9 * kHour, 20 * kHour + 46 * kMinute},
      {18 * kHour, 9 * kHour, 30 * kHour + 30 * kMinute},
      {18 * kHour + 1, 9 * kHour, 41 * kHour + 30 * kMinute + 1},
      // Two breaks in a day, and a day that ends before the first.
      {10 * kHour, 10 * kHour, 11 * kHour + 30 * kMinute},
      {10 * kHour + 1, 10 * kHour, 22 * kHour + 30 * kMinute + 1},
      {8 * kHour, 4 * kHour, 19 * kHour},
      {3 * kHour, kHour, 25 * kHour},
      // Two drivers.
      {60 * kHour, 24 * kHour, 60 * kHour},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(WithRests(row.driving, row.per_day), row.expected)
        << row.driving << " s at " << row.per_day << " s a day";
  }
}

TEST(WithRestsTest, IsWhatADriverFindsSecondBySecond) {
  std::mt19937 random(1);
  for (int i = 0; i < 60; ++i) {
    // Often at one of the marks, or next to it.
    const auto step = static_cast<Seconds>(random() % 5 * (random() % 2 == 0 ? 1 : 977));
    const Seconds driving =
        std::max<Seconds>(0, static_cast<Seconds>(random() % 80) * 30 * kMinute + step - 1);
    const Seconds per_day = kHour * (1 + static_cast<Seconds>(random() % 24));
    EXPECT_EQ(WithRests(driving, per_day), DrivenSecondBySecond(driving, per_day))
        << driving << " s at " << per_day << " s a day";
  }
}

TEST(DistanceKmTest, IsThatOfTheGreatCircle) {
  EXPECT_NEAR(DistanceKm(Lommel(), Kortrijk()), 148.88, 0.05);
  EXPECT_NEAR(DistanceKm(Lommel(), Chemnitz()), 535.19, 0.05);
  EXPECT_NEAR(DistanceKm(Lommel(), Tartu()), 1573.28, 0.05);
  // A quarter and a half of the way round.
  EXPECT_NEAR(DistanceKm(SiteAt("a", 0, 1), SiteAt("b", 0, 91)), 10007.54, 0.05);
  EXPECT_NEAR(DistanceKm(SiteAt("a", 10, 20), SiteAt("b", -10, -160)), 20015.09, 0.05);
  // Over the date line and over a pole.
  EXPECT_NEAR(DistanceKm(SiteAt("a", 0, 179.5), SiteAt("b", 0, -179.5)), 111.19, 0.05);
  EXPECT_NEAR(DistanceKm(SiteAt("a", 89, 0), SiteAt("b", 89, 180)), 222.39, 0.05);
  EXPECT_EQ(DistanceKm(Lommel(), Lommel()), 0);
  EXPECT_EQ(DistanceKm(Lommel(), support::MakeSite("nowhere")), 0);
  EXPECT_EQ(DistanceKm(support::MakeSite("nowhere"), Lommel()), 0);
}

TEST(TravelTimeBetweenTest, IsReckonedFromTheRoadWithRests) {
  const Travel usual;
  EXPECT_EQ(TravelTimeBetween(Lommel(), Kortrijk(), usual), 2 * kHour + 59 * kMinute);
  EXPECT_EQ(TravelTimeBetween(Lommel(), Chemnitz(), usual), 22 * kHour + 28 * kMinute);
  EXPECT_EQ(TravelTimeBetween(Lommel(), Tartu(), usual), 66 * kHour + 43 * kMinute);
  EXPECT_EQ(TravelTimeBetween(Tartu(), Lommel(), usual), 66 * kHour + 43 * kMinute);
  Travel two_drivers;
  two_drivers.driving_per_day = 24 * kHour;
  EXPECT_EQ(TravelTimeBetween(Lommel(), Tartu(), two_drivers), 31 * kHour + 28 * kMinute);
  Travel slow;
  slow.speed_kmh = 32.5;
  slow.road_factor = 1;
  EXPECT_EQ(TravelTimeBetween(Lommel(), Kortrijk(), slow), 5 * kHour + 20 * kMinute);
}

TEST(TravelTimeBetweenTest, IsInFullMinutesAndNeverTooShort) {
  std::mt19937 random(2);
  for (int i = 0; i < 300; ++i) {
    const auto roll = [&random](double most) {
      return most * static_cast<double>(random() % 997) / 997;
    };
    const Site from = SiteAt("from", 45 + roll(10), 1 + roll(15));
    const Site to = SiteAt("to", 45 + roll(10), 1 + roll(15));
    Travel travel;
    travel.speed_kmh = 20 + roll(100);
    travel.road_factor = 1 + roll(1);
    travel.driving_per_day = kHour * (1 + static_cast<Seconds>(random() % 24));
    const double driving = DistanceKm(from, to) * travel.road_factor / travel.speed_kmh * kHour;
    const Seconds whole = static_cast<Seconds>(std::floor(driving));
    const Seconds found = TravelTimeBetween(from, to, travel);
    EXPECT_EQ(found % kMinute, 0);
    EXPECT_GE(found, WithRests(whole, travel.driving_per_day));
    EXPECT_LT(found, WithRests(whole + 1, travel.driving_per_day) + kMinute);
  }
}

TEST(TravelTimeBetweenTest, IsNothingWithinASiteAndWithoutLocation) {
  const Travel usual;
  EXPECT_EQ(TravelTimeBetween(Lommel(), Lommel(), usual), 0);
  EXPECT_EQ(TravelTimeBetween(Lommel(), support::MakeSite("nowhere"), usual), 0);
  EXPECT_EQ(TravelTimeBetween(support::MakeSite("nowhere"), Lommel(), usual), 0);
}

TEST(TravelTimeBetweenTest, IsAsOneOfTheSitesSays) {
  const Travel usual;
  Site lommel = Lommel();
  Site tartu = Tartu();
  Site nowhere = support::MakeSite("nowhere");
  lommel.travel_times["tartu"] = 40 * kHour + 1;
  EXPECT_EQ(TravelTimeBetween(lommel, tartu, usual), 40 * kHour + 1);
  EXPECT_EQ(TravelTimeBetween(tartu, lommel, usual), 40 * kHour + 1);
  // The other one says something else: each way has its own.
  tartu.travel_times["lommel"] = 50 * kHour;
  EXPECT_EQ(TravelTimeBetween(lommel, tartu, usual), 40 * kHour + 1);
  EXPECT_EQ(TravelTimeBetween(tartu, lommel, usual), 50 * kHour);
  // What is said holds without a location too, and nothing is something to say.
  nowhere.travel_times["lommel"] = kHour;
  EXPECT_EQ(TravelTimeBetween(lommel, nowhere, usual), kHour);
  lommel.travel_times["nowhere"] = 0;
  EXPECT_EQ(TravelTimeBetween(lommel, nowhere, usual), 0);
  EXPECT_EQ(TravelTimeBetween(nowhere, lommel, usual), kHour);
}

TEST(TravelTimeOfPeopleTest, HasNoRestsAndIsUnknownWithoutALocation) {
  Site lommel = Lommel();
  Site tartu = Tartu();
  const Site nowhere = support::MakeSite("nowhere");
  EXPECT_EQ(TravelTimeOfPeople(lommel, lommel), 0);
  const Seconds way = TravelTimeOfPeople(lommel, tartu).value();
  EXPECT_EQ(way % kMinute, 0);
  EXPECT_NEAR(static_cast<double>(way), DistanceKm(lommel, tartu) * 1.3 / 65 * kHour, kMinute);
  EXPECT_LT(way, TravelTimeBetween(lommel, tartu, Travel()));
  EXPECT_EQ(TravelTimeOfPeople(lommel, nowhere), std::nullopt);
  EXPECT_EQ(TravelTimeOfPeople(nowhere, nowhere), 0);
  lommel.travel_times["nowhere"] = kHour;
  tartu.travel_times["lommel"] = 20 * kHour;
  EXPECT_EQ(TravelTimeOfPeople(nowhere, lommel), kHour);
  EXPECT_EQ(TravelTimeOfPeople(lommel, tartu), 20 * kHour);
}

}  // namespace
}  // namespace labslot
