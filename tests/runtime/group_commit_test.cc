#include <atomic>
#include <string>
#include <vector>

#include "daemon/storage/records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class GroupCommitTest : public ::testing::Test {
 protected:
  SmallLab lab_;
  Life life_{lab_.store, lab_.clock};
};

TEST_F(GroupCommitTest, NothingIsAnsweredBeforeTheCommit) {
  const Slot granted = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  const Slot refused = life_.Submit(Order(Booking("lab", "mon 9:30-10:30")));
  const Slot late = life_.Submit(Order(Booking("rigs", "mon 9:00-10:00")), absl::InfinitePast());
  std::vector<std::string> at_commit;
  lab_.store.on_commit = [&](const storage::WriteSet&) {
    at_commit = {WordOf(granted), WordOf(refused), WordOf(late)};
  };
  EXPECT_EQ(WordOf(granted), "waiting");
  life_.sequencer.Drain();
  EXPECT_THAT(at_commit, ElementsAre("waiting", "waiting", "waiting"));
  EXPECT_EQ(WordOf(granted), "ok");
  EXPECT_EQ(WordOf(refused), "capacity_exceeded");
  EXPECT_EQ(WordOf(late), "overloaded");
}

TEST_F(GroupCommitTest, WatchersHearOfNothingBeforeTheCommit) {
  const Revision before = life_.feed.head();
  life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  lab_.store.on_commit = [&](const storage::WriteSet&) { EXPECT_EQ(life_.feed.head(), before); };
  life_.sequencer.Drain();
  EXPECT_EQ(life_.feed.head(), before + 1);
}

TEST_F(GroupCommitTest, AnswersComeInTheOrderOfTheCommands) {
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) {
    life_.sequencer.Submit(Order(Booking("lab", "mon 9:00-10:00")), absl::InfiniteFuture(),
                           [&order, i](const Result<Answer>&) { order.push_back(i); });
  }
  life_.sequencer.Drain();
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(GroupCommitTest, ManyCommandsShareOneCommit) {
  const size_t commits = lab_.store.commits().size();
  std::vector<Slot> slots;
  for (int hour = 8; hour < 18; ++hour) {
    slots.push_back(life_.Submit(Order(
        Booking("lab", "mon " + std::to_string(hour) + ":00-" + std::to_string(hour) + ":30"))));
  }
  EXPECT_FALSE(life_.sequencer.Drain());
  for (const Slot& slot : slots) EXPECT_EQ(WordOf(slot), "ok");
  ASSERT_EQ(lab_.store.commits().size(), commits + 1);
  const storage::WriteSet& group = lab_.store.commits().back();
  EXPECT_EQ(group.revision, group.base + 10);
  EXPECT_EQ(life_.sequencer.commit_count(), 1);
  EXPECT_EQ(life_.sequencer.command_count(), 10);
}

TEST_F(GroupCommitTest, ALaterCommandOfAGroupSeesTheEarlierOne) {
  const Slot first = life_.Submit(Order(Booking("rigs", "mon 9:00-10:00", 2)));
  const Slot second = life_.Submit(Order(Booking("rigs", "mon 9:00-10:00", 2)));
  const Slot third = life_.Submit(Order(Booking("rigs", "mon 9:00-10:00", 1)));
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(first), "ok");
  EXPECT_EQ(WordOf(second), "capacity_exceeded");
  EXPECT_EQ(WordOf(third), "ok");
}

// The second reads the reservation of the first from the group, not the store.
TEST_F(GroupCommitTest, AReservationCanBeMovedAndCancelledInTheGroupThatMakesIt) {
  const ReservationId id = lab_.store.head() + 1;
  const Slot made = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  const Slot moved = life_.Submit(Order(Moving(id, "mon 11:00-12:00")));
  const Slot cancelled = life_.Submit(Order(engine::CancelReservation{id, 0}));
  const Slot taken = life_.Submit(Order(Booking("lab", "mon 11:00-12:00")));
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(made), "ok");
  EXPECT_EQ(WordOf(moved), "ok");
  EXPECT_EQ(WordOf(cancelled), "ok");
  EXPECT_EQ(WordOf(taken), "ok");
  EXPECT_EQ(life_.Memory(), life_.Reloaded());
}

TEST_F(GroupCommitTest, AGroupIsBoundedAndTheRestWaitsForTheNext) {
  const auto count = static_cast<int>(Sequencer::kMaxGroup) + 1;
  std::vector<Slot> slots;
  for (int i = 0; i < count; ++i) {
    slots.push_back(life_.Submit(Order(Booking("nothing", "mon 9:00-10:00"))));
  }
  EXPECT_TRUE(life_.sequencer.Drain());
  EXPECT_EQ(WordOf(slots[slots.size() - 2]), "not_found");
  EXPECT_EQ(WordOf(slots.back()), "waiting");
  EXPECT_FALSE(life_.sequencer.Drain());
  EXPECT_EQ(WordOf(slots.back()), "not_found");
}

