#ifndef LABSLOT_DAEMON_STORAGE_ROCKSDB_ROCKSDB_STORE_H_
#define LABSLOT_DAEMON_STORAGE_ROCKSDB_ROCKSDB_STORE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/storage/guard_table.h"
#include "daemon/storage/rocksdb/data_folder.h"
#include "daemon/storage/rocksdb/folder_lock.h"
#include "daemon/storage/rocksdb/high_water_mark.h"
#include "daemon/storage/store.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace labslot::storage {

struct RocksDbOptions {
  // Make the folder and a new store if there is none.
  bool create_if_missing = true;

  // Commits are refused while fewer bytes than this are free. By default 1 GiB,
  // or 5 % of the file system if that is less.
  std::optional<int64_t> reserve_bytes = std::nullopt;

  // How often the high-water mark and the free space are looked after.
  std::chrono::milliseconds care_interval{1000};

  size_t write_buffer_bytes = size_t{64} << 20;
  size_t block_cache_bytes = size_t{64} << 20;

  // Write what is in memory into a table when the store is closed, so that the next
  // start has no log to read again, which takes seconds for a full memtable.
  bool write_out_at_end = false;

  // For tests: files and free space through another environment, which must
  // outlive the store.
  rocksdb::Env* env = nullptr;
};

// The store of the daemon: RocksDB in a folder, one synced batch a commit.
class RocksDbStore : public Store {
 public:
  // Takes the folder, opens what is in it, and checks that it is whole: format,
  // high-water mark, end of the log. Every message says what to do. Errors:
  //   FAILED_PRECONDITION: in use, of a newer format, or not a store's folder.
  //   NOT_FOUND: there is no store and create_if_missing is false.
  //   PERMISSION_DENIED: the folder or its file system is not writable.
  //   RESOURCE_EXHAUSTED: there is too little space to open safely.
  //   DATA_LOSS: damaged, or something acknowledged is gone.
  //   UNAVAILABLE: other errors of the operating system.
  static absl::StatusOr<std::unique_ptr<RocksDbStore>> Open(const std::string& folder,
                                                            const RocksDbOptions& options = {});

  RocksDbStore(const RocksDbStore&) = delete;
  RocksDbStore& operator=(const RocksDbStore&) = delete;
  // Brings the mark up to the head.
  ~RocksDbStore() override;

  Revision head() const override { return head_.load(); }
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override;
  std::unique_ptr<const Snapshot> TakeSnapshot() const override;
  Revision GuardVersion(absl::string_view name) const override;
  absl::Status Commit(const WriteSet& write_set) override;
  // The copy is a folder that can be opened as it is. On the same file system it
  // shares the table files, which never change, with the store.
  absl::Status Backup(const std::string& folder) override;
  absl::StatusOr<Compaction> Compact() override;
  void StopCompacting() override { stop_compacting_ = true; }
  int64_t FreeBytes() const override;

 private:
  class View;

  RocksDbStore(DataFolder folder, const RocksDbOptions& options, std::unique_ptr<FolderLock> lock,
               std::unique_ptr<rocksdb::DB> database, Revision head);

  static absl::StatusOr<std::unique_ptr<RocksDbStore>> OpenDatabase(
      const DataFolder& folder, const RocksDbOptions& options, std::unique_ptr<FolderLock> lock,
      const std::string& path);
  static absl::Status CreateDatabase(const DataFolder& folder, const RocksDbOptions& options);

  absl::Status CheckWhole();
  absl::Status CheckMark();
  // RESOURCE_EXHAUSTED below the reserve. Looks at the disk once an interval.
  absl::Status CheckSpace();
  // The same if `bytes` were written beside what is there.
  absl::Status CheckSpaceFor(int64_t bytes) const;
  absl::Status WriteMark();
  void WriteMarkIfDue();
  void WriteOutMemtable();

  const DataFolder folder_;
  const RocksDbOptions options_;
  const std::unique_ptr<FolderLock> lock_;
  const std::unique_ptr<rocksdb::DB> database_;
  GuardTable guards_;
  std::atomic<Revision> head_;
  std::mutex compacting_;  // held by the one who does
  std::atomic<bool> stop_compacting_ = false;

  // Of the committing thread.
  HighWaterMark mark_;
  bool marking_ = false;  // false until the store was found whole
  Revision marked_ = 0;
  std::chrono::steady_clock::time_point marked_at_;
  std::optional<std::chrono::steady_clock::time_point> space_seen_at_;
  bool failed_ = false;
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_ROCKSDB_ROCKSDB_STORE_H_
