// A library that is loaded before the daemon (LD_PRELOAD) and plays the disk of a machine
// that fails. The daemon is the one that is deployed; it notices nothing else.
//
//   LABSLOT_SHIM_FOLDER   files below it are meant
//   LABSLOT_SHIM_JOURNAL  a line for each sync that was done: inode, size that it made last
//   LABSLOT_SHIM_FAULT    sync, write, half or full: what fails once the file
//                         LABSLOT_SHIM_JOURNAL.armed exists; `lie` is a sync that does nothing
//
// Sizes are all that is noted: a cut takes away what was appended and not synced. What was
// overwritten in place, renamed or made stays, which is one of the things that may happen.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

std::string Setting(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

const std::string& Fault() {
  static const std::string& fault = *new std::string(Setting("LABSLOT_SHIM_FAULT"));
  return fault;
}

const std::string& Journal() {
  static const std::string& journal = *new std::string(Setting("LABSLOT_SHIM_JOURNAL"));
  return journal;
}

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool IsMeant(int file) {
  static const std::string& folder = *new std::string(Setting("LABSLOT_SHIM_FOLDER"));
  char link[64];
  char path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path);
  return length > 0 && std::string(path, static_cast<size_t>(length)).rfind(folder, 0) == 0;
}

bool Fails(const char* fault, int file) {
  if (Fault() != fault) return false;
  const int error = errno;
  const bool armed = access((Journal() + ".armed").c_str(), F_OK) == 0;
  errno = error;
  return armed && IsMeant(file);
}

void Note(int file, const struct stat& before) {
  if (!S_ISREG(before.st_mode) || !IsMeant(file)) return;
  static const int journal =
      open(Journal().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  char line[64];
  const int length = std::snprintf(line, sizeof line, "%llu %lld\n",
                                   static_cast<unsigned long long>(before.st_ino),
                                   static_cast<long long>(before.st_size));
  static const auto write = Real<ssize_t (*)(int, const void*, size_t)>("write");
  if (write(journal, line, static_cast<size_t>(length)) != length) std::abort();
}

int SyncWith(int (*real)(int), int file) {
  if (Fails("lie", file)) return 0;
  if (Fails("sync", file)) {
    errno = EIO;
    return -1;
  }
  struct stat before;
  const bool known = fstat(file, &before) == 0;
  const int result = real(file);
  if (result == 0 && known) Note(file, before);
  return result;
}

}  // namespace

extern "C" {

int fdatasync(int file) {
  static const auto real = Real<int (*)(int)>("fdatasync");
  return SyncWith(real, file);
}

int fsync(int file) {
  static const auto real = Real<int (*)(int)>("fsync");
  return SyncWith(real, file);
}

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  if (Fault().empty()) return real(file, bytes, size);
  if (Fails("half", file)) {
    // The rest is refused when it is tried again.
    if (size > 1) return real(file, bytes, size / 2);
    errno = EIO;
    return -1;
  }
  if (Fails("write", file) || Fails("full", file)) {
    errno = Fault() == "full" ? ENOSPC : EIO;
    return -1;
  }
  return real(file, bytes, size);
}

}  // extern "C"
