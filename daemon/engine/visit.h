#ifndef LABSLOT_DAEMON_ENGINE_VISIT_H_
#define LABSLOT_DAEMON_ENGINE_VISIT_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The search for the times of a visit: several stops, one behind the other, with the time
// that people take from one place to the next.

// What is to be placed.
struct VisitWish {
  // By stop, then by option, best first: what would be reserved. Complete but for the start:
  // the interval is as long as the run.
  std::vector<std::vector<Reservation>> stops;
  bool in_order = false;  // as listed
  bool same_day = false;  // on one local day of the place of the first stop
};

// A stop with its time.
struct PlacedStop {
  size_t stop = 0;
  size_t option = 0;
  Reservation reservation;
};

// All stops of a visit, or some, in order of time.
using VisitPlan = std::vector<PlacedStop>;

// When the last stop of a plan is over.
inline Instant EndOf(const VisitPlan& plan) { return plan.back().reservation.interval.end; }

// The time that people take between the places of two reservations, those of their first
// items. 0 at the same site, and where nobody knows.
Seconds WayBetween(const Catalogue& catalogue, const Reservation& from, const Reservation& to);

// What a search came to.
struct VisitSearch {
  bool taken = false;
  // If no plan was found: as many stops as fit, those that end first. May be empty.
  VisitPlan furthest;
};

// Offers plans inside the window to `take`, until it takes one: the one that ends first;
// of those that end at the same time, the one whose first stop has the better option, then
// its second, and so on. With `same_day` the best plans of later days follow. Starts are
// then moved on to the next quarter of an hour where there is room.
//
// Exact where what is reserved for one stop neither takes from another nor counts for a rule
// about it. Else each stop is judged behind those before it, each as early as can be.
//
// Each look for a start takes one of `looks_left`, and some more behind other stops. When it
// is 0 the search gives up.
VisitSearch SearchVisit(const DecisionContext& context, const VisitWish& wish,
                        const Interval& window, size_t& looks_left,
                        const std::function<bool(const VisitPlan&)>& take);

// True if one of the options fits in one of the windows, without any other stop.
bool FitsAlone(const State& state, const std::vector<Reservation>& options,
               const std::vector<Interval>& windows, Instant now);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_VISIT_H_
