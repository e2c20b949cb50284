#ifndef LABSLOT_DAEMON_STORAGE_GUARD_TABLE_H_
#define LABSLOT_DAEMON_STORAGE_GUARD_TABLE_H_

#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// The versions of the guards of a store that one process writes: plain memory,
// since what decides on them does not outlive the process either. It grows with
// the names that commits use (assets and records), not with the commits.
// Thread-safe.
class GuardTable {
 public:
  // `head` is the version of every name that no commit has named.
  explicit GuardTable(Revision head) : at_open_(head) {}

  Revision VersionOf(absl::string_view name) const;

  // Why a write set may not be committed on `head`: INVALID_ARGUMENT or
  // ABORTED as Store::Commit says; OK if it may.
  absl::Status Check(const WriteSet& write_set, Revision head) const;

  // Notes that the write set was committed.
  void Committed(const WriteSet& write_set);

 private:
  const Revision at_open_;
  mutable std::mutex mutex_;
  absl::flat_hash_map<std::string, Revision> versions_;  // under mutex_
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_GUARD_TABLE_H_
