// Other ways to fulfil a request: choices, like assets, the nearest way out.

#include <gtest/gtest.h>

#include "daemon/engine/placing.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Script;
using support::Span;
using support::World;

class PlacingTest : public testing::Test {
 protected:
  PlacingTest() {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeSite("gent"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    for (const char* id : {"tem", "fib-a", "fib-b"}) {
      Asset asset = support::MakeAsset(id);
      asset.kind = std::string(id).substr(0, 3);
      world_.Add(asset);
    }
    Asset far = support::MakeAsset("fib-far", "gent");
    far.kind = "fib";
    world_.Add(far);
  }

  World world_;
  Script script_{world_};
};

TEST_F(PlacingTest, ChoicesAreTakenInOrder) {
  EXPECT_TABLE(script_, R"(
    r1: book tem,fib-a @ mon 9:00-12:00 or tem,fib-b          -> ok
    where r1                                                  -> tem confirmed mon 09:00-12:00
    r2: book fib-a @ mon 9:00-12:00 by bob or fib-b           -> ok
    where r2                                                  -> fib-b confirmed mon 09:00-12:00
    book fib-a @ mon 9:00-12:00 by bob or fib-b               -> capacity_exceeded fib-a [r1]
    book fib-a @ mon 13:00-14:00 or no-such                   -> not_found
  )");
  // What was asked for first is still a way.
  const std::vector<Choice> expected = {{{support::Item("fib-a")}, Span("mon 9:00-12:00")}};
  EXPECT_EQ(world_.reservation(script_.id("r2")).choices, expected);
}

TEST_F(PlacingTest, ALikeAssetIsOfTheSameKindAtTheSameSite) {
  EXPECT_TABLE(script_, R"(
    r1: book fib-a @ mon 9:00-12:00                           -> ok
    r2: book fib-a @ mon 9:00-12:00 by bob like yes           -> ok
    where r2                                                  -> fib-b confirmed mon 09:00-12:00
    book fib-a @ mon 9:00-12:00 by bob like yes               -> capacity_exceeded fib-a [r1]
  )");
}

TEST_F(PlacingTest, TheNearestIsTheBestOfTheWaysOut) {
  EXPECT_TABLE(script_, R"(
    r1: book fib-a @ mon 9:00-12:00                           -> ok
    r2: book fib-a @ mon 9:00-12:00 by bob nearest yes        -> ok
    where r2                                                  -> fib-b confirmed mon 09:00-12:00
    r3: book tem @ mon 9:00-12:00                             -> ok
    r4: book tem @ mon 10:00-11:00 by bob nearest yes         -> ok
    where r4                                                  -> tem confirmed mon 08:00-09:00
  )");
}

TEST_F(PlacingTest, WhoWaitsGetsAnyPlaceThatWillDo) {
  EXPECT_TABLE(script_, R"(
    r1: book fib-a @ mon 9:00-12:00                           -> ok
    r2: book fib-b @ mon 9:00-12:00                           -> ok
    r3: book fib-a @ mon 9:00-12:00 by bob or fib-b wait yes  -> wait-listed
    cancel r1                                                 -> ok
    where r3                                                  -> fib-a offered mon 09:00-12:00 until sun 22:30
  )");
}

TEST_F(PlacingTest, WhoWaitsIsLookedAtWhenOneOfHisChoicesIsFreed) {
  EXPECT_TABLE(script_, R"(
    r1: book fib-a @ mon 9:00-12:00                           -> ok
    r2: book fib-b @ mon 9:00-12:00                           -> ok
    r3: book fib-a @ mon 9:00-12:00 by bob or fib-b wait yes  -> wait-listed
    cancel r2                                                 -> ok
    where r3                                                  -> fib-b offered mon 09:00-12:00 until sun 22:30
  )");
}

TEST_F(PlacingTest, TheNearestWayOutCostsWhatItsAssetCosts) {
  for (const char* id : {"fib-a", "fib-b"}) {
    UpdateRecord<Asset> update;
    update.id = id;
    const int64_t usual = id == std::string("fib-a") ? 4200 : 10000;
    update.patch = [usual](const Asset& current) -> Result<Asset> {
      Asset next = current;
      next.rates.usual = {"EUR", usual, 0};
      return next;
    };
    ASSERT_TRUE(world_.Run(update).ok());
  }
  EXPECT_TABLE(script_, R"(
    r1: book fib-a @ mon 9:00-12:00                           -> ok
    r2: book fib-a @ mon 9:00-12:00 by bob nearest yes        -> ok
  )");
  const ReservationItem& item = world_.reservation(script_.id("r2")).items.front();
  ASSERT_EQ(item.asset, "fib-b");
  EXPECT_EQ(item.rate.cost_per_hour, 10000);
}

}  // namespace
}  // namespace labslot::engine
