// A problem as rows, and the rows in independent parts.

#include <algorithm>
#include <limits>
#include <numeric>

#include "daemon/engine/packing_part.h"

namespace labslot::engine {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// What an option has of a resource. `option` counts the options that are left.
struct Use {
  Interval interval;
  size_t option = 0;
  int64_t quantity = 0;
};

// The least capacity at any instant of an interval.
int64_t LeastCapacity(const PackingResource& resource, const Interval& interval) {
  int64_t least = std::numeric_limits<int64_t>::max();
  Instant from = interval.start;
  for (const auto& [step, units] : resource.capacity) {
    if (step.end <= from) continue;
    if (step.start > from || from >= interval.end) break;
    least = std::min<int64_t>(least, units);
    from = step.end;
  }
  return from < interval.end ? 0 : least;
}

bool TakesSomething(const PackingUse& use) { return !use.interval.empty() && use.quantity > 0; }

// False if one use alone is too much already.
bool MayFit(const PackingProblem& problem, const PackingOption& option) {
  return std::all_of(option.uses.begin(), option.uses.end(), [&problem](const PackingUse& use) {
    if (!TakesSomething(use)) return true;
    return use.resource < problem.resources.size() &&
           use.quantity <= LeastCapacity(problem.resources[use.resource], use.interval);
  });
}

// A span of time within which nothing begins or ends, neither uses nor steps of the
// capacity.
struct Segment {
  Interval span;
  int64_t capacity = 0;
};

// Visits the segments in which something is used, with what is used there.
template <typename Visitor>
void VisitSegments(const PackingResource& resource, const std::vector<Use>& uses_by_start,
                   const Visitor& visit) {
  std::vector<Instant> bounds;
  for (const Use& use : uses_by_start) {
    bounds.push_back(use.interval.start);
    bounds.push_back(use.interval.end);
  }
  for (const auto& [step, units] : resource.capacity) {
    bounds.push_back(step.start);
    bounds.push_back(step.end);
  }
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  std::vector<Use> active;
  auto next = uses_by_start.begin();
  auto step = resource.capacity.begin();
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    const Instant at = bounds[i];
    active.erase(std::remove_if(active.begin(), active.end(),
                                [at](const Use& use) { return use.interval.end <= at; }),
                 active.end());
    for (; next != uses_by_start.end() && next->interval.start == at; ++next) {
      active.push_back(*next);
    }
    while (step != resource.capacity.end() && step->first.end <= at) ++step;
    if (active.empty()) continue;
    const bool inside = step != resource.capacity.end() && step->first.Contains(at);
    visit(Segment{{at, bounds[i + 1]}, inside ? std::max<int64_t>(step->second, 0) : 0}, active);
  }
}

// Which segments say all: all others have what they use in another one too, with no
// more capacity.
std::vector<char> TellingSegments(const PackingResource& resource, const std::vector<Use>& uses) {
  struct Reach {
    Segment segment;
    Instant latest_start = std::numeric_limits<Instant>::min();
    Instant earliest_end = std::numeric_limits<Instant>::max();
  };
  std::vector<Reach> reaches;
  VisitSegments(resource, uses, [&](const Segment& segment, const std::vector<Use>& active) {
    Reach reach = {segment};
    for (const Use& use : active) {
      reach.latest_start = std::max(reach.latest_start, use.interval.start);
      reach.earliest_end = std::min(reach.earliest_end, use.interval.end);
    }
    reaches.push_back(reach);
  });
  std::vector<char> telling(reaches.size(), 1);
  // First those that a later one makes needless, then, of the rest, those that an
  // earlier one does: so no two of them drop each other.
  for (size_t i = 0; i < reaches.size(); ++i) {
    for (size_t k = i + 1; telling[i] != 0 && k < reaches.size(); ++k) {
      if (reaches[k].segment.span.start >= reaches[i].earliest_end) break;
      if (reaches[k].segment.capacity <= reaches[i].segment.capacity) telling[i] = 0;
    }
  }
  for (size_t i = 0; i < reaches.size(); ++i) {
    for (size_t k = i; telling[i] != 0 && k > 0; --k) {
      if (reaches[k - 1].segment.span.end <= reaches[i].latest_start) break;
      if (telling[k - 1] == 0) continue;
      if (reaches[k - 1].segment.capacity <= reaches[i].segment.capacity) telling[i] = 0;
    }
  }
  return telling;
}

// Adds up the weights of an option that occurs several times.
void Merge(std::vector<std::pair<size_t, int64_t>>& terms) {
  std::sort(terms.begin(), terms.end());
  size_t last = 0;
  for (size_t i = 1; i < terms.size(); ++i) {
    if (terms[i].first == terms[last].first) {
      terms[last].second += terms[i].second;
    } else {
      terms[++last] = terms[i];
    }
  }
  if (!terms.empty()) terms.resize(last + 1);
}

// Sets of wishes that are joined step by step.
class Joined {
 public:
  explicit Joined(size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t Find(size_t at) {
    while (parent_[at] != at) at = parent_[at] = parent_[parent_[at]];
    return at;
  }
  void Join(size_t a, size_t b) { parent_[Find(a)] = Find(b); }

 private:
  std::vector<size_t> parent_;
};

// Reads a problem into parts.
class Reader {
 public:
  Reader(const PackingProblem& problem, const std::vector<size_t>& order)
      : problem_(problem), place_(problem.options.size(), kNone), best_(problem.wishes, 0) {
    DropTooHeavy(order);
    AddResources();
    AddBudgets();
  }

