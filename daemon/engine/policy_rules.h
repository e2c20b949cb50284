#ifndef LABSLOT_DAEMON_ENGINE_POLICY_RULES_H_
#define LABSLOT_DAEMON_ENGINE_POLICY_RULES_H_

#include <optional>

#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// The policies, one function for each kind of rule.

// Judges an item by all policies that apply to it.
void ApplyPolicies(const ItemCase& c, Findings& findings);

// Judges, by the policies of what is there, whether it may become `next`. The item is
// one of the reservation as it is, whose run has not begun.
void ApplyChangePolicies(const ItemCase& c, const Reservation& next, Findings& findings);

// Judges whether it may be cancelled.
void ApplyCancelPolicies(const ItemCase& c, Findings& findings);

// The run of the candidate changed to what the policies that apply say of
// steps, slots and lengths: rounded outwards, to the slots around it, no shorter
// and no longer than allowed. Nothing if they say nothing of it.
std::optional<Interval> FitToPolicies(const State& state, const Candidate& candidate);

// True if the policy applies to the item at the time of its run: it does not
// sleep all the time, and the run touches one of its periods.
bool IsAwake(const Policy& policy, const ItemCase& c);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_POLICY_RULES_H_
