#include "daemon/engine/unit_seats.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

// How often a new way is begun, again with those first for whom there was no place. The
// second mostly does; each takes up to a second where thousands nearly fill a pool.
constexpr int kMostRounds = 8;

}  // namespace

// Tries whether there are units if all others keep theirs; then whether there are if all
// who begin later may change theirs, until it comes back to what they have; and the same
// from further and further back.
class UnitSeats::Search {
 public:
  // Leaves those out of account who are marked.
  Search(const UnitSeats& seats, Marks gone) : seats_(seats), free_(gone), gone_(std::move(gone)) {}

  // Whether `open`, which is not empty, can have units beside all who have some.
  UnitFit Run(const std::vector<UnitUse>& open) {
    size_t steps = limits::kMaxReseatingSteps;
    Interval reach = open.front().interval;
    for (const UnitUse& use : open) reach = reach.Hull(use.interval);
    const Seating at_once = SeatBesideOthers(open, steps);
    units_ = at_once.units;
    UnitFit fit = at_once.fit;
    for (size_t moved = 0; fit != UnitFit::kFits; moved = moved_.size()) {
      reach = Widen(reach);
      if (moved_.size() == moved) return fit;
      if (SeatBesideBound(open, steps).fit == UnitFit::kDoesNotFit) return UnitFit::kDoesNotFit;
      fit = SeatFrom(reach.start, open, steps);
      if (steps == 0) return fit == UnitFit::kFits ? fit : UnitFit::kUndecided;
    }
    return fit;
  }

  // The same of `open` and those who overlap the interval alone, beside those who are
  // bound.
  UnitFit RunAround(const Interval& around, const std::vector<UnitUse>& open) {
    size_t steps = limits::kMaxReseatingSteps;
    Widen(around);
    return SeatBesideBound(open, steps).fit;
  }

  // Lets all move who overlap the interval, and returns how far they reach.
  Interval Widen(const Interval& interval) {
    Interval reach = interval;
    for (size_t unit = 0; unit < seats_.units(); ++unit) {
      seats_.VisitOn(unit, interval, [&](size_t place) {
        const UnitUse& use = seats_.uses_[place].use;
        const Interval rest = seats_.RestOf(place);
        if (gone_[place] || use.is_bound() || rest.empty()) return true;
        reach = reach.Hull(rest);
        if (!free_[place]) moved_.push_back(place);
        free_[place] = true;
        return true;
      });
    }
    return reach;
  }

  // The rest is about a Run that fitted. Units of each of `open`.
  const std::vector<std::vector<size_t>>& units() const { return units_; }

  // Those who get other units than they have.
  std::vector<std::pair<size_t, std::vector<size_t>>> Moves() const {
    std::vector<std::pair<size_t, std::vector<size_t>>> moves;
    if (listed_.empty()) return moves;
    Marks is_seated(seats_.uses_.size());
    for (size_t i = 0; i < listed_.size(); ++i) {
      const std::vector<size_t>& units = again_.units[i + units_.size()];
      if (units.empty()) continue;
      is_seated[listed_[i]] = true;
      if (units != seats_.uses_[listed_[i]].units) moves.emplace_back(listed_[i], units);
    }
    if (again_.instead.empty()) return moves;
    for (auto it = seats_.by_start_.lower_bound({from_, 0}); it != seats_.by_start_.end(); ++it) {
      if (is_seated[it->second]) continue;
      std::vector<size_t> units = seats_.uses_[it->second].units;
      for (size_t& unit : units) unit = again_.instead[unit];
      if (units != seats_.uses_[it->second].units) moves.emplace_back(it->second, std::move(units));
    }
    return moves;
  }

  // Seats who has no units, if he can have some.
  static UnitFit GiveUnits(UnitSeats& seats, size_t place) {
    Search search(seats, seats.MarksOf({}));
    const UnitFit fit = search.Run({seats.uses_[place].use});
    if (fit != UnitFit::kFits) return fit;
    const auto moves = search.Moves();
    for (const auto& [moved, units] : moves) {
      seats.StandUp(moved);
      seats.uses_[moved].use.interval = seats.RestOf(moved);
    }
    seats.Sit(place, search.units()[0]);
    for (const auto& [moved, units] : moves) seats.Sit(moved, units);
    return fit;
  }

