#ifndef LABSLOT_DAEMON_STORAGE_ROCKSDB_FOLDER_LOCK_H_
#define LABSLOT_DAEMON_STORAGE_ROCKSDB_FOLDER_LOCK_H_

#include <memory>

#include "absl/status/statusor.h"
#include "daemon/storage/rocksdb/data_folder.h"

namespace labslot::storage {

// Keeps a second process, or a second store of this one, off a folder. The lock
// ends with the object, or with the process, however that ends; the file stays.
class FolderLock {
 public:
  // FAILED_PRECONDITION if the folder is in use; the message says by whom.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(const DataFolder& folder);

  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}

  const int file_;
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_ROCKSDB_FOLDER_LOCK_H_
