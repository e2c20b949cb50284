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

// Three rigs, of which rig-1 has `eds` and rig-2 has `eds` and `hot`.
class DifferingUnitsTest : public UnitsTest {
 protected:
  DifferingUnitsTest() {
    Asset rigs = *world_.catalogue().FindAsset("rigs");
    rigs.units = Units();
    EXPECT_TRUE(world_.Replace(rigs).ok());
    Policy policy;
    policy.id = "displacement";
    policy.rule = DisplacementRule{.priority_gap = 1, .least_gain = 1, .priority_weight = 1};
    world_.Add(policy);
  }

  void TearDownForAnHour() {
    Asset rigs = *world_.catalogue().FindAsset("rigs");
    rigs.tear_down = support::kHour;
    ASSERT_TRUE(world_.Replace(rigs).ok());
  }

  static std::vector<Unit> Units() {
    return {{"rig-1", "", {{"eds", "yes"}}},
            {"rig-2", "", {{"eds", "yes"}, {"hot", "yes"}}},
            {"rig-3", "", {}}};
  }
};

TEST_F(DifferingUnitsTest, WhoAsksForSomethingGetsUnitsThatHaveIt) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00                        -> ok
    r2: book rigs[eds] @ mon 9:00-12:00 by bob            -> ok
    r3: book rigs[hot] @ mon 9:00-12:00                   -> ok
    now mon 9:00
    checkin r1                                            -> ok
    checkin r2 by bob                                     -> ok
    checkin r3                                            -> ok
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-3") << "which the others cannot use";
  EXPECT_EQ(UnitsOf("r2"), "rig-1");
  EXPECT_EQ(UnitsOf("r3"), "rig-2");
}

TEST_F(DifferingUnitsTest, WhatNoUnitHasIsTooMuchWhateverIsFree) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2[hot] @ mon 9:00-12:00                 -> quantity_above_capacity rigs
    r2: book rigs[cold] @ mon 9:00-12:00                  -> quantity_above_capacity rigs
    r3: book plain[eds] @ mon 9:00-12:00                  -> quantity_above_capacity plain
    r4: book rigs*2[eds] @ mon 9:00-12:00                 -> ok
  )");
}

TEST_F(DifferingUnitsTest, UnitsAreKeptForWhoNeedsThemAndNotBoundBefore) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 9:00-12:00                   -> ok
    r2: book rigs[hot] @ mon 11:00-13:00 by bob           -> no_fitting_unit rigs [r1]
    r3: book rigs[eds] @ mon 11:00-13:00 by bob           -> ok
    r4: book rigs*2 @ mon 9:00-12:00                      -> capacity_exceeded rigs [r1 r3]
    r5: book rigs @ mon 9:00-12:00                        -> ok
    cancel r1                                             -> ok
    r6: book rigs[hot] @ mon 11:00-13:00 by bob           -> ok
  )");
}

TEST_F(DifferingUnitsTest, ARunStaysOnOneUnit) {
  // r1 would have to begin on rig-1 or rig-2 and to go on with rig-3.
  EXPECT_TABLE(script_, R"(
    a: book rigs @ mon 8:00-10:00                         -> ok
    b: book rigs*2[eds] @ mon 10:00-12:00                 -> ok
    c: book rigs[hot] @ mon 8:00-10:00                    -> ok
    now mon 8:00
    checkin a units rigs=rig-3                            -> ok
    r1: book rigs @ mon 8:30-11:00 by bob                 -> no_fitting_unit rigs [a c b]
    r2: book rigs @ mon 8:30-10:00 by bob                 -> ok
  )");
}

TEST_F(DifferingUnitsTest, NobodyIsHandedAUnitThatIsKeptForSomebody) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00                        -> ok
    r2: book rigs[hot] @ mon 11:00-12:00 by bob           -> ok
    now mon 9:00
    checkin r1 units rigs=rig-2                           -> unit_not_free rigs
    checkin r2 by bob units rigs=rig-1                    -> state_forbids_change
    checkin r1 units rigs=rig-1                           -> ok
    now mon 11:00
    checkin r2 by bob units rigs=rig-3                    -> unit_not_free rigs
    checkin r2 by bob units rigs=rig-2                    -> ok
  )");
}

TEST_F(DifferingUnitsTest, AnOutageHitsWhoNeedsWhatIsNotLeft) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 9:00-12:00                   -> ok
    r2: book rigs[eds] @ mon 9:00-12:00 by bob            -> ok
    outage o1 rigs @ mon 8:00-17:00 units rig-2           -> ok: r1 wait-listed
    r3: book rigs[eds] @ mon 9:00-12:00 by bob            -> no_fitting_unit rigs [r2]
    r4: book rigs @ mon 9:00-12:00 by bob                 -> ok
    mend o1                                               -> ok: r1 wait-listed
    where r1                                              -> rigs confirmed mon 09:00-12:00
  )");
}

