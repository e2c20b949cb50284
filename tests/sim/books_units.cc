#include <algorithm>

#include "tests/sim/books.h"

// The part of the books about pools whose units differ. A unit is bound at check-in; up
// to then there only has to be some way to hand out units to everybody, each the same
// ones for all of his time. Here all ways are tried.

namespace labslot::sim {
namespace {

// Somebody who needs units.
struct Need {
  Interval interval;
  int32_t quantity = 0;
  std::set<std::string> would_do;
  std::set<std::string> held;
};

// By unit that is taken: until when. What is free already is not in it.
using Way = std::map<std::string, Instant>;

// Adds the ways that go on with `way` and give out units from `first` on.
void GiveOut(const Need& need, std::set<std::string>::const_iterator first, int32_t missing,
             const Way& way, std::set<Way>& ways) {
  if (missing == 0) ways.insert(way);
  if (missing == 0) return;
  for (auto unit = first; unit != need.would_do.end(); ++unit) {
    if (way.count(*unit) > 0) continue;
    Way longer = way;
    longer[*unit] = need.interval.end;
    GiveOut(need, std::next(unit), missing - 1, longer, ways);
  }
}

void GiveOut(const Need& need, const Way& way, std::set<Way>& ways) {
  Way with_held = way;
  for (const std::string& unit : need.held) {
    if (!with_held.emplace(unit, need.interval.end).second) return;
  }
  const auto missing = need.quantity - static_cast<int32_t>(need.held.size());
  GiveOut(need, need.would_do.begin(), missing, with_held, ways);
}

// Whoever comes first gets units first; of how they were given out before, nothing
// matters but which are taken until when.
bool AllGetUnits(std::vector<Need> needs) {
  std::stable_sort(needs.begin(), needs.end(), [](const Need& a, const Need& b) {
    return a.interval.start < b.interval.start;
  });
  std::set<Way> ways = {Way()};
  for (const Need& need : needs) {
    std::set<Way> longer;
    for (Way way : ways) {
      for (auto taken = way.begin(); taken != way.end();) {
        taken = taken->second <= need.interval.start ? way.erase(taken) : std::next(taken);
      }
      GiveOut(need, way, longer);
    }
    ways = std::move(longer);
  }
  return !ways.empty();
}

// Of what is still to come of it. Whoever holds a unit that goes out of service
// meanwhile needs another one.
Need NeedOf(const Books& books, const Reservation& r, const ReservationItem& item, Instant now) {
  Need need;
  need.interval = OccupancyOf(r, item).Intersect({now, kEver});
  need.quantity = item.quantity;
  const std::set<std::string> out = books.UnitsOut(item.asset, need.interval);
  for (const auto& [unit, labels] : books.things.at(item.asset).units) {
    const bool held = std::count(item.units.begin(), item.units.end(), unit) > 0;
    if (out.count(unit) > 0) continue;
    if (held) need.held.insert(unit);
    if (HasLabels(labels, item.unit_labels)) need.would_do.insert(unit);
  }
  return need;
}

Need NeedOfAny(const Books& books, const std::string& asset, const Interval& interval,
               int32_t quantity, Instant now) {
  Need need = {interval.Intersect({now, kEver}), quantity, {}, {}};
  const std::set<std::string> out = books.UnitsOut(asset, need.interval);
  for (const auto& [unit, labels] : books.things.at(asset).units) {
    if (out.count(unit) == 0) need.would_do.insert(unit);
  }
  return need;
}

// Of all but one, and of outages that name no unit. What is over, and only torn down,
// needs none any more.
std::vector<Need> NeedsOn(const Books& books, const std::string& asset, ReservationId but,
                          Instant now) {
  std::vector<Need> needs;
  for (const auto& [id, r] : books.reservations) {
    if (id == but || !Blocks(r)) continue;
    for (const ReservationItem& item : r.items) {
      if (item.asset == asset) needs.push_back(NeedOf(books, r, item, now));
    }
  }
  for (const auto& [id, fault] : books.faults) {
    if (fault.asset != asset || !fault.unit.empty()) continue;
    needs.push_back(NeedOfAny(books, asset, fault.interval, fault.quantity, now));
  }
  const auto is_over = [](const Need& need) { return need.interval.empty(); };
  needs.erase(std::remove_if(needs.begin(), needs.end(), is_over), needs.end());
  return needs;
}

}  // namespace

bool HasLabels(const Labels& labels, const Labels& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto found = labels.find(label.first);
    return found != labels.end() && found->second == label.second;
  });
}

int32_t Books::UnitsWith(const std::string& asset, const Labels& labels) const {
  const auto& units = things.at(asset).units;
  return static_cast<int32_t>(std::count_if(units.begin(), units.end(), [&](const auto& unit) {
    return HasLabels(unit.second, labels);
  }));
}

std::set<std::string> Books::UnitsOut(const std::string& asset, const Interval& span) const {
  std::set<std::string> out;
  for (const auto& [id, fault] : faults) {
    const bool hits = fault.asset == asset && fault.interval.Overlaps(span);
    if (hits && !fault.unit.empty()) out.insert(fault.unit);
  }
  return out;
}

bool Books::HaveUnits(const std::string& asset, Instant now) const {
  return things.at(asset).units.empty() || AllGetUnits(NeedsOn(*this, asset, 0, now));
}

bool Books::HaveUnitsWith(const Reservation& candidate, const ReservationItem& item,
                          const Reservation* current, Instant now) const {
  if (things.at(item.asset).units.empty()) return true;
  const Need own = NeedOf(*this, candidate, item, now);
  if (own.interval.empty()) return true;
  std::vector<Need> needs = NeedsOn(*this, item.asset, current == nullptr ? 0 : current->id, now);
  needs.push_back(own);
  return AllGetUnits(std::move(needs));
}

bool Books::MayBeHandedOut(const std::vector<std::string>& units, const Reservation& reservation,
                           const ReservationItem& item, Instant now) const {
  const Thing& thing = things.at(item.asset);
  std::set<std::string> taken =
      UnitsOut(item.asset, OccupancyOf(reservation, item).Intersect({now, kEver}));
  for (const auto& [id, other] : reservations) {
    if (id == reservation.id || other.state != ReservationState::kCheckedIn) continue;
    for (const ReservationItem& had : other.items) {
      if (had.asset == item.asset) taken.insert(had.units.begin(), had.units.end());
    }
  }
  for (const std::string& unit : units) {
    const bool has_it = std::count(item.units.begin(), item.units.end(), unit) > 0;
    const bool will_do = has_it || HasLabels(thing.units.at(unit), item.unit_labels);
    if (taken.count(unit) > 0 || !will_do) return false;
  }
  ReservationItem with_them = item;
  with_them.units = units;
  return HaveUnitsWith(reservation, with_them, &reservation, now);
}

std::vector<std::vector<std::string>> Books::HandOuts(const Reservation& reservation,
                                                      const ReservationItem& item,
                                                      Instant now) const {
  std::vector<std::vector<std::string>> sets = {{}};
  for (const auto& [unit, labels] : things.at(item.asset).units) {
    const std::vector<std::vector<std::string>> without = sets;
    for (std::vector<std::string> with : without) {
      with.push_back(unit);
      sets.push_back(std::move(with));
    }
  }
  const auto may_not_be = [&](const std::vector<std::string>& units) {
    return units.size() != static_cast<size_t>(item.quantity) ||
           !MayBeHandedOut(units, reservation, item, now);
  };
  sets.erase(std::remove_if(sets.begin(), sets.end(), may_not_be), sets.end());
  return sets;
}

}  // namespace labslot::sim
