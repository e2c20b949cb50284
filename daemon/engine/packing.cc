#include "daemon/engine/packing.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <tuple>

#include "daemon/engine/packing_part.h"

namespace labslot::engine {
namespace {

bool WithinCapacity(const PackingResource& resource, const std::vector<PackingUse>& uses) {
  // What comes and goes at an instant: units, and units in use.
  std::vector<std::tuple<Instant, int64_t, int64_t>> events;
  for (const auto& [interval, units] : resource.capacity) {
    if (interval.empty()) continue;
    events.emplace_back(interval.start, units, 0);
    events.emplace_back(interval.end, -units, 0);
  }
  for (const PackingUse& use : uses) {
    events.emplace_back(use.interval.start, 0, use.quantity);
    events.emplace_back(use.interval.end, 0, -use.quantity);
  }
  std::sort(events.begin(), events.end());
  int64_t units = 0;
  int64_t used = 0;
  for (size_t i = 0; i < events.size();) {
    const Instant instant = std::get<0>(events[i]);
    for (; i < events.size() && std::get<0>(events[i]) == instant; ++i) {
      units += std::get<1>(events[i]);
      used += std::get<2>(events[i]);
    }
    if (used > 0 && used > units) return false;
  }
  return true;
}

bool WithinCapacities(const PackingProblem& problem,
                      const std::vector<std::optional<size_t>>& chosen) {
  std::vector<std::vector<PackingUse>> uses(problem.resources.size());
  for (const std::optional<size_t>& option : chosen) {
    if (!option.has_value()) continue;
    for (const PackingUse& use : problem.options[*option].uses) {
      if (use.interval.empty() || use.quantity <= 0) continue;
      if (use.resource >= uses.size()) return false;
      uses[use.resource].push_back(use);
    }
  }
  for (size_t i = 0; i < uses.size(); ++i) {
    if (!WithinCapacity(problem.resources[i], uses[i])) return false;
  }
  return true;
}

bool WithinBudgets(const PackingProblem& problem,
                   const std::vector<std::optional<size_t>>& chosen) {
  std::vector<char> taken(problem.options.size(), 0);
  for (const std::optional<size_t>& option : chosen) {
    if (option.has_value()) taken[*option] = 1;
  }
  return std::all_of(problem.budgets.begin(), problem.budgets.end(),
                     [&](const PackingBudget& budget) {
                       int64_t sum = 0;
                       for (const auto& [option, weight] : budget.weights) {
                         if (option < taken.size() && taken[option] != 0)
                           sum += std::max<int64_t>(weight, 0);
                       }
                       return sum == 0 || sum <= budget.limit;
                     });
}

// The options in the order of a seed. Written out, because std::shuffle may differ
// from one standard library to the next.
std::vector<size_t> OrderBySeed(size_t options, uint32_t seed) {
  std::vector<size_t> order(options);
  std::iota(order.begin(), order.end(), size_t{0});
  if (seed == 0) return order;
  std::mt19937_64 random(seed);
  for (size_t i = options; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

std::pair<PartChoice, PackingMethod> PackPart(const PackingPart& part, const Allowance& allowance) {
  PartChoice best = BestOfEach(part);
  if (Holds(part, best.taken)) return {std::move(best), PackingMethod::kTrivial};
  if (std::optional<PartChoice> choice = PackByFlow(part); choice.has_value()) {
    return {std::move(*choice), PackingMethod::kFlow};
  }
  return {PackByMip(part, allowance), PackingMethod::kMip};
}

}  // namespace

bool Fits(const PackingProblem& problem, const std::vector<std::optional<size_t>>& chosen) {
  if (chosen.size() != problem.wishes) return false;
  for (size_t wish = 0; wish < chosen.size(); ++wish) {
    const std::optional<size_t>& option = chosen[wish];
    if (!option.has_value()) continue;
    if (*option >= problem.options.size() || problem.options[*option].wish != wish) return false;
  }
  return WithinCapacities(problem, chosen) && WithinBudgets(problem, chosen);
}

Packing Pack(const PackingProblem& problem, const PackingLimits& limits) {
  const Allowance allowance(limits);
  Packing packing;
  packing.chosen.resize(problem.wishes);
  for (const PackingPart& part :
       PartsOf(problem, OrderBySeed(problem.options.size(), limits.seed))) {
    const auto [choice, method] = PackPart(part, allowance);
    for (const size_t taken : choice.taken) {
      const size_t option = part.options[taken];
      packing.chosen[problem.options[option].wish] = option;
    }
    packing.value += choice.value;
    packing.bound += choice.bound;
    packing.method = std::max(packing.method, method);
  }
  // Whatever a solver may do: what is returned fits.
  if (!Fits(problem, packing.chosen)) {
    packing.chosen.assign(problem.wishes, std::nullopt);
    packing.value = 0;
  }
  packing.proven = packing.value == packing.bound;
  return packing;
}

}  // namespace labslot::engine
