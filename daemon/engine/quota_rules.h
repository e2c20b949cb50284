#ifndef LABSLOT_DAEMON_ENGINE_QUOTA_RULES_H_
#define LABSLOT_DAEMON_ENGINE_QUOTA_RULES_H_

#include <vector>

#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// Judges a candidate by all quotas that apply to items of it. The items count
// together; what the reservation has already is not counted twice, and what
// does not add to a count never breaks a quota.
void ApplyQuotas(const std::vector<ItemCase>& cases, Findings& findings);

// The counts that a candidate adds to, as ApplyQuotas judges them.
std::vector<QuotaUse> QuotaUsesOf(const std::vector<ItemCase>& cases);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_QUOTA_RULES_H_
