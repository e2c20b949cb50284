#include "daemon/engine/unit_fit.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace labslot::engine {
namespace {

// Most of what fits is found among so few ways.
constexpr size_t kFirstWays = 8;

// The kinds of units, one after the other.
using Kinds = std::u16string;

// Units that all uses see alike.
struct Kind {
  std::vector<size_t> units;
  size_t sought = 0;  // how many uses they would do for
};

// A use in terms of kinds.
struct Seat {
  size_t use = 0;
  Interval interval;
  size_t count = 0;
  std::vector<bool> fitting;
  Kinds held;
};

// A way to seat everybody up to some time.
struct Way {
  Kinds present;  // what those who are seated then have, one after the other
  Kinds last;     // what the last of them took
  size_t before = 0;

  friend bool operator<(const Way& a, const Way& b) { return a.present < b.present; }
  friend bool operator==(const Way& a, const Way& b) { return a.present == b.present; }
};

class Seatings {
 public:
  // Keeps up to `limit` ways.
  Seatings(const std::vector<size_t>& kind_of, const std::vector<UnitUse>& uses, size_t limit,
           size_t& steps)
      : kind_of_(kind_of), uses_(uses), limit_(limit), steps_(steps) {
    GatherKinds();
    for (size_t use = 0; use < uses_.size(); ++use) seats_.push_back(SeatOf(use));
    // Of those who come together the ones who hold something come first.
    std::sort(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
      const auto rank = [](const Seat& seat) {
        return std::make_tuple(seat.interval.start, seat.held.empty(), seat.interval.end, seat.use);
      };
      return rank(a) < rank(b);
    });
  }

  // Seats all of them.
  UnitFit Run() {
    ways_ = {Way()};
    for (const Seat& seat : seats_) {
      steps_ -= std::min(steps_, ways_.size());
      if (steps_ == 0) return UnitFit::kUndecided;
      Leave(seat.interval.start);
      Enter(seat);
      if (ways_.empty()) return is_exact_ ? UnitFit::kDoesNotFit : UnitFit::kUndecided;
    }
    return UnitFit::kFits;
  }

  // After a Run that fitted, by the first way: the units of each use.
  std::vector<std::vector<size_t>> Units() const {
    std::vector<std::vector<size_t>> free;
    for (const Kind& kind : kinds_) free.push_back(kind.units);
    std::vector<std::vector<size_t>> units(uses_.size());
    std::vector<const Seat*> there;
    const std::vector<Kinds> taken = TakenByFirstWay();
    for (size_t i = 0; i < seats_.size(); ++i) {
      const Seat& seat = seats_[i];
      const auto gone = [&](const Seat* other) {
        if (other->interval.end > seat.interval.start) return false;
        for (const size_t unit : units[other->use]) free[kind_of_[unit]].push_back(unit);
        return true;
      };
      there.erase(std::remove_if(there.begin(), there.end(), gone), there.end());
      if (i == 0 || seats_[i - 1].interval.start < seat.interval.start) TakeHeld(i, free);
      units[seat.use] = UnitsOf(seat, taken[i], free);
      there.push_back(&seat);
    }
    return units;
  }

 private:
  void GatherKinds() {
    for (size_t unit = 0; unit < kind_of_.size(); ++unit) {
      if (kind_of_[unit] >= kinds_.size()) kinds_.resize(kind_of_[unit] + 1);
      kinds_[kind_of_[unit]].units.push_back(unit);
    }
    for (size_t kind = 0; kind < kinds_.size(); ++kind) {
      for (const UnitUse& use : uses_) {
        kinds_[kind].sought += use.fitting.Has(kinds_[kind].units.front());
      }
      by_sought_.push_back(kind);
    }
    std::stable_sort(by_sought_.begin(), by_sought_.end(),
                     [&](size_t a, size_t b) { return kinds_[a].sought < kinds_[b].sought; });
  }

  Kinds KindsOf(const std::vector<size_t>& units) const {
    Kinds kinds;
    for (const size_t unit : units) kinds.push_back(static_cast<char16_t>(kind_of_[unit]));
    std::sort(kinds.begin(), kinds.end());
    return kinds;
  }

  Seat SeatOf(size_t index) const {
    const UnitUse& use = uses_[index];
    Seat seat = {index, use.interval, use.count, {}, KindsOf(use.held)};
    for (const Kind& kind : kinds_) seat.fitting.push_back(use.fitting.Has(kind.units.front()));
    return seat;
  }

  // Takes out who is gone at the instant; ways that differed in those only are one.
  void Leave(Instant instant) {
    const auto gone = [&](const Seat* seat) { return seat->interval.end <= instant; };
    if (std::none_of(seated_.begin(), seated_.end(), gone)) return;
    for (Way& way : ways_) {
      Kinds rest;
      size_t place = 0;
      for (const Seat* seat : seated_) {
        if (!gone(seat)) rest.append(way.present, place, seat->count);
        place += seat->count;
      }
      way.present = std::move(rest);
    }
    seated_.erase(std::remove_if(seated_.begin(), seated_.end(), gone), seated_.end());
    MakeUnique();
  }

