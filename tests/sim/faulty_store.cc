#include "tests/sim/faulty_store.h"

#include <algorithm>
#include <utility>

namespace labslot::sim {

CommitFault FaultyStore::TakeFired() { return std::exchange(fired_, CommitFault::kNone); }

absl::Status FaultyStore::Reopen() {
  broken_ = false;
  plan_ = CommitFault::kNone;
  if (defect_ != Defect::kAcknowledgesBeforeCommit || durable_.empty()) {
    return absl::OkStatus();
  }
  // The last commit was answered, but had not reached the disk.
  durable_.pop_back();
  inner_ = std::make_unique<storage::MemoryStore>();
  for (const storage::WriteSet& write_set : durable_) (void)inner_->Commit(write_set);
  return absl::OkStatus();
}

absl::Status FaultyStore::Commit(const storage::WriteSet& write_set) {
  if (broken_) return absl::UnknownError("the store has failed before");
  const CommitFault fault = std::exchange(plan_, CommitFault::kNone);
  fired_ = fault;
  switch (fault) {
    case CommitFault::kNone:
      return Write(write_set);
    case CommitFault::kFull:
      return absl::ResourceExhaustedError("no space is left");
    case CommitFault::kUnknownLost:
      broken_ = true;
      return absl::UnknownError("the sync failed");
    case CommitFault::kUnknownKept:
      broken_ = true;
      if (absl::Status status = Write(write_set); !status.ok()) return status;
      return absl::UnknownError("the sync failed");
  }
  return absl::OkStatus();
}

absl::Status FaultyStore::Write(const storage::WriteSet& write_set) {
  storage::WriteSet written = write_set;
  ++commits_;
  if (defect_ == Defect::kLosesWrites && commits_ % 4 == 0) {
    // A row of the index by asset goes missing.
    const auto row = std::find_if(written.puts.begin(), written.puts.end(),
                                  [](const storage::Put& put) { return put.key[0] == 'A'; });
    if (row != written.puts.end()) written.puts.erase(row);
  }
  const absl::Status status = inner_->Commit(written);
  if (status.ok() && defect_ == Defect::kAcknowledgesBeforeCommit) {
    written.guards.clear();
    durable_.push_back(std::move(written));
  }
  return status;
}

}  // namespace labslot::sim
