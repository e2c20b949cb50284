// Displacement: who may take whose place, and what becomes of them.

#include <gtest/gtest.h>

#include "daemon/domain/names.h"
#include "daemon/engine/displacement.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Script;
using support::Span;
using support::World;

class DisplacementTest : public testing::Test {
 protected:
  DisplacementTest() {
    world_.Add(support::MakeSite("lommel"));
    for (const char* id : {"bob", "cyd"}) world_.Add(support::MakeUser(id, {"acme"}));
    User mia = support::MakeUser("mia", {"acme"});
    mia.role_bindings = {support::Binding(Role::kAssetManager)};
    world_.Add(mia);
    for (const char* id : {"oven", "press", "line"}) {
      Asset asset = support::MakeAsset(id);
      asset.kind = id;
      world_.Add(asset);
    }
    Asset spare = support::MakeAsset("spare-oven");
    spare.kind = "oven";
    world_.Add(spare);
    world_.Add(support::MakePool("rigs", 3));
    world_.Add(support::MakeChild("cell", "line"));
    Allow({.priority_gap = 1, .least_gain = 1, .priority_weight = 1});
  }

  // On all assets but the press.
  void Allow(const DisplacementRule& rule) {
    Policy policy;
    policy.id = "displacement";
    policy.rule = rule;
    Selector selector;
    selector.assets = {"oven", "spare-oven", "rigs", "line", "cell"};
    policy.applies_to = {selector};
    if (world_.catalogue().FindPolicy(policy.id) != nullptr) {
      ASSERT_TRUE(world_.Run(DeleteRecord{kPolicies, policy.id}).ok());
    }
    world_.Add(policy);
  }

  void Protect(const Lead& lead) {
    Policy policy;
    policy.id = "protection";
    policy.rule = ProtectionRule{lead};
    world_.Add(policy);
  }

  World world_;
  Script script_{world_};
};

TEST_F(DisplacementTest, NobodyGivesWayForWhatLeavesItsSlotFree) {
  Policy approval;
  approval.id = "approval";
  approval.rule = ApprovalRule{};
  approval.effect = Effect::kNeedsApproval;
  approval.approval.leaves_slot_free = true;
  Selector bobs;
  bobs.users = {"bob"};
  approval.applies_to = {bobs};
  world_.Add(approval);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 by cyd                          -> ok
    book oven @ mon 10:00-12:00 by bob priority 9 displace yes     -> capacity_exceeded oven [r1]; approval_required oven; may_not_displace oven
    see r1                                                         -> confirmed mon 09:00-12:00
    r2: book oven @ mon 10:00-12:00 by mia priority 9 displace yes -> ok
  )");
}

TEST_F(DisplacementTest, AHigherPriorityTakesThePlaceOfALowerOne) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                              -> ok
    book oven @ mon 10:00-12:00 by bob displace yes             -> capacity_exceeded oven [r1]; may_not_displace oven
    book oven @ mon 9:00-12:00 by bob priority 5                -> capacity_exceeded oven [r1]
    r2: book oven @ mon 9:00-12:00 by bob priority 5 displace yes  -> ok
    see r1                                                      -> displaced mon 09:00-12:00 until mon 09:00
    see r2                                                      -> confirmed mon 09:00-12:00
    cancel r2 by bob                                            -> ok
    see r1                                                      -> confirmed mon 09:00-12:00
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).displaced_by, NameOf(script_.id("r2")));
}

TEST_F(DisplacementTest, WhatIsFreeDisplacesNobody) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00                            -> ok
    book rigs @ mon 9:00-12:00 by bob priority 5 displace yes   -> ok
    see r1                                                      -> confirmed mon 09:00-12:00
  )");
}

TEST_F(DisplacementTest, WithoutAPolicyNobodyIsDisplaced) {
  EXPECT_TABLE(script_, R"(
    r1: book press @ mon 9:00-12:00                             -> ok
    book press @ mon 9:00-12:00 by bob priority 5 displace yes  -> capacity_exceeded press [r1]; may_not_displace press
  )");
}

