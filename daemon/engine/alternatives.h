#ifndef LABSLOT_DAEMON_ENGINE_ALTERNATIVES_H_
#define LABSLOT_DAEMON_ENGINE_ALTERNATIVES_H_

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
  // times, shorter, fewer units, a like asset at another site. Each one passes
  // all rules at the moment it is given.
  std::vector<Alternative> alternatives;
};

WaysOut FindWaysOut(const State& state, const Candidate& candidate);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ALTERNATIVES_H_
