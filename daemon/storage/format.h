#ifndef LABSLOT_DAEMON_STORAGE_FORMAT_H_
#define LABSLOT_DAEMON_STORAGE_FORMAT_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// The layout that this daemon writes; see docs/STORAGE.md for what each version
// is. It rises with every change that an older daemon would misread.
inline constexpr int64_t kFormatVersion = 6;

// The step from one version to the next. It commits upkeep in as many commits
// as it likes, and may be cut off and begun again at any point; the new version
// is written after it.
struct Migration {
  int64_t from = 0;
  std::function<absl::Status(Store&)> step;
};

// The steps of this daemon, in order of `from`, without gap up to
// kFormatVersion.
absl::Span<const Migration> Migrations();

// FAILED_PRECONDITION, naming both versions, if the store is newer than `wanted`;
// DATA_LOSS if its format row is damaged. Changes nothing.
absl::Status CheckFormat(const Store& store, int64_t wanted = kFormatVersion);

// Makes the store one of version `wanted`: writes the format row of a new
// store, migrates an older one. Errors:
//   FAILED_PRECONDITION: it is newer, or so old that no step is known.
//   DATA_LOSS: the format row is damaged, or missing although there are data.
//   those of Commit and of the steps.
absl::Status PrepareFormat(Store& store, absl::Span<const Migration> migrations = Migrations(),
                           int64_t wanted = kFormatVersion);

// The random name of the store's history. It is another one after a recovery
// that gave up revisions, and in a restored backup: who resumes a watch compares it.
absl::StatusOr<std::string> ReadStoreId(const Store& store);

// A new name for a history.
std::string NewStoreId();

// Gives the history of a store a new name: what comes next has revisions that meant
// something else before. Errors: those of Commit.
absl::Status RenameHistory(Store& store);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_FORMAT_H_
