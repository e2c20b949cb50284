// Rounds: requests that compete, the plan, and clearing.

#include <gtest/gtest.h>

#include "daemon/domain/names.h"
#include "daemon/engine/allocation.h"
#include "daemon/engine/round_decisions.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Script;
using support::Span;
using support::World;

class RoundsTest : public testing::Test {
 protected:
  RoundsTest() {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeOrganisation("other"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(support::MakeUser("eve", {"other"}));
    world_.Add(support::MakePool("rigs", 2));
    world_.Add(support::MakeAsset("oven"));
    world_.Add(support::MakeAsset("press"));
    world_.Add(MakeRound());
  }

  static Round MakeRound() {
    Round round;
    round.id = "spring";
    round.assets = {"rigs", "oven"};
    round.interval = Span("mon 0:00-sun 0:00");
    round.deadline = At("2027-02-28 20:00");
    return round;
  }

  void Change(const std::function<void(Round&)>& change) {
    UpdateRecord<Round> update;
    update.id = "spring";
    update.patch = [&](const Round& current) -> Result<Round> {
      Round next = current;
      change(next);
      return next;
    };
    ASSERT_TRUE(world_.Run(update).ok());
  }

  AllocationPlan Plan() {
    const Round& round = *world_.catalogue().FindRound("spring");
    return PlanAllocation(GatherCall(world_.state(), world_, round, world_.now), {});
  }

  Result<Decision> Clear(const AllocationPlan& plan) {
    ApplyAllocation command;
    command.round = "spring";
    command.bound = plan.bound;
    for (const PlannedGrant& grant : plan.grants) {
      command.grants[grant.reservation] = grant.option.choice;
    }
    for (const PlannedRejection& rejection : plan.rejections) {
      command.rejections[rejection.reservation] = rejection.reason;
    }
    return world_.Run(command);
  }

  std::string Granted(const AllocationPlan& plan) {
    std::string labels;
    for (const PlannedGrant& grant : plan.grants) {
      for (const char* label : {"r1", "r2", "r3", "r4", "r5"}) {
        if (labels_.count(label) > 0 && script_.id(label) == grant.reservation) labels += label;
      }
    }
    return labels;
  }

  World world_;
  Script script_{world_};
  std::set<std::string> labels_;
};

TEST_F(RoundsTest, ARequestBlocksNothingAndCountsForNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 round spring          -> pending
    r2: book oven @ mon 9:00-12:00 by bob round spring   -> pending
    book oven @ mon 9:00-10:00 by bob                    -> ok
    cancel r2 by bob                                     -> ok
    approve r1 by ada                                    -> state_forbids_change
    move r1 @ mon 10:00-12:00                            -> state_forbids_change
  )");
}

TEST_F(RoundsTest, ARoundTakesRequestsForItsAssetsAndTimeUntilItsDeadline) {
  EXPECT_TABLE(script_, R"(
    book press @ mon 9:00-12:00 round spring             -> not_in_round press
    book oven @ mon 9:00-12:00 round spring or press     -> not_in_round press
    book oven @ 2027-03-08 9:00/2027-03-08 12:00 round spring          -> not_in_round
    book oven @ mon 9:00-12:00 round autumn              -> invalid reservation.round
    book rigs*3 @ mon 9:00-12:00 round spring            -> quantity_above_capacity rigs
    now 2027-02-28 20:00
    book oven @ mon 9:00-12:00 round spring              -> not_in_round
  )");
}

