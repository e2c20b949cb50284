// Units of pools: bound at check-in, and bound anew when they break.

#include <gtest/gtest.h>

#include "daemon/engine/units.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Script;
using support::World;

class UnitsTest : public testing::Test {
 protected:
  UnitsTest() {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    Asset rigs = support::MakePool("rigs", 3);
    rigs.units = {{"rig-1", ""}, {"rig-2", ""}, {"rig-3", ""}};
    world_.Add(rigs);
    world_.Add(support::MakePool("plain", 3));
  }

  std::string UnitsOf(const std::string& label) {
    return UnitsInWords(world_.reservation(script_.id(label)), "rigs");
  }

  World world_;
  Script script_{world_};
};

TEST_F(UnitsTest, TheyAreBoundAtCheckInAndNotBefore) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00        -> ok
    r2: book rigs @ mon 9:00-12:00 by bob   -> ok
    now mon 9:00
  )");
  EXPECT_EQ(UnitsOf("r1"), "");
  EXPECT_TABLE(script_, "checkin r2 by bob units rigs=rig-2 -> ok\n checkin r1 -> ok");
  EXPECT_EQ(UnitsOf("r2"), "rig-2");
  EXPECT_EQ(UnitsOf("r1"), "rig-1, rig-3");
}

TEST_F(UnitsTest, AUnitIsHandedOutOnce) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00                    -> ok
    r2: book rigs @ mon 11:00-13:00 by bob            -> ok
    r3: book rigs @ mon 12:00-13:00 by bob            -> ok
    r4: book plain @ mon 9:00-12:00                   -> ok
    now mon 9:00
    checkin r1 units rigs=rig-1                       -> ok
    checkin r4                                        -> ok
    now mon 11:00
    checkin r2 by bob units rigs=rig-1                -> unit_not_free rigs [r1]
    checkin r2 by bob units rigs=rig-9                -> invalid units
    checkin r2 by bob units rigs=rig-2+rig-3          -> invalid units
    checkin r2 by bob units plain=rig-2               -> invalid units
    checkin r2 by bob units rigs=rig-3                -> ok
    now mon 11:50
    # It may be back by the time that the next run starts, and is not yet.
    checkin r3 by bob units rigs=rig-1                -> unit_not_free rigs [r1]
    checkout r1                                       -> ok
    checkin r3 by bob units rigs=rig-1                -> ok
  )");
}

TEST_F(UnitsTest, ABrokenUnitIsBoundAnewAndNothingIsCancelled) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00                    -> ok
    now mon 9:00
    checkin r1 units rigs=rig-2                       -> ok
    outage o1 rigs @ mon 10:00-17:00 units rig-2      -> ok: r1 rebound
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-1");
  EXPECT_TABLE(script_, R"(
    r2: book rigs @ mon 10:00-12:00 by bob            -> ok
    now mon 10:00
    checkin r2 by bob units rigs=rig-2                -> unit_not_free rigs
    checkin r2 by bob                                 -> ok
  )");
  EXPECT_EQ(UnitsOf("r2"), "rig-3");
}

TEST_F(UnitsTest, AUnitThatSomebodyGivesBackIsFreeFromThenOn) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00                  -> ok
    r2: book rigs @ mon 9:00-12:00 by bob             -> ok
    now mon 9:00
    checkin r1 units rigs=rig-2+rig-3                 -> ok
    checkin r2 by bob units rigs=rig-1                -> ok
    now mon 10:00
    outage o1 rigs @ mon 9:30-17:00 units rig-2       -> ok: r2 cut short, r1 rebound
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-3, rig-1");
}

TEST_F(UnitsTest, WhatIsNotCheckedInHasNoUnitAndOnlyTheirNumberCounts) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00                  -> ok
    r2: book rigs @ mon 9:00-10:00 by bob             -> ok
    outage o1 rigs @ mon 8:00-17:00 units rig-2       -> ok: r2 wait-listed
  )");
}

}  // namespace
}  // namespace labslot::engine