 private:
  template <typename IsInTheWay>
  bool IsTaken(size_t unit, const Interval& interval, IsInTheWay is_in_the_way) const {
    bool taken = false;
    seats_.VisitOn(unit, interval, [&](size_t place) {
      taken = is_in_the_way(place);
      return !taken;
    });
    return taken;
  }

  // Leaves of what would do for each use what is not in the way. Nothing if that is so
  // of a unit that is held.
  template <typename IsInTheWay>
  std::optional<std::vector<UnitUse>> Beside(const std::vector<UnitUse>& open,
                                             IsInTheWay is_in_the_way) const {
    std::vector<UnitUse> uses = open;
    for (const size_t place : moved_) {
      uses.push_back(seats_.uses_[place].use);
      uses.back().interval = seats_.RestOf(place);
    }
    for (UnitUse& use : uses) {
      for (const size_t unit : use.held) {
        if (IsTaken(unit, use.interval, is_in_the_way)) return std::nullopt;
      }
      UnitSet left(seats_.units());
      for (size_t unit = 0; unit < seats_.units(); ++unit) {
        if (!use.fitting.Has(unit) || IsTaken(unit, use.interval, is_in_the_way)) continue;
        left.Add(unit);
      }
      use.fitting = left;
    }
    return uses;
  }

  Seating Seat(const std::optional<std::vector<UnitUse>>& uses, size_t& steps) const {
    if (!uses) return {UnitFit::kDoesNotFit, {}};
    if (uses->size() == 1) return SeatOne(uses->front());
    return SeatAll(seats_.units(), *uses, steps);
  }

  Seating SeatBesideOthers(const std::vector<UnitUse>& open, size_t& steps) const {
    return Seat(Beside(open, [&](size_t place) { return !free_[place]; }), steps);
  }

  Seating SeatBesideBound(const std::vector<UnitUse>& open, size_t& steps) const {
    const auto is_in_the_way = [&](size_t place) {
      return !gone_[place] && seats_.uses_[place].use.is_bound();
    };
    return Seat(Beside(open, is_in_the_way), steps);
  }

  // Takes the units that are least sought, and of those the ones that have been free for
  // the shortest time, so that long gaps stay long.
  Seating SeatOne(const UnitUse& use) const {
    std::vector<std::tuple<size_t, Instant, size_t>> free;
    for (size_t unit = 0; unit < seats_.units(); ++unit) {
      const bool is_held = std::find(use.held.begin(), use.held.end(), unit) != use.held.end();
      if (is_held || !use.fitting.Has(unit)) continue;
      free.emplace_back(seats_.SoughtBy(unit), FreeSince(unit, use.interval.start), unit);
    }
    const size_t missing = use.count - use.held.size();
    if (free.size() < missing) return {UnitFit::kDoesNotFit, {}};
    std::sort(free.begin(), free.end(), [](const auto& a, const auto& b) {
      return std::make_tuple(std::get<0>(a), -std::get<1>(a), std::get<2>(a)) <
             std::make_tuple(std::get<0>(b), -std::get<1>(b), std::get<2>(b));
    });
    std::vector<size_t> units = use.held;
    for (size_t i = 0; i < missing; ++i) units.push_back(std::get<2>(free[i]));
    return {UnitFit::kFits, {std::move(units)}};
  }

  Instant FreeSince(size_t unit, Instant instant) const {
    const auto& on_unit = seats_.by_unit_[unit];
    const auto next = on_unit.lower_bound(instant);
    return next == on_unit.begin() ? 0 : seats_.uses_[std::prev(next)->second].use.interval.end;
  }

  // Whether `open` can have units if all who began before keep theirs and all who begin
  // later may change them.
  UnitFit SeatFrom(Instant from, const std::vector<UnitUse>& open, size_t& steps) {
    from_ = from;
    for (const size_t ways : {kFirstWays, 8 * kFirstWays, limits::kMaxSeatings}) {
      for (size_t most = kFirstListed;; most *= 4) {
        Reseating reseating;
        const bool is_all = List(open, most, reseating);
        again_ = SeatAgain(reseating, is_all, ways, steps);
        if (again_.is_too_short) continue;
        if (again_.fit == UnitFit::kFits) {
          units_.assign(again_.units.begin(),
                        again_.units.begin() + static_cast<std::ptrdiff_t>(open.size()));
        }
        if (again_.fit != UnitFit::kUndecided) return again_.fit;
        break;
      }
    }
    return UnitFit::kUndecided;
  }

