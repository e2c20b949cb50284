#include "daemon/engine/unit_fit.h"

#include <algorithm>
#include <cstdint>
#include <map>
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
};

class Seatings {
 public:
  Seatings(size_t units, const std::vector<UnitUse>& uses) { Classify(units, uses); }

  UnitFit Run() {
    std::sort(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
      return std::make_pair(a.interval.start, a.interval.end) <
             std::make_pair(b.interval.start, b.interval.end);
    });
    ways_.insert(Seating());
    for (const Seat& seat : seats_) {
      Leave(seat.interval.start);
      Enter(seat);
      if (ways_.empty()) return is_exact_ ? UnitFit::kDoesNotFit : UnitFit::kUndecided;
    }
    return UnitFit::kFits;
  }

 private:
  void Classify(size_t units, const std::vector<UnitUse>& uses) {
    std::map<std::vector<uint8_t>, size_t> known;
    std::vector<size_t> kind_of;
    for (size_t unit = 0; unit < units; ++unit) {
      std::vector<uint8_t> looks;
      size_t sought = 0;
      for (const UnitUse& use : uses) {
        const bool is_held = std::find(use.held.begin(), use.held.end(), unit) != use.held.end();
        looks.push_back(static_cast<uint8_t>((use.fitting[unit] ? 1 : 0) + (is_held ? 2 : 0)));
        if (use.fitting[unit]) ++sought;
      }
      const auto [kind, is_new] = known.try_emplace(std::move(looks), kinds_.size());
      if (is_new) kinds_.push_back({0, sought});
      ++kinds_[kind->second].size;
      kind_of.push_back(kind->second);
    }
    for (const UnitUse& use : uses) seats_.push_back(SeatOf(use, kind_of));
  }

  Seat SeatOf(const UnitUse& use, const std::vector<size_t>& kind_of) const {
    Seat seat = {use.interval, use.count, std::vector<bool>(kinds_.size()),
                 std::vector<uint16_t>(kinds_.size())};
    for (size_t unit = 0; unit < kind_of.size(); ++unit) {
      if (use.fitting[unit]) seat.fitting[kind_of[unit]] = true;
    }
    for (const size_t unit : use.held) ++seat.held[kind_of[unit]];
    return seat;
  }

  // Takes out who is gone at the instant; ways that differed in those only are one.
  void Leave(Instant instant) {
    const auto gone = [&](const Seat* seat) { return seat->interval.end <= instant; };
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

  void Enter(const Seat& seat) {
    absl::btree_set<Seating> more;
    for (const Seating& way : ways_) AddWays(seat, way, more);
    seated_.push_back(&seat);
    ways_ = std::move(more);
    if (ways_.size() > limits::kMaxSeatings) KeepTheBest();
  }

  // Adds all ways to seat one more.
  void AddWays(const Seat& seat, const Seating& way, absl::btree_set<Seating>& more) const {
    std::vector<size_t> free;
    for (const Kind& kind : kinds_) free.push_back(kind.size);
    for (size_t i = 0; i < way.size(); ++i) free[i % kinds_.size()] -= way[i];
    Seating next = way;
    size_t wanted = seat.count;
    for (size_t kind = 0; kind < kinds_.size(); ++kind) {
      if (seat.held[kind] > free[kind]) return;
      free[kind] -= seat.held[kind];
      wanted -= seat.held[kind];
      next.push_back(seat.held[kind]);
    }
    Share(seat, free, 0, wanted, next, more);
  }

  // Adds all ways to take `wanted` more of the kinds from `kind` on.
  void Share(const Seat& seat, const std::vector<size_t>& free, size_t kind, size_t wanted,
             Seating& next, absl::btree_set<Seating>& more) const {
    if (wanted == 0) {
      more.insert(next);
      return;
    }
    if (kind == kinds_.size()) return;
    uint16_t& taken = next[next.size() - kinds_.size() + kind];
    const uint16_t before = taken;
    const size_t most = seat.fitting[kind] ? std::min(free[kind], wanted) : 0;
    for (size_t n = 0; n <= most; ++n) {
      taken = static_cast<uint16_t>(before + n);
      Share(seat, free, kind + 1, wanted - n, next, more);
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

  std::vector<Kind> kinds_;
  std::vector<Seat> seats_;
  std::vector<const Seat*> seated_;  // in the order of the parts of each way
  absl::btree_set<Seating> ways_;
  bool is_exact_ = true;
};

}  // namespace

UnitFit FitUnits(size_t units, const std::vector<UnitUse>& uses) {
  return Seatings(units, uses).Run();
}

}  // namespace labslot::engine