TEST_F(DifferingUnitsTest, AnOutageMovesWhoIsOnTheUnitToOneThatDoes) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[eds] @ mon 9:00-12:00                   -> ok
    r2: book rigs @ mon 9:00-12:00 by bob                 -> ok
    now mon 9:00
    checkin r1 units rigs=rig-1                           -> ok
    checkin r2 by bob                                     -> ok
    outage o1 rigs @ mon 10:00-17:00 units rig-1          -> ok: r1 rebound
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-2");
}

TEST_F(DifferingUnitsTest, WhoMayDisplaceTakesTheUnitThatHeNeeds) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 9:00-12:00                         -> ok
    r2: book rigs @ mon 9:00-10:00                              -> ok
    r3: book rigs[hot] @ mon 9:00-12:00 by bob priority 3 displace yes -> ok
    where r1                                                    -> rigs displaced mon 09:00-12:00 until mon 09:00
    where r2                                                    -> rigs confirmed mon 09:00-10:00
  )");
}

TEST_F(DifferingUnitsTest, WhoDisplacesMakesRoomBesideWhatIsTornDown) {
  TearDownForAnHour();
  EXPECT_TABLE(script_, R"(
    r0: book rigs*2 @ mon 8:00-9:00                       -> ok
    r1: book rigs[eds] @ mon 9:30-12:00                   -> ok
    now mon 8:00
    checkin r0 units rigs=rig-1+rig-3                     -> ok
    now mon 9:00
    checkout r0                                           -> ok
    r2: book rigs @ mon 9:30-12:00 by bob priority 3 displace yes -> ok
    where r1                                              -> rigs displaced mon 09:30-12:00 until mon 09:30
  )");
}

TEST_F(DifferingUnitsTest, OthersGiveWayTooWhereTheOnlyOneWhoAskedForSomethingDoes) {
  world_.Add(support::MakeAsset("oven"));
  EXPECT_TABLE(script_, R"(
    r1: book oven,rigs[eds] @ mon 9:00-12:00              -> ok
    r2: book rigs*2 @ mon 9:00-12:00                      -> ok
    r3: book oven,rigs*2 @ mon 9:00-12:00 by bob priority 3 displace yes -> ok
    where r2                                              -> rigs displaced mon 09:00-12:00 until mon 09:00
  )");
}

TEST_F(DifferingUnitsTest, WhoWaitsForAUnitIsOfferedIt) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 9:00-12:00                   -> ok
    r2: book rigs[hot] @ mon 9:00-12:00 by bob wait yes   -> wait-listed
    cancel r1                                             -> ok
    accept r2 by bob                                      -> ok
  )");
}

TEST_F(DifferingUnitsTest, UnitsDoNotLoseWhatSomebodyReserved) {
  EXPECT_TABLE(script_, "r1: book rigs[hot] @ mon 9:00-12:00 -> ok");
  Asset rigs = *world_.catalogue().FindAsset("rigs");
  rigs.units[1].labels = {{"eds", "yes"}};
  const auto refused = world_.Replace(rigs);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->violations.at(0).rule, Rule::kBreaksReservations);
  EXPECT_EQ(refused.error().refusal->violations.at(0).conflicts.size(), 1u);
  rigs.units[2].labels = {{"hot", "yes"}};
  EXPECT_TRUE(world_.Replace(rigs).ok()) << "another one has it then";
}

// Bugs that were found, and what showed them.

TEST_F(UnitsTest, WhoHasAUnitIsNotNamedToStrangers) {
  world_.Add(support::MakeOrganisation("other"));
  world_.Add(support::MakeUser("eve", {"other"}));
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00                    -> ok
    r2: book rigs @ mon 9:00-12:00 by eve             -> ok
    now mon 9:00
    checkin r1 units rigs=rig-1                       -> ok
    checkin r2 by eve units rigs=rig-1                -> unit_not_free rigs [?]
  )");
}

TEST_F(DifferingUnitsTest, WhoHadAUnitBeforeDoesNotStandInTheWayOfWhoHasItNow) {
  // r2 is late, and gets the unit that r1 had while his own run had begun.
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 8:00-10:00                   -> ok
    r2: book rigs[eds] @ mon 9:00-12:00 by bob            -> ok
    r3: book rigs[hot] @ mon 12:00-13:00                  -> ok
    now mon 8:00
    checkin r1                                            -> ok
    now mon 10:00
    checkout r1                                           -> ok
    now mon 10:15
    checkin r2 by bob units rigs=rig-2                    -> ok
    r4: book rigs[eds] @ mon 11:00-13:00                  -> ok
    r5: book rigs @ mon 11:00-13:00                       -> ok
  )");
}

TEST_F(DifferingUnitsTest, AnOutageThatIsOverTakesNothingFromWhoseRunHadBegun) {
  EXPECT_TABLE(script_, R"(
    outage o1 rigs @ mon 6:00-8:30 units rig-2            -> ok
    now mon 8:40
    r1: book rigs[hot] @ mon 8:40-12:00                   -> ok
    checkin r1                                            -> ok
    r2: book rigs[eds] @ mon 9:00-12:00 by bob            -> ok
    r3: book rigs @ mon 9:00-12:00 by bob                 -> ok
  )");
}

