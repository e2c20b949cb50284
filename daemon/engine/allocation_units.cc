#include "daemon/engine/allocation_units.h"

#include <algorithm>
#include <set>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/engine/timeline.h"

namespace labslot::engine {
namespace {

UnitSet UnionOf(UnitSet a, const UnitSet& b) {
  a.Add(b);
  return a;
}

// The units that it gets, or one of which it gets.
UnitSet UnitsOf(const UnitUse& use, size_t units) {
  if (!use.is_bound()) return use.fitting;
  UnitSet held(units);
  for (const size_t unit : use.held) held.Add(unit);
  return held;
}

// The sets that somebody asks for, and their unions, as far as there are not too many:
// all of the sets themselves come first.
std::vector<UnitSet> SoughtSets(const PoolOfCall& pool) {
  std::set<UnitSet> sought;
  const auto is_all = [&](const UnitSet& set) { return set.count() == pool.units; };
  const auto add = [&](const UnitUse& use) {
    if (!is_all(use.fitting)) sought.insert(use.fitting);
  };
  for (const UnitUse& use : pool.fixed) add(use);
  for (const auto& [option, use] : pool.by_option) add(use);
  std::vector<UnitSet> sets(sought.begin(), sought.end());
  for (size_t i = 1; i < sets.size(); ++i) {
    for (size_t j = 0; j < i && sets.size() < limits::kMaxUnitSets; ++j) {
      UnitSet both = UnionOf(sets[i], sets[j]);
      if (!is_all(both) && sought.insert(both).second) sets.push_back(std::move(both));
    }
  }
  return sets;
}

// What the fixed uses leave of the set.
PackingResource LeftOf(const PoolOfCall& pool, const UnitSet& set, const Interval& reach) {
  Timeline taken;
  ReservationId key = 0;
  for (const UnitUse& use : pool.fixed) {
    ++key;
    if (!set.Includes(UnitsOf(use, pool.units))) continue;
    taken.Insert({key, use.interval, static_cast<int32_t>(use.count)});
  }
  const auto size = static_cast<int32_t>(set.count());
  PackingResource resource;
  taken.VisitSteps(reach, [&](const Interval& step, int32_t used) {
    resource.capacity.push_back({step, std::max(0, size - used)});
  });
  return resource;
}

// Those of the pool that are chosen, by start.
std::vector<size_t> ChosenOf(const PoolOfCall& pool,
                             const std::vector<std::optional<size_t>>& chosen) {
  std::vector<size_t> options;
  for (const std::optional<size_t>& option : chosen) {
    if (option && pool.by_option.count(*option) > 0) options.push_back(*option);
  }
  std::sort(options.begin(), options.end(), [&](size_t a, size_t b) {
    return std::make_pair(pool.by_option.at(a).interval.start, a) <
           std::make_pair(pool.by_option.at(b).interval.start, b);
  });
  return options;
}

bool UnitsDo(const PoolOfCall& pool, const std::vector<size_t>& options) {
  std::vector<UnitUse> uses = pool.fixed;
  for (const size_t option : options) uses.push_back(pool.by_option.at(option));
  return FitUnits(pool.units, uses) == UnitFit::kFits;
}

// The least number, at most `most`, that is enough, if whatever is more is so too.
template <typename IsEnough>
size_t LeastThat(size_t most, IsEnough is_enough) {
  size_t too_few = 0;
  while (most - too_few > 1) {
    const size_t half = too_few + (most - too_few) / 2;
    (is_enough(half) ? most : too_few) = half;
  }
  return most;
}

// Those of the options for which the units do not do, and would without any one of them.
std::vector<size_t> Fewest(const PoolOfCall& pool, std::vector<size_t> options) {
  const auto first = [&](size_t n) {
    return std::vector<size_t>(options.begin(), options.begin() + static_cast<std::ptrdiff_t>(n));
  };
  const auto last = [&](size_t n) {
    return std::vector<size_t>(options.end() - static_cast<std::ptrdiff_t>(n), options.end());
  };
  // Few in one place are in each other's way: the rest goes at a stroke.
  options = first(LeastThat(options.size(), [&](size_t n) { return !UnitsDo(pool, first(n)); }));
  options = last(LeastThat(options.size(), [&](size_t n) { return !UnitsDo(pool, last(n)); }));
  for (size_t i = options.size(); i-- > 0;) {
    std::vector<size_t> fewer = options;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!UnitsDo(pool, fewer)) options = std::move(fewer);
  }
  return options;
}

// Options chosen together for which the units of a pool do not do; none if they do.
std::vector<size_t> Misfits(const std::vector<PoolOfCall>& pools,
                            const std::vector<std::optional<size_t>>& chosen) {
  for (const PoolOfCall& pool : pools) {
    const std::vector<size_t> options = ChosenOf(pool, chosen);
    if (!options.empty() && !UnitsDo(pool, options)) return Fewest(pool, options);
  }
  return {};
}

// Leaves out the least valuable option of each misfit.
void DropMisfits(const PackingProblem& problem, const std::vector<PoolOfCall>& pools,
                 Packing& packing) {
  const auto value_of = [&](size_t option) { return problem.options[option].value; };
  for (std::vector<size_t> misfits; !(misfits = Misfits(pools, packing.chosen)).empty();) {
    const size_t least = *std::min_element(misfits.begin(), misfits.end(), [&](size_t a, size_t b) {
      return value_of(a) < value_of(b);
    });
    packing.chosen[problem.options[least].wish].reset();
    packing.value -= value_of(least);
  }
  packing.proven = packing.value == packing.bound;
}

}  // namespace

