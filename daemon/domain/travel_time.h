#ifndef LABSLOT_DAEMON_DOMAIN_TRAVEL_TIME_H_
#define LABSLOT_DAEMON_DOMAIN_TRAVEL_TIME_H_

#include <optional>

#include "daemon/domain/catalogue.h"

namespace labslot {

// Kilometres of the great circle between two sites, on a sphere of radius
// 6,371 km; 0 if one has no location.
double DistanceKm(const Site& from, const Site& to);

// The time that so much driving takes with the breaks and rests that
// Regulation (EC) 561/2006 demands: 45 minutes after each 4.5 hours at the wheel,
// and 11 hours behind `driving_per_day`. With 24 hours a day, as two drivers can,
// there are neither.
Seconds WithRests(Seconds driving, Seconds driving_per_day);

// How long a mobile asset takes from door to door: as one of the sites says, else
// the great circle x road factor / speed, with rests, in full minutes. 0 within a
// site, and to or from a site without location.
Seconds TravelTimeBetween(const Site& from, const Site& to, const Travel& travel);

// How long people take from door to door: as one of the sites says, else the great
// circle with the speed and road factor that mobile assets have unless told otherwise,
// without rests, in full minutes. Nothing if that is not said and a site has no
// location.
std::optional<Seconds> TravelTimeOfPeople(const Site& from, const Site& to);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_TRAVEL_TIME_H_
