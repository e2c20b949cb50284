#ifndef LABSLOT_DAEMON_ENGINE_PLACING_H_
#define LABSLOT_DAEMON_ENGINE_PLACING_H_

#include <functional>
#include <optional>

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// Where a request may go that cannot have what it asks for first: the places that
// its holder said would do.

// Which of the times in a window is best.
enum class Preference { kEarliest, kNearest };

// Says whether somebody may book a variant of a request at all.
using MayBook = std::function<bool(const Reservation&)>;

// Whether the caller of the command may.
MayBook MayBookAs(const DecisionContext& context);

// The wish as one of its choices says, from 0. What it was becomes that choice,
// so that no way is lost. Set-up and tear-down are those of now.
Reservation WithChoice(const Catalogue& catalogue, const Reservation& wish, size_t choice);

// The wish at the first place at which it passes all rules now and starts at or
// after `from`: as it is; as its choices say, in order; with like assets, one in
// place of another; at another time in its window. Nothing if there is none. It is judged
// as a hold for that long, if it is to be one.
std::optional<Reservation> FirstPlace(const State& state, const Reservation& wish, Instant now,
                                      Instant from, Preference preference, const MayBook& may_book,
                                      Seconds hold_for = 0);

// The entry of the wait list granted at the first of these places that begins later
// than now, as anything that is booked, if the caller may book it. Nothing if there
// is none.
std::optional<Reservation> GrantedSomewhere(const DecisionContext& context,
                                            const Reservation& entry, Preference preference);

// True if the two are offered in place of each other at one site.
bool AreAlike(const Asset& a, const Asset& b);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PLACING_H_