  // Who is to be seated again, `open` first, and up to `most` who begin from `from_` on.
  // True if there are no more.
  bool List(const std::vector<UnitUse>& open, size_t most, Reseating& reseating) {
    const std::vector<bool> held_later = HeldLater(open);
    reseating.kind_of = Kinds(open, held_later);
    listed_.clear();
    for (const UnitUse& use : open) Add(use, {}, held_later, reseating);
    for (size_t unit = 0; unit < seats_.units(); ++unit) {
      seats_.VisitOn(unit, {from_, from_ + 1}, [&](size_t place) {
        const OwnedUse& there = seats_.uses_[place];
        const bool came_before = there.use.interval.start < from_;
        if (gone_[place] || !came_before || there.units.front() != unit) return true;
        UnitUse use = there.use;
        use.interval = seats_.RestOf(place);
        if (use.interval.start < from_ || use.is_bound()) {
          use.interval.start = from_;
          use.held = there.units;
        }
        Add(std::move(use), there.units, held_later, reseating);
        listed_.push_back(place);
        return true;
      });
    }
    for (auto it = seats_.by_start_.lower_bound({from_, 0}); it != seats_.by_start_.end(); ++it) {
      const OwnedUse& later = seats_.uses_[it->second];
      if (gone_[it->second] || later.use.is_bound()) continue;
      if (listed_.size() >= most) return false;
      Add(later.use, later.units, held_later, reseating);
      listed_.push_back(it->second);
    }
    return true;
  }

  // A use without the units that somebody holds meanwhile.
  void Add(UnitUse use, const std::vector<size_t>& units, const std::vector<bool>& held_later,
           Reseating& reseating) const {
    for (size_t unit = 0; unit < held_later.size(); ++unit) {
      if (held_later[unit] && use.fitting.Has(unit) && IsBound(unit, use.interval)) {
        use.fitting.Remove(unit);
      }
    }
    reseating.uses.push_back(std::move(use));
    reseating.units.push_back(units);
  }

  bool IsBound(size_t unit, const Interval& interval) const {
    return IsTaken(unit, interval, [&](size_t place) {
      return !gone_[place] && seats_.uses_[place].use.is_bound();
    });
  }

  // By unit: whether somebody holds it who begins from `from_` on.
  std::vector<bool> HeldLater(const std::vector<UnitUse>& open) const {
    std::vector<bool> held(seats_.units());
    const auto hold = [&](const UnitUse& use) {
      for (const size_t unit : use.held) held[unit] = true;
    };
    for (const UnitUse& use : open) hold(use);
    for (const size_t place : seats_.holders_) {
      if (!gone_[place] && seats_.uses_[place].use.interval.start >= from_) {
        hold(seats_.uses_[place].use);
      }
    }
    return held;
  }

  // Units of one kind do for the same people, and nobody holds them later.
  std::vector<size_t> Kinds(const std::vector<UnitUse>& open,
                            const std::vector<bool>& held_later) const {
    std::map<std::vector<size_t>, size_t> known;
    std::vector<size_t> kind_of;
    for (size_t unit = 0; unit < seats_.units(); ++unit) {
      std::vector<size_t> looks = {held_later[unit] ? unit + 1 : 0};
      for (const UnitUse& use : open) looks.push_back(use.fitting.Has(unit));
      for (const auto& [set, count] : seats_.asked_) looks.push_back(set.Has(unit));
      kind_of.push_back(known.try_emplace(std::move(looks), known.size()).first->second);
    }
    return kind_of;
  }

  static constexpr size_t kFirstListed = 128;

  const UnitSeats& seats_;
  Marks free_;        // may change units, or is gone
  const Marks gone_;  // places whose units can be had
  Places moved_;      // may change units
  std::vector<std::vector<size_t>> units_;
  Instant from_ = 0;
  Places listed_;  // who was seated again behind `open`
  Reseated again_;
};

template <typename Visitor>
void UnitSeats::VisitOn(size_t unit, const Interval& interval, Visitor visitor) const {
  const auto& on_unit = by_unit_[unit];
  auto it = on_unit.upper_bound(interval.start);
  // Nobody sits on another's lap, so only the last one before can reach into it.
  if (it != on_unit.begin() && uses_[std::prev(it)->second].use.interval.end > interval.start) --it;
  for (; it != on_unit.end() && it->first < interval.end; ++it) {
    if (!visitor(it->second)) return;
  }
}

