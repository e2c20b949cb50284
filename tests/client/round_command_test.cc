// Rounds as one meets them on the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/output/time_text.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// 2027-03-10 10:00 in Brussels, which is now, and the next midnight.
constexpr std::int64_t kNow = 1804669200;
constexpr std::int64_t kTomorrow = 1804719600;

class RoundCommandTest : public CommandTest {
 protected:
  RoundCommandTest() {
    v1::Round spring;
    spring.set_name("rounds/spring");
    spring.add_assets("assets/rigs");
    spring.set_state(v1::Round::STATE_OPEN);
    spring.set_etag("9");
    spring.mutable_interval()->mutable_start_time()->set_seconds(kTomorrow);
    spring.mutable_interval()->mutable_end_time()->set_seconds(kTomorrow + 7 * 86400);
    spring.mutable_deadline_time()->set_seconds(kTomorrow);
    answers().rounds = {spring};
    v1::PlanAllocationResponse& plan = answers().allocation;
    v1::Grant* grant = plan.add_grants();
    grant->set_reservation("reservations/7");
    grant->set_choice(1);
    grant->set_value(80);
    *grant->mutable_interval() = spring.interval();
    v1::Rejection* rejection = plan.add_rejections();
    rejection->set_reservation("reservations/8");
    rejection->set_reason("7 is worth more");
    rejection->set_value(20);
    plan.set_value(80);
    plan.set_bound(100);
    plan.set_method(v1::PlanAllocationResponse::INTEGER_PROGRAM);
    plan.set_fairness(0.5);
    plan.set_fair_value(60);
    plan.set_fair_fairness(0.9);
    v1::OrganisationShare* share = plan.add_shares();
    share->set_organisation("organisations/acme");
    share->set_requested_value(100);
    share->set_granted_value(80);
    plan.set_etag("9");
  }

  static v1::Reservation Request(const std::string& id, const std::string& round) {
    v1::Reservation one;
    one.set_name("reservations/" + id);
    one.set_round(round);
    one.set_state(v1::Reservation::STATE_PENDING);
    return one;
  }
};

