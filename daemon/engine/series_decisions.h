#ifndef LABSLOT_DAEMON_ENGINE_SERIES_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_SERIES_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The decisions about series. Each occurrence is judged like any reservation,
// after those before it have taken their slots; the contract says how many may
// be refused. One decision, one step: the first change is that of the series.
Result<Decision> DecideBody(const DecisionContext& context, const CreateSeries& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateSeries& command);
Result<Decision> DecideBody(const DecisionContext& context, const CancelSeries& command);
Result<Decision> DecideBody(const DecisionContext& context, const RetrySeries& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_SERIES_DECISIONS_H_