void LeaveOutMisfits(PoolOfCall& pool) {
  std::sort(pool.fixed.begin(), pool.fixed.end(),
            [](const UnitUse& a, const UnitUse& b) { return a.interval.start < b.interval.start; });
  std::vector<UnitUse> kept;
  std::vector<UnitUse> chain;
  Instant end = 0;
  const auto keep = [&] {
    if (FitUnits(pool.units, chain) == UnitFit::kFits) {
      kept.insert(kept.end(), chain.begin(), chain.end());
    }
    chain.clear();
  };
  for (UnitUse& use : pool.fixed) {
    if (use.interval.start >= end) keep();
    end = std::max(end, use.interval.end);
    chain.push_back(std::move(use));
  }
  keep();
  pool.fixed = std::move(kept);
}

bool UnitsMatter(const PoolOfCall& pool) { return !SoughtSets(pool).empty(); }

void AddUnitRows(const PoolOfCall& pool, const Interval& reach, PackingProblem& problem) {
  for (const UnitSet& set : SoughtSets(pool)) {
    const size_t resource = problem.resources.size();
    problem.resources.push_back(LeftOf(pool, set, reach));
    for (const auto& [option, use] : pool.by_option) {
      if (!set.Includes(use.fitting)) continue;
      problem.options[option].uses.push_back(
          {resource, use.interval, static_cast<int32_t>(use.count)});
    }
  }
}

Packing PackOnUnits(PackingProblem problem, const std::vector<PoolOfCall>& pools,
                    const PackingLimits& limits) {
  Packing packing = Pack(problem, limits);
  for (size_t cut = 0; cut < limits::kMaxUnitCuts; ++cut) {
    const std::vector<size_t> misfits = Misfits(pools, packing.chosen);
    if (misfits.empty()) return packing;
    PackingBudget& not_all = problem.budgets.emplace_back();
    not_all.limit = static_cast<int64_t>(misfits.size()) - 1;
    for (const size_t option : misfits) not_all.weights.push_back({option, 1});
    packing = Pack(problem, limits);
  }
  DropMisfits(problem, pools, packing);
  return packing;
}

bool UnitsDoFor(const std::vector<PoolOfCall>& pools,
                const std::vector<std::optional<size_t>>& chosen) {
  return Misfits(pools, chosen).empty();
}

}  // namespace labslot::engine
