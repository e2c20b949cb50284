// Reports of use as one meets them on the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/time_text.h"
#include "client/time_grammar.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using v1::QueryUtilisationRequest;

constexpr std::int64_t kHour = 3600;

absl::Time Local(int month, int day, int hour = 0) {
  return absl::FromCivil(absl::CivilSecond(2027, month, day, hour),
                         LoadZone("Europe/Brussels").value());
}

class UtilisationCommandTest : public CommandTest {
 protected:
  UtilisationCommandTest() { answers().utilisation.set_revision(813); }

  // March 2027.
  v1::UtilisationRow* Add(const std::vector<std::string>& group,
                          v1::QueryUtilisationResponse* reply) {
    v1::UtilisationRow* row = reply->add_rows();
    row->set_time_zone("Europe/Brussels");
    *row->mutable_interval() = ToInterval(Local(3, 1), Local(4, 1));
    for (const std::string& value : group) row->add_group(value);
    return row;
  }

  v1::UtilisationRow* AddRigs() {
    v1::UtilisationRow* row = Add({"assets/rigs"}, &answers().utilisation);
    row->set_asset("assets/rigs");
    row->set_total_seconds(743 * kHour);
    row->set_used_seconds(60 * kHour);
    row->set_overrun_seconds(2 * kHour);
    row->set_idle_seconds(4 * kHour);
    row->set_no_show_seconds(1 * kHour);
    row->set_changeover_seconds(6 * kHour);
    row->set_unplanned_outage_seconds(10 * kHour);
    row->set_closed_seconds(513 * kHour);
    row->set_available_seconds(147 * kHour);
    row->set_booked_open_seconds(66 * kHour);
    row->set_open_seconds(230 * kHour);
    return row;
  }

  const QueryUtilisationRequest& Asked() { return answers().utilisation_asked.back(); }
};

TEST_F(UtilisationCommandTest, TheTableSaysFewThingsInEightyColumns) {
  AddRigs();
  surroundings_.columns = 80;
  surroundings_.variables["NO_COLOR"] = "1";
  EXPECT_EQ(Run({"utilisation", "rigs"}).out,
            "Period Mon 2027-03-01 00:00 - Thu 04-01 00:00 Europe/Brussels (+01:00, then +02:00), "
            "as of revision 813\n"
            "ASSET  USED  IDLE   OUT  CLOSED   FREE         OCCUPANCY\n"
            "rigs   62.0   5.0  16.0   513.0  147.0  28.7% 66.0/230.0\n"
            "Hours, of each unit of a pool:\n"
            "  USED       in use, beyond the end of the booking too\n"
            "  IDLE       reserved, but nobody there\n"
            "  OUT        out of service, set-up, tear-down and on the way\n"
            "  CLOSED     closed, and none of these\n"
            "  FREE       open and free\n"
            "  OCCUPANCY  the share, and both: reserved hours by opening hours\n");
  EXPECT_THAT(Asked().assets(), ElementsAre("assets/rigs"));
  EXPECT_EQ(Asked().group_by_size(), 0);
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::BUCKET_UNSPECIFIED);
  surroundings_.columns = 120;
  surroundings_.utf8 = false;
  EXPECT_THAT(Run({"utilisation", "rigs"}).out,
              HasSubstr("28.7% 66.0/230.0  ######..............\n"));
}

TEST_F(UtilisationCommandTest, WhatIsToComeAndWhatIsBlockedAreToldWhereThereIsAny) {
  v1::UtilisationRow* row = AddRigs();
  EXPECT_THAT(Run({"utilisation", "rigs"}).out, Not(HasSubstr("BOOKED")));
  row->set_booked_seconds(8 * kHour);
  row->set_held_seconds(kHour);
  row->set_blocked_seconds(kHour);
  const std::string out = Run({"utilisation", "rigs"}).out;
  EXPECT_THAT(out, HasSubstr("ASSET  USED  BOOKED  IDLE   OUT  BLOCKED  CLOSED   FREE"));
  EXPECT_THAT(out, HasSubstr("rigs   62.0     9.0   5.0  16.0      1.0   513.0  147.0"));
}

