#ifndef LABSLOT_DAEMON_ENGINE_RECORD_DECISIONS_H_
#define LABSLOT_DAEMON_ENGINE_RECORD_DECISIONS_H_

#include <optional>
#include <string>
#include <vector>

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
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Group>& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Round>& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Policy>& command);
Result<Decision> DecideBody(const DecisionContext& context, const UpdateRecord<Quota>& command);
Result<Decision> DecideBody(const DecisionContext& context, const DeleteRecord& command);
Result<Decision> DecideBody(const DecisionContext& context, const ImportRecords& command);

// A record on its way into the catalogue, and where it stands in the request.
struct RecordDraft {
  Resource record;
  std::optional<Resource> before;
  std::string path;
};

// The records that differ from what is there, with what they carry over from it.
// INVALID_FIELDS, under `path`, if one comes twice.
Result<std::vector<RecordDraft>> DraftsOf(const Catalogue& catalogue,
                                          const std::vector<Resource>& records,
                                          const std::string& path, Instant now);

// Why the catalogue must not become `after` by these drafts: the principal may
// not write them, or they refer to what does not exist.
std::optional<Error> Inadmissible(const Catalogue& now, const Principal& principal,
                                  const Catalogue& after, const std::vector<RecordDraft>& drafts);

// The decision that makes the records so.
Result<Decision> AdmitRecords(const DecisionContext& context, const std::vector<Resource>& records,
                              const std::string& path);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RECORD_DECISIONS_H_
