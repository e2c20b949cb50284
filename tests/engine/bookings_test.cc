// What fits beside what: intervals, pools, seats, bundles, changeover.

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::MakeAsset;
using support::MakePool;
using support::MakeSite;
using support::Script;
using support::World;

class BookingsTest : public testing::Test {
 protected:
  BookingsTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakeAsset("press"));
    world_.Add(MakePool("rigs", 3));
    world_.Add(support::MakeSeats("room", 6));
    Asset slow = MakeAsset("slow");
    slow.set_up = 1800;
    slow.tear_down = 900;
    world_.Add(slow);
  }

  World world_;
  Script script_{world_};
};

TEST_F(BookingsTest, TouchingIntervalsDoNotConflict) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    r2: book oven @ mon 10:00-11:00        -> ok
    r3: book oven @ mon 8:00-9:00          -> ok
    book oven @ mon 9:59:59-10:00          -> capacity_exceeded oven [r1]
    book oven @ mon 10:00-10:00:01         -> capacity_exceeded oven [r2]
    book oven @ mon 8:59:59-9:00:01        -> capacity_exceeded oven [r3 r1]
    book oven @ mon 11:00-11:00:01         -> ok
  )");
}

TEST_F(BookingsTest, EveryKindOfOverlapConflicts) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    book oven @ mon 9:00-12:00             -> capacity_exceeded oven [r1]
    book oven @ mon 10:00-11:00            -> capacity_exceeded oven [r1]
    book oven @ mon 8:00-13:00             -> capacity_exceeded oven [r1]
    book oven @ mon 8:00-9:30              -> capacity_exceeded oven [r1]
    book oven @ mon 11:30-13:00            -> capacity_exceeded oven [r1]
    book oven @ mon 9:00-9:01              -> capacity_exceeded oven [r1]
    book oven @ mon 11:59-12:00            -> capacity_exceeded oven [r1]
    book press @ mon 9:00-12:00            -> ok
  )");
}

TEST_F(BookingsTest, ABookingMayEndAtMidnightAndRunOverIt) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 20:00-24:00            -> ok
    book oven @ tue 0:00-1:00              -> ok
    book oven @ tue 22:00-wed 6:00         -> ok
    book oven @ wed 6:00-wed 7:00          -> ok
  )");
}

TEST_F(BookingsTest, APoolOfThreeTakesThreeAtAnyInstant) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-12:00         -> ok
    r2: book rigs @ mon 9:00-12:00         -> ok
    r3: book rigs @ mon 9:00-12:00         -> ok
    book rigs @ mon 9:00-12:00             -> capacity_exceeded rigs [r1 r2 r3]
    book rigs @ mon 12:00-13:00            -> ok
  )");
}

TEST_F(BookingsTest, ThePeakCountsAndNotTheNumberOfOverlaps) {
  // The long one overlaps four others, but never more than two run at once.
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-10:00         -> ok
    r2: book rigs @ mon 10:00-11:00        -> ok
    r3: book rigs @ mon 11:00-12:00        -> ok
    r4: book rigs @ mon 12:00-13:00        -> ok
    r5: book rigs @ mon 8:00-14:00         -> ok
    r6: book rigs @ mon 8:00-14:00         -> ok
    book rigs @ mon 13:00-14:00            -> ok
    book rigs @ mon 12:59-13:00            -> capacity_exceeded rigs [r5 r6 r4]
  )");
}

TEST_F(BookingsTest, NestedIntervalsAreCountedAtTheirPeak) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 8:00-18:00         -> ok
    r2: book rigs @ mon 10:00-16:00        -> ok
    r3: book rigs @ mon 12:00-14:00        -> ok
    book rigs @ mon 13:00-13:01            -> capacity_exceeded rigs [r1 r2 r3]
    book rigs @ mon 8:00-12:00             -> ok
    book rigs @ mon 14:00-18:00            -> ok
    book rigs @ mon 9:00-10:00             -> ok
    book rigs @ mon 16:00-18:00            -> ok
  )");
}

TEST_F(BookingsTest, QuantitiesAddUp) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00       -> ok
    book rigs*2 @ mon 11:00-13:00          -> capacity_exceeded rigs [r1]
    r2: book rigs*1 @ mon 11:00-13:00      -> ok
    book rigs*1 @ mon 11:59-12:01          -> capacity_exceeded rigs [r1 r2]
    book rigs*2 @ mon 12:00-13:00          -> ok
    book rigs*4 @ tue 9:00-10:00           -> quantity_above_capacity rigs
    book rigs*3 @ tue 9:00-10:00           -> ok
    book oven*2 @ tue 9:00-10:00           -> quantity_above_capacity oven
  )");
}

TEST_F(BookingsTest, APoolAdmitsTheSameSetInAnyOrder) {
  // Peak 3 only if units are not bound at booking.
  const char* orders[][4] = {
      {"9:00-11:00", "10:00-12:00", "11:00-13:00", "9:00-13:00"},
      {"9:00-13:00", "11:00-13:00", "10:00-12:00", "9:00-11:00"},
      {"11:00-13:00", "9:00-11:00", "9:00-13:00", "10:00-12:00"},
      {"10:00-12:00", "9:00-13:00", "11:00-13:00", "9:00-11:00"},
  };
  for (const auto& order : orders) {
    World world;
    world.Add(MakeSite("lommel"));
    world.Add(MakePool("rigs", 3));
    for (const char* span : order) {
      EXPECT_TRUE(world
                      .Book(support::Draft({support::Item("rigs")},
                                           support::Span(std::string("mon ") + span)))
                      .ok())
          << span;
    }
  }
}

