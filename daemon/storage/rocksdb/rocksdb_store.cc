#include "daemon/storage/rocksdb/rocksdb_store.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/files.h"
#include "daemon/storage/format.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/database.h"
#include "rocksdb/env.h"
#include "rocksdb/utilities/checkpoint.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr int64_t kGibibyte = int64_t{1} << 30;

// How much of the end of the log is checked at every start.
constexpr Revision kCheckedTail = 10000;

DatabaseTuning TuningOf(const RocksDbOptions& options) {
  return {.env = options.env,
          .write_buffer_bytes = options.write_buffer_bytes,
          .block_cache_bytes = options.block_cache_bytes};
}

int64_t FreeBytesOf(const DataFolder& folder, const RocksDbOptions& options) {
  rocksdb::Env* env = options.env == nullptr ? rocksdb::Env::Default() : options.env;
  uint64_t free = 0;
  // A file system that cannot tell is taken to have room.
  if (!env->GetFreeSpace(folder.path(), &free).ok()) return std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(std::min<uint64_t>(free, std::numeric_limits<int64_t>::max()));
}

int64_t ReserveOf(const DataFolder& folder, const RocksDbOptions& options) {
  const int64_t total = folder.TotalBytes();
  return options.reserve_bytes.value_or(total == 0 ? kGibibyte : std::min(kGibibyte, total / 20));
}

std::string Megabytes(int64_t bytes) { return absl::StrCat(bytes >> 20, " MiB"); }

// RocksDB opens a folder by writing to it, and with no room at all it aborts the
// process. A quarter of the reserve is enough to open and to serve reads.
absl::Status CheckSpaceToOpen(const DataFolder& folder, const RocksDbOptions& options) {
  const int64_t free = FreeBytesOf(folder, options);
  const int64_t needed = ReserveOf(folder, options) / 4;
  if (free >= needed) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the file system of ", folder.path(), " has ", Megabytes(free),
                   " free, and opening the store needs ", Megabytes(needed), "; make room first"));
}

// Why a database could not be opened or read. Errors that speak of its content
// or of a missing file are damage.
absl::Status FromRocksDb(const DataFolder& folder, const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = status.ToString();
  if (status.IsNoSpace()) {
    return absl::ResourceExhaustedError(absl::StrCat("no space for the store: ", text));
  }
  if (status.IsIOError() && !status.IsPathNotFound()) {
    return absl::UnavailableError(
        absl::StrCat("the store in ", folder.path(), " cannot be read: ", text));
  }
  // RocksDB names the file, except where it is a log.
  const bool named = absl::StrContains(text, folder.path());
  return DamagedStore(
      folder,
      named ? text : absl::StrCat(text, " in a log of ", folder.database(), " (see LOG there)"));
}

// Adds the folder and the way out to what the records say of damage.
absl::Status WithWayOut(const DataFolder& folder, const absl::Status& status) {
  if (!absl::IsDataLoss(status)) {
    return status.ok()
               ? status
               : absl::Status(status.code(), absl::StrCat(folder.path(), ": ", status.message()));
  }
  return DamagedStore(folder, status.message());
}

}  // namespace

class RocksDbStore::View : public Snapshot {
 public:
  explicit View(const RocksDbStore& store)
      : store_(store), snapshot_(store.database_->GetSnapshot()) {
    // Not head(): a commit may be between its write and its report.
    status_ = ReadHead(*store_.database_, snapshot_, revision_);
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() override { store_.database_->ReleaseSnapshot(snapshot_); }

  Revision revision() const override { return revision_; }

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    if (!status_.ok()) return FromRocksDb(store_.folder_, status_);
    std::optional<std::string> value;
    if (key >= kEngineKeys) return value;
    LABSLOT_RETURN_IF_ERROR(
        FromRocksDb(store_.folder_, ReadFrom(*store_.database_, snapshot_, key, value)));
    return value;
  }

  absl::Status Scan(absl::string_view from, absl::string_view to,
                    const EntryVisitor& visitor) const override {
    if (!status_.ok()) return FromRocksDb(store_.folder_, status_);
    return FromRocksDb(store_.folder_, ScanIn(*store_.database_, snapshot_, from, to, visitor));
  }

