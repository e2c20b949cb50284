#include "tests/engine/naive.h"

#include <algorithm>

#include "daemon/base/limits.h"
#include "daemon/domain/calendar.h"

namespace labslot::engine {
namespace {

bool IsAncestor(const Catalogue& catalogue, const std::string& above, const Asset& below) {
  for (const Asset* asset = catalogue.FindAsset(below.parent); asset != nullptr;
       asset = catalogue.FindAsset(asset->parent)) {
    if (asset->id == above) return true;
  }
  return false;
}

bool ShareGroup(const Asset& a, const Asset& b) {
  return std::any_of(a.exclusion_groups.begin(), a.exclusion_groups.end(), [&](const auto& group) {
    return std::count(b.exclusion_groups.begin(), b.exclusion_groups.end(), group) > 0;
  });
}

bool IsOpen(const Catalogue& catalogue, const Asset& asset, const Reservation& run) {
  const bool visits = asset.mobile && !run.site.empty();
  const Site& place = *catalogue.FindSite(visits ? run.site : asset.site);
  OpeningHours hours;
  hours.zone = *FindTimeZone(place.time_zone);
  if (asset.calendar) {
    hours.calendar = &*asset.calendar;
  } else if (place.calendar) {
    hours.calendar = &*place.calendar;
  }
  const auto open_at = [&](Instant at) { return !OpenTimes(hours, {at, at + 1}).empty(); };
  if (!open_at(run.interval.start) || !open_at(run.interval.end - 1)) return false;
  if (asset.may_span_closed_time) return true;
  for (Instant at = run.interval.start - run.interval.start % 600; at < run.interval.end;
       at += 600) {
    if (run.interval.Contains(at) && !open_at(at)) return false;
  }
  return true;
}

// What others take of an asset at an instant.
int32_t UsedAt(const support::World& world, const std::string& asset, Instant at,
               const Reservation* current) {
  int32_t used = 0;
  for (const auto& [id, other] : world.reservations()) {
    if (!IsBlocking(other.state) || (current != nullptr && current->id == id)) continue;
    for (const ReservationItem& item : other.items) {
      if (item.asset == asset && OccupancyOf(other, item).Contains(at)) used += item.quantity;
    }
  }
  return used;
}

// The most that others take during a span: it can only be at its start, or
// where one of them starts.
int32_t MostUsed(const support::World& world, const std::string& asset, const Interval& span,
                 const Reservation* current) {
  int32_t most = UsedAt(world, asset, span.start, current);
  for (const auto& [id, other] : world.reservations()) {
    for (const ReservationItem& item : other.items) {
      const Instant start = OccupancyOf(other, item).start;
      if (span.Contains(start)) most = std::max(most, UsedAt(world, asset, start, current));
    }
  }
  return most;
}

bool ItemPasses(const support::World& world, const Reservation& candidate,
                const ReservationItem& item, const Reservation* current) {
  const Catalogue& catalogue = world.catalogue();
  const Asset& asset = *catalogue.FindAsset(item.asset);
  if (asset.state != AssetState::kActive) return false;
  if (asset.max_attendees > 0 && candidate.attendees > asset.max_attendees) return false;
  if (asset.mobile && candidate.site.empty()) return false;
  if (!IsOpen(catalogue, asset, candidate)) return false;
  const Interval span = OccupancyOf(candidate, item);
  if (MostUsed(world, asset.id, span, current) + item.quantity > asset.capacity) return false;
  for (const std::string& other : NaivelyRelated(catalogue, asset)) {
    if (MostUsed(world, other, span, current) > 0) return false;
    for (const ReservationItem& sibling : candidate.items) {
      if (sibling.asset == other) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> NaivelyRelated(const Catalogue& catalogue, const Asset& asset) {
  std::vector<std::string> related;
  for (const auto& [id, other] : catalogue.assets()) {
    if (id == asset.id) continue;
    if (IsAncestor(catalogue, id, asset) || IsAncestor(catalogue, asset.id, *other) ||
        ShareGroup(asset, *other)) {
      related.push_back(id);
    }
  }
  return related;
}

Reservation WithChangeover(const Catalogue& catalogue, Reservation draft) {
  for (ReservationItem& item : draft.items) {
    const Asset& asset = *catalogue.FindAsset(item.asset);
    item.set_up = asset.set_up;
    item.tear_down = asset.tear_down;
  }
  return draft;
}

bool NaivelyPasses(const support::World& world, const Reservation& candidate,
                   const Reservation* current) {
  const bool keeps_start =
      current != nullptr && current->interval.start == candidate.interval.start;
  if (!keeps_start && candidate.interval.start < world.now - limits::kPastTolerance) return false;
  if (candidate.interval.end > world.now + limits::kHorizon) return false;
  const Asset& first = *world.catalogue().FindAsset(candidate.items.front().asset);
  const bool travels = std::any_of(
      candidate.items.begin(), candidate.items.end(),
      [&](const auto& item) { return world.catalogue().FindAsset(item.asset)->mobile; });
  if (!travels && !candidate.site.empty() && candidate.site != first.site) return false;
  return std::all_of(candidate.items.begin(), candidate.items.end(),
                     [&](const auto& item) { return ItemPasses(world, candidate, item, current); });
}

}  // namespace labslot::engine
