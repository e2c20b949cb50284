#ifndef LABSLOT_TESTS_STORAGE_LOSSY_FILE_SYSTEM_H_
#define LABSLOT_TESTS_STORAGE_LOSSY_FILE_SYSTEM_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "rocksdb/file_system.h"

namespace labslot::storage {

// What happens to a write.
enum class WriteFault {
  kNone,
  kAppendFails,  // nothing of it is written
  kAppendTears,  // half of it is written, and then it fails
  kSyncFails,    // all of it is written, but not known to be durable
};

// Files that faults are planned for: the log of what was committed, and the one that names
// the tables.
enum class FaultyFile { kLog, kManifest };

// The file system of the machine, which knows what of each file is durable, and can
// lose the rest. Thread-safe.
class LossyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  LossyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "LossyFileSystem"; }

  // Fails the n-th append, or sync, of such a file from now on; 1 is the next.
  void Plan(WriteFault fault, int64_t n = 1, FaultyFile file = FaultyFile::kLog);
  // Nothing: as much as there is.
  void SetFreeBytes(std::optional<uint64_t> bytes);

  // From now on nothing that is written, renamed or deleted arrives, as when the power
  // is off.
  void PowerOff();

  // Takes away what was not synced of each file, but for a first part of it, `keep`
  // thousandths. Files must be closed. Then the power is on again.
  void LoseUnsynced(int64_t keep);

  // All that was written is there, as when only the process ended. The power is on
  // again.
  void KeepAll();

  int64_t faults() const;
  int64_t lost_bytes() const;

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* out,
                                       rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 uint64_t* free, rocksdb::IODebugContext* context) override;

 private:
  class File;
  struct Extent {
    int64_t written = 0;
    int64_t synced = 0;
  };

  bool IsOff() const;
  void NoteWritten(const std::string& name, size_t bytes);
  void NoteSynced(const std::string& name);
  // The fault that fires for a write, or a sync, of the file, if it is the turn of one.
  WriteFault FaultOf(const std::string& name, bool sync);

  mutable std::mutex mutex_;
  std::map<std::string, Extent> extents_;
  WriteFault plan_ = WriteFault::kNone;
  FaultyFile faulty_file_ = FaultyFile::kLog;
  int64_t writes_left_ = 0;  // up to the fault
  std::optional<uint64_t> free_bytes_;
  bool power_is_off_ = false;
  int64_t faults_ = 0;
  int64_t lost_bytes_ = 0;
};

}  // namespace labslot::storage

#endif  // LABSLOT_TESTS_STORAGE_LOSSY_FILE_SYSTEM_H_
