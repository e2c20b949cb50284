// The selection of intervals as a minimum-cost flow.
//
// Let row t allow c[t] of the weight that all options have in common, and let option
// i have weight in the rows from a[i] up to b[i], exclusive, and in no others. With a
// slack s[t] >= 0 the rows are
//
//   sum of x[i] over all i with a[i] <= t < b[i], + s[t] = c[t]     for 0 <= t < T.
//
// Subtract from each row the one before it, with c[-1] = c[T] = 0: then x[i] occurs
// in row a[i] with +1 and in row b[i] with -1 only, and s[t] in row t with +1 and in
// row t + 1 with -1. That is the conservation of a flow on the nodes 0 to T: x[i] is
// an arc from a[i] to b[i] that carries at most 1, s[t] an arc from t to t + 1
// without a limit, and node t supplies c[t] - c[t - 1], which a fall in capacity makes
// a demand. Taking nothing is a flow, so there always is one; and as the supplies are
// integers, the optimum that the simplex method ends with is integer.

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include "daemon/engine/packing_part.h"

namespace labslot::engine {
namespace {

// The rows that an option has weight in, from and up to.
struct Span {
  size_t from = 0;
  size_t to = 0;
};

struct Spans {
  int64_t weight = 0;  // of all options
  std::vector<Span> by_option;
};

std::optional<Spans> SpansOf(const PackingPart& part) {
  if (part.wishes.size() != part.options.size() || part.rows.empty()) return std::nullopt;
  Spans spans = {part.rows[0].terms[0].second, {}};
  for (const auto& column : ColumnsOf(part)) {
    const size_t from = column.empty() ? 0 : column.front().first;
    for (size_t i = 0; i < column.size(); ++i) {
      if (column[i].first != from + i || column[i].second != spans.weight) return std::nullopt;
    }
    spans.by_option.push_back({from, from + column.size()});
  }
  return spans;
}

}  // namespace

std::optional<PartChoice> PackByFlow(const PackingPart& part) {
  using Graph = lemon::SmartDigraph;
  const std::optional<Spans> spans = SpansOf(part);
  if (!spans.has_value()) return std::nullopt;
  Graph graph;
  const size_t rows = part.rows.size();
  for (size_t t = 0; t <= rows; ++t) graph.addNode();
  const auto node = [](size_t t) { return Graph::nodeFromId(static_cast<int>(t)); };
  for (const Span& span : spans->by_option) graph.addArc(node(span.from), node(span.to));
  for (size_t t = 0; t < rows; ++t) graph.addArc(node(t), node(t + 1));

  lemon::NetworkSimplex<Graph, int64_t, int64_t> simplex(graph);
  Graph::NodeMap<int64_t> supply(graph, 0);
  Graph::ArcMap<int64_t> upper(graph, simplex.INF);
  Graph::ArcMap<int64_t> cost(graph, 0);
  for (size_t t = 0; t < rows; ++t) {
    const int64_t allowed = part.rows[t].limit / spans->weight;
    supply[node(t)] += allowed;
    supply[node(t + 1)] -= allowed;
  }
  const auto arc = [](size_t option) { return Graph::arcFromId(static_cast<int>(option)); };
  for (size_t option = 0; option < part.options.size(); ++option) {
    upper[arc(option)] = 1;
    cost[arc(option)] = -part.values[option];
  }
  if (simplex.upperMap(upper).costMap(cost).supplyMap(supply).run() != simplex.OPTIMAL) {
    return std::nullopt;
  }
  PartChoice choice;
  for (size_t option = 0; option < part.options.size(); ++option) {
    if (simplex.flow(arc(option)) == 0) continue;
    choice.taken.push_back(option);
    choice.value += part.values[option];
  }
  choice.bound = choice.value;
  return choice;
}

}  // namespace labslot::engine
