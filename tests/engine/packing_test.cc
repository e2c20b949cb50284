#include "daemon/engine/packing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace labslot::engine {
namespace {

using testing::ElementsAre;
using Choice = std::vector<std::optional<size_t>>;

constexpr std::nullopt_t kNone = std::nullopt;

PackingResource Units(int32_t units, const Interval& interval = {0, 100}) {
  return {{{interval, units}}};
}

PackingOption Want(size_t wish, int64_t value, const Interval& interval, int32_t quantity = 1,
                   size_t resource = 0) {
  return {wish, value, {{resource, interval, quantity}}};
}

struct Case {
  const char* name;
  PackingProblem problem;
  Choice chosen;
  PackingMethod method;
};

// Solves each, with the one choice that is best; and says how it was solved.
void ExpectCases(const std::vector<Case>& cases) {
  for (const Case& test : cases) {
    SCOPED_TRACE(test.name);
    const Packing packing = Pack(test.problem, {});
    EXPECT_EQ(packing.chosen, test.chosen);
    int64_t value = 0;
    for (const std::optional<size_t>& option : test.chosen) {
      if (option.has_value()) value += test.problem.options[*option].value;
    }
    EXPECT_EQ(packing.value, value);
    EXPECT_EQ(packing.bound, value);
    EXPECT_TRUE(packing.proven);
    EXPECT_EQ(packing.method, test.method);
    EXPECT_TRUE(Fits(test.problem, packing.chosen));
  }
}

TEST(PackingTest, NothingToChoose) {
  PackingProblem not_alone = {1, {Want(0, 5, {0, 10})}, {Units(3)}, {}};
  not_alone.options[0].uses = {{0, {0, 10}, 2}, {0, {9, 20}, 2}};
  ExpectCases({
      {"empty", {}, {}, PackingMethod::kTrivial},
      {"wishes without options", {2, {}, {}, {}}, {kNone, kNone}, PackingMethod::kTrivial},
      {"all fit",
       {2, {Want(0, 5, {0, 10}), Want(1, 3, {5, 9})}, {Units(2)}, {}},
       {0, 1},
       PackingMethod::kTrivial},
      {"the best of each fit",
       {1, {Want(0, 5, {0, 10}), Want(0, 7, {50, 60})}, {Units(2)}, {}},
       {1},
       PackingMethod::kTrivial},
      {"touching does not conflict",
       {3, {Want(0, 1, {0, 10}), Want(1, 1, {10, 20}), Want(2, 1, {20, 30})}, {Units(1)}, {}},
       {0, 1, 2},
       PackingMethod::kTrivial},
      {"more than there is",
       {1, {Want(0, 5, {0, 10}, 3)}, {Units(2)}, {}},
       {kNone},
       PackingMethod::kTrivial},
      {"longer than there is something",
       {1, {Want(0, 5, {90, 101})}, {Units(2)}, {}},
       {kNone},
       PackingMethod::kTrivial},
      {"before there is something",
       {1, {Want(0, 5, {-1, 10})}, {Units(2)}, {}},
       {kNone},
       PackingMethod::kTrivial},
      {"no such resource",
       {1, {Want(0, 5, {0, 10}, 1, 7)}, {Units(2)}, {}},
       {kNone},
       PackingMethod::kTrivial},
      {"worth nothing or less",
       {2, {Want(0, 0, {0, 10}), Want(1, -4, {0, 10})}, {Units(1)}, {}},
       {kNone, kNone},
       PackingMethod::kTrivial},
      {"what is worth nothing is in nobody's way",
       {2, {Want(0, 0, {0, 10}), Want(1, 1, {0, 10})}, {Units(1)}, {}},
       {kNone, 1},
       PackingMethod::kTrivial},
      {"takes nothing",
       {3, {{0, 1, {}}, Want(1, 1, {10, 10}), Want(2, 1, {0, 10}, 0)}, {Units(0)}, {}},
       {0, 1, 2},
       PackingMethod::kTrivial},
      {"an option of no wish",
       {1, {Want(3, 9, {0, 10}), Want(0, 1, {0, 10})}, {Units(1)}, {}},
       {1},
       PackingMethod::kTrivial},
      {"a budget that is met exactly",
       {2, {{0, 1, {}}, {1, 1, {}}}, {}, {{10, {{0, 6}, {1, 4}}}}},
       {0, 1},
       PackingMethod::kTrivial},
      {"too heavy for the budget",
       {2, {{0, 1, {}}, {1, 1, {}}}, {}, {{10, {{0, 11}}}, {-1, {{0, 0}, {1, 0}}}}},
       {kNone, 1},
       PackingMethod::kTrivial},
  });
  // Only both uses together are too much.
  EXPECT_THAT(Pack(not_alone, {}).chosen, ElementsAre(kNone));
}

TEST(PackingTest, Flows) {
  ExpectCases({
      {"the worthier of two",
       {2, {Want(0, 3, {0, 10}), Want(1, 4, {9, 20})}, {Units(1)}, {}},
       {kNone, 1},
       PackingMethod::kFlow},
      {"two short ones for a long one",
       {3, {Want(0, 5, {0, 20}), Want(1, 3, {0, 10}), Want(2, 3, {10, 20})}, {Units(1)}, {}},
       {kNone, 1, 2},
       PackingMethod::kFlow},
      {"capacity that falls",
       {3,
        {Want(0, 9, {0, 60}), Want(1, 5, {0, 50}), Want(2, 6, {10, 51})},
        {{{{{0, 50}, 3}, {{50, 100}, 1}}}},
        {}},
       {0, 1, kNone},
       PackingMethod::kFlow},
      {"capacity that rises",
       {3,
        {Want(0, 9, {0, 60}), Want(1, 5, {50, 70}), Want(2, 6, {49, 70})},
        {{{{{0, 50}, 1}, {{50, 100}, 2}}}},
        {}},
       {0, 1, kNone},
       PackingMethod::kFlow},
      {"a gap in the capacity",
       {3,
        {Want(0, 99, {0, 60}), Want(1, 5, {0, 50}), Want(2, 6, {51, 60})},
        {{{{{0, 50}, 1}, {{51, 100}, 1}}}},
        {}},
       {kNone, 1, 2},
       PackingMethod::kTrivial},
      {"steps of the same capacity are one",
       {2, {Want(0, 3, {0, 60}), Want(1, 4, {40, 70})}, {{{{{0, 50}, 1}, {{50, 100}, 1}}}}, {}},
       {kNone, 1},
       PackingMethod::kFlow},
      {"all of one quantity",
       {3,
        {Want(0, 3, {0, 10}, 2), Want(1, 4, {0, 10}, 2), Want(2, 5, {0, 10}, 2)},
        {Units(5)},
        {}},
       {kNone, 1, 2},
       PackingMethod::kFlow},
      {"each resource for itself",
       {4,
        {Want(0, 3, {0, 10}, 1, 0), Want(1, 4, {0, 10}, 1, 0), Want(2, 6, {0, 10}, 2, 1),
         Want(3, 5, {0, 10}, 2, 1)},
        {Units(1), Units(3)},
        {}},
       {kNone, 1, 2, kNone},
       PackingMethod::kFlow},
      {"uses of two resources that a row of conflicts joins",
       {3,
        {{0, 5, {{0, {0, 10}, 1}, {1, {0, 10}, 1}}},
         Want(1, 3, {0, 10}, 1, 0),
         Want(2, 3, {5, 15}, 1, 1)},
        {Units(1), Units(1)},
        {}},
       {kNone, 1, 2},
       PackingMethod::kFlow},
      {"a budget that does not bind",
       {2, {Want(0, 3, {0, 10}), Want(1, 4, {0, 10})}, {Units(1)}, {{9, {{0, 5}, {1, 4}}}}},
       {kNone, 1},
       PackingMethod::kFlow},
  });
}

TEST(PackingTest, IntegerPrograms) {
  ExpectCases({
      {"quantities",
       {3,
        {Want(0, 6, {0, 10}, 3), Want(1, 4, {0, 10}, 2), Want(2, 4, {0, 10}, 2)},
        {Units(4)},
        {}},
       {kNone, 1, 2},
       PackingMethod::kMip},
      {"the second best of one makes room for the other",
       {2, {Want(0, 5, {0, 10}), Want(0, 4, {20, 30}), Want(1, 3, {0, 10})}, {Units(1)}, {}},
       {1, 2},
       PackingMethod::kMip},
      {"uses of two resources, each with the next",
       {3,
        {{0, 5, {{0, {0, 10}, 1}, {1, {0, 10}, 1}}},
         {1, 4, {{1, {0, 10}, 1}, {2, {0, 10}, 1}}},
         {2, 4, {{2, {0, 10}, 1}, {0, {0, 10}, 1}}}},
        {Units(1), Units(1), Units(1)},
        {}},
       {0, kNone, kNone},
       PackingMethod::kMip},
      {"uses of one option add up",
       {2, {{0, 5, {{0, {0, 10}, 1}, {0, {5, 15}, 1}}}, Want(1, 3, {5, 10}, 1)}, {Units(2)}, {}},
       {0, kNone},
       PackingMethod::kMip},
      {"a budget",
       {3, {{0, 6, {}}, {1, 5, {}}, {2, 5, {}}}, {}, {{10, {{0, 6}, {1, 5}, {2, 5}}}}},
       {kNone, 1, 2},
       PackingMethod::kMip},
      {"two budgets, met exactly",
       {3,
        {{0, 6, {}}, {1, 5, {}}, {2, 4, {}}},
        {},
        {{10, {{0, 6}, {1, 5}, {2, 4}}}, {8, {{0, 4}, {1, 4}, {2, 4}}}}},
       {0, kNone, 2},
       PackingMethod::kMip},
  });
}

// Ten wishes for one unit; who gets it?
PackingProblem Lottery() {
  PackingProblem problem = {10, {}, {Units(1)}, {}};
  for (size_t wish = 0; wish < problem.wishes; ++wish) {
    problem.options.push_back(Want(wish, 4, {0, 10}));
  }
  return problem;
}

// The same, but not as a flow.
PackingProblem LotteryOfOptions() {
  PackingProblem problem = Lottery();
  for (size_t wish = 0; wish < problem.wishes; ++wish) {
    problem.options.push_back(Want(wish, 4, {5, 15}));
  }
  return problem;
}

TEST(PackingTest, SeedsBreakTies) {
  for (const auto& problem : {Lottery(), LotteryOfOptions()}) {
    std::array<int, 10> won{};
    for (uint32_t seed = 1; seed <= 200; ++seed) {
      PackingLimits limits;
      limits.seed = seed;
      const Packing packing = Pack(problem, limits);
      ASSERT_EQ(packing.value, 4) << "seed " << seed;
      ASSERT_TRUE(packing.proven) << "seed " << seed;
      for (size_t wish = 0; wish < won.size(); ++wish) {
        won[wish] += packing.chosen[wish].has_value() ? 1 : 0;
      }
    }
    // 20 each would be even.
    EXPECT_THAT(won, testing::Each(testing::AllOf(testing::Ge(6), testing::Le(40))));
  }
}

TEST(PackingTest, LargeValuesAreExact) {
  constexpr int64_t kLarge = int64_t{1} << 46;
  PackingProblem problem = {
      3,
      {Want(0, kLarge + 1, {0, 10}), Want(1, kLarge, {0, 10}), Want(2, 1, {0, 10})},
      {Units(1)},
      {}};
  EXPECT_THAT(Pack(problem, {}).chosen, ElementsAre(0, kNone, kNone));
  EXPECT_EQ(Pack(problem, {}).bound, kLarge + 1);
}

TEST(PackingTest, WithoutNodesWhatIsFoundFitsAndTheBoundHolds) {
  PackingProblem problem = {12, {}, {Units(7)}, {}};
  for (size_t wish = 0; wish < problem.wishes; ++wish) {
    const auto at = static_cast<Instant>(wish);
    problem.options.push_back(
        Want(wish, 10 + at % 5, {at, at + 9}, static_cast<int32_t>(2 + wish % 3)));
  }
  const Packing best = Pack(problem, {});
  ASSERT_TRUE(best.proven);
  PackingLimits limits;
  limits.nodes = 0;
  limits.seconds = 1e-6;
  const Packing packing = Pack(problem, limits);
  EXPECT_TRUE(Fits(problem, packing.chosen));
  EXPECT_GT(packing.value, 0);
  EXPECT_LE(packing.value, best.value);
  EXPECT_GE(packing.bound, best.value);
}

TEST(PackingTest, IsSilent) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Pack(LotteryOfOptions(), {});
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(PackingTest, FitsRefusesWhatIsNoChoice) {
  const PackingProblem problem = {2, {Want(0, 1, {0, 10}), Want(1, 1, {20, 30})}, {Units(1)}, {}};
  EXPECT_TRUE(Fits(problem, {kNone, kNone}));
  EXPECT_TRUE(Fits(problem, {0, 1}));
  EXPECT_FALSE(Fits(problem, {}));
  EXPECT_FALSE(Fits(problem, {0, 1, kNone}));
  EXPECT_FALSE(Fits(problem, {1, 0}));
  EXPECT_FALSE(Fits(problem, {0, 2}));
}

}  // namespace
}  // namespace labslot::engine