TEST_F(DisplacementTest, WhatIsFirmBegunCheckedInOrProtectedNeverMoves) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 for ada of acme by mia firm yes         -> ok
    book oven @ mon 9:00-12:00 firm yes                                    -> role_required
    book oven @ mon 11:00-13:00 by bob priority 900 displace yes           -> capacity_exceeded oven [r1]; may_not_displace oven
    r2: book spare-oven @ mon 9:00-12:00                                   -> ok
    now mon 8:50
    checkin r2                                                             -> ok
    book spare-oven @ mon 9:00-12:00 by bob priority 900 displace yes      -> capacity_exceeded spare-oven [r2]; may_not_displace spare-oven
    r3: book line @ mon 9:00-12:00                                         -> ok
    now mon 9:10
    book cell @ mon 10:00-12:00 by bob priority 900 displace yes           -> related_asset_busy cell [r3]; may_not_displace cell
  )");
  Protect({.days = 2});
  EXPECT_TABLE(script_, R"(
    r4: book oven @ tue 9:00-12:00                                         -> ok
    book oven @ tue 9:00-12:00 by bob priority 900 displace yes            -> capacity_exceeded oven [r4]; may_not_displace oven
    r5: book oven @ fri 9:00-12:00                                         -> ok
    book oven @ fri 9:00-12:00 by bob priority 900 displace yes            -> ok
  )");
}

TEST_F(DisplacementTest, TheRequestMustBeWorthSoManyTimesTheHarm) {
  Allow({.priority_gap = 3, .least_gain = 2, .priority_weight = 0.5});
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                                -> ok
    # Worth 3 h x 2 = 6, harm 3: just enough, but the gap is too small.
    book oven @ mon 9:00-12:00 by bob priority 2 displace yes     -> capacity_exceeded oven [r1]; may_not_displace oven
    # Worth 2 h x 2.5 = 5.
    book oven @ mon 9:00-11:00 by bob priority 3 displace yes     -> capacity_exceeded oven [r1]; may_not_displace oven
    book oven @ mon 9:00-11:00 by bob priority 4 displace yes     -> ok
  )");
}

TEST_F(DisplacementTest, OnAPoolThoseGiveWayWhoseGoingDoesLeastHarm) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-17:00                                -> ok
    r2: book rigs @ mon 9:00-10:00 by cyd                         -> ok
    r3: book rigs @ mon 9:00-12:00 by cyd                         -> ok
    r4: book rigs @ mon 10:00-11:00 by cyd                        -> ok
    r5: book rigs @ mon 9:00-12:00 by bob priority 9 displace yes -> ok
    see r1                                                        -> confirmed mon 09:00-17:00
    see r2                                                        -> displaced mon 09:00-10:00 until mon 09:00
    see r3                                                        -> confirmed mon 09:00-12:00
    see r4                                                        -> displaced mon 10:00-11:00 until mon 10:00
  )");
}

TEST_F(DisplacementTest, ShortNoticeMakesHarmGreater) {
  Allow({.priority_gap = 1, .least_gain = 1, .notice_weight = 9, .notice = {.days = 10}});
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-tue 9:00                           -> ok
    r2: book rigs @ mon 9:00-wed 9:00                             -> ok
    # Each would have to give a unit; the later hours of r2 count the same, but its harm is 48 h.
    book rigs @ mon 10:00-mon 12:00 by bob priority 5 displace yes  -> capacity_exceeded rigs [r1 r2]; may_not_displace rigs
  )");
}

TEST_F(DisplacementTest, TheDisplacedGoWhereTheySaidWouldDo) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 like yes                            -> ok
    r2: book oven @ mon 12:00-14:00 within mon                         -> ok
    r3: book oven @ mon 9:00-14:00 by bob priority 9 displace yes      -> ok
    where r1                                                           -> spare-oven confirmed mon 09:00-12:00
    where r2                                                           -> oven confirmed mon 14:00-16:00
  )");
}

