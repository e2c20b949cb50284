// Outages as one meets them on the command line.

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
using ::testing::SizeIs;

// 2027-03-10 10:00 in Brussels, which is now, and the next midnight.
constexpr std::int64_t kNow = 1804669200;
constexpr std::int64_t kTomorrow = 1804719600;

class OutageCommandTest : public CommandTest {
 protected:
  OutageCommandTest() {
    v1::Outage saw;
    saw.set_name("outages/saw");
    saw.set_asset("assets/rigs");
    saw.set_quantity(2);
    saw.set_etag("7");
    saw.mutable_interval()->mutable_start_time()->set_seconds(kNow - 3600);
    saw.mutable_reach_time()->set_seconds(kNow + 7 * 86400);
    answers().outages = {saw};
  }

  void Hit(const std::string& name, v1::Hit::Outcome outcome, const std::string& message) {
    v1::Hit hit;
    hit.set_reservation(name);
    hit.set_outcome(outcome);
    hit.set_message(message);
    answers().hits.push_back(hit);
  }
};

TEST_F(OutageCommandTest, WithoutATimeItIsFromNowAndItsEndUnknown) {
  const Outcome outcome = Run({"outage", "add", "rigs"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::Outage& asked = answers().outages_created.back().outage();
  EXPECT_EQ(asked.asset(), "assets/rigs");
  EXPECT_EQ(asked.interval().start_time().seconds(), kNow);
  EXPECT_FALSE(asked.interval().has_end_time());
  EXPECT_THAT(outcome.out, HasSubstr("Outage outage-17 is entered.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("not known"));
  EXPECT_THAT(outcome.out, HasSubstr("It hits no reservation.\n"));
}

TEST_F(OutageCommandTest, ARangeUnitsAndWordsAreSent) {
  const Outcome outcome =
      Run({"outage", "add", "rigs", "tomorrow 8:00", "tomorrow 18:00", "--units", "rig-1,rig-2",
           "--planned", "--category", "calibration", "--note", "yearly", "--id", "yearly",
           "--reason", "due", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CreateOutageRequest& request = answers().outages_created.back();
  EXPECT_EQ(request.outage_id(), "yearly");
  EXPECT_EQ(request.reason(), "due");
  EXPECT_TRUE(request.validate_only());
  EXPECT_TRUE(request.outage().planned());
  EXPECT_THAT(request.outage().units(), ElementsAre("rig-1", "rig-2"));
  EXPECT_EQ(request.outage().interval().start_time().seconds(), kTomorrow + 8 * 3600);
  EXPECT_EQ(request.outage().interval().end_time().seconds(), kTomorrow + 18 * 3600);
  EXPECT_THAT(outcome.out, HasSubstr("would be entered. Nothing was changed (--dry-run).\n"));
  EXPECT_THAT(outcome.out, HasSubstr("Thu 2027-03-11 08:00-18:00 Europe/Brussels (+01:00)"));
}

TEST_F(OutageCommandTest, HitsAreShownAndCountedByOutcome) {
  Hit("reservations/7", v1::Hit::MOVED, "it runs on Friday");
  Hit("reservations/8", v1::Hit::WAIT_LISTED, "it waits");
  Hit("", v1::Hit::WAIT_LISTED, "it waits");
  const Outcome outcome = Run({"outage", "add", "rigs", "now", "+4h", "--quantity", "2"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().outages_created.back().outage().quantity(), 2);
  EXPECT_EQ(answers().outages_created.back().outage().interval().end_time().seconds(),
            kNow + 4 * 3600);
  EXPECT_THAT(outcome.out, HasSubstr("7            moved        it runs on Friday"));
  EXPECT_THAT(outcome.out, HasSubstr("(another's)"));
  EXPECT_THAT(outcome.out, HasSubstr("3 reservations: 1 moved, 2 wait listed.\n"));
  EXPECT_THAT(Run({"outage", "add", "rigs", "-o", "json"}).out,
              HasSubstr("\"outcome\": \"MOVED\""));
}

TEST_F(OutageCommandTest, WrongWordsAreNotSent) {
  EXPECT_EQ(Run({"outage", "add", "rig"}).code, 4);
  EXPECT_EQ(Run({"outage", "add"}).code, 2);
  EXPECT_EQ(Run({"outage", "add", "rigs", "soon"}).code, 2);
  EXPECT_EQ(Run({"outage", "add", "rigs", "--units", "rig-1", "--quantity", "2"}).code, 2);
  const Outcome outcome = Run({"outage", "stop", "saw"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no command \"stop\" in `labslot outage`"));
  EXPECT_THAT(answers().outages_created, IsEmpty());
}

TEST_F(OutageCommandTest, TheListIsOfAnAssetThatThereIs) {
  const Outcome outcome = Run({"outage", "list", "rigs", "--past"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().outages_listed.back().asset(), "assets/rigs");
  EXPECT_TRUE(answers().outages_listed.back().show_past());
  EXPECT_THAT(outcome.out, HasSubstr("saw     rigs   2    from Wed 2027-03-10 09:00, end unknown"));
  EXPECT_EQ(Run({"outage", "list", "rig"}).code, 4);
  EXPECT_THAT(Run({"outage", "list", "-o", "csv"}).out,
              HasSubstr("saw,rigs,2,2027-03-10 09:00:00,,2027-03-17 10:00:00,Europe/Brussels,"
                        "unplanned,,0,\r\n"));
  answers().outages.clear();
  EXPECT_EQ(Run({"outage", "list"}).out, "no outages\n");
}

TEST_F(OutageCommandTest, ItIsEndedNowOrLaterAtTheVersionThatWasSeen) {
  EXPECT_EQ(Run({"outage", "end", "saw"}).code, 0);
  const v1::UpdateOutageRequest& now = answers().outages_updated.back();
  EXPECT_EQ(now.outage().etag(), "7");
  EXPECT_THAT(now.update_mask().paths(), ElementsAre("interval"));
  EXPECT_EQ(now.outage().interval().start_time().seconds(), kNow - 3600);
  EXPECT_EQ(now.outage().interval().end_time().seconds(), kNow);
  EXPECT_EQ(Run({"outage", "end", "saw", "tomorrow", "12:00", "--dry-run"}).code, 0);
  EXPECT_EQ(answers().outages_updated.back().outage().interval().end_time().seconds(),
            kTomorrow + 12 * 3600);
  EXPECT_TRUE(answers().outages_updated.back().validate_only());
}

TEST_F(OutageCommandTest, WhatHasNotBegunIsNotEnded) {
  answers().outages[0].mutable_interval()->mutable_start_time()->set_seconds(kTomorrow);
  const Outcome outcome = Run({"outage", "end", "saw"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("`labslot outage delete saw` takes it back"));
  EXPECT_EQ(Run({"outage", "end", "sawn"}).code, 4);
  EXPECT_THAT(answers().outages_updated, IsEmpty());
}

TEST_F(OutageCommandTest, ItIsMovedAndTakenBack) {
  EXPECT_EQ(Run({"outage", "move", "saw", "tomorrow 8:00..12:00"}).code, 0);
  EXPECT_EQ(answers().outages_updated.back().outage().interval().start_time().seconds(),
            kTomorrow + 8 * 3600);
  EXPECT_EQ(Run({"outage", "move", "saw"}).code, 2);
  const Outcome outcome = Run({"outage", "delete", "saw", "--reason", "the other rig"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(answers().outages_deleted.back().reason(), "the other rig");
  EXPECT_THAT(outcome.out, HasSubstr("Outage saw is taken back.\n"));
  EXPECT_THAT(Run({"outage", "show", "saw"}).out, Not(HasSubstr("taken back")));
}

TEST_F(OutageCommandTest, NamesAreCompleted) {
  EXPECT_EQ(Run({"__complete", "outage", "end", ""}).out, "saw\n");
  EXPECT_EQ(Run({"__complete", "outage", "add", "r"}).out, "rigs\n");
}

TEST_F(OutageCommandTest, UtilisationTellsOutagesOnlyWhereThereAreAny) {
  v1::UtilisationRow* row = answers().utilisation.add_rows();
  row->set_asset("assets/rigs");
  EXPECT_THAT(Run({"utilisation", "rigs"}).out, Not(HasSubstr("OUT")));
  row->set_unplanned_outage_seconds(5400);
  row->set_planned_outage_seconds(3600);
  EXPECT_THAT(Run({"utilisation", "rigs"}).out, HasSubstr("rigs    0.0  2.5 "));
  EXPECT_THAT(Run({"utilisation", "rigs", "-o", "wide"}).out, HasSubstr("UNPLANNED-OUT-H"));
}

TEST_F(OutageCommandTest, WatchTellsOutagesRoundsAndWhoGaveWay) {
  v1::WatchResponse response;
  v1::Event* broken = response.add_events();
  broken->set_type(v1::Event::CREATED);
  broken->set_resource_name("outages/saw");
  *broken->mutable_outage() = answers().outages[0];
  v1::Event* displaced = response.add_events();
  displaced->set_type(v1::Event::DISPLACED);
  displaced->set_resource_name("reservations/7");
  displaced->mutable_reservation()->set_displaced_by("outages/saw");
  v1::Event* cleared = response.add_events();
  cleared->set_type(v1::Event::UPDATED);
  cleared->set_resource_name("rounds/spring");
  cleared->mutable_round()->set_state(v1::Round::STATE_CLEARED);
  cleared->mutable_round()->set_granted_count(3);
  answers().streams = {{response}};
  const Outcome outcome = Run({"watch", "--count", "3"});
  EXPECT_THAT(outcome.out, HasSubstr("outages/saw  rigs:2 out of service  from Wed 2027-03-10"));
  EXPECT_THAT(outcome.out, HasSubstr("displaced  reservations/7"));
  EXPECT_THAT(outcome.out, HasSubstr("  by outages/saw\n"));
  EXPECT_THAT(outcome.out, HasSubstr("3 granted, 0 rejected"));
}

}  // namespace
}  // namespace labslot::client
