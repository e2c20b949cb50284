#include "tests/engine/naive_units.h"

#include <algorithm>
#include <set>
#include <utility>

namespace labslot::engine {
namespace {

bool Has(const std::vector<size_t>& units, size_t unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

bool Meet(const std::vector<size_t>& a, const std::vector<size_t>& b) {
  return std::any_of(a.begin(), a.end(), [&](size_t unit) { return Has(b, unit); });
}

// Hands out units one by one: `place` is the use, `from` the first unit that it may
// still get, so that no set is tried twice.
class Tries {
 public:
  Tries(size_t units, const std::vector<UnitUse>& uses)
      : units_(units), uses_(uses), got_(uses.size()) {
    for (size_t i = 0; i < uses_.size(); ++i) got_[i] = uses_[i].held;
  }

  bool Run() {
    for (size_t i = 0; i < uses_.size(); ++i) {
      for (const size_t unit : got_[i]) {
        if (IsTaken(unit, i)) return false;
      }
    }
    return Try(0, 0);
  }

 private:
  bool IsTaken(size_t unit, size_t by_others_than) const {
    for (size_t i = 0; i < uses_.size(); ++i) {
      if (i == by_others_than || !uses_[i].interval.Overlaps(uses_[by_others_than].interval)) {
        continue;
      }
      if (Has(got_[i], unit)) return true;
    }
    return false;
  }

  bool Try(size_t place, size_t from) {
    if (place == uses_.size()) return true;
    if (got_[place].size() == uses_[place].count) return Try(place + 1, 0);
    for (size_t unit = from; unit < units_; ++unit) {
      if (Has(got_[place], unit) || !uses_[place].fitting.Has(unit)) continue;
      if (IsTaken(unit, place)) continue;
      got_[place].push_back(unit);
      if (Try(place, unit + 1)) return true;
      got_[place].pop_back();
    }
    return false;
  }

  const size_t units_;
  const std::vector<UnitUse>& uses_;
  std::vector<std::vector<size_t>> got_;
};

bool DoesFor(const UnitUse& use, const std::vector<size_t>& units) {
  const bool each_once = std::set<size_t>(units.begin(), units.end()).size() == units.size();
  return each_once && units.size() == use.count &&
         std::all_of(use.held.begin(), use.held.end(),
                     [&](size_t unit) { return Has(units, unit); }) &&
         std::all_of(units.begin(), units.end(),
                     [&](size_t unit) { return Has(use.held, unit) || use.fitting.Has(unit); });
}

}  // namespace

UnitUse MakeUse(Instant start, Instant end, const std::string& fitting, size_t count,
                std::vector<size_t> held) {
  UnitUse use = {{start, end}, count, UnitSet(fitting.size()), std::move(held)};
  for (size_t unit = 0; unit < fitting.size(); ++unit) {
    if (fitting[unit] == '1') use.fitting.Add(unit);
  }
  return use;
}

bool IsWay(const std::vector<UnitUse>& uses, const std::vector<std::vector<size_t>>& units) {
  for (size_t i = 0; i < uses.size(); ++i) {
    if (!DoesFor(uses[i], units[i])) return false;
    for (size_t j = 0; j < i; ++j) {
      if (uses[i].interval.Overlaps(uses[j].interval) && Meet(units[i], units[j])) return false;
    }
  }
  return true;
}

bool NaiveUnitsFit(size_t units, const std::vector<UnitUse>& uses) {
  return Tries(units, uses).Run();
}

}  // namespace labslot::engine
