#ifndef LABSLOT_DAEMON_ENGINE_STANDING_RULES_H_
#define LABSLOT_DAEMON_ENGINE_STANDING_RULES_H_

#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// The rules that always hold, whatever policies there are.

// True if it is newly for an organisation to which its user does not belong.
bool IsForAnotherOrganisation(const Candidate& candidate, const Catalogue& catalogue);

// Those about the reservation as a whole; `first` is the case of its first
// item, for the words.
void ApplyReservationRules(const ItemCase& first, Findings& findings);

// Those about one item that have nothing to do with other reservations.
void ApplyItemRules(const ItemCase& c, Findings& findings);

// Whether the asset is free.
void ApplyCapacityRules(const ItemCase& c, Findings& findings);

// True if the asset, or a policy, lets the run go on through closed time.
bool MaySpanClosedTime(const ItemCase& c);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_STANDING_RULES_H_
