#include "daemon/engine/unit_fit.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

// Units that all uses see alike.
struct Kind {
  size_t size = 0;
  size_t sought = 0;  // how many uses it would do for
};

// The kind of each unit that those who are seated have, one after the other, a byte each.
using Seating = std::string;
constexpr size_t kMostKinds = 256;
// Where these find nothing, limits::kMaxSeatings are looked through.
constexpr size_t kFirstWays = 8;

// A use in terms of kinds.
struct Seat {
  Interval interval;
  size_t count = 0;
  std::vector<bool> fitting;
  std::vector<size_t> held;  // kinds, one for each unit
  bool is_fixed = false;     // it has all that it needs
};

class Seatings {
 public:
  // Keeps up to `limit` ways.
  Seatings(size_t units, const std::vector<UnitUse>& uses, size_t limit) : limit_(limit) {
    for (const UnitUse& use : uses) first_ = std::min(first_, use.interval.start);
    Classify(units, uses);
  }

  UnitFit Run() {
    if (kinds_.size() > kMostKinds) return UnitFit::kUndecided;
    // Of those who come together the ones who hold something come first.
    std::sort(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
      const auto rank = [](const Seat& seat) {
        return std::make_tuple(seat.interval.start, !seat.is_fixed, seat.interval.end);
      };
      return rank(a) < rank(b);
    });
    ways_ = {Seating()};
    for (const Seat& seat : seats_) {
      Leave(seat.interval.start);
      if (seat.is_fixed) {
        EnterFixed(seat);
      } else {
        Enter(seat);
      }
      if (ways_.empty()) return is_exact_ ? UnitFit::kDoesNotFit : UnitFit::kUndecided;
    }
    return UnitFit::kFits;
  }

 private:
  // A unit that is held from the start is, once it is free, as good as others; one that
  // is taken later on must be told apart, since nobody may sit on it until then.
  void Classify(size_t units, const std::vector<UnitUse>& uses) {
    std::map<std::vector<uint8_t>, size_t> known;
    std::vector<size_t> kind_of;
    for (size_t unit = 0; unit < units; ++unit) {
      std::vector<uint8_t> looks;
      size_t sought = 0;
      for (const UnitUse& use : uses) {
        const bool is_taken_later =
            use.interval.start > first_ &&
            std::find(use.held.begin(), use.held.end(), unit) != use.held.end();
        looks.push_back(
            static_cast<uint8_t>((use.fitting[unit] ? 1 : 0) + (is_taken_later ? 2 : 0)));
        if (use.fitting[unit]) ++sought;
      }
      const auto [kind, is_new] = known.try_emplace(std::move(looks), kinds_.size());
      if (is_new) kinds_.push_back({0, sought});
      ++kinds_[kind->second].size;
      kind_of.push_back(kind->second);
    }
    for (size_t kind = 0; kind < kinds_.size(); ++kind) by_sought_.push_back(kind);
    std::stable_sort(by_sought_.begin(), by_sought_.end(),
                     [&](size_t a, size_t b) { return kinds_[a].sought < kinds_[b].sought; });
    for (const UnitUse& use : uses) seats_.push_back(SeatOf(use, kind_of));
  }

  Seat SeatOf(const UnitUse& use, const std::vector<size_t>& kind_of) const {
    Seat seat = {use.interval,
                 use.count,
                 std::vector<bool>(kinds_.size()),
                 {},
                 use.held.size() == use.count};
    for (size_t unit = 0; unit < kind_of.size(); ++unit) {
      if (use.fitting[unit]) seat.fitting[kind_of[unit]] = true;
    }
    for (const size_t unit : use.held) seat.held.push_back(kind_of[unit]);
    return seat;
  }

  // Takes out who is gone at the instant; ways that differed in those only are one.
  void Leave(Instant instant) {
    const auto gone = [&](const Seat* seat) { return seat->interval.end <= instant; };
    fixed_.erase(std::remove_if(fixed_.begin(), fixed_.end(), gone), fixed_.end());
    if (std::none_of(seated_.begin(), seated_.end(), gone)) return;
    for (Seating& way : ways_) {
      Seating rest;
      size_t place = 0;
      for (const Seat* seat : seated_) {
        if (!gone(seat)) rest.append(way, place, seat->count);
        place += seat->count;
      }
      way = std::move(rest);
    }
    seated_.erase(std::remove_if(seated_.begin(), seated_.end(), gone), seated_.end());
    MakeUnique(ways_);
  }

  static void MakeUnique(std::vector<Seating>& ways) {
    std::sort(ways.begin(), ways.end());
    ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
  }

  static size_t KindAt(const Seating& way, size_t place) {
    return static_cast<uint8_t>(way[place]);
  }

  // What a way leaves of each kind; less than nothing where two have the same.
  std::vector<int64_t> FreeIn(const Seating& way) const {
    std::vector<int64_t> free;
    for (const Kind& kind : kinds_) free.push_back(static_cast<int64_t>(kind.size));
    for (const Seat* seat : fixed_) {
      for (const size_t kind : seat->held) --free[kind];
    }
    for (size_t place = 0; place < way.size(); ++place) --free[KindAt(way, place)];
    return free;
  }

  void EnterFixed(const Seat& seat) {
    fixed_.push_back(&seat);
    const auto too_much = [&](const Seating& way) {
      const std::vector<int64_t> free = FreeIn(way);
      return *std::min_element(free.begin(), free.end()) < 0;
    };
    ways_.erase(std::remove_if(ways_.begin(), ways_.end(), too_much), ways_.end());
  }

  void Enter(const Seat& seat) {
    std::vector<Seating> more;
    const size_t most = std::max<size_t>(1, 4 * limit_ / ways_.size());
    for (const Seating& way : ways_) AddWays(seat, way, more.size() + most, more);
    seated_.push_back(&seat);
    ways_ = std::move(more);
    MakeUnique(ways_);
    if (ways_.size() > limit_) KeepTheBest();
  }

  // One more who is to be seated beside those of a way.
  struct Sharing {
    const Seat& seat;
    const Seating& way;
    const std::vector<int64_t>& free;
    size_t most;  // ways to be found
  };

  // Adds the ways to seat one more, until there are `most`: those first that take the
  // least sought units.
  void AddWays(const Seat& seat, const Seating& way, size_t most, std::vector<Seating>& more) {
    std::vector<int64_t> free = FreeIn(way);
    Seating taken;
    for (const size_t kind : seat.held) {
      if (--free[kind] < 0) return;
      taken.push_back(static_cast<char>(kind));
    }
    Share({seat, way, free, most}, 0, taken, more);
  }

  // Adds the ways to take what is still missing of the kinds from `place` on.
  void Share(const Sharing& sharing, size_t place, const Seating& taken,
             std::vector<Seating>& more) {
    const size_t missing = sharing.seat.count - taken.size();
    if (missing == 0) {
      Seating sorted = taken;
      std::sort(sorted.begin(), sorted.end());
      more.push_back(sharing.way + sorted);
      return;
    }
    if (place == kinds_.size()) return;
    const size_t kind = by_sought_[place];
    const int64_t free = sharing.seat.fitting[kind] ? sharing.free[kind] : 0;
    for (size_t n = std::min(static_cast<size_t>(free), missing) + 1; n-- > 0;) {
      if (more.size() >= sharing.most) {
        is_exact_ = false;
        return;
      }
      Share(sharing, place + 1, taken + Seating(n, static_cast<char>(kind)), more);
    }
  }

  // How much of what others seek is taken.
  size_t Cost(const Seating& way) const {
    size_t cost = 0;
    for (size_t place = 0; place < way.size(); ++place) cost += kinds_[KindAt(way, place)].sought;
    return cost;
  }

  void KeepTheBest() {
    is_exact_ = false;
    std::vector<std::pair<size_t, Seating>> ranked;
    for (Seating& way : ways_) ranked.emplace_back(Cost(way), std::move(way));
    std::sort(ranked.begin(), ranked.end());
    ranked.resize((limit_ + 1) / 2);
    ways_.clear();
    for (auto& [cost, way] : ranked) ways_.push_back(std::move(way));
  }

  const size_t limit_;
  Instant first_ = std::numeric_limits<Instant>::max();
  std::vector<Kind> kinds_;
  std::vector<size_t> by_sought_;
  std::vector<Seat> seats_;
  std::vector<const Seat*> fixed_;   // those there are of whom nothing is open
  std::vector<const Seat*> seated_;  // the others, in the order of the parts of each way
  std::vector<Seating> ways_;        // in order, each once
  bool is_exact_ = true;
};

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

