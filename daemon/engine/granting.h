#ifndef LABSLOT_DAEMON_ENGINE_GRANTING_H_
#define LABSLOT_DAEMON_ENGINE_GRANTING_H_

#include <optional>
#include <utility>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// From a wish to what is stored: the steps that create, update and series have
// in common.

// Fills in what the caller may leave out. The error names the field of the
// request in which the user was missing.
std::optional<Error> Complete(const Catalogue& catalogue, const Principal& principal,
                              Reservation& r, absl::string_view user_field = "reservation.user");

// The error for the first thing that the reservation names and that does not
// exist, or for whom the caller may not book.
std::optional<Error> UnknownOrForbidden(const Catalogue& catalogue, const Principal& principal,
                                        const Reservation& r);

// The same, and what no time and no rule could mend: items that exclude each
// other. The error names the field of the request in which the reservation was.
std::optional<Error> Unsound(const Catalogue& catalogue, const Principal& principal,
                             const Reservation& r, absl::string_view draft_field = "reservation");

// Items get the set-up, the tear-down and the rate that their assets have now; those
// that the reservation had before keep theirs, and the rate if what it is for is of the
// same class.
void TakeOverTerms(const Catalogue& catalogue, const Reservation* current, Reservation& r);

// Judges a reservation by all rules and gives it its state: held if `hold_for`
// is set, or if it was; else confirmed, or pending if a rule demands approval.
// What rules had to say is kept in its notes. `current` is the reservation as it
// is, null for a new one. The error is a refusal with ways out; without them if
// `with_ways_out` is false.
Result<Reservation> Grant(const DecisionContext& context, Reservation next,
                          const Reservation* current, Seconds hold_for, bool with_ways_out = true);

// True unless it has begun, or is in use before its start.
bool IsToCome(const DecisionContext& context, const Reservation& r);

// True if no rule whose approval is open wants the slot blocked meanwhile.
bool LeavesSlotFree(const Catalogue& catalogue, const Reservation& r);

// The state of a reservation that is not held (any more), by its notes:
// confirmed, or pending with the time at which the request runs out.
void Settle(const DecisionContext& context, Reservation& r);

// What a refusal would say of the candidate: all reasons, and ways out.
Refusal RefusalFor(const State& state, const ReservationSource& reservations,
                   const Principal& principal, const Candidate& candidate,
                   std::vector<Violation> violations, bool with_ways_out);
inline Refusal RefusalFor(const DecisionContext& context, const Candidate& candidate,
                          std::vector<Violation> violations, bool with_ways_out) {
  return RefusalFor(context.state, context.reservations, context.principal, candidate,
                    std::move(violations), with_ways_out);
}

// True if the caller asks to override rules, and may override this one.
bool MayOverride(const DecisionContext& context, const Violation& violation);

// A reservation called off for the reason of the command. The rules that stand
// against it are judged: those that warn or are overridden leave notes. The
// error is a refusal; nobody waits for the approval of a cancellation.
Result<Reservation> CallOff(const DecisionContext& context, const Reservation& current);

// The same without any judgement.
Reservation CalledOff(const DecisionContext& context, const Reservation& current);

// Adds the names of what the decision about the reservation relied on.
void AddGuards(const Catalogue& catalogue, const Reservation& r, Decision& decision);

// Adds the change of one reservation, with its guards. Gives a new one its id.
void AddReservationChange(const DecisionContext& context, EventType type, Reservation next,
                          const Reservation* current, Decision& decision);

// The reservation, if the principal may change it and has its last version.
Result<Reservation> Changeable(const DecisionContext& context, ReservationId id, Revision etag);

// A refusal because of the state that the reservation is in.
Error StateForbids(const Reservation& r, absl::string_view words);

// An instant in the zone of the reservation, in words.
std::string WhenAt(const DecisionContext& context, const Reservation& r, Instant instant);

// What must hold before anything of an existing reservation is changed.
std::optional<Error> NotOver(const DecisionContext& context, const Reservation& r);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_GRANTING_H_
