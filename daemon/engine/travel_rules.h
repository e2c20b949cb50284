#ifndef LABSLOT_DAEMON_ENGINE_TRAVEL_RULES_H_
#define LABSLOT_DAEMON_ENGINE_TRAVEL_RULES_H_

#include <string>

#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// Judges whether a mobile asset gets to the visit in time, from there to the next
// one, and is not away for too long. Says nothing of assets that stand, and none
// of a visit without a site.
void ApplyTravelRules(const ItemCase& c, Findings& findings);

// True if a mobile asset has a way to the site or from it, or a longest tour: then not
// every start at which it is free will do.
bool MustTravel(const State& state, const Asset& asset, const std::string& site);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_TRAVEL_RULES_H_
