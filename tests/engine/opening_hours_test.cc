// Opening hours, holidays and places, judged where the asset is.

#include <gtest/gtest.h>

#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Hours;
using support::MakeAsset;
using support::MakeMobile;
using support::MakeSite;
using support::Office;
using support::Script;
using support::World;

class OpeningHoursTest : public testing::Test {
 protected:
  OpeningHoursTest() {
    Site lommel = MakeSite("lommel");
    lommel.calendar = Office();
    world_.Add(lommel);
    world_.Add(MakeAsset("oven"));
  }

  World world_;
  Script script_{world_};
};

TEST_F(OpeningHoursTest, ARunStartsAtOpeningAndEndsAtClosing) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 8:00-17:00             -> ok
    book oven @ wed 9:00-thu 9:00          -> outside_opening_hours oven
    book oven @ tue 7:59:59-9:00           -> outside_opening_hours oven
    book oven @ tue 16:00-17:00:01         -> outside_opening_hours oven
    book oven @ tue 16:00-17:00            -> ok
    book oven @ sat 9:00-10:00             -> outside_opening_hours oven
  )");
}

TEST_F(OpeningHoursTest, ChangeoverMayLieOutside) {
  Asset slow = MakeAsset("slow");
  slow.set_up = 3600;
  slow.tear_down = 3600;
  world_.Add(slow);
  EXPECT_TABLE(script_, "book slow @ mon 8:00-17:00 -> ok");
}

TEST_F(OpeningHoursTest, AHoleOfOneMinuteIsNotBridged) {
  Asset asset = MakeAsset("hole");
  asset.calendar = Hours("mon", "8:00-12:00");
  asset.calendar->weekly.push_back(support::Weekly("mon", "12:01-17:00"));
  world_.Add(asset);
  EXPECT_TABLE(script_, R"(
    book hole @ mon 11:00-13:00            -> outside_opening_hours hole
    book hole @ mon 11:00-12:00            -> ok
    book hole @ mon 12:01-13:00            -> ok
  )");
}

TEST_F(OpeningHoursTest, TouchingWindowsAreOne) {
  Asset asset = MakeAsset("shifts");
  asset.calendar = Hours("mon-sun", "6:00-14:00");
  asset.calendar->weekly.push_back(support::Weekly("mon-sun", "14:00-22:00"));
  asset.calendar->weekly.push_back(support::Weekly("mon-sun", "22:00-6:00"));
  world_.Add(asset);
  EXPECT_TABLE(script_, "book shifts @ mon 7:00-sat 7:00 -> ok");
}

TEST_F(OpeningHoursTest, WhoMaySpanClosedTimeStillStartsAndEndsInside) {
  Asset asset = MakeAsset("kiln");
  asset.may_span_closed_time = true;
  world_.Add(asset);
  EXPECT_TABLE(script_, R"(
    book kiln @ mon 16:00-tue 9:00         -> ok
  )");
}

TEST_F(OpeningHoursTest, SpanningEndsAtClosingButNotInTheNight) {
  Asset asset = MakeAsset("kiln");
  asset.may_span_closed_time = true;
  world_.Add(asset);
  EXPECT_TABLE(script_, R"(
    book kiln @ 2027-03-05 16:00/2027-03-08 17:00   -> ok
    book kiln @ 2027-03-02 16:00/2027-03-02 23:00   -> outside_opening_hours kiln
    book kiln @ 2027-03-02 17:00/2027-03-03 9:00    -> outside_opening_hours kiln
    book kiln @ 2027-03-02 16:59/2027-03-03 8:00    -> outside_opening_hours kiln
    book kiln @ 2027-03-02 16:59/2027-03-03 8:00:01 -> ok
    book kiln @ 2027-03-04 7:00/2027-03-04 9:00     -> outside_opening_hours kiln
  )");
}

TEST_F(OpeningHoursTest, TheAssetsOwnCalendarHoldsInsteadOfTheSites) {
  Asset night = MakeAsset("night");
  night.calendar = Hours("mon-fri", "22:00-6:00");
  world_.Add(night);
  Asset always = MakeAsset("always");
  always.calendar = Calendar();
  world_.Add(always);
  EXPECT_TABLE(script_, R"(
    book night @ mon 22:00-tue 6:00        -> ok
    book night @ tue 12:00-13:00           -> outside_opening_hours night
    book night @ 2027-03-06 4:00/2027-03-06 6:00 -> ok
    book night @ 2027-03-07 4:00/2027-03-07 6:00 -> outside_opening_hours night
    book always @ sat 0:00-sun 24:00       -> ok
  )");
}

TEST_F(OpeningHoursTest, EveryItemMustBeOpen) {
  Asset night = MakeAsset("night");
  night.calendar = Hours("mon-sun", "12:00-20:00");
  world_.Add(night);
  EXPECT_TABLE(script_, R"(
    book oven,night @ mon 9:00-10:00       -> outside_opening_hours night
    book oven,night @ mon 18:00-19:00      -> outside_opening_hours oven
    book oven,night @ mon 21:00-22:00      -> outside_opening_hours oven; outside_opening_hours night
    book oven,night @ mon 12:00-17:00      -> ok
  )");
}

