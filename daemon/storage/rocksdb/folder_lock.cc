#include "daemon/storage/rocksdb/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/storage/files.h"

namespace labslot::storage {
namespace {

// What the holder wrote into its lock file, such as ` (pid 71, since ...)`.
std::string Holder(int file) {
  char text[128];
  const ssize_t size = pread(file, text, sizeof text, 0);
  if (size <= 0) return "";
  absl::string_view holder(text, static_cast<size_t>(size));
  absl::ConsumeSuffix(&holder, "\n");
  return absl::StrCat(" (", holder, ")");
}

}  // namespace

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(const DataFolder& folder) {
  const std::string path = folder.lock_file();
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return SystemError(absl::StrCat("write to the folder ", folder.path()), errno);
  auto lock = std::unique_ptr<FolderLock>(new FolderLock(file));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(absl::StrCat("lock ", path), errno);
    return absl::FailedPreconditionError(absl::StrCat("another labslotd", Holder(file), " uses ",
                                                      folder.path(),
                                                      "; stop it or choose another --data_dir"));
  }
  // For the message above only, so it does not matter if it fails.
  const std::string holder = absl::StrCat(
      "pid ", getpid(), ", since ",
      absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::Now(), absl::UTCTimeZone()), "\n");
  if (ftruncate(file, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(file, holder.data(), holder.size(), 0);
  }
  return lock;
}

FolderLock::~FolderLock() { close(file_); }

}  // namespace labslot::storage