TEST_F(UtilisationCommandTest, EverythingThatIsAskedForIsSent) {
  const Outcome outcome = Run({"utilisation",
                               "--asset",
                               "rigs",
                               "--by",
                               "kind,label:gas,organisation-kind",
                               "--bucket",
                               "quarter",
                               "--where",
                               "site = \"sites/lommel\"",
                               "--ratio",
                               "occupancy,no-show",
                               "--as-of",
                               "48211",
                               "--lead-times",
                               "--suppress",
                               "5",
                               "--period",
                               "2027-Q1",
                               "--zone",
                               "UTC"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(Asked().assets(), ElementsAre("assets/rigs"));
  EXPECT_THAT(Asked().group_by(),
              ElementsAre(QueryUtilisationRequest::KIND, QueryUtilisationRequest::LABEL,
                          QueryUtilisationRequest::ORGANISATION_KIND));
  EXPECT_EQ(Asked().label(), "gas");
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::QUARTER);
  EXPECT_EQ(Asked().filter(), "site = \"sites/lommel\"");
  EXPECT_THAT(Asked().ratios(), ElementsAre("occupancy", "no_show"));
  EXPECT_EQ(Asked().as_of_revision(), 48211);
  EXPECT_TRUE(Asked().lead_times());
  EXPECT_EQ(Asked().suppress_below(), 5);
  EXPECT_EQ(Asked().time_zone(), "UTC");
  // 2027-01-01 and 2027-04-01, UTC.
  EXPECT_EQ(Asked().interval().start_time().seconds(), 1798761600);
  EXPECT_EQ(Asked().interval().end_time().seconds(), 1806537600);
  EXPECT_EQ(Run({"utilisation", "--ratio", "all", "--as-of", "2027-03-01 12:00"}).code, 0);
  EXPECT_THAT(Asked().ratios(), ElementsAre("*"));
  EXPECT_EQ(Asked().as_of_time().seconds(), absl::ToUnixSeconds(Local(3, 1, 12)));
}

TEST_F(UtilisationCommandTest, FromAndToStillSayThePeriod) {
  EXPECT_EQ(Run({"utilisation", "rigs", "--from", "2027-01-01"}).code, 0);
  EXPECT_EQ(Asked().interval().start_time().seconds(), absl::ToUnixSeconds(Local(1, 1)));
  EXPECT_EQ(Asked().interval().end_time().seconds(), absl::ToUnixSeconds(Local(3, 10, 10)));
  EXPECT_EQ(Run({"utilisation", "rigs", "--bucket", "none"}).code, 0);
  EXPECT_EQ(Asked().interval().end_time().seconds(), absl::ToUnixSeconds(Local(4, 1)));
}

TEST_F(UtilisationCommandTest, WhatIsMistypedIsToldWithItsOptionAndTheMend) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{"--by", "assset"}, "labslot: --by: there is no \"assset\". Did you mean asset?"},
      {{"--by", "label"}, "labslot: --by: say which label, as in --by label:gas\n"},
      {{"--by", "label:a,label:b"}, "labslot: --by: rows can be grouped by one label only\n"},
      {{"--by", "asset,asset"}, "labslot: --by: asset is written twice\n"},
      {{"--by", "asset,kind,site,owner,user"}, "labslot: --by: rows can be grouped by at most 4\n"},
      {{"--by", "quta"}, "Did you mean quota?"},
      {{"--by", "quota"},
       "labslot: --by quota: say which quota counts, as in --by quota --quota rdi-sem\n"},
      {{"--quota", "rdi-sem"},
       "labslot: --quota: it tells what a quota counts from the rest; add --by quota\n"},
      {{"--bucket", "mnth"}, "labslot: --bucket: there is no \"mnth\". Did you mean month?"},
      {{"--as-of", "soon"}, "labslot: --as-of: cannot read \"soon\""},
      {{"--as-of", "0"}, "labslot: --as-of: revisions count from 1\n"},
      {{"--period", "2027-Q7"}, "labslot: --period: cannot read \"2027-Q7\""},
      {{"--compare", "then"}, "labslot: --compare: cannot read \"then\""},
      {{"--from", "then"}, "labslot: --from: cannot read \"then\""},
      {{"--from", "today", "--to", "-1d"}, "labslot: --to is not after --from\n"},
      {{"--from", "today", "--period", "2027"}, "--period excludes --from"},
      {{"--heat-map", "--spark"}, "--heat-map excludes --spark"},
      {{"--heat-map", "--bucket", "day"}, "--bucket excludes --heat-map"},
      {{"--spark", "--bucket", "hour-of-week"}, "--bucket: hour-of-week is for --heat-map"},
      {{"--suppress", "-1"}, "--suppress"},
      {{"--heatmap"},
       "there is no option --heatmap in `labslot utilisation`. Did you mean "
       "--heat-map?"},
      {{"--compare", "last-year", "-o", "json"}, "labslot: --compare: it has no JSON"},
      {{"changes"}, "--from-revision is required"},
      {{"changes", "--from-revision", "5", "--to-revision", "3"},
       "labslot: --to-revision: 3 is before --from-revision 5\n"},
      {{"--bars", "changes", "--from-revision", "5"},
       "--bars: does not go with `utilisation changes`"},
  };
  for (const auto& [words, error] : table) {
    std::vector<std::string> arguments = {"utilisation"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 2) << error;
    EXPECT_THAT(outcome.err, HasSubstr(error));
  }
  EXPECT_THAT(answers().utilisation_asked, IsEmpty());
  EXPECT_THAT(answers().use_changes_asked, IsEmpty());
  EXPECT_EQ(Run({"utilisation", "rig"}).code, 4);
}

