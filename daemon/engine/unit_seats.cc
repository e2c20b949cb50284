#include "daemon/engine/unit_seats.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/engine/unit_shuffle.h"

namespace labslot::engine {
namespace {

// How many seats are looked at before it is asked whether too many come at once, and
// behind that.
constexpr size_t kFirstLooks = 2000;
constexpr size_t kMostLooks = 30000;

// How often a new way is begun, again with those first for whom there was no place.
constexpr int kMostRounds = 16;

}  // namespace

// Moves others about, and where that finds nothing asks whether there is a way at all.
class UnitSeats::Search {
 public:
  // Leaves those out of account who are marked.
  Search(const UnitSeats& seats, Marks gone)
      : seats_(seats), table_(seats.table_), gone_(std::move(gone)), is_listed_(gone_) {}

  // Whether `open`, which is not empty, can have units beside all who have some.
  UnitFit Run(const std::vector<UnitUse>& open) {
    if (!AreHeldByNobodyElse(open)) return UnitFit::kDoesNotFit;
    seats_.TellApart(open);
    if (Shuffle(open, kFirstLooks)) return UnitFit::kFits;
    Interval near = open.front().interval;
    for (const UnitUse& use : open) near = near.Hull(use.interval);
    if (AreTooManyIn(near, open)) return UnitFit::kDoesNotFit;
    if (Shuffle(open, kMostLooks)) return UnitFit::kFits;
    return Prove(near, open);
  }

  // The same of `open` and those who overlap the interval alone, beside those who are
  // bound.
  UnitFit RunAround(const Interval& around, const std::vector<UnitUse>& open) {
    size_t steps = limits::kMaxReseatingSteps;
    List(around);
    return SeatListed(open, steps).fit;
  }

  // Lists all who overlap the interval and are not bound, and returns how far they reach.
  Interval List(const Interval& interval) {
    Interval reach = interval;
    for (UnitTable::Kind kind = 0; kind < table_.kinds(); ++kind) {
      table_.VisitOn(kind, interval, [&](Place place) {
        const Interval rest = seats_.RestOf(place);
        if (gone_[place] || table_.use(place).is_bound() || rest.empty()) return;
        reach = reach.Hull(rest);
        if (!is_listed_[place]) listed_.push_back(place);
        is_listed_[place] = true;
      });
    }
    return reach;
  }

  // The rest is about a Run that fitted. Kinds of each of `open`.
  const std::vector<Kinds>& kinds() const { return kinds_; }
  // Those who get other kinds than they have.
  const std::vector<std::pair<Place, Kinds>>& moves() const { return moves_; }

 private:
  // True if at some instant more units are asked for than there are.
  bool AreTooManyIn(const Interval& near, const std::vector<UnitUse>& open) {
    List(near);
    size_t no_steps = 0;
    return SeatListed(open, no_steps).fit == UnitFit::kDoesNotFit;
  }

  // Whether there is a way for those who meet, for those whom they meet, and so on.
  UnitFit Prove(Interval reach, const std::vector<UnitUse>& open) {
    for (size_t steps = limits::kMaxReseatingSteps; steps > 0;) {
      const Interval wider = List(reach);
      const Seating seating = SeatListed(open, steps);
      if (seating.fit == UnitFit::kDoesNotFit) return seating.fit;
      if (wider == reach) {
        if (seating.fit == UnitFit::kFits) Take(open.size(), seating);
        return seating.fit;
      }
      reach = wider;
    }
    return UnitFit::kUndecided;
  }

  bool Shuffle(const std::vector<UnitUse>& open, size_t looks) {
    UnitShuffle shuffle(table_, seats_.KindsBySought(), seats_.settled_at_, gone_);
    if (!shuffle.Run(open, looks)) return false;
    kinds_ = shuffle.kinds();
    moves_ = shuffle.Moves();
    return true;
  }

  // Of `open`, and those who are listed.
  void Take(size_t open, const Seating& seating) {
    const auto kinds_of = [&](size_t i) {
      Kinds kinds;
      for (const size_t unit : seating.units[i]) kinds.push_back(table_.KindOf(unit));
      return kinds;
    };
    for (size_t i = 0; i < open; ++i) kinds_.push_back(kinds_of(i));
    for (size_t i = 0; i < listed_.size(); ++i) moves_.emplace_back(listed_[i], kinds_of(open + i));
  }

  template <typename Counts>
  bool IsHeld(size_t unit, const Interval& interval, Counts counts) const {
    bool is_held = false;
    table_.VisitHolders(unit, [&](Place place) {
      is_held = is_held || (!gone_[place] && seats_.RestOf(place).Overlaps(interval) &&
                            counts(table_.use(place)));
    });
    return is_held;
  }

