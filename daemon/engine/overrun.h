#ifndef LABSLOT_DAEMON_ENGINE_OVERRUN_H_
#define LABSLOT_DAEMON_ENGINE_OVERRUN_H_

#include "daemon/engine/rehearsal.h"

namespace labslot::engine {

// Uses that go on beyond the end of their run. They block nothing: what was granted
// to others stays theirs.

// The reservation given back at an instant.
Reservation GivenBack(const Reservation& current, Instant at);

// When the clock comes for a reservation that is in use: it becomes overdue, and who
// is next is told; or it is closed, because the asset is needed (if a policy says
// so), or because nobody checked out for so long. What was forgotten counts as used
// until the end of the run, and is a problem for a person to settle.
Decision EndOverdueUse(const DecisionContext& context, const Reservation& current);

// Closes overdue uses as far as `next` cannot have what it reserves beside them:
// whoever takes an asset into use proves that it was free.
void EndOverdueFor(const DecisionContext& context, const Reservation& next, Rehearsal& rehearsal);

// Takes out of the reservation what it was told of who had its assets before.
void ForgetWarning(Reservation& reservation);

// Tells those to whom the decision gives an asset that is still in use beyond its end,
// and has that use closed for them if a policy says so.
void MindOverdueUse(const DecisionContext& context, Decision& decision);

// Takes back what those who are next were told, now that the use is over; but for
// `taker`, who is being changed anyway.
void TellItIsOver(const DecisionContext& context, const Reservation& over, Rehearsal& rehearsal,
                  ReservationId taker = 0);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_OVERRUN_H_
