#include "daemon/engine/unit_uses.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

// The rest of the interval that is still to come.
Interval Rest(const Interval& interval, Instant now) { return interval.Intersect({now, kNever}); }

// The times at which the pool is used, or a part of it is out, without a break, around
// the interval.
Interval BusyAround(const Catalogue& catalogue, const Asset& asset, const Timeline& timeline,
                    const Interval& interval) {
  const Interval busy = timeline.BusyAround(interval);
  for (const auto& outage : catalogue.OutagesOf(asset.id)) {
    const Interval& out = outage->interval;
    if (!out.Overlaps(busy) || busy.Contains(out)) continue;
    const Interval both = {std::min(busy.start, out.start), std::max(busy.end, out.end)};
    return BusyAround(catalogue, asset, timeline, both);
  }
  return busy;
}

IntervalSet TimesWithoutAny(const Catalogue& catalogue, const Asset& asset,
                            const Interval& period) {
  std::vector<Interval> times;
  for (const OutOfService& out : OutOfServiceIn(catalogue, asset, period)) {
    if (out.quantity >= asset.capacity) times.push_back(out.interval);
  }
  return Union(std::move(times));
}

std::vector<std::string> NamesOf(const std::vector<Unit>& units) {
  std::vector<std::string> names;
  for (const Unit& unit : units) names.push_back(unit.id);
  return names;
}

// What is out of service, each named unit once at a time, and all of them where outages
// take as many as there are, or more.
std::vector<PoolUse> OutagesOfParts(const Catalogue& catalogue, const Asset& asset,
                                    const Interval& period) {
  const IntervalSet without_any = TimesWithoutAny(catalogue, asset, period);
  std::vector<PoolUse> uses;
  for (const Interval& times : without_any) {
    uses.push_back({0, UseOf(asset, times, asset.capacity, {}, NamesOf(asset.units))});
  }
  std::map<std::string, std::vector<Interval>> by_unit;
  for (const auto& outage : catalogue.OutagesOf(asset.id)) {
    const Interval out = outage->interval.Intersect(period);
    if (IsOfAll(*outage, asset) || out.empty()) continue;
    for (const Interval& part : Difference(out, without_any)) {
      for (const std::string& unit : outage->units) by_unit[unit].push_back(part);
      if (!outage->units.empty()) continue;
      uses.push_back({0, UseOf(asset, part, outage->quantity, {}, {})});
    }
  }
  for (auto& [unit, intervals] : by_unit) {
    for (const Interval& interval : Union(std::move(intervals))) {
      uses.push_back({0, UseOf(asset, interval, 1, {}, {unit})});
    }
  }
  return uses;
}

// Who has a unit that goes out of service needs another one.
void LoseUnits(const std::vector<PoolUse>& uses, UnitUse& use) {
  for (const PoolUse& outage : uses) {
    if (outage.reservation != 0 || !outage.use.interval.Overlaps(use.interval)) continue;
    for (const size_t unit : outage.use.held) {
      use.held.erase(std::remove(use.held.begin(), use.held.end(), unit), use.held.end());
    }
  }
}

// What an occupant asks for. Of a part that was given back it does not matter any more.
const UnitNeed& NeedOf(const UnitNeeds& needs, const Occupant& occupant) {
  static const UnitNeed& any = *new UnitNeed();
  const auto need = needs.find(occupant.reservation);
  if (need == needs.end() || need->second.until != occupant.blocked.end) return any;
  const size_t held = need->second.units.size();
  return held == 0 || held == static_cast<size_t>(occupant.quantity) ? need->second : any;
}

}  // namespace

bool UnitsMatter(const State& state, const Asset& asset, const Labels& wanted) {
  if (!wanted.empty()) return true;
  const UnitNeeds& needs = state.unit_needs(asset.id);
  return std::any_of(needs.begin(), needs.end(),
                     [](const auto& need) { return !need.second.labels.empty(); });
}

UnitUse UseOf(const Asset& asset, const Interval& blocked, int32_t quantity, const Labels& labels,
              const std::vector<std::string>& held) {
  UnitUse use = {blocked, static_cast<size_t>(std::max(0, quantity)), {}, {}};
  for (size_t i = 0; i < asset.units.size(); ++i) {
    use.fitting.push_back(HasLabels(labels, asset.units[i].labels));
    const bool has_it = std::find(held.begin(), held.end(), asset.units[i].id) != held.end();
    if (has_it && use.held.size() < use.count) use.held.push_back(i);
  }
  return use;
}

std::vector<PoolUse> UsesAround(const State& state, const Catalogue& catalogue, const Asset& asset,
                                const Interval& interval, Instant now, ReservationId without) {
  const Timeline& timeline = state.timeline(asset.id);
  const Interval busy = Rest(BusyAround(catalogue, asset, timeline, interval), now);
  if (busy.empty()) return {};
  std::vector<PoolUse> uses = OutagesOfParts(catalogue, asset, busy);
  const std::vector<PoolUse> outages = uses;
  for (const Occupant& occupant : timeline.Overlapping(busy, timeline.size())) {
    if (occupant.reservation == without || IsFinal(occupant.state)) continue;
    const UnitNeed& need = NeedOf(state.unit_needs(asset.id), occupant);
    PoolUse use = {occupant.reservation, UseOf(asset, Rest(occupant.blocked, now),
                                               occupant.quantity, need.labels, need.units)};
    LoseUnits(outages, use.use);
    uses.push_back(std::move(use));
  }
  return uses;
}

UnitFit FitUses(const Asset& asset, const std::vector<PoolUse>& uses,
                const std::vector<UnitUse>& more) {
  std::vector<UnitUse> all = more;
  for (UnitUse& use : all) LoseUnits(uses, use);
  for (const PoolUse& use : uses) all.push_back(use.use);
  return FitUnits(asset.units.size(), all);
}

IntervalSet MisfitTimes(const State& state, const Catalogue& catalogue, const Asset& asset,
                        const Interval& period) {
  std::vector<Interval> misfits;
  Instant looked_at = period.start;
  const Timeline& timeline = state.timeline(asset.id);
  for (const Occupant& occupant : timeline.Overlapping(period, timeline.size())) {
    if (occupant.blocked.end <= looked_at) continue;
    const std::vector<PoolUse> uses =
        UsesAround(state, catalogue, asset, occupant.blocked, period.start, 0);
    Interval all = Rest(occupant.blocked, period.start);
    for (const PoolUse& use : uses) all.end = std::max(all.end, use.use.interval.end);
    looked_at = all.end;
    if (FitUses(asset, uses, {}) != UnitFit::kFits) misfits.push_back(all);
  }
  return Union(std::move(misfits));
}

std::string LabelsInWords(const Labels& labels) {
  return absl::StrJoin(labels, ", ", [](std::string* out, const auto& label) {
    absl::StrAppend(out, label.first, ": ", label.second);
  });
}

}  // namespace labslot::engine
