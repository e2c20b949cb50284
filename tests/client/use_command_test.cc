// What became of a booking, as one meets it on the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/time_text.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// 2027-03-27 09:00 in Brussels: 1042 runs from then to 11:00.
constexpr std::int64_t kStart = 1806134400;

class UseCommandTest : public CommandTest {};

TEST_F(UseCommandTest, ABookingSaysForWhomAndHowAccessWasGiven) {
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h", "--access", "excellence",
                               "--on-behalf-of", "acme", "--funding", "ERDF 2021-2027", "--class",
                               "rental", "--activity-reason", "paid, no research of ours"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::Reservation& asked = answers().created.back().reservation();
  EXPECT_EQ(asked.access_mode(), v1::Reservation::EXCELLENCE_DRIVEN);
  EXPECT_EQ(asked.on_behalf_of(), "organisations/acme");
  EXPECT_EQ(asked.funding(), "ERDF 2021-2027");
  EXPECT_EQ(asked.activity_reason(), "paid, no research of ours");
  EXPECT_THAT(outcome.out, HasSubstr("  on behalf of  acme\n"));
  EXPECT_THAT(outcome.out, HasSubstr("  class         rental\n"
                                     "  class reason  paid, no research of ours\n"));
  EXPECT_THAT(outcome.out,
              HasSubstr("  access        excellence driven\n  funding       ERDF 2021-2027\n"));
}

TEST_F(UseCommandTest, AnAccessModeThatIsNoneIsToldWithTheFlag) {
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h", "--access", "markte"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "labslot: --access: \"markte\" is no access mode. Did you mean market? There are "
            "excellence (by the quality of the proposal), market (for a fee) and wide.\n");
  EXPECT_THAT(answers().created, IsEmpty());
}

TEST_F(UseCommandTest, AReservationTellsWhatBecameOfIt) {
  v1::Reservation& use = answers().use;
  use.mutable_check_in_time()->set_seconds(kStart + 300);
  v1::Return* back = use.add_returns();
  back->set_asset("assets/rigs");
  back->set_quantity(2);
  back->mutable_time()->set_seconds(kStart + 3600);
  use.set_overdue(true);
  EXPECT_THAT(Run({"show", "1042"}).out,
              HasSubstr("  checked in    Sat 2027-03-27 09:05 Europe/Brussels (+01:00)\n"
                        "  returned      rigs:2, Sat 2027-03-27 10:00\n"
                        "  overdue       yes: it is in use beyond its end\n"));
  use.set_overdue(false);
  use.mutable_check_out_time()->set_seconds(kStart + 7200);
  use.set_problem(v1::Reservation::FORGOTTEN_CHECK_OUT);
  EXPECT_THAT(Run({"show", "1042"}).out,
              HasSubstr("  checked out   Sat 2027-03-27 11:00 Europe/Brussels (+01:00)\n"
                        "  problem       nobody checked out; to settle it: labslot correct 1042 "
                        "--reason ...\n"));
  EXPECT_THAT(Run({"show", "1042", "-o", "csv"}).out,
              HasSubstr("2027-03-27 09:05:00,2027-03-27 11:00:00,,,,nobody checked out,,\r\n"));
}

TEST_F(UseCommandTest, AReservationTellsWhatItCostsAndUnderWhichRules) {
  EXPECT_THAT(Run({"show", "1042"}).out, Not(HasSubstr("  rate ")));
  v1::Reservation& use = answers().use;
  use.set_activity_class(v1::Reservation::ACTIVITY_CLASS_RENTAL);
  use.set_activity_reason("invoice 77");
  use.add_rule_sets("RDI Framework 2022/C 414/01");
  use.add_rule_sets("house rules");
  v1::Item* item = use.add_items();
  item->set_asset("assets/sem");
  item->mutable_rate()->set_currency_code("EUR");
  item->mutable_rate()->set_cost_per_hour(80);
  item->mutable_rate()->set_price_per_hour(120.5);
  const std::string out = Run({"show", "1042"}).out;
  EXPECT_THAT(out, HasSubstr("  rate          sem: an hour of a unit costs 80.00 EUR, and is "
                             "charged at 120.50 EUR\n"));
  EXPECT_THAT(out, HasSubstr("  class         rental\n"
                             "  class reason  invoice 77\n"
                             "  rule sets     RDI Framework 2022/C 414/01; house rules\n"));
  EXPECT_THAT(Run({"show", "1042", "-o", "csv"}).out,
              HasSubstr(",problem,activity-reason,rule-sets\r\n"));
}

TEST_F(UseCommandTest, WhatIsRefusedIsOfferedWithTheReasonOfItsClass) {
  answers().create = [](const v1::CreateReservationRequest& request, v1::Reservation*) {
    v1::Refusal refusal;
    v1::Alternative* other = refusal.add_alternatives();
    *other->mutable_items() = request.reservation().items();
    *other->mutable_interval() = request.reservation().interval();
    other->set_time_zone("Europe/Brussels");
    return WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
  };
  EXPECT_THAT(Run({"book", "rigs", "tomorrow 9:00 +1h", "--class", "rental", "--activity-reason",
                   "invoice 77"})
                  .err,
              HasSubstr(" --class rental --activity-reason \"invoice 77\"\n"));
}

