#ifndef LABSLOT_DAEMON_ENGINE_UNIT_RULES_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_RULES_H_

#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// The rules of pools whose units differ: there are units that have what is asked for,
// and however they are handed out in the end, everybody gets some that do.
void ApplyUnitRules(const ItemCase& c, Findings& findings);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_RULES_H_
