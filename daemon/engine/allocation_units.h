#ifndef LABSLOT_DAEMON_ENGINE_ALLOCATION_UNITS_H_
#define LABSLOT_DAEMON_ENGINE_ALLOCATION_UNITS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/engine/packing.h"
#include "daemon/engine/unit_fit.h"

namespace labslot::engine {

// Rounds about pools whose units differ. Packing knows of quantities only: what can be
// said in them is added to its problem, and a choice for which the units do not do all
// the same is ruled out when it turns up.

// A pool of a round: who has its units whatever is decided, and who would get some by
// which option of the problem.
struct PoolOfCall {
  size_t units = 0;
  std::vector<UnitUse> fixed;
  std::map<size_t, UnitUse> by_option;
};

// Forgets fixed uses that do not fit already, and all that meets them: who asks for a
// time among them is refused by the rules.
void LeaveOutMisfits(PoolOfCall& pool);

// True if somebody asks for some of its units only.
bool UnitsMatter(const PoolOfCall& pool);

// Adds to the problem, for each set of units that somebody asks for and unions of them,
// that they are not given to more than there are (Hall's condition, at each instant of
// `reach`).
void AddUnitRows(const PoolOfCall& pool, const Interval& reach, PackingProblem& problem);

// As Pack, but what is chosen fits the units too. The bound holds. The value is proven
// unless more than limits::kMaxUnitCuts choices had to be ruled out: then options of
// the last one are left out until it fits.
Packing PackOnUnits(PackingProblem problem, const std::vector<PoolOfCall>& pools,
                    const PackingLimits& limits);

// True if the units do for what is chosen.
bool UnitsDoFor(const std::vector<PoolOfCall>& pools,
                const std::vector<std::optional<size_t>>& chosen);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ALLOCATION_UNITS_H_