  void MakeUnique() {
    std::sort(ways_.begin(), ways_.end());
    ways_.erase(std::unique(ways_.begin(), ways_.end()), ways_.end());
  }

  // What a way leaves of each kind.
  std::vector<size_t> FreeIn(const Way& way) const {
    std::vector<size_t> free;
    for (const Kind& kind : kinds_) free.push_back(kind.units.size());
    for (const size_t kind : way.present) --free[kind];
    return free;
  }

  void Enter(const Seat& seat) {
    std::vector<Way> before = std::move(ways_);
    ways_.clear();
    const size_t most = std::max<size_t>(1, 4 * limit_ / before.size());
    for (Way& way : before) {
      steps_done_.push_back({std::move(way.last), way.before});
      way.before = steps_done_.size() - 1;
      AddWays(seat, way, ways_.size() + most);
    }
    seated_.push_back(&seat);
    MakeUnique();
    if (ways_.size() > limit_) KeepTheBest();
  }

  // One more who is to be seated beside those of a way.
  struct Sharing {
    const Seat& seat;
    const Way& way;
    const std::vector<size_t>& free;
    size_t most;  // ways to be found
  };

  // Adds the ways to seat one more, until there are `most`: those that take the least
  // sought units first.
  void AddWays(const Seat& seat, const Way& way, size_t most) {
    std::vector<size_t> free = FreeIn(way);
    for (const size_t kind : seat.held) {
      if (free[kind]-- == 0) return;
    }
    Share({seat, way, free, most}, 0, seat.held);
  }

  // Adds the ways to take what is still missing of the kinds from `place` on.
  void Share(const Sharing& sharing, size_t place, const Kinds& taken) {
    const size_t missing = sharing.seat.count - taken.size();
    if (missing == 0) {
      Kinds sorted = taken;
      std::sort(sorted.begin(), sorted.end());
      ways_.push_back({sharing.way.present + sorted, std::move(sorted), sharing.way.before});
      return;
    }
    if (place == kinds_.size()) return;
    const size_t kind = by_sought_[place];
    const size_t free = sharing.seat.fitting[kind] ? sharing.free[kind] : 0;
    for (size_t n = std::min(free, missing) + 1; n-- > 0;) {
      if (ways_.size() >= sharing.most) {
        is_exact_ = false;
        return;
      }
      Share(sharing, place + 1, taken + Kinds(n, static_cast<char16_t>(kind)));
    }
  }

  // How much of what others seek is taken.
  size_t Cost(const Way& way) const {
    size_t cost = 0;
    for (const size_t kind : way.present) cost += kinds_[kind].sought;
    return cost;
  }

  void KeepTheBest() {
    is_exact_ = false;
    std::vector<std::pair<size_t, Way>> ranked;
    for (Way& way : ways_) ranked.emplace_back(Cost(way), std::move(way));
    std::sort(ranked.begin(), ranked.end());
    ranked.resize((limit_ + 1) / 2);
    ways_.clear();
    for (auto& [cost, way] : ranked) ways_.push_back(std::move(way));
    std::sort(ways_.begin(), ways_.end());
  }

  // By seat, of those who are seated.
  std::vector<Kinds> TakenByFirstWay() const {
    std::vector<Kinds> taken(seats_.size());
    const Way& way = ways_.front();
    Step step = {way.last, way.before};
    for (size_t i = seats_.size(); i-- > 0;) {
      taken[i] = std::move(step.taken);
      step = steps_done_[step.before];
    }
    return taken;
  }

  // Takes what those hold who begin together from a place on off what is free: nobody
  // else of them may get it.
  void TakeHeld(size_t first, std::vector<std::vector<size_t>>& free) const {
    for (size_t i = first; i < seats_.size(); ++i) {
      if (seats_[i].interval.start > seats_[first].interval.start) return;
      for (const size_t unit : uses_[seats_[i].use].held) {
        std::vector<size_t>& of_kind = free[kind_of_[unit]];
        of_kind.erase(std::find(of_kind.begin(), of_kind.end(), unit));
      }
    }
  }

  // What the seat holds, and of the other kinds some of what is free, which it takes off.
  std::vector<size_t> UnitsOf(const Seat& seat, Kinds kinds,
                              std::vector<std::vector<size_t>>& free) const {
    std::vector<size_t> units = uses_[seat.use].held;
    for (const char16_t kind : seat.held) kinds.erase(kinds.find(kind), 1);
    for (const size_t kind : kinds) {
      units.push_back(free[kind].back());
      free[kind].pop_back();
    }
    return units;
  }

  struct Step {
    Kinds taken;
    size_t before = 0;
  };

  const std::vector<size_t>& kind_of_;  // by unit
  const std::vector<UnitUse>& uses_;
  const size_t limit_;
  size_t& steps_;
  std::vector<Kind> kinds_;
  std::vector<size_t> by_sought_;
  std::vector<Seat> seats_;          // by start
  std::vector<const Seat*> seated_;  // in the order of the parts of each way
  std::vector<Way> ways_;            // in order, each once
  std::vector<Step> steps_done_;     // what ways took that others go on from
  bool is_exact_ = true;
};

