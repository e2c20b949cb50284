// labslot_sim [--seed N] [--steps M] [--seeds K] [--store memory|disk]: lives through K
// simulations of M steps from seed N on. Prints what happened; exit 1 at a finding, with
// the seed that replays it.

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/disk_store.h"
#include "tests/sim/simulation.h"

namespace labslot::sim {
namespace {

struct Options {
  uint64_t seed = 1;
  uint64_t seeds = 100;
  int steps = 60;
  bool disk = false;
};

bool Read(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    uint64_t number = 0;
    if (std::strcmp(argv[i], "--store") == 0) {
      options.disk = std::strcmp(argv[i + 1], "disk") == 0;
      if (!options.disk && std::strcmp(argv[i + 1], "memory") != 0) return false;
      continue;
    }
    if (!absl::SimpleAtoi(argv[i + 1], &number)) return false;
    if (std::strcmp(argv[i], "--seed") == 0) {
      options.seed = number;
    } else if (std::strcmp(argv[i], "--seeds") == 0) {
      options.seeds = number;
    } else if (std::strcmp(argv[i], "--steps") == 0) {
      options.steps = static_cast<int>(number);
    } else {
      return false;
    }
  }
  return argc % 2 == 1;
}

std::string WordsOf(const Tally& tally, uint64_t lives) {
  return absl::StrCat(
      lives, " lives: ", tally.requests, " requests, ", tally.granted, " granted, ",
      tally.conflicts, " refused, ", tally.replays, " replayed, ", tally.reused_ids,
      " ids reused, ", tally.expired_holds, " run out, ", tally.waits, " wait-listed, ",
      tally.accepted, " offers taken, ", tally.elsewhere, " booked on other assets, ",
      tally.checked_in, " checked in, ", tally.no_shows, " no-shows, ", tally.overdue, " overdue, ",
      tally.displaced, " displaced, ", tally.hit, " hit by outages, ", tally.cleared,
      " decided in rounds, ", tally.visits, " visits, ", tally.way_refusals,
      " refused for their ways, ", tally.corrected, " corrected, ", tally.remembered,
      " months remembered, ", tally.unit_refusals, " refused for units, ", tally.units_bound,
      " units with labels bound, ", tally.rebound, " rebound, ", tally.returned,
      " parts returned, ", tally.quota_refusals, " refused by quotas, ", tally.quota_warnings,
      " warned of them, ", tally.quota_changes, " quotas changed, ", tally.capacity_shares,
      " of them shares of a capacity, ", tally.asked, " asked for approval, ", tally.approved,
      " approved, ", tally.rejected, " rejected, ", tally.series, " series, ", tally.series_changes,
      " changes of them, ", tally.skipped_days, " days skipped; ", tally.crashes, " crashes, ",
      tally.full, " full, ", tally.unknown_lost + tally.unknown_kept, " unknown (",
      tally.unknown_kept, " kept)");
}

int Live(const Options& options) {
  Tally tally;
  int64_t faults = 0;
  int64_t power_cuts = 0;
  int64_t lost_bytes = 0;
  for (uint64_t seed = options.seed; seed < options.seed + options.seeds; ++seed) {
    auto disk_store = options.disk ? std::make_unique<DiskStore>(seed) : nullptr;
    const DiskStore* const disk = disk_store.get();
    std::unique_ptr<Simulation> life =
        options.disk ? std::make_unique<Simulation>(seed, std::move(disk_store))
                     : std::make_unique<Simulation>(seed, Mutant::kNone);
    life->Run(options.steps);
    tally.Add(life->tally());
    if (disk != nullptr) {
      faults += disk->disk().faults();
      power_cuts += disk->power_cuts();
      lost_bytes += disk->disk().lost_bytes();
    }
    if (life->findings().empty()) continue;
    for (const std::string& finding : life->findings()) std::puts(finding.c_str());
    std::puts(absl::StrCat("replay with: --seed ", seed, " --seeds 1 --steps ", options.steps,
                           options.disk ? " --store disk" : "")
                  .c_str());
    return 1;
  }
  std::puts(WordsOf(tally, options.seeds).c_str());
  if (options.disk) {
    std::puts(absl::StrCat("on disk: ", faults, " writes and syncs failed, ", power_cuts,
                           " power cuts, ", lost_bytes, " bytes of unsynced writes lost")
                  .c_str());
  }
  return 0;
}

}  // namespace
}  // namespace labslot::sim

int main(int argc, char** argv) {
  labslot::sim::Options options;
  if (!labslot::sim::Read(argc, argv, options)) {
    std::fputs("usage: labslot_sim [--seed N] [--steps M] [--seeds K] [--store memory|disk]\n",
               stderr);
    return 2;
  }
  return labslot::sim::Live(options);
}
