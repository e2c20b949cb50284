// Whether everybody can have units that do.

#include "daemon/engine/unit_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/engine/naive_units.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

TEST(UnitFitTest, NobodyAlwaysFits) { EXPECT_EQ(FitUnits(0, {}), UnitFit::kFits); }

TEST(UnitFitTest, UnitsThatAreAllAlikeDoUpToTheirNumber) {
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "11"), MakeUse(2, 6, "11"), MakeUse(4, 8, "11")}),
            UnitFit::kFits);
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "11"), MakeUse(2, 6, "11"), MakeUse(3, 8, "11")}),
            UnitFit::kDoesNotFit);
}

TEST(UnitFitTest, WhoTakesAnyUnitLeavesTheSpecialOneToWhoNeedsIt) {
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "11"), MakeUse(2, 6, "10")}), UnitFit::kFits);
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "10"), MakeUse(2, 6, "10")}), UnitFit::kDoesNotFit);
}

TEST(UnitFitTest, NobodyChangesUnitsOnTheWay) {
  // At each instant there would be a unit for everybody; the one who takes any would
  // have to begin on the second and to end on the first.
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 10, "11"), MakeUse(0, 5, "10"), MakeUse(5, 10, "01")}),
            UnitFit::kDoesNotFit);
}

TEST(UnitFitTest, WhoHoldsAUnitKeepsIt) {
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "11", 1, {0}), MakeUse(2, 6, "10")}), UnitFit::kDoesNotFit);
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "11", 1, {1}), MakeUse(2, 6, "10")}), UnitFit::kFits);
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "01", 1, {0}), MakeUse(2, 6, "01")}), UnitFit::kFits)
      << "whether it would do or not";
  EXPECT_EQ(FitUnits(2, {MakeUse(0, 4, "11", 1, {0}), MakeUse(3, 6, "11", 1, {0})}),
            UnitFit::kDoesNotFit);
}

TEST(UnitFitTest, WhoComesFirstDoesNotGetWhatAnotherHoldsFromTheSameTimeOn) {
  size_t steps = 1000;
  const Seating seating =
      SeatAll(4, {MakeUse(5, 8, "1111", 2, {0}), MakeUse(5, 10, "1100", 2, {3})}, steps);
  ASSERT_EQ(seating.fit, UnitFit::kFits);
  EXPECT_THAT(seating.units[0], testing::UnorderedElementsAre(0, 2));
  EXPECT_THAT(seating.units[1], testing::UnorderedElementsAre(3, 1));
}

TEST(UnitFitTest, SeveralUnitsAtOnceMayBeOfDifferentKinds) {
  EXPECT_EQ(FitUnits(4, {MakeUse(0, 4, "1111", 3), MakeUse(2, 6, "1000")}), UnitFit::kFits);
  EXPECT_EQ(FitUnits(4, {MakeUse(0, 4, "1111", 3), MakeUse(2, 6, "1100", 2)}),
            UnitFit::kDoesNotFit);
  EXPECT_EQ(FitUnits(4, {MakeUse(0, 4, "1111", 3, {2}), MakeUse(2, 6, "0001")}), UnitFit::kFits);
}

TEST(UnitFitTest, ManyUnitsAtOnceAreSharedOutWithoutTryingAllWays) {
  // 25 of 40 units are held by somebody each: there are millions of ways to take 13.
  constexpr size_t kUnits = 40;
  const std::string any(kUnits, '1');
  std::vector<UnitUse> uses;
  for (size_t i = 0; i < 25; ++i) {
    uses.push_back(MakeUse(0, 10 + static_cast<Instant>(i), any, 1, {i}));
  }
  uses.push_back(MakeUse(5, 60, any));
  uses.push_back(MakeUse(5, 60, "1" + std::string(kUnits - 1, '0')));
  uses.push_back(MakeUse(50, 60, any, 13));
  EXPECT_EQ(FitUnits(kUnits, uses), UnitFit::kDoesNotFit) << "unit 0 is held until 10";
  uses[uses.size() - 2] = MakeUse(12, 60, "1" + std::string(kUnits - 1, '0'));
  EXPECT_EQ(FitUnits(kUnits, uses), UnitFit::kFits);
}

std::vector<UnitUse> RandomUses(std::mt19937& random, size_t units) {
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  std::vector<UnitUse> uses(1 + below(7));
  for (UnitUse& use : uses) {
    const Instant start = below(8);
    use.interval = {start, start + 1 + below(6)};
    use.count = below(4) == 0 ? 2 : 1;
    use.fitting = UnitSet(units);
    for (size_t unit = 0; unit < units; ++unit) {
      if (below(3) != 0) use.fitting.Add(unit);
    }
    if (below(5) == 0) use.held.push_back(below(static_cast<unsigned>(units)));
  }
  return uses;
}

TEST(UnitFitTest, ItFindsAWayWhereverThereIsOne) {
  int fits = 0;
  int does_not = 0;
  for (unsigned seed = 1; seed <= support::Seeds(3000, 100000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const size_t units = 1 + random() % 4;
    const std::vector<UnitUse> uses = RandomUses(random, units);
    const bool expected = NaiveUnitsFit(units, uses);
    size_t steps = limits::kMaxSeatingSteps;
    const Seating seating = SeatAll(units, uses, steps);
    ASSERT_EQ(seating.fit, expected ? UnitFit::kFits : UnitFit::kDoesNotFit);
    if (expected) {
      ASSERT_TRUE(IsWay(uses, seating.units));
    }
    ++(expected ? fits : does_not);
  }
  EXPECT_GT(fits, 500);
  EXPECT_GT(does_not, 500);
}

TEST(UnitFitTest, WhereTooManyWaysMeetTheAnswerIsNeverWrong) {
  // Twelve kinds of units, and as many who take any: far more ways than are kept.
  constexpr size_t kUnits = 12;
  std::vector<UnitUse> uses;
  for (size_t i = 0; i < kUnits; ++i) {
    uses.push_back(MakeUse(static_cast<Instant>(i), 100, std::string(kUnits, '1')));
  }
  for (size_t i = 0; i < kUnits; ++i) {
    std::string own(kUnits, '0');
    own[i] = '1';
    uses.push_back(MakeUse(200, 300, own));
  }
  EXPECT_EQ(FitUnits(kUnits, uses), UnitFit::kFits);
  uses.push_back(MakeUse(50, 60, std::string(kUnits, '1')));
  EXPECT_NE(FitUnits(kUnits, uses), UnitFit::kFits);
}

}  // namespace
}  // namespace labslot::engine
