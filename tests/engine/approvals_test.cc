// Requests that await approval.

#include <gtest/gtest.h>

#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "tests/engine/rules_fixture.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kDay;
using support::kHour;
using support::kMinute;

// Everything but what eve books awaits approval by the policy `ask`. amy is its
// approver in tests that name one, gus is of the group `safety`.
class ApprovalsTest : public RulesTest {
 protected:
  ApprovalsTest() {
    world_.Add(support::MakeUser("amy"));
    world_.Add(support::MakeUser("gus"));
    AddGroup("safety", {"gus"});
  }

  static Policy Ask(const std::string& id, ApprovalTerms terms = {}) {
    Policy policy = Always(id, Effect::kNeedsApproval);
    policy.except.push_back(Pick(&Selector::users, {"eve"}));
    policy.approval = std::move(terms);
    return policy;
  }
  void AddAsk(ApprovalTerms terms = {}) { world_.Add(Ask("ask", std::move(terms))); }

  static ApprovalTerms By(const std::string& user) { return {TheseUsers({user})}; }
  static ApprovalTerms RunsOutAfter(Seconds time) { return {{}, time}; }
  static ApprovalTerms LeavesSlotFree() { return {{}, 0, true}; }

  // A pool of two, for requests that compete.
  void AddPairs() { world_.Add(support::MakePool("pairs", 2)); }

  Result<Decision> Reject(const std::string& label, const std::string& user,
                          const std::string& reason) {
    return world_.Run({user}, RejectReservation{script_.id(label)}, reason);
  }

  bool Sees(const std::string& user, const std::string& label) const {
    return MaySee(world_.catalogue(), {user}, Of(label));
  }
};

TEST_F(ApprovalsTest, ARequestBlocksItsSlotWhileItWaits) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    book oven @ mon 10:00-12:00 by bob     -> capacity_exceeded oven [r1]; approval_required oven
    book oven @ mon 10:00-12:00 by eve     -> capacity_exceeded oven [?]
    book oven @ mon 11:00-12:00 by eve     -> ok
    cancel r1                              -> ok
    book oven @ mon 9:00-11:00 by eve      -> ok
  )");
}

TEST_F(ApprovalsTest, ARequestThatLeavesTheSlotFreeBlocksNothing) {
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    r2: book oven @ mon 10:00-12:00 by bob -> pending
    r3: book oven @ mon 10:00-11:00 by eve -> ok
    book oven @ mon 9:00-11:00             -> capacity_exceeded oven [?]; approval_required oven
  )");
  EXPECT_TRUE(Of("r1").leaves_slot_free);
  EXPECT_FALSE(Of("r3").leaves_slot_free);
}

TEST_F(ApprovalsTest, OneRuleThatBlocksTheSlotIsEnoughWhileItWaits) {
  world_.Add(Ask("free", LeavesSlotFree()));
  ApprovalTerms blocking = By("amy");
  world_.Add(Ask("safe", blocking));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    book oven @ mon 9:00-10:00 by eve      -> capacity_exceeded oven [?]
    approve r1 by amy                      -> pending
    book oven @ mon 9:00-10:00 by eve      -> ok
  )");
  EXPECT_TRUE(Of("r1").leaves_slot_free);
}

TEST_F(ApprovalsTest, WhoManagesTheAssetApprovesIfNobodyIsNamed) {
  AddAsk();
  User keeper = support::MakeUser("kate");
  keeper.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "press")};
  world_.Add(keeper);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    r2: book press @ mon 9:00-11:00        -> pending
    approve r1 by ada                      -> role_required
    approve r1 by bob                      -> role_required
    approve r1 by eve                      -> not_found
    approve r1 by kate                     -> not_found
    approve r1 by mia                      -> ok
    approve r2 by kate                     -> ok
    approve r1 by mia                      -> state_forbids_change
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kConfirmed);
  EXPECT_EQ(Of("r1").hold_expire_time, 0);
  ASSERT_EQ(Of("r1").notes.size(), 1u);
  EXPECT_EQ(Of("r1").notes[0].settled_by, "mia");
  EXPECT_EQ(world_.events().back().type, EventType::kApproved);
}