TEST_F(DifferingUnitsTest, APartThatWasGivenBackDoesNotMeetItsOwnReservation) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*3 @ mon 8:00-12:00                      -> ok
    r2: book rigs[hot] @ mon 12:00-13:00 by bob           -> ok
    now mon 8:00
    checkin r1                                            -> ok
    now mon 9:00
    checkout r1 parts rigs units rig-3                    -> ok
    r3: book rigs @ mon 9:00-11:00 by bob                 -> ok
  )");
}

TEST_F(DifferingUnitsTest, APartThatIsTornDownStandsInNobodysWay) {
  TearDownForAnHour();
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 8:00-12:00                      -> ok
    r2: book rigs[eds] @ tue 8:00-12:00 by bob            -> ok
    now mon 8:00
    checkin r1 units rigs=rig-1+rig-3                     -> ok
    now mon 9:00
    checkout r1 parts rigs units rig-1                    -> ok
    outage o1 rigs @ mon 9:00-17:00 units rig-2           -> ok
    outage o2 rigs @ mon 9:00-17:00 units rig-3           -> ok: r1 rebound
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-1");
}

TEST_F(DifferingUnitsTest, AnOutageOfAnotherUnitTakesNothingFromWhoHasOneThatLostWhatHeAskedFor) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 9:00-12:00                   -> ok
    now mon 9:00
    checkin r1                                            -> ok
  )");
  Asset rigs = *world_.catalogue().FindAsset("rigs");
  rigs.units[0].labels["hot"] = "yes";
  rigs.units[1].labels.erase("hot");
  ASSERT_TRUE(world_.Replace(rigs).ok());
  EXPECT_TABLE(script_, "outage o1 rigs @ mon 9:00-17:00 units rig-3 -> ok");
  EXPECT_EQ(UnitsOf("r1"), "rig-2");
}

TEST_F(DifferingUnitsTest, OutagesOfMoreThanThereIsDisplaceAll) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 9:00-12:00 priority 3        -> ok
    r2: book rigs @ mon 9:00-12:00 by bob                 -> ok
    outage o1 rigs*2 @ mon 8:00-17:00                     -> ok: r2 wait-listed
    outage o2 rigs @ mon 8:00-17:00 units rig-1+rig-2     -> ok: r1 wait-listed
  )");
}

TEST_F(DifferingUnitsTest, WhatIsInUseDoesNotLoseItsUnitsByAChangeOfWhatIsAskedFor) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00                        -> ok
    now mon 8:50
    checkin r1                                            -> ok
    items r1 rigs*2                                       -> state_forbids_change
    items r1 rigs[eds]                                    -> state_forbids_change
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-3");
}

TEST_F(DifferingUnitsTest, WhoComesNextEndsTheOverdueUseThatHasHisUnit) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs[hot] @ mon 8:00-10:00                   -> ok
    r2: book rigs[hot] @ mon 10:00-12:00 by bob           -> ok
    now mon 8:00
    checkin r1                                            -> ok
    clock mon 10:01
    checkin r2 by bob                                     -> ok
  )");
  EXPECT_EQ(UnitsOf("r2"), "rig-2");
}

TEST_F(UnitsTest, WhatIsNotCheckedInHasNoUnitAndOnlyTheirNumberCounts) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00                  -> ok
    r2: book rigs @ mon 9:00-10:00 by bob             -> ok
    outage o1 rigs @ mon 8:00-17:00 units rig-2       -> ok: r2 wait-listed
  )");
}

TEST_F(UnitsTest, NobodyGetsAUnitThatIsLostHalfwayThoughNobodyAsksForAny) {
  EXPECT_TABLE(script_, R"(
    outage o1 rigs @ mon 8:00-10:00 units rig-1+rig-2  -> ok
    outage o2 rigs @ mon 10:00-12:00 units rig-2+rig-3 -> ok
    book rigs @ mon 9:00-11:00                         -> no_fitting_unit rigs
    r1: book rigs @ mon 8:00-10:00                     -> ok
    r2: book rigs @ mon 10:00-12:00                    -> ok
    now mon 8:00
    checkin r1                                         -> ok
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-3");
}

TEST_F(UnitsTest, WhoGivesWayToAnOutageThatIsToComeKeepsHisUnitUntilThen) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-11:00                     -> ok
    r2: book rigs @ mon 9:00-12:00                     -> ok
    r3: book rigs @ mon 9:00-12:00                     -> ok
    now mon 9:00
    checkin r1 units rigs=rig-1                        -> ok
    checkin r2 units rigs=rig-2                        -> ok
    checkin r3 units rigs=rig-3                        -> ok
    outage o1 rigs @ mon 10:30-17:00 units rig-2       -> ok: r2 cut short
  )");
  EXPECT_EQ(UnitsOf("r1"), "rig-1");
  EXPECT_EQ(UnitsOf("r3"), "rig-3");
}

}  // namespace
}  // namespace labslot::engine