TEST_F(RoundsTest, ThePlanIsWorthMost) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-17:00 round spring value 10            -> pending
    r2: book rigs @ mon 9:00-12:00 by bob round spring value 6      -> pending
    r3: book rigs @ mon 12:00-17:00 by bob round spring value 6     -> pending
    r4: book rigs @ mon 11:00-13:00 by eve round spring value 9     -> pending
  )");
  labels_ = {"r1", "r2", "r3", "r4"};
  const AllocationPlan plan = Plan();
  EXPECT_EQ(Granted(plan), "r1r2r3");
  EXPECT_EQ(plan.value, 22);
  EXPECT_EQ(plan.bound, 22);
  EXPECT_EQ(plan.method, PackingMethod::kFlow);
  ASSERT_EQ(plan.rejections.size(), 1u);
  EXPECT_EQ(plan.rejections[0].reservation, script_.id("r4"));
  EXPECT_EQ(plan.rejections[0].reason,
            "its time was given to requests that are worth more together");
  // All of acme's and nothing of the other's: one of two has all.
  EXPECT_DOUBLE_EQ(plan.fairness, 0.5);
  // Giving the other its 9 costs 10 of 22 of acme's.
  EXPECT_EQ(plan.fair_value, 21);
  EXPECT_GT(plan.fair_fairness, 0.9);
}

TEST_F(RoundsTest, ClearingGrantsAndRejectsInOneStep) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 round spring value 5             -> pending
    r2: book oven @ mon 11:00-13:00 by bob round spring value 7     -> pending
  )");
  const AllocationPlan plan = Plan();
  const auto early = Clear(plan);
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().refusal->violations[0].rule, Rule::kNotInRound);
  world_.now = At("2027-02-28 20:00");
  ASSERT_TRUE(Clear(plan).ok());
  EXPECT_TABLE(script_, R"(
    see r1   -> rejected mon 09:00-12:00
    see r2   -> confirmed mon 11:00-13:00
  )");
  const Round& round = *world_.catalogue().FindRound("spring");
  EXPECT_EQ(round.state, RoundState::kCleared);
  EXPECT_EQ(round.value, 7);
  EXPECT_EQ(round.granted_count, 1);
  EXPECT_EQ(round.rejected_count, 1);
  EXPECT_EQ(world_.reservation(script_.id("r1")).state_reason,
            "its time was given to requests that are worth more together");
  EXPECT_FALSE(Clear(plan).ok());
}

TEST_F(RoundsTest, ChoicesAndWhatOthersHaveAreReckonedWith) {
  EXPECT_TABLE(script_, R"(
    book rigs @ mon 9:00-12:00 by eve                               -> ok
    r1: book rigs @ mon 9:00-12:00 round spring value 5             -> pending
    r2: book rigs @ mon 9:00-12:00 by bob round spring or oven value 4  -> pending
    r3: book rigs*2 @ mon 9:00-12:00 by bob round spring value 50   -> pending
  )");
  labels_ = {"r1", "r2", "r3"};
  const AllocationPlan plan = Plan();
  EXPECT_EQ(Granted(plan), "r1r2");
  EXPECT_EQ(plan.value, 9);
  ASSERT_EQ(plan.rejections.size(), 1u);
  EXPECT_EQ(plan.rejections[0].reason.substr(0, 20), "rigs has 1 of its 2 ");
  world_.now = At("2027-02-28 20:00");
  ASSERT_TRUE(Clear(plan).ok());
  EXPECT_TABLE(script_, "where r2 -> oven confirmed mon 09:00-12:00");
}

TEST_F(RoundsTest, LimitsOfTheRoundBind) {
  Change([](Round& round) { round.organisation_limit = 4 * 3600; });
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00 round spring value 5             -> pending
    r2: book rigs @ mon 13:00-16:00 by bob round spring value 6     -> pending
    r3: book rigs @ mon 13:00-16:00 by eve round spring value 1     -> pending
  )");
  labels_ = {"r1", "r2", "r3"};
  AllocationPlan plan = Plan();
  EXPECT_EQ(Granted(plan), "r2r3");
  EXPECT_EQ(plan.rejections.at(0).reason,
            "a limit of the round or a quota lets no more be granted to its organisation or user");
  Change([](Round& round) {
    round.organisation_limit = 0;
    round.user_limit = 1;
  });
  EXPECT_EQ(Granted(Plan()), "r1r2r3");
}

