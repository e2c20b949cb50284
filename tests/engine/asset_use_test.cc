// What is known of an asset in a period: as it was then, with outages, ways and those
// whom it cannot be shared with.

#include "daemon/engine/asset_use.h"

#include <gtest/gtest.h>

#include "daemon/domain/names.h"
#include "tests/engine/table.h"
#include "tests/engine/use_words.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/use_source.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;
using support::MakeSite;
using support::Span;

class AssetUseTest : public testing::Test {
 protected:
  AssetUseTest() {
    Site lommel = MakeSite("lommel");
    lommel.travel_times = {{"kortrijk", 3 * kHour}};
    Site kortrijk = MakeSite("kortrijk");
    world_.Add(kortrijk);
    world_.Add(lommel);
    world_.Add(support::MakeAsset("oven"));
    world_.Add(support::MakePool("cups", 3));
    world_.Add(support::MakeAsset("line"));
    world_.Add(support::MakeAsset("cell"));
    world_.Add(support::MakeMobile("lab"));
  }

  AssetUse Use(const std::string& asset, const Interval& period) {
    support::WorldUse source(world_);
    const auto epochs = source.Epochs(period);
    return UseOf(SpansOf(epochs, asset), source.All(asset), world_.now, source,
                 [](const Occupancy&) { return 0; });
  }

  UseSeconds Row(const std::string& asset) {
    UseSeconds row;
    Partition(Use(asset, monday_), {monday_},
              [&](size_t, const std::vector<UseSeconds>& rows) { row = rows.at(0); });
    return row;
  }

  // On Monday, in minutes.
  std::string States(const std::string& asset) { return Minutes(Row(asset)); }

  const Interval monday_ = Span("mon 0:00-24:00");
  support::World world_;
  support::Script script_{world_};
};

TEST_F(AssetUseTest, CapacityHoldsFromItsChangeOn) {
  EXPECT_EQ(States("cups"), "available 4320");
  world_.now = At("mon 12:00");
  ASSERT_TRUE(world_.Replace(support::MakePool("cups", 5)).ok());
  EXPECT_EQ(States("cups"), "available 5760");
  world_.now = At("tue 12:00");
  ASSERT_TRUE(world_.Replace(support::MakePool("cups", 9)).ok());
  EXPECT_EQ(States("cups"), "available 5760");
}

TEST_F(AssetUseTest, ANewAssetIsAccountedForSinceItsCreation) {
  world_.now = At("mon 6:00");
  world_.Add(support::MakeAsset("press"));
  EXPECT_EQ(States("press"), "available 1080");
}

TEST_F(AssetUseTest, ARetiredAssetIsAccountedForUntilItsRetirement) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00  -> ok
    now mon 15:00
  )");
  ASSERT_TRUE(world_.Run(DeleteRecord{kAssets, "oven"}).ok());
  world_.now = At("tue 9:00");
  EXPECT_EQ(States("oven"), "used 180, available 720");
  support::WorldUse source(world_);
  EXPECT_TRUE(SpansOf(source.Epochs(Span("tue 0:00-24:00")), "oven").empty());
  EXPECT_TRUE(SpansOf(source.Epochs(monday_), "none").empty());
}

TEST_F(AssetUseTest, HoursHoldFromTheirChangeOn) {
  world_.now = At("mon 12:00");
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar = support::Office();
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_EQ(States("oven"), "closed 420, available 1020");
  EXPECT_EQ(Row("oven").open, 17 * kHour);
}

TEST_F(AssetUseTest, HolidaysHoldFromTheirChangeOn) {
  world_.Add(support::MakeRegion("be", {}));
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar = support::Hours("mon-sun", "0:00-24:00");
  lommel.calendar->holiday_region = "be";
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_EQ(States("oven"), "available 1440");
  world_.now = At("mon 12:00");
  UpdateRecord<HolidayRegion> update;
  update.id = "be";
  update.patch = [](const HolidayRegion& current) -> Result<HolidayRegion> {
    HolidayRegion next = current;
    next.holidays = {support::Feast("2027-03-01", "the day of the oven")};
    return next;
  };
  ASSERT_TRUE(world_.Run(update).ok());
  EXPECT_EQ(States("oven"), "closed 720, available 720");
}

