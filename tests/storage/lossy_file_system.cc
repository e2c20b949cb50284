#include "tests/storage/lossy_file_system.h"

#include <filesystem>
#include <utility>

#include "absl/strings/match.h"

namespace labslot::storage {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

bool IsOfKind(FaultyFile kind, const std::string& name) {
  if (kind == FaultyFile::kLog) return absl::EndsWith(name, ".log");
  return absl::StartsWith(std::filesystem::path(name).filename().string(), "MANIFEST-");
}

}  // namespace

class LossyFileSystem::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(LossyFileSystem& system, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), system_(system), name_(std::move(name)) {}

  using FSWritableFileOwnerWrapper::Append;
  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* context) override {
    if (system_.IsOff()) return IOStatus::OK();
    const WriteFault fault = system_.FaultOf(name_, false);
    if (fault == WriteFault::kAppendFails) return Fault();
    const bool torn = fault == WriteFault::kAppendTears;
    const Slice part(data.data(), torn ? data.size() / 2 : data.size());
    const IOStatus status = FSWritableFileOwnerWrapper::Append(part, options, context);
    if (status.ok()) system_.NoteWritten(name_, part.size());
    return torn ? Fault() : status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* context) override {
    return Append(data, options, context);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* context) override {
    return Durable([&] { return FSWritableFileOwnerWrapper::Sync(options, context); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
    return Durable([&] { return FSWritableFileOwnerWrapper::Fsync(options, context); });
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* context) override {
    if (system_.IsOff()) return IOStatus::OK();
    return FSWritableFileOwnerWrapper::Truncate(size, options, context);
  }

 private:
  template <typename SyncIt>
  IOStatus Durable(const SyncIt& sync) {
    if (system_.IsOff()) return IOStatus::OK();
    if (system_.FaultOf(name_, true) == WriteFault::kSyncFails) return Fault();
    const IOStatus status = sync();
    if (status.ok()) system_.NoteSynced(name_);
    return status;
  }

  static IOStatus Fault() { return IOStatus::IOError("injected"); }

  LossyFileSystem& system_;
  const std::string name_;
};

void LossyFileSystem::Plan(WriteFault fault, int64_t n, FaultyFile file) {
  const std::lock_guard lock(mutex_);
  plan_ = fault;
  faulty_file_ = file;
  writes_left_ = n;
}

void LossyFileSystem::SetFreeBytes(std::optional<uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  free_bytes_ = bytes;
}

void LossyFileSystem::PowerOff() {
  const std::lock_guard lock(mutex_);
  power_is_off_ = true;
}

void LossyFileSystem::LoseUnsynced(int64_t keep) {
  const std::lock_guard lock(mutex_);
  for (auto& [name, extent] : extents_) {
    const int64_t unsynced = extent.written - extent.synced;
    if (unsynced == 0 || !std::filesystem::exists(name)) continue;
    const int64_t kept = unsynced * keep / 1000;
    lost_bytes_ += unsynced - kept;
    std::filesystem::resize_file(name, static_cast<uintmax_t>(extent.synced + kept));
  }
  extents_.clear();
  power_is_off_ = false;
  plan_ = WriteFault::kNone;
}

void LossyFileSystem::KeepAll() {
  const std::lock_guard lock(mutex_);
  extents_.clear();
  power_is_off_ = false;
  plan_ = WriteFault::kNone;
}

int64_t LossyFileSystem::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

int64_t LossyFileSystem::lost_bytes() const {
  const std::lock_guard lock(mutex_);
  return lost_bytes_;
}

bool LossyFileSystem::IsOff() const {
  const std::lock_guard lock(mutex_);
  return power_is_off_;
}

void LossyFileSystem::NoteWritten(const std::string& name, size_t bytes) {
  const std::lock_guard lock(mutex_);
  extents_[name].written += static_cast<int64_t>(bytes);
}

void LossyFileSystem::NoteSynced(const std::string& name) {
  const std::lock_guard lock(mutex_);
  extents_[name].synced = extents_[name].written;
}

WriteFault LossyFileSystem::FaultOf(const std::string& name, bool sync) {
  const std::lock_guard lock(mutex_);
  const bool is_due = plan_ != WriteFault::kNone && sync == (plan_ == WriteFault::kSyncFails);
  if (!is_due || !IsOfKind(faulty_file_, name) || --writes_left_ > 0) return WriteFault::kNone;
  ++faults_;
  return std::exchange(plan_, WriteFault::kNone);
}

IOStatus LossyFileSystem::NewWritableFile(const std::string& name,
                                          const rocksdb::FileOptions& options,
                                          std::unique_ptr<rocksdb::FSWritableFile>* out,
                                          IODebugContext* context) {
  const IOStatus status = target()->NewWritableFile(name, options, out, context);
  if (!status.ok()) return status;
  *out = std::make_unique<File>(*this, name, std::move(*out));
  const std::lock_guard lock(mutex_);
  extents_[name] = {};
  return status;
}

IOStatus LossyFileSystem::ReopenWritableFile(const std::string& name,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* out,
                                             IODebugContext* context) {
  const IOStatus status = target()->ReopenWritableFile(name, options, out, context);
  if (!status.ok()) return status;
  const auto size = static_cast<int64_t>(std::filesystem::file_size(name));
  *out = std::make_unique<File>(*this, name, std::move(*out));
  const std::lock_guard lock(mutex_);
  extents_.try_emplace(name, Extent{size, size});
  return status;
}

IOStatus LossyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                     const IOOptions& options, IODebugContext* context) {
  if (IsOff()) return IOStatus::OK();
  const IOStatus status = target()->RenameFile(from, to, options, context);
  const std::lock_guard lock(mutex_);
  if (const auto it = extents_.find(from); status.ok() && it != extents_.end()) {
    extents_[to] = it->second;
    extents_.erase(from);
  }
  return status;
}

IOStatus LossyFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                     IODebugContext* context) {
  if (IsOff()) return IOStatus::OK();
  const IOStatus status = target()->DeleteFile(name, options, context);
  const std::lock_guard lock(mutex_);
  if (status.ok()) extents_.erase(name);
  return status;
}

IOStatus LossyFileSystem::GetFreeSpace(const std::string& path, const IOOptions& options,
                                       uint64_t* free, IODebugContext* context) {
  const IOStatus status = target()->GetFreeSpace(path, options, free, context);
  const std::lock_guard lock(mutex_);
  if (free_bytes_) *free = *free_bytes_;
  return status;
}

}  // namespace labslot::storage