TEST_F(BookingsTest, SeatsFillUp) {
  EXPECT_TABLE(script_, R"(
    r1: book room*4 @ mon 9:00-17:00       -> ok
    r2: book room*2 @ mon 9:00-12:00       -> ok
    book room*1 @ mon 11:00-13:00          -> capacity_exceeded room [r1 r2]
    book room*2 @ mon 12:00-17:00          -> ok
  )");
}

TEST_F(BookingsTest, ABundleIsAllOrNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00                 -> ok
    book oven,press,rigs*2 @ mon 9:30-10:30        -> capacity_exceeded oven [r1]
    r2: book press @ mon 9:30-10:30                -> ok
    book rigs*3 @ mon 9:30-10:30                   -> ok
    book oven,press @ mon 9:30-10:30               -> capacity_exceeded oven [r1]; capacity_exceeded press [r2]
    r3: book oven,press,room*6 @ mon 10:30-11:30   -> ok
    book press @ mon 11:00-12:00                   -> capacity_exceeded press [r3]
    book room @ mon 11:00-12:00                    -> capacity_exceeded room [r3]
    cancel r3                                      -> ok
    book press,room @ mon 11:00-12:00              -> ok
  )");
}

TEST_F(BookingsTest, SetUpAndTearDownOccupy) {
  // 30 minutes before, 15 after.
  EXPECT_TABLE(script_, R"(
    r1: book slow @ mon 9:00-10:00         -> ok
    book slow @ mon 10:44-11:00            -> capacity_exceeded slow [r1]
    r2: book slow @ mon 10:45-11:00        -> ok
    book slow @ mon 7:00-8:16              -> capacity_exceeded slow [r1]
    book slow @ mon 7:00-8:15              -> ok
    book slow @ mon 10:15-10:30            -> capacity_exceeded slow [r1 r2]
  )");
}

TEST_F(BookingsTest, ItemsOfABundleHaveTheirOwnChangeover) {
  EXPECT_TABLE(script_, R"(
    book slow,oven @ mon 9:00-10:00        -> ok
    book oven @ mon 8:00-9:00              -> ok
    book oven @ mon 10:00-11:00            -> ok
  )");
}

TEST_F(BookingsTest, ChangeoverIsThatOfTheTimeOfBooking) {
  EXPECT_TABLE(script_, "r1: book slow @ mon 9:00-10:00 -> ok");
  Asset changed = *world_.catalogue().FindAsset("slow");
  changed.set_up = 0;
  changed.tear_down = 3600;
  ASSERT_TRUE(world_.Replace(changed).ok());
  const ReservationItem item = world_.reservation(script_.id("r1")).items[0];
  EXPECT_EQ(item.set_up, 1800);
  EXPECT_EQ(item.tear_down, 900);
  EXPECT_TABLE(script_, R"(
    book slow @ mon 7:00-8:00              -> capacity_exceeded slow [r1]
    book slow @ mon 6:00-7:30              -> ok
    book slow @ mon 10:15-11:00            -> ok
  )");
}

TEST_F(BookingsTest, CancelledAndExpiredReservationsBlockNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    cancel r1                              -> ok
    r2: book oven @ mon 9:00-10:00 hold 60 -> ok
    book oven @ mon 9:00-10:00             -> capacity_exceeded oven [r2]
    now 2027-02-28 12:01
    expire r2                              -> ok
    book oven @ mon 9:00-10:00             -> ok
  )");
}

TEST_F(BookingsTest, AStartMayLieAtMostFiveMinutesBack) {
  EXPECT_TABLE(script_, R"(
    now mon 9:00
    book oven @ mon 8:54:59-9:30           -> start_in_past
    book oven @ mon 8:55-9:30              -> ok
    book press @ mon 9:00-9:30             -> ok
    book press @ mon 7:00-8:00             -> start_in_past
  )");
}

TEST_F(BookingsTest, NothingEndsBeyondTheHorizon) {
  const Instant horizon = world_.now + limits::kHorizon;
  const auto book = [&](Instant end) {
    return world_.Book(support::Draft({support::Item("oven")}, {end - 3600, end}));
  };
  const auto beyond = book(horizon + 1);
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error().refusal->violations.at(0).rule, Rule::kBeyondHorizon);
  EXPECT_TRUE(book(horizon).ok());
}

TEST_F(BookingsTest, AttendeesAreCountedAgainstTheLimit) {
  Asset hall = MakeAsset("hall");
  hall.max_attendees = 18;
  world_.Add(hall);
  EXPECT_TABLE(script_, R"(
    book hall @ mon 9:00-10:00 people 19      -> attendees_above_limit hall
    book hall @ mon 9:00-10:00 people 18      -> ok
    book hall @ mon 10:00-11:00               -> ok
    book oven,hall @ mon 11:00-12:00 people 500 -> attendees_above_limit hall
    book oven @ mon 11:00-12:00 people 500    -> ok
  )");
}

TEST_F(BookingsTest, WhatDoesNotExistIsNamedAsAField) {
  for (const char* line :
       {"book ghost @ mon 9:00-10:00 -> ok", "book oven @ mon 9:00-10:00 at ghost -> ok",
        "book oven @ mon 9:00-10:00 of ghost -> ok"}) {
    const auto failures = script_.Run(line);
    ASSERT_EQ(failures.size(), 1u);
    EXPECT_THAT(failures[0], testing::AnyOf(testing::HasSubstr("BUT: not_found"),
                                            testing::HasSubstr("BUT: invalid")));
  }
}

}  // namespace
}  // namespace labslot::engine