TEST_F(UtilisationCommandTest, GroupsOfSeveralAreColumnsAndNothingIsADash) {
  v1::UtilisationRow* row =
      Add({"organisations/acme", "KIND_SME", "(few)"}, &answers().utilisation);
  row->set_used_seconds(5 * kHour);
  Add({"", "", ""}, &answers().utilisation)->set_available_seconds(3 * kHour);
  const std::string out =
      Run({"utilisation", "--by", "organisation,organisation-kind,project"}).out;
  EXPECT_THAT(out, HasSubstr("ORGANISATION  ORGANISATION-KIND  PROJECT  USED  CLOSED  FREE"));
  EXPECT_THAT(out, HasSubstr("acme          sme                (few)     5.0     0.0   0.0"));
  EXPECT_THAT(out, HasSubstr("-             -                  -         0.0     0.0   3.0"));
  EXPECT_THAT(out, HasSubstr("Opening hours are those of all the assets"));
  EXPECT_EQ(Run({"utilisation", "--by", "organisation,organisation-kind,project", "-q"}).out,
            "acme\n-\n");
}

TEST_F(UtilisationCommandTest, TheTopAreThoseWhoUsedMost) {
  Add({""}, &answers().utilisation)->set_available_seconds(300 * kHour);
  Add({"users/ann"}, &answers().utilisation)->set_used_seconds(3 * kHour);
  Add({"users/ben"}, &answers().utilisation)->set_used_seconds(9 * kHour);
  Add({"users/cyd"}, &answers().utilisation)->set_booked_seconds(99 * kHour);
  Add({"users/dan"}, &answers().utilisation)->set_overrun_seconds(4 * kHour);
  const auto users_of = [&](const std::string& top) {
    std::vector<std::string> users;
    const std::string json = Run({"utilisation", "--by", "user", "--top", top, "-o", "json"}).out;
    for (std::size_t at = 0; (at = json.find("users/", at)) != std::string::npos; at += 9) {
      users.push_back(json.substr(at + 6, 3));
    }
    return users;
  };
  EXPECT_THAT(users_of("2"), ElementsAre("ben", "dan"));
  EXPECT_THAT(users_of("10"), ElementsAre("ben", "dan", "ann")) << "nobody is not among them";
  EXPECT_NE(Run({"utilisation", "--top", "0"}).code, 0);
  EXPECT_NE(Run({"utilisation", "--top", "3", "--bucket", "day"}).code, 0);
}