void UnitSeats::Put(Owner owner, UnitUse use) {
  if (use.count == 0) return;
  ++asked_[use.fitting];
  if (unused_.empty()) {
    unused_.push_back(uses_.size());
    uses_.emplace_back();
  }
  const size_t place = unused_.back();
  unused_.pop_back();
  if (!use.held.empty()) holders_.insert(place);
  uses_[place] = {owner, std::move(use), {}};
  by_owner_[owner].push_back(place);
  waiting_.push_back(place);
  has_changed_ = true;
}

void UnitSeats::Remove(Owner owner) {
  const auto owned = by_owner_.find(owner);
  if (owned == by_owner_.end()) return;
  for (const size_t place : Places(owned->second)) Forget(place);
}

void UnitSeats::Forget(size_t place) {
  StandUp(place);
  OwnedUse& use = uses_[place];
  waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), place), waiting_.end());
  holders_.erase(place);
  const auto asked = asked_.find(use.use.fitting);
  if (--asked->second == 0) asked_.erase(asked);
  const auto owned = by_owner_.find(use.owner);
  owned->second.erase(std::find(owned->second.begin(), owned->second.end(), place));
  if (owned->second.empty()) by_owner_.erase(owned);
  use = {};
  use.use.count = 0;
  unused_.push_back(place);
  has_changed_ = true;
}

void UnitSeats::Sit(size_t place, std::vector<size_t> units) {
  uses_[place].units = std::move(units);
  by_start_.emplace(uses_[place].use.interval.start, place);
  for (const size_t unit : uses_[place].units) {
    by_unit_[unit].emplace(uses_[place].use.interval.start, place);
  }
}

void UnitSeats::StandUp(size_t place) {
  for (const size_t unit : uses_[place].units) {
    by_unit_[unit].erase(uses_[place].use.interval.start);
  }
  by_start_.erase({uses_[place].use.interval.start, place});
  uses_[place].units.clear();
}

void UnitSeats::ForgetBefore() {
  if (size() < size_when_forgot_) return;
  for (size_t place = 0; place < uses_.size(); ++place) {
    if (is_used(place) && RestOf(place).empty()) Forget(place);
  }
  size_when_forgot_ = std::max<size_t>(64, 2 * size());
}

void UnitSeats::Settle(Instant now) {
  // Who has none may have to wait for no more than the end of somebody's time.
  if (!has_changed_ && (waiting_.empty() || now == settled_at_)) {
    settled_at_ = now;
    return;
  }
  settled_at_ = now;
  ForgetBefore();
  has_changed_ = false;
  const bool is_new = by_start_.empty();
  SeatWaiting(Marks(uses_.size()));
  if (is_new && is_unproven_) BeginAgain();
}

void UnitSeats::SeatWaiting(const Marks& is_urgent) {
  is_unproven_ = false;
  Places waiting = std::exchange(waiting_, {});
  for (const size_t place : waiting) uses_[place].use.interval = RestOf(place);
  // Who holds units comes first: nobody else can have those. Then those for whom it is
  // hardest to find a place, which takes a fraction of the time of any other order.
  std::sort(waiting.begin(), waiting.end(), [&](size_t a, size_t b) {
    const auto rank = [&](size_t place) {
      const UnitUse& use = uses_[place].use;
      return std::make_tuple(!use.is_bound(), !is_urgent[place], -use.interval.length(),
                             use.fitting.count(), place);
    };
    return rank(a) < rank(b);
  });
  // Others may have to stand up meanwhile.
  for (size_t i = 0; i < waiting.size(); ++i) FindUnitsFor(waiting[i], waiting);
}

void UnitSeats::FindUnitsFor(size_t place, Places& waiting) {
  if (uses_[place].use.interval.empty()) return Forget(place);
  UnitFit fit = Search::GiveUnits(*this, place);
  if (fit != UnitFit::kFits && uses_[place].use.is_bound()) {
    for (const size_t other : OpenUsesInTheWayOf(uses_[place].use)) {
      StandUp(other);
      uses_[other].use.interval = RestOf(other);
      waiting.push_back(other);
    }
    fit = Search::GiveUnits(*this, place);
  }
  if (fit == UnitFit::kFits) return;
  waiting_.push_back(place);
  is_unproven_ = is_unproven_ || fit == UnitFit::kUndecided;
}

