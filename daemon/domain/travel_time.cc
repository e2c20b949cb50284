#include "daemon/domain/travel_time.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace labslot {
namespace {

constexpr double kEarthRadiusKm = 6371;
constexpr Seconds kStretch = 9 * 1800;  // at the wheel without a break
constexpr Seconds kBreak = 45 * 60;
constexpr Seconds kRest = 11 * 3600;

bool HasLocation(const Site& site) { return site.latitude != 0 || site.longitude != 0; }

double Radians(double degrees) { return degrees * std::numbers::pi / 180; }

// What needs no reckoning: within a site, and what one of the sites says.
std::optional<Seconds> StatedTime(const Site& from, const Site& to) {
  if (from.id == to.id) return 0;
  if (const auto said = from.travel_times.find(to.id); said != from.travel_times.end()) {
    return said->second;
  }
  if (const auto said = to.travel_times.find(from.id); said != to.travel_times.end()) {
    return said->second;
  }
  return std::nullopt;
}

// Without rests, in full minutes.
Seconds DrivingTime(const Site& from, const Site& to, const Travel& travel) {
  const double hours = DistanceKm(from, to) * travel.road_factor / travel.speed_kmh;
  return static_cast<Seconds>(std::ceil(hours * 60)) * 60;
}

// The breaks within one day at the wheel; none behind its end.
Seconds BreaksIn(Seconds driving) { return driving == 0 ? 0 : (driving - 1) / kStretch * kBreak; }

}  // namespace

double DistanceKm(const Site& from, const Site& to) {
  if (!HasLocation(from) || !HasLocation(to)) return 0;
  const double latitude_part = std::sin(Radians(to.latitude - from.latitude) / 2);
  const double longitude_part = std::sin(Radians(to.longitude - from.longitude) / 2);
  const double haversine = latitude_part * latitude_part + std::cos(Radians(from.latitude)) *
                                                               std::cos(Radians(to.latitude)) *
                                                               longitude_part * longitude_part;
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::min(1.0, haversine)));
}

Seconds WithRests(Seconds driving, Seconds driving_per_day) {
  constexpr Seconds kWholeDay = 24 * 3600;
  if (driving <= 0) return 0;
  if (driving_per_day >= kWholeDay) return driving;
  const Seconds full_days = (driving - 1) / driving_per_day;
  const Seconds last_day = driving - full_days * driving_per_day;
  return driving + full_days * (BreaksIn(driving_per_day) + kRest) + BreaksIn(last_day);
}

Seconds TravelTimeBetween(const Site& from, const Site& to, const Travel& travel) {
  if (const std::optional<Seconds> said = StatedTime(from, to)) return *said;
  return WithRests(DrivingTime(from, to, travel), travel.driving_per_day);
}

std::optional<Seconds> TravelTimeOfPeople(const Site& from, const Site& to) {
  if (const std::optional<Seconds> said = StatedTime(from, to)) return said;
  if (!HasLocation(from) || !HasLocation(to)) return std::nullopt;
  return DrivingTime(from, to, Travel());
}

}  // namespace labslot
