#ifndef LABSLOT_DAEMON_STORAGE_BACKUPS_H_
#define LABSLOT_DAEMON_STORAGE_BACKUPS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// A copy of a store, in a folder of its own that can be opened as it is.
struct Backup {
  std::string path;
  Instant time = 0;       // when it was begun
  Revision revision = 0;  // it holds this one, and maybe some that came meanwhile
  int64_t bytes = 0;
};

// The folder in which a daemon keeps backups of its store, one folder each, named
// `20270301T080000Z-r1042`. One that is not finished has a name that begins with a
// dot, and is none. Thread-safe.
class Backups {
 public:
  explicit Backups(std::string folder) : folder_(std::move(folder)) {}

  const std::string& folder() const { return folder_; }

  // Makes one of the store as it is, while commits go on; durable when it returns.
  // Errors: FAILED_PRECONDITION without a folder, those of Store::Backup, and
  // SystemError.
  absl::StatusOr<Backup> Make(Store& store, Instant now) const;

  // All of them, the youngest first; other files are passed over. Nothing without a
  // folder, or if there is none yet. Errors as SystemError.
  absl::StatusOr<std::vector<Backup>> List() const;

  // Removes what was not finished. Only while nobody makes one.
  void RemoveHalves() const;

 private:
  std::string folder_;
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_BACKUPS_H_
