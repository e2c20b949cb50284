// labslot_sim [--seed N] [--steps M] [--seeds K]: lives through K simulations
// of M steps from seed N on. Prints what happened; exit 1 at a finding, with
// the seed that replays it.

#include <cstdint>
#include <cstdio>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/sim/simulation.h"

namespace {

struct Options {
  uint64_t seed = 1;
  uint64_t seeds = 100;
  int steps = 40;
};

bool Read(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    uint64_t number = 0;
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

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!Read(argc, argv, options)) {
    std::fputs("usage: labslot_sim [--seed N] [--steps M] [--seeds K]\n", stderr);
    return 2;
  }
  labslot::sim::Tally tally;
  for (uint64_t seed = options.seed; seed < options.seed + options.seeds; ++seed) {
    labslot::sim::Simulation life(seed, labslot::sim::Mutant::kNone);
    life.Run(options.steps);
    tally.Add(life.tally());
    if (life.findings().empty()) continue;
    for (const std::string& finding : life.findings()) std::puts(finding.c_str());
    std::puts(
        absl::StrCat("replay with: --seed ", seed, " --seeds 1 --steps ", options.steps).c_str());
    return 1;
  }
  std::puts(absl::StrCat(options.seeds, " lives: ", tally.requests, " requests, ", tally.granted,
                         " granted, ", tally.conflicts, " refused, ", tally.replays, " replayed, ",
                         tally.reused_ids, " ids reused, ", tally.expired_holds, " run out, ",
                         tally.waits, " wait-listed, ", tally.accepted, " offers taken; ",
                         tally.crashes, " crashes, ", tally.full, " full, ",
                         tally.unknown_lost + tally.unknown_kept, " unknown (", tally.unknown_kept,
                         " kept)")
                .c_str());
  return 0;
}
