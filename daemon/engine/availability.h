#ifndef LABSLOT_DAEMON_ENGINE_AVAILABILITY_H_
#define LABSLOT_DAEMON_ENGINE_AVAILABILITY_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// What is to be placed: the items, at a site if one is visited. `without` is
// left out of account, so that a reservation never stands in its own way.
struct Demand {
  const Reservation& wanted;  // its interval does not matter
  const Reservation* without = nullptr;
};

inline Demand DemandOf(const Reservation& reservation, const Reservation* without) {
  return {reservation, without};
}

// The occupant that `without` puts on the asset, if any.
struct OwnOccupant {
  Occupant occupant;
  bool present = false;
  const Occupant* get() const { return present ? &occupant : nullptr; }
};
OwnOccupant OwnOccupantOn(absl::string_view asset, const Reservation* without);

// The instants of `interval` at which `quantity` more of the asset cannot be
// had: too little capacity left, out of service, or a related asset in use. All of them if
// the asset has less capacity than that.
IntervalSet BusyTimes(const State& state, const Asset& asset, int32_t quantity,
                      const Interval& interval, const Reservation* without);

// The instants of `interval` at which a related asset is in use.
IntervalSet RelatedTimes(const State& state, const Asset& asset, const Interval& interval,
                         const Reservation* without);

// All starts at which a run of `duration` passes the rules about time that
// always hold: every item free from its set-up to its tear-down, and open to
// the holder. The runs lie inside `window`. This is the one place that searches
// the timelines; EarliestStart goes on from it to the rules made as data.
IntervalSet FeasibleStarts(const State& state, const Demand& demand, Seconds duration,
                           const Interval& window);

// Starts that are offered are moved on to these steps of local time.
inline constexpr Seconds kStartStep = 900;

// The quarter of an hour, of local time, at or after the instant.
Instant RoundedUp(Instant instant, const absl::TimeZone& zone);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_AVAILABILITY_H_