 private:
  const RocksDbStore& store_;
  const rocksdb::Snapshot* const snapshot_;
  Revision revision_ = 0;
  rocksdb::Status status_;
};

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::Open(const std::string& path,
                                                                 const RocksDbOptions& options) {
  const DataFolder folder(path);
  LABSLOT_RETURN_IF_ERROR(folder.Prepare(options.create_if_missing));
  LABSLOT_ASSIGN_OR_RETURN(std::unique_ptr<FolderLock> lock, FolderLock::Take(folder));
  LABSLOT_RETURN_IF_ERROR(CheckSpaceToOpen(folder, options));
  if (!folder.HasDatabase()) LABSLOT_RETURN_IF_ERROR(CreateDatabase(folder, options));
  LABSLOT_ASSIGN_OR_RETURN(std::unique_ptr<RocksDbStore> store,
                           OpenDatabase(folder, options, std::move(lock), folder.database()));
  LABSLOT_RETURN_IF_ERROR(WithWayOut(folder, store->CheckWhole()));
  store->marking_ = true;
  LABSLOT_RETURN_IF_ERROR(store->WriteMark());
  return store;
}

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::OpenDatabase(
    const DataFolder& folder, const RocksDbOptions& options, std::unique_ptr<FolderLock> lock,
    const std::string& path) {
  const bool is_new = path == folder.new_database();
  if (std::error_code ignored; !is_new && !fs::exists(path + "/CURRENT", ignored)) {
    return DamagedStore(folder, absl::StrCat(path, "/CURRENT is missing"));
  }
  rocksdb::Options database_options = StrictOptions(TuningOf(options));
  database_options.create_if_missing = is_new;
  rocksdb::DB* opened = nullptr;
  LABSLOT_RETURN_IF_ERROR(FromRocksDb(folder, rocksdb::DB::Open(database_options, path, &opened)));
  std::unique_ptr<rocksdb::DB> database(opened);
  Revision head = 0;
  LABSLOT_RETURN_IF_ERROR(FromRocksDb(folder, ReadHead(*database, nullptr, head)));
  return std::unique_ptr<RocksDbStore>(
      new RocksDbStore(folder, options, std::move(lock), std::move(database), head));
}

// Builds the database aside and moves it into place when it is whole: after a
// crash on the way there is either none or all of it.
absl::Status RocksDbStore::CreateDatabase(const DataFolder& folder, const RocksDbOptions& options) {
  HighWaterMark mark(folder);
  LABSLOT_ASSIGN_OR_RETURN(const std::optional<Mark> found, mark.Read());
  if (found && found->revision > 0) {
    return DamagedStore(folder, absl::StrCat(folder.database(), " is missing, although revision ",
                                             found->revision, " was acknowledged"));
  }
  if (folder.HasCutOffRecovery()) return DamagedStore(folder, "a recovery of it was cut off");
  if (!options.create_if_missing) {
    return absl::NotFoundError(absl::StrCat("there is no store in ", folder.path()));
  }
  LABSLOT_RETURN_IF_ERROR(mark.Write({}));
  std::error_code error;
  fs::remove_all(folder.new_database(), error);
  {
    LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<RocksDbStore> store,
                             OpenDatabase(folder, options, nullptr, folder.new_database()));
    LABSLOT_RETURN_IF_ERROR(PrepareFormat(*store));
  }
  fs::rename(folder.new_database(), folder.database(), error);
  if (error) return SystemError(absl::StrCat("make ", folder.database()), error.value());
  return SyncFolder(folder.path());
}

RocksDbStore::RocksDbStore(DataFolder folder, const RocksDbOptions& options,
                           std::unique_ptr<FolderLock> lock, std::unique_ptr<rocksdb::DB> database,
                           Revision head)
    : folder_(std::move(folder)),
      options_(options),
      lock_(std::move(lock)),
      database_(std::move(database)),
      guards_(head),
      head_(head),
      mark_(folder_) {}

RocksDbStore::~RocksDbStore() {
  WriteOutMemtable();
  if (marking_ && marked_ != head()) {
    if (const absl::Status written = WriteMark(); !written.ok()) {
      Log(LogLevel::kWarning, written.message());
    }
  }
}

// Where that fails the log is still there.
void RocksDbStore::WriteOutMemtable() {
  if (!options_.write_out_at_end || !marking_ || failed_) return;
  if (FreeBytes() < ReserveOf(folder_, options_)) return;
  const rocksdb::Status written = database_->Flush({});
  if (!written.ok()) Log(LogLevel::kWarning, written.ToString());
}

absl::Status RocksDbStore::CheckWhole() {
  LABSLOT_RETURN_IF_ERROR(CheckFormat(*this));
  LABSLOT_RETURN_IF_ERROR(CheckMark());
  LABSLOT_RETURN_IF_ERROR(CheckLog(*TakeSnapshot(), std::max<Revision>(0, head() - kCheckedTail)));
  return PrepareFormat(*this);
}

