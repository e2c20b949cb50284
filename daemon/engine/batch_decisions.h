#ifndef LABSLOT_DAEMON_ENGINE_BATCH_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_BATCH_DECISIONS_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Decides each request behind those before it, as if they were there already. The first
// error is that of the whole: `name` gives it the place of its request in the command.
// `earlier` is what errors call a request before it, such as "an earlier stop of the visit".
Result<Decision> DecideOneBehindTheOther(const DecisionContext& context,
                                         const std::vector<CreateReservation>& requests,
                                         const std::function<Error(size_t, Error)>& name,
                                         absl::string_view earlier);

// Each request is judged behind those before it, as if they were there already. The
// first error is that of the batch, and says of which request it is.
Result<Decision> DecideBody(const DecisionContext& context, const CreateReservations& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_BATCH_DECISIONS_H_