TEST_F(ApprovalsTest, OnlyWhoIsNamedApprovesAndAdministrators) {
  ApprovalTerms terms = By("amy");
  terms.approvers.groups = {"safety"};
  AddAsk(terms);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> pending
    r2: book oven @ mon 10:00-11:00        -> pending
    r3: book oven @ mon 11:00-12:00        -> pending
    approve r1 by mia                      -> role_required
    reject r1 by mia                       -> role_required
    reject r1 by bob                       -> role_required
    reject r1 by eve                       -> not_found
    approve r1 by amy                      -> ok
    approve r2 by gus                      -> ok
    approve r3 by max                      -> ok
  )");
}

TEST_F(ApprovalsTest, WhoIsDisabledApprovesNothing) {
  AddAsk(By("amy"));
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-10:00 -> pending");
  ASSERT_TRUE(world_.Run(DeleteRecord{kUsers, "amy", 0}).ok());
  EXPECT_TABLE(script_, "approve r1 by amy -> not_found");
}

TEST_F(ApprovalsTest, EachRuleIsApprovedByWhomItNames) {
  world_.Add(Ask("a", By("amy")));
  world_.Add(Ask("b", {TheseUsers({"gus"})}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> pending
    approve r1 by amy                      -> pending
    book oven @ mon 9:00-10:00 by eve      -> capacity_exceeded oven [?]
  )");
  EXPECT_EQ(Of("r1").notes.at(0).settled_by, "amy");
  EXPECT_EQ(Of("r1").notes.at(1).settled_by, "");
  EXPECT_TABLE(script_, "approve r1 by gus -> ok");
  EXPECT_EQ(Of("r1").notes.at(0).settled_by, "amy");
  EXPECT_EQ(Of("r1").notes.at(1).settled_by, "gus");
  EXPECT_EQ(Of("r1").state, ReservationState::kConfirmed);
}

TEST_F(ApprovalsTest, WhoMayApproveSeveralRulesDoesItAtOnce) {
  world_.Add(Ask("a", By("amy")));
  world_.Add(Ask("b"));
  EXPECT_TABLE(script_, R"(
    r1: book oven,press @ mon 9:00-10:00   -> pending
    approve r1 by max                      -> ok
  )");
  EXPECT_EQ(Of("r1").notes.size(), 4u);
  for (const Note& note : Of("r1").notes) EXPECT_EQ(note.settled_by, "max");
}

TEST_F(ApprovalsTest, EachAssetIsApprovedByItsOwnManagers) {
  AddAsk();
  for (const char* asset : {"oven", "press"}) {
    User keeper = support::MakeUser(std::string("of-") + asset);
    keeper.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, asset)};
    world_.Add(keeper);
  }
  EXPECT_TABLE(script_, R"(
    r1: book oven,press @ mon 9:00-10:00   -> pending
    approve r1 by of-press                 -> pending
    approve r1 by of-press                 -> role_required
    approve r1 by of-oven                  -> ok
  )");
}

TEST_F(ApprovalsTest, ARejectionHasAReasonAndFreesTheSlot) {
  AddAsk();
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-10:00 -> pending");
  ASSERT_TRUE(Reject("r1", "mia", "no operator that week").ok());
  EXPECT_EQ(Of("r1").state, ReservationState::kRejected);
  EXPECT_EQ(Of("r1").state_reason, "no operator that week");
  EXPECT_EQ(Of("r1").hold_expire_time, 0);
  EXPECT_EQ(world_.events().back().type, EventType::kRejected);
  EXPECT_EQ(world_.events().back().actor, "mia");
  EXPECT_TABLE(script_, R"(
    approve r1 by mia                      -> state_forbids_change
    reject r1 by mia                       -> state_forbids_change
    cancel r1                              -> state_forbids_change
    book oven @ mon 9:00-10:00 by eve      -> ok
  )");
}

