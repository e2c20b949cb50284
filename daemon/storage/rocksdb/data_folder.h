#ifndef LABSLOT_DAEMON_STORAGE_ROCKSDB_DATA_FOLDER_H_
#define LABSLOT_DAEMON_STORAGE_ROCKSDB_DATA_FOLDER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace labslot::storage {

// The folder of a store:
//
//   labslotd.lock           held while a process uses the folder
//   HIGHWATER-0, -1         the high-water mark, see high_water_mark.h
//   db/                     the files of RocksDB
//   db.new/                 a database in the making, worthless if it is there
//   db.damaged/             the one that a recovery is about to replace
class DataFolder {
 public:
  explicit DataFolder(std::string path);

  const std::string& path() const { return path_; }
  std::string database() const { return path_ + "/db"; }
  std::string new_database() const { return path_ + "/db.new"; }
  std::string damaged_database() const { return path_ + "/db.damaged"; }
  std::string lock_file() const { return path_ + "/labslotd.lock"; }
  std::string mark_slot(int slot) const;

  // True if there is a database, in whatever state.
  bool HasDatabase() const;

  // True if a recovery ended after it had put the database aside and before the
  // new one was in its place.
  bool HasCutOffRecovery() const;

  // Makes the folder, if `create` and it is missing, and checks that it may hold
  // a store. Errors, in words for people:
  //   NOT_FOUND: it is missing and `create` is false.
  //   FAILED_PRECONDITION: it is no folder, or holds something else.
  //   PERMISSION_DENIED: it cannot be made or read.
  absl::Status Prepare(bool create) const;

  // Bytes of the file system that holds it; 0 if that is not known.
  int64_t TotalBytes() const;

 private:
  absl::Status CheckContent() const;

  std::string path_;
};

// `what` happened to a store, and what can be done: DATA_LOSS.
absl::Status DamagedStore(const DataFolder& folder, absl::string_view what);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_ROCKSDB_DATA_FOLDER_H_
