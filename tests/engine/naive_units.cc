#include "tests/engine/naive_units.h"

#include <algorithm>
#include <utility>

namespace labslot::engine {
namespace {

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
      if (std::find(got_[i].begin(), got_[i].end(), unit) != got_[i].end()) return true;
    }
    return false;
  }

  bool Try(size_t place, size_t from) {
    if (place == uses_.size()) return true;
    if (got_[place].size() == uses_[place].count) return Try(place + 1, 0);
    for (size_t unit = from; unit < units_; ++unit) {
      const auto& own = got_[place];
      const bool has_it = std::find(own.begin(), own.end(), unit) != own.end();
      if (has_it || !uses_[place].fitting.Has(unit) || IsTaken(unit, place)) continue;
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

}  // namespace

UnitUse MakeUse(Instant start, Instant end, const std::string& fitting, size_t count,
                std::vector<size_t> held) {
  UnitUse use = {{start, end}, count, UnitSet(fitting.size()), std::move(held)};
  for (size_t unit = 0; unit < fitting.size(); ++unit) {
    if (fitting[unit] == '1') use.fitting.Add(unit);
  }
  return use;
}

bool NaiveUnitsFit(size_t units, const std::vector<UnitUse>& uses) {
  return Tries(units, uses).Run();
}

}  // namespace labslot::engine
