#ifndef LABSLOT_DAEMON_ENGINE_WAIT_LIST_H_
#define LABSLOT_DAEMON_ENGINE_WAIT_LIST_H_

#include "daemon/domain/refusal.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Requests that wait for time to be freed.

// The last instant at which it could still begin.
Instant LastStart(const Reservation& reservation);

// True if freed time could mend all of it: nothing but other reservations and
// outages stands in the way.
bool IsForOthersOnly(const Refusal& refusal);

// The reservation as an entry of the wait list: until the last start in its window.
// The error is a refusal if a list of one of its assets is full.
Result<Reservation> Waiting(const DecisionContext& context, Reservation reservation);

// Adds the offers that become possible by the changes of the decision: freed time
// goes to those who wait for its assets: first to who was displaced, then by
// priority, then to who has used the smaller part of his fair share (an offer counts
// for those that follow), then in the order of arrival, to each who fits whole. Who was
// displaced has his place at once; the others get an offer. The list never looks further
// back than this: who could be served before has been.
void OfferFreedTime(const DecisionContext& context, Decision& decision);

// The same for all assets: after a change of the catalogue, and at start.
void OfferAll(const DecisionContext& context, Decision& decision);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_WAIT_LIST_H_
