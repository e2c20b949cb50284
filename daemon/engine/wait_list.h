#ifndef LABSLOT_DAEMON_ENGINE_WAIT_LIST_H_
#define LABSLOT_DAEMON_ENGINE_WAIT_LIST_H_

#include <optional>
#include <vector>

#include "daemon/domain/refusal.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Requests that may lie anywhere in a window, and those that wait for time to be
// freed.

// The run of the reservation at the earliest time in its window that passes all
// rules and is not before `from`; its own interval, if that passes and it has no
// window.
std::optional<Interval> EarliestInWindow(const State& state, const Reservation& reservation,
                                         Instant now, Instant from);

// True if freed time could mend all of it: nothing but other reservations stands
// in the way.
bool IsForOthersOnly(const Refusal& refusal);

// The reservation as an entry of the wait list: until the last start in its window.
// The error is a refusal if a list of one of its assets is full.
Result<Reservation> Waiting(const DecisionContext& context, Reservation reservation);

// Adds the offers that become possible by the changes of the decision: freed time
// goes to those who wait for its assets, by priority, then in the order of arrival,
// to each who fits whole. The list never looks further back than this: who could
// be served before has been.
void OfferFreedTime(const DecisionContext& context, Decision& decision);

// The same for all assets: after a change of the catalogue, and at start.
void OfferAll(const DecisionContext& context, Decision& decision);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_WAIT_LIST_H_
