// Wait lists, windows and offers as one meets them on the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/time_text.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// 2027-03-11 00:00 in Brussels.
constexpr std::int64_t kTomorrow = 1804719600;

google::type::Interval Hours(int from, int to) {
  return ToInterval(absl::FromUnixSeconds(kTomorrow + from * 3600),
                    absl::FromUnixSeconds(kTomorrow + to * 3600));
}

class WaitListCommandTest : public CommandTest {
 protected:
  // Bookings are granted in this state and at this time.
  void Grant(v1::Reservation::State state, const google::type::Interval& interval) {
    answers().create = [state, interval](const v1::CreateReservationRequest& request,
                                         v1::Reservation* reply) {
      *reply = request.reservation();
      if (!request.validate_only()) reply->set_name("reservations/1042");
      reply->set_time_zone("Europe/Brussels");
      reply->set_state(state);
      *reply->mutable_interval() = interval;
      reply->mutable_hold_expire_time()->set_seconds(kTomorrow + 9 * 3600);
      return grpc::Status(grpc::Status::OK);
    };
  }

  v1::Reservation* Add(const std::string& id, v1::Reservation::State state, int priority) {
    const std::string filter =
        state == v1::Reservation::STATE_OFFERED ? "state = OFFERED" : "state = WAITLISTED";
    v1::Reservation* one = answers().by_filter[filter].add_reservations();
    one->set_name("reservations/" + id);
    one->set_state(state);
    one->set_priority(priority);
    one->set_user("users/anna");
    one->set_time_zone("Europe/Brussels");
    one->add_items()->set_asset("assets/rigs");
    *one->mutable_interval() = Hours(9, 11);
    return one;
  }
};

