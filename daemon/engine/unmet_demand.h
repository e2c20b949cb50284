#ifndef LABSLOT_DAEMON_ENGINE_UNMET_DEMAND_H_
#define LABSLOT_DAEMON_ENGINE_UNMET_DEMAND_H_

#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/refused_request.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// What the request, or the one of a batch that failed, wanted, by asset, if `error` is a
// refusal for want of equipment: others have it, it is out of service, or it is not there in time.
// Nothing if it was refused for another reason, too: who may not book shows no demand.
std::vector<RefusedRequest> UnmetDemand(const Catalogue& catalogue, const Command& command,
                                        const Error& error, Instant now);

// Those that are wants of their own: whoever asks again within a day for some of the
// same time is counted once. They are requests for one asset, in any order.
std::vector<RefusedRequest> WithoutRetries(std::vector<RefusedRequest> refused);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNMET_DEMAND_H_
