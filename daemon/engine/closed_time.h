#ifndef LABSLOT_DAEMON_ENGINE_CLOSED_TIME_H_
#define LABSLOT_DAEMON_ENGINE_CLOSED_TIME_H_

#include "daemon/engine/rule_book.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {

// True if a run may go on while it is closed: the asset allows it, or a
// ClosedTimeRule does.
bool SpansClosedTime(RuleBook& rules, const Subject& subject);

// True if closed time in a run counts for durations and quotas: no
// ClosedTimeRule that applies says otherwise.
bool ClosedTimeCounts(RuleBook& rules, const Subject& subject);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_CLOSED_TIME_H_
