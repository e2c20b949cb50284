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

// Parts of so many options are given to the solver as they are.
constexpr size_t kSmallPart = 500;
// Nodes of the search for the best way to round; most need a few.
constexpr int64_t kNodesToRound = 200;
// Options of the wishes that are chosen anew together.
constexpr size_t kNeighbourhood = 400;
// Branch and bound does not get far in less than so many times the time of the
// relaxation, and it cannot be stopped just anywhere.
constexpr double kRelaxationsToBranch = 20;
// Closer to 0 or 1 than this, the relaxation does not take a part only.
constexpr double kWhole = 1e-6;

// All values are multiples of it. The solver reckons in doubles: the smaller the
// numbers, the surer the rounding of its bound.
int64_t ValueUnit(const PackingPart& part) {
  int64_t unit = 0;
  for (const int64_t value : part.values) unit = std::gcd(unit, value);
  return std::max<int64_t>(unit, 1);
}

// The rows of the program as they are filled in.
struct Program {
  std::vector<int> rows;
  std::vector<int> columns;
  std::vector<double> weights;
  std::vector<double> upper;  // by row

  void AddRow(const std::vector<std::pair<size_t, int64_t>>& terms, int64_t limit) {
    for (const auto& [option, weight] : terms) {
      rows.push_back(static_cast<int>(upper.size()));
      columns.push_back(static_cast<int>(option));
      weights.push_back(static_cast<double>(weight));
    }
    upper.push_back(static_cast<double>(limit));
  }
};

Program ProgramOf(const PackingPart& part) {
  Program program;
  for (const PackingRow& row : part.rows) program.AddRow(row.terms, row.limit);
  for (const std::vector<size_t>& wish : part.wishes) {
    if (wish.size() < 2) continue;
    std::vector<std::pair<size_t, int64_t>> terms;
    for (const size_t option : wish) terms.emplace_back(option, 1);
    program.AddRow(terms, 1);
  }
  return program;
}