// True if at some instant those who have to take from the set need more than it has.
bool IsAskedTooMuch(const UnitSet& set, const std::vector<UnitUse>& uses) {
  std::map<Instant, int64_t> steps;
  for (const UnitUse& use : uses) {
    if (!use.held.empty() || !Includes(set, use.fitting)) continue;
    steps[use.interval.start] += static_cast<int64_t>(use.count);
    steps[use.interval.end] -= static_cast<int64_t>(use.count);
  }
  int64_t needed = 0;
  for (const auto& [instant, step] : steps) {
    needed += step;
    if (needed > std::count(set.begin(), set.end(), true)) return true;
  }
  return false;
}

// Most of what does not fit shows at once, at a single instant (Hall's condition, for the
// sets that somebody asks for).
bool AskTooMuch(const std::vector<UnitUse>& uses) {
  std::set<UnitSet> sets;
  for (const UnitUse& use : uses) sets.insert(use.fitting);
  return std::any_of(sets.begin(), sets.end(),
                     [&](const auto& set) { return IsAskedTooMuch(set, uses); });
}

}  // namespace

bool Includes(const UnitSet& set, const UnitSet& part) {
  for (size_t unit = 0; unit < set.size(); ++unit) {
    if (part[unit] && !set[unit]) return false;
  }
  return true;
}

UnitFit FitUnits(size_t units, const std::vector<UnitUse>& uses) {
  if (HoldOneTogether(units, uses) || AskTooMuch(uses)) return UnitFit::kDoesNotFit;
  // Most of what fits is found among a few ways.
  if (Seatings(units, uses, kFirstWays).Run() == UnitFit::kFits) return UnitFit::kFits;
  return Seatings(units, uses, limits::kMaxSeatings).Run();
}

}  // namespace labslot::engine
