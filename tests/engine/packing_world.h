#ifndef LABSLOT_TESTS_ENGINE_PACKING_WORLD_H_
#define LABSLOT_TESTS_ENGINE_PACKING_WORLD_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

#include "daemon/engine/packing.h"

namespace labslot::engine {

// What random problems look like.
struct PackingShape {
  size_t resources = 1;
  size_t wishes = 8;
  size_t options = 1;    // of a wish, at most
  size_t uses = 1;       // of an option, at most
  int32_t quantity = 1;  // of a use, at most
  int32_t same = 1;      // all quantities are a multiple of it
  size_t budgets = 0;
  Instant span = 20;     // all happens from 0 up to it
  int32_t capacity = 3;  // at most
  size_t steps = 3;      // of the capacity, at most
};

// A problem of that shape, by seed. Some options are worth nothing or less, some
// can never be, some take nothing, and capacities have gaps.
class RandomPacking {
 public:
  RandomPacking(const PackingShape& shape, unsigned seed) : shape_(shape), random_(seed) {}

  PackingProblem Problem() {
    PackingProblem problem;
    problem.wishes = shape_.wishes;
    for (size_t i = 0; i < shape_.resources; ++i) problem.resources.push_back(Resource());
    for (size_t wish = 0; wish < shape_.wishes; ++wish) {
      const size_t options = shape_.options == 1 ? 1 : Roll(shape_.options + 1);
      for (size_t i = 0; i < options; ++i) problem.options.push_back(Option(wish));
    }
    for (size_t i = 0; i < shape_.budgets; ++i) problem.budgets.push_back(Budget(problem));
    return problem;
  }

 private:
  size_t Roll(size_t sides) { return random_() % sides; }

  Interval AnyInterval() {
    const auto start = static_cast<Instant>(Roll(static_cast<size_t>(shape_.span)));
    const Instant longest = std::max<Instant>(shape_.span / 3, 2);
    return {start, start + static_cast<Instant>(Roll(static_cast<size_t>(longest)) + 1)};
  }

  PackingResource Resource() {
    PackingResource resource;
    const size_t steps = 1 + Roll(shape_.steps);
    const Instant length = 3 * shape_.span / 2 / static_cast<Instant>(steps) + 1;
    for (size_t i = 0; i < steps; ++i) {
      const Instant from = length * static_cast<Instant>(i);
      const Instant gap = Roll(6) == 0 ? 1 : 0;
      const auto units = static_cast<int32_t>(Roll(static_cast<size_t>(shape_.capacity) + 1));
      resource.capacity.push_back({{from, from + length - gap}, units * shape_.same});
    }
    return resource;
  }

  PackingOption Option(size_t wish) {
    PackingOption option;
    option.wish = wish;
    option.value = static_cast<int64_t>(Roll(12)) - 1;
    const size_t uses = shape_.uses == 1 ? 1 : Roll(shape_.uses + 1);
    for (size_t i = 0; i < uses; ++i) {
      const auto units = static_cast<int32_t>(1 + Roll(static_cast<size_t>(shape_.quantity)));
      option.uses.push_back({Roll(shape_.resources), AnyInterval(), units * shape_.same});
    }
    return option;
  }

  PackingBudget Budget(const PackingProblem& problem) {
    PackingBudget budget;
    budget.limit = static_cast<int64_t>(Roll(4 * shape_.wishes)) - 1;
    for (size_t option = 0; option < problem.options.size(); ++option) {
      if (Roll(3) != 0) budget.weights.emplace_back(option, static_cast<int64_t>(Roll(6)));
    }
    return budget;
  }

  const PackingShape shape_;
  std::mt19937 random_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_PACKING_WORLD_H_
