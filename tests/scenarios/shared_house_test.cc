// Pools, lines and bundles that organisations share, as stories.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot {
namespace {

using support::Script;
using support::World;
using ::testing::ElementsAre;

class SharedHouseTest : public testing::Test {
 protected:
  SharedHouseTest() {
    for (const char* site : {"leuven", "kortrijk", "eindhoven"}) {
      world_.Add(support::MakeSite(site, "Europe/Brussels"));
    }
    world_.Add(support::MakeOrganisation("spinoff"));
    world_.Add(support::MakeUser("sue", {"spinoff"}));
    User coordinator = support::MakeUser("cor", {"acme"});
    coordinator.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kSite, "leuven")};
    world_.Add(coordinator);
    world_.Add(support::MakePool("rigs", 7, "leuven"));
    world_.Add(support::MakeAsset("factory-be", "kortrijk"));
    world_.Add(support::MakeAsset("factory-nl", "eindhoven"));
    world_.Add(support::MakeAsset("line", "leuven"));
    for (const char* cell : {"cell-1", "cell-2", "cell-3", "cell-4"}) {
      world_.Add(support::MakeChild(cell, "line", "leuven"));
    }
  }

  World world_;
  Script script_{world_};
};

TEST_F(SharedHouseTest, TheEighthRigIsRefusedWithAllThatStandInTheWay) {
  EXPECT_THAT(script_.Run(R"(
    r1: book rigs @ mon 9:00-17:00         -> ok
    r2: book rigs @ mon 9:00-17:00         -> ok
    r3: book rigs @ mon 9:00-17:00         -> ok
    r4: book rigs @ mon 9:00-17:00         -> ok
    r5: book rigs @ mon 9:00-17:00         -> ok
    r6: book rigs @ mon 9:00-17:00         -> ok
    r7: book rigs @ mon 9:00-17:00         -> ok
    book rigs @ mon 9:00-17:00             -> capacity_exceeded rigs [r1 r2 r3 r4 r5 r6 r7]
    # To another organisation it is full as well, and no more.
    book rigs @ mon 16:59-18:00 by sue     -> capacity_exceeded rigs [? ? ? ? ? ? ?]
    book rigs*7 @ mon 17:00-18:00 by sue   -> ok
    move r3 @ tue 9:00-17:00               -> ok
    book rigs @ mon 9:00-17:00 by sue      -> ok
  )"),
              ElementsAre());
}

TEST_F(SharedHouseTest, AFactoryInTwoCountriesIsBookedWholeOrNotAtAll) {
  EXPECT_THAT(script_.Run(R"(
    r1: book factory-nl @ mon 13:00-14:00 by sue          -> ok
    book factory-be,factory-nl @ mon 9:00-17:00           -> capacity_exceeded factory-nl [?]
    book factory-be @ mon 9:00-17:00 hold 600             -> ok
    cancel r1 by sue                                      -> ok
    r2: book factory-be,factory-nl @ mon 17:00-18:00      -> ok
    book factory-nl @ mon 17:30-18:30                     -> capacity_exceeded factory-nl [r2]
  )"),
              ElementsAre());
}

TEST_F(SharedHouseTest, CellsRunSideBySideUntilTheLineIsNeededWhole) {
  EXPECT_THAT(script_.Run(R"(
    c1: book cell-1 @ mon 9:00-12:00                  -> ok
    c2: book cell-2 @ mon 9:00-12:00 by sue           -> ok
    book line @ mon 11:00-13:00                       -> related_asset_busy line [c1 ?]
    w: book line @ mon 12:00-13:00                    -> ok
    move c1 @ mon 9:00-12:30                          -> related_asset_busy cell-1 [w]
    book cell-3,cell-4 @ mon 12:30-13:00              -> related_asset_busy cell-3 [w]; related_asset_busy cell-4 [w]
    book cell-3,cell-4 @ mon 13:00-14:00 by cor for sue -> ok
    book line,cell-1 @ tue 9:00-10:00                 -> invalid reservation.items[1].asset
  )"),
              ElementsAre());
}

TEST_F(SharedHouseTest, AHoldThatNobodyConfirmsGivesItsPlaceBack) {
  EXPECT_THAT(script_.Run(R"(
    h1: book line @ mon 9:00-10:00 hold 900           -> ok
    book cell-1 @ mon 9:00-10:00 by sue               -> related_asset_busy cell-1 [?]
    now 2027-02-28 12:15
    expire h1                                         -> ok
    book cell-1 @ mon 9:00-10:00 by sue               -> ok
    confirm h1                                        -> state_forbids_change
  )"),
              ElementsAre());
}

}  // namespace
}  // namespace labslot
