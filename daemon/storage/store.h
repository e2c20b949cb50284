#ifndef LABSLOT_DAEMON_STORAGE_STORE_H_
#define LABSLOT_DAEMON_STORAGE_STORE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"

namespace labslot::storage {

// An ordered map of byte strings that changes in atomic, durable, numbered
// commits. The shape is chosen so that an embedded engine, plain memory and a
// replicated key-value engine with compare-and-commit transactions can all
// serve it; nothing above knows which one does. What the keys mean is said in
// key_layout.h.

// Keys from here on are the engine's own: no read shows them, and a commit that
// names one is refused.
inline constexpr char kEngineKeys[] = "\xff";

struct Put {
  std::string key;
  std::string value;
};

// Something that a decision relied on: a name (an asset, a record), and the
// revision of the last commit that named it. Guards have no value and take no
// space in the store; a name that no commit has named since the store was
// opened has the version that the head had then.
struct Guard {
  std::string name;
  Revision version = 0;
};

// One commit: all of it happens, or none.
struct WriteSet {
  Revision base = 0;      // the head that it was decided on
  Revision revision = 0;  // the head it makes; not below base. Equal to base
                          // for upkeep that changes nothing anyone can see.
  std::vector<Guard> guards;
  std::vector<Put> puts;             // a later put of one key wins
  std::vector<std::string> deletes;  // applied before the puts
};

// Called for each entry of a range, in order of key. The views are valid
// during the call. Return false to stop.
using EntryVisitor = std::function<bool(absl::string_view key, absl::string_view value)>;

// A consistent view of one revision. Thread-safe. It must not outlive its
// store.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // The revision that it shows.
  virtual Revision revision() const = 0;

  // The value of a key; nothing if there is none. DATA_LOSS if the store is
  // damaged there.
  virtual absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const = 0;

  // Visits the entries with `from` <= key < `to`. DATA_LOSS as above.
  virtual absl::Status Scan(absl::string_view from, absl::string_view to,
                            const EntryVisitor& visitor) const = 0;
};

// What a compaction made of the files of a store.
struct Compaction {
  int64_t bytes_before = 0;
  int64_t bytes_after = 0;
};

// Thread-safe, apart from Commit, which one thread calls.
class Store {
 public:
  virtual ~Store() = default;

  // The revision of the last commit; 0 if the store is empty.
  virtual Revision head() const = 0;

  // As Snapshot::Get, of the head.
  virtual absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const = 0;

  virtual std::unique_ptr<const Snapshot> TakeSnapshot() const = 0;

  // The version of a guard.
  virtual Revision GuardVersion(absl::string_view name) const = 0;

  // Applies the write set and returns when it is durable. Errors:
  //   INVALID_ARGUMENT: a key of the engine is named, or `revision` is below
  //     `base`. Nothing was changed.
  //   ABORTED: the head is not `base`, or a guard has another version.
  //     Nothing was changed.
  //   RESOURCE_EXHAUSTED: too little space is left. Nothing was changed.
  //   UNKNOWN: the write or its sync failed. It may or may not be there after
  //     a reopen; the store takes no further commits. End the process.
  virtual absl::Status Commit(const WriteSet& write_set) = 0;

  // Copies the head as it is into an empty or missing folder, while commits go
  // on. UNIMPLEMENTED where the engine keeps backups by other means.
  virtual absl::Status Backup(const std::string& folder) = 0;

  // Rewrites what is kept, so that what was deleted or replaced before the call is in no
  // file any more, but for what a snapshot still sees. Nothing that can be read changes,
  // and reads and commits go on. Sizes are 0 where there are no files. Errors:
  //   ABORTED: another compaction is under way.
  //   RESOURCE_EXHAUSTED: there is too little space for a second copy of everything.
  //   CANCELLED: StopCompacting was called.
  //   UNAVAILABLE, DATA_LOSS: it failed, and the next commit may fail too.
  virtual absl::StatusOr<Compaction> Compact() = 0;

  // Cuts a compaction short that is under way, and every later one. What it has rewritten
  // stays so. For the end of the process, which would have to wait for it.
  virtual void StopCompacting() = 0;

  // Bytes left for the store; a large number where that has no meaning.
  virtual int64_t FreeBytes() const = 0;
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_STORE_H_