TEST_F(ApprovalsTest, WhoMayApproveOneRuleMayReject) {
  world_.Add(Ask("a", By("amy")));
  world_.Add(Ask("b", By("gus")));
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-10:00 -> pending");
  EXPECT_TRUE(Reject("r1", "gus", "no").ok());
}

TEST_F(ApprovalsTest, WhatDoesNotWaitIsNeitherApprovedNorRejected) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 by eve          -> ok
    r2: book press @ mon 9:00-10:00 by eve hold 60 -> ok
    approve r1 by mia                              -> state_forbids_change
    reject r1 by mia                               -> state_forbids_change
    approve r2 by max                              -> state_forbids_change
    approve r1 by bob                              -> not_found
    approve 99 by max                              -> not_found
  )");
}

TEST_F(ApprovalsTest, ARequestRunsOutAtTheSecond) {
  AddAsk(RunsOutAfter(kDay));
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-10:00 -> pending");
  EXPECT_EQ(Of("r1").hold_expire_time, At("mon 12:00"));
  EXPECT_TABLE(script_, R"(
    now mon 11:59:59
    expire r1                              -> not_found
    book oven @ fri 9:00-10:00 by eve      -> capacity_exceeded oven [?]
    now mon 12:00
    expire r1                              -> ok
    approve r1 by mia                      -> state_forbids_change
    book oven @ fri 9:00-10:00 by eve      -> ok
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kExpired);
  EXPECT_EQ(Of("r1").hold_expire_time, 0);
}

TEST_F(ApprovalsTest, WithoutATimeOutARequestStandsUntilItsRunWouldBeOver) {
  AddAsk();
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-10:00 -> pending");
  EXPECT_EQ(Of("r1").hold_expire_time, At("mon 10:00"));
  EXPECT_TABLE(script_, R"(
    now mon 9:59:59
    expire r1                              -> not_found
    now mon 10:00
    approve r1 by mia                      -> state_forbids_change
    expire r1                              -> ok
  )");
}

TEST_F(ApprovalsTest, TheShortestTimeOutBinds) {
  world_.Add(Ask("a", RunsOutAfter(2 * kDay)));
  world_.Add(Ask("b", RunsOutAfter(kDay)));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-10:00         -> pending
    r2: book oven @ mon 9:00-10:00         -> pending
  )");
  EXPECT_EQ(Of("r1").hold_expire_time, At("mon 12:00"));
  EXPECT_EQ(Of("r2").hold_expire_time, At("mon 10:00"));
}

TEST_F(ApprovalsTest, AnApprovedOneRunsOutNoMore) {
  AddAsk(RunsOutAfter(kDay));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-10:00         -> pending
    approve r1 by mia                      -> ok
    now mon 12:00
    expire r1                              -> not_found
  )");
}

TEST_F(ApprovalsTest, ApprovingOneRejectsThoseThatNoLongerFit) {
  AddPairs();
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, R"(
    r1: book pairs @ mon 9:00-12:00        -> pending
    r2: book pairs @ mon 10:00-11:00       -> pending
    r3: book pairs*2 @ mon 11:00-13:00     -> pending
    r4: book pairs*2 @ mon 12:00-13:00     -> pending
    approve r1 by mia                      -> ok
  )");
  EXPECT_EQ(Of("r2").state, ReservationState::kPending);
  EXPECT_EQ(Of("r3").state, ReservationState::kRejected);
  EXPECT_NE(Of("r3").state_reason, "");
  EXPECT_EQ(Of("r3").hold_expire_time, 0);
  EXPECT_EQ(Of("r4").state, ReservationState::kPending);
  EXPECT_TABLE(script_, R"(
    approve r3 by mia                      -> state_forbids_change
    approve r2 by mia                      -> ok
    approve r4 by mia                      -> ok
  )");
}

TEST_F(ApprovalsTest, TheSecondUnitIsGivenOnceAndTheOthersAreRejectedThen) {
  AddPairs();
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, R"(
    r1: book pairs @ mon 9:00-12:00        -> pending
    r2: book pairs @ mon 9:00-12:00        -> pending
    r3: book pairs @ mon 9:00-12:00        -> pending
    r4: book pairs @ mon 11:00-14:00       -> pending
    approve r1 by mia                      -> ok
    approve r2 by mia                      -> ok
  )");
  EXPECT_EQ(Of("r3").state, ReservationState::kRejected);
  EXPECT_EQ(Of("r4").state, ReservationState::kRejected);
}

