#ifndef LABSLOT_DAEMON_ENGINE_UNIT_USES_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_USES_H_

#include <string>
#include <vector>

#include "daemon/engine/state.h"
#include "daemon/engine/unit_fit.h"

namespace labslot::engine {

// What the reservations and outages of a pool come to as uses of its units. Whoever
// asks for units that have something gets the same ones for all of his time, and so
// does everybody whom he meets; how is decided when they are checked in.

// A use, and whose it is; 0 of an outage.
struct PoolUse {
  ReservationId reservation = 0;
  UnitUse use;
};

// True if it matters which units somebody gets: he asks for something, or somebody who
// blocks the asset does.
bool UnitsMatter(const State& state, const Asset& asset, const Labels& wanted);

// A use of units with these labels, which has some already.
UnitUse UseOf(const Asset& asset, const Interval& blocked, int32_t quantity, const Labels& labels,
              const std::vector<std::string>& held);

// Everybody who overlaps the interval, everybody who overlaps them, and so on: whoever
// may have to make way on one unit or another, from `now` on. `without` is left out, and
// so is who is over and only torn down: his unit can be handed out. Outages of parts of
// the asset count too; whoever has a unit that goes out of service needs another one.
std::vector<PoolUse> UsesAround(const State& state, const Catalogue& catalogue, const Asset& asset,
                                const Interval& interval, Instant now, ReservationId without);

// The times in the period at which not everybody who is on the timeline of the asset, as
// `asset` and `catalogue` have it, can have units that do.
IntervalSet MisfitTimes(const State& state, const Catalogue& catalogue, const Asset& asset,
                        const Interval& period);

// Whether they all fit, and `more` with them.
UnitFit FitUses(const Asset& asset, const std::vector<PoolUse>& uses,
                const std::vector<UnitUse>& more);

// `detector: eds, stage: heated`.
std::string LabelsInWords(const Labels& labels);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_USES_H_
