#ifndef LABSLOT_DAEMON_ENGINE_BATCH_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_BATCH_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Each request is judged behind those before it, as if they were there already. The
// first error is that of the batch, and says of which request it is.
Result<Decision> DecideBody(const DecisionContext& context, const CreateReservations& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_BATCH_DECISIONS_H_
