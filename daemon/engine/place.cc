#include "daemon/engine/place.h"

#include <optional>

namespace labslot::engine {

const Site* PlaceOf(const Catalogue& catalogue, const Asset& asset,
                    absl::string_view visited_site) {
  const bool visits = asset.mobile && !visited_site.empty();
  return catalogue.FindSite(visits ? visited_site : absl::string_view(asset.site));
}

OpeningHours HoursOf(const Catalogue& catalogue, const Asset& asset, const Site& place) {
  const std::optional<Calendar>& calendar = asset.calendar ? asset.calendar : place.calendar;
  OpeningHours hours;
  hours.zone = ZoneOf(place);
  if (calendar) {
    hours.calendar = &*calendar;
    hours.holidays = catalogue.FindHolidayRegion(calendar->holiday_region);
  }
  return hours;
}

OpeningHours HoursFor(const std::vector<std::string>& groups, const Catalogue& catalogue,
                      const Asset& asset, const Site& place) {
  OpeningHours hours = HoursOf(catalogue, asset, place);
  hours.groups = &groups;
  return hours;
}

absl::TimeZone ZoneOf(const Site& site) {
  return FindTimeZone(site.time_zone).value_or(absl::UTCTimeZone());
}

std::string ZoneNameOf(const Catalogue& catalogue, const Reservation& reservation) {
  if (reservation.items.empty()) return "UTC";
  const Asset* asset = catalogue.FindAsset(reservation.items.front().asset);
  const Site* place = asset == nullptr ? nullptr : PlaceOf(catalogue, *asset, reservation.site);
  return place == nullptr ? "UTC" : place->time_zone;
}

}  // namespace labslot::engine