TEST_F(UseCommandTest, WatchTellsHowAUseGoesOn) {
  v1::WatchResponse response;
  for (const auto type :
       {v1::Event::CHECKED_OUT, v1::Event::RETURNED, v1::Event::OVERDUE, v1::Event::CORRECTED}) {
    v1::Event* event = response.add_events();
    event->set_type(type);
    event->set_resource_name("reservations/7");
    v1::Return* back = event->mutable_reservation()->add_returns();
    back->set_asset("assets/rigs");
    back->add_units("rig-1");
  }
  answers().streams = {{response}};
  const Outcome outcome = Run({"watch", "--count", "4"});
  EXPECT_THAT(outcome.out, HasSubstr("checked out  reservations/7"));
  EXPECT_THAT(outcome.out, HasSubstr("returned  reservations/7"));
  EXPECT_THAT(outcome.out, HasSubstr("  back: rigs: rig-1\n"));
  EXPECT_THAT(outcome.out, HasSubstr("overdue  reservations/7"));
  EXPECT_THAT(outcome.out, HasSubstr("corrected  reservations/7"));
}

TEST_F(UseCommandTest, AUseIsOverInWhole) {
  const Outcome outcome = Run({"checkout", "1042"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CheckOutRequest& request = answers().checked_out.back();
  EXPECT_EQ(request.name(), "reservations/1042");
  EXPECT_THAT(request.items(), IsEmpty());
  EXPECT_THAT(request.request_id(), Not(IsEmpty()));
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is completed.\n"));
}

TEST_F(UseCommandTest, AUseIsOverInPart) {
  EXPECT_EQ(Run({"checkout", "1042", "--return", "rigs:2", "--return", "make-lab", "--units",
                 "pool=p-1,p-2", "--dry-run"})
                .code,
            0);
  const v1::CheckOutRequest& request = answers().checked_out.back();
  EXPECT_TRUE(request.validate_only());
  ASSERT_EQ(request.items_size(), 3);
  EXPECT_EQ(request.items(0).asset(), "assets/rigs");
  EXPECT_EQ(request.items(0).quantity(), 2);
  EXPECT_EQ(request.items(1).quantity(), 0);
  EXPECT_EQ(request.items(2).asset(), "assets/pool");
  EXPECT_THAT(request.items(2).units(), ElementsAre("p-1", "p-2"));
  EXPECT_EQ(Run({"checkout", "1042", "--return", "rigs:1", "--units", "rigs=rig-1"}).code, 0);
  EXPECT_EQ(answers().checked_out.back().items_size(), 1);
}

TEST_F(UseCommandTest, WhatIsBackIsReadWithCare) {
  for (const std::string word : {"rigs:0", "rigs:2:detector=eds"}) {
    const Outcome outcome = Run({"checkout", "1042", "--return", word});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err, "labslot: --return: \"" + word +
                               "\" does not say how many are back: write rigs:3 for three "
                               "units\n");
  }
  EXPECT_EQ(Run({"checkout", "1042", "1043", "--return", "rigs"}).code, 2);
  EXPECT_EQ(Run({"checkout", "1042", "--units", "rigs"}).code, 2);
  EXPECT_EQ(Run({"checkout"}).code, 2);
  EXPECT_THAT(answers().checked_out, IsEmpty());
  EXPECT_EQ(Run({"checkout", "404"}).code, 4);
}

TEST_F(UseCommandTest, WithNothingButAReasonTheProblemIsSettledAsItIs) {
  const Outcome outcome = Run({"correct", "1042", "--reason", "asked anna"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CorrectUseRequest& request = answers().corrected.back();
  EXPECT_EQ(request.name(), "reservations/1042");
  EXPECT_EQ(request.etag(), "7");
  EXPECT_EQ(request.reason(), "asked anna");
  EXPECT_EQ(request.outcome(), v1::CorrectUseRequest::OUTCOME_UNSPECIFIED);
  EXPECT_FALSE(request.has_check_in_time());
  EXPECT_FALSE(request.has_check_out_time());
  EXPECT_THAT(request.update_mask().paths(), IsEmpty());
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is settled as it is.\n"));
}

TEST_F(UseCommandTest, TimesOfAUseAreReadOnItsDayAndInItsZone) {
  const auto request = [&] { return answers().corrected.back(); };
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--from", "9:10", "--to", "10:30"}).code, 0);
  EXPECT_EQ(request().check_in_time().seconds(), kStart + 600);
  EXPECT_EQ(request().check_out_time().seconds(), kStart + 5400);
  // The clocks change that night: 8:00 is 22 hours after 9:00.
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--to", "8:00"}).code, 0);
  EXPECT_EQ(request().check_out_time().seconds(), kStart + 22 * 3600);
  EXPECT_FALSE(request().has_check_in_time());
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--to", "2027-03-27 9:30"}).code, 0);
  EXPECT_EQ(request().check_out_time().seconds(), kStart + 1800);
  answers().corrected.clear();
  const Outcome outcome = Run({"correct", "1042", "--reason", "x", "--to", "2027-03-26 9:30"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--to: Fri 2027-03-26 09:30 Europe/Brussels (+01:00) is not "
                                     "after the begin of the use, Sat 2027-03-27 09:00"));
  EXPECT_THAT(Run({"correct", "1042", "--reason", "x", "--from", "early"}).err,
              HasSubstr("labslot: --from: cannot read"));
  EXPECT_THAT(answers().corrected, IsEmpty());
}

TEST_F(UseCommandTest, OnlyTheWordsThatAreGivenAreSet) {
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--activity-reason", "seen"}).code, 0);
  EXPECT_EQ(answers().corrected.back().reservation().activity_reason(), "seen");
  EXPECT_THAT(answers().corrected.back().update_mask().paths(), ElementsAre("activity_reason"));
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--nobody-came"}).code, 0);
  EXPECT_EQ(answers().corrected.back().outcome(), v1::CorrectUseRequest::NOBODY_CAME);
  const Outcome outcome = Run({"correct", "1042", "--reason", "invoice 77", "--used", "--class",
                               "contract-research", "--access", "market", "--project", "p-1",
                               "--funding", "", "--on-behalf-of", "acme", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CorrectUseRequest& request = answers().corrected.back();
  EXPECT_EQ(request.outcome(), v1::CorrectUseRequest::USED);
  EXPECT_THAT(request.update_mask().paths(),
              ElementsAre("activity_class", "access_mode", "project", "funding", "on_behalf_of"));
  EXPECT_EQ(request.reservation().activity_class(),
            v1::Reservation::ACTIVITY_CLASS_CONTRACT_RESEARCH);
  EXPECT_EQ(request.reservation().access_mode(), v1::Reservation::MARKET_DRIVEN);
  EXPECT_EQ(request.reservation().project(), "p-1");
  EXPECT_EQ(request.reservation().funding(), "");
  EXPECT_EQ(request.reservation().on_behalf_of(), "organisations/acme");
  EXPECT_THAT(outcome.out, HasSubstr("would be corrected. Nothing was changed (--dry-run).\n"));
}

TEST_F(UseCommandTest, WhatContradictsItselfIsNotSent) {
  EXPECT_EQ(Run({"correct", "1042"}).code, 2);
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--used", "--nobody-came"}).code, 2);
  EXPECT_EQ(Run({"correct", "1042", "--reason", "x", "--to", "10:00", "--nobody-came"}).code, 2);
  const Outcome outcome = Run({"correct", "1042", "--reason", "x", "--class", "educaton"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              HasSubstr("--class: \"educaton\" is no activity class. Did you mean education?"));
  EXPECT_EQ(Run({"correct", "404", "--reason", "x"}).code, 4);
  EXPECT_THAT(answers().corrected, IsEmpty());
}

TEST_F(UseCommandTest, ProblemsAreListedWithTheWayToSettleThem) {
  EXPECT_EQ(Run({"problems"}).out, "no problems: everything on record is clear\n");
  for (const std::string id : {"1042", "1050"}) {
    v1::Reservation one;
    one.set_name("reservations/" + id);
    one.set_user("users/anna");
    one.set_time_zone("Europe/Brussels");
    one.set_problem(v1::Reservation::FORGOTTEN_CHECK_OUT);
    one.add_items()->set_asset("assets/rigs");
    one.mutable_items(0)->set_quantity(2);
    *one.mutable_interval() =
        ToInterval(absl::FromUnixSeconds(kStart), absl::FromUnixSeconds(kStart + 7200));
    answers().problems.push_back(one);
  }
  EXPECT_EQ(
      Run({"problems"}).out,
      "RESERVATION  ASSET   WHO   WHEN                        PROBLEM\n"
      "1042         rigs:2  anna  Sat 2027-03-27 09:00-11:00  nobody checked out\n"
      "1050         rigs:2  anna  Sat 2027-03-27 09:00-11:00  nobody checked out\n"
      "Times in Europe/Brussels.\n"
      "To settle one: labslot correct 1042 --reason \"...\", with --to TIME or --nobody-came if it "
      "was so.\n");
  EXPECT_EQ(Run({"problems", "-q"}).out, "1042\n1050\n");
  EXPECT_EQ(Run({"problems", "-o", "csv"}).out,
            "reservation,asset,who,start,end,zone,problem\r\n"
            "1042,rigs:2,anna,2027-03-27 09:00:00,2027-03-27 11:00:00,Europe/Brussels,nobody "
            "checked out\r\n"
            "1050,rigs:2,anna,2027-03-27 09:00:00,2027-03-27 11:00:00,Europe/Brussels,nobody "
            "checked out\r\n");
}

}  // namespace
}  // namespace labslot::client
