// The part as an integer program: a column of 0 or 1 for each option, the rows as
// they are, and a row for each wish of several options.

#include <algorithm>
#include <cmath>
#include <coin/CbcHeuristic.hpp>
#include <coin/CbcHeuristicDiveCoefficient.hpp>
#include <coin/CbcHeuristicRINS.hpp>
#include <coin/CbcModel.hpp>
#include <coin/CglClique.hpp>
#include <coin/CglGomory.hpp>
#include <coin/CglKnapsackCover.hpp>
#include <coin/CglZeroHalf.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <limits>
#include <numeric>

#include "daemon/engine/packing_part.h"

namespace labslot::engine {
namespace {

// All values are multiples of it. The solver reckons in doubles: the smaller the
// numbers, the surer the rounding of its bound.
int64_t ValueUnit(const PackingPart& part) {
  int64_t unit = 0;
  for (const int64_t value : part.values) unit = std::gcd(unit, value);
  return std::max<int64_t>(unit, 1);
}

void Load(const PackingPart& part, int64_t unit, OsiClpSolverInterface& solver) {
  CoinPackedMatrix matrix(false, 0, 0);
  const int columns = static_cast<int>(part.options.size());
  matrix.setDimensions(0, columns);
  std::vector<double> upper;
  const auto add_row = [&](const std::vector<std::pair<size_t, int64_t>>& terms, int64_t limit) {
    std::vector<int> indices;
    std::vector<double> weights;
    for (const auto& [option, weight] : terms) {
      indices.push_back(static_cast<int>(option));
      weights.push_back(static_cast<double>(weight));
    }
    matrix.appendRow(static_cast<int>(indices.size()), indices.data(), weights.data());
    upper.push_back(static_cast<double>(limit));
  };
  for (const PackingRow& row : part.rows) add_row(row.terms, row.limit);
  for (const std::vector<size_t>& wish : part.wishes) {
    if (wish.size() < 2) continue;
    std::vector<std::pair<size_t, int64_t>> terms;
    for (const size_t option : wish) terms.emplace_back(option, 1);
    add_row(terms, 1);
  }
  std::vector<double> cost;
  for (const int64_t value : part.values) cost.push_back(-static_cast<double>(value / unit));
  const std::vector<double> zeros(part.options.size(), 0);
  const std::vector<double> ones(part.options.size(), 1);
  const std::vector<double> lower(upper.size(), -solver.getInfinity());
  solver.loadProblem(matrix, zeros.data(), ones.data(), cost.data(), lower.data(), upper.data());
  for (int column = 0; column < columns; ++column) solver.setInteger(column);
}

void Start(const PackingPart& part, const PartChoice& choice, int64_t unit, CbcModel& model) {
  std::vector<double> solution(part.options.size(), 0);
  for (const size_t option : choice.taken) solution[option] = 1;
  model.setBestSolution(solution.data(), static_cast<int>(solution.size()),
                        -static_cast<double>(choice.value / unit), true);
}

void Equip(const PackingLimits& limits, CbcModel& model) {
  CglClique clique;
  clique.setStarCliqueReport(false);
  clique.setRowCliqueReport(false);
  CglGomory gomory;
  CglKnapsackCover cover;
  CglZeroHalf zero_half;
  model.addCutGenerator(&clique, -1, "Clique");
  model.addCutGenerator(&gomory, -1, "Gomory");
  model.addCutGenerator(&cover, -1, "Cover");
  model.addCutGenerator(&zero_half, -1, "ZeroHalf");
  CbcRounding rounding(model);
  CbcHeuristicDiveCoefficient dive(model);
  CbcHeuristicRINS rins(model);
  model.addHeuristic(&rounding);
  model.addHeuristic(&dive);
  model.addHeuristic(&rins);
  model.setMaximumNodes(
      static_cast<int>(std::clamp<int64_t>(limits.nodes, 0, std::numeric_limits<int>::max())));
  if (limits.seconds > 0) model.setMaximumSeconds(limits.seconds);
}

// What the solver found; nothing if it is not what the rows allow.
std::optional<PartChoice> ChoiceOf(const PackingPart& part, const CbcModel& model) {
  const double* solution = model.bestSolution();
  if (solution == nullptr) return std::nullopt;
  PartChoice choice;
  for (size_t option = 0; option < part.options.size(); ++option) {
    if (solution[option] < 0.5) continue;
    choice.taken.push_back(option);
    choice.value += part.values[option];
  }
  if (!Holds(part, choice.taken)) return std::nullopt;
  return choice;
}

// The solver's bound in whole units, and no less than `least`, which was reached.
int64_t BoundOf(const CbcModel& model, int64_t unit, int64_t least, int64_t most) {
  const double bound = -model.getBestPossibleObjValue();
  const double slack = std::max(1e-6, 1e-9 * std::abs(bound));
  if (!(bound + slack < static_cast<double>(most / unit))) return most;
  return std::max(least, static_cast<int64_t>(std::floor(bound + slack)) * unit);
}

}  // namespace

PartChoice PackByMip(const PackingPart& part, const PackingLimits& limits) {
  PartChoice best = PackGreedily(part);
  const int64_t unit = ValueUnit(part);
  OsiClpSolverInterface solver;
  solver.messageHandler()->setLogLevel(0);
  Load(part, unit, solver);
  CbcModel model(solver);
  model.setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  Start(part, best, unit, model);
  Equip(limits, model);
  model.branchAndBound();
  const int64_t most = best.bound;
  if (std::optional<PartChoice> found = ChoiceOf(part, model);
      found.has_value() && found->value > best.value) {
    best = std::move(*found);
  }
  best.bound = BoundOf(model, unit, best.value, most);
  return best;
}

}  // namespace labslot::engine