TEST_F(UtilisationCommandTest, UnitsAndWhatAQuotaCountsAreGroups) {
  Add({"rig-1", "counted"}, &answers().utilisation)->set_used_seconds(5 * kHour);
  Add({"(none)", "other"}, &answers().utilisation);
  const std::string out =
      Run({"utilisation", "rigs", "--by", "unit,quota", "--quota", "rdi-rigs"}).out;
  EXPECT_THAT(Asked().group_by(),
              ElementsAre(QueryUtilisationRequest::UNIT, QueryUtilisationRequest::QUOTA));
  EXPECT_EQ(Asked().quota(), "quotas/rdi-rigs");
  EXPECT_THAT(out, HasSubstr("UNIT    QUOTA    USED"));
  EXPECT_THAT(out, HasSubstr("rig-1   counted   5.0"));
  EXPECT_THAT(out, HasSubstr("(none)  other     0.0"));
  EXPECT_THAT(Run({"utilisation", "rigs", "-o", "json"}).out, HasSubstr("\"measuredSeconds\": "));
}

TEST_F(UtilisationCommandTest, WideTellsAllStates) {
  AddRigs();
  const std::string out = Run({"utilisation", "rigs", "-o", "wide"}).out;
  for (const std::string header :
       {"USED-H", "OVERRUN-H", "BOOKED-H", "HELD-H", "IDLE-H", "NO-SHOW-H", "CHANGEOVER-H",
        "TRAVEL-H", "PLANNED-OUT-H", "UNPLANNED-OUT-H", "BLOCKED-H", "FREE-H", "CLOSED-H",
        "TOTAL-H", "ASSUMED-H", "MEASURED-H", "ENGINEERING-H", "CALLED-OFF"}) {
    EXPECT_THAT(out, HasSubstr(header));
  }
}

TEST_F(UtilisationCommandTest, ASheetHasEveryFieldInSeconds) {
  v1::UtilisationRow* row = AddRigs();
  row->mutable_lead_time_median()->set_seconds(86400);
  row->set_measured_seconds(50 * kHour);
  v1::Ratio* ratio = row->add_ratios();
  ratio->set_name("occupancy");
  ratio->set_numerator(66 * kHour);
  ratio->set_denominator(230 * kHour);
  ratio->set_base("opening hours");
  EXPECT_EQ(
      Run({"utilisation", "rigs", "-o", "csv"}).out,
      "asset,start,end,zone,hour_of_week,total_seconds,booked_seconds,held_seconds,"
      "changeover_seconds,blocked_seconds,closed_seconds,available_seconds,booked_open_seconds,"
      "open_seconds,travel_seconds,planned_outage_seconds,unplanned_outage_seconds,used_seconds,"
      "assumed_seconds,engineering_seconds,overrun_seconds,idle_seconds,no_show_seconds,"
      "reservation_count,no_show_count,cancelled_count,late_cancelled_count,cancelled_seconds,"
      "relet_seconds,base_seconds,refused_count,refused_seconds,requested_seconds,measured_seconds,"
      "lead_time_median_seconds,lead_time_p95_seconds,"
      "occupancy_numerator,occupancy_denominator,occupancy_base\r\n"
      "rigs,2027-03-01 00:00:00,2027-04-01 00:00:00,Europe/Brussels,,2674800,0,0,21600,0,1846800,"
      "529200,237600,828000,0,0,36000,216000,0,0,7200,14400,3600,0,0,0,0,0,0,0,0,0,0,180000,86400,,"
      "237600,828000,opening hours\r\n");
}

