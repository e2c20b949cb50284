#ifndef LABSLOT_DAEMON_STORAGE_ROCKSDB_RECOVERY_H_
#define LABSLOT_DAEMON_STORAGE_ROCKSDB_RECOVERY_H_

#include <string>

#include "absl/status/statusor.h"
#include "daemon/domain/event.h"

namespace labslot::storage {

// What a recovery did.
struct RecoveryReport {
  std::string copy;              // the folder as it was before
  Revision kept = 0;             // the store now shows this revision
  Revision last_known = 0;       // the last revision of which there was a trace
  bool forgot_refused = false;   // some of what was wanted and refused cannot be read
  bool forgot_outcomes = false;  // some answered request_ids are forgotten

  bool lost_revisions() const { return last_known > kept; }
};

// Makes a damaged store one that opens. Copies the folder aside, then builds a
// new database from the longest run of whole events that begins with the first,
// so that what is kept is a state that really was. Safe to repeat after it was
// cut off. Errors: those of RocksDbStore::Open that are not about damage, and
// DATA_LOSS if nothing at all can be saved; the copy is there in any case.
absl::StatusOr<RecoveryReport> Recover(const std::string& folder);

// The report in words for people, several lines.
std::string Describe(const RecoveryReport& report);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_ROCKSDB_RECOVERY_H_