UnitSeats::Places UnitSeats::OpenUsesInTheWayOf(const UnitUse& bound) const {
  absl::btree_set<size_t> places;
  for (const size_t unit : bound.held) {
    VisitOn(unit, bound.interval, [&](size_t place) {
      if (!uses_[place].use.is_bound()) places.insert(place);
      return true;
    });
  }
  return Places(places.begin(), places.end());
}

// Each of them was granted something once: to miss how would hold up all who come.
void UnitSeats::BeginAgain() {
  Marks is_urgent(uses_.size());
  for (int round = 1; round < kMostRounds && is_unproven_; ++round) {
    for (const size_t place : waiting_) is_urgent[place] = true;
    for (const auto& [start, place] : std::exchange(by_start_, {})) {
      StandUp(place);
      waiting_.push_back(place);
    }
    SeatWaiting(is_urgent);
  }
}

// How many ask for it.
size_t UnitSeats::SoughtBy(size_t unit) const {
  size_t sought = 0;
  for (const auto& [set, count] : asked_) sought += set.Has(unit) ? count : 0;
  return sought;
}

// What is still to come of it.
Interval UnitSeats::RestOf(size_t place) const {
  return uses_[place].use.interval.Intersect({settled_at_, uses_[place].use.interval.end});
}

UnitSeats::Marks UnitSeats::MarksOf(const Owners& owners) const {
  Marks marks(uses_.size());
  for (const Owner owner : owners) {
    const auto owned = by_owner_.find(owner);
    if (owned == by_owner_.end()) continue;
    for (const size_t place : owned->second) marks[place] = true;
  }
  return marks;
}

void UnitSeats::AddWithoutUnits(const Interval& interval, const Owners& without,
                                std::vector<UnitUse>& uses) const {
  for (OwnedUse& owned : WithoutUnits(interval)) {
    if (!without.contains(owned.owner)) uses.push_back(std::move(owned.use));
  }
}

UnitFit UnitSeats::FitWith(const Interval& around, const std::vector<UnitUse>& more,
                           const Owners& without) const {
  std::vector<UnitUse> open = more;
  if (!waiting_.empty()) AddWithoutUnits(ChainAround(around), without, open);
  if (open.empty()) return UnitFit::kFits;
  return Search(*this, MarksOf(without)).Run(open);
}

UnitFit UnitSeats::FitAround(const Interval& around, const std::vector<UnitUse>& more,
                             const Owners& without) const {
  std::vector<UnitUse> open = more;
  AddWithoutUnits(around, without, open);
  return Search(*this, MarksOf(without)).RunAround(around, open);
}

Interval UnitSeats::ReachAround(const Interval& interval) const {
  Interval reach = Search(*this, MarksOf({})).Widen(interval);
  for (const OwnedUse& owned : WithoutUnits(interval)) {
    reach = reach.Hull(owned.use.interval);
  }
  return reach;
}

Interval UnitSeats::ChainAround(const Interval& interval) const {
  Interval chain = interval;
  for (Interval reach = ReachAround(chain); reach != chain; reach = ReachAround(chain)) {
    chain = reach;
  }
  return chain;
}

std::vector<UnitSeats::OwnedUse> UnitSeats::Overlapping(const Interval& interval) const {
  std::vector<OwnedUse> found = WithoutUnits(interval);
  for (size_t unit = 0; unit < by_unit_.size(); ++unit) {
    VisitOn(unit, interval, [&](size_t place) {
      if (uses_[place].units.front() == unit) AddRest(place, interval, found);
      return true;
    });
  }
  return found;
}

std::vector<UnitSeats::OwnedUse> UnitSeats::WithoutUnits(const Interval& interval) const {
  std::vector<OwnedUse> found;
  for (const size_t place : waiting_) AddRest(place, interval, found);
  return found;
}

void UnitSeats::AddRest(size_t place, const Interval& interval,
                        std::vector<OwnedUse>& found) const {
  const Interval rest = RestOf(place);
  if (rest.empty() || !rest.Overlaps(interval)) return;
  found.push_back(uses_[place]);
  found.back().use.interval = rest;
}

}  // namespace labslot::engine
