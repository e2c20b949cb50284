#ifndef LABSLOT_DAEMON_ENGINE_SLOTS_H_
#define LABSLOT_DAEMON_ENGINE_SLOTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// What to look for: all of `items` together, or, if there are none, any one
// asset of a kind.
struct SlotQuery {
  std::vector<ReservationItem> items;  // set-up and tear-down are filled in here
  std::string kind;
  Labels labels;     // the asset carries them all
  std::string site;  // where it stands, or where a mobile asset should come to
  int32_t quantity = 1;
  // For whom; rules about holders are judged if the user is named.
  std::string user;
  std::string organisation;
  Seconds duration = 0;
  Interval window;  // the run lies inside
  size_t limit = 0;
};

// Something that would pass all rules if it were booked now.
struct Slot {
  std::vector<ReservationItem> items;
  Interval interval;
  std::string site;
  std::string time_zone;
  Seconds start_slack = 0;  // it could start up to this much later
  bool needs_approval = false;
};

// The earliest slots, by start, then by asset. All assets named in the query
// exist. Starts are moved to the next quarter of an hour where there is room.
std::vector<Slot> FindSlots(const State& state, const SlotQuery& query, Instant now);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_SLOTS_H_
