#ifndef LABSLOT_DAEMON_STORAGE_MEMORY_STORE_H_
#define LABSLOT_DAEMON_STORAGE_MEMORY_STORE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/storage/guard_table.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// A store in plain memory, for tests: as strict as the others, and as durable
// as the object. Each key has the values of all commits that a snapshot still
// sees. Backup is UNIMPLEMENTED, and there are no files to compact.
class MemoryStore : public Store {
 public:
  MemoryStore() : guards_(0) {}

  Revision head() const override;
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override;
  std::unique_ptr<const Snapshot> TakeSnapshot() const override;
  Revision GuardVersion(absl::string_view name) const override;
  absl::Status Commit(const WriteSet& write_set) override;
  absl::Status Backup(const std::string& folder) override;
  absl::StatusOr<Compaction> Compact() override { return Compaction(); }
  void StopCompacting() override {}
  int64_t FreeBytes() const override;

 private:
  class View;

  // Counts the commits, upkeep included.
  using Sequence = uint64_t;
  struct Version {
    Sequence written = 0;
    std::optional<std::string> value;  // nothing: deleted
  };
  struct Entry {
    std::string key;
    std::string value;
  };

  std::optional<std::string> GetAt(absl::string_view key, Sequence sequence) const;
  // Up to `limit` entries of a range.
  std::vector<Entry> EntriesAt(absl::string_view from, absl::string_view to, Sequence sequence,
                               size_t limit) const;
  void Release(Sequence sequence) const;
  void Write(const std::string& key, std::optional<std::string> value);  // needs mutex_

  mutable std::mutex mutex_;
  // All that follows is under mutex_.
  Revision head_ = 0;
  Sequence sequence_ = 0;
  absl::btree_map<std::string, std::vector<Version>> entries_;  // versions in order
  mutable std::multiset<Sequence> viewed_;                      // by live snapshots

  GuardTable guards_;
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_MEMORY_STORE_H_
