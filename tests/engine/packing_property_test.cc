// Packing against all choices, one by one, where there are few; and one way to
// solve it against the other where there are many.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

#include "daemon/engine/packing_part.h"
#include "tests/engine/packing_world.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

using Choice = std::vector<std::optional<size_t>>;

int64_t ValueOf(const PackingProblem& problem, const Choice& chosen) {
  int64_t value = 0;
  for (const std::optional<size_t>& option : chosen) {
    if (option.has_value()) value += problem.options[*option].value;
  }
  return value;
}

// True if it fits, reckoned instant by instant over a span that holds everything.
bool NaivelyFits(const PackingProblem& problem, const Choice& chosen, Instant span) {
  const auto used = [&](size_t resource, Instant at) {
    int64_t sum = 0;
    for (const std::optional<size_t>& option : chosen) {
      if (!option.has_value()) continue;
      for (const PackingUse& use : problem.options[*option].uses) {
        if (use.resource == resource && use.interval.Contains(at)) sum += use.quantity;
      }
    }
    return sum;
  };
  for (size_t resource = 0; resource < problem.resources.size(); ++resource) {
    for (Instant at = 0; at < span; ++at) {
      int64_t units = 0;
      for (const auto& [step, capacity] : problem.resources[resource].capacity) {
        if (step.Contains(at)) units = capacity;
      }
      if (used(resource, at) > units) return false;
    }
  }
  for (const PackingBudget& budget : problem.budgets) {
    int64_t sum = 0;
    for (const auto& [option, weight] : budget.weights) {
      if (chosen[problem.options[option].wish] == option) sum += weight;
    }
    if (sum > std::max<int64_t>(budget.limit, 0)) return false;
  }
  return true;
}

// Tries every choice.
class BruteForce {
 public:
  BruteForce(const PackingProblem& problem, Instant span)
      : problem_(problem), span_(span), options_(problem.wishes), chosen_(problem.wishes) {
    for (size_t i = 0; i < problem.options.size(); ++i) {
      options_[problem.options[i].wish].push_back(i);
    }
    Try(0);
  }

  int64_t best() const { return best_; }

 private:
  void Try(size_t wish) {
    // What does not fit does not fit with more.
    if (!NaivelyFits(problem_, chosen_, span_)) return;
    if (wish == problem_.wishes) {
      best_ = std::max(best_, ValueOf(problem_, chosen_));
      return;
    }
    Try(wish + 1);
    for (const size_t option : options_[wish]) {
      chosen_[wish] = option;
      Try(wish + 1);
    }
    chosen_[wish].reset();
  }

  const PackingProblem& problem_;
  const Instant span_;
  std::vector<std::vector<size_t>> options_;  // by wish
  Choice chosen_;
  int64_t best_ = 0;
};

struct NamedShape {
  const char* name;
  PackingShape shape;
  PackingMethod hardest;
};

const NamedShape kShapes[] = {
    {"flow", {}, PackingMethod::kFlow},
    {"several resources", {.resources = 3, .wishes = 10}, PackingMethod::kFlow},
    {"the same quantity", {.wishes = 9, .same = 3}, PackingMethod::kFlow},
    {"quantities", {.quantity = 3, .capacity = 5}, PackingMethod::kMip},
    {"options", {.resources = 2, .wishes = 6, .options = 3, .capacity = 2}, PackingMethod::kMip},
    {"uses", {.resources = 2, .uses = 3}, PackingMethod::kMip},
    {"budgets", {.budgets = 2}, PackingMethod::kMip},
    {"all",
     {.resources = 3, .wishes = 6, .options = 3, .uses = 2, .quantity = 2, .budgets = 1},
     PackingMethod::kMip},
};

TEST(PackingPropertyTest, NoChoiceIsWorthMore) {
  for (const NamedShape& named : kShapes) {
    int hardest = 0;
    for (unsigned seed = 0; seed < support::Seeds(80, 5000); ++seed) {
      SCOPED_TRACE(testing::Message() << named.name << ", seed " << seed);
      const PackingProblem problem = RandomPacking(named.shape, seed).Problem();
      PackingLimits limits;
      limits.seed = seed % 3;
      const Packing packing = Pack(problem, limits);
      ASSERT_EQ(packing.value, BruteForce(problem, 2 * named.shape.span).best());
      ASSERT_EQ(packing.bound, packing.value);
      ASSERT_TRUE(packing.proven);
      ASSERT_EQ(ValueOf(problem, packing.chosen), packing.value);
      ASSERT_TRUE(Fits(problem, packing.chosen));
      ASSERT_LE(packing.method, named.hardest);
      hardest += packing.method == named.hardest ? 1 : 0;
      for (const std::optional<size_t>& option : packing.chosen) {
        if (option.has_value()) {
          ASSERT_GT(problem.options[*option].value, 0);
        }
      }
    }
    EXPECT_GE(hardest, 10) << named.name;
  }
}

