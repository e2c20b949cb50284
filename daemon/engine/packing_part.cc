#include "daemon/engine/packing_part.h"

#include <algorithm>
#include <numeric>

namespace labslot::engine {

PackingLimits Allowance::Left() const {
  PackingLimits left = limits_;
  if (limits_.seconds > 0) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    left.seconds = std::max(limits_.seconds - took.count(), kLeastSeconds);
  }
  return left;
}

bool Allowance::Spent() const { return limits_.seconds > 0 && Left().seconds <= kLeastSeconds; }

std::vector<size_t> WishesOf(const PackingPart& part) {
  std::vector<size_t> wish_of(part.options.size());
  for (size_t wish = 0; wish < part.wishes.size(); ++wish) {
    for (const size_t option : part.wishes[wish]) wish_of[option] = wish;
  }
  return wish_of;
}

std::vector<std::vector<std::pair<size_t, int64_t>>> ColumnsOf(const PackingPart& part) {
  std::vector<std::vector<std::pair<size_t, int64_t>>> columns(part.options.size());
  for (size_t row = 0; row < part.rows.size(); ++row) {
    for (const auto& [option, weight] : part.rows[row].terms) {
      columns[option].emplace_back(row, weight);
    }
  }
  return columns;
}

bool Holds(const PackingPart& part, const std::vector<size_t>& taken) {
  std::vector<char> is_taken(part.options.size(), 0);
  for (const size_t option : taken) is_taken[option] = 1;
  const auto wish_holds = [&](const std::vector<size_t>& options) {
    return std::count_if(options.begin(), options.end(),
                         [&](size_t option) { return is_taken[option] != 0; }) <= 1;
  };
  const auto row_holds = [&](const PackingRow& row) {
    int64_t sum = 0;
    for (const auto& [option, weight] : row.terms) sum += is_taken[option] != 0 ? weight : 0;
    return sum <= row.limit;
  };
  return std::all_of(part.wishes.begin(), part.wishes.end(), wish_holds) &&
         std::all_of(part.rows.begin(), part.rows.end(), row_holds);
}

PartChoice BestOfEach(const PackingPart& part) {
  PartChoice choice;
  for (const std::vector<size_t>& options : part.wishes) {
    const size_t best =
        *std::max_element(options.begin(), options.end(),
                          [&part](size_t a, size_t b) { return part.values[a] < part.values[b]; });
    choice.taken.push_back(best);
    choice.value += part.values[best];
  }
  choice.bound = choice.value;
  return choice;
}

PartChoice PackByScore(const PackingPart& part, const std::vector<double>& score) {
  const auto columns = ColumnsOf(part);
  const std::vector<size_t> wish_of = WishesOf(part);
  std::vector<size_t> order(part.options.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&score](size_t a, size_t b) { return score[a] > score[b]; });
  std::vector<int64_t> left;
  left.reserve(part.rows.size());
  for (const PackingRow& row : part.rows) left.push_back(row.limit);
  std::vector<char> fulfilled(part.wishes.size(), 0);
  PartChoice choice;
  for (const size_t option : order) {
    const auto& column = columns[option];
    if (fulfilled[wish_of[option]] != 0) continue;
    const bool fits = std::all_of(column.begin(), column.end(), [&left](const auto& entry) {
      return entry.second <= left[entry.first];
    });
    if (!fits) continue;
    for (const auto& [row, weight] : column) left[row] -= weight;
    fulfilled[wish_of[option]] = 1;
    choice.taken.push_back(option);
    choice.value += part.values[option];
  }
  choice.bound = BestOfEach(part).value;
  return choice;
}

PartChoice PackGreedily(const PackingPart& part) {
  const auto columns = ColumnsOf(part);
  std::vector<double> value(part.options.size());
  std::vector<double> density(part.options.size());
  for (size_t option = 0; option < part.options.size(); ++option) {
    double share = 1e-9;  // of all rows together; not 0 even if it takes nothing
    for (const auto& [row, weight] : columns[option]) {
      share += static_cast<double>(weight) /
               static_cast<double>(std::max<int64_t>(part.rows[row].limit, 1));
    }
    value[option] = static_cast<double>(part.values[option]);
    density[option] = value[option] / share;
  }
  PartChoice by_value = PackByScore(part, value);
  PartChoice by_density = PackByScore(part, density);
  return by_value.value > by_density.value ? by_value : by_density;
}

}  // namespace labslot::engine