TEST_F(RoundCommandTest, ARoundIsOpened) {
  const Outcome outcome = Run({"round", "open", "summer", "rigs", "make-lab", "--period",
                               "2027-06-01..2027-07-01", "--deadline", "2027-05-20 17:00",
                               "--per-organisation", "80h", "--per-user", "3", "--name", "Summer"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CreateRoundRequest& request = answers().rounds_created.back();
  EXPECT_EQ(request.round_id(), "summer");
  EXPECT_THAT(request.round().assets(), SizeIs(2));
  EXPECT_EQ(request.round().organisation_limit().seconds(), 80 * 3600);
  EXPECT_EQ(request.round().user_limit(), 3);
  EXPECT_THAT(outcome.out, HasSubstr("Round summer is open.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("deadline      Thu 2027-05-20 17:00 Europe/Brussels"));
  EXPECT_THAT(outcome.out, HasSubstr("80 h at most, times units"));
}

TEST_F(RoundCommandTest, WrongWordsAreNotSent) {
  EXPECT_EQ(Run({"round", "open", "summer", "rigs", "--period", "2027-06-01..2027-07-01"}).code, 2);
  EXPECT_EQ(
      Run({"round", "open", "summer", "rig", "--period", "tomorrow", "--deadline", "now"}).code, 4);
  EXPECT_EQ(Run({"round", "plan", "sprung"}).code, 4);
  EXPECT_EQ(Run({"round", "plan", "spring", "--time-limit", "soon"}).code, 2);
  EXPECT_EQ(Run({"round", "apply", "spring"}).code, 2);
  EXPECT_EQ(Run({"round", "apply", "spring", "--plan", "/nonexistent/plan.json"}).code, 2);
  EXPECT_THAT(answers().rounds_created, IsEmpty());
  EXPECT_THAT(answers().allocations_planned, IsEmpty());
}

TEST_F(RoundCommandTest, ItIsShownWithItsOwnRequestsOnly) {
  *answers().reservations.add_reservations() = Request("7", "rounds/spring");
  *answers().reservations.add_reservations() = Request("8", "rounds/autumn");
  *answers().reservations.add_reservations() = Request("9", "");
  const Outcome outcome = Run({"round", "show", "spring"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(answers().listed.back().filter(),
              HasSubstr("asset = \"assets/rigs\" AND end_time > \"2027-03-10T23:00:00Z\""));
  EXPECT_THAT(answers().listed.back().filter(), HasSubstr("state = PENDING"));
  EXPECT_THAT(outcome.out, HasSubstr("1 request that you may see.\n"));
  EXPECT_THAT(Run({"round", "list"}).out, HasSubstr("spring  open"));
}

TEST_F(RoundCommandTest, ARequestIsSubmittedAsABookingOfTheRound) {
  const Outcome outcome = Run(
      {"round", "submit", "spring", "rigs:2", "tomorrow 9:00..11:00", "--value", "500", "--like"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::Reservation& asked = answers().created.back().reservation();
  EXPECT_EQ(asked.round(), "rounds/spring");
  EXPECT_EQ(asked.value(), 500);
  EXPECT_EQ(asked.items(0).quantity(), 2);
  EXPECT_TRUE(asked.like_assets());
  const Outcome window =
      Run({"book", "rigs", "tomorrow 9:00..11:00", "--round", "spring", "--flex", "1h"});
  EXPECT_EQ(window.code, 2);
  EXPECT_THAT(window.err, HasSubstr("a round takes no window"));
  EXPECT_EQ(Run({"round", "submit", "spring", "rigs", "tomorrow 9:00..11:00", "--flex", "1h"}).code,
            2);
  Run({"book", "rigs", "tomorrow 9:00..11:00", "--round", "spring", "--value", "7"});
  EXPECT_EQ(answers().created.back().reservation().round(), "rounds/spring");
  EXPECT_EQ(answers().created.back().reservation().value(), 7);
}

TEST_F(RoundCommandTest, ThePlanIsToldWithItsFigures) {
  const Outcome outcome = Run({"round", "plan", "spring", "--seed", "7", "--time-limit", "20s"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().allocations_planned.back().seed(), 7);
  EXPECT_EQ(answers().allocations_planned.back().time_limit().seconds(), 20);
  EXPECT_THAT(outcome.out, HasSubstr("1 request granted, 1 rejected.\n"
                                     "Value 80 of at most 100, gap 20.0%: integer program.\n"
                                     "Fairness 0.500; the fairest choice has 0.900, at a price of "
                                     "25.0% of the value.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("7 is worth more"));
  EXPECT_THAT(outcome.out, HasSubstr("acme                100       80  80.0%"));
  EXPECT_THAT(answers().allocations_applied, IsEmpty());
}

TEST_F(RoundCommandTest, ARoundThatStillTakesRequestsIsClosedFirst) {
  EXPECT_THAT(Run({"round", "clear", "spring"}).out,
              HasSubstr("To end that now: labslot round close spring\n"));
}

TEST_F(RoundCommandTest, ClearingIsDoneOnlyWithApply) {
  answers().rounds[0].mutable_deadline_time()->set_seconds(kNow - 60);
  EXPECT_THAT(Run({"round", "clear", "spring"}).out,
              HasSubstr("Nothing was changed. To clear the round so: labslot round clear spring "
                        "--apply\n"));
  EXPECT_THAT(answers().allocations_applied, IsEmpty());
  const Outcome outcome = Run({"round", "clear", "spring", "--apply", "--reason", "as announced"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::ApplyAllocationRequest& request = answers().allocations_applied.back();
  EXPECT_EQ(request.etag(), "9");
  EXPECT_EQ(request.grants(0).choice(), 1);
  EXPECT_FALSE(request.grants(0).has_interval());
  EXPECT_EQ(request.rejections(0).reason(), "7 is worth more");
  EXPECT_EQ(request.bound(), 100);
  EXPECT_EQ(request.reason(), "as announced");
  EXPECT_THAT(outcome.out, HasSubstr("Round spring is cleared.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("1 granted, 1 rejected; value 80 of at most 100"));
}

TEST_F(RoundCommandTest, ASavedPlanIsApplied) {
  const std::string file = std::filesystem::temp_directory_path() / "labslot-plan-test.json";
  std::ofstream(file) << Run({"round", "plan", "spring", "-o", "json"}).out;
  const Outcome outcome = Run({"round", "apply", "spring", "--plan", file, "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().allocations_applied.back().grants(0).reservation(), "reservations/7");
  EXPECT_TRUE(answers().allocations_applied.back().validate_only());
  EXPECT_THAT(outcome.out, HasSubstr("would be cleared."));
  std::ofstream(file) << "not json";
  EXPECT_EQ(Run({"round", "apply", "spring", "--plan", file}).code, 2);
  std::filesystem::remove(file);
}

TEST_F(RoundCommandTest, NamesAreCompleted) {
  EXPECT_EQ(Run({"__complete", "round", "clear", ""}).out, "spring\n");
  EXPECT_EQ(Run({"__complete", "book", "rigs", "--round", "s"}).out, "spring\n");
  EXPECT_EQ(Run({"__complete", "round", "submit", "spring", "r"}).out, "rigs\n");
}

TEST_F(RoundCommandTest, ItIsClosedAndDeleted) {
  EXPECT_EQ(Run({"round", "close", "spring"}).code, 0);
  EXPECT_EQ(answers().rounds_updated.back().round().deadline_time().seconds(), kNow);
  EXPECT_EQ(answers().rounds_updated.back().round().etag(), "9");
  EXPECT_EQ(Run({"round", "delete", "spring", "--dry-run"}).code, 0);
  EXPECT_TRUE(answers().rounds_deleted.back().validate_only());
  EXPECT_THAT(Run({"round", "show", "spring"}).out, Not(HasSubstr("deleted")));
}

}  // namespace
}  // namespace labslot::client
