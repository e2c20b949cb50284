#include "daemon/engine/unit_uses.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/outages.h"

namespace labslot::engine {
namespace {

// The times at which the pool is used without a break, around the interval.
Interval BusyAround(const Timeline& timeline, const std::vector<PoolUse>& outages,
                    const Interval& interval) {
  Interval busy = timeline.BusyAround(interval);
  for (const PoolUse& outage : outages) {
    const Interval& out = outage.use.interval;
    if (!out.Overlaps(busy) || busy.Contains(out)) continue;
    const Interval both = {std::min(busy.start, out.start), std::max(busy.end, out.end)};
    return BusyAround(timeline, outages, both);
  }
  return busy;
}

// Outages of named units, each unit once at a time, and of any units; not of the asset
// as a whole.
std::vector<PoolUse> OutagesOfParts(const Catalogue& catalogue, const Asset& asset) {
  std::vector<PoolUse> uses;
  std::map<std::string, std::vector<Interval>> by_unit;
  for (const auto& outage : catalogue.OutagesOf(asset.id)) {
    if (IsOfAll(*outage, asset)) continue;
    for (const std::string& unit : outage->units) by_unit[unit].push_back(outage->interval);
    if (!outage->units.empty()) continue;
    uses.push_back({0, UseOf(asset, outage->interval, outage->quantity, {}, {})});
  }
  for (auto& [unit, intervals] : by_unit) {
    for (const Interval& interval : Union(std::move(intervals))) {
      uses.push_back({0, UseOf(asset, interval, 1, {}, {unit})});
    }
  }
  return uses;
}

// Who has a unit that goes out of service needs another one.
void LoseUnits(const std::vector<PoolUse>& outages, UnitUse& use) {
  for (const PoolUse& outage : outages) {
    if (!outage.use.interval.Overlaps(use.interval)) continue;
    for (const size_t unit : outage.use.held) {
      use.held.erase(std::remove(use.held.begin(), use.held.end(), unit), use.held.end());
    }
  }
}

}  // namespace

bool HasLabels(const Unit& unit, const Labels& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
    const auto it = unit.labels.find(label.first);
    return it != unit.labels.end() && it->second == label.second;
  });
}

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
    use.fitting.push_back(HasLabels(asset.units[i], labels));
    const bool has_it = std::find(held.begin(), held.end(), asset.units[i].id) != held.end();
    if (has_it && use.held.size() < use.count) use.held.push_back(i);
  }
  return use;
}

std::vector<PoolUse> UsesAround(const State& state, const Catalogue& catalogue, const Asset& asset,
                                const Interval& interval, ReservationId without) {
  const Timeline& timeline = state.timeline(asset.id);
  std::vector<PoolUse> outages = OutagesOfParts(catalogue, asset);
  const Interval busy = BusyAround(timeline, outages, interval);
  const UnitNeeds& needs = state.unit_needs(asset.id);
  std::vector<PoolUse> uses;
  for (const Occupant& occupant : timeline.Overlapping(busy, timeline.size())) {
    if (occupant.reservation == without) continue;
    const auto need = needs.find(occupant.reservation);
    static const UnitNeed& any = *new UnitNeed();
    const UnitNeed& asks = need == needs.end() ? any : need->second;
    uses.push_back({occupant.reservation,
                    UseOf(asset, occupant.blocked, occupant.quantity, asks.labels, asks.units)});
  }
  for (PoolUse& use : uses) LoseUnits(outages, use.use);
  for (PoolUse& outage : outages) {
    if (outage.use.interval.Overlaps(busy)) uses.push_back(std::move(outage));
  }
  return uses;
}

UnitFit FitUses(const Asset& asset, const std::vector<PoolUse>& uses,
                const std::vector<UnitUse>& more) {
  std::vector<UnitUse> all = more;
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
    const std::vector<PoolUse> uses = UsesAround(state, catalogue, asset, occupant.blocked, 0);
    Interval all = occupant.blocked;
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