TEST_F(ApprovalsTest, RequestsForPartsOfWhatWasApprovedAreRejectedToo) {
  world_.Add(support::MakeChild("cell", "oven"));
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> pending
    r2: book cell @ mon 10:00-11:00        -> pending
    r3: book cell @ mon 12:00-13:00        -> pending
    approve r1 by mia                      -> ok
  )");
  EXPECT_EQ(Of("r2").state, ReservationState::kRejected);
  EXPECT_EQ(Of("r3").state, ReservationState::kPending);
}

TEST_F(ApprovalsTest, AFirstApprovalOfTwoRejectsNobody) {
  world_.Add(Ask("a", {TheseUsers({"amy"}), 0, true}));
  world_.Add(Ask("b", {TheseUsers({"gus"}), 0, true}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> pending
    r2: book oven @ mon 9:00-12:00         -> pending
    approve r1 by amy                      -> pending
    approve r2 by amy                      -> pending
    approve r2 by gus                      -> ok
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kRejected);
}

TEST_F(ApprovalsTest, ASlotThatWasTakenMeanwhileIsNotApproved) {
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    r2: book oven @ mon 10:00-12:00 by eve -> ok
    approve r1 by mia                      -> capacity_exceeded oven [r2]
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kPending);
  EXPECT_TABLE(script_, R"(
    cancel r2 by eve                       -> ok
    approve r1 by mia                      -> ok
    book oven @ mon 10:00-12:00 by eve     -> capacity_exceeded oven [?]
  )");
}

TEST_F(ApprovalsTest, AHoldAsksForApprovalWhenItIsMadeFirm) {
  AddAsk(RunsOutAfter(kDay));
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-10:00 hold 3600 -> ok");
  EXPECT_EQ(Of("r1").state, ReservationState::kHeld);
  EXPECT_EQ(Of("r1").hold_expire_time, At("2027-02-28 13:00"));
  EXPECT_TABLE(script_, R"(
    book oven @ fri 9:00-10:00 by eve      -> capacity_exceeded oven [?]
    approve r1 by mia                      -> state_forbids_change
    now 2027-02-28 12:30
    confirm r1                             -> pending
  )");
  EXPECT_EQ(Of("r1").hold_expire_time, At("mon 12:30"));
  EXPECT_TABLE(script_, R"(
    confirm r1                             -> state_forbids_change
    approve r1 by mia                      -> ok
  )");
}

TEST_F(ApprovalsTest, AHoldBlocksEvenIfItsRequestWillNot) {
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-10:00 hold 3600 -> ok
    book oven @ fri 9:00-10:00 by eve        -> capacity_exceeded oven [?]
    confirm r1                               -> pending
    r2: book oven @ fri 9:00-10:00 by eve    -> ok
    approve r1 by mia                        -> capacity_exceeded oven [r2]
  )");
}

TEST_F(ApprovalsTest, AChangeOfWhatWasApprovedIsAskedForAgain) {
  AddAsk(RunsOutAfter(kDay));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    approve r1 by mia                      -> ok
    move r1 @ fri 10:00-12:00              -> pending
    approve r1 by mia                      -> ok
    move r1 @ fri 10:00-13:00              -> pending
    approve r1 by mia                      -> ok
    items r1 oven,press                    -> pending
  )");
  EXPECT_EQ(Of("r1").hold_expire_time, At("mon 12:00"));
}

TEST_F(ApprovalsTest, APartOfWhatWasApprovedIsApproved) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2,oven @ fri 9:00-11:00  -> pending
    approve r1 by mia                      -> ok
    move r1 @ fri 9:30-11:00               -> ok
    items r1 rigs,oven                     -> ok
    items r1 rigs                          -> ok
    items r1 rigs*2                        -> pending
  )");
  EXPECT_TABLE(script_, R"(
    approve r1 by max                      -> ok
    items r1 rigs by max                   -> ok
  )");
  EXPECT_EQ(Of("r1").notes.at(0).settled_by, "max");
}

