#ifndef LABSLOT_DAEMON_ENGINE_QUOTA_RULES_H_
#define LABSLOT_DAEMON_ENGINE_QUOTA_RULES_H_

#include <vector>

#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"
#include "daemon/engine/used_part.h"

namespace labslot::engine {

// Judges a candidate by all quotas that apply to items of it. The items count
// together; what the reservation has already is not counted twice, and what
// does not add to a count never breaks a quota.
void ApplyQuotas(const std::vector<ItemCase>& cases, Findings& findings);

// The rules of funding that hold for the assets and days of a reservation: those that
// quotas name, whether or not they count it; by name, each once.
std::vector<std::string> RuleSetsFor(const State& state, const Reservation& reservation);

// The counts that a candidate adds to, as ApplyQuotas judges them.
std::vector<QuotaUse> QuotaUsesOf(const std::vector<ItemCase>& cases);

// The same in every period that it adds to, not only in the fullest.
std::vector<QuotaUse> QuotaUsesByPeriodOf(const std::vector<ItemCase>& cases);

// How much is used of what fair-share quotas give the candidate: of all the counts and
// periods that it adds to the greatest part, without the candidate. Nothing if there are
// none.
UsedPart FairSharePartOf(const std::vector<ItemCase>& cases);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_QUOTA_RULES_H_
