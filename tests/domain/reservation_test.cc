#include "daemon/domain/reservation.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

namespace labslot {
namespace {

using State = ReservationState;

constexpr State kAll[] = {State::kHeld,      State::kPending,   State::kConfirmed,
                          State::kCheckedIn, State::kCompleted, State::kWaitlisted,
                          State::kOffered,   State::kDisplaced, State::kRejected,
                          State::kCancelled, State::kExpired,   State::kNoShow};

const std::set<State> kFinal = {State::kCompleted, State::kRejected, State::kCancelled,
                                State::kExpired, State::kNoShow};

TEST(LifeCycleTest, BlockingStatesAreThoseThatOccupyTheSlot) {
  const std::set<State> blocking = {State::kHeld, State::kPending, State::kOffered,
                                    State::kConfirmed, State::kCheckedIn};
  for (const State state : kAll) EXPECT_EQ(IsBlocking(state), blocking.count(state) > 0);
}

TEST(LifeCycleTest, NoWayLeadsOutOfAFinalState) {
  for (const State from : kAll) {
    EXPECT_EQ(IsFinal(from), kFinal.count(from) > 0) << StateWord(from);
    int ways = 0;
    for (const State to : kAll) ways += MayBecome(from, to) ? 1 : 0;
    EXPECT_EQ(ways == 0, IsFinal(from)) << StateWord(from);
  }
}

TEST(LifeCycleTest, EveryStateCanBeReachedFromACreation) {
  // A creation makes a hold, a request that awaits approval, a firm
  // reservation, or a place on the wait list.
  std::set<State> reached = {State::kHeld, State::kPending, State::kConfirmed, State::kWaitlisted};
  for (size_t before = 0; before != reached.size();) {
    before = reached.size();
    for (const State from : std::set<State>(reached)) {
      for (const State to : kAll) {
        if (MayBecome(from, to)) reached.insert(to);
      }
    }
  }
  for (const State state : kAll) EXPECT_TRUE(reached.count(state)) << StateWord(state);
}

TEST(LifeCycleTest, AFinalStateCanBeReachedFromEveryOther) {
  std::set<State> ending = kFinal;
  for (size_t before = 0; before != ending.size();) {
    before = ending.size();
    for (const State from : kAll) {
      for (const State to : std::set<State>(ending)) {
        if (MayBecome(from, to)) ending.insert(from);
      }
    }
  }
  for (const State state : kAll) EXPECT_TRUE(ending.count(state)) << StateWord(state);
}

TEST(LifeCycleTest, TheMainWayAndItsExitsAreThere) {
  EXPECT_TRUE(MayBecome(State::kHeld, State::kConfirmed));
  EXPECT_TRUE(MayBecome(State::kHeld, State::kPending));
  EXPECT_TRUE(MayBecome(State::kHeld, State::kExpired));
  EXPECT_TRUE(MayBecome(State::kHeld, State::kCancelled));
  EXPECT_TRUE(MayBecome(State::kPending, State::kConfirmed));
  EXPECT_TRUE(MayBecome(State::kPending, State::kRejected));
  EXPECT_TRUE(MayBecome(State::kConfirmed, State::kCheckedIn));
  EXPECT_TRUE(MayBecome(State::kConfirmed, State::kCancelled));
  EXPECT_TRUE(MayBecome(State::kConfirmed, State::kDisplaced));
  EXPECT_TRUE(MayBecome(State::kConfirmed, State::kNoShow));
  EXPECT_TRUE(MayBecome(State::kCheckedIn, State::kCompleted));
  EXPECT_TRUE(MayBecome(State::kWaitlisted, State::kOffered));
  EXPECT_TRUE(MayBecome(State::kDisplaced, State::kConfirmed));
  EXPECT_TRUE(MayBecome(State::kDisplaced, State::kExpired));
  EXPECT_TRUE(MayBecome(State::kOffered, State::kConfirmed));
  EXPECT_TRUE(MayBecome(State::kOffered, State::kExpired));
}

TEST(LifeCycleTest, AChangeThatNeedsApprovalTakesAConfirmedReservationBackToPending) {
  EXPECT_TRUE(MayBecome(State::kConfirmed, State::kPending));
  // And from there every way of a request is open.
  for (const State to : {State::kConfirmed, State::kRejected, State::kCancelled, State::kExpired}) {
    EXPECT_TRUE(MayBecome(State::kPending, to)) << StateWord(to);
  }
}

TEST(LifeCycleTest, WhatMustNeverHappenIsNotThere) {
  EXPECT_FALSE(MayBecome(State::kCheckedIn, State::kCancelled));
  EXPECT_FALSE(MayBecome(State::kCheckedIn, State::kNoShow));
  EXPECT_FALSE(MayBecome(State::kConfirmed, State::kHeld));
  EXPECT_FALSE(MayBecome(State::kConfirmed, State::kExpired));
  EXPECT_FALSE(MayBecome(State::kHeld, State::kCheckedIn));
  EXPECT_FALSE(MayBecome(State::kCheckedIn, State::kPending));
  EXPECT_FALSE(MayBecome(State::kRejected, State::kPending));
  for (const State state : kAll) EXPECT_FALSE(MayBecome(state, state)) << StateWord(state);
}

TEST(LifeCycleTest, EveryStateHasAWordOfItsOwn) {
  std::set<std::string> words;
  for (const State state : kAll) words.insert(std::string(StateWord(state)));
  EXPECT_EQ(words.size(), std::size(kAll));
  EXPECT_EQ(StateWord(State::kConfirmed), "confirmed");
}

TEST(ReservationTest, OccupancyIsSetUpRunAndTearDown) {
  Reservation reservation;
  reservation.interval = {1000, 2000};
  ReservationItem item;
  item.set_up = 100;
  item.tear_down = 50;
  EXPECT_EQ(OccupancyOf(reservation, item), (Interval{900, 2050}));
}

TEST(ReservationTest, ItBlocksInABlockingStateUnlessItLeavesTheSlotFree) {
  for (const State state : kAll) {
    Reservation reservation;
    reservation.state = state;
    EXPECT_EQ(Blocks(reservation), IsBlocking(state)) << StateWord(state);
    reservation.leaves_slot_free = true;
    EXPECT_FALSE(Blocks(reservation)) << StateWord(state);
  }
}

TEST(ReservationTest, TheClockEndsWhatWaitsForAnAnswerOrForSomebodyToComeOrLeave) {
  const std::optional<Instant> never;
  for (const State state : kAll) {
    Reservation reservation;
    reservation.state = state;
    reservation.hold_expire_time = 500;
    reservation.check_in_by = 700;
    reservation.interval = {600, 900};
    const bool awaits = state == State::kHeld || state == State::kPending ||
                        state == State::kOffered || state == State::kWaitlisted ||
                        state == State::kDisplaced;
    const std::optional<Instant> due = awaits                       ? std::optional<Instant>(500)
                                       : state == State::kConfirmed ? std::optional<Instant>(700)
                                       : state == State::kCheckedIn ? std::optional<Instant>(900)
                                                                    : never;
    EXPECT_EQ(DueTime(reservation), due) << StateWord(state);
    reservation.check_in_by = 0;
    const std::optional<Instant> without = state == State::kConfirmed ? never : due;
    EXPECT_EQ(DueTime(reservation), without) << StateWord(state);
    reservation.use.close_by = 950;
    if (state == State::kCheckedIn) {
      EXPECT_EQ(DueTime(reservation), 950) << "overdue";
    }
  }
}

}  // namespace
}  // namespace labslot