TEST_F(UtilisationCommandTest, JsonIsTheReplyAsItIs) {
  AddRigs();
  const std::string out = Run({"utilisation", "rigs", "-o", "json", "--heat-map"}).out;
  EXPECT_THAT(out, HasSubstr("\"usedSeconds\": \"216000\""));
  EXPECT_THAT(out, HasSubstr("\"revision\": \"813\""));
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::HOUR_OF_WEEK);
}

TEST_F(UtilisationCommandTest, RatiosAndLeadTimesAreTablesOfTheirOwn) {
  v1::UtilisationRow* row = AddRigs();
  row->set_reservation_count(40);
  row->set_no_show_count(2);
  row->set_cancelled_count(5);
  row->set_late_cancelled_count(1);
  row->set_cancelled_seconds(10 * kHour);
  row->set_relet_seconds(4 * kHour);
  row->mutable_lead_time_median()->set_seconds(3 * 86400);
  for (const std::string base : {"opening hours", "reservations"}) {
    v1::Ratio* ratio = row->add_ratios();
    ratio->set_name(base == "reservations" ? "no_show" : "occupancy");
    ratio->set_base(base);
    ratio->set_numerator(base == "reservations" ? 2 : 66 * kHour);
    ratio->set_denominator(base == "reservations" ? 40 : 230 * kHour);
  }
  const std::string out = Run({"utilisation", "rigs", "--ratio", "all", "--lead-times"}).out;
  EXPECT_THAT(out, HasSubstr("\n"
                             "ASSET  RESERVED  NO-SHOWS  CALLED-OFF  LATE  LET AGAIN  LEAD MEDIAN  "
                             "LEAD 95%\n"
                             "rigs         40         2           5     1   4.0/10.0          3 d  "
                             "       -\n"));
  EXPECT_THAT(out, HasSubstr("\n"
                             "ASSET  RATIO      SHARE  MADE OF\n"
                             "rigs   occupancy  28.7%  66.0 of 230.0 h opening hours\n"
                             "rigs   no_show     5.0%  2 of 40 reservations\n"));
}

TEST_F(UtilisationCommandTest, TwoPeriodsAreComparedGroupByGroup) {
  AddRigs();
  Add({"assets/make-lab"}, &answers().utilisation)->set_used_seconds(2 * kHour);
  v1::UtilisationRow* before = Add({"assets/rigs"}, &answers().utilisation_before);
  before->set_used_seconds(70 * kHour);
  before->set_booked_open_seconds(46 * kHour);
  before->set_open_seconds(230 * kHour);
  const Outcome outcome = Run({"utilisation", "--period", "2027-03", "--compare", "last-year"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      "Period Mon 2027-03-01 00:00 - Thu 04-01 00:00 Europe/Brussels (+01:00, then +02:00), as of "
      "revision 813\n"
      "Before Sun 2026-03-01 00:00 - Wed 04-01 00:00 Europe/Brussels (+01:00, then +02:00), as of "
      "revision 0\n"
      "ASSET     USED   WAS  CHANGE         OCCUPANCY               WAS  POINTS\n"
      "make-lab   2.0     -    +2.0         - 0.0/0.0                 -       -\n"
      "rigs      62.0  70.0    -8.0  28.7% 66.0/230.0  20.0% 46.0/230.0    +8.7\n"
      "Hours. OCCUPANCY: reserved hours by opening hours. POINTS: percentage points.\n");
  ASSERT_THAT(answers().utilisation_asked, SizeIs(2));
  EXPECT_THAT(Run({"utilisation", "--period", "2027-03", "--compare", "2026", "-o", "csv"}).out,
              HasSubstr("asset,used_seconds,used_seconds_before,used_seconds_change,"));
  EXPECT_EQ(Run({"utilisation", "--compare", "2026", "--bucket", "day"}).code, 2);
}

TEST_F(UtilisationCommandTest, PicturesChooseTheirBuckets) {
  AddRigs();
  EXPECT_THAT(Run({"utilisation", "rigs", "--heat-map"}).out, HasSubstr("\nrigs: 62.0/230.0 h"));
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::HOUR_OF_WEEK);
  EXPECT_THAT(Run({"utilisation", "rigs", "--spark", "--period", "2027"}).out, HasSubstr("28.7%"));
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::MONTH);
  EXPECT_THAT(Run({"utilisation", "rigs", "--bars"}).out,
              HasSubstr("rigs, a full bar being 230.0 h\n"));
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::DAY);
  EXPECT_EQ(Run({"utilisation", "rigs", "--bars", "--bucket", "whole"}).code, 0);
  EXPECT_EQ(Asked().bucket(), QueryUtilisationRequest::BUCKET_UNSPECIFIED);
  answers().utilisation.clear_rows();
  EXPECT_EQ(Run({"utilisation", "rigs", "--spark"}).out, "nothing to report on\n");
}

