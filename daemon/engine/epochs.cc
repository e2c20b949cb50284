#include "daemon/engine/epochs.h"

#include <utility>

#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

const HolidayRegion* HolidaysOf(const Catalogue& catalogue, const std::optional<Calendar>& own) {
  return own ? catalogue.FindHolidayRegion(own->holiday_region) : nullptr;
}

// True if nothing that a report takes from the catalogue differs. Records are shared
// as long as they do not change.
bool IsAlike(const AssetSpan& a, const AssetSpan& b) {
  // A mobile asset may be at any site.
  if (a.asset != b.asset || a.asset->mobile) return false;
  const Site* site = PlaceOf(*a.catalogue, *a.asset, "");
  if (site != PlaceOf(*b.catalogue, *b.asset, "")) return false;
  const auto same_holidays = [&](const std::optional<Calendar>& calendar) {
    return HolidaysOf(*a.catalogue, calendar) == HolidaysOf(*b.catalogue, calendar);
  };
  return same_holidays(a.asset->calendar) && (site == nullptr || same_holidays(site->calendar)) &&
         a.catalogue->Related(a.asset->id) == b.catalogue->Related(b.asset->id);
}

// The catalogue without what epochs tell apart.
Catalogue WithoutAssets(const Catalogue& last) {
  Catalogue rest = last;
  for (const auto& [id, asset] : last.assets()) rest.Remove(*asset);
  for (const auto& [id, site] : last.sites()) rest.Remove(*site);
  for (const auto& [id, region] : last.holiday_regions()) rest.Remove(*region);
  return rest;
}

}  // namespace

std::vector<Epoch> EpochsOf(const Catalogue& last, const std::vector<Event>& events,
                            const Interval& period) {
  Catalogue now = WithoutAssets(last);
  std::vector<Epoch> epochs;
  Instant at = period.start;
  const auto close = [&](Instant end) {
    if (end <= at) return;
    auto catalogue = std::make_shared<Catalogue>(now);
    catalogue->DeriveRelations();
    epochs.push_back({{at, end}, std::move(catalogue)});
    at = end;
  };
  for (const Event& event : events) {
    if (event.time >= period.end) break;
    close(event.time);
    if (RemovesRecord(event)) {
      now.Remove(event.resource);
    } else {
      now.Put(event.resource);
    }
  }
  close(period.end);
  return epochs;
}

std::vector<AssetSpan> SpansOf(const std::vector<Epoch>& epochs, const std::string& asset) {
  std::vector<AssetSpan> spans;
  for (const Epoch& epoch : epochs) {
    const Asset* found = epoch.catalogue->FindAsset(asset);
    if (found == nullptr) continue;
    AssetSpan span = {epoch.interval, epoch.catalogue.get(), found};
    // Retired in the middle of a second epoch: its record says when.
    if (found->state == AssetState::kRetired) {
      span.interval = span.interval.Intersect({span.interval.start, found->retire_time});
    }
    span.interval = span.interval.Intersect({found->create_time, span.interval.end});
    if (span.interval.empty()) continue;
    const bool goes_on = !spans.empty() && spans.back().interval.end == span.interval.start;
    if (goes_on && IsAlike(spans.back(), span)) {
      spans.back().interval.end = span.interval.end;
    } else {
      spans.push_back(span);
    }
  }
  return spans;
}

}  // namespace labslot::engine