TEST_F(DisplacementTest, AcrossTheTreeEverybodyInTheWayIsDisplaced) {
  EXPECT_TABLE(script_, R"(
    r1: book cell @ mon 9:00-12:00                                -> ok
    r2: book line @ mon 11:00-15:00 by bob priority 9 displace yes  -> ok
    see r1                                                        -> displaced mon 09:00-12:00 until mon 09:00
  )");
}

TEST_F(DisplacementTest, ABundleNeedsLeaveOnEachAssetThatOthersHave) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                                      -> ok
    r2: book oven,press @ mon 9:00-12:00 by bob priority 9 displace yes -> ok
    r3: book press @ tue 9:00-12:00                                     -> ok
    book oven,press @ tue 9:00-12:00 by bob priority 9 displace yes     -> capacity_exceeded press [r3]; may_not_displace oven
  )");
}

TEST_F(DisplacementTest, APlanSaysItAllAndChangesNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 like yes priority 1 -> ok
    r2: book oven @ mon 12:00-13:00 by cyd             -> ok
  )");
  Reservation draft = support::Draft({support::Item("oven")}, Span("mon 10:00-13:00"));
  draft.priority = 4;
  const Revision head = world_.state().head();
  State state = world_.state();
  const Principal bob{"bob"};
  const std::string none;
  const auto plan = PlanAdmission({state, world_, bob, none, none, world_.now}, draft);
  ASSERT_TRUE(plan.ok());
  const PlannedAdmission& admission = plan.value();
  EXPECT_FALSE(admission.refusal);
  ASSERT_TRUE(admission.reservation);
  ASSERT_EQ(admission.displaced.size(), 2u);
  EXPECT_EQ(admission.displaced[0].hit.reservation, script_.id("r1"));
  EXPECT_EQ(admission.displaced[0].hit.outcome, HitOutcome::kMoved);
  EXPECT_EQ(admission.displaced[0].after.items.front().asset, "spare-oven");
  EXPECT_EQ(admission.displaced[0].harm, 3 * 3600 * 2);
  EXPECT_EQ(admission.displaced[1].hit.outcome, HitOutcome::kWaitListed);
  EXPECT_EQ(admission.harm, 3 * 3600 * 2 + 3600);
  EXPECT_EQ(admission.worth, 3 * 3600 * 5);
  EXPECT_EQ(state.head(), head);
  EXPECT_EQ(state.timeline("oven").size(), 2u);
}

TEST_F(DisplacementTest, APlanHidesThoseWhomTheCallerMayNotSee) {
  world_.Add(support::MakeOrganisation("other"));
  world_.Add(support::MakeUser("eve", {"other"}));
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-12:00 like yes -> ok");
  Reservation draft = support::Draft({support::Item("oven")}, Span("mon 10:00-13:00"));
  draft.priority = 4;
  State state = world_.state();
  const Principal eve{"eve"};
  const std::string none;
  const auto plan = PlanAdmission({state, world_, eve, none, none, world_.now}, draft);
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan.value().displaced.size(), 1u);
  EXPECT_EQ(plan.value().displaced[0].hit.reservation, 0);
  EXPECT_EQ(plan.value().displaced[0].hit.message, "");
}

TEST_F(DisplacementTest, OnEachAssetItsOwnRuleSaysWhoIsWorthMore) {
  Policy policy;
  policy.id = "press";
  policy.rule = DisplacementRule{.priority_gap = 5, .least_gain = 0.1, .priority_weight = 1};
  Selector selector;
  selector.assets = {"press"};
  policy.applies_to = {selector};
  world_.Add(policy);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                                       -> ok
    r2: book press @ mon 9:00-12:00 priority 1                           -> ok
    book oven,press @ mon 9:00-12:00 by bob priority 3 displace yes      -> capacity_exceeded oven [r1]; capacity_exceeded press [r2]; may_not_displace oven
    book press,oven @ mon 9:00-12:00 by bob priority 3 displace yes      -> capacity_exceeded press [r2]; capacity_exceeded oven [r1]; may_not_displace press
    book oven,press @ mon 9:00-12:00 by bob priority 60 displace yes     -> ok
  )");
}

}  // namespace
}  // namespace labslot::engine
