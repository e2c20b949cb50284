// Whole command lines against a daemon that answers what the test says.

#include "client/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "client/connection.h"
#include "google/rpc/error_details.pb.h"
#include "labslot/v1/refusal.pb.h"
#include "tests/client/command_test.h"
#include "tests/client/fake_daemon.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class AppTest : public CommandTest {
 protected:
  // The interval of the last reservation asked for, in UTC.
  std::string LastWish() {
    const google::type::Interval& interval =
        daemon_.answers().created.back().reservation().interval();
    const auto text = [](const google::protobuf::Timestamp& time) {
      return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time.seconds()),
                              absl::UTCTimeZone());
    };
    return text(interval.start_time()) + " " + text(interval.end_time());
  }
};

grpc::Status WithReason(grpc::StatusCode code, const std::string& reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("labslot");
  return WithDetails(code, "in words", {&info});
}

TEST_F(AppTest, ABookingIsReadInTheZoneOfThePlaceAndEchoedWithIt) {
  const Outcome outcome = Run({"book", "rigs:3", "tomorrow", "9:00..12:00", "--for", "Demo"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(LastWish(), "2027-03-11T08:00:00Z 2027-03-11T11:00:00Z");
  EXPECT_THAT(outcome.out, HasSubstr("Reservation 1042 is confirmed."));
  EXPECT_THAT(outcome.out, HasSubstr("Thu 2027-03-11 09:00-12:00 Europe/Brussels (+01:00)"));
  const v1::CreateReservationRequest& request = daemon_.answers().created.back();
  EXPECT_EQ(request.reservation().items(0).asset(), "assets/rigs");
  EXPECT_EQ(request.reservation().items(0).quantity(), 3);
  EXPECT_EQ(request.reservation().display_name(), "Demo");
  EXPECT_THAT(request.request_id(), Not(IsEmpty()));
  EXPECT_FALSE(request.validate_only());
}

TEST_F(AppTest, AMobileAssetIsReadInTheZoneOfTheSiteItVisits) {
  Run({"book", "make-lab", "tomorrow 9:00 +3h", "--site", "tartu"});
  EXPECT_EQ(LastWish(), "2027-03-11T07:00:00Z 2027-03-11T10:00:00Z");
  Run({"book", "make-lab", "--at", "tomorrow 9:00 +3h", "--site", "tartu", "--zone", "UTC"});
  EXPECT_EQ(LastWish(), "2027-03-11T09:00:00Z 2027-03-11T12:00:00Z");
}

TEST_F(AppTest, ADryRunChangesNothingAndSaysSo) {
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h", "--dry-run"});
  EXPECT_TRUE(daemon_.answers().created.back().validate_only());
  EXPECT_THAT(outcome.out, HasSubstr("It would be confirmed. Nothing was changed"));
}

TEST_F(AppTest, AHoldSaysForHowLong) {
  const Outcome outcome = Run({"hold", "rigs", "tomorrow", "9:00", "+1h", "--ttl", "2h"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(daemon_.answers().created.back().hold_duration().seconds(), 7200);
}

TEST_F(AppTest, WhatIsMistypedIsAUsageErrorWithASuggestion) {
  const Outcome command = Run({"bok", "rigs"});
  EXPECT_EQ(command.code, 2);
  EXPECT_THAT(command.err, HasSubstr("Did you mean book?"));
  const Outcome option = Run({"list", "--stat", "held"});
  EXPECT_EQ(option.code, 2);
  EXPECT_THAT(option.err, HasSubstr("Did you mean --state"));
  EXPECT_EQ(Run({"book", "rigs", "3/4/2027"}).code, 2);
  EXPECT_EQ(Run({"book", "rigs"}).code, 2);
  EXPECT_EQ(Run({"book", "rigs", "2027-03-28 02:30 +2h"}).code, 2);
  EXPECT_EQ(Run({"list", "-o", "xml"}).code, 2);
  EXPECT_EQ(Run({}).code, 2);
  EXPECT_THAT(daemon_.answers().created, IsEmpty());
}

TEST_F(AppTest, AnUnknownAssetIsSuggestedFromTheNamesOfTheDaemon) {
  const Outcome outcome = Run({"book", "make-lob", "tomorrow 9:00 +1h"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("assets/make-lob does not exist. Did you mean make-lab?"));
}

v1::Refusal CapacityRefusal() {
  v1::Refusal refusal;
  v1::Violation* violation = refusal.add_violations();
  violation->set_rule(v1::Violation::CAPACITY_EXCEEDED);
  violation->set_message("rigs has 7 units; 8 would be taken");
  violation->set_asset("assets/rigs");
  v1::Conflict* seen = violation->add_conflicts();
  seen->set_reservation("reservations/7");
  seen->set_asset("assets/rigs");
  seen->set_quantity(4);
  seen->mutable_occupancy()->mutable_start_time()->set_seconds(1804755600);
  seen->mutable_occupancy()->mutable_end_time()->set_seconds(1804762800);
  v1::Conflict* masked = violation->add_conflicts();
  *masked = *seen;
  masked->clear_reservation();
  refusal.add_violations()->set_message("the place is closed");
  refusal.mutable_earliest_start_time()->set_seconds(1804762800);
  v1::Alternative* alternative = refusal.add_alternatives();
  alternative->set_kind(v1::Alternative::OTHER_TIME);
  alternative->add_items()->set_asset("assets/rigs");
  alternative->mutable_items(0)->set_quantity(4);
  alternative->mutable_interval()->mutable_start_time()->set_seconds(1804762800);
  alternative->mutable_interval()->mutable_end_time()->set_seconds(1804770000);
  alternative->set_time_zone("Europe/Brussels");
  return refusal;
}

TEST_F(AppTest, ARefusalTellsAllReasonsAndHowToBookTheAlternatives) {
  daemon_.answers().create = [](const v1::CreateReservationRequest&, v1::Reservation*) {
    const v1::Refusal refusal = CapacityRefusal();
    return WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
  };
  const Outcome outcome =
      Run({"book", "rigs:4", "tomorrow 10:00 +2h", "--for", "It's a demo", "--org", "acme"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(outcome.err,
            "labslot: refused:\n"
            "  - rigs has 7 units; 8 would be taken\n"
            "      reservation 7  Thu 2027-03-11 10:00-12:00  takes 4\n"
            "      busy  Thu 2027-03-11 10:00-12:00  takes 4\n"
            "  - the place is closed\n"
            "The earliest start that would pass: Thu 2027-03-11 12:00 Europe/Brussels (+01:00)\n"
            "What would pass now:\n"
            "  1. another time: rigs:4  Thu 2027-03-11 12:00-14:00 Europe/Brussels (+01:00)\n"
            "       labslot book rigs:4 \"2027-03-11 12:00..14:00\" --org acme --for \"It's a "
            "demo\"\n");
  EXPECT_EQ(daemon_.answers().created.size(), 1U) << "a refusal is not sent again";
}

TEST_F(AppTest, ARefusalIsInTheZoneOfTheAssetThoughTheCommandNamesNone) {
  const v1::Refusal refusal = CapacityRefusal();
  daemon_.answers().accept_status =
      WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
  surroundings_.local_zone = "Asia/Tokyo";
  EXPECT_THAT(Run({"offer", "accept", "1042"}).err,
              HasSubstr("reservation 7  Thu 2027-03-11 10:00-12:00  takes 4\n"));
  EXPECT_THAT(Run({"offer", "accept", "1042", "--zone", "Europe/Riga"}).err,
              HasSubstr("reservation 7  Thu 2027-03-11 11:00-13:00  takes 4\n"));
}

TEST_F(AppTest, ARefusalIsJsonForPrograms) {
  daemon_.answers().create = [](const v1::CreateReservationRequest&, v1::Reservation*) {
    const v1::Refusal refusal = CapacityRefusal();
    return WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
  };
  const Outcome outcome = Run({"book", "rigs:4", "tomorrow 10:00 +2h", "-o", "json"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.out, HasSubstr("\"@type\": \"type.googleapis.com/labslot.v1.Refusal\""));
  EXPECT_THAT(outcome.out, HasSubstr("\"earliestStartTime\": \"2027-03-11T11:00:00Z\""));
}

TEST_F(AppTest, EveryCodeHasItsExitCode) {
  const std::vector<std::pair<grpc::Status, int>> table = {
      {WithReason(grpc::StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"), 2},
      {WithReason(grpc::StatusCode::FAILED_PRECONDITION, "REFUSED"), 3},
      {WithReason(grpc::StatusCode::NOT_FOUND, "RESOURCE_NOT_FOUND"), 4},
      {WithReason(grpc::StatusCode::PERMISSION_DENIED, "ROLE_REQUIRED"), 5},
      {WithReason(grpc::StatusCode::UNAUTHENTICATED, "NO_VALID_IDENTITY"), 5},
      {WithReason(grpc::StatusCode::UNAVAILABLE, "DRAINING"), 6},
      {WithReason(grpc::StatusCode::RESOURCE_EXHAUSTED, "OVERLOADED"), 6},
      {WithReason(grpc::StatusCode::ALREADY_EXISTS, "REQUEST_ID_REUSED"), 1},
      {WithReason(grpc::StatusCode::ABORTED, "ETAG_MISMATCH"), 1},
      {WithReason(grpc::StatusCode::INTERNAL, "DEFECT"), 1},
      {grpc::Status(grpc::StatusCode::UNKNOWN, "Stream removed"), 1},
  };
  for (const auto& [status, code] : table) {
    daemon_.answers().create = [&](const v1::CreateReservationRequest&, v1::Reservation*) {
      return status;
    };
    const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h"});
    EXPECT_EQ(outcome.code, code) << status.error_message();
    EXPECT_THAT(outcome.err, HasSubstr("labslot: "));
  }
}

TEST_F(AppTest, FieldViolationsAreAllTold) {
  daemon_.answers().create = [](const v1::CreateReservationRequest&, v1::Reservation*) {
    google::rpc::BadRequest bad;
    for (const std::string field : {"reservation.priority", "reservation.labels"}) {
      auto* violation = bad.add_field_violations();
      violation->set_field(field);
      violation->set_description("too large");
    }
    return WithDetails(grpc::StatusCode::INVALID_ARGUMENT, "2 fields are malformed", {&bad});
  };
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h"});
  EXPECT_THAT(
      outcome.err,
      HasSubstr("2 things are wrong:\n  reservation.priority: too large\n  reservation.labels"));
}

TEST_F(AppTest, AWriteOfUnknownOutcomeIsSentAgainWithTheSameRequestId) {
  int calls = 0;
  daemon_.answers().create = [&](const v1::CreateReservationRequest& request,
                                 v1::Reservation* reply) {
    if (++calls < 3) return WithReason(grpc::StatusCode::UNAVAILABLE, "OUTCOME_UNKNOWN");
    *reply = request.reservation();
    reply->set_name("reservations/1042");
    return grpc::Status(grpc::Status::OK);
  };
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto& created = daemon_.answers().created;
  ASSERT_THAT(created, SizeIs(3));
  EXPECT_EQ(created[0].request_id(), created[1].request_id());
  EXPECT_EQ(created[0].request_id(), created[2].request_id());
}

TEST_F(AppTest, AnOutcomeThatStaysUnknownIsToldWithTheWayOut) {
  daemon_.answers().create = [](const v1::CreateReservationRequest&, v1::Reservation*) {
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "Socket closed");
  };
  const Outcome outcome = Run({"book", "rigs", "tomorrow 9:00 +1h", "--request-id", "mine-1"});
  EXPECT_EQ(outcome.code, 6);
  EXPECT_THAT(daemon_.answers().created, SizeIs(kWriteAttempts));
  EXPECT_THAT(outcome.err, HasSubstr("the outcome is unknown"));
  EXPECT_THAT(outcome.err, HasSubstr("--request-id mine-1"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("Socket closed")));
}

TEST_F(AppTest, ADaemonThatIsNotThereIsOneClearLine) {
  const Outcome outcome = Run({"status", "--server", "unix:/nonexistent/labslotd.sock"});
  EXPECT_EQ(outcome.code, 6);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "labslot: no daemon answers at unix:/nonexistent/labslotd.sock: there is no such "
            "socket. Start labslotd, or name another with --server or LABSLOT_SERVER.\n");
}

TEST_F(AppTest, AMoveKeepsTheLengthOrShiftsByCivilDays) {
  const auto interval = [&] { return daemon_.answers().updated.back().reservation().interval(); };
  EXPECT_EQ(Run({"move", "1042", "2027-03-29", "14:00"}).code, 0);
  EXPECT_EQ(interval().start_time().seconds(), 1806321600);
  EXPECT_EQ(interval().end_time().seconds(), 1806321600 + 7200);
  EXPECT_EQ(daemon_.answers().updated.back().reservation().etag(), "7");
  EXPECT_THAT(daemon_.answers().updated.back().update_mask().paths(), ElementsAre("interval"));
  // The clocks change in the night: a day later is 23 hours later.
  EXPECT_EQ(Run({"move", "1042", "+1d"}).code, 0);
  EXPECT_EQ(interval().start_time().seconds(), 1806134400 + 23 * 3600);
  EXPECT_EQ(Run({"move", "1042", "-1h"}).code, 0);
  EXPECT_EQ(interval().start_time().seconds(), 1806134400 - 3600);
}

TEST_F(AppTest, AMoveThatIsRefusedOffersMovesToOtherAssets) {
  daemon_.answers().update = [](const v1::UpdateReservationRequest&, v1::Reservation*) {
    v1::Refusal refusal = CapacityRefusal();
    refusal.mutable_alternatives(0)->mutable_items(0)->set_asset("assets/rigs-two");
    return WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "refused", {&refusal});
  };
  const Outcome outcome = Run({"move", "1042", "tomorrow 10:00"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err,
              HasSubstr("labslot move 1042 \"2027-03-11 12:00..14:00\" --asset rigs-two:4\n"));
  Run({"move", "1042", "--asset", "rigs-two:4"});
  const v1::UpdateReservationRequest& request = daemon_.answers().updated.back();
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("interval", "items"));
  EXPECT_EQ(request.reservation().items(0).quantity(), 4);
}

TEST_F(AppTest, AnExtensionMovesTheEndAlone) {
  const auto interval = [&] { return daemon_.answers().updated.back().reservation().interval(); };
  EXPECT_EQ(Run({"extend", "1042", "+2h"}).code, 0);
  EXPECT_EQ(interval().start_time().seconds(), 1806134400);
  EXPECT_EQ(interval().end_time().seconds(), 1806141600 + 7200);
  EXPECT_EQ(Run({"extend", "1042", "10:30"}).code, 0);
  EXPECT_EQ(interval().end_time().seconds(), 1806141600 - 1800);
  EXPECT_EQ(Run({"extend", "1042", "-3h"}).code, 2);
}

TEST_F(AppTest, TheEndOfAnExtensionIsReadInTheZoneOfThePlaceWhateverDayItNames) {
  const auto end = [&] {
    return daemon_.answers().updated.back().reservation().interval().end_time().seconds();
  };
  // It ends on Saturday 2027-03-27 at 11:00 in Brussels.
  for (const char* text : {"12:30", "2027-03-27 12:30", "2027-03-27T12:30", "sat 12:30"}) {
    EXPECT_EQ(Run({"extend", "1042", text}).code, 0) << text;
    EXPECT_EQ(end(), 1806141600 + 5400) << text;
  }
  EXPECT_EQ(Run({"extend", "1042", "2027-03-28"}).code, 0);
  EXPECT_EQ(end(), 1806141600 + 13 * 3600);
}

TEST_F(AppTest, ListsAreFilteredByTheDaemon) {
  EXPECT_EQ(Run({"list", "--mine", "--asset", "rigs", "--from", "today"}).code, 0);
  EXPECT_EQ(daemon_.answers().listed.back().filter(),
            "asset = \"assets/rigs\" AND user = \"users/anna\" AND state != CANCELLED AND state != "
            "EXPIRED AND state != REJECTED AND end_time > \"2027-03-09T23:00:00Z\"");
  EXPECT_EQ(Run({"list", "--state", "held"}).code, 0);
  EXPECT_EQ(daemon_.answers().listed.back().filter(), "state = HELD");
  EXPECT_EQ(Run({"list", "--asset", "a\" OR state = HELD"}).code, 2);
}

TEST_F(AppTest, ListsReadAllPages) {
  EXPECT_EQ(Run({"asset", "list", "-q"}).out, "make-lab\nrigs\n");
  const Outcome json = Run({"asset", "list", "-o", "json"});
  EXPECT_THAT(json.out, HasSubstr("\"assets/rigs\""));
  EXPECT_THAT(json.out, HasSubstr("\"nextPageToken\": \"\""));
  EXPECT_THAT(Run({"asset", "list", "-o", "csv"}).out,
              HasSubstr("make-lab,Mobile Make Lab,,exclusive,lommel,yes"));
}

TEST_F(AppTest, AnUpdateNamesTheFieldsItChanges) {
  EXPECT_EQ(Run({"asset", "update", "rigs", "set_up=2h", "parent="}).code, 0);
  const v1::UpdateAssetRequest& request = daemon_.answers().assets_updated.back();
  EXPECT_THAT(request.update_mask().paths(), ElementsAre("set_up", "parent"));
  EXPECT_EQ(request.asset().set_up().seconds(), 7200);
  EXPECT_EQ(Run({"asset", "update", "rigs", "setup=2h"}).code, 2);
}

TEST_F(AppTest, EachErrorOfAFileHasItsLine) {
  surroundings_.input = "assets:\n  - name: a\n    knd: x\n    bob: \x1b[31m\n";
  const Outcome outcome = Run({"import", "-"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "labslot: standard input:3: unknown key \"knd\" in Asset. Did you mean kind?\n"
            "standard input:4: unknown key \"bob\" in Asset.\n");
}

TEST_F(AppTest, AnExportIsReadBackAsTheSameCatalogue) {
  const Outcome exported = Run({"export"});
  ASSERT_EQ(exported.code, 0) << exported.err;
  surroundings_.input = exported.out;
  const Outcome imported = Run({"import", "-"});
  EXPECT_EQ(imported.code, 0) << imported.err;
  EXPECT_EQ(imported.out, "0 created, 0 updated, 2 unchanged.\n");
  EXPECT_EQ(daemon_.answers().imported.back().catalogue().SerializeAsString(),
            daemon_.answers().catalogue.SerializeAsString());
  surroundings_.input = Run({"export", "-o", "json"}).out;
  EXPECT_EQ(Run({"import", "-"}).code, 0);
  EXPECT_EQ(daemon_.answers().imported.back().catalogue().SerializeAsString(),
            daemon_.answers().catalogue.SerializeAsString());
}

v1::WatchResponse EventsUpTo(std::int64_t revision, bool with_event) {
  v1::WatchResponse response;
  response.set_revision(revision);
  if (!with_event) return response;
  v1::Event* event = response.add_events();
  event->set_revision(revision);
  event->set_type(v1::Event::CREATED);
  event->set_actor("users/anna");
  event->set_resource_name("assets/rigs");
  return response;
}

TEST_F(AppTest, AWatchResumesBehindTheLastRevision) {
  daemon_.answers().streams = {{EventsUpTo(5, true), EventsUpTo(9, false)}, {EventsUpTo(12, true)}};
  const Outcome outcome = Run({"watch", "--after", "3", "--count", "2"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("5  "));
  EXPECT_THAT(outcome.out, HasSubstr("12  "));
  ASSERT_THAT(daemon_.answers().watched, SizeIs(2));
  EXPECT_EQ(daemon_.answers().watched[0].after_revision(), 3);
  EXPECT_EQ(daemon_.answers().watched[1].after_revision(), 9);
}

TEST_F(AppTest, TheTokenIsSentAsABearer) {
  surroundings_.variables["LABSLOT_TOKEN"] = "s3cret";
  EXPECT_EQ(Run({"asset", "show", "rigs"}).code, 0);
  EXPECT_EQ(daemon_.answers().authorization, "Bearer s3cret");
}

TEST_F(AppTest, CompletionOffersCommandsOptionsAndNames) {
  EXPECT_EQ(Run({"__complete", "as"}).out, "asset\n");
  EXPECT_EQ(Run({"__complete", "asset", "sh"}).out, "show\n");
  EXPECT_EQ(Run({"__complete", "asset", "show", ""}).out, "make-lab\nrigs\n");
  EXPECT_EQ(Run({"__complete", "book", "make-lab", "ri"}).out, "rigs\n");
  EXPECT_EQ(Run({"__complete", "book", "make-lab", "--site", "t"}).out, "tartu\n");
  EXPECT_EQ(Run({"__complete", "find", "--from-site", "t"}).out, "tartu\n");
  EXPECT_EQ(Run({"__complete", "find", "--be"}).out, "--best\n");
  EXPECT_EQ(Run({"__complete", "list", "--mi"}).out, "--mine\n");
  EXPECT_EQ(Run({"__complete", "calendar", ""}).out, "edit\nmake-lab\nrigs\n");
  EXPECT_EQ(Run({"__complete", "calendar", "edit", "r"}).out, "rigs\n");
  daemon_.answers().catalogue.add_policies()->set_name("policies/sem-max-4h");
  daemon_.answers().catalogue.add_quotas()->set_name("quotas/two-future");
  daemon_.answers().catalogue.add_groups()->set_name("groups/partners");
  EXPECT_EQ(Run({"__complete", "policy", "update", ""}).out, "sem-max-4h\n");
  EXPECT_EQ(Run({"__complete", "quota", "show", "t"}).out, "two-future\n");
  EXPECT_EQ(Run({"__complete", "group", "delete", ""}).out, "partners\n");
  EXPECT_EQ(Run({"__complete", "policy", "apply", "--existing", "c"}).out, "cancel\n");
  EXPECT_EQ(Run({"__complete", "list", "-o", "j"}).out, "json\n");
  EXPECT_EQ(Run({"__complete", "rep"}).out, "report\n");
  EXPECT_EQ(Run({"__complete", "report", "y"}).out, "yearly\n");
  EXPECT_EQ(Run({"__complete", "report", "yearly", "t"}).out, "two-future\n");
  EXPECT_EQ(Run({"__complete", "report", "yearly", "two-future", "--y"}).out, "--year\n");
  EXPECT_EQ(Run({"__complete", "machine", "r"}).out, "rigs\n");
  EXPECT_EQ(Run({"__complete", "machine", "rigs", ""}).out, "down\nidle\nrunning\n");
  EXPECT_EQ(Run({"__complete", "utilisation", "--quota", "t"}).out, "two-future\n");
  EXPECT_EQ(Run({"__complete", "utilisation", "--by", "u"}).out, "unit\nuser\n");
  EXPECT_EQ(Run({"__complete", "utilisation", "--by", "q"}).out, "quota\n");
  EXPECT_EQ(Run({"__complete", "correct", "1042", "--activity"}).out, "--activity-reason\n");
  surroundings_.variables["LABSLOT_SERVER"] = "unix:/nonexistent/sock";
  const Outcome outcome = Run({"__complete", "asset", "show", ""});
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.code, 0);
}

// Every command and group of the client, as its own help shows it.
const std::vector<std::vector<std::string>> kCommands = {
    {},
    {"book"},
    {"hold"},
    {"confirm"},
    {"move"},
    {"extend"},
    {"cancel"},
    {"show"},
    {"list"},
    {"free"},
    {"find"},
    {"calendar"},
    {"utilisation"},
    {"utilisation", "changes"},
    {"report"},
    {"report", "yearly"},
    {"machine"},
    {"watch"},
    {"import"},
    {"export"},
    {"backup"},
    {"backup", "list"},
    {"status"},
    {"whoami"},
    {"version"},
    {"server"},
    {"server", "compact"},
    {"completion"},
    {"asset"},
    {"asset", "list"},
    {"asset", "show"},
    {"asset", "create"},
    {"asset", "update"},
    {"asset", "delete"},
    {"calendar", "edit"},
    {"approve"},
    {"reject"},
    {"checkin"},
    {"checkout"},
    {"correct"},
    {"problems"},
    {"explain"},
    {"waitlist"},
    {"offer"},
    {"offer", "accept"},
    {"offer", "decline"},
    {"trip"},
    {"visit"},
    {"outage"},
    {"outage", "add"},
    {"outage", "list"},
    {"outage", "show"},
    {"outage", "end"},
    {"outage", "move"},
    {"outage", "delete"},
    {"plan"},
    {"plan", "displacement"},
    {"round"},
    {"round", "open"},
    {"round", "list"},
    {"round", "show"},
    {"round", "submit"},
    {"round", "plan"},
    {"round", "clear"},
    {"round", "apply"},
    {"round", "close"},
    {"round", "delete"},
    {"series"},
    {"series", "create"},
    {"series", "show"},
    {"series", "list"},
    {"series", "update"},
    {"series", "cancel"},
    {"series", "retry"},
    {"group"},
    {"group", "create"},
    {"policy"},
    {"policy", "list"},
    {"policy", "create"},
    {"policy", "update"},
    {"policy", "delete"},
    {"policy", "test"},
    {"policy", "apply"},
    {"policy", "presets"},
    {"policy", "preset"},
    {"quota"},
    {"quota", "create"},
    {"quota", "update"},
    {"quota", "usage"},
    {"site", "list"},
    {"org", "create"},
    {"user", "update"},
    {"holiday", "list"},
    {"token", "create"},
    {"token", "list"},
    {"token", "delete"},
    {"context", "list"},
    {"context", "use"},
    {"context", "set"},
    {"context", "remove"},
};

TEST_F(AppTest, TheHelpOfEveryCommandHasTwoExamples) {
  for (std::vector<std::string> arguments : kCommands) {
    arguments.push_back("--help");
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 0);
    const std::size_t examples = outcome.out.find("\nExamples:\n");
    ASSERT_NE(examples, std::string::npos) << outcome.out;
    EXPECT_GE(
        std::count(outcome.out.begin() + static_cast<long>(examples) + 11, outcome.out.end(), '\n'),
        2)
        << outcome.out;
  }
}

}  // namespace
}  // namespace labslot::client
