#ifndef LABSLOT_TESTS_ENGINE_NAIVE_H_
#define LABSLOT_TESTS_ENGINE_NAIVE_H_

#include <string>
#include <vector>

#include "tests/support/world.h"

namespace labslot::engine {

// The rules of booking once more, by loops over all reservations. Right for
// runs and calendars whose ends lie on whole minutes times ten, give or take
// what the run itself brings; slow.
bool NaivelyPasses(const support::World& world, const Reservation& candidate,
                   const Reservation* current);

// The assets that exclude each other with `asset`, by loops.
std::vector<std::string> NaivelyRelated(const Catalogue& catalogue, const Asset& asset);

// The draft with the set-up and tear-down of its assets.
Reservation WithChangeover(const Catalogue& catalogue, Reservation draft);

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_NAIVE_H_
