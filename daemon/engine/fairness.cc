#include "daemon/engine/fairness.h"

#include <algorithm>

namespace labslot::engine {

double JainIndex(const std::vector<double>& shares) {
  const double most = shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
  if (most <= 0) return 1;
  double sum = 0;
  double squares = 0;
  for (const double share : shares) {
    // As parts of the greatest, so that no square overflows or vanishes.
    sum += share / most;
    squares += (share / most) * (share / most);
  }
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

}  // namespace labslot::engine