  std::vector<PackingPart> Parts() {
    Joined joined(problem_.wishes);
    for (const PackingRow& row : rows_) {
      for (const auto& term : row.terms)
        joined.Join(WishOf(term.first), WishOf(row.terms[0].first));
    }
    std::vector<PackingPart> parts;
    std::vector<size_t> part_of(problem_.wishes, kNone);
    std::vector<size_t> wish_in_part(problem_.wishes, kNone);
    std::vector<size_t> option_in_part(left_.size());
    for (size_t i = 0; i < left_.size(); ++i) {
      size_t& at = part_of[joined.Find(WishOf(i))];
      if (at == kNone) {
        at = parts.size();
        parts.emplace_back();
      }
      option_in_part[i] = AddOption(i, wish_in_part[WishOf(i)], parts[at]);
    }
    for (PackingRow& row : rows_) {
      PackingPart& part = parts[part_of[joined.Find(WishOf(row.terms[0].first))]];
      for (auto& term : row.terms) term.first = option_in_part[term.first];
      part.rows.push_back(std::move(row));
    }
    std::stable_sort(parts.begin(), parts.end(), [](const PackingPart& a, const PackingPart& b) {
      return a.options.size() < b.options.size();
    });
    return parts;
  }

 private:
  size_t WishOf(size_t left) const { return problem_.options[left_[left]].wish; }

  // Leaves the options that are worth something and may fit.
  void DropTooHeavy(const std::vector<size_t>& order) {
    std::vector<char> too_heavy(problem_.options.size(), 0);
    for (const PackingBudget& budget : problem_.budgets) {
      for (const auto& [option, weight] : budget.weights) {
        const bool fits = weight <= std::max<int64_t>(budget.limit, 0);
        if (option < too_heavy.size() && !fits) too_heavy[option] = 1;
      }
    }
    for (const size_t index : order) {
      const PackingOption& option = problem_.options[index];
      if (option.wish >= problem_.wishes || option.value <= 0 || too_heavy[index] != 0) continue;
      if (!MayFit(problem_, option)) continue;
      place_[index] = left_.size();
      left_.push_back(index);
    }
  }

  void AddResources() {
    std::vector<std::vector<Use>> uses(problem_.resources.size());
    for (size_t i = 0; i < left_.size(); ++i) {
      for (const PackingUse& use : problem_.options[left_[i]].uses) {
        if (!TakesSomething(use)) continue;
        uses[use.resource].push_back({use.interval, i, use.quantity});
      }
    }
    for (size_t resource = 0; resource < uses.size(); ++resource) {
      std::stable_sort(
          uses[resource].begin(), uses[resource].end(),
          [](const Use& a, const Use& b) { return a.interval.start < b.interval.start; });
      AddSegments(problem_.resources[resource], uses[resource]);
    }
  }

  void AddSegments(const PackingResource& resource, const std::vector<Use>& uses) {
    const std::vector<char> telling = TellingSegments(resource, uses);
    size_t count = 0;
    VisitSegments(resource, uses, [&](const Segment& segment, const std::vector<Use>& active) {
      if (telling[count++] == 0) return;
      PackingRow row = {segment.capacity, {}};
      for (const Use& use : active) row.terms.emplace_back(use.option, use.quantity);
      AddIfScarce(std::move(row));
    });
  }

  void AddBudgets() {
    for (const PackingBudget& budget : problem_.budgets) {
      PackingRow row = {std::max<int64_t>(budget.limit, 0), {}};
      for (const auto& [option, weight] : budget.weights) {
        if (option >= place_.size() || place_[option] == kNone || weight <= 0) continue;
        row.terms.emplace_back(place_[option], weight);
      }
      AddIfScarce(std::move(row));
    }
  }

  // Adds the row if the heaviest options of all wishes together break it.
  void AddIfScarce(PackingRow row) {
    Merge(row.terms);
    int64_t most = 0;
    for (const auto& [option, weight] : row.terms) {
      int64_t& best = best_[WishOf(option)];
      if (weight <= best) continue;
      most += weight - best;
      best = weight;
    }
    for (const auto& term : row.terms) best_[WishOf(term.first)] = 0;
    if (most > row.limit) rows_.push_back(std::move(row));
  }

  // Returns the place of the option in the part. `wish` is that of its wish, or
  // none yet.
  size_t AddOption(size_t left, size_t& wish, PackingPart& part) const {
    if (wish == kNone) {
      wish = part.wishes.size();
      part.wishes.emplace_back();
    }
    const size_t place = part.options.size();
    part.wishes[wish].push_back(place);
    part.options.push_back(left_[left]);
    part.values.push_back(problem_.options[left_[left]].value);
    return place;
  }

  const PackingProblem& problem_;
  std::vector<size_t> left_;   // options of the problem
  std::vector<size_t> place_;  // in left_, by option of the problem
  std::vector<PackingRow> rows_;
  std::vector<int64_t> best_;  // scratch of AddIfScarce, by wish
};

}  // namespace

std::vector<PackingPart> PartsOf(const PackingProblem& problem, const std::vector<size_t>& order) {
  return Reader(problem, order).Parts();
}

}  // namespace labslot::engine