TEST(PackingPropertyTest, FitsAgreesWithCountingByInstant) {
  int fit = 0;
  int do_not = 0;
  for (const NamedShape& named : kShapes) {
    for (unsigned seed = 0; seed < support::Seeds(300, 5000); ++seed) {
      SCOPED_TRACE(testing::Message() << named.name << ", seed " << seed);
      const PackingProblem problem = RandomPacking(named.shape, seed).Problem();
      std::mt19937 random(seed);
      Choice chosen(problem.wishes);
      for (size_t i = 0; i < problem.options.size(); ++i) {
        if (random() % 4 == 0) chosen[problem.options[i].wish] = i;
      }
      const bool fits = Fits(problem, chosen);
      ASSERT_EQ(fits, NaivelyFits(problem, chosen, 2 * named.shape.span));
      ++(fits ? fit : do_not);
    }
  }
  EXPECT_GE(fit, 100);
  EXPECT_GE(do_not, 100);
}

TEST(PackingPropertyTest, FlowsAndIntegerProgramsAgree) {
  int flows = 0;
  for (unsigned seed = 0; seed < support::Seeds(20, 400); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    // Each fifth is so large that it is relaxed first.
    PackingShape shape = {.wishes = 120, .span = 200, .capacity = 6, .steps = 8};
    if (seed % 5 == 0) shape.wishes = 700;
    const PackingProblem problem = RandomPacking(shape, seed).Problem();
    std::vector<size_t> order(problem.options.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (const PackingPart& part : PartsOf(problem, order)) {
      if (part.rows.empty()) continue;
      const std::optional<PartChoice> flow = PackByFlow(part);
      const PartChoice mip = PackByMip(part, Allowance({}));
      ASSERT_TRUE(flow.has_value());
      ASSERT_TRUE(Holds(part, flow->taken));
      ASSERT_TRUE(Holds(part, mip.taken));
      ASSERT_EQ(flow->value, mip.value);
      ASSERT_EQ(flow->bound, mip.bound);
      ++flows;
    }
  }
  EXPECT_GE(flows, 20);
}

// More than fits into one search: relaxed, rounded and improved first.
TEST(PackingPropertyTest, LargePartsAreSolvedToo) {
  const PackingShape shape = {
      .resources = 5, .wishes = 400, .options = 4, .span = 300, .capacity = 6, .steps = 4};
  for (unsigned seed = 0; seed < support::Seeds(3, 30); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const PackingProblem problem = RandomPacking(shape, seed).Problem();
    PackingLimits limits;
    const Packing best = Pack(problem, limits);
    ASSERT_TRUE(Fits(problem, best.chosen));
    ASSERT_EQ(ValueOf(problem, best.chosen), best.value);
    ASSERT_TRUE(best.proven);
    limits.nodes = 0;
    limits.seed = 7;
    const Packing quick = Pack(problem, limits);
    ASSERT_TRUE(Fits(problem, quick.chosen));
    ASSERT_EQ(ValueOf(problem, quick.chosen), quick.value);
    ASSERT_LE(quick.value, best.value);
    ASSERT_GE(quick.value, best.value * 49 / 50);
    ASSERT_GE(quick.bound, best.value);
  }
}

TEST(PackingPropertyTest, TheSameArgumentsGiveTheSameChoiceAndOtherSeedsTheSameValue) {
  for (const NamedShape& named : kShapes) {
    for (unsigned seed = 0; seed < support::Seeds(10, 200); ++seed) {
      SCOPED_TRACE(testing::Message() << named.name << ", seed " << seed);
      const PackingProblem problem = RandomPacking(named.shape, seed).Problem();
      const Packing once = Pack(problem, {});
      ASSERT_EQ(Pack(problem, {}).chosen, once.chosen);
      PackingLimits shuffled;
      shuffled.seed = seed + 1;
      const Packing other = Pack(problem, shuffled);
      ASSERT_EQ(other.value, once.value);
      ASSERT_EQ(Pack(problem, shuffled).chosen, other.chosen);
    }
  }
}

TEST(PackingPropertyTest, CallsFromSeveralThreadsDoNotMeet) {
  const PackingShape shape = {
      .resources = 3, .wishes = 20, .options = 3, .uses = 2, .quantity = 2, .budgets = 1};
  const auto solve_all = [&shape](std::vector<Choice>& chosen) {
    for (unsigned seed = 0; seed < support::Seeds(20, 400); ++seed) {
      chosen.push_back(Pack(RandomPacking(shape, seed).Problem(), {}).chosen);
    }
  };
  std::vector<Choice> alone;
  solve_all(alone);
  std::vector<std::vector<Choice>> together(3);
  std::vector<std::thread> threads;
  for (std::vector<Choice>& chosen : together) {
    threads.emplace_back([&solve_all, &chosen] { solve_all(chosen); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(together, testing::Each(alone));
}

}  // namespace
}  // namespace labslot::engine
