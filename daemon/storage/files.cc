#include "daemon/storage/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

// Calls fsync or syncfs for a folder.
absl::Status SyncBy(int (*sync)(int), const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return SystemError(absl::StrCat("open ", path), errno);
  const int result = sync(file);
  const int error = errno;
  close(file);
  if (result != 0) return SystemError(absl::StrCat("sync ", path), error);
  return absl::OkStatus();
}

}  // namespace

absl::Status SystemError(absl::string_view what, int error_number) {
  const std::string message = absl::StrCat("cannot ", what, ": ", std::strerror(error_number));
  switch (error_number) {
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
      return absl::ResourceExhaustedError(message);
    default:
      return absl::UnavailableError(message);
  }
}

absl::Status SyncFolder(const std::string& path) { return SyncBy(fsync, path); }

absl::Status CopyFolder(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directory(to, error);
  // Before anything is in it.
  if (!error) fs::permissions(to, fs::perms::owner_all, error);
  for (fs::recursive_directory_iterator it(from, error), end; !error && it != end;
       it.increment(error)) {
    const fs::path target = to / it->path().lexically_relative(from);
    if (it->is_directory()) {
      fs::create_directory(target, error);
    } else if (it->is_regular_file()) {
      fs::copy_file(it->path(), target, error);
    }
    if (error) break;
  }
  if (error) return SystemError(absl::StrCat("copy ", from, " to ", to), error.value());
  // All files of the copy at once.
  return SyncBy(syncfs, to);
}

int64_t SizeOfFolder(const std::string& path) {
  int64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code gone;
    if (it->is_regular_file(gone)) bytes += static_cast<int64_t>(it->file_size(gone));
  }
  return bytes;
}

}  // namespace labslot::storage