TEST_F(WaitListCommandTest, WhatIsBookedAtAnotherTimeIsToldWithBothTimes) {
  Grant(v1::Reservation::STATE_CONFIRMED, Hours(14, 16));
  const Outcome outcome =
      Run({"book", "rigs", "tomorrow 9:00..11:00", "--window", "tomorrow 8:00..18:00"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CreateReservationRequest& request = answers().created.back();
  EXPECT_EQ(request.reservation().window().start_time().seconds(), kTomorrow + 8 * 3600);
  EXPECT_EQ(request.reservation().window().end_time().seconds(), kTomorrow + 18 * 3600);
  EXPECT_EQ(request.on_conflict(), v1::CreateReservationRequest::ON_CONFLICT_UNSPECIFIED);
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is confirmed, at another time than asked "
                                     "for: Thu 2027-03-11 14:00-16:00 instead of Thu 2027-03-11 "
                                     "09:00-11:00.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("  window        Thu 2027-03-11 08:00-18:00, at any time"));
}

TEST_F(WaitListCommandTest, WhatIsBookedAsAskedForSaysNothingOfAnotherTime) {
  Grant(v1::Reservation::STATE_CONFIRMED, Hours(9, 11));
  EXPECT_THAT(Run({"book", "rigs", "tomorrow 9:00..11:00", "--wait"}).out,
              HasSubstr("Reservation 1042 is confirmed.\n"));
}

TEST_F(WaitListCommandTest, APlaceOnTheWaitListIsASuccessThatSaysHowToGoOn) {
  Grant(v1::Reservation::STATE_WAITLISTED, Hours(9, 11));
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00..11:00", "--wait"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().created.back().on_conflict(), v1::CreateReservationRequest::WAIT_LIST);
  EXPECT_THAT(outcome.out,
              HasSubstr("Reservation 1042 is on the wait list until Thu 2027-03-11 09:00 "
                        "Europe/Brussels (+01:00): others stand in the way. It gets an offer when "
                        "time is freed.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("  waits until   Thu 2027-03-11 09:00"));
  EXPECT_THAT(outcome.out, HasSubstr("To see who waits: labslot waitlist rigs\n"
                                     "To leave the wait list: labslot cancel 1042\n"));
}

TEST_F(WaitListCommandTest, ADryRunPromisesNoPlaceAndNamesNoReservation) {
  Grant(v1::Reservation::STATE_WAITLISTED, Hours(9, 11));
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00..11:00", "--wait", "--dry-run"});
  EXPECT_THAT(outcome.out, HasSubstr("It would be on the wait list until"));
  EXPECT_THAT(outcome.out, HasSubstr("Nothing was changed (--dry-run).\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("labslot cancel")));
}

TEST_F(WaitListCommandTest, AWindowThatDoesNotContainTheRunIsAnErrorOfUsage) {
  const Outcome outcome =
      Run({"book", "rigs", "tomorrow 9:00..11:00", "--window", "tomorrow 9:30..18:00"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--window Thu 2027-03-11 09:30-18:00 does not contain the "
                                     "time asked for, Thu 2027-03-11 09:00-11:00: make it wider"));
  EXPECT_THAT(answers().created, IsEmpty());
}

TEST_F(WaitListCommandTest, AWindowIsReadInTheZoneOfThePlace) {
  Run({"book", "make-lab", "tomorrow 9:00..11:00", "--site", "tartu", "--window", "tomorrow"});
  // Midnight comes an hour earlier to Tallinn.
  EXPECT_EQ(answers().created.back().reservation().window().start_time().seconds(),
            kTomorrow - 3600);
}

TEST_F(WaitListCommandTest, ASeriesHasNoWindowAndAHoldDoesNotWait) {
  const std::vector<std::string> series = {"book", "rigs", "tomorrow 9:00..11:00", "--repeat",
                                           "weekly 3 times"};
  std::vector<std::string> waiting = series;
  waiting.emplace_back("--wait");
  EXPECT_EQ(Run(waiting).code, 2);
  std::vector<std::string> flexible = series;
  flexible.insert(flexible.end(), {"--window", "tomorrow"});
  EXPECT_EQ(Run(flexible).code, 2);
  EXPECT_EQ(Run({"hold", "rigs", "tomorrow 9:00..11:00", "--wait"}).code, 2);
  EXPECT_THAT(answers().created, IsEmpty());
  EXPECT_THAT(answers().series_created, IsEmpty());
  EXPECT_EQ(Run({"hold", "rigs", "tomorrow 9:00..11:00", "--window", "tomorrow"}).code, 0);
  EXPECT_TRUE(answers().created.back().reservation().has_window());
}

TEST_F(WaitListCommandTest, TheListIsInTheOrderOfServiceForEachAsset) {
  Add("101", v1::Reservation::STATE_WAITLISTED, 0);
  Add("99", v1::Reservation::STATE_WAITLISTED, 0)->add_items()->set_asset("assets/make-lab");
  Add("102", v1::Reservation::STATE_WAITLISTED, 5);
  Add("103", v1::Reservation::STATE_OFFERED, 0)->mutable_hold_expire_time()->set_seconds(kTomorrow);
  const Outcome outcome = Run({"waitlist"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> order = {
      "99           make-lab         1  waitlisted", "103          rigs                offered",
      "102          rigs             1  waitlisted", "99           rigs             2  waitlisted",
      "101          rigs             3  waitlisted"};
  std::size_t at = 0;
  for (const std::string& row : order) {
    const std::size_t found = outcome.out.find(row, at);
    ASSERT_NE(found, std::string::npos) << row << "\n" << outcome.out;
    at = found + row.size();
  }
  EXPECT_EQ(Run({"waitlist", "-q"}).out, "99\n103\n102\n101\n");
}

TEST_F(WaitListCommandTest, TheListAsksForTheAssetsThatWereNamed) {
  Add("99", v1::Reservation::STATE_WAITLISTED, 0)->add_items()->set_asset("assets/make-lab");
  const Outcome outcome = Run({"waitlist", "rigs"});
  ASSERT_THAT(answers().listed, SizeIs(3));
  EXPECT_EQ(answers().listed[0].filter(), "asset = \"assets/rigs\" AND state = OFFERED");
  EXPECT_EQ(answers().listed[1].filter(), "asset = \"assets/rigs\" AND state = DISPLACED");
  EXPECT_EQ(answers().listed[2].filter(), "asset = \"assets/rigs\" AND state = WAITLISTED");
  EXPECT_THAT(outcome.out, Not(HasSubstr("make-lab")));
  answers().by_filter.clear();
  EXPECT_EQ(Run({"waitlist", "rigs"}).out, "nobody waits\n");
  EXPECT_EQ(Run({"waitlist", "rig"}).code, 4) << "a slip is not an empty list";
}

TEST_F(WaitListCommandTest, QuotasThatOrderTheListAreNamed) {
  Add("99", v1::Reservation::STATE_WAITLISTED, 0);
  EXPECT_THAT(Run({"waitlist"}).out, Not(HasSubstr("fair share")));
  for (const char* name : {"quotas/limit", "quotas/turns", "quotas/off"}) {
    v1::Quota* quota = answers().catalogue.add_quotas();
    quota->set_name(name);
    quota->set_fair_share(quota->name() != "quotas/limit");
    quota->set_disabled(quota->name() == "quotas/off");
  }
  EXPECT_THAT(Run({"waitlist"}).out,
              HasSubstr("Positions count those that you may see.\n"
                        "At the same priority, who has used less of a fair share goes first "
                        "(turns).\n"));
}

TEST_F(WaitListCommandTest, ProgramsGetEachReservationOnce) {
  Add("99", v1::Reservation::STATE_WAITLISTED, 0)->add_items()->set_asset("assets/make-lab");
  const std::string json = Run({"waitlist", "rigs", "make-lab", "-o", "json"}).out;
  EXPECT_EQ(json.find("reservations/99"), json.rfind("reservations/99"));
  EXPECT_THAT(Run({"waitlist", "-o", "csv"}).out,
              HasSubstr("99,rigs,1,waitlisted,anna,2027-03-11 09:00:00,2027-03-11 11:00:00,,,0,,"
                        "Europe/Brussels\r\n"));
}

TEST_F(WaitListCommandTest, AnOfferIsAccepted) {
  const Outcome outcome = Run({"offer", "accept", "1042"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_THAT(answers().accepted, SizeIs(1));
  EXPECT_EQ(answers().accepted[0].name(), "reservations/1042");
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is confirmed."));
  Run({"offer", "accept", "1042", "--dry-run"});
  EXPECT_TRUE(answers().accepted.back().validate_only());
  EXPECT_EQ(Run({"offer", "accept", "404"}).code, 4);
}

TEST_F(WaitListCommandTest, AnOfferIsDeclinedAtTheVersionThatWasSeen) {
  answers().state = v1::Reservation::STATE_OFFERED;
  const Outcome outcome = Run({"offer", "decline", "1042", "--reason", "ill", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_THAT(answers().cancelled, SizeIs(1));
  EXPECT_EQ(answers().cancelled[0].reason(), "ill");
  EXPECT_EQ(answers().cancelled[0].etag(), "7");
  EXPECT_TRUE(answers().cancelled[0].validate_only());
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 would be cancelled."));
}

TEST_F(WaitListCommandTest, WhatIsNoOfferIsNotDeclined) {
  answers().state = v1::Reservation::STATE_CONFIRMED;
  const Outcome outcome = Run({"offer", "decline", "1042"});
  EXPECT_NE(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("reservation 1042 is confirmed, so there is no offer"));
  EXPECT_THAT(answers().cancelled, IsEmpty());
}

TEST_F(WaitListCommandTest, AnOfferIsShownWithHowToTakeIt) {
  answers().state = v1::Reservation::STATE_OFFERED;
  const Outcome outcome = Run({"show", "1042"});
  EXPECT_THAT(outcome.out, HasSubstr("To take it: labslot offer accept 1042\n"
                                     "To turn it down: labslot offer decline 1042\n"));
}

TEST_F(WaitListCommandTest, AListTellsUntilWhenItWaitsAndWhereItMayLie) {
  v1::Reservation* one = Add("101", v1::Reservation::STATE_WAITLISTED, 0);
  answers().reservations = answers().by_filter["state = WAITLISTED"];
  EXPECT_THAT(Run({"list"}).out, Not(HasSubstr("UNTIL")));
  one->mutable_hold_expire_time()->set_seconds(kTomorrow);
  *one->mutable_window() = Hours(8, 18);
  *answers().reservations.mutable_reservations(0) = *one;
  const Outcome outcome = Run({"list"});
  EXPECT_THAT(outcome.out, HasSubstr("waits until Thu 2027-03-11 00:00"));
  EXPECT_THAT(outcome.out, HasSubstr("Thu 2027-03-11 08:00-18:00"));
}

}  // namespace
}  // namespace labslot::client
