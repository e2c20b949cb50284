#ifndef LABSLOT_TESTS_SIM_DISK_STORE_H_
#define LABSLOT_TESTS_SIM_DISK_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "tests/sim/sim_store.h"
#include "tests/storage/lossy_file_system.h"
#include "tests/storage/temp_folder.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace labslot::sim {

// The store of the daemon on a file system that fails and loses. A restart is that of
// a process, or of a machine whose power went off: then all that was not synced is
// gone, or a part of it. Deterministic for a seed.
class DiskStore : public SimStore {
 public:
  // Ends the program if there is no store to be made.
  explicit DiskStore(uint64_t seed);
  ~DiskStore() override;

  void Plan(CommitFault fault) override { plan_ = fault; }
  CommitFault TakeFired() override;
  absl::Status Reopen() override;

  // What the disk did to the store so far.
  const storage::LossyFileSystem& disk() const { return *disk_; }
  int64_t power_cuts() const { return power_cuts_; }

  Revision head() const override { return store_->head(); }
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    return store_->Get(key);
  }
  std::unique_ptr<const storage::Snapshot> TakeSnapshot() const override {
    return store_->TakeSnapshot();
  }
  Revision GuardVersion(absl::string_view name) const override {
    return store_->GuardVersion(name);
  }
  absl::Status Commit(const storage::WriteSet& write_set) override;
  absl::Status Backup(const std::string& folder) override { return store_->Backup(folder); }
  absl::StatusOr<storage::Compaction> Compact() override { return store_->Compact(); }
  void StopCompacting() override { store_->StopCompacting(); }
  int64_t FreeBytes() const override { return store_->FreeBytes(); }

 private:
  absl::Status Open();
  storage::WriteFault AnyFault();

  std::mt19937_64 random_;
  const storage::TempFolder folder_;
  const std::shared_ptr<storage::LossyFileSystem> disk_ =
      std::make_shared<storage::LossyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<storage::RocksDbStore> store_;
  CommitFault plan_ = CommitFault::kNone;
  CommitFault fired_ = CommitFault::kNone;
  // What the restart must make of the commit that failed.
  CommitFault outcome_ = CommitFault::kNone;
  int64_t power_cuts_ = 0;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_DISK_STORE_H_
