#include "daemon/engine/asset_use.h"

#include <algorithm>
#include <set>
#include <utility>

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
  for (const Occupancy& occupancy : occupancies) {
    const int32_t group = group_of(occupancy);
    use.groups = std::max(use.groups, group + 1);
    AddClaims(occupancy, now, group, use.claims);
  }
  return use;
}

}  // namespace labslot::engine