TEST_F(OpeningHoursTest, HolidaysOfTheRegionClose) {
  world_.Add(support::MakeRegion("be", {support::Feast("2027-03-29", "Easter Monday")}));
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar->holiday_region = "be";
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-29 9:00/2027-03-29 10:00 -> outside_opening_hours oven
    book oven @ 2027-03-30 9:00/2027-03-30 10:00 -> ok
  )");
  const auto refused = world_.Book(
      support::Draft({support::Item("oven")}, support::Span("2027-03-29 9:00/2027-03-29 10:00")));
  ASSERT_FALSE(refused.ok());
  const Violation& violation = refused.error().refusal->violations.at(0);
  EXPECT_THAT(violation.message + violation.found + violation.limit,
              testing::HasSubstr("Easter Monday"));
}

TEST_F(OpeningHoursTest, TheSeventeenthOfNovemberIsClosedInSaxonyAndCzechiaOnly) {
  world_.Add(support::MakeRegion("sn", {support::Feast("2027-11-17", "Buss- und Bettag")}));
  world_.Add(support::MakeRegion("cz", {support::Feast("2027-11-17", "Freedom Day")}));
  world_.Add(support::MakeRegion("ee", {support::Feast("2027-06-24", "Jaanipaev")}));
  const struct {
    const char* id;
    const char* zone;
    const char* region;
  } sites[] = {{"chemnitz", "Europe/Berlin", "sn"},
               {"brno", "Europe/Prague", "cz"},
               {"tartu", "Europe/Tallinn", "ee"}};
  for (const auto& row : sites) {
    Site site = MakeSite(row.id, row.zone);
    site.calendar = Office();
    site.calendar->holiday_region = row.region;
    world_.Add(site);
    world_.Add(MakeAsset(std::string("lab-") + row.id, row.id));
  }
  EXPECT_TABLE(script_, R"(
    book lab-chemnitz @ 2027-11-17 9:00/2027-11-17 10:00 -> outside_opening_hours lab-chemnitz
    book lab-brno @ 2027-11-17 9:00/2027-11-17 10:00     -> outside_opening_hours lab-brno
    book lab-tartu @ 2027-11-17 9:00/2027-11-17 10:00    -> ok
    book oven @ 2027-11-17 9:00/2027-11-17 10:00         -> ok
    book lab-tartu @ 2027-06-24 9:00/2027-06-24 10:00    -> outside_opening_hours lab-tartu
    book lab-brno @ 2027-06-24 9:00/2027-06-24 10:00     -> ok
  )");
}

TEST_F(OpeningHoursTest, HoursAreJudgedInTheZoneOfThePlace) {
  Site tartu = MakeSite("tartu", "Europe/Tallinn");
  tartu.calendar = Office();
  world_.Add(tartu);
  world_.Add(MakeAsset("mill", "tartu"));
  // Tartu is an hour ahead of Brussels, in which the table is written.
  EXPECT_TABLE(script_, R"(
    book mill @ mon 7:00-16:00             -> ok
    book mill @ tue 16:00-17:00            -> outside_opening_hours mill
    book mill @ tue 6:59-8:00              -> outside_opening_hours mill
  )");
}

TEST_F(OpeningHoursTest, AMobileAssetNeedsASiteAndTakesItsHours) {
  Site tartu = MakeSite("tartu", "Europe/Tallinn");
  tartu.calendar = Office();
  world_.Add(tartu);
  world_.Add(MakeSite("farm", "Europe/Brussels"));
  world_.Add(MakeMobile("truck"));
  EXPECT_TABLE(script_, R"(
    book truck @ mon 9:00-10:00                 -> site_required truck
    r1: book truck @ mon 7:00-8:00 at tartu     -> ok
    book truck @ mon 7:00-8:00 at lommel        -> outside_opening_hours truck; capacity_exceeded truck [r1]
    book truck @ sat 3:00-4:00 at farm          -> ok
  )");
}

TEST_F(OpeningHoursTest, AFixedAssetStaysWhereItIs) {
  world_.Add(MakeSite("gent"));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 at gent         -> site_mismatch oven
    book oven @ mon 9:00-10:00 at lommel       -> ok
  )");
}

TEST_F(OpeningHoursTest, EachOfSeveralFixedAssetsStaysWhereItIs) {
  world_.Add(MakeSite("gent"));
  world_.Add(MakeAsset("kiln", "gent"));
  EXPECT_TABLE(script_, R"(
    book oven,kiln @ mon 9:00-10:00 at lommel  -> site_mismatch kiln
    book kiln,oven @ mon 9:00-10:00 at lommel  -> site_mismatch kiln
    book oven,kiln @ mon 9:00-10:00            -> ok
  )");
}

TEST_F(OpeningHoursTest, ABundleMayJoinAMobileAssetAwayAndAFixedOneAtHome) {
  world_.Add(MakeSite("gent"));
  world_.Add(MakeMobile("truck"));
  EXPECT_TABLE(script_, R"(
    book truck,oven @ mon 9:00-10:00           -> site_required truck
    book truck,oven @ mon 9:00-10:00 at gent   -> ok
    book truck,oven @ sat 9:00-10:00 at gent   -> outside_opening_hours oven
  )");
}

TEST_F(OpeningHoursTest, ABookingOverTheSwitchLastsItsRealTime) {
  Asset always = MakeAsset("always");
  always.calendar = Calendar();
  world_.Add(always);
  EXPECT_TABLE(script_, R"(
    r1: book always @ 2027-03-27 8:00/2027-03-28 8:00 -> ok
    r2: book always @ 2027-10-30 8:00/2027-10-31 8:00 -> ok
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).interval.length(), 23 * 3600);
  EXPECT_EQ(world_.reservation(script_.id("r2")).interval.length(), 25 * 3600);
}

}  // namespace
}  // namespace labslot::engine