void Load(const PackingPart& part, int64_t unit, OsiClpSolverInterface& solver) {
  solver.messageHandler()->setLogLevel(0);
  const Program program = ProgramOf(part);
  CoinPackedMatrix matrix(true, program.rows.data(), program.columns.data(), program.weights.data(),
                          static_cast<CoinBigIndex>(program.weights.size()));
  matrix.setDimensions(static_cast<int>(program.upper.size()),
                       static_cast<int>(part.options.size()));
  std::vector<double> cost;
  for (const int64_t value : part.values) cost.push_back(-static_cast<double>(value / unit));
  const std::vector<double> zeros(part.options.size(), 0);
  const std::vector<double> ones(part.options.size(), 1);
  const std::vector<double> lower(program.upper.size(), -solver.getInfinity());
  solver.loadProblem(matrix, zeros.data(), ones.data(), cost.data(), lower.data(),
                     program.upper.data());
  for (size_t option = 0; option < part.options.size(); ++option) {
    solver.setInteger(static_cast<int>(option));
  }
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

// The bound that a minimum of costs is, in whole units of value; no less than
// `least`, which was reached, and no more than `most`.
int64_t BoundOf(double cost, int64_t unit, int64_t least, int64_t most) {
  const double slack = std::max(1e-6, 1e-9 * std::abs(cost));
  if (!(slack - cost < static_cast<double>(most / unit))) return most;
  return std::max(least, static_cast<int64_t>(std::floor(slack - cost)) * unit);
}

// The optimum without the condition that options are taken as a whole.
struct Relaxation {
  std::vector<double> taken;  // by option, 0 to 1
  int64_t bound = 0;
};

std::optional<Relaxation> Relax(const PackingPart& part, int64_t most) {
  const int64_t unit = ValueUnit(part);
  OsiClpSolverInterface solver;
  Load(part, unit, solver);
  solver.initialSolve();
  if (!solver.isProvenOptimal()) return std::nullopt;
  const double* solution = solver.getColSolution();
  return Relaxation{{solution, solution + part.options.size()},
                    BoundOf(solver.getObjValue(), unit, 0, most)};
}

// Branch and bound, from a choice that is known.
PartChoice Branch(const PackingPart& part, PartChoice best, const PackingLimits& limits) {
  const int64_t unit = ValueUnit(part);
  OsiClpSolverInterface solver;
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
  best.bound = BoundOf(model.getBestPossibleObjValue(), unit, best.value, most);
  return best;
}

// The best choice for what is open, together with what is taken.
PartChoice Complete(const PackingPart& whole, const std::vector<Fate>& fate,
                    const Allowance& allowance) {
  PartChoice all;
  for (size_t option = 0; option < fate.size(); ++option) {
    if (fate[option] == Fate::kTaken) all.taken.push_back(option);
  }
  for (const PackingPart& part : PartsLeft(whole, fate)) {
    PartChoice choice = BestOfEach(part);
    if (!Holds(part, choice.taken)) {
      std::optional<PartChoice> flow = PackByFlow(part);
      PackingLimits limits = allowance.Left();
      limits.nodes = kNodesToRound;
      choice = flow.has_value() ? std::move(*flow) : Branch(part, PackGreedily(part), limits);
    }
    for (const size_t taken : choice.taken) all.taken.push_back(part.options[taken]);
  }
  for (const size_t option : all.taken) all.value += whole.values[option];
  return all;
}

// Takes what the relaxation takes as a whole, leaves what it leaves, and searches
// among the rest: that falls into small parts. Source: Berthold, "RENS: the optimal
// rounding", Mathematical Programming Computation 6, 2014.
PartChoice Round(const PackingPart& part, const Relaxation& relaxation,
                 const Allowance& allowance) {
  std::vector<Fate> fate;
  for (const double taken : relaxation.taken) {
    fate.push_back(taken > 1 - kWhole ? Fate::kTaken : taken < kWhole ? Fate::kGone : Fate::kOpen);
  }
  return Complete(part, fate, allowance);
}

// Which wishes meet in a row.
class Neighbours {
 public:
  explicit Neighbours(const PackingPart& part)
      : part_(part), wish_of_(WishesOf(part)), columns_(ColumnsOf(part)) {}

  // The wish, those that it meets, those that they meet and so on, until they have
  // `options` together.
  std::vector<size_t> Around(size_t wish, size_t options) const {
    std::vector<char> seen(part_.wishes.size(), 0);
    std::vector<size_t> found = {wish};
    seen[wish] = 1;
    size_t count = 0;
    for (size_t i = 0; i < found.size() && count < options; ++i) {
      count += part_.wishes[found[i]].size();
      for (const size_t option : part_.wishes[found[i]]) {
        for (const auto& [row, weight] : columns_[option]) Add(part_.rows[row], seen, found);
      }
    }
    size_t kept = 0;
    for (count = 0; kept < found.size() && count < options; ++kept) {
      count += part_.wishes[found[kept]].size();
    }
    found.resize(kept);
    return found;
  }

 private:
  void Add(const PackingRow& row, std::vector<char>& seen, std::vector<size_t>& found) const {
    for (const auto& term : row.terms) {
      const size_t wish = wish_of_[term.first];
      if (seen[wish] != 0) continue;
      seen[wish] = 1;
      found.push_back(wish);
    }
  }

  const PackingPart& part_;
  const std::vector<size_t> wish_of_;
  const std::vector<std::vector<std::pair<size_t, int64_t>>> columns_;
};

// Chooses anew, one neighbourhood of wishes after the other, with all else as it is.
PartChoice Improve(const PackingPart& part, PartChoice best, const Allowance& allowance) {
  if (best.value == best.bound) return best;
  const Neighbours neighbours(part);
  std::vector<char> tried(part.wishes.size(), 0);
  for (size_t wish = 0; wish < part.wishes.size() && !allowance.Spent(); ++wish) {
    if (tried[wish] != 0) continue;
    std::vector<Fate> fate(part.options.size(), Fate::kGone);
    for (const size_t option : best.taken) fate[option] = Fate::kTaken;
    for (const size_t near : neighbours.Around(wish, kNeighbourhood)) {
      tried[near] = 1;
      for (const size_t option : part.wishes[near]) fate[option] = Fate::kOpen;
    }
    PartChoice other = Complete(part, fate, allowance);
    if (other.value <= best.value || !Holds(part, other.taken)) continue;
    other.bound = best.bound;
    best = std::move(other);
  }
  return best;
}

}  // namespace

PartChoice PackByMip(const PackingPart& part, const Allowance& allowance) {
  PartChoice best = PackGreedily(part);
  if (part.options.size() <= kSmallPart) return Branch(part, std::move(best), allowance.Left());
  const double before = allowance.Left().seconds;
  const std::optional<Relaxation> relaxation = Relax(part, best.bound);
  const double took = before - allowance.Left().seconds;
  if (relaxation.has_value()) {
    PartChoice rounded = Round(part, *relaxation, allowance);
    if (rounded.value > best.value && Holds(part, rounded.taken)) best = std::move(rounded);
    best.bound = std::max(relaxation->bound, best.value);
  }
  best = Improve(part, std::move(best), allowance);
  const PackingLimits left = allowance.Left();
  if (best.bound == best.value || left.nodes <= 0) return best;
  if (left.seconds < kRelaxationsToBranch * took) return best;
  return Branch(part, std::move(best), left);
}

}  // namespace labslot::engine
