#include "daemon/engine/unit_fit.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "absl/container/btree_set.h"
#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

// Units that all uses see alike.
struct Kind {
  size_t size = 0;
  size_t sought = 0;  // how many uses it would do for
};

// How many units each kind gives to each of those who are seated, one after the other.
using Seating = std::vector<uint16_t>;

// A use in terms of kinds.
struct Seat {
  Interval interval;
  size_t count = 0;
  std::vector<bool> fitting;
  std::vector<uint16_t> held;
  bool is_fixed = false;  // it has all that it needs
};

class Seatings {
 public:
  Seatings(size_t units, const std::vector<UnitUse>& uses) {
    for (const UnitUse& use : uses) first_ = std::min(first_, use.interval.start);
    Classify(units, uses);
  }

  UnitFit Run() {
    // Of those who come together the ones who hold something come first.
    std::sort(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
      const auto rank = [](const Seat& seat) {
        return std::make_tuple(seat.interval.start, !seat.is_fixed, seat.interval.end);
      };
      return rank(a) < rank(b);
    });
    ways_.insert(Seating());
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
    Seat seat = {use.interval, use.count, std::vector<bool>(kinds_.size()),
                 std::vector<uint16_t>(kinds_.size()), use.held.size() == use.count};
    for (size_t unit = 0; unit < kind_of.size(); ++unit) {
      if (use.fitting[unit]) seat.fitting[kind_of[unit]] = true;
    }
    for (const size_t unit : use.held) ++seat.held[kind_of[unit]];
    return seat;
  }

  // Takes out who is gone at the instant; ways that differed in those only are one.
  void Leave(Instant instant) {
    const auto gone = [&](const Seat* seat) { return seat->interval.end <= instant; };
    fixed_.erase(std::remove_if(fixed_.begin(), fixed_.end(), gone), fixed_.end());
    if (std::none_of(seated_.begin(), seated_.end(), gone)) return;
    absl::btree_set<Seating> left;
    for (const Seating& way : ways_) {
      Seating rest;
      for (size_t i = 0; i < seated_.size(); ++i) {
        if (gone(seated_[i])) continue;
        const auto first = way.begin() + static_cast<std::ptrdiff_t>(i * kinds_.size());
        rest.insert(rest.end(), first, first + static_cast<std::ptrdiff_t>(kinds_.size()));
      }
      left.insert(std::move(rest));
    }
    ways_ = std::move(left);
    seated_.erase(std::remove_if(seated_.begin(), seated_.end(), gone), seated_.end());
  }

  // What a way leaves of each kind; less than nothing where two have the same.
  std::vector<int64_t> FreeIn(const Seating& way) const {
    std::vector<int64_t> free;
    for (const Kind& kind : kinds_) free.push_back(static_cast<int64_t>(kind.size));
    for (const Seat* seat : fixed_) {
      for (size_t kind = 0; kind < kinds_.size(); ++kind) free[kind] -= seat->held[kind];
    }
    for (size_t i = 0; i < way.size(); ++i) free[i % kinds_.size()] -= way[i];
    return free;
  }

  void EnterFixed(const Seat& seat) {
    fixed_.push_back(&seat);
    absl::btree_set<Seating> left;
    for (const Seating& way : ways_) {
      const std::vector<int64_t> free = FreeIn(way);
      if (*std::min_element(free.begin(), free.end()) >= 0) left.insert(way);
    }
    ways_ = std::move(left);
  }

  void Enter(const Seat& seat) {
    absl::btree_set<Seating> more;
    const size_t most = std::max<size_t>(1, kMostWays / ways_.size());
    for (const Seating& way : ways_) AddWays(seat, way, more.size() + most, more);
    seated_.push_back(&seat);
    ways_ = std::move(more);
    if (ways_.size() > limits::kMaxSeatings) KeepTheBest();
  }

  // Adds the ways to seat one more, until there are `most`: those first that take the
  // least sought units.
  void AddWays(const Seat& seat, const Seating& way, size_t most, absl::btree_set<Seating>& more) {
    std::vector<int64_t> free = FreeIn(way);
    Seating next = way;
    size_t wanted = seat.count;
    for (size_t kind = 0; kind < kinds_.size(); ++kind) {
      if (seat.held[kind] > free[kind]) return;
      free[kind] -= seat.held[kind];
      wanted -= seat.held[kind];
      next.push_back(seat.held[kind]);
    }
    Share({seat, free, most}, 0, wanted, next, more);
  }

  struct Sharing {
    const Seat& seat;
    const std::vector<int64_t>& free;
    size_t most;
  };

  // Adds the ways to take `wanted` more of the kinds from `place` on.
  void Share(const Sharing& sharing, size_t place, size_t wanted, Seating& next,
             absl::btree_set<Seating>& more) {
    if (wanted == 0) {
      more.insert(next);
      return;
    }
    if (place == kinds_.size()) return;
    const size_t kind = by_sought_[place];
    uint16_t& taken = next[next.size() - kinds_.size() + kind];
    const uint16_t before = taken;
    const int64_t free = sharing.seat.fitting[kind] ? sharing.free[kind] : 0;
    for (size_t n = std::min(static_cast<size_t>(free), wanted) + 1; n-- > 0;) {
      if (more.size() >= sharing.most) {
        is_exact_ = false;
        break;
      }
      taken = static_cast<uint16_t>(before + n);
      Share(sharing, place + 1, wanted - n, next, more);
    }
    taken = before;
  }

  // How much of what others seek is taken.
  size_t Cost(const Seating& way) const {
    size_t cost = 0;
    for (size_t i = 0; i < way.size(); ++i) cost += way[i] * kinds_[i % kinds_.size()].sought;
    return cost;
  }

  void KeepTheBest() {
    is_exact_ = false;
    std::vector<std::pair<size_t, Seating>> ranked;
    for (const Seating& way : ways_) ranked.emplace_back(Cost(way), way);
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(limits::kMaxSeatings / 2);
    ways_.clear();
    for (auto& [cost, way] : ranked) ways_.insert(std::move(way));
  }

  static constexpr size_t kMostWays = 4 * limits::kMaxSeatings;

  Instant first_ = std::numeric_limits<Instant>::max();
  std::vector<Kind> kinds_;
  std::vector<size_t> by_sought_;
  std::vector<Seat> seats_;
  std::vector<const Seat*> fixed_;   // those there are of whom nothing is open
  std::vector<const Seat*> seated_;  // the others, in the order of the parts of each way
  absl::btree_set<Seating> ways_;
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

}  // namespace

UnitFit FitUnits(size_t units, const std::vector<UnitUse>& uses) {
  if (HoldOneTogether(units, uses)) return UnitFit::kDoesNotFit;
  return Seatings(units, uses).Run();
}

}  // namespace labslot::engine
