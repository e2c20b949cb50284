#include "daemon/storage/rocksdb/data_folder.h"

#include <sys/statvfs.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/storage/files.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

// What a store or its file system puts into the folder. `db` also covers the
// databases in the making.
bool IsExpected(absl::string_view name) {
  return name == "labslotd.lock" || name == "lost+found" || name == "db" ||
         absl::StartsWith(name, "db.") || absl::StartsWith(name, "HIGHWATER-");
}

constexpr char kWayOut[] = "labslotd recover --data_dir ";

}  // namespace

DataFolder::DataFolder(std::string path) : path_(std::move(path)) {
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
}

std::string DataFolder::mark_slot(int slot) const {
  return absl::StrCat(path_, "/HIGHWATER-", slot);
}

bool DataFolder::HasDatabase() const {
  std::error_code ignored;
  return fs::exists(database(), ignored);
}

bool DataFolder::HasCutOffRecovery() const {
  std::error_code ignored;
  return !HasDatabase() && fs::exists(damaged_database(), ignored);
}

absl::Status DataFolder::Prepare(bool create) const {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (status.type() == fs::file_type::not_found) {
    if (!create) return absl::NotFoundError(absl::StrCat("there is no store in ", path_));
    fs::create_directories(path_, error);
    if (error) return SystemError(absl::StrCat("make the folder ", path_), error.value());
    // The store holds what only its owner may read.
    fs::permissions(path_, fs::perms::owner_all, error);
    return absl::OkStatus();
  }
  if (error) return SystemError(absl::StrCat("read the folder ", path_), error.value());
  if (status.type() != fs::file_type::directory) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, " is not a folder; name one with --data_dir"));
  }
  return CheckContent();
}

absl::Status DataFolder::CheckContent() const {
  if (HasDatabase() || HasCutOffRecovery()) return absl::OkStatus();
  std::error_code error;
  for (fs::directory_iterator it(path_, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (IsExpected(name)) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(path_, " holds other files (", name,
                     ") and no store of labslotd; choose an empty or a new folder"));
  }
  if (error) return SystemError(absl::StrCat("read the folder ", path_), error.value());
  return absl::OkStatus();
}

int64_t DataFolder::TotalBytes() const {
  struct statvfs found {};
  if (statvfs(path_.c_str(), &found) != 0) return 0;
  return static_cast<int64_t>(found.f_blocks) * static_cast<int64_t>(found.f_frsize);
}

absl::Status DamagedStore(const DataFolder& folder, absl::string_view what) {
  // What the layers below have said in full already.
  if (absl::StrContains(what, kWayOut)) return absl::DataLossError(what);
  return absl::DataLossError(absl::StrCat(
      "the store in ", folder.path(), " is damaged: ", what, ". Restore a backup, or run `",
      kWayOut, folder.path(),
      "`, which keeps a copy of the folder, saves what can be saved and says what is lost"));
}

}  // namespace labslot::storage
