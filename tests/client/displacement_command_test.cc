// Booking with other ways out: displacement, the nearest, choices, units.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/time_text.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Request = v1::CreateReservationRequest;

// 2027-03-11 00:00 in Brussels.
constexpr std::int64_t kTomorrow = 1804719600;

google::type::Interval Hours(int from, int to) {
  return ToInterval(absl::FromUnixSeconds(kTomorrow + from * 3600),
                    absl::FromUnixSeconds(kTomorrow + to * 3600));
}

class DisplacementCommandTest : public CommandTest {
 protected:
  // Books three rigs tomorrow from 9 to 11, with these options.
  Outcome Book(const std::vector<std::string>& options) {
    std::vector<std::string> words = {"book", "rigs:3", "tomorrow 9:00..11:00"};
    words.insert(words.end(), options.begin(), options.end());
    return Run(words);
  }

  const v1::Reservation& Wished() { return answers().created.back().reservation(); }
};

TEST_F(DisplacementCommandTest, WhatStandsInTheWayIsDisplacedOrAvoidedAsAsked) {
  EXPECT_EQ(Book({"--displace"}).code, 0);
  EXPECT_EQ(answers().created.back().on_conflict(), Request::DISPLACE);
  EXPECT_EQ(Book({"--nearest"}).code, 0);
  EXPECT_EQ(answers().created.back().on_conflict(), Request::NEAREST);
  EXPECT_EQ(Run({"hold", "rigs", "tomorrow 9:00..11:00", "--nearest"}).code, 0);
  EXPECT_EQ(answers().created.back().on_conflict(), Request::NEAREST);
}

TEST_F(DisplacementCommandTest, TheseExcludeEachOther) {
  EXPECT_EQ(Book({"--displace", "--nearest"}).code, 2);
  EXPECT_EQ(Book({"--displace", "--wait"}).code, 2);
  EXPECT_EQ(Book({"--wait", "--nearest"}).code, 2);
  EXPECT_EQ(Book({"--round", "spring", "--displace"}).code, 2);
  EXPECT_EQ(Book({"--window", "tomorrow", "--flex", "1h"}).code, 2);
  EXPECT_THAT(answers().created, IsEmpty());
}