// The kind of each unit. A unit that is held from the start is, once it is free, as good
// as others; one that is taken later on must be told apart, since nobody may sit on it
// until then.
std::vector<size_t> KindsOf(size_t units, const std::vector<UnitUse>& uses) {
  Instant first = std::numeric_limits<Instant>::max();
  for (const UnitUse& use : uses) first = std::min(first, use.interval.start);
  std::map<std::string, size_t> known;
  std::vector<size_t> kind_of;
  for (size_t unit = 0; unit < units; ++unit) {
    std::string looks;
    for (const UnitUse& use : uses) {
      const bool is_taken_later =
          use.interval.start > first &&
          std::find(use.held.begin(), use.held.end(), unit) != use.held.end();
      looks.push_back(
          static_cast<char>((use.fitting.Has(unit) ? 1 : 0) + (is_taken_later ? 2 : 0)));
    }
    kind_of.push_back(known.try_emplace(std::move(looks), known.size()).first->second);
  }
  return kind_of;
}

bool HoldOneTogether(size_t units, const std::vector<UnitUse>& uses) {
  std::vector<std::vector<Interval>> held(units);
  for (const UnitUse& use : uses) {
    for (const size_t unit : use.held) {
      for (const Interval& other : held[unit]) {
        if (other.Overlaps(use.interval)) return true;
      }
      held[unit].push_back(use.interval);
    }
  }
  return false;
}

// The uses that are not bound, each without the units that bound ones have meanwhile.
std::vector<UnitUse> BesideBound(size_t units, const std::vector<UnitUse>& uses) {
  std::vector<std::vector<Interval>> bound(units);
  for (const UnitUse& use : uses) {
    if (!use.is_bound()) continue;
    for (const size_t unit : use.held) bound[unit].push_back(use.interval);
  }
  std::vector<UnitUse> open;
  for (const UnitUse& use : uses) {
    if (use.is_bound()) continue;
    UnitUse& left = open.emplace_back(use);
    left.fitting = UnitSet(units);
    for (size_t unit = 0; unit < units; ++unit) {
      const bool taken = std::any_of(bound[unit].begin(), bound[unit].end(),
                                     [&](const auto& at) { return at.Overlaps(use.interval); });
      if (use.fitting.Has(unit) && !taken) left.fitting.Add(unit);
    }
  }
  return open;
}

// True if at some instant those who have to take from the set need more than it has.
bool IsAskedTooMuch(const UnitSet& set, const std::vector<UnitUse>& uses) {
  std::map<Instant, int64_t> steps;
  for (const UnitUse& use : uses) {
    if (!use.held.empty() || !set.Includes(use.fitting)) continue;
    steps[use.interval.start] += static_cast<int64_t>(use.count);
    steps[use.interval.end] -= static_cast<int64_t>(use.count);
  }
  const auto size = static_cast<int64_t>(set.count());
  int64_t needed = 0;
  for (const auto& [instant, step] : steps) {
    needed += step;
    if (needed > size) return true;
  }
  return false;
}

// Most of what does not fit shows at once, at a single instant (Hall's condition, for
// sets that somebody asks for).
bool AskTooMuch(const std::vector<UnitUse>& uses) {
  std::set<UnitSet> sets;
  for (const UnitUse& use : uses) {
    if (sets.size() < limits::kMaxUnitSets) sets.insert(use.fitting);
  }
  return std::any_of(sets.begin(), sets.end(),
                     [&](const auto& set) { return IsAskedTooMuch(set, uses); });
}

// Of the uses that are not bound, by what is left to them.
Seating SeatOpen(size_t units, const std::vector<UnitUse>& open, size_t& steps) {
  if (AskTooMuch(open)) return {UnitFit::kDoesNotFit, {}};
  const std::vector<size_t> kind_of = KindsOf(units, open);
  for (const size_t ways : {kFirstWays, limits::kMaxSeatings}) {
    Seatings seatings(kind_of, open, ways, steps);
    const UnitFit fit = seatings.Run();
    if (fit == UnitFit::kFits) return {fit, seatings.Units()};
    if (fit == UnitFit::kDoesNotFit) return {fit, {}};
  }
  return {UnitFit::kUndecided, {}};
}

}  // namespace

Seating SeatAll(size_t units, const std::vector<UnitUse>& uses, size_t& steps) {
  if (HoldOneTogether(units, uses)) return {UnitFit::kDoesNotFit, {}};
  Seating open = SeatOpen(units, BesideBound(units, uses), steps);
  if (open.fit != UnitFit::kFits) return open;
  Seating all = {UnitFit::kFits, {}};
  size_t place = 0;
  for (const UnitUse& use : uses) {
    all.units.push_back(use.is_bound() ? use.held : std::move(open.units[place++]));
  }
  return all;
}

UnitFit FitUnits(size_t units, const std::vector<UnitUse>& uses) {
  size_t steps = limits::kMaxSeatingSteps;
  return SeatAll(units, uses, steps).fit;
}

}  // namespace labslot::engine
