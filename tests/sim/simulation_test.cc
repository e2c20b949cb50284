#include "tests/sim/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "tests/sim/disk_store.h"
#include "tests/support/seeds.h"

namespace labslot::sim {
namespace {

constexpr int kSteps = 60;

// In parts, so that a long run is not one long test; each long enough for what is rare.
class LivesTest : public testing::TestWithParam<unsigned> {};

TEST_P(LivesTest, EveryLifeKeepsThePromises) {
  Tally tally;
  const unsigned seeds = support::Seeds(60, 2000);
  const unsigned first = 1 + GetParam() * seeds;
  for (unsigned seed = first; seed < first + seeds; ++seed) {
    Simulation life(seed, Mutant::kNone);
    life.Run(kSteps);
    ASSERT_THAT(life.findings(), testing::ElementsAre())
        << "replay with: labslot_sim --seed " << seed << " --seeds 1 --steps " << kSteps;
    tally.Add(life.tally());
  }
  // A life without conflicts or faults shows nothing.
  EXPECT_GT(tally.requests, 50 * seeds);
  EXPECT_GT(tally.granted, 15 * seeds);
  EXPECT_GT(tally.conflicts, 15 * seeds);
  EXPECT_GT(tally.replays, seeds);
  EXPECT_GT(tally.reused_ids, seeds / 4);
  EXPECT_GT(tally.expired_holds, seeds);
  EXPECT_GT(tally.waits, seeds);
  EXPECT_GT(tally.accepted, seeds / 20);
  EXPECT_GT(tally.elsewhere, seeds / 2);
  EXPECT_GT(tally.checked_in, seeds);
  EXPECT_GT(tally.no_shows, 0);
  EXPECT_GT(tally.overdue, seeds / 8);
  EXPECT_GT(tally.displaced, seeds / 4);
  EXPECT_GT(tally.hit, seeds / 4);
  EXPECT_GT(tally.cleared, seeds / 8);
  EXPECT_GT(tally.corrected, seeds / 8);
  EXPECT_GT(tally.remembered, seeds);
  EXPECT_GT(tally.unit_refusals, seeds / 4);
  EXPECT_GT(tally.visits, seeds / 2);
  EXPECT_GT(tally.way_refusals, seeds / 2);
  EXPECT_GT(tally.units_bound, seeds / 4);
  EXPECT_GT(tally.rebound, 0);
  EXPECT_GT(tally.returned, seeds / 8);
  EXPECT_GT(tally.quota_refusals, seeds / 4);
  EXPECT_GT(tally.quota_warnings, seeds / 4);
  EXPECT_GT(tally.quota_changes, 2 * seeds);
  EXPECT_GT(tally.capacity_shares, seeds / 4);
  EXPECT_GT(tally.asked, seeds);
  EXPECT_GT(tally.approved, seeds / 4);
  EXPECT_GT(tally.rejected, seeds / 8);
  EXPECT_GT(tally.series, seeds / 2);
  EXPECT_GT(tally.series_changes, seeds / 4);
  EXPECT_GT(tally.skipped_days, seeds / 4);
  EXPECT_GT(tally.crashes, seeds);
  EXPECT_GT(tally.full, seeds / 4);
  EXPECT_GT(tally.unknown_lost, seeds / 4);
  EXPECT_GT(tally.unknown_kept, seeds / 4);
}

INSTANTIATE_TEST_SUITE_P(Part, LivesTest, testing::Range(0u, 5u));

// The store of the daemon, on a disk that fails and loses power.
TEST(SimulationTest, EveryLifeOnADiskKeepsThePromises) {
  const unsigned seeds = support::Seeds(25, 2000);
  int64_t faults = 0;
  int64_t lost_bytes = 0;
  int64_t power_cuts = 0;
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    auto store = std::make_unique<DiskStore>(seed);
    const DiskStore& disk = *store;
    Simulation life(seed, std::move(store));
    life.Run(kSteps);
    ASSERT_THAT(life.findings(), testing::ElementsAre())
        << "replay with: labslot_sim --store disk --seed " << seed << " --seeds 1 --steps "
        << kSteps;
    faults += disk.disk().faults();
    lost_bytes += disk.disk().lost_bytes();
    power_cuts += disk.power_cuts();
  }
  EXPECT_GT(faults, seeds / 2);
  EXPECT_GT(power_cuts, seeds);
  EXPECT_GT(lost_bytes, seeds);
}

TEST(SimulationTest, ALifeOnADiskIsThatInMemory) {
  for (const uint64_t seed : {1, 2, 3}) {
    Simulation in_memory(seed, Mutant::kNone);
    Simulation on_disk(seed, std::make_unique<DiskStore>(seed));
    in_memory.Run(kSteps);
    on_disk.Run(kSteps);
    EXPECT_EQ(in_memory.trace(), on_disk.trace());
  }
}

TEST(SimulationTest, TheSameSeedGivesTheSameTrace) {
  for (const uint64_t seed : {1, 2, 3, 4, 5}) {
    Simulation first(seed, Mutant::kNone);
    Simulation second(seed, Mutant::kNone);
    first.Run(kSteps);
    second.Run(kSteps);
    EXPECT_EQ(first.trace(), second.trace());
    EXPECT_NE(first.trace(), Simulation(seed + 100, Mutant::kNone).trace());
  }
}

// The audit is worth what it finds.
class MutantTest : public testing::TestWithParam<Mutant> {};

TEST_P(MutantTest, IsFound) {
  int found = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Simulation life(seed, GetParam());
    life.Run(4 * kSteps);
    found += life.findings().empty() ? 0 : 1;
  }
  // Reports go wrong only in lives that see the end of a month and correct what was, and not
  // in every life two want the truck soon after each other.
  const bool is_rare =
      GetParam() == Mutant::kNeverForgetsReports || GetParam() == Mutant::kStaysAway;
  EXPECT_GE(found, is_rare ? 5 : 9);
}

std::string NameOfMutant(const testing::TestParamInfo<Mutant>& planted) {
  static constexpr const char* kNames[] = {"None",
                                           "ClosedIntervals",
                                           "AcknowledgesBeforeCommit",
                                           "LosesWrites",
                                           "ForgetsRequests",
                                           "ReadsStale",
                                           "TearsBundles",
                                           "ErrsThoughApplied",
                                           "SkipsEvents",
                                           "NeverForgetsReports",
                                           "TakesUnitsForOthers",
                                           "CountsTooLittle",
                                           "AsksNobody",
                                           "StaysAway"};
  return kNames[static_cast<size_t>(planted.param)];
}

INSTANTIATE_TEST_SUITE_P(Planted, MutantTest,
                         testing::Values(Mutant::kClosedIntervals,
                                         Mutant::kAcknowledgesBeforeCommit, Mutant::kLosesWrites,
                                         Mutant::kForgetsRequests, Mutant::kReadsStale,
                                         Mutant::kTearsBundles, Mutant::kErrsThoughApplied,
                                         Mutant::kSkipsEvents, Mutant::kNeverForgetsReports,
                                         Mutant::kTakesUnitsForOthers, Mutant::kCountsTooLittle,
                                         Mutant::kAsksNobody, Mutant::kStaysAway),
                         NameOfMutant);

}  // namespace
}  // namespace labslot::sim
