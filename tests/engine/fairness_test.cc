#include "daemon/engine/fairness.h"

#include <gtest/gtest.h>

#include <vector>

namespace labslot::engine {
namespace {

TEST(FairnessTest, JainIndex) {
  const struct {
    std::vector<double> shares;
    double index;
  } kCases[] = {
      {{}, 1},
      {{0, 0, 0}, 1},
      {{7}, 1},
      {{3, 3, 3, 3}, 1},
      {{5, 0, 0, 0}, 0.25},  // one has everything
      {{1, 1, 0, 0}, 0.5},   // half have the same, the others nothing
      {{1, 2, 3}, 36.0 / 42},
      {{1e200, 1e200}, 1},  // no square overflows
      {{1e-200, 0}, 0.5},   // nor vanishes
  };
  for (const auto& [shares, index] : kCases) {
    SCOPED_TRACE(testing::PrintToString(shares));
    EXPECT_DOUBLE_EQ(JainIndex(shares), index);
  }
}

}  // namespace
}  // namespace labslot::engine
