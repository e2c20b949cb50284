#ifndef LABSLOT_DAEMON_DOMAIN_CATALOGUE_H_
#define LABSLOT_DAEMON_DOMAIN_CATALOGUE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/rates.h"

namespace labslot {

// Ids are the last part of a resource name: `make-lab` of `assets/make-lab`.
// An empty id means that there is none.
using Labels = std::map<std::string, std::string>;

// A place where assets stand, or which a mobile asset visits.
struct Site {
  std::string id;
  std::string display_name;
  std::string time_zone;  // IANA name
  double latitude = 0;    // degrees, WGS 84
  double longitude = 0;
  std::string region;  // NUTS code
  std::optional<Calendar> calendar;
  std::string organisation;
  double power_kw = 0;
  double clearance_m = 0;
  // Seconds that mobile assets take from door to door, by the id of the other
  // site; both ways unless that one says something else.
  std::map<std::string, Seconds> travel_times;
  Labels labels;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Site&, const Site&) = default;
};

// Where a mobile asset is between two visits. Numbers are those of the API.
enum class Between { kHomeIfTime = 1, kStays = 2, kAlwaysHome = 3 };

// How a mobile asset travels. See the API's Travel for the meaning of each field.
struct Travel {
  double speed_kmh = 65;
  double road_factor = 1.3;
  Seconds driving_per_day = 9 * 3600;
  Between between = Between::kHomeIfTime;
  Seconds longest_tour = 0;  // 0: no limit
  friend bool operator==(const Travel&, const Travel&) = default;
};

enum class CapacityKind { kExclusive = 1, kPool = 2, kSeats = 3 };

enum class AssetState { kActive = 1, kRetired = 2 };

// One concrete member of a pool.
struct Unit {
  std::string id;
  std::string display_name;
  Labels labels = {};  // what it has, for who asks for it
  friend bool operator==(const Unit&, const Unit&) = default;
};

// What is booked. See the API's Asset for the meaning of each field.
struct Asset {
  std::string id;
  std::string display_name;
  std::string kind;
  CapacityKind capacity_kind = CapacityKind::kExclusive;
  int32_t capacity = 1;
  std::vector<Unit> units;  // none, or as many as the capacity
  Rates rates;
  std::string site;
  bool mobile = false;
  Travel travel;  // if it is mobile
  std::string parent;
  std::vector<std::string> exclusion_groups;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  std::optional<Calendar> calendar;
  bool may_span_closed_time = false;
  int32_t max_attendees = 0;
  std::string organisation;
  std::string description;
  Labels labels;
  AssetState state = AssetState::kActive;
  Instant create_time = 0;
  Instant update_time = 0;
  Instant retire_time = 0;  // 0 while active
  int64_t revision = 0;
  friend bool operator==(const Asset&, const Asset&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_CATALOGUE_H_
