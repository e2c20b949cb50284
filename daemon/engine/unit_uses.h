#ifndef LABSLOT_DAEMON_ENGINE_UNIT_USES_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_USES_H_

#include <string>
#include <vector>

#include "daemon/engine/state.h"
#include "daemon/engine/unit_seats.h"

namespace labslot::engine {

// What the reservations and outages of a pool come to as uses of its units. Whoever
// asks for units that have something gets the same ones for all of his time, and so
// does everybody whom he meets; how is decided when they are checked in.

// True if it matters from `now` on which units somebody gets: he asks for something, or
// somebody who blocks the asset does, or an outage names units. Else only their number
// counts: whoever holds units has them now, and no unit in particular is ever missing.
bool UnitsMatter(const State& state, const Asset& asset, const Labels& wanted, Instant now);

// A use of units with these labels, which has some already.
UnitUse UseOf(const Asset& asset, const Interval& blocked, int32_t quantity, const Labels& labels,
              const std::vector<std::string>& held);

// What an occupancy of the asset still needs from `now` on, less the units that go out of
// service meanwhile.
std::vector<UnitUse> UsesOf(const State& state, const Asset& asset, const Occupancy& occupancy,
                            Instant now);

// How everybody who blocks the asset, from `now` on, can have units; who is over and
// only torn down does not count: his unit can be handed out. Outages of parts of the
// asset count too: they belong to kOutOfService. Kept by the state, and valid until it
// changes, or is asked again.
inline constexpr UnitSeats::Owner kOutOfService = 0;
const UnitSeats& SeatsOf(const State& state, const Asset& asset, Instant now);

// The same for an asset and a catalogue that may be drafts; worked out anew.
UnitSeats SeatsAsIf(const State& state, const Catalogue& catalogue, const Asset& asset,
                    Instant now);

// Whether one more can have units, those of `without` left out of account. Whoever has
// a unit that goes out of service during his time needs another one.
UnitFit FitWith(const State& state, const Asset& asset, UnitUse more, Instant now,
                const UnitSeats::Owners& without);

// The times from `now` on at which not everybody who is on the timeline of the asset, as
// `asset` and `catalogue` have it, can have units that do.
IntervalSet MisfitTimes(const State& state, const Catalogue& catalogue, const Asset& asset,
                        Instant now);

// `detector: eds, stage: heated`.
std::string LabelsInWords(const Labels& labels);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_USES_H_
