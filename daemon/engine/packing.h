#ifndef LABSLOT_DAEMON_ENGINE_PACKING_H_
#define LABSLOT_DAEMON_ENGINE_PACKING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/domain/interval.h"

namespace labslot::engine {

// Which of competing wishes can be had together, for the greatest value.
//
// Knows nothing of reservations: who wants to clear a call, to displace with the
// least harm or to see what an outage leaves words it as wishes, options and uses.

// Units of one resource, over time. Outside all steps, and where a step says less,
// there are none.
struct PackingResource {
  std::vector<std::pair<Interval, int32_t>> capacity;  // disjoint, ascending
};

// So many units of a resource for a time. Touching uses do not meet. An empty
// interval and a quantity below 1 take nothing.
struct PackingUse {
  size_t resource = 0;  // a resource that there is not is never free
  Interval interval;
  int32_t quantity = 1;
};

// One way to fulfil a wish. Of the options of a wish at most one is chosen. What is
// worth 0 or less is never chosen. Values have any unit; those of the best options of
// all wishes sum up to less than 2^50.
struct PackingOption {
  size_t wish = 0;
  int64_t value = 0;
  std::vector<PackingUse> uses;  // may overlap: then they add up
};

// The sum of the weights of chosen options is at most `limit`; a limit below 0
// counts as 0. All weights sum up to less than 2^50.
struct PackingBudget {
  int64_t limit = 0;
  std::vector<std::pair<size_t, int64_t>> weights;  // index of the option, weight >= 0
};

struct PackingProblem {
  size_t wishes = 0;
  std::vector<PackingOption> options;
  std::vector<PackingResource> resources;
  std::vector<PackingBudget> budgets;
};

// When to stop with the best that was found. Neither applies to what is solved
// without a search.
struct PackingLimits {
  // Nodes of the search tree, for each part of the problem that is independent of
  // the others. One takes milliseconds in a part of some hundred options, and a
  // second in one of ten thousand. 0: no tree; what is found then is near the
  // optimum, seldom proven.
  int64_t nodes = 10000;
  // Of wall time, for all; 0: no limit. With one, the result may differ from run to
  // run. It is looked at between steps of the search, so it may be overrun.
  double seconds = 0;
  // Chooses among choices of the same value. Wishes that differ in nothing but their
  // index have the same chance over all seeds. 0: as the order of the options has it.
  uint32_t seed = 0;
};

// From the easiest to the hardest.
enum class PackingMethod {
  kTrivial,  // the best option of each wish: they all fit
  kFlow,     // minimum-cost flow, exact in polynomial time
  kMip,      // integer program, exact if the limits leave time
};

struct Packing {
  std::vector<std::optional<size_t>> chosen;  // by wish: index of the option
  int64_t value = 0;
  int64_t bound = 0;    // no choice is worth more
  bool proven = false;  // value == bound
  // The hardest that a part of the problem needed.
  PackingMethod method = PackingMethod::kTrivial;
};

// The most valuable choice that fits, or the best found within the limits: it always
// fits. The same arguments, without a limit of time, give the same result.
//
// The problem falls into parts that share no scarce time of a resource and no scarce
// budget. A part whose wishes have one option each, all of the same quantity for one
// interval of one resource, is a selection of intervals for a capacity that changes,
// which is a minimum-cost flow. Source: Arkin, Silverberg, "Scheduling jobs with fixed start and
// end times", Discrete Applied Mathematics 18, 1987. All others are integer programs.
// Safe to call from several threads at once.
Packing Pack(const PackingProblem& problem, const PackingLimits& limits);

// True if each wish has one of its own options or none, and all together keep to
// the capacities and budgets. Shares no code with the search.
bool Fits(const PackingProblem& problem, const std::vector<std::optional<size_t>>& chosen);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PACKING_H_