TEST_F(UtilisationCommandTest, ChangesTellWhatWasCorrectedByWhomAndWhy) {
  EXPECT_THAT(Run({"utilisation", "changes", "2026", "--from-revision", "813"}).out,
              HasSubstr("\nnothing that the report is made from has changed\n"));
  v1::Event* event = answers().use_changes.add_events();
  event->set_revision(901);
  event->mutable_time()->set_seconds(absl::ToUnixSeconds(Local(3, 2, 9)));
  event->set_actor("users/anna");
  event->set_type(v1::Event::CORRECTED);
  event->set_resource_name("reservations/1042");
  event->set_reason("the door log says so");
  answers().use_changes.set_revision(990);
  const Outcome outcome = Run({"utilisation", "changes", "2027-02", "--asset", "rigs",
                               "--from-revision", "813", "--to-revision", "990"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(
      outcome.out,
      "Uses in Mon 2027-02-01 00:00 - Mon 03-01 00:00 Europe/Brussels (+01:00), changed after "
      "revision 813 and up to 990\n"
      "REVISION  TIME                 WHO   WHAT       RECORD             WHY\n"
      "     901  2027-03-02 09:00:00  anna  corrected  reservations/1042  the door log says "
      "so\n");
  const v1::ListUseChangesRequest asked = answers().use_changes_asked.back();
  event->set_type(v1::Event::CREATED);
  v1::MachineReport* report = event->mutable_machine_report();
  report->set_asset("assets/rigs");
  report->set_unit("rig-1");
  *report->add_spans()->mutable_interval() = ToInterval(Local(3, 2, 6), Local(3, 2, 9));
  report->mutable_spans(0)->set_state(v1::MachineReport::DOWN);
  EXPECT_THAT(Run({"utilisation", "changes", "--from-revision", "813", "-o", "wide"}).out,
              HasSubstr("rigs, unit rig-1, down 3 h, Tue 2027-03-02 06:00-09:00"));
  answers().streams = {{[&] {
    v1::WatchResponse response;
    *response.add_events() = *event;
    return response;
  }()}};
  EXPECT_THAT(Run({"watch", "--count", "1"}).out,
              HasSubstr("rigs, unit rig-1, down 3 h  Tue 2027-03-02 06:00-09:00 Europe/Brussels"));
  EXPECT_THAT(asked.assets(), ElementsAre("assets/rigs"));
  EXPECT_EQ(asked.from_revision(), 813);
  EXPECT_EQ(asked.to_revision(), 990);
  EXPECT_EQ(asked.interval().start_time().seconds(), absl::ToUnixSeconds(Local(2, 1)));
}

}  // namespace
}  // namespace labslot::client
