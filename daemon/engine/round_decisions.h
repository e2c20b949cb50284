#ifndef LABSLOT_DAEMON_ENGINE_ROUND_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_ROUND_DECISIONS_H_

#include <vector>

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Rounds: requests that compete, and are decided together.

// Takes a request, completed and sound, into its round.
Result<Decision> SubmitToRound(const DecisionContext& context, Reservation request);

// The requests that compete in a round, by number.
std::vector<Reservation> RequestsOf(const State& state, const ReservationSource& reservations,
                                    const Round& round);

// What stands against a change of a round: requests for what it would not be about any
// more. Empty if nothing does. Not masked.
std::vector<Violation> RequestsLeftOut(const DecisionContext& context, const Round& before,
                                       const Round& after);

// What a request is worth in its round, in the unit of its own value.
int64_t ValueOf(const Reservation& request);

// The refusal of what a round that is cleared allows no more.
Error RoundIsCleared(const Round& round);

Result<Decision> DecideBody(const DecisionContext& context, const ApplyAllocation& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ROUND_DECISIONS_H_