TEST_F(ApprovalsTest, WhatWasApprovedForOnePurposeIsAskedForAnewForAnother) {
  AddAsk();
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-11:00 people 2 purpose alloys -> pending");
  EXPECT_TABLE(script_, "approve r1 by mia -> ok");
  const auto change = [&](const char* purpose, int32_t attendees) {
    Reservation to = Of("r1");
    to.purpose = purpose;
    to.attendees = attendees;
    (void)world_.Run({to.user}, UpdateReservation{to.id, 0, [to](auto&) { return Result(to); }});
    return Of("r1").state;
  };
  EXPECT_EQ(change("alloys", 1), ReservationState::kConfirmed);
  EXPECT_EQ(change("alloys", 3), ReservationState::kPending);
  EXPECT_TABLE(script_, "approve r1 by mia -> ok");
  EXPECT_EQ(change("solvents", 3), ReservationState::kPending);
}

TEST_F(ApprovalsTest, APartOfWhatStillWaitsWaitsToo) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    move r1 @ fri 9:00-10:00               -> pending
  )");
  EXPECT_EQ(Of("r1").notes.at(0).settled_by, "");
}

TEST_F(ApprovalsTest, AChangeThatNeedsNoApprovalEndsTheWaiting) {
  world_.Add(WithEffect(MakePolicy("long", DurationRule{0, kHour}), Effect::kNeedsApproval));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    move r1 @ fri 9:00-10:00               -> ok
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kConfirmed);
  EXPECT_EQ(Of("r1").hold_expire_time, 0);
}

TEST_F(ApprovalsTest, WhatHasBegunCannotWaitForApproval) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    approve r1 by mia                      -> ok
    now mon 10:00
    move r1 @ mon 9:00-12:00               -> approval_required oven
    move r1 @ mon 9:00-10:30               -> ok
  )");
}

TEST_F(ApprovalsTest, WhatLeftItsSlotFreeDoesSoWhateverBecomesOfItsRule) {
  ApprovalTerms by_amy = LeavesSlotFree();
  by_amy.approvers = TheseUsers({"amy"});
  world_.Add(Ask("a", by_amy));
  world_.Add(Ask("b", LeavesSlotFree()));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    r2: book oven @ fri 10:00-12:00 by eve -> ok
  )");
  ASSERT_TRUE(world_.Run(DeleteRecord{kPolicies, "b", 0}).ok());
  EXPECT_TABLE(script_, "approve r1 by amy -> pending");
  EXPECT_TRUE(Of("r1").leaves_slot_free);
  EXPECT_TABLE(script_, "approve r1 by mia -> capacity_exceeded oven [r2]");
}

TEST_F(ApprovalsTest, AssetsThatExcludeEachOtherByThenAreNotGrantedTogether) {
  AddAsk(LeavesSlotFree());
  EXPECT_TABLE(script_, "r1: book oven,press @ fri 9:00-11:00 -> pending");
  for (const char* id : {"oven", "press"}) {
    Asset asset = *world_.catalogue().FindAsset(id);
    asset.exclusion_groups = {"power"};
    ASSERT_TRUE(world_.Replace(asset).ok());
  }
  EXPECT_TABLE(script_, "approve r1 by mia -> related_asset_busy oven; related_asset_busy press");
  EXPECT_EQ(Of("r1").state, ReservationState::kPending);
}

TEST_F(ApprovalsTest, WhatGoesOverAQuotaWaitsOnThoughItIsMadeShorter) {
  Quota quota;
  quota.id = "hours";
  quota.period = QuotaPeriod::kDay;
  quota.limit = 4 * kHour;
  quota.effect = Effect::kNeedsApproval;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-17:00         -> pending
    move r1 @ fri 9:00-16:59               -> pending
    move r1 @ fri 9:00-13:00               -> ok
    r2: book press @ fri 9:00-10:00        -> pending
    approve r2 by mia                      -> ok
    move r2 @ fri 9:00-9:30                -> ok
  )");
}

