#ifndef LABSLOT_DAEMON_ENGINE_USE_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_USE_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// What happens to a reservation when its time has come: it is taken into use, given
// back in parts or as a whole, and what is on record of it is set right.

// Binds units, and ends overdue uses that stand in the way.
Result<Decision> DecideBody(const DecisionContext& context, const CheckIn& command);
Result<Decision> DecideBody(const DecisionContext& context, const CheckOut& command);
Result<Decision> DecideBody(const DecisionContext& context, const CorrectUse& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_USE_DECISIONS_H_
