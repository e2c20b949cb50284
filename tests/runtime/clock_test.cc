#include <string>
#include <vector>

#include "daemon/storage/records.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

class ClockTest : public ::testing::Test {
 protected:
  Event LastEvent() const { return **storage::ReadEvent(lab_.store, lab_.store.head()); }

  SmallLab lab_;
  Life life_{lab_.store, lab_.clock};
};

TEST_F(ClockTest, TimeNeverRunsBackwardsBehindTheLastEvent) {
  const Instant noon = lab_.clock.Now();
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  lab_.clock.Advance(-3600);
  EXPECT_EQ(life_.sequencer.Now(), noon);
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  EXPECT_EQ(LastEvent().time, noon);
  lab_.clock.Set(noon + 1);
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  EXPECT_EQ(LastEvent().time, noon + 1);
}

TEST_F(ClockTest, TimeNeverRunsBackwardsOverARestart) {
  const Instant noon = lab_.clock.Now();
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  lab_.clock.Advance(-support::kDay);
  Life next(lab_.store, lab_.clock);
  EXPECT_EQ(next.sequencer.Now(), noon);
}

TEST_F(ClockTest, AHoldOutlastsAClockThatGoesBack) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60)));
  lab_.clock.Advance(-support::kDay);
  life_.sequencer.Drain();
  EXPECT_EQ(life_.sequencer.state().dues().size(), 1u);
}

// With no command in between, the jump leaves no event; the clock is believed
// again when it comes back, and nothing may have been forgotten meanwhile.
TEST_F(ClockTest, AClockThatJumpsAheadForAMomentMakesNoDoubleBooking) {
  for (const Seconds jump : {support::kDay, 30 * support::kDay, 366 * support::kDay}) {
    SCOPED_TRACE(jump);
    SmallLab lab;
    Life life(lab.store, lab.clock);
    life.Must(Order(Booking("lab", "mon 9:00-10:00")));
    lab.clock.Advance(jump);
    life.sequencer.Drain();
    lab.clock.Advance(-jump);
    EXPECT_EQ(WordOf(life.Run(Order(Booking("lab", "mon 9:00-10:00")))), "capacity_exceeded");
  }
}

TEST_F(ClockTest, ARestartWhileTheClockIsAheadMakesNoDoubleBooking) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  lab_.clock.Advance(366 * support::kDay);
  Life next(lab_.store, lab_.clock);
  lab_.clock.Advance(-366 * support::kDay);
  EXPECT_EQ(WordOf(next.Run(Order(Booking("lab", "mon 9:00-10:00")))), "capacity_exceeded");
}

// The set-up of a booking from now on reaches back, over what is long over.
TEST_F(ClockTest, TheSetUpOfANewBookingIsJudgedAgainstThePast) {
  Asset slow = support::MakeAsset("slow");
  slow.set_up = limits::kLongestChangeover;
  life_.Must(Order(engine::CreateRecord{slow}));
  engine::CreateReservation first = Booking("slow", "mon 9:00-10:00");
  const Instant start = lab_.clock.Now() + limits::kLongestChangeover;
  first.draft.interval = {start, start + 60};
  life_.Must(Order(first));
  // An event a while later gives the daemon the occasion to forget.
  lab_.clock.Set(start + 60 + limits::kLongestChangeover - 60);
  life_.Must(Order(Booking("rigs", "2027-09-01 9:00/2027-09-01 10:00")));
  engine::CreateReservation second = first;
  second.draft.interval = {lab_.clock.Now() - limits::kPastTolerance, lab_.clock.Now() + 60};
  EXPECT_EQ(WordOf(life_.Run(Order(second))), "capacity_exceeded");
  EXPECT_EQ(WordOf(Life(lab_.store, lab_.clock).Run(Order(second))), "capacity_exceeded");
}

TEST_F(ClockTest, WhatIsLongOverIsForgotten) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  EXPECT_EQ(life_.sequencer.state().live_occupancy_count(), 1);
  lab_.clock.Set(support::At("mon 10:00") + Sequencer::kMemoryOfThePast + 1);
  life_.Must(Order(Booking("rigs", "2027-09-01 9:00/2027-09-01 10:00")));
  EXPECT_EQ(life_.sequencer.state().live_occupancy_count(), 1);
  EXPECT_EQ(life_.Memory(), life_.Reloaded());
}

}  // namespace
}  // namespace labslot::runtime
