#ifndef LABSLOT_DAEMON_DOMAIN_OUTAGE_H_
#define LABSLOT_DAEMON_DOMAIN_OUTAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"

namespace labslot {

// What became of a reservation that had to give way. Numbers are those of the API.
enum class HitOutcome { kRebound = 1, kMoved = 2, kCutShort = 3, kWaitListed = 4, kCancelled = 5 };

// A reservation that had to give way, to an outage or to another reservation.
struct Hit {
  ReservationId reservation = 0;  // 0 if the reader may not see it
  HitOutcome outcome = HitOutcome::kWaitListed;
  std::string message;
  friend bool operator==(const Hit&, const Hit&) = default;
};

// An asset, or a part of it, out of service. See the API's Outage for the meaning
// of each field.
struct Outage {
  std::string id;
  std::string asset;
  int32_t quantity = 0;  // 0: all of it
  std::vector<std::string> units;
  // While it is open its end is how far it reaches for now.
  Interval interval;
  bool open = false;
  bool planned = false;
  std::string category;
  std::string description;
  std::vector<Hit> hits;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Outage&, const Outage&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_OUTAGE_H_
