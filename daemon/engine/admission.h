#ifndef LABSLOT_DAEMON_ENGINE_ADMISSION_H_
#define LABSLOT_DAEMON_ENGINE_ADMISSION_H_

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/domain/refusal.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// The rules of booking, one function each in admission.cc, in the order in
// which a refusal lists them. Every path that grants a slot goes through here:
// create, update, dry run, alternatives, slots found.

// A reservation to be judged: as it would be stored, with the set-up and
// tear-down of its items filled in. All references must exist.
struct Candidate {
  const Reservation& reservation;
  // The reservation as it is now, when it is being changed; its own slot does
  // not stand in the way. Null for a new one.
  const Reservation* current = nullptr;
  Instant now = 0;
};

// The first two items that exclude each other (by index, the later one first),
// because one is a part of the other or they share an exclusion group; nothing
// if all can be had together. Such a reservation passes at no time.
std::optional<std::pair<size_t, size_t>> ItemsThatExclude(
    const Catalogue& catalogue, const std::vector<ReservationItem>& items);

// True if no rule is broken. As quick as the state allows.
bool Passes(const State& state, const Candidate& candidate);

// All the rules that are broken. Conflicts name their reservations: mask them
// before they leave the engine.
std::vector<Violation> Judge(const State& state, const Candidate& candidate);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ADMISSION_H_
