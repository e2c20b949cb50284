#ifndef LABSLOT_DAEMON_ENGINE_OUTAGE_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_OUTAGE_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Taking assets out of service. An outage is never refused because of
// reservations: whoever it hits gets another place, waits first in line, or is cut
// short, all in the same decision.

// Enters an outage; without id it gets one.
Result<Decision> CreateOutage(const DecisionContext& context, const Outage& outage);

Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Outage>& command);
Result<Decision> DecideBody(const DecisionContext& context, const ExtendOutage& command);

// When an outage without end has to be extended next, if there is one.
std::optional<Instant> NextOutageDue(const Catalogue& catalogue);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_OUTAGE_DECISIONS_H_
