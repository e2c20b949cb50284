// Parents, children and exclusion groups.

#include <gtest/gtest.h>

#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::MakeAsset;
using support::MakeChild;
using support::MakeSite;
using support::Script;
using support::World;

// line > cell-a > robot, line > cell-b; microscope and laser share a bench.
class RelationsTest : public testing::Test {
 protected:
  RelationsTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeAsset("line"));
    world_.Add(MakeChild("cell-a", "line"));
    world_.Add(MakeChild("cell-b", "line"));
    world_.Add(MakeChild("robot", "cell-a"));
    Asset pool = MakeChild("tools", "cell-b");
    pool.capacity_kind = CapacityKind::kPool;
    pool.capacity = 4;
    world_.Add(pool);
    for (const char* id : {"laser", "scope"}) {
      Asset asset = MakeAsset(id);
      asset.exclusion_groups = {"bench"};
      world_.Add(asset);
    }
    world_.Add(MakeAsset("other"));
  }

  World world_;
  Script script_{world_};
};

TEST_F(RelationsTest, AChildBlocksItsParentAndNotItsSibling) {
  EXPECT_TABLE(script_, R"(
    r1: book cell-a @ mon 9:00-10:00       -> ok
    book line @ mon 9:30-11:00             -> related_asset_busy line [r1]
    book cell-b @ mon 9:00-10:00           -> ok
    book other @ mon 9:00-10:00            -> ok
    book line @ mon 10:00-11:00            -> ok
  )");
}

TEST_F(RelationsTest, AParentBlocksChildrenAndGrandchildren) {
  EXPECT_TABLE(script_, R"(
    r1: book line @ mon 9:00-10:00         -> ok
    book cell-a @ mon 9:00-10:00           -> related_asset_busy cell-a [r1]
    book robot @ mon 9:00-10:00            -> related_asset_busy robot [r1]
    book tools*2 @ mon 9:59-10:30          -> related_asset_busy tools [r1]
    book robot @ mon 10:00-11:00           -> ok
  )");
}

TEST_F(RelationsTest, AGrandchildBlocksItsGrandparent) {
  EXPECT_TABLE(script_, R"(
    r1: book robot @ mon 9:00-10:00        -> ok
    book line @ mon 9:00-10:00             -> related_asset_busy line [r1]
    book cell-a @ mon 9:00-10:00           -> related_asset_busy cell-a [r1]
    book cell-b @ mon 9:00-10:00           -> ok
    book robot @ mon 9:30-9:40             -> capacity_exceeded robot [r1]
  )");
}

TEST_F(RelationsTest, OneUnitOfAChildPoolBlocksTheParentButNotTheOtherUnits) {
  EXPECT_TABLE(script_, R"(
    r1: book tools*1 @ mon 9:00-10:00      -> ok
    book cell-b @ mon 9:00-10:00           -> related_asset_busy cell-b [r1]
    book line @ mon 9:00-10:00             -> related_asset_busy line [r1]
    book tools*3 @ mon 9:00-10:00          -> ok
    book cell-a @ mon 9:00-10:00           -> ok
  )");
}

TEST_F(RelationsTest, AssetsOfAGroupExcludeEachOther) {
  EXPECT_TABLE(script_, R"(
    r1: book laser @ mon 9:00-10:00        -> ok
    book scope @ mon 9:30-10:30            -> related_asset_busy scope [r1]
    book scope @ mon 10:00-11:00           -> ok
    book other @ mon 9:30-10:30            -> ok
  )");
}

TEST_F(RelationsTest, GroupsAreNotTransitive) {
  Asset bridge = MakeAsset("bridge");
  bridge.exclusion_groups = {"left", "right"};
  world_.Add(bridge);
  for (const char* side : {"left", "right"}) {
    Asset asset = MakeAsset(side);
    asset.exclusion_groups = {side};
    world_.Add(asset);
  }
  EXPECT_TABLE(script_, R"(
    r1: book left @ mon 9:00-10:00         -> ok
    r2: book right @ mon 9:00-10:00        -> ok
    book bridge @ mon 9:00-10:00           -> related_asset_busy bridge [r1 r2]
  )");
}

TEST_F(RelationsTest, TheChangeoverOfARelativeCounts) {
  Asset slow = MakeChild("slow", "line");
  slow.set_up = 3600;
  slow.tear_down = 1800;
  world_.Add(slow);
  EXPECT_TABLE(script_, R"(
    r1: book slow @ mon 9:00-10:00         -> ok
    book line @ mon 10:00-11:00            -> related_asset_busy line [r1]
    book line @ mon 10:30-11:00            -> ok
    book line @ mon 7:00-8:30              -> related_asset_busy line [r1]
    book line @ mon 7:00-8:00              -> ok
  )");
}

TEST_F(RelationsTest, HoldsBlockRelativesToo) {
  EXPECT_TABLE(script_, R"(
    r1: book robot @ mon 9:00-10:00 hold 600  -> ok
    book line @ mon 9:00-10:00                -> related_asset_busy line [r1]
    cancel r1                                 -> ok
    book line @ mon 9:00-10:00                -> ok
  )");
}

TEST_F(RelationsTest, AMoveDoesNotConflictWithItsOwnRelatives) {
  EXPECT_TABLE(script_, R"(
    r1: book cell-a,cell-b @ mon 9:00-10:00   -> ok
    move r1 @ mon 9:30-10:30                  -> ok
    items r1 line                             -> ok
    items r1 robot,tools*2                    -> ok
    book cell-a @ mon 9:30-10:00              -> related_asset_busy cell-a [r1]
  )");
}

TEST_F(RelationsTest, SeveralReasonsOfOneAssetAreAllTold) {
  EXPECT_TABLE(script_, R"(
    r1: book cell-a @ mon 9:00-10:00       -> ok
    r2: book robot @ mon 10:00-11:00       -> ok
    r3: book cell-b @ mon 9:00-9:30        -> ok
    book cell-a @ mon 9:30-10:30           -> capacity_exceeded cell-a [r1]; related_asset_busy cell-a [r2]
    book line @ mon 9:00-11:00             -> related_asset_busy line [r1 r3 r2]
  )");
}

}  // namespace
}  // namespace labslot::engine