TEST_F(RoundsTest, AQuotaBindsThePlanAsItWouldBindTheGrants) {
  Quota quota;
  quota.id = "q";
  quota.each = {Dimension::kUser};
  quota.limit = 4 * 3600;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00 round spring value 5             -> pending
    r2: book rigs @ mon 13:00-16:00 round spring value 6            -> pending
  )");
  labels_ = {"r1", "r2"};
  const AllocationPlan plan = Plan();
  EXPECT_EQ(Granted(plan), "r2");
  world_.now = At("2027-02-28 20:00");
  EXPECT_TRUE(Clear(plan).ok());
}

TEST_F(RoundsTest, ClearingIsRefusedAsAWholeIfOneGrantDoesNotFit) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 round spring                     -> pending
    r2: book oven @ mon 11:00-13:00 by bob round spring             -> pending
    now 2027-02-28 20:00
  )");
  ApplyAllocation command;
  command.round = "spring";
  command.grants = {{script_.id("r1"), 0}, {script_.id("r2"), 0}};
  const auto refused = world_.Run(command);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->violations[0].rule, Rule::kCapacityExceeded);
  EXPECT_TABLE(script_, "see r1 -> pending mon 09:00-12:00 until sun 00:00");
  command.grants = {{script_.id("r1"), 1}};
  EXPECT_EQ(world_.Run(command).error().fields[0].field, "grants");
  command.grants = {{1, 0}};
  EXPECT_EQ(world_.Run(command).error().fields[0].field, "grants");
  EXPECT_EQ(world_.Run({"bob"}, command).error().kind, ErrorKind::kRoleRequired);
}

TEST_F(RoundsTest, ARoundWithRequestsStaysAndTheyEndWithItsTime) {
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-12:00 round spring -> pending");
  EXPECT_FALSE(world_.Run(DeleteRecord{kRounds, "spring"}).ok());
  world_.now = At("2027-03-07 00:00");
  world_.EndWhatIsDue();
  EXPECT_TABLE(script_, "see r1 -> expired mon 09:00-12:00");
  EXPECT_TRUE(world_.Run(DeleteRecord{kRounds, "spring"}).ok());
}

TEST_F(RoundsTest, ARoundStaysAboutAllThatIsAskedForInIt) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs,oven @ mon 9:00-12:00 round spring       -> pending
    r2: book rigs @ tue 9:00-12:00 by bob round spring or oven -> pending
  )");
  UpdateRecord<Round> update;
  update.id = "spring";
  update.patch = [](const Round& current) -> Result<Round> {
    Round next = current;
    next.assets = {"rigs"};
    return next;
  };
  const auto refused = world_.Run(update);
  ASSERT_FALSE(refused.ok());
  const Violation& violation = refused.error().refusal->violations.at(0);
  EXPECT_EQ(violation.rule, Rule::kBreaksReservations);
  EXPECT_EQ(violation.conflicts.size(), 2u);
  EXPECT_TABLE(script_, R"(
    cancel r1                                              -> ok
    cancel r2 by bob                                       -> ok
  )");
  EXPECT_TRUE(world_.Run(update).ok());
}

TEST_F(RoundsTest, ARequestDoesNotCountAsARunOfItsUser) {
  Policy gap;
  gap.id = "gap";
  gap.rule = BufferRule{3600};
  world_.Add(gap);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 round spring            -> pending
    r2: book oven @ mon 12:30-13:00 round spring           -> pending
    book oven @ mon 12:15-12:30                            -> ok
  )");
  labels_ = {"r1", "r2"};
  EXPECT_EQ(Plan().grants.size(), 0u) << "both would be too close to what was booked";
}

TEST_F(RoundsTest, ARollingQuotaBindsThePlanInEachOfItsWindows) {
  Quota quota;
  quota.id = "fortnight";
  quota.each = {Dimension::kUser};
  quota.period = QuotaPeriod::kRolling;
  quota.rolling_days = 14;
  quota.limit = 20 * 3600;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 6:00-18:00 round spring            -> pending
    r2: book oven @ wed 6:00-18:00 round spring            -> pending
    now 2027-02-28 20:00
  )");
  const AllocationPlan plan = Plan();
  EXPECT_EQ(plan.grants.size(), 1u);
  EXPECT_TRUE(Clear(plan).ok());
}

}  // namespace
}  // namespace labslot::engine
