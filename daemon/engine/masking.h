#ifndef LABSLOT_DAEMON_ENGINE_MASKING_H_
#define LABSLOT_DAEMON_ENGINE_MASKING_H_

#include "daemon/domain/refusal.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Takes out of a refusal what the principal may not know: the names of
// reservations that he may not see. Every refusal passes here before it leaves
// the engine.
void Mask(const DecisionContext& context, std::vector<Violation>& violations);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_MASKING_H_
