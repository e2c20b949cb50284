// Several stops in one command.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/output/time_text.h"
#include "google/rpc/error_details.pb.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class VisitCommandTest : public CommandTest {
 protected:
  VisitCommandTest() {
    AddStop("reservations/1042", "assets/rigs", 10, 12);
    AddStop("reservations/1043", "assets/make-lab", 15, 16);
    answers().visit.mutable_reservations(1)->set_display_name("Welding");
    *answers().visit.add_travel_times() = ToProtoDuration(absl::Minutes(127));
  }

  // On 2027-03-11, hours of Brussels.
  void AddStop(const std::string& name, const std::string& asset, int from, int to) {
    constexpr std::int64_t kMidnight = 1804719600;
    v1::Reservation* stop = answers().visit.add_reservations();
    stop->set_name(name);
    stop->add_items()->set_asset(asset);
    stop->set_time_zone("Europe/Brussels");
    stop->set_state(v1::Reservation::STATE_CONFIRMED);
    (*stop->mutable_labels())["visit"] = "1042";
    *stop->mutable_interval() = ToInterval(absl::FromUnixSeconds(kMidnight + from * 3600),
                                           absl::FromUnixSeconds(kMidnight + to * 3600));
  }

  std::vector<std::string> Line(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> line = {"visit",
                                     "--stop",
                                     "2h rigs:3 | make-lab,rigs@tartu as Pumps",
                                     "--stop",
                                     "1h30m make-lab@sites/tartu",
                                     "--in",
                                     "2027-03-11..2027-03-13",
                                     "--in",
                                     "2027-04"};
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
};

TEST_F(VisitCommandTest, StopsAndPeriodsAreAskedForAsTheyAreWritten) {
  const Outcome outcome = Run(Line({"--same-day", "--ordered", "--purpose", "Pumps"}));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_THAT(answers().visits_created, SizeIs(1));
  const v1::CreateVisitRequest& request = answers().visits_created[0];
  ASSERT_THAT(request.stops(), SizeIs(2));
  EXPECT_EQ(request.stops(0).display_name(), "Pumps");
  EXPECT_EQ(request.stops(0).duration().seconds(), 7200);
  ASSERT_THAT(request.stops(0).options(), SizeIs(2));
  EXPECT_EQ(request.stops(0).options(0).items(0).asset(), "assets/rigs");
  EXPECT_EQ(request.stops(0).options(0).items(0).quantity(), 3);
  EXPECT_THAT(request.stops(0).options(1).items(), SizeIs(2));
  EXPECT_EQ(request.stops(0).options(1).site(), "sites/tartu");
  EXPECT_EQ(request.stops(1).duration().seconds(), 5400);
  ASSERT_THAT(request.windows(), SizeIs(2));
  EXPECT_EQ(request.windows(0).start_time().seconds(), 1804719600);
  EXPECT_EQ(request.windows(0).end_time().seconds(), 1804719600 + 2 * 86400);
  EXPECT_TRUE(request.same_day());
  EXPECT_TRUE(request.in_order());
  EXPECT_FALSE(request.validate_only());
  EXPECT_EQ(request.common().purpose(), "Pumps");
  EXPECT_THAT(request.request_id(), Not(IsEmpty()));
}

TEST_F(VisitCommandTest, StopsAreShownWithTheWaysBetween) {
  const std::string out = Run(Line()).out;
  const std::vector<std::string> parts = {"Visit 1042 has 2 stops.\n",
                                          "1042         rigs",
                                          "Thu 2027-03-11 10:00",
                                          "2 h",
                                          "on the way",
                                          "2 h 7 min",
                                          "1043         make-lab",
                                          "Thu 2027-03-11 15:00",
                                          "Welding",
                                          "confirmed",
                                          "Times in Europe/Brussels"};
  std::size_t at = 0;
  for (const std::string& part : parts) {
    const std::size_t found = out.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << "\n" << out;
    at = found + part.size();
  }
  EXPECT_EQ(Run(Line({"-q"})).out, "1042\n1043\n");
}

TEST_F(VisitCommandTest, ADryRunSaysThatNothingWasChanged) {
  const Outcome outcome = Run(Line({"--dry-run"}));
  EXPECT_THAT(outcome.out,
              HasSubstr("A visit of 2 stops fits. Nothing was changed (--dry-run).\n"));
  EXPECT_TRUE(answers().visits_created[0].validate_only());
}

TEST_F(VisitCommandTest, JsonIsTheReply) {
  const Outcome outcome = Run(Line({"-o", "json"}));
  EXPECT_THAT(outcome.out, HasSubstr("\"travelTimes\": ["));
  EXPECT_THAT(outcome.out, HasSubstr("\"7620s\""));
}

TEST_F(VisitCommandTest, AStopThatCannotBeReadIsQuoted) {
  for (const std::string stop : {"rigs", "2h", "2h rigs|", "soon rigs"}) {
    const Outcome outcome = Run({"visit", "--stop", stop, "--in", "2027-04"});
    EXPECT_EQ(outcome.code, 2) << stop;
    EXPECT_THAT(outcome.err, HasSubstr("\"" + stop + "\"")) << stop;
  }
  EXPECT_EQ(Run({"visit", "--stop", "2h rigs"}).code, 2);
  EXPECT_THAT(answers().visits_created, IsEmpty());
}

TEST_F(VisitCommandTest, ARefusalSaysWhichStopItIsAbout) {
  google::rpc::ErrorInfo info;
  info.set_reason("REFUSED");
  info.set_domain("labslot");
  (*info.mutable_metadata())["stop"] = "stops[1]";
  v1::Refusal refusal;
  refusal.add_violations()->set_message("make-lab is taken");
  answers().visit_status =
      WithDetails(grpc::StatusCode::FAILED_PRECONDITION, "stops[1]: taken", {&info, &refusal});
  const Outcome outcome = Run(Line());
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.err, HasSubstr("refused, because of stop 2:\n"));
  EXPECT_THAT(outcome.err, HasSubstr("make-lab is taken"));
}

}  // namespace
}  // namespace labslot::client