TEST_F(ApprovalsTest, WhatStillWaitsIsNotGrantedByLeavingEarly) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00           -> pending
    r2: book press @ mon 9:00-11:00 hold 86400 -> ok
    now mon 9:30
    move r1 @ mon 9:00-10:30                 -> approval_required oven
    move r2 @ mon 9:00-10:30                 -> approval_required press
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kPending);
}

TEST_F(ApprovalsTest, WhatIsInUseCannotWaitForApproval) {
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> pending
    approve r1 by mia                      -> ok
    now mon 8:50
    checkin r1                             -> ok
    move r1 @ mon 9:00-12:00               -> approval_required oven
    move r1 @ mon 9:00-10:00               -> ok
  )");
}

TEST_F(ApprovalsTest, WhoMayApproveSeesTheRequestWhileItWaits) {
  AddAsk(By("amy"));
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-11:00 -> pending");
  EXPECT_TRUE(Sees("amy", "r1"));
  EXPECT_TRUE(Sees("mia", "r1"));
  EXPECT_FALSE(Sees("gus", "r1"));
  EXPECT_FALSE(Sees("eve", "r1"));
  EXPECT_TABLE(script_, "approve r1 by amy -> ok");
  EXPECT_FALSE(Sees("amy", "r1"));
}

TEST_F(ApprovalsTest, WhoMayApproveMayNotChangeTheRequest) {
  AddAsk(By("amy"));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    move r1 @ fri 9:00-10:00 by amy        -> role_required
    cancel r1 by amy                       -> role_required
  )");
}

TEST_F(ApprovalsTest, AnOldEtagApprovesNothing) {
  AddAsk();
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-11:00 -> pending");
  const Revision old = Of("r1").revision;
  EXPECT_TABLE(script_, "move r1 @ fri 9:00-12:00 -> pending");
  const std::string before = std::to_string(old);
  const std::string after = std::to_string(Of("r1").revision);
  EXPECT_TABLE(script_, "approve r1 etag " + before + " by mia -> etag_mismatch");
  EXPECT_TABLE(script_, "reject r1 etag " + before + " by mia -> etag_mismatch");
  EXPECT_TABLE(script_, "approve r1 etag " + before + " by eve -> not_found");
  EXPECT_TABLE(script_, "approve r1 etag " + after + " by mia -> ok");
}

TEST_F(ApprovalsTest, WhenItsRuleIsGoneManagersApproveTheRequest) {
  AddAsk(By("amy"));
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-11:00 -> pending");
  ASSERT_TRUE(world_.Run(DeleteRecord{kPolicies, "ask", 0}).ok());
  EXPECT_TABLE(script_, R"(
    approve r1 by amy                      -> not_found
    approve r1 by mia                      -> ok
  )");
}

TEST_F(ApprovalsTest, CheckInIsAwaitedOnlyOfWhatWasApproved) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  AddAsk();
  EXPECT_TABLE(script_, "r1: book oven @ fri 9:00-11:00 -> pending");
  EXPECT_EQ(Of("r1").check_in_by, 0);
  EXPECT_TABLE(script_, R"(
    now fri 8:50
    checkin r1                             -> state_forbids_change
    approve r1 by mia                      -> ok
    checkin r1                             -> ok
  )");
}

TEST_F(ApprovalsTest, WhatIsApprovedInItsGraceIsLostAtTheEndOfIt) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    now fri 9:10
    approve r1 by mia                      -> ok
  )");
  EXPECT_EQ(Of("r1").check_in_by, At("fri 9:15"));
}

TEST_F(ApprovalsTest, WhatIsApprovedBehindItsGraceIsNotLostAtOnce) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  AddAsk();
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-11:00         -> pending
    now fri 9:20
    approve r1 by mia                      -> ok
  )");
  world_.EndWhatIsDue();
  EXPECT_EQ(Of("r1").state, ReservationState::kConfirmed);
}

}  // namespace
}  // namespace labslot::engine
