#include "tests/runtime/scripted_store.h"

#include <utility>

namespace labslot::runtime {

void ScriptedStore::FailNext(absl::Status status, Lost lost) {
  failure_ = std::move(status);
  lost_ = lost;
}

absl::StatusOr<std::optional<std::string>> ScriptedStore::Get(absl::string_view key) const {
  return inner_.Get(key);
}

std::unique_ptr<const storage::Snapshot> ScriptedStore::TakeSnapshot() const {
  return inner_.TakeSnapshot();
}

Revision ScriptedStore::GuardVersion(absl::string_view name) const {
  return inner_.GuardVersion(name);
}

absl::Status ScriptedStore::Commit(const storage::WriteSet& write_set) {
  if (on_commit) on_commit(write_set);
  const absl::Status failure = std::exchange(failure_, absl::OkStatus());
  if (!failure.ok() && lost_ == Lost::kEverything) return failure;
  const absl::Status status = inner_.Commit(write_set);
  if (status.ok()) commits_.push_back(write_set);
  return failure.ok() ? status : failure;
}

}  // namespace labslot::runtime
