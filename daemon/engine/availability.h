#ifndef LABSLOT_DAEMON_ENGINE_AVAILABILITY_H_
#define LABSLOT_DAEMON_ENGINE_AVAILABILITY_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/rule_scope.h"
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

// The same for one holder and length after the other on many assets: what they have
// in common, such as the opening hours of a site, is found once. Refers to the state,
// which must not change meanwhile.
class StartFinder {
 public:
  // For runs of `duration` of the holder, purpose and activity class of `wanted`,
  // which must outlive this, inside `widest`.
  StartFinder(const State& state, const Reservation& wanted, Seconds duration,
              const Interval& widest);

  // All starts for the items and site that `demand` has by now, of runs inside
  // `window`, which lies in the widest one. Its holder is that of above.
  IntervalSet Find(const Demand& demand, const Interval& window);

  // The same for what is wanted of one asset, at `visited_site` if it is mobile and comes
  // there. To look an asset up by its id would take a third of the time.
  IntervalSet FindOn(const Asset& asset, const ReservationItem& item,
                     absl::string_view visited_site, const Interval& window,
                     const Reservation* without = nullptr);

 private:
  // The starts of runs inside the widest window that keep to opening hours. Valid
  // until the next call.
  const IntervalSet& StartsInHoursOf(const Asset& asset, const Site& place);

  const State& state_;
  const Reservation& wanted_;
  const Holder holder_;
  const Seconds duration_;
  const Interval widest_;
  // By site, and by whether runs may go on while it is closed.
  absl::flat_hash_map<std::pair<const Site*, bool>, IntervalSet> by_site_;
  IntervalSet of_own_calendar_;
};

// Starts that are offered are moved on to these steps of local time.
inline constexpr Seconds kStartStep = 900;

// The quarter of an hour, of local time, at or after the instant.
Instant RoundedUp(Instant instant, const absl::TimeZone& zone);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_AVAILABILITY_H_
