#ifndef LABSLOT_DAEMON_STORAGE_ROCKSDB_DATABASE_H_
#define LABSLOT_DAEMON_STORAGE_ROCKSDB_DATABASE_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/storage/rocksdb/high_water_mark.h"
#include "daemon/storage/store.h"
#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "rocksdb/slice.h"
#include "rocksdb/status.h"

namespace labslot::storage {

// What RocksDbStore and the recovery both do with a database of RocksDB.

struct DatabaseTuning {
  rocksdb::Env* env = nullptr;  // null: the machine's
  size_t write_buffer_bytes = 0;
  size_t block_cache_bytes = 0;
};

// Settings under which nothing that was synced is lost without an error; why
// each is as it is stands in the source.
rocksdb::Options StrictOptions(const DatabaseTuning& tuning);

// Settings that open what can be opened, for the recovery.
rocksdb::Options TolerantOptions(const DatabaseTuning& tuning);

// Writes `write_set` in one batch, and the revision with it.
rocksdb::Status WriteTo(rocksdb::DB& database, const WriteSet& write_set, bool sync);

// The value of a key, or nothing. `snapshot` null: the newest.
rocksdb::Status ReadFrom(rocksdb::DB& database, const rocksdb::Snapshot* snapshot,
                         absl::string_view key, std::optional<std::string>& out);

// The revision that a snapshot, or the newest state, shows.
rocksdb::Status ReadHead(rocksdb::DB& database, const rocksdb::Snapshot* snapshot, Revision& out);

// The mark that belongs to a revision.
rocksdb::Status ReadMark(rocksdb::DB& database, const rocksdb::Snapshot* snapshot,
                         Revision revision, Mark& out);

// Visits a range as Snapshot::Scan does.
rocksdb::Status ScanIn(rocksdb::DB& database, const rocksdb::Snapshot* snapshot,
                       absl::string_view from, absl::string_view to, const EntryVisitor& visitor);

// Writes out the memtable and rewrites all tables, without what no snapshot sees any more.
// When it returns the old files are gone, but for those that a read has open. Cut short
// when `stop` becomes true.
rocksdb::Status RewriteAll(rocksdb::DB& database, std::atomic<bool>& stop);

inline rocksdb::Slice SliceOf(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_ROCKSDB_DATABASE_H_
