#ifndef LABSLOT_DAEMON_ENGINE_ALTERNATIVES_H_
#define LABSLOT_DAEMON_ENGINE_ALTERNATIVES_H_

#include <functional>
#include <optional>
#include <vector>

#include "daemon/domain/refusal.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// What would work instead of a refused candidate.
struct WaysOut {
  // The earliest start at or after the wanted one (or after now) at which the
  // same request passes, within limits::kAlternativeHorizon.
  std::optional<Instant> earliest_start;
  // Best first: the same time on a like asset, the same assets at the nearest
  // times, longer or shorter as policies want it, fewer units, a like asset at
  // another site. Each one passes all rules at the moment it is given.
  std::vector<Alternative> alternatives;
};

// `may_book` says whether the caller may book a variant at all; what he may not
// is not offered.
WaysOut FindWaysOut(const State& state, const Candidate& candidate,
                    const std::function<bool(const Reservation&)>& may_book);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ALTERNATIVES_H_
