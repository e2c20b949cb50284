#ifndef LABSLOT_DAEMON_ENGINE_PACKING_PART_H_
#define LABSLOT_DAEMON_ENGINE_PACKING_PART_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/engine/packing.h"

namespace labslot::engine {

// The inside of Pack: a problem as rows of inequalities, in independent parts, and
// the ways to solve one. Only packing*.cc and their tests include this.

// The sum of the weights of taken options is at most `limit`, 0 or more. All weights
// are above 0. A scarce time of a resource is a row, and a scarce budget is one.
struct PackingRow {
  int64_t limit = 0;
  std::vector<std::pair<size_t, int64_t>> terms;  // option of the part, weight
};

// Wishes that share rows, directly or through others. Options that are never
// chosen are gone: all have a value above 0.
struct PackingPart {
  std::vector<size_t> options;              // index in the problem
  std::vector<int64_t> values;              // by option of the part
  std::vector<std::vector<size_t>> wishes;  // options of the part
  std::vector<PackingRow> rows;             // by resource, by time; then budgets
};

// What was taken of a part. No choice is worth more than `bound`.
struct PartChoice {
  std::vector<size_t> taken;  // options of the part
  int64_t value = 0;
  int64_t bound = 0;
};

// All parts, those with few options first. `order` are the options of the problem
// in the order in which the solvers are to see them.
std::vector<PackingPart> PartsOf(const PackingProblem& problem, const std::vector<size_t>& order);

enum class Fate : char { kOpen, kTaken, kGone };

// What is left to choose of a part when the fate of some of its options is known:
// the open ones that may still fit, in parts as above. Their `options` are those of
// `whole`. What is taken keeps to the rows.
std::vector<PackingPart> PartsLeft(const PackingPart& whole, const std::vector<Fate>& fate);

// Limits, of which the time is running from when this was made.
class Allowance {
 public:
  explicit Allowance(const PackingLimits& limits) : limits_(limits) {
    // Without a limit of time nobody looks at a clock.
    if (limits.seconds > 0) began_ = std::chrono::steady_clock::now();
  }

  // The limits with what is left of the time. It is never 0, which would be no limit.
  PackingLimits Left() const;

  // True if there is a limit of time and it is reached.
  bool Spent() const;

 private:
  static constexpr double kLeastSeconds = 1e-3;

  const PackingLimits limits_;
  std::chrono::steady_clock::time_point began_;
};

// The wish of each option.
std::vector<size_t> WishesOf(const PackingPart& part);

// For each option the rows it has a weight in, and the weight.
std::vector<std::vector<std::pair<size_t, int64_t>>> ColumnsOf(const PackingPart& part);

// True if the choice keeps to all rows, with at most one option of a wish.
bool Holds(const PackingPart& part, const std::vector<size_t>& taken);

// The best option of each wish: worth no less than any choice, but it may not hold.
PartChoice BestOfEach(const PackingPart& part);

// Takes what still fits, in the order of value for what it takes of the rows, and
// in that of value alone; the better of the two. The bound is that of BestOfEach.
PartChoice PackGreedily(const PackingPart& part);

// Takes what still fits in the order of `score`, the greatest first.
PartChoice PackByScore(const PackingPart& part, const std::vector<double>& score);

// The optimum by minimum-cost flow. Nothing if the part is none: if a wish has
// several options, weights differ, or an option has weight in rows that do not
// follow one another.
std::optional<PartChoice> PackByFlow(const PackingPart& part);

// The optimum by integer programming, or the best found within the limits, of
// which the seed is not looked at.
PartChoice PackByMip(const PackingPart& part, const Allowance& allowance);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PACKING_PART_H_
