#ifndef LABSLOT_DAEMON_ENGINE_MASKING_H_
#define LABSLOT_DAEMON_ENGINE_MASKING_H_

#include <vector>

#include "daemon/domain/refusal.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/principal.h"

namespace labslot::engine {

// Takes out of a refusal what the principal may not know: the names of
// reservations that he may not see. Every refusal passes here before it leaves
// the engine.
void Mask(const Catalogue& catalogue, const ReservationSource& reservations,
          const Principal& principal, std::vector<Violation>& violations);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_MASKING_H_
