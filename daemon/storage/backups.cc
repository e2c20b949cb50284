#include "daemon/storage/backups.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/files.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

constexpr char kTimeFormat[] = "%E4Y%m%dT%H%M%SZ";
constexpr char kHalf[] = ".making-";

std::string NameOf(Instant time, Revision revision) {
  return absl::StrCat(
      absl::FormatTime(kTimeFormat, absl::FromUnixSeconds(time), absl::UTCTimeZone()), "-r",
      revision);
}

absl::Status MakeIn(const std::string& half, Store& store) {
  absl::Status made = store.Backup(half);
  std::error_code ignored;
  if (!made.ok()) fs::remove_all(half, ignored);
  return made;
}

// What the name of a folder says, if it is the name of a backup.
std::optional<Backup> BackupNamed(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, "-r");
  Backup backup;
  absl::Time time;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &backup.revision) ||
      !absl::ParseTime(kTimeFormat, parts[0], &time, nullptr)) {
    return std::nullopt;
  }
  backup.time = absl::ToUnixSeconds(time);
  return backup;
}

}  // namespace

absl::StatusOr<Backup> Backups::Make(Store& store, Instant now) const {
  if (folder_.empty()) {
    return absl::FailedPreconditionError(
        "the daemon has no folder for backups; start it with --backup_dir");
  }
  std::error_code error;
  if (!fs::exists(folder_, error)) {
    fs::create_directories(folder_, error);
    if (error) return SystemError(absl::StrCat("make the folder ", folder_), error.value());
    fs::permissions(folder_, fs::perms::owner_all, error);
  }
  Backup backup;
  backup.time = now;
  backup.revision = store.head();
  const std::string name = NameOf(backup.time, backup.revision);
  const std::string half = absl::StrCat(folder_, "/", kHalf, name);
  backup.path = absl::StrCat(folder_, "/", name);
  if (fs::exists(half, error)) {
    return absl::FailedPreconditionError(absl::StrCat(backup.path, " is in the making"));
  }
  // Of two at once one makes the folder that claims the name.
  const std::string claim = half + ".claim";
  if (!fs::create_directory(claim, error)) {
    if (error) return SystemError(absl::StrCat("make the folder ", claim), error.value());
    return absl::FailedPreconditionError(absl::StrCat(backup.path, " is in the making"));
  }
  const absl::Cleanup give_back = [&claim] {
    std::error_code ignored;
    fs::remove(claim, ignored);
  };
  // One of this second and revision is what was asked for.
  if (!fs::exists(backup.path, error)) {
    LABSLOT_RETURN_IF_ERROR(MakeIn(half, store));
    fs::rename(half, backup.path, error);
    if (error) return SystemError(absl::StrCat("rename ", half), error.value());
    LABSLOT_RETURN_IF_ERROR(SyncFolder(folder_));
  }
  backup.bytes = SizeOfFolder(backup.path);
  return backup;
}

absl::StatusOr<std::vector<Backup>> Backups::List() const {
  std::vector<Backup> backups;
  std::error_code error;
  if (folder_.empty() || !fs::exists(folder_, error)) return backups;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    auto backup = BackupNamed(it->path().filename().string());
    if (!backup) continue;
    backup->path = it->path().string();
    backup->bytes = SizeOfFolder(backup->path);
    backups.push_back(*std::move(backup));
  }
  if (error) return SystemError(absl::StrCat("read the folder ", folder_), error.value());
  std::sort(backups.begin(), backups.end(), [](const Backup& a, const Backup& b) {
    return std::make_pair(a.time, a.revision) > std::make_pair(b.time, b.revision);
  });
  return backups;
}

void Backups::RemoveHalves() const {
  if (folder_.empty()) return;
  std::error_code error;
  std::vector<fs::path> halves;
  for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    if (absl::StartsWith(it->path().filename().string(), kHalf)) halves.push_back(it->path());
  }
  for (const fs::path& half : halves) fs::remove_all(half, error);
}

}  // namespace labslot::storage
