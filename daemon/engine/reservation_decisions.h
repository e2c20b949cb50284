#ifndef LABSLOT_DAEMON_ENGINE_RESERVATION_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_RESERVATION_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The decisions about reservations; one for each command.
Result<Decision> DecideBody(const DecisionContext& context, const CreateReservation& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateReservation& command);
Result<Decision> DecideBody(const DecisionContext& context, const CancelReservation& command);
Result<Decision> DecideBody(const DecisionContext& context, const ConfirmReservation& command);
Result<Decision> DecideBody(const DecisionContext& context, const AcceptOffer& command);
Result<Decision> DecideBody(const DecisionContext& context, const OfferToWaiting& command);
Result<Decision> DecideBody(const DecisionContext& context, const EndAtDueTime& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RESERVATION_DECISIONS_H_
