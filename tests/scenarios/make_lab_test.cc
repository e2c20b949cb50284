// The mobile Make Lab and the sites that it visits, as a story.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot {
namespace {

using support::kHour;
using support::Script;
using support::World;
using ::testing::ElementsAre;

// Set-up and tear-down of two hours each; at home in Lommel.
class MakeLabTest : public testing::Test {
 protected:
  MakeLabTest() {
    world_.Add(support::MakeRegion("be", {support::Feast("2027-03-29", "Easter Monday")}));
    HolidayRegion estonia =
        support::MakeRegion("ee", {support::Feast("2027-02-23", "Eve of Independence Day"),
                                   support::Feast("2027-02-24", "Independence Day")});
    estonia.holidays[0].effect = DayEffect::kShortened;
    estonia.holidays[0].shortened_by = 3 * kHour;
    world_.Add(estonia);
    AddSite("lommel", "Europe/Brussels", "be");
    AddSite("tartu", "Europe/Tallinn", "ee");
    Asset lab = support::MakeMobile("make-lab");
    lab.set_up = lab.tear_down = 2 * kHour;
    lab.max_attendees = 18;
    world_.Add(lab);
    world_.now = support::At("2027-02-01 9:00");
  }

  void AddSite(const std::string& id, const std::string& zone, const std::string& region) {
    Site site = support::MakeSite(id, zone);
    site.calendar = support::Office();
    site.calendar->holiday_region = region;
    world_.Add(site);
  }

  World world_;
  Script script_{world_};
};

TEST_F(MakeLabTest, AVisitBlocksTheLabForItsSetUpAndTearDown) {
  EXPECT_THAT(script_.Run(R"(
    v1: book make-lab @ mon 10:00-13:00 at lommel people 18     -> ok
    book make-lab @ mon 15:00-17:00 at lommel                   -> capacity_exceeded make-lab [v1]
    book make-lab @ tue 9:00-12:00 at lommel people 19          -> attendees_above_limit make-lab
    book make-lab @ tue 9:00-12:00                              -> site_required make-lab
    v2: book make-lab @ tue 9:00-12:00 at lommel                -> ok
    move v1 @ mon 14:00-17:00                                   -> ok
    cancel v2                                                   -> ok
  )"),
              ElementsAre());
}

TEST_F(MakeLabTest, TheHoursAreThoseOfTheSiteItVisits) {
  // Times are those of Brussels; Tartu is an hour ahead.
  EXPECT_THAT(script_.Run(R"(
    book make-lab @ 2027-03-02 7:00/2027-03-02 10:00 at lommel  -> outside_opening_hours make-lab
    book make-lab @ 2027-03-02 7:00/2027-03-02 10:00 at tartu   -> ok
    book make-lab @ 2027-03-29 9:00/2027-03-29 11:00 at lommel  -> outside_opening_hours make-lab
    book make-lab @ 2027-03-29 9:00/2027-03-29 11:00 at tartu   -> ok
    # Three hours shorter on the eve: until 14:00 in Tartu, 13:00 in Brussels.
    book make-lab @ 2027-02-23 9:00/2027-02-23 13:01 at tartu   -> outside_opening_hours make-lab
    book make-lab @ 2027-02-23 9:00/2027-02-23 13:00 at tartu   -> ok
    book make-lab @ 2027-02-24 9:00/2027-02-24 10:00 at tartu   -> outside_opening_hours make-lab
  )"),
              ElementsAre());
}

TEST_F(MakeLabTest, ARefusalTellsWhyAndWhatWouldWork) {
  const ReservationId first = world_.MustBook(
      support::Draft({support::Item("make-lab")}, support::Span("mon 10:00-13:00"), "lommel"));
  const auto refused = world_.Book(
      support::Draft({support::Item("make-lab")}, support::Span("mon 11:00-14:00"), "lommel"));
  ASSERT_FALSE(refused.ok());
  const Refusal& refusal = *refused.error().refusal;
  ASSERT_EQ(refusal.violations.size(), 1u);
  EXPECT_EQ(refusal.violations[0].rule, Rule::kCapacityExceeded);
  ASSERT_EQ(refusal.violations[0].conflicts.size(), 1u);
  EXPECT_EQ(refusal.violations[0].conflicts[0].reservation, first);
  EXPECT_EQ(refusal.violations[0].conflicts[0].occupancy, support::Span("mon 8:00-15:00"));
  // Tear-down until 15:00 and set-up of two hours: not before 17:00, closed.
  EXPECT_EQ(refusal.earliest_start, support::At("tue 8:00"));
  EXPECT_GE(refusal.alternatives.size(), 3u);
  for (const Alternative& alternative : refusal.alternatives) {
    EXPECT_EQ(alternative.site, "lommel");
    EXPECT_TRUE(
        world_
            .Try({"ada"},
                 engine::CreateReservation{
                     support::Draft(alternative.items, alternative.interval, alternative.site), 0})
            .ok());
  }
}

}  // namespace
}  // namespace labslot
