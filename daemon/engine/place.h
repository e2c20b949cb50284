#ifndef LABSLOT_DAEMON_ENGINE_PLACE_H_
#define LABSLOT_DAEMON_ENGINE_PLACE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/calendar.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// Where an asset is for a booking: the visited site if it is mobile and one is
// named, else where it stands. Null only if the record is missing.
const Site* PlaceOf(const Catalogue& catalogue, const Asset& asset, absl::string_view visited_site);

// The opening hours that hold for an asset at a place: the asset's own
// calendar, else that of the place, judged in the zone of the place.
OpeningHours HoursOf(const Catalogue& catalogue, const Asset& asset, const Site& place);

// The same for somebody who is in these groups (by id, in order), which must
// outlive the answer.
OpeningHours HoursFor(const std::vector<std::string>& groups, const Catalogue& catalogue,
                      const Asset& asset, const Site& place);

// The zone of a site.
absl::TimeZone ZoneOf(const Site& site);

// The IANA name of the zone in which a reservation is to be read: that of the
// place of its first item.
std::string ZoneNameOf(const Catalogue& catalogue, const Reservation& reservation);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PLACE_H_
