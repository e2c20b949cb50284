#include "daemon/engine/asset_use.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// True if the asset is, was or is to be where the occupancy says.
bool Happens(const Occupancy& occupancy) {
  return occupancy.blocks() || occupancy.state == ReservationState::kNoShow;
}

void AddBlocked(const Occupancy& occupancy, std::vector<Interval>& blocked) {
  if (!Happens(occupancy)) return;
  if (occupancy.quantity > 0) blocked.push_back(occupancy.blocked());
  for (const ReturnedPart& part : occupancy.returns) blocked.push_back(occupancy.blocked(part));
}

// When related assets were in use.
IntervalSet BlockedTimes(const std::vector<AssetSpan>& spans, UseSource& source) {
  std::vector<Interval> blocked;
  for (const AssetSpan& span : spans) {
    for (const std::string& other : span.catalogue->Related(span.asset->id)) {
      std::vector<Interval> times;
      for (const Occupancy& occupancy : source.Touching(other, span.interval)) {
        AddBlocked(occupancy, times);
      }
      for (const Interval& time : times) blocked.push_back(time.Intersect(span.interval));
    }
  }
  return Union(std::move(blocked));
}

void AddOutages(const AssetSpan& span, std::vector<Claim>& claims) {
  for (const OutOfService& out : OutOfServiceIn(*span.catalogue, *span.asset, span.interval)) {
    claims.push_back({out.interval, UseState::kPlannedOutage, out.planned});
    claims.push_back({out.interval, UseState::kUnplannedOutage, out.quantity - out.planned});
  }
}

void AddTravel(const AssetSpan& span, UseSource& source, std::vector<Claim>& claims) {
  if (!span.asset->mobile) return;
  const std::vector<Visit> visits = source.Visits(*span.asset);
  for (const Leg& leg : LegsOf(Ways(*span.catalogue, *span.asset), visits)) {
    claims.push_back({leg.interval.Intersect(span.interval), UseState::kTravel});
  }
}

// Times of one machine of which something was said, end by start.
using Told = absl::btree_map<Instant, Instant>;

// Adds what of the span was not told.
void AddUntold(const MachineSpan& span, Told& told, std::vector<MachineTime>& times) {
  Instant at = span.interval.start;
  auto next = told.upper_bound(at);
  if (next != told.begin()) at = std::max(at, std::prev(next)->second);
  std::vector<Interval> gaps;
  for (; at < span.interval.end; ++next) {
    const bool last = next == told.end() || next->first >= span.interval.end;
    const Interval gap = {at, last ? span.interval.end : next->first};
    if (!gap.empty()) gaps.push_back(gap);
    if (last) break;
    at = next->second;
  }
  for (const Interval& gap : gaps) {
    told[gap.start] = gap.end;
    times.push_back({gap, span.state});
  }
}

}  // namespace

IntervalSet OpenTimesOf(const AssetSpan& span, const std::vector<Occupancy>& occupancies) {
  const Catalogue& catalogue = *span.catalogue;
  const Asset& asset = *span.asset;
  const IntervalSet at_home =
      OpenTimes(HoursOf(catalogue, asset, *PlaceOf(catalogue, asset, "")), span.interval);
  if (!asset.mobile) return at_home;
  std::vector<Interval> visits;
  std::vector<Interval> open;
  for (const Occupancy& occupancy : occupancies) {
    const Site* place = PlaceOf(catalogue, asset, occupancy.site);
    if (occupancy.site.empty() || !Happens(occupancy) || place == nullptr) continue;
    const Interval visit = occupancy.run.Intersect(span.interval);
    visits.push_back(visit);
    for (const Interval& time : OpenTimes(HoursOf(catalogue, asset, *place), visit)) {
      open.push_back(time);
    }
  }
  const IntervalSet away = Union(std::move(visits));
  for (const Interval& time : Intersection(at_home, Difference(span.interval, away))) {
    open.push_back(time);
  }
  return Union(std::move(open));
}

std::vector<MachineTime> MachineTimesOf(std::vector<MachineEntry> entries) {
  // Of one machine at a time, what was said last first: the rest only fills gaps.
  std::sort(entries.begin(), entries.end(), [](const MachineEntry& a, const MachineEntry& b) {
    return std::tie(a.unit, b.revision) < std::tie(b.unit, a.revision);
  });
  std::vector<MachineTime> times;
  Told told;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i > 0 && entries[i].unit != entries[i - 1].unit) told.clear();
    AddUntold(entries[i].span, told, times);
  }
  return times;
}

AssetUse UseOf(const std::vector<AssetSpan>& spans, const std::vector<Occupancy>& occupancies,
               Instant now, UseSource& source,
               const std::function<int32_t(const Occupancy&)>& group_of) {
  AssetUse use;
  std::vector<Interval> open;
  for (const AssetSpan& span : spans) {
    use.capacity.push_back({span.interval, span.asset->capacity});
    for (const Interval& time : OpenTimesOf(span, occupancies)) open.push_back(time);
    AddOutages(span, use.claims);
    AddTravel(span, source, use.claims);
  }
  use.open = Union(std::move(open));
  use.blocked = BlockedTimes(spans, source);
  use.machines = MachineTimesOf(source.MachineStates(
      spans.back().asset->id, {spans.front().interval.start, spans.back().interval.end}));
  for (const Occupancy& occupancy : occupancies) {
    const int32_t group = group_of(occupancy);
    use.groups = std::max(use.groups, group + 1);
    AddClaims(occupancy, now, group, use.claims);
  }
  return use;
}

}  // namespace labslot::engine
