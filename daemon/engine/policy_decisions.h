#ifndef LABSLOT_DAEMON_ENGINE_POLICY_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_POLICY_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Changes rules, and does with the reservations that break them then as it is
// told: all in one decision.
Result<Decision> DecideBody(const DecisionContext& context, const ApplyPolicy& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_POLICY_DECISIONS_H_
