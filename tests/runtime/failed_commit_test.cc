#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

class FailedCommitTest : public ::testing::Test {
 protected:
  void FillDisk() { lab_.store.FailNext(absl::ResourceExhaustedError("no space")); }

  SmallLab lab_;
  Life life_{lab_.store, lab_.clock};
};

using FullDiskTest = FailedCommitTest;
using UnknownOutcomeTest = FailedCommitTest;

TEST_F(FullDiskTest, EverythingOfTheGroupIsTakenBack) {
  const ReservationId moved = IdOf(life_.Must(Order(Booking("lab", "mon 9:00-10:00"))));
  const ReservationId cancelled = IdOf(life_.Must(Order(Booking("rigs", "mon 9:00-10:00"))));
  const ReservationId held = IdOf(life_.Must(Order(Booking("rigs", "tue 9:00-10:00", 2, 600))));
  const std::string before = life_.Memory();
  engine::ImportRecords import;
  Asset rigs = support::MakePool("rigs", 4);
  import.records = {support::MakeSite("gent"), rigs, support::MakeAsset("oven", "gent")};
  std::vector<Slot> slots = {
      life_.Submit(Order(Booking("lab", "mon 12:00-13:00"), "r1")),
      life_.Submit(Order(Moving(moved, "mon 10:00-11:00"))),
      life_.Submit(Order(Moving(moved, "mon 10:30-11:30"))),
      life_.Submit(Order(engine::CancelReservation{cancelled, 0})),
      life_.Submit(Order(engine::ConfirmReservation{held, 0})),
      life_.Submit(Order(import)),
      life_.Submit(Order(engine::DeleteRecord{"assets", "oven", 0})),
      life_.Submit(Order(Booking("rigs", "wed 9:00-10:00", 4))),
  };
  FillDisk();
  life_.sequencer.Drain();
  for (const Slot& slot : slots) EXPECT_EQ(WordOf(slot), "overloaded");
  EXPECT_FALSE(life_.sequencer.failed());
  EXPECT_EQ(life_.Memory(), before);
  EXPECT_EQ(life_.Memory(), life_.Reloaded());
  EXPECT_EQ(life_.feed.head(), lab_.store.head());
}

TEST_F(FullDiskTest, WhatComesLaterWorks) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  const auto wanted = Order(Booking("lab", "mon 10:00-11:00"), "r1");
  FillDisk();
  EXPECT_EQ(WordOf(life_.Run(wanted)), "overloaded");
  EXPECT_EQ(WordOf(life_.Run(wanted)), "ok");
  EXPECT_EQ(WordOf(life_.Run(wanted)), "replayed");
  EXPECT_EQ(life_.Memory(), life_.Reloaded());
}

// The refusal would name a reservation that never was.
TEST_F(FullDiskTest, ARefusalThatRestsOnWhatWasTakenBackIsTakenBackToo) {
  const Slot granted = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  const Slot refused = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  FillDisk();
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(granted), "overloaded");
  EXPECT_EQ(WordOf(refused), "overloaded");
}

TEST_F(FullDiskTest, WhatWritesNothingIsAnsweredAsEver) {
  const auto wanted = Order(Booking("lab", "mon 9:00-10:00"), "r1");
  life_.Must(wanted);
  FillDisk();
  EXPECT_EQ(WordOf(life_.Run(wanted)), "replayed");
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "2027-02-01 9:00/2027-02-01 10:00")))),
            "start_in_past");
}

TEST_F(FullDiskTest, AHoldBlocksUntilItsExpiryCanBeWritten) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60)));
  const std::string before = life_.Memory();
  lab_.clock.Advance(60);
  FillDisk();
  life_.sequencer.Drain();
  EXPECT_EQ(life_.Memory(), before);
  EXPECT_EQ(life_.Memory(), life_.Reloaded());
  EXPECT_EQ(life_.sequencer.NextDue(), lab_.clock.Now() + 1);
  lab_.clock.Advance(1);
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "ok");
}

// The wait for the next try must not outlast the disk's being full, if the
// clock was ahead then.
TEST_F(FullDiskTest, HoldsExpireAgainAfterTheFirstCommitThatWorks) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00", 1, 60)));
  lab_.clock.Advance(60);
  FillDisk();
  life_.sequencer.Drain();
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  EXPECT_LE(*life_.sequencer.NextDue(), lab_.clock.Now());
  life_.sequencer.Drain();
  EXPECT_TRUE(life_.sequencer.state().dues().empty());
}

TEST_F(UnknownOutcomeTest, AllOfTheGroupAreToldSo) {
  const Slot granted = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  const Slot refused = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  engine::Command dry = Order(Booking("rigs", "mon 9:00-10:00"));
  dry.validate_only = true;
  const Slot dry_run = life_.Submit(dry);
  lab_.store.FailNext(absl::UnknownError("sync failed"));
  life_.sequencer.Drain();
  EXPECT_TRUE(life_.sequencer.failed());
  EXPECT_EQ(WordOf(granted), "outcome_unknown");
  EXPECT_EQ(WordOf(refused), "outcome_unknown");
  EXPECT_EQ(WordOf(dry_run), "outcome_unknown");
}

TEST_F(UnknownOutcomeTest, NothingElseIsAnsweredAfterIt) {
  lab_.store.FailNext(absl::UnknownError("sync failed"));
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "outcome_unknown");
  const size_t commits = lab_.store.commits().size();
  EXPECT_EQ(WordOf(life_.Submit(Order(Booking("rigs", "mon 9:00-10:00")))), "outcome_unknown");
  EXPECT_FALSE(life_.sequencer.Drain());
  EXPECT_EQ(lab_.store.commits().size(), commits);
}

TEST_F(UnknownOutcomeTest, WhatWaitedForTheNextGroupIsToldSoToo) {
  std::vector<Slot> slots;
  for (size_t i = 0; i < Sequencer::kMaxGroup + 5; ++i) {
    slots.push_back(life_.Submit(Order(Booking("rigs", "mon 9:00-10:00"))));
  }
  lab_.store.FailNext(absl::UnknownError("sync failed"));
  while (life_.sequencer.Drain()) {
  }
  for (const Slot& slot : slots) EXPECT_EQ(WordOf(slot), "outcome_unknown");
}

TEST_F(UnknownOutcomeTest, WatchersAreNotTold) {
  const Revision head = life_.feed.head();
  lab_.store.FailNext(absl::UnknownError("sync failed"), ScriptedStore::Lost::kNothing);
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "outcome_unknown");
  EXPECT_EQ(life_.feed.head(), head);
}

// Whichever way it went, the retry after a restart comes to one booking.
TEST_F(UnknownOutcomeTest, TheRetryAfterARestartCountsOnce) {
  for (const auto lost : {ScriptedStore::Lost::kNothing, ScriptedStore::Lost::kEverything}) {
    SmallLab lab;
    const auto wanted = Order(Booking("lab", "mon 9:00-10:00"), "r1");
    {
      Life before(lab.store, lab.clock);
      lab.store.FailNext(absl::UnknownError("sync failed"), lost);
      EXPECT_EQ(WordOf(before.Run(wanted)), "outcome_unknown");
    }
    Life after(lab.store, lab.clock);
    EXPECT_EQ(WordOf(after.Run(wanted)), lost == ScriptedStore::Lost::kNothing ? "replayed" : "ok");
    EXPECT_EQ(after.sequencer.state().timeline("lab").size(), 1u);
  }
}

}  // namespace
}  // namespace labslot::runtime
