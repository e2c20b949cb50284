// The tours of mobile assets, and their time on the way.

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

class TripCommandTest : public CommandTest {
 protected:
  TripCommandTest() {
    answers().catalogue.mutable_sites(1)->set_display_name("Tartu");
    v1::AssetFreeBusy* answer = answers().free_busy.add_assets();
    answer->set_asset("assets/make-lab");
    answer->set_time_zone("Europe/Brussels");
    answer->set_capacity(1);
    AddLeg("sites/lommel", "sites/tartu", 0, 48, answer);
    AddLeg("sites/tartu", "sites/lommel", 60, 108, answer);
    AddVisit("reservations/1042", 48, 52, answer);
    AddVisit("", 56, 60, answer);
    v1::Span* span = answer->add_spans();
    *span->mutable_interval() = Hours(0, 48);
    span->set_travelling(true);
  }

  static void AddLeg(const std::string& from, const std::string& to, int start, int end,
                     v1::AssetFreeBusy* answer) {
    v1::Leg* leg = answer->add_legs();
    leg->set_from_site(from);
    leg->set_to_site(to);
    *leg->mutable_interval() = Hours(start, end);
  }

  static void AddVisit(const std::string& name, int start, int end, v1::AssetFreeBusy* answer) {
    v1::Occupancy* visit = answer->add_occupancies();
    visit->set_reservation(name);
    visit->set_site("sites/tartu");
    visit->set_state(v1::Reservation::STATE_CONFIRMED);
    *visit->mutable_interval() = Hours(start, end);
    *visit->mutable_run() = Hours(start + 1, end - 1);
  }
};

TEST_F(TripCommandTest, VisitsAndLegsAreInOrderOfTimeEachInTheZoneOfItsPlace) {
  const Outcome outcome = Run({"trip", "make-lab"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> parts = {
      "Mobile Make Lab (make-lab), at home in lommel, Wed 2027-03-10 10:00",
      "lommel -> Tartu  Thu 2027-03-11 00:00  Sat 2027-03-13 01:00  Europe/Brussels -> "
      "Europe/Tallinn",
      "1042         visit            Sat 2027-03-13 01:00  Sat 2027-03-13 05:00  Europe/Tallinn",
      "(busy)       visit            Sat 2027-03-13 09:00",
      "Tartu -> lommel  Sat 2027-03-13 13:00  Mon 2027-03-15 12:00  Europe/Tallinn -> "
      "Europe/Brussels",
      "2 visits, 2 legs: 96 h on the way, rests included.\n"};
  std::size_t at = 0;
  for (const std::string& part : parts) {
    const std::size_t found = outcome.out.find(part, at);
    ASSERT_NE(found, std::string::npos) << part << "\n" << outcome.out;
    at = found + part.size();
  }
  ASSERT_THAT(answers().free_busy_asked, SizeIs(1));
  const google::type::Interval& asked = answers().free_busy_asked[0].interval();
  EXPECT_EQ(asked.end_time().seconds() - asked.start_time().seconds(), 60 * 86400);
}

TEST_F(TripCommandTest, OneZoneIsUsedWhereOneIsAskedFor) {
  const Outcome outcome = Run({"trip", "make-lab", "--zone", "Etc/UTC"});
  EXPECT_THAT(outcome.out, HasSubstr("Times in Etc/UTC.\n"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("Tallinn")));
}

TEST_F(TripCommandTest, OnlyVisibleReservationsHaveNames) {
  EXPECT_EQ(Run({"trip", "make-lab", "-q"}).out, "1042\n");
}

TEST_F(TripCommandTest, AFixedAssetMakesNoTrips) {
  const Outcome outcome = Run({"trip", "rigs"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("rigs is not mobile, so it makes no trips"));
  EXPECT_THAT(answers().free_busy_asked, IsEmpty());
}

TEST_F(TripCommandTest, ATourOfMoreThan400DaysIsNotAskedFor) {
  const Outcome outcome = Run({"trip", "make-lab", "2027-01-01..2028-03-01"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("longer than 400 days"));
  EXPECT_THAT(answers().free_busy_asked, IsEmpty());
}

TEST_F(TripCommandTest, TimeOnTheWayIsNoFreeTime) {
  EXPECT_THAT(Run({"free", "make-lab"}).out, HasSubstr("make-lab  travelling"));
  EXPECT_EQ(Run({"free", "make-lab", "--only-free"}).out, "nothing free\n");
}

TEST_F(TripCommandTest, UtilisationTellsTravelOnlyWhereThereIsAny) {
  v1::UtilisationRow* row = answers().utilisation.add_rows();
  row->set_asset("assets/make-lab");
  row->set_time_zone("Europe/Brussels");
  *row->mutable_interval() = Hours(0, 24);
  EXPECT_THAT(Run({"utilisation", "make-lab"}).out, Not(HasSubstr("OUT")));
  row->set_travel_seconds(5400);
  const Outcome outcome = Run({"utilisation", "make-lab"});
  EXPECT_THAT(outcome.out, HasSubstr("OUT"));
  EXPECT_THAT(outcome.out, HasSubstr("1.5"));
}

}  // namespace
}  // namespace labslot::client