  bool AreHeldByNobodyElse(const std::vector<UnitUse>& open) const {
    const auto anybody = [](const UnitUse&) { return true; };
    for (size_t i = 0; i < open.size(); ++i) {
      for (const size_t unit : open[i].held) {
        if (IsHeld(unit, open[i].interval, anybody)) return false;
        for (size_t j = 0; j < i; ++j) {
          const std::vector<size_t>& held = open[j].held;
          if (open[i].interval.Overlaps(open[j].interval) &&
              std::find(held.begin(), held.end(), unit) != held.end()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  // Whether all can have units who are listed, and `open`, beside those who are bound.
  Seating SeatListed(const std::vector<UnitUse>& open, size_t& steps) const {
    std::vector<UnitUse> uses = open;
    for (const Place place : listed_) {
      uses.push_back(table_.use(place));
      uses.back().interval = seats_.RestOf(place);
    }
    const auto is_bound = [](const UnitUse& use) { return use.is_bound(); };
    for (UnitUse& use : uses) {
      for (const size_t unit : use.held) {
        if (IsHeld(unit, use.interval, is_bound)) return {UnitFit::kDoesNotFit, {}};
      }
      for (size_t unit = 0; unit < table_.units(); ++unit) {
        if (IsHeld(unit, use.interval, is_bound)) use.fitting.Remove(unit);
      }
    }
    return SeatAll(table_.units(), uses, steps);
  }

  const UnitSeats& seats_;
  const UnitTable& table_;
  const Marks gone_;  // places whose units can be had
  Marks is_listed_;   // or gone
  Places listed_;
  std::vector<Kinds> kinds_;
  std::vector<std::pair<Place, Kinds>> moves_;
};

void UnitSeats::Put(Owner owner, UnitUse use) {
  if (use.count == 0) return;
  ++asked_[use.fitting];
  ++owned_;
  const Place place = table_.Add(std::move(use));
  owner_of_.resize(std::max(owner_of_.size(), place + 1));
  owner_of_[place] = owner;
  by_owner_[owner].push_back(place);
  waiting_.push_back(place);
  has_changed_ = true;
}

void UnitSeats::Remove(Owner owner) {
  const auto owned = by_owner_.find(owner);
  if (owned == by_owner_.end()) return;
  for (const Place place : Places(owned->second)) Forget(place);
}

void UnitSeats::Forget(Place place) {
  std::erase(waiting_, place);
  const auto asked = asked_.find(table_.use(place).fitting);
  if (--asked->second == 0) asked_.erase(asked);
  const auto owned = by_owner_.find(owner_of_[place]);
  std::erase(owned->second, place);
  if (owned->second.empty()) by_owner_.erase(owned);
  table_.StandUp(place);
  table_.Drop(place);
  --owned_;
  has_changed_ = true;
}

void UnitSeats::ForgetBefore() {
  if (size() < size_when_forgot_) return;
  for (Place place = 0; place < table_.places(); ++place) {
    if (table_.is_used(place) && RestOf(place).empty()) Forget(place);
  }
  JoinKinds();
  size_when_forgot_ = std::max<size_t>(64, 2 * size());
}

// What nobody asks for any more need not be told apart.
void UnitSeats::JoinKinds() {
  // Who waits may ask for what nobody asked for yet.
  for (const Place place : waiting_) TellApart({table_.use(place)});
  std::vector<UnitSet> sets;
  for (const auto& [set, count] : asked_) sets.push_back(set);
  std::vector<bool> alone(table_.units());
  for (Place place = 0; place < table_.places(); ++place) {
    if (table_.use(place).interval.start <= settled_at_) continue;
    for (const size_t unit : table_.use(place).held) alone[unit] = true;
  }
  table_.Join(sets, alone);
}

void UnitSeats::TellApart(const std::vector<UnitUse>& uses) const {
  for (const UnitUse& use : uses) {
    table_.TellApart(use.fitting, settled_at_);
    if (use.interval.start <= settled_at_) continue;
    for (const size_t unit : use.held) {
      UnitSet alone(table_.units());
      alone.Add(unit);
      table_.TellApart(alone, settled_at_);
    }
  }
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
  const bool is_new = waiting_.size() == size();
  SeatWaiting(Marks(table_.places()));
  if (is_new && is_unproven_) BeginAgain();
}

void UnitSeats::SeatWaiting(const Marks& is_urgent) {
  is_unproven_ = false;
  Places waiting = std::exchange(waiting_, {});
  // Who holds units comes first: nobody else can have those. Then those for whom it is
  // hardest to find a place, which takes a fraction of the time of any other order.
  std::sort(waiting.begin(), waiting.end(), [&](Place a, Place b) {
    const auto rank = [&](Place place) {
      const UnitUse& use = table_.use(place);
      return std::make_tuple(!use.is_bound(), !is_urgent[place], -RestOf(place).length(),
                             use.fitting.count(), place);
    };
    return rank(a) < rank(b);
  });
  // Others may have to stand up meanwhile.
  for (size_t i = 0; i < waiting.size(); ++i) FindUnitsFor(waiting[i], waiting);
}

void UnitSeats::FindUnitsFor(Place place, Places& waiting) {
  if (RestOf(place).empty()) return Forget(place);
  UnitFit fit = GiveUnits(place);
  if (fit != UnitFit::kFits && table_.use(place).is_bound()) {
    MakeRoomFor(place, waiting);
    fit = GiveUnits(place);
  }
  if (fit == UnitFit::kFits) return;
  waiting_.push_back(place);
  is_unproven_ = is_unproven_ || fit == UnitFit::kUndecided;
}

UnitFit UnitSeats::GiveUnits(Place place) {
  UnitUse use = table_.use(place);
  use.interval = RestOf(place);
  Search search(*this, MarksOf({}));
  const UnitFit fit = search.Run({use});
  if (fit != UnitFit::kFits) return fit;
  for (const auto& [moved, kinds] : search.moves()) table_.StandUp(moved);
  for (const auto& [moved, kinds] : search.moves()) table_.Sit(moved, kinds);
  table_.Sit(place, search.kinds().front());
  return fit;
}

void UnitSeats::MakeRoomFor(Place bound, Places& standing) {
  const Interval rest = RestOf(bound);
  for (const size_t unit : table_.use(bound).held) {
    const UnitTable::Kind kind = table_.KindOf(unit);
    Places open;
    table_.VisitOn(kind, rest, [&](Place place) {
      if (!table_.use(place).is_bound()) open.push_back(place);
    });
    for (const Place place : open) {
      if (table_.Peak(kind, rest) < table_.SizeOf(kind)) break;
      table_.StandUp(place);
      standing.push_back(place);
    }
  }
}

// Each of them was granted something once: to miss how would hold up all who come.
void UnitSeats::BeginAgain() {
  Marks is_urgent(table_.places());
  for (int round = 1; round < kMostRounds && is_unproven_; ++round) {
    for (const Place place : waiting_) is_urgent[place] = true;
    for (Place place = 0; place < table_.places(); ++place) {
      if (table_.kinds_of(place).empty()) continue;
      table_.StandUp(place);
      waiting_.push_back(place);
    }
    SeatWaiting(is_urgent);
  }
}

// Those for which the fewest ask first.
UnitSeats::Kinds UnitSeats::KindsBySought() const {
  std::vector<std::pair<size_t, UnitTable::Kind>> ranked;
  for (UnitTable::Kind kind = 0; kind < table_.kinds(); ++kind) {
    size_t sought = 0;
    for (const auto& [set, count] : asked_) sought += table_.WouldDo(kind, set) ? count : 0;
    ranked.emplace_back(sought, kind);
  }
  std::sort(ranked.begin(), ranked.end());
  Kinds kinds;
  for (const auto& [sought, kind] : ranked) kinds.push_back(kind);
  return kinds;
}

// What is still to come of it.
Interval UnitSeats::RestOf(Place place) const {
  const Interval& interval = table_.use(place).interval;
  return interval.Intersect({settled_at_, interval.end});
}

UnitSeats::Marks UnitSeats::MarksOf(const Owners& owners) const {
  Marks marks(table_.places());
  for (const Owner owner : owners) {
    const auto owned = by_owner_.find(owner);
    if (owned == by_owner_.end()) continue;
    for (const Place place : owned->second) marks[place] = true;
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
  Interval reach = Search(*this, MarksOf({})).List(interval);
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
  for (UnitTable::Kind kind = 0; kind < table_.kinds(); ++kind) {
    table_.VisitOn(kind, interval, [&](Place place) {
      // Of who sits on several kinds once.
      const Kinds& kinds = table_.kinds_of(place);
      if (*std::min_element(kinds.begin(), kinds.end()) == kind) AddRest(place, interval, found);
    });
  }
  return found;
}

std::vector<UnitSeats::OwnedUse> UnitSeats::WithoutUnits(const Interval& interval) const {
  std::vector<OwnedUse> found;
  for (const Place place : waiting_) AddRest(place, interval, found);
  return found;
}

std::vector<std::pair<UnitUse, std::vector<size_t>>> UnitSeats::Way() const {
  std::vector<std::pair<UnitUse, std::vector<size_t>>> way;
  for (auto& [place, units] : table_.WayOnAll(settled_at_)) {
    if (RestOf(place).empty()) continue;
    way.emplace_back(table_.use(place), std::move(units));
    way.back().first.interval = RestOf(place);
  }
  return way;
}

void UnitSeats::AddRest(Place place, const Interval& interval, std::vector<OwnedUse>& found) const {
  const Interval rest = RestOf(place);
  if (rest.empty() || !rest.Overlaps(interval)) return;
  found.push_back({owner_of_[place], table_.use(place), !table_.kinds_of(place).empty()});
  found.back().use.interval = rest;
}

}  // namespace labslot::engine
