#ifndef LABSLOT_DAEMON_STORAGE_ROCKSDB_HIGH_WATER_MARK_H_
#define LABSLOT_DAEMON_STORAGE_ROCKSDB_HIGH_WATER_MARK_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/storage/rocksdb/data_folder.h"

namespace labslot::storage {

// A revision that was acknowledged, and a hash of its row in the log (0 if it
// has none), kept apart from the database. RocksDB opens without a word when
// its newest log was cut off or deleted; the mark shows that something is gone.
struct Mark {
  Revision revision = 0;
  uint64_t event_hash = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

// FNV-1a. Finds accidents, not forgers.
uint64_t HashOf(absl::string_view bytes);

// The mark on disk: two small text files, written in turn, so that a crash in
// the middle of one leaves the other. Not thread-safe.
class HighWaterMark {
 public:
  explicit HighWaterMark(const DataFolder& folder) : folder_(folder) {}

  // The greater of the slots that can be read; nothing if there is no slot.
  // DATA_LOSS if there are slots and none can be read.
  absl::StatusOr<std::optional<Mark>> Read() const;

  // Writes and syncs a mark. It must not be behind the one on disk.
  absl::Status Write(const Mark& mark);

  // Writes both slots: the mark may be behind the one on disk. Cut off halfway
  // it leaves the greater one in force.
  absl::Status Reset(const Mark& mark);

 private:
  DataFolder folder_;
  int next_slot_ = -1;  // unknown before the first write
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_ROCKSDB_HIGH_WATER_MARK_H_