absl::Status RocksDbStore::CheckMark() {
  LABSLOT_ASSIGN_OR_RETURN(const std::optional<Mark> mark, mark_.Read());
  if (!mark) {
    return absl::DataLossError(absl::StrCat("its high-water mark (", folder_.mark_slot(0), ", ",
                                            folder_.mark_slot(1), ") is missing"));
  }
  if (head() < mark->revision) {
    return absl::DataLossError(absl::StrCat("it ends at revision ", head(), ", but revision ",
                                            mark->revision, " was acknowledged: revisions ",
                                            head() + 1, " to ", mark->revision, " are lost"));
  }
  Mark here;
  LABSLOT_RETURN_IF_ERROR(
      FromRocksDb(folder_, ReadMark(*database_, nullptr, mark->revision, here)));
  if (here != *mark) {
    return absl::DataLossError(
        absl::StrCat("its revision ", mark->revision, " is not the one that was acknowledged"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> RocksDbStore::Get(absl::string_view key) const {
  std::optional<std::string> value;
  if (key >= kEngineKeys) return value;
  LABSLOT_RETURN_IF_ERROR(FromRocksDb(folder_, ReadFrom(*database_, nullptr, key, value)));
  return value;
}

std::unique_ptr<const Snapshot> RocksDbStore::TakeSnapshot() const {
  return std::make_unique<View>(*this);
}

Revision RocksDbStore::GuardVersion(absl::string_view name) const {
  return guards_.VersionOf(name);
}

absl::Status RocksDbStore::Commit(const WriteSet& write_set) {
  if (failed_) {
    return absl::UnknownError(
        "an earlier write failed, so memory and disk may differ; restart the daemon");
  }
  LABSLOT_RETURN_IF_ERROR(guards_.Check(write_set, head()));
  LABSLOT_RETURN_IF_ERROR(CheckSpace());
  const rocksdb::Status written = WriteTo(*database_, write_set, /*sync=*/true);
  if (!written.ok()) {
    failed_ = true;
    const std::string way_out = written.IsCorruption()
                                    ? std::string(FromRocksDb(folder_, written).message())
                                    : "whether it is there shows after a restart";
    return absl::UnknownError(absl::StrCat("writing to ", folder_.database(),
                                           " failed: ", written.ToString(), "; ", way_out));
  }
  head_.store(write_set.revision);
  guards_.Committed(write_set);
  WriteMarkIfDue();
  return absl::OkStatus();
}

absl::Status RocksDbStore::CheckSpace() {
  const SteadyClock::time_point now = SteadyClock::now();
  if (space_seen_at_ && now - *space_seen_at_ < options_.care_interval) return absl::OkStatus();
  // A lack is not noted, so that the next commit looks again.
  LABSLOT_RETURN_IF_ERROR(CheckSpaceFor(0));
  space_seen_at_ = now;
  return absl::OkStatus();
}

absl::Status RocksDbStore::CheckSpaceFor(int64_t bytes) const {
  const int64_t free = FreeBytes();
  const int64_t needed = ReserveOf(folder_, options_) + bytes;
  if (free >= needed) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the file system of ", folder_.path(), " has ", Megabytes(free), " free, and ",
                   bytes == 0 ? "writes need " : "this needs ", Megabytes(needed), "; make room"));
}

absl::Status RocksDbStore::WriteMark() {
  Mark mark;
  LABSLOT_RETURN_IF_ERROR(FromRocksDb(folder_, ReadMark(*database_, nullptr, head(), mark)));
  // Also when it fails: once an interval is often enough to try.
  marked_at_ = SteadyClock::now();
  LABSLOT_RETURN_IF_ERROR(mark_.Write(mark));
  marked_ = mark.revision;
  return absl::OkStatus();
}

void RocksDbStore::WriteMarkIfDue() {
  if (!marking_ || marked_ == head() || SteadyClock::now() - marked_at_ < options_.care_interval) {
    return;
  }
  // The commit is durable without it; only the proof of that is behind.
  if (const absl::Status written = WriteMark(); !written.ok()) {
    Log(LogLevel::kWarning, absl::StrCat("the high-water mark is behind: ", written.message()));
  }
}

absl::Status RocksDbStore::Backup(const std::string& target_path) {
  std::error_code error;
  const DataFolder target(fs::absolute(target_path, error).string());
  LABSLOT_RETURN_IF_ERROR(target.Prepare(/*create=*/true));
  if (!fs::is_empty(target.path(), error) || error) {
    return absl::FailedPreconditionError(
        absl::StrCat(target.path(), " is not empty; a backup needs a folder of its own"));
  }
  // The copy is at least as new as this.
  Mark mark;
  LABSLOT_RETURN_IF_ERROR(FromRocksDb(folder_, ReadMark(*database_, nullptr, head(), mark)));
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(database_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(target.database());
  if (!status.ok()) {
    return absl::UnavailableError(
        absl::StrCat("the backup to ", target.path(), " failed: ", status.ToString()));
  }
  return HighWaterMark(target).Write(mark);
}

absl::StatusOr<Compaction> RocksDbStore::Compact() {
  const std::unique_lock<std::mutex> alone(compacting_, std::try_to_lock);
  if (!alone) return absl::AbortedError("the store is being compacted already");
  Compaction compaction;
  compaction.bytes_before = SizeOfFolder(folder_.database());
  LABSLOT_RETURN_IF_ERROR(CheckSpaceFor(compaction.bytes_before));
  const rocksdb::Status compacted = RewriteAll(*database_, stop_compacting_);
  if (compacted.IsManualCompactionPaused() || compacted.IsShutdownInProgress()) {
    return absl::CancelledError("the compaction was cut short: the daemon ends");
  }
  LABSLOT_RETURN_IF_ERROR(FromRocksDb(folder_, compacted));
  compaction.bytes_after = SizeOfFolder(folder_.database());
  return compaction;
}

int64_t RocksDbStore::FreeBytes() const { return FreeBytesOf(folder_, options_); }

}  // namespace labslot::storage
