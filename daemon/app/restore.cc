#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/app/daemon.h"
#include "daemon/base/status_macros.h"
#include "daemon/runtime/loader.h"
#include "daemon/storage/files.h"
#include "daemon/storage/format.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/data_folder.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"

namespace labslot::app {
namespace {

namespace fs = std::filesystem;

absl::Status CheckPlaces(const storage::DataFolder& backup, const storage::DataFolder& target) {
  std::error_code ignored;
  if (!backup.HasDatabase()) {
    return absl::NotFoundError(
        absl::StrCat("there is no backup in ", backup.path(),
                     "; --from names the folder of one, as `labslot backup list` shows it"));
  }
  if (fs::exists(target.path(), ignored) && !fs::is_empty(target.path(), ignored)) {
    return absl::FailedPreconditionError(
        absl::StrCat(target.path(), " is not empty; move it aside first, as to ", target.path(),
                     ".old, or name another --data_dir"));
  }
  return absl::OkStatus();
}

// Every row is read, which checks all files; the log is checked as a whole, and the
// state loaded as at a start.
absl::Status Audit(const storage::RocksDbStore& store) {
  const std::unique_ptr<const storage::Snapshot> snapshot = store.TakeSnapshot();
  LABSLOT_RETURN_IF_ERROR(snapshot->Scan(
      "", storage::kEngineKeys, [](absl::string_view, absl::string_view) { return true; }));
  LABSLOT_RETURN_IF_ERROR(storage::CheckLog(*snapshot));
  return runtime::LoadState(store).status();
}

std::string WhatItShows(const storage::RocksDbStore& store) {
  const auto last = storage::ReadEvent(store, store.head());
  if (!last.ok() || !last->has_value()) return absl::StrCat("revision ", store.head());
  return absl::StrCat("revision ", store.head(), " of ",
                      absl::FormatTime("%Y-%m-%d %H:%M:%S UTC",
                                       absl::FromUnixSeconds((*last)->time), absl::UTCTimeZone()));
}

}  // namespace

absl::Status RunRestore(const Configuration& configuration) {
  const storage::DataFolder backup(fs::absolute(configuration.from).string());
  const storage::DataFolder target(fs::absolute(configuration.data_dir).string());
  LABSLOT_RETURN_IF_ERROR(CheckPlaces(backup, target));
  const std::string draft = absl::StrCat(target.path(), ".restoring");
  std::error_code error;
  // Of a restoration that was cut off.
  fs::remove_all(draft, error);
  fs::create_directories(fs::path(draft).parent_path(), error);
  LABSLOT_RETURN_IF_ERROR(storage::CopyFolder(backup.path(), draft));
  std::string shows;
  {
    LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<storage::RocksDbStore> store,
                             storage::RocksDbStore::Open(draft));
    LABSLOT_RETURN_IF_ERROR(Audit(*store));
    // What came behind the backup had revisions that will mean something else now.
    LABSLOT_RETURN_IF_ERROR(storage::RenameHistory(*store));
    shows = WhatItShows(*store);
  }
  fs::remove(target.path(), error);
  fs::rename(draft, target.path(), error);
  if (error) {
    return storage::SystemError(absl::StrCat("rename ", draft, " to ", target.path()),
                                error.value());
  }
  LABSLOT_RETURN_IF_ERROR(storage::SyncFolder(fs::path(target.path()).parent_path().string()));
  std::cout << "restored " << backup.path() << " to " << target.path() << ": it shows " << shows
            << ".\nAll of it was read and the state loaded; no damage was found.\n"
            << "What was done after that revision is not in it, and its history has a new id:\n"
            << "who resumes a watch has to begin anew.\n"
            << std::flush;
  return absl::OkStatus();
}

}  // namespace labslot::app
