// Ways that are not the shortest: where a way round, or two ways, are quicker than one.

#include <gtest/gtest.h>

#include <string>

#include "daemon/engine/itinerary.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::kHour;
using support::World;

// Home is an hour from both; the straight way between them takes 40.
class WayRoundTest : public testing::Test {
 protected:
  WayRoundTest() {
    Site home = support::MakeSite("home");
    Site east = support::MakeSite("east");
    Site west = support::MakeSite("west");
    world_.Add(home);
    east.travel_times = {{"home", kHour}};
    world_.Add(east);
    west.travel_times = {{"home", kHour}, {"east", 40 * kHour}};
    world_.Add(west);
  }

  void AddTruck(Between between) {
    Asset truck = support::MakeMobile("truck", "home");
    truck.travel.between = between;
    world_.Add(truck);
  }
  Reservation At(const std::string& site, absl::string_view span) {
    return support::Draft({support::Item("truck")}, support::Span(span), site);
  }

  World world_;
};

TEST_F(WayRoundTest, WhoCanStayAtHomeForADayIsThereInTime) {
  AddTruck(Between::kHomeIfTime);
  world_.MustBook(At("east", "mon 8:00-9:00"));
  const auto behind = world_.Try({"ada"}, CreateReservation{At("west", "tue 11:00-12:00")});
  EXPECT_TRUE(behind.ok()) << support::Describe(behind.error());
}

TEST_F(WayRoundTest, WhoCanStayAtHomeForADayGetsOnInTime) {
  AddTruck(Between::kHomeIfTime);
  world_.MustBook(At("west", "tue 11:00-12:00"));
  const auto before = world_.Try({"ada"}, CreateReservation{At("east", "mon 8:00-9:00")});
  EXPECT_TRUE(before.ok()) << support::Describe(before.error());
}

TEST_F(WayRoundTest, TheEarliestStartIsBehindTheNextVisitIfThatIsQuicker) {
  AddTruck(Between::kStays);
  world_.MustBook(At("east", "mon 8:00-9:00"));
  world_.MustBook(At("home", "mon 11:00-12:00"));
  EXPECT_TRUE(world_.Try({"ada"}, CreateReservation{At("west", "mon 13:00-13:30")}).ok());
  const auto refused = world_.Try({"ada"}, CreateReservation{At("west", "mon 9:30-10:00")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->earliest_start, support::At("mon 13:00"));
}

TEST_F(WayRoundTest, AVisitAtHomeEndsATour) {
  Asset truck = support::MakeMobile("truck", "home");
  truck.travel.between = Between::kStays;
  truck.travel.longest_tour = 12 * kHour;
  world_.Add(truck);
  world_.MustBook(At("home", "mon 8:00-9:00"));
  const auto next_day = world_.Try({"ada"}, CreateReservation{At("east", "tue 8:00-9:00")});
  EXPECT_TRUE(next_day.ok()) << support::Describe(next_day.error());
}

TEST_F(WayRoundTest, ATourThatEndsWithTheNextVisitIsShorterFromALaterStart) {
  Site north = support::MakeSite("north");
  north.travel_times = {{"home", 10 * kHour}, {"east", 11 * kHour}};
  world_.Add(north);
  Asset truck = support::MakeMobile("truck", "home");
  truck.travel.longest_tour = 48 * kHour;
  world_.Add(truck);
  world_.MustBook(At("north", "thu 8:00-9:00"));
  // Away from Tuesday 19:00 to Thursday 19:00.
  EXPECT_TRUE(world_.Try({"ada"}, CreateReservation{At("north", "wed 5:00-21:00")}).ok());
  const auto refused = world_.Try({"ada"}, CreateReservation{At("north", "wed 4:00-20:00")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->earliest_start, support::At("wed 5:00"));
  world_.MustBook(At("east", "mon 8:00-9:00"));
  const auto early = world_.Try({"ada"}, CreateReservation{At("north", "mon 21:00-tue 13:00")});
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().refusal->earliest_start, support::At("wed 5:00"));
}

TEST_F(WayRoundTest, NoWayIsLeftThatTakesLongerThanThereIsTime) {
  AddTruck(Between::kStays);
  world_.MustBook(At("east", "mon 8:00-9:00"));
  const ReservationId middle = world_.MustBook(At("home", "mon 11:00-12:00"));
  world_.MustBook(At("west", "mon 13:00-14:00"));
  (void)world_.Cancel(middle);
  const auto visits = world_.state().itinerary("truck").All();
  const Ways ways(world_.catalogue(), *world_.catalogue().FindAsset("truck"));
  for (const Leg& leg : LegsOf(ways, visits)) {
    for (const Visit& visit : visits) {
      EXPECT_FALSE(leg.interval.Overlaps(visit.blocked)) << leg.from << " to " << leg.to;
    }
  }
}

// It stays in the east from one visit to the next, for there is no day between them.
class MovedFromWhereItIsTest : public WayRoundTest {
 protected:
  MovedFromWhereItIsTest() {
    Site near_home = support::MakeSite("near-home");
    near_home.travel_times = {{"home", kHour}, {"east", 6 * kHour}};
    world_.Add(near_home);
    Site far_east = support::MakeSite("far-east");
    far_east.travel_times = {{"home", 10 * kHour}, {"east", kHour}};
    world_.Add(far_east);
    AddTruck(Between::kHomeIfTime);
    world_.MustBook(At("east", "mon 8:00-9:00"));
    next_ = world_.MustBook(At("east", "tue 8:00-9:00"));
    world_.now = support::At("mon 12:00");
  }

  Result<Decision> TryMove(const std::string& site, absl::string_view span) {
    UpdateReservation command;
    command.id = next_;
    command.patch = [&](const Reservation& now) -> Result<Reservation> {
      Reservation next = now;
      next.interval = support::Span(span);
      next.site = site;
      return next;
    };
    return world_.Try({"ada"}, command);
  }

  ReservationId next_ = 0;
};

TEST_F(MovedFromWhereItIsTest, ItIsNotAtHomeForWhatItWouldHaveDoneOtherwise) {
  // Six hours from noon are needed.
  EXPECT_TRUE(TryMove("near-home", "mon 18:00-19:00").ok());
  EXPECT_FALSE(TryMove("near-home", "mon 16:00-17:00").ok());
}

TEST_F(MovedFromWhereItIsTest, ItNeedNotComeFromHome) {
  const auto moved = TryMove("far-east", "mon 14:00-15:00");
  EXPECT_TRUE(moved.ok()) << support::Describe(moved.error());
}

}  // namespace
}  // namespace labslot::engine
