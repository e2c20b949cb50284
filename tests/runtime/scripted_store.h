#ifndef LABSLOT_TESTS_RUNTIME_SCRIPTED_STORE_H_
#define LABSLOT_TESTS_RUNTIME_SCRIPTED_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/storage/memory_store.h"
#include "daemon/storage/store.h"

namespace labslot::runtime {

// A store in memory that notes what is committed and fails when it is told to.
class ScriptedStore : public storage::Store {
 public:
  // What becomes of a commit that is told to fail with UNKNOWN: a failed sync
  // leaves both open.
  enum class Lost { kNothing, kEverything };

  // The next commit fails. What it would have written is there or not.
  void FailNext(absl::Status status, Lost lost = Lost::kEverything);

  // Called before each commit.
  std::function<void(const storage::WriteSet&)> on_commit;

  // The write sets that were committed, in order.
  const std::vector<storage::WriteSet>& commits() const { return commits_; }

  storage::MemoryStore& inner() { return inner_; }

  Revision head() const override { return inner_.head(); }
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override;
  std::unique_ptr<const storage::Snapshot> TakeSnapshot() const override;
  Revision GuardVersion(absl::string_view name) const override;
  absl::Status Commit(const storage::WriteSet& write_set) override;
  absl::Status Backup(const std::string& folder) override { return inner_.Backup(folder); }
  absl::StatusOr<storage::Compaction> Compact() override { return inner_.Compact(); }
  void StopCompacting() override { inner_.StopCompacting(); }
  int64_t FreeBytes() const override { return inner_.FreeBytes(); }

 private:
  storage::MemoryStore inner_;
  std::vector<storage::WriteSet> commits_;
  absl::Status failure_;
  Lost lost_ = Lost::kEverything;
};

}  // namespace labslot::runtime

#endif  // LABSLOT_TESTS_RUNTIME_SCRIPTED_STORE_H_
