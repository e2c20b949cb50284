#ifndef LABSLOT_DAEMON_ENGINE_VISIT_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_VISIT_DECISIONS_H_

#include <vector>

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The label that the reservations of a visit have, with the number of the first one.
inline constexpr char kVisitLabel[] = "visit";

// Reserves all stops at the first time at which they fit, in the first window that has one.
// The changes are in order of time. An error names the stop that it is about; a refusal says
// what stands in the way of the stop that fits nowhere, or not behind the others.
Result<Decision> DecideBody(const DecisionContext& context, const CreateVisit& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_VISIT_DECISIONS_H_
