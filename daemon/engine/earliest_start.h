#ifndef LABSLOT_DAEMON_ENGINE_EARLIEST_START_H_
#define LABSLOT_DAEMON_ENGINE_EARLIEST_START_H_

#include <optional>

#include "daemon/domain/interval.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// The first start, among `starts` and not before `from`, at which the candidate
// passes all rules with the run moved there as a whole. `starts` are those that
// FeasibleStarts gave for it.
//
// Exact: every rule that refuses a start says before which one it cannot pass,
// and the search jumps there. Nothing if there is none, or if it took more than
// limits::kMaxStartsTried jumps to find out.
std::optional<Instant> EarliestStart(const State& state, const Candidate& candidate,
                                     const IntervalSet& starts, Instant from);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_EARLIEST_START_H_
