#ifndef LABSLOT_TESTS_STORAGE_HISTORY_H_
#define LABSLOT_TESTS_STORAGE_HISTORY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/domain/event.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// A store with a history that a test can predict: revision r creates, moves or
// cancels a reservation, or changes a record of another kind, by a rule that
// depends on r alone, and each commit notes an outcome. Opened with small buffers and a mark at
// every commit, so that few revisions fill several files.

// Commits revisions up to `last` to the store of a folder, and closes it. With
// `flush_every` above 0 the store is closed after every so many revisions,
// which turns the log of RocksDB into a table file.
absl::Status WriteHistory(const std::string& folder, Revision last, Revision flush_every = 0);

// OK if the store shows exactly the history up to its head in every table,
// DATA_LOSS if reading says so, INTERNAL if it silently shows something else.
absl::Status CheckHistory(const Store& store);

// Opens the folder and reads everything: the revision that it shows, or the
// first error.
absl::StatusOr<Revision> OpenAndCheckHistory(const std::string& folder);

// Files of a folder's database whose name ends in `suffix`, or begins with
// `prefix`, by name.
std::vector<std::string> DatabaseFiles(const std::string& folder, const std::string& prefix,
                                       const std::string& suffix);

std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& content);

}  // namespace labslot::storage

#endif  // LABSLOT_TESTS_STORAGE_HISTORY_H_
