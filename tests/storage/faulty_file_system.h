#ifndef LABSLOT_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
#define LABSLOT_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace labslot::storage {

// The file system of the machine, with faults on demand. Thread-safe.
class FaultyFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "FaultyFileSystem"; }

  // The n-th sync, or append, of a log from now on fails, and all later ones; 1
  // is the next.
  void FailSync(int64_t n) { syncs_left_ = n - 1; }
  void FailAppend(int64_t n) { appends_left_ = n - 1; }
  void Heal() { syncs_left_ = appends_left_ = kNever; }
  void SetFreeBytes(uint64_t bytes) { free_bytes_ = bytes; }

  // How many faults there were.
  int64_t fired() const { return fired_; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* out,
                                    rocksdb::IODebugContext* context) override {
    rocksdb::IOStatus status = target()->NewWritableFile(name, options, out, context);
    if (status.ok() && IsLog(name)) *out = std::make_unique<File>(*this, std::move(*out));
    return status;
  }

  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options,
                                 uint64_t* free, rocksdb::IODebugContext* context) override {
    if (free_bytes_ == kReal) return target()->GetFreeSpace(path, options, free, context);
    *free = free_bytes_;
    return rocksdb::IOStatus::OK();
  }

 private:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  static constexpr uint64_t kReal = std::numeric_limits<uint64_t>::max();

  class File : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(FaultyFileSystem& system, std::unique_ptr<rocksdb::FSWritableFile> file)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system) {}

    using FSWritableFileOwnerWrapper::Append;
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* context) override {
      if (system_.Fires(system_.appends_left_)) return Fault();
      return FSWritableFileOwnerWrapper::Append(data, options, context);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
      if (system_.Fires(system_.syncs_left_)) return Fault();
      return FSWritableFileOwnerWrapper::Sync(options, context);
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* context) override {
      if (system_.Fires(system_.syncs_left_)) return Fault();
      return FSWritableFileOwnerWrapper::Fsync(options, context);
    }

   private:
    static rocksdb::IOStatus Fault() { return rocksdb::IOStatus::IOError("injected"); }

    FaultyFileSystem& system_;
  };

  static bool IsLog(const std::string& name) {
    return name.size() > 4 && name.compare(name.size() - 4, 4, ".log") == 0;
  }

  bool Fires(std::atomic<int64_t>& left) {
    if (left == kNever || left-- > 0) return false;
    left = 0;
    ++fired_;
    return true;
  }

  std::atomic<int64_t> syncs_left_{kNever};
  std::atomic<int64_t> appends_left_{kNever};
  std::atomic<uint64_t> free_bytes_{kReal};
  std::atomic<int64_t> fired_{0};
};

}  // namespace labslot::storage

#endif  // LABSLOT_TESTS_STORAGE_FAULTY_FILE_SYSTEM_H_
