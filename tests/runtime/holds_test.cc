#include <string>
#include <vector>

#include "daemon/storage/records.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

class HoldsTest : public ::testing::Test {
 protected:
  ReservationState StateOf(ReservationId id) const {
    return (*storage::ReadReservation(lab_.store, id))->state;
  }

  SmallLab lab_;
  Life life_{lab_.store, lab_.clock};
};

TEST_F(HoldsTest, AHoldBlocksToItsLastSecondAndNotLonger) {
  const ReservationId id = IdOf(life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60))));
  lab_.clock.Advance(59);
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "capacity_exceeded");
  EXPECT_EQ(StateOf(id), ReservationState::kHeld);
  lab_.clock.Advance(1);
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "ok");
  EXPECT_EQ(StateOf(id), ReservationState::kExpired);
}

TEST_F(HoldsTest, AHoldExpiresBeforeAnyCommandOfTheGroup) {
  const ReservationId id = IdOf(life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60))));
  const Slot confirm = life_.Submit(Order(engine::ConfirmReservation{id, 0}));
  const Slot book = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  lab_.clock.Advance(60);
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(confirm), "state_forbids_change");
  EXPECT_EQ(WordOf(book), "ok");
}

TEST_F(HoldsTest, AHoldExpiresWithoutAnyCommand) {
  const ReservationId id = IdOf(life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60))));
  EXPECT_EQ(life_.sequencer.NextDue(), lab_.clock.Now() + 60);
  lab_.clock.Advance(60);
  life_.sequencer.Drain();
  EXPECT_EQ(StateOf(id), ReservationState::kExpired);
  EXPECT_EQ(life_.sequencer.NextDue(), std::nullopt);
  EXPECT_EQ(life_.feed.head(), lab_.store.head());
}

TEST_F(HoldsTest, TheEarliestOfManyIsDueNext) {
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00", 1, 300)));
  const ReservationId second = IdOf(life_.Must(Order(Booking("rigs", "mon 9:00-10:00", 1, 60))));
  EXPECT_EQ(life_.sequencer.NextDue(), lab_.clock.Now() + 60);
  life_.Must(Order(engine::ConfirmReservation{second, 0}));
  EXPECT_EQ(life_.sequencer.NextDue(), lab_.clock.Now() + 300);
}

TEST_F(HoldsTest, AConfirmedOrCancelledHoldDoesNotExpire) {
  const ReservationId confirmed = IdOf(life_.Must(Order(Booking("rigs", "mon 9:00-10:00", 1, 60))));
  const ReservationId cancelled = IdOf(life_.Must(Order(Booking("rigs", "mon 9:00-10:00", 1, 60))));
  life_.Must(Order(engine::ConfirmReservation{confirmed, 0}));
  life_.Must(Order(engine::CancelReservation{cancelled, 0}));
  lab_.clock.Advance(100);
  const Revision head = lab_.store.head();
  life_.sequencer.Drain();
  EXPECT_EQ(lab_.store.head(), head);
  EXPECT_EQ(StateOf(confirmed), ReservationState::kConfirmed);
}

TEST_F(HoldsTest, AHoldExpiresAfterARestart) {
  const ReservationId id = IdOf(life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60))));
  lab_.clock.Advance(3600);
  Life next(lab_.store, lab_.clock);
  next.sequencer.Drain();
  EXPECT_EQ(StateOf(id), ReservationState::kExpired);
}

// A hold of a week on a run of tomorrow outlasts it, and a restart after the
// run was forgotten must still find it.
TEST_F(HoldsTest, AHoldThatOutlastsItsRunExpiresAfterARestart) {
  const auto hold = Booking("lab", "mon 9:00-10:00", 1, limits::kLongestHold);
  const ReservationId id = IdOf(life_.Must(Order(hold)));
  lab_.clock.Advance(limits::kLongestHold - 60);
  life_.Must(Order(Booking("rigs", "2027-09-01 9:00/2027-09-01 10:00")));
  lab_.clock.Advance(Sequencer::kMemoryOfThePast);
  Life next(lab_.store, lab_.clock);
  next.sequencer.Drain();
  EXPECT_EQ(StateOf(id), ReservationState::kExpired);
}

TEST_F(HoldsTest, ManyHoldsThatFallDueAtOnceAllExpire) {
  std::vector<Slot> slots;
  for (int i = 0; i < 700; ++i) {
    engine::CreateReservation hold = Booking("lab", "mon 9:00-10:00", 1, 60);
    hold.draft.interval = {hold.draft.interval.start + i * 3600,
                           hold.draft.interval.end + i * 3600};
    slots.push_back(life_.Submit(Order(hold)));
  }
  while (life_.sequencer.Drain()) {
  }
  ASSERT_EQ(life_.sequencer.state().dues().size(), 700u);
  lab_.clock.Advance(60);
  while (life_.sequencer.NextDue()) life_.sequencer.Drain();
  EXPECT_TRUE(life_.sequencer.state().dues().empty());
  EXPECT_EQ(life_.Memory(), life_.Reloaded());
}

}  // namespace
}  // namespace labslot::runtime
