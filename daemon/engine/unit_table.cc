#include "daemon/engine/unit_table.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <tuple>

namespace labslot::engine {
namespace {

Seconds LengthClassOf(const Interval& interval) {
  constexpr Seconds kLongest = Seconds{1} << 62;
  Seconds length = 1;
  while (length < std::min(interval.length(), kLongest)) length *= 2;
  return length;
}

// Units that are free, in the order in which they are given.
class FreeUnits {
 public:
  FreeUnits(const std::vector<size_t>& units, const UnitSet& later) : later_(later) {
    for (const size_t unit : units) Put(unit);
  }

  void Put(size_t unit) { free_.insert({later_.Has(unit), unit}); }
  void Take(size_t unit) { free_.erase({later_.Has(unit), unit}); }
  size_t TakeFirst() {
    const size_t unit = free_.begin()->second;
    free_.erase(free_.begin());
    return unit;
  }

 private:
  const UnitSet& later_;
  absl::btree_set<std::pair<bool, size_t>> free_;
};

}  // namespace

UnitTable::UnitTable(size_t units) : kind_of_(units), holders_(units) {
  if (units == 0) return;
  kinds_.resize(1);
  kinds_.front().units.resize(units);
  std::iota(kinds_.front().units.begin(), kinds_.front().units.end(), size_t{0});
}

UnitTable::Place UnitTable::Add(UnitUse use) {
  if (unused_.empty()) {
    unused_.push_back(uses_.size());
    uses_.emplace_back();
  }
  const Place place = unused_.back();
  unused_.pop_back();
  uses_[place].use = std::move(use);
  return place;
}

void UnitTable::Drop(Place place) {
  uses_[place] = {};
  uses_[place].use.count = 0;
  unused_.push_back(place);
}

void UnitTable::Sit(Place place, std::vector<Kind> kinds) {
  uses_[place].kinds = std::move(kinds);
  VisitLoads(place, [&](Kind kind, const Occupant& load) {
    kinds_[kind].load.Insert(load);
    kinds_[kind].by_length[LengthClassOf(load.blocked)].insert({load.blocked.start, place});
  });
  for (const size_t unit : use(place).held) holders_[unit].insert(place);
}

void UnitTable::StandUp(Place place) {
  VisitLoads(place, [&](Kind kind, const Occupant& load) {
    kinds_[kind].load.Erase(load);
    const auto of_length = kinds_[kind].by_length.find(LengthClassOf(load.blocked));
    of_length->second.erase({load.blocked.start, place});
    if (of_length->second.empty()) kinds_[kind].by_length.erase(of_length);
  });
  for (const size_t unit : use(place).held) holders_[unit].erase(place);
  uses_[place].kinds.clear();
}

// Visits the kinds on which he sits, each once, with what he takes of it.
template <typename Visitor>
void UnitTable::VisitLoads(Place place, Visitor visitor) const {
  std::vector<Kind> kinds = kinds_of(place);
  std::sort(kinds.begin(), kinds.end());
  for (auto kind = kinds.begin(); kind != kinds.end();) {
    const auto next = std::upper_bound(kind, kinds.end(), *kind);
    visitor(*kind, Occupant{static_cast<ReservationId>(place), use(place).interval,
                            static_cast<int32_t>(next - kind)});
    kind = next;
  }
}

void UnitTable::TellApart(const UnitSet& set, Instant now) {
  if (!told_apart_.insert(set).second) return;
  for (Kind kind = 0, known = kinds(); kind < known; ++kind) {
    const std::vector<size_t>& units = kinds_[kind].units;
    const auto is_in = [&](size_t unit) { return set.Has(unit); };
    if (std::all_of(units.begin(), units.end(), is_in)) continue;
    if (std::any_of(units.begin(), units.end(), is_in)) Split(kind, set, now);
  }
}

void UnitTable::Split(Kind kind, const UnitSet& set, Instant now) {
  const Way units = WayOn(kind, set, now);
  std::map<Place, std::vector<Kind>> seats;
  for (const auto& [place, of_place] : units) {
    seats[place] = kinds_of(place);
    StandUp(place);
  }
  const std::vector<size_t> whole = std::move(kinds_[kind].units);
  kinds_[kind] = {};
  kinds_.emplace_back();
  for (const size_t unit : whole) {
    kind_of_[unit] = set.Has(unit) ? kinds() - 1 : kind;
    kinds_[kind_of_[unit]].units.push_back(unit);
  }
  for (const auto& [place, of_place] : units) {
    auto unit = of_place.begin();
    for (Kind& seat : seats[place]) {
      if (seat == kind) seat = kind_of_[*unit++];
    }
    Sit(place, std::move(seats[place]));
  }
}

std::vector<UnitTable::Place> UnitTable::SittingOn(Kind kind) const {
  std::vector<Place> places;
  for (const auto& [longest, by_start] : kinds_[kind].by_length) {
    for (const auto& [start, place] : by_start) places.push_back(place);
  }
  return places;
}

size_t UnitTable::SeatsOn(Kind kind, Place place) const {
  return static_cast<size_t>(std::count(kinds_of(place).begin(), kinds_of(place).end(), kind));
}

UnitTable::Way UnitTable::WayOnAll(Instant now) const {
  Way all;
  for (Kind kind = 0; kind < kinds(); ++kind) {
    for (const auto& [place, units] : WayOn(kind, UnitSet(this->units()), now)) {
      all[place].insert(all[place].end(), units.begin(), units.end());
    }
  }
  return all;
}

UnitTable::Way UnitTable::WayOn(Kind kind, const UnitSet& later, Instant now) const {
  const auto start_of = [&](Place place) { return std::max(now, use(place).interval.start); };
  Way units;
  std::vector<Place> places;
  for (const Place place : SittingOn(kind)) {
    // Of who is gone it does not matter.
    if (use(place).interval.end > now) {
      places.push_back(place);
    } else {
      units[place].assign(SeatsOn(kind, place), kinds_[kind].units.front());
    }
  }
  std::sort(places.begin(), places.end(), [&](Place a, Place b) {
    return std::make_tuple(start_of(a), use(a).held.empty(), a) <
           std::make_tuple(start_of(b), use(b).held.empty(), b);
  });
  FreeUnits free(kinds_[kind].units, later);
  const auto take_held = [&](Place place) {
    for (const size_t unit : use(place).held) {
      if (kind_of_[unit] != kind) continue;
      units[place].push_back(unit);
      free.Take(unit);
    }
  };
  const auto comes_later = std::find_if(places.begin(), places.end(),
                                        [&](Place place) { return start_of(place) > now; });
  std::for_each(places.begin(), comes_later, take_held);
  using Departure = std::pair<Instant, Place>;
  std::priority_queue<Departure, std::vector<Departure>, std::greater<>> departures;
  for (const Place place : places) {
    for (; !departures.empty() && departures.top().first <= start_of(place); departures.pop()) {
      for (const size_t unit : units[departures.top().second]) free.Put(unit);
    }
    if (start_of(place) > now) take_held(place);
    while (units[place].size() < SeatsOn(kind, place)) units[place].push_back(free.TakeFirst());
    departures.emplace(use(place).interval.end, place);
  }
  return units;
}

void UnitTable::Join(const std::vector<UnitSet>& sets, const std::vector<bool>& alone) {
  std::map<std::vector<size_t>, Kind> known;
  std::vector<Kind> kind_of;
  for (size_t unit = 0; unit < units(); ++unit) {
    std::vector<size_t> looks = {alone[unit] ? unit + 1 : 0};
    for (const UnitSet& set : sets) looks.push_back(set.Has(unit));
    kind_of.push_back(known.try_emplace(std::move(looks), known.size()).first->second);
  }
  told_apart_ = std::set<UnitSet>(sets.begin(), sets.end());
  if (known.size() == kinds()) return;
  std::vector<std::vector<Kind>> seats(places());
  for (Place place = 0; place < places(); ++place) {
    for (const Kind kind : kinds_of(place)) {
      seats[place].push_back(kind_of[kinds_[kind].units.front()]);
    }
    StandUp(place);
  }
  kind_of_ = std::move(kind_of);
  kinds_ = std::vector<KindOfUnits>(known.size());
  for (size_t unit = 0; unit < units(); ++unit) kinds_[kind_of_[unit]].units.push_back(unit);
  for (Place place = 0; place < places(); ++place) {
    if (!seats[place].empty()) Sit(place, std::move(seats[place]));
  }
}

}  // namespace labslot::engine
