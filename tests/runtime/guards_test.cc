#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAre;

class GuardsTest : public ::testing::Test {
 protected:
  // A line of two cells, a crane that shares a group with one of them.
  GuardsTest() {
    Asset crane = support::MakeAsset("crane");
    crane.exclusion_groups = {"hall"};
    Asset cell = support::MakeChild("cell-a", "line");
    cell.exclusion_groups = {"hall"};
    for (const Asset& asset :
         {support::MakeAsset("line"), cell, support::MakeChild("cell-b", "line"), crane}) {
      life_.Must(Order(engine::CreateRecord{asset}));
    }
  }

  std::set<std::string> GuardsOfLastCommit() const {
    std::set<std::string> names;
    for (const storage::Guard& guard : lab_.store.commits().back().guards) {
      names.insert(guard.name);
    }
    return names;
  }

  // Another writer, as a replicated store would have one.
  void Intrude(const std::string& guard) {
    storage::WriteSet other;
    other.base = lab_.store.head();
    other.revision = other.base;
    other.guards = {{guard, lab_.store.GuardVersion(guard)}};
    other.puts = {{"C z intruder", "x"}};
    ASSERT_TRUE(lab_.store.inner().Commit(other).ok());
    // A guard is told apart by the revision that named it.
    other.base = lab_.store.head();
    other.revision = other.base + 1;
    other.guards = {{guard, lab_.store.GuardVersion(guard)}};
    ASSERT_TRUE(lab_.store.inner().Commit(other).ok());
  }

  SmallLab lab_;
  Life life_{lab_.store, lab_.clock};
};

TEST_F(GuardsTest, ABookingNamesItsAssetAndAllThatExcludeIt) {
  life_.Must(Order(Booking("cell-a", "mon 9:00-10:00")));
  EXPECT_THAT(GuardsOfLastCommit(),
              UnorderedElementsAre("asset/cell-a", "asset/line", "asset/crane"));
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  EXPECT_THAT(GuardsOfLastCommit(), UnorderedElementsAre("asset/rigs"));
}

TEST_F(GuardsTest, AMoveToAnotherAssetNamesTheOldOneToo) {
  const ReservationId id = IdOf(life_.Must(Order(Booking("cell-b", "mon 9:00-10:00"))));
  engine::UpdateReservation update;
  update.id = id;
  update.patch = [](const Reservation& current) -> Result<Reservation> {
    Reservation next = current;
    next.items = {support::Item("lab")};
    return next;
  };
  life_.Must(Order(update));
  EXPECT_THAT(GuardsOfLastCommit(), IsSupersetOf({"asset/cell-b", "asset/line", "asset/lab"}));
}

TEST_F(GuardsTest, AGroupNamesTheGuardsOfAllItsCommands) {
  life_.Submit(Order(Booking("lab", "mon 9:00-10:00")));
  life_.Submit(Order(Booking("rigs", "mon 9:00-10:00")));
  life_.sequencer.Drain();
  EXPECT_THAT(GuardsOfLastCommit(), UnorderedElementsAre("asset/lab", "asset/rigs"));
}

TEST_F(GuardsTest, AChangeOfAnAssetNamesIt) {
  engine::ImportRecords import;
  import.records = {support::MakePool("rigs", 5)};
  life_.Must(Order(import));
  EXPECT_THAT(GuardsOfLastCommit(), UnorderedElementsAre("asset/rigs"));
}

TEST_F(GuardsTest, EachCommitNamesTheVersionThatTheLastOneLeft) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  const Revision first = lab_.store.head();
  life_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  life_.Must(Order(Booking("lab", "mon 10:00-11:00")));
  ASSERT_EQ(lab_.store.commits().back().guards.size(), 1u);
  EXPECT_EQ(lab_.store.commits().back().guards.front().version, first);
}

TEST_F(GuardsTest, AnIntruderIsNoticedAndEndsTheDaemon) {
  Intrude("asset/lab");
  EXPECT_EQ(WordOf(life_.Run(Order(Booking("lab", "mon 9:00-10:00")))), "outcome_unknown");
  EXPECT_TRUE(life_.sequencer.failed());
  EXPECT_TRUE(absl::IsAborted(life_.sequencer.failure()));
}

// On a store whose head the commit alone would not tell.
TEST_F(GuardsTest, TheGuardAloneNoticesAnIntruder) {
  life_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  storage::WriteSet committed = lab_.store.commits().back();
  committed.base = lab_.store.head();
  committed.revision = committed.base + 1;
  EXPECT_TRUE(absl::IsAborted(lab_.store.inner().Commit(committed)));
}

}  // namespace
}  // namespace labslot::runtime