TEST_F(AssetUseTest, WhatChangesNothingOfItMakesNoSpan) {
  world_.now = At("mon 12:00");
  ASSERT_TRUE(world_.Replace(support::MakePool("cups", 5)).ok());
  world_.Add(support::MakeAsset("press"));
  support::WorldUse source(world_);
  const auto epochs = source.Epochs(monday_);
  EXPECT_EQ(epochs.size(), 2u);
  EXPECT_EQ(SpansOf(epochs, "oven").size(), 1u);
  EXPECT_EQ(SpansOf(epochs, "cups").size(), 2u);
  EXPECT_EQ(SpansOf(epochs, "press").size(), 1u);
}

TEST_F(AssetUseTest, ARelativeBlocksItWhileItIsOne) {
  EXPECT_TABLE(script_, "r1: book cell @ mon 11:00-14:00 -> ok");
  EXPECT_EQ(States("line"), "available 1440");
  world_.now = At("mon 12:00");
  ASSERT_TRUE(world_.Replace(support::MakeChild("cell", "line")).ok());
  EXPECT_EQ(States("line"), "blocked 120, available 1320");
  world_.now = At("tue 9:00");
  EXPECT_EQ(States("cell"), "used 180, available 1260");
}

TEST_F(AssetUseTest, ARelativeBlocksItUntilItIsBack) {
  ASSERT_TRUE(world_.Replace(support::MakeChild("cell", "line")).ok());
  Asset cell = *world_.catalogue().FindAsset("cell");
  cell.tear_down = 1800;
  ASSERT_TRUE(world_.Replace(cell).ok());
  EXPECT_TABLE(script_, R"(
    r1: book cell @ mon 9:00-12:00  -> ok
    now mon 9:00
    checkin r1                      -> ok
    now mon 10:00
    checkout r1                     -> ok
    now mon 13:00
  )");
  EXPECT_EQ(States("line"), "blocked 90, available 1350");
  EXPECT_EQ(States("cell"), "used 60, changeover 30, idle 90, available 1260");
}

TEST_F(AssetUseTest, OutagesAreThoseOfTheAssetAndOfItsWholeAndItsParts) {
  ASSERT_TRUE(world_.Replace(support::MakeChild("cell", "line")).ok());
  EXPECT_TABLE(script_, R"(
    outage o1 cell @ mon 9:00-10:00 planned yes   -> ok
    outage o2 cups*1 @ mon 9:00-11:00             -> ok
    outage o3 cups*2 @ mon 10:00-11:00 planned yes -> ok
  )");
  EXPECT_EQ(States("cell"), "planned 60, available 1380");
  EXPECT_EQ(States("line"), "planned 60, available 1380");
  EXPECT_EQ(States("cups"), "broken 120, planned 120, available 4080");
}

TEST_F(AssetUseTest, AMobileAssetIsOnItsWayAndOpenWhereItIs) {
  // At home it would be open from 8:00 to 17:00; it is away from 12:00 to 22:00.
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar = support::Office();
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_TABLE(script_, "r1: book lab @ mon 15:00-19:00 at kortrijk -> ok");
  EXPECT_EQ(States("lab"), "travel 360, booked 240, closed 600, available 240");
  EXPECT_EQ(Row("lab").open, 11 * kHour);
  EXPECT_EQ(Row("lab").reserved_open, 4 * kHour);
}

TEST_F(AssetUseTest, AMobileAssetThatIsBackEarlyGoesHomeEarly) {
  EXPECT_TABLE(script_, R"(
    r1: book lab @ mon 12:00-16:00 at kortrijk -> ok
    now mon 12:00
    checkin r1                                 -> ok
    now mon 13:00
    checkout r1                                -> ok
    now mon 23:00
  )");
  // On its way from 9:00 and from 13:00 to 16:00, of which nothing is idle.
  EXPECT_EQ(States("lab"), "used 60, travel 360, available 1020");
}

TEST_F(AssetUseTest, WaysAreCountedOnceOverSeveralSpans) {
  EXPECT_TABLE(script_, R"(
    r1: book lab @ mon 12:00-16:00 at kortrijk -> ok
    now mon 10:00
  )");
  ASSERT_TRUE(world_.Replace(support::MakePool("cups", 5)).ok());
  world_.now = At("mon 17:00");
  ASSERT_TRUE(world_.Replace(support::MakePool("cups", 6)).ok());
  world_.now = At("mon 23:00");
  EXPECT_EQ(States("lab"), "used 240, travel 360, available 840");
}

}  // namespace
}  // namespace labslot::engine
