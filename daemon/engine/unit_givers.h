#ifndef LABSLOT_DAEMON_ENGINE_UNIT_GIVERS_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_GIVERS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "daemon/engine/giving_way.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {

// Those who have to give way so that everybody who stays on the pool around the
// interval, and `more`, can have units that do, with the least sum of harm: what
// LeastHarm is where all units are alike. Who gives way and has begun keeps his units until
// `ends_at`. `harm_of` says the harm, or nothing for who cannot give way. Nothing if it cannot be.
// Exact, but where more than limits::kMaxGiversTried sets have to be tried, or one cannot be
// decided: then some who suffice, all of whom are needed.
std::optional<std::vector<GivingWay>> LeastHarmOnUnits(
    const DecisionContext& context, const Asset& asset, const Interval& interval,
    const std::vector<UnitUse>& more, Instant ends_at,
    const std::function<std::optional<int64_t>(const Reservation&)>& harm_of);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_GIVERS_H_
