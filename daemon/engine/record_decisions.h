#ifndef LABSLOT_DAEMON_ENGINE_RECORD_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_RECORD_DECISIONS_H_

#include "daemon/engine/decision_context.h"

namespace labslot::engine {

// The decisions about the catalogue and the directory. All of them go one way:
// the change is made on a copy of the catalogue, and the copy is judged, so
// that a single update and an import of thousands obey the same rules.
Result<Decision> DecideBody(const DecisionContext& context, const CreateRecord& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Site>& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Asset>& command);
Result<Decision> DecideBody(const DecisionContext& context,
                            const UpdateRecord<HolidayRegion>& command);
Result<Decision> DecideBody(const DecisionContext& context,
                            const UpdateRecord<Organisation>& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<User>& command);
Result<Decision> DecideBody(const DecisionContext& context, const DeleteRecord& command);
Result<Decision> DecideBody(const DecisionContext& context, const ImportRecords& command);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RECORD_DECISIONS_H_
