#include "tests/sim/disk_store.h"

#include <chrono>
#include <utility>

#include "daemon/base/log.h"
#include "daemon/base/status_macros.h"
#include "rocksdb/env.h"

namespace labslot::sim {

DiskStore::DiskStore(uint64_t seed) : random_(seed), env_(rocksdb::NewCompositeEnv(disk_)) {
  if (const absl::Status status = Open(); !status.ok()) Die(status.message());
}

DiskStore::~DiskStore() = default;

absl::Status DiskStore::Open() {
  storage::RocksDbOptions options;
  options.env = env_.get();
  options.reserve_bytes = 1 << 20;
  // The space is looked at before each commit, so that a full disk is noticed at once.
  options.care_interval = std::chrono::milliseconds(0);
  options.write_buffer_bytes = 1 << 20;
  options.block_cache_bytes = 1 << 20;
  LABSLOT_ASSIGN_OR_RETURN(store_, storage::RocksDbStore::Open(folder_.path(), options));
  return absl::OkStatus();
}

CommitFault DiskStore::TakeFired() { return std::exchange(fired_, CommitFault::kNone); }

// How a commit fails that will not be there.
storage::WriteFault DiskStore::AnyFault() {
  using storage::WriteFault;
  static constexpr WriteFault kFaults[] = {WriteFault::kAppendFails, WriteFault::kAppendTears,
                                           WriteFault::kSyncFails};
  return kFaults[random_() % 3];
}

absl::Status DiskStore::Commit(const storage::WriteSet& write_set) {
  const CommitFault fault = std::exchange(plan_, CommitFault::kNone);
  fired_ = fault;
  if (fault == CommitFault::kFull) disk_->SetFreeBytes(0);
  if (fault == CommitFault::kUnknownLost) disk_->Plan(AnyFault());
  if (fault == CommitFault::kUnknownKept) disk_->Plan(storage::WriteFault::kSyncFails);
  if (fault == CommitFault::kUnknownLost || fault == CommitFault::kUnknownKept) outcome_ = fault;
  const absl::Status status = store_->Commit(write_set);
  disk_->SetFreeBytes(std::nullopt);
  return status;
}

absl::Status DiskStore::Reopen() {
  const CommitFault outcome = std::exchange(outcome_, CommitFault::kNone);
  const bool cut =
      outcome == CommitFault::kUnknownLost || (outcome == CommitFault::kNone && random_() % 2 == 0);
  disk_->PowerOff();
  store_.reset();
  if (cut) {
    ++power_cuts_;
    // Less than all of the commit that failed, or it would be there.
    disk_->LoseUnsynced(static_cast<int64_t>(random_() % 900));
  } else {
    disk_->KeepAll();
  }
  plan_ = CommitFault::kNone;
  return Open();
}

}  // namespace labslot::sim
