#include "daemon/storage/guard_table.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace labslot::storage {
namespace {

// OK unless the write set is malformed, whatever the head.
absl::Status CheckForm(const WriteSet& write_set) {
  if (write_set.revision < write_set.base) {
    return absl::InvalidArgumentError(absl::StrCat("a commit on revision ", write_set.base,
                                                   " would go back to ", write_set.revision));
  }
  absl::Status engine_key =
      absl::InvalidArgumentError("keys that begin with the byte 0xff belong to the engine");
  for (const Put& put : write_set.puts) {
    if (absl::StartsWith(put.key, kEngineKeys)) return engine_key;
  }
  for (const std::string& key : write_set.deletes) {
    if (absl::StartsWith(key, kEngineKeys)) return engine_key;
  }
  return absl::OkStatus();
}

}  // namespace

Revision GuardTable::VersionOf(absl::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = versions_.find(name);
  return found == versions_.end() ? at_open_ : found->second;
}

absl::Status GuardTable::Check(const WriteSet& write_set, Revision head) const {
  if (absl::Status form = CheckForm(write_set); !form.ok()) return form;
  if (write_set.base != head) {
    return absl::AbortedError(
        absl::StrCat("decided on revision ", write_set.base, ", but the head is ", head));
  }
  for (const Guard& guard : write_set.guards) {
    const Revision version = VersionOf(guard.name);
    if (version != guard.version) {
      return absl::AbortedError(absl::StrCat(guard.name, " was changed at revision ", version,
                                             ", but the decision relies on ", guard.version));
    }
  }
  return absl::OkStatus();
}

void GuardTable::Committed(const WriteSet& write_set) {
  const std::lock_guard lock(mutex_);
  for (const Guard& guard : write_set.guards) versions_[guard.name] = write_set.revision;
}

}  // namespace labslot::storage