TEST_F(GroupCommitTest, MoreThanTheQueueHoldsIsRefusedAtOnce) {
  const auto submit = [&](const std::string& user) {
    engine::Command command = Order(Booking("nothing", "mon 9:00-10:00"));
    command.principal.user = user;
    return WordOf(life_.Submit(command));
  };
  // Half of the places are one user's; then the others have theirs.
  for (const char* user : {"anna", "bert"}) {
    for (size_t i = 0; i < Sequencer::kMaxQueuedOfUser; ++i) EXPECT_EQ(submit(user), "waiting");
    EXPECT_FALSE(life_.sequencer.HasRoomFor(user));
    EXPECT_EQ(submit(user), "overloaded");
    EXPECT_EQ(life_.sequencer.HasRoomFor("carla"), std::string(user) == "anna");
  }
  EXPECT_EQ(submit("carla"), "overloaded");
  while (life_.sequencer.Drain()) {
  }
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "ok");
}

TEST_F(GroupCommitTest, ACommandPastItsDeadlineLeavesNoTrace) {
  const std::string before = life_.Memory();
  const Slot late =
      life_.Submit(Order(Booking("lab", "mon 9:00-10:00"), "r1"), absl::InfinitePast());
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(late), "overloaded");
  EXPECT_EQ(life_.Memory(), before);
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00"), "r1"))), "ok");
}

TEST_F(GroupCommitTest, ADryRunLeavesNoTrace) {
  const std::string before = life_.Memory();
  const size_t commits = lab_.store.commits().size();
  engine::Command dry = Order(Booking("lab", "mon 9:00-10:00"), "r1");
  dry.validate_only = true;
  const Slot granted = life_.Submit(dry);
  const Slot again = life_.Submit(dry);
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(granted), "ok");
  EXPECT_EQ(WordOf(again), "ok");
  EXPECT_EQ(life_.Memory(), before);
  EXPECT_EQ(lab_.store.commits().size(), commits);
  EXPECT_EQ(life_.feed.head(), lab_.store.head());
  // Nor does the request_id remember it.
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("rigs", "mon 9:00-10:00"), "r1", "other body"))), "ok");
}

TEST_F(GroupCommitTest, ADryRunIsRefusedAsTheRequestWouldBe) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  engine::Command dry = Order(Booking("lab", "mon 9:30-10:30"));
  dry.validate_only = true;
  EXPECT_EQ(WordOf(life_.Run(dry)), "capacity_exceeded");
}

TEST_F(GroupCommitTest, AnAnswerMaySubmitTheNextCommand) {
  Slot second;
  life_.sequencer.Submit(Order(Booking("lab", "mon 9:00-10:00")), absl::InfiniteFuture(),
                         [&](const Result<Answer>&) {
                           second = life_.Submit(Order(Booking("lab", "mon 10:00-11:00")));
                         });
  EXPECT_TRUE(life_.sequencer.Drain());
  EXPECT_EQ(WordOf(second), "waiting");
  EXPECT_FALSE(life_.sequencer.Drain());
  EXPECT_EQ(WordOf(second), "ok");
}

TEST_F(GroupCommitTest, DrainWithoutWorkCommitsNothing) {
  const size_t commits = lab_.store.commits().size();
  EXPECT_FALSE(life_.sequencer.Drain());
  EXPECT_EQ(lab_.store.commits().size(), commits);
}

TEST_F(GroupCommitTest, UpkeepDeletesWithoutMovingTheHead) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00"), "r1"));
  storage::WriteSet deletions;
  const auto snapshot = lab_.store.TakeSnapshot();
  ASSERT_TRUE(storage::CollectExpiredOutcomes(*snapshot, lab_.clock.Now() + 1, 10, deletions).ok());
  ASSERT_EQ(deletions.deletes.size(), 1u);
  const Revision head = lab_.store.head();
  life_.sequencer.SubmitUpkeep(deletions);
  life_.sequencer.Drain();
  EXPECT_EQ(lab_.store.head(), head);
  EXPECT_FALSE(storage::ReadOutcome(lab_.store, engine::kLocalOperator, "r1")->has_value());
}

TEST_F(GroupCommitTest, UpkeepRidesAlongWithCommands) {
  const size_t commits = lab_.store.commits().size();
  storage::WriteSet deletions;
  deletions.deletes.push_back("Q something");
  life_.sequencer.SubmitUpkeep(deletions);
  life_.Must(Order(Booking("lab", "mon 9:00-10:00"), "r1"));
  EXPECT_EQ(lab_.store.commits().size(), commits + 1);
}

TEST_F(GroupCommitTest, ACommandWhoseCallerHasGoneIsNotDone) {
  std::atomic<bool> gone = false;
  const Slot slot = life_.Submit(Order(Booking("lab", "mon 9:00-10:00")),
                                 Patience(absl::InfiniteFuture(), &gone));
  const Revision before = life_.sequencer.state().head();
  gone = true;
  life_.sequencer.Drain();
  EXPECT_EQ(WordOf(slot), "overloaded");
  EXPECT_EQ(life_.sequencer.state().head(), before);
}

}  // namespace
}  // namespace labslot::runtime
