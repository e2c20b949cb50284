#ifndef LABSLOT_DAEMON_ENGINE_APPROVAL_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_APPROVAL_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The decisions about requests that await approval. Each rule that demanded it
// is a note of the reservation, and is settled by somebody whom it lets approve.
Result<Decision> DecideBody(const DecisionContext& context, const ApproveReservation& command);
Result<Decision> DecideBody(const DecisionContext& context, const RejectReservation& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_APPROVAL_DECISIONS_H_
