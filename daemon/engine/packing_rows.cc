// A problem as rows.

#include <algorithm>
#include <limits>

#include "daemon/engine/packing_part.h"

namespace labslot::engine {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// What an option of the part has of a resource.
struct Use {
  Interval interval;
  size_t option = 0;
  int64_t quantity = 0;
};

bool TakesSomething(const PackingUse& use) { return !use.interval.empty() && use.quantity > 0; }

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

// Reads a problem into one part, with rows that may be slack.
class Reader {
 public:
  Reader(const PackingProblem& problem, const std::vector<size_t>& order)
      : problem_(problem), place_(problem.options.size(), kNone) {
    AddOptions(order);
    AddResources();
    AddBudgets();
  }

  const PackingPart& part() const { return part_; }

 private:
  bool IsWorthAnything(const PackingOption& option) const {
    return option.wish < problem_.wishes && option.value > 0 &&
           std::all_of(option.uses.begin(), option.uses.end(), [this](const PackingUse& use) {
             return use.resource < problem_.resources.size() || !TakesSomething(use);
           });
  }

  void AddOptions(const std::vector<size_t>& order) {
    std::vector<size_t> wish_in_part(problem_.wishes, kNone);
    for (const size_t index : order) {
      const PackingOption& option = problem_.options[index];
      if (!IsWorthAnything(option)) continue;
      size_t& wish = wish_in_part[option.wish];
      if (wish == kNone) {
        wish = part_.wishes.size();
        part_.wishes.emplace_back();
      }
      place_[index] = part_.options.size();
      part_.wishes[wish].push_back(part_.options.size());
      part_.options.push_back(index);
      part_.values.push_back(option.value);
    }
  }

  void AddResources() {
    std::vector<std::vector<Use>> uses(problem_.resources.size());
    for (size_t i = 0; i < part_.options.size(); ++i) {
      for (const PackingUse& use : problem_.options[part_.options[i]].uses) {
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
      Merge(row.terms);
      part_.rows.push_back(std::move(row));
    });
  }

  void AddBudgets() {
    for (const PackingBudget& budget : problem_.budgets) {
      PackingRow row = {std::max<int64_t>(budget.limit, 0), {}};
      for (const auto& [option, weight] : budget.weights) {
        if (option >= place_.size() || place_[option] == kNone || weight <= 0) continue;
        row.terms.emplace_back(place_[option], weight);
      }
      Merge(row.terms);
      part_.rows.push_back(std::move(row));
    }
  }

  const PackingProblem& problem_;
  std::vector<size_t> place_;  // option of the part, by option of the problem
  PackingPart part_;
};

}  // namespace

std::vector<PackingPart> PartsOf(const PackingProblem& problem, const std::vector<size_t>& order) {
  const Reader reader(problem, order);
  const PackingPart& whole = reader.part();
  std::vector<PackingPart> parts =
      PartsLeft(whole, std::vector<Fate>(whole.options.size(), Fate::kOpen));
  for (PackingPart& part : parts) {
    for (size_t& option : part.options) option = whole.options[option];
  }
  return parts;
}

}  // namespace labslot::engine
