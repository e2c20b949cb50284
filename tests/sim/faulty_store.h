#ifndef LABSLOT_TESTS_SIM_FAULTY_STORE_H_
#define LABSLOT_TESTS_SIM_FAULTY_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/storage/memory_store.h"
#include "tests/sim/sim_store.h"

namespace labslot::sim {

// One in memory.
class FaultyStore : public SimStore {
 public:
  // What is wrong with the store for good, to try whether the audit sees it.
  enum class Defect { kNone, kAcknowledgesBeforeCommit, kLosesWrites };

  explicit FaultyStore(Defect defect)
      : defect_(defect), inner_(std::make_unique<storage::MemoryStore>()) {}

  void Plan(CommitFault fault) override { plan_ = fault; }
  CommitFault TakeFired() override;
  absl::Status Reopen() override;

  Revision head() const override { return inner_->head(); }
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    return inner_->Get(key);
  }
  std::unique_ptr<const storage::Snapshot> TakeSnapshot() const override {
    return inner_->TakeSnapshot();
  }
  Revision GuardVersion(absl::string_view name) const override {
    return inner_->GuardVersion(name);
  }
  absl::Status Commit(const storage::WriteSet& write_set) override;
  absl::Status Backup(const std::string& folder) override { return inner_->Backup(folder); }
  absl::StatusOr<storage::Compaction> Compact() override { return inner_->Compact(); }
  void StopCompacting() override { inner_->StopCompacting(); }
  int64_t FreeBytes() const override { return inner_->FreeBytes(); }

 private:
  absl::Status Write(const storage::WriteSet& write_set);

  const Defect defect_;
  std::unique_ptr<storage::MemoryStore> inner_;
  std::vector<storage::WriteSet> durable_;  // kept for kAcknowledgesBeforeCommit only
  CommitFault plan_ = CommitFault::kNone;
  CommitFault fired_ = CommitFault::kNone;
  bool broken_ = false;
  int commits_ = 0;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_FAULTY_STORE_H_
