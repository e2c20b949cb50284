#ifndef LABSLOT_DAEMON_ENGINE_MACHINE_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_MACHINE_DECISIONS_H_

#include "daemon/engine/command.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// What machines say of themselves: kept in the log, for reports of use alone.
Result<Decision> DecideBody(const DecisionContext& context, const ReportMachineStates& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_MACHINE_DECISIONS_H_