TEST_F(DisplacementCommandTest, AFlexWidensTheWindowOnBothSides) {
  EXPECT_EQ(Book({"--flex", "90m", "--like", "--firm"}).code, 0);
  EXPECT_EQ(Wished().window().start_time().seconds(), kTomorrow + 7 * 3600 + 1800);
  EXPECT_EQ(Wished().window().end_time().seconds(), kTomorrow + 12 * 3600 + 1800);
  EXPECT_TRUE(Wished().like_assets());
  EXPECT_TRUE(Wished().firm());
  const Outcome wrong = Book({"--flex", "soon"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("cannot read \"soon\" as a length of time"));
}

TEST_F(DisplacementCommandTest, ChoicesAreAssetsATimeOrBoth) {
  const Outcome outcome =
      Book({"--or", "rigs:2,make-lab @ tomorrow 13:00..15:00", "--or", "@ tomorrow 15:00..17:00",
            "--or", "rigs:1", "--or", "rigs:2 tomorrow 10:00..12:00"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_THAT(Wished().choices(), SizeIs(4));
  EXPECT_THAT(Wished().choices(0).items(), SizeIs(2));
  EXPECT_EQ(Wished().choices(0).items(0).quantity(), 2);
  EXPECT_EQ(Wished().choices(0).interval().start_time().seconds(), kTomorrow + 13 * 3600);
  EXPECT_THAT(Wished().choices(1).items(), IsEmpty());
  EXPECT_EQ(Wished().choices(1).interval().end_time().seconds(), kTomorrow + 17 * 3600);
  EXPECT_FALSE(Wished().choices(2).has_interval());
  EXPECT_EQ(Wished().choices(3).interval().start_time().seconds(), kTomorrow + 10 * 3600);
  EXPECT_THAT(outcome.out, HasSubstr("rigs:2 + make-lab, Thu 2027-03-11 13:00-15:00"));
}

TEST_F(DisplacementCommandTest, AMistypedChoiceIsNotSent) {
  EXPECT_EQ(Book({"--or", "rig @ tomorrow 13:00..15:00"}).code, 4);
  EXPECT_EQ(Book({"--or", "rigs:0"}).code, 2);
  EXPECT_EQ(Book({"--or", "@"}).code, 2);
  EXPECT_EQ(Book({"--value", "5"}).code, 2);
  EXPECT_THAT(answers().created, IsEmpty());
}

TEST_F(DisplacementCommandTest, AnotherPlaceThanAskedForIsTold) {
  answers().create = [](const Request& request, v1::Reservation* reply) {
    *reply = request.reservation();
    reply->set_name("reservations/1042");
    reply->set_time_zone("Europe/Brussels");
    reply->set_state(v1::Reservation::STATE_CONFIRMED);
    reply->mutable_items(0)->set_quantity(2);
    return grpc::Status(grpc::Status::OK);
  };
  EXPECT_THAT(Book({"--nearest"}).out,
              HasSubstr("Reservation 1042 is confirmed, with rigs:2 instead of rigs:3.\n"));
}

TEST_F(DisplacementCommandTest, ASeriesHasNoneOfThem) {
  for (const std::string option : {"--displace", "--nearest", "--like", "--firm"}) {
    const Outcome outcome = Book({"--repeat", "weekly 3 times", option});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(option + " does not go with a series"));
  }
  EXPECT_THAT(answers().series_created, IsEmpty());
}

TEST_F(DisplacementCommandTest, WhatHadToGiveWaySaysToWhomAndWhatNext) {
  answers().state = v1::Reservation::STATE_DISPLACED;
  answers().displaced_by = "outages/saw";
  const Outcome outcome = Run({"show", "1042"});
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is displaced."));
  EXPECT_THAT(outcome.out, HasSubstr("  gave way to   outage saw\n"));
  EXPECT_THAT(outcome.out, HasSubstr("It is first on the wait list"));
}

TEST_F(DisplacementCommandTest, ThePlanTellsWhomItWouldDisplace) {
  v1::PlanDisplacementResponse& plan = answers().displacement;
  plan.mutable_reservation()->set_state(v1::Reservation::STATE_CONFIRMED);
  plan.mutable_reservation()->add_items()->set_asset("assets/rigs");
  *plan.mutable_reservation()->mutable_interval() = Hours(9, 11);
  v1::PlannedDisplacement* moved = plan.add_displaced();
  moved->mutable_hit()->set_reservation("reservations/7");
  moved->mutable_hit()->set_outcome(v1::Hit::MOVED);
  moved->set_harm(2.5);
  moved->add_items()->set_asset("assets/rigs");
  *moved->mutable_interval() = Hours(13, 15);
  plan.add_displaced()->mutable_hit()->set_outcome(v1::Hit::WAIT_LISTED);
  plan.set_harm(2.5);
  plan.set_worth(12);
  const std::vector<std::string> words = {
      "plan", "displacement", "rigs:3", "tomorrow 9:00..11:00", "--priority", "9"};
  const Outcome outcome = Run(words);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::Reservation& asked = answers().displacements_planned.back().reservation();
  EXPECT_EQ(asked.priority(), 9);
  EXPECT_EQ(asked.items(0).quantity(), 3);
  EXPECT_THAT(outcome.out, HasSubstr("It would be confirmed: rigs, Thu 2027-03-11 09:00-11:00"));
  EXPECT_THAT(outcome.out, HasSubstr("moved"));
  EXPECT_THAT(outcome.out, HasSubstr("(another's)"));
  EXPECT_THAT(outcome.out, HasSubstr("Harm 2.5, worth 12, in weighted unit-hours.\n"));
  std::vector<std::string> json = words;
  json.insert(json.end(), {"-o", "json"});
  EXPECT_THAT(Run(json).out, HasSubstr("\"outcome\": \"WAIT_LISTED\""));
  EXPECT_EQ(Run({"plan", "displacement", "rig", "tomorrow 9:00..11:00"}).code, 4);
  EXPECT_EQ(Run({"plan", "displacement", "rigs"}).code, 2);
}

TEST_F(DisplacementCommandTest, APlanThatWouldBeRefusedTellsWhy) {
  v1::Violation* why = answers().displacement.mutable_refusal()->add_violations();
  why->set_rule(v1::Violation::MAY_NOT_DISPLACE);
  why->set_message("no policy lets it");
  const Outcome outcome =
      Run({"plan", "displacement", "rigs", "tomorrow 9:00..11:00", "--explain"});
  EXPECT_THAT(outcome.out, HasSubstr("It would be refused:\n  - no policy lets it"));
  EXPECT_THAT(outcome.out, HasSubstr("It may not take the place of those that are booked."));
}

TEST_F(DisplacementCommandTest, UnitsAreHandedOutAtCheckIn) {
  const Outcome outcome = Run({"checkin", "1042", "--units", "rigs=rig-1,rig-2"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_THAT(answers().checked_in.back().units(), SizeIs(1));
  EXPECT_EQ(answers().checked_in.back().units(0).asset(), "assets/rigs");
  EXPECT_EQ(answers().checked_in.back().units(0).units(1), "rig-2");
  EXPECT_THAT(outcome.out, HasSubstr("  units         rigs: rig-1, rig-2\n"));
  EXPECT_EQ(Run({"checkin", "1042", "--units", "rig-1"}).code, 2);
  EXPECT_EQ(Run({"checkin", "1042", "1043", "--units", "rigs=rig-1"}).code, 2);
  EXPECT_THAT(answers().checked_in, SizeIs(1));
}

}  // namespace
}  // namespace labslot::client
