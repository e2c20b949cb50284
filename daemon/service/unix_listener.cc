#include "daemon/service/unix_listener.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"

namespace labslot::service {
namespace {

constexpr int kBacklog = 512;

// After the descriptors have run out, wait before the next try, instead of
// spinning.
constexpr std::chrono::milliseconds kPauseAfterError(100);

absl::StatusOr<sockaddr_un> AddressOf(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the socket path '", path, "' is longer than the ",
                     sizeof(address.sun_path) - 1, " bytes that unix allows; choose another"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

absl::Status SystemError(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat("cannot ", what, " '", path, "': ", std::strerror(errno)));
}

// Only a refused connection proves that nobody listens any more.
bool IsLeftOver(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return false;
  const bool refused =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
      errno == ECONNREFUSED;
  ::close(probe);
  return refused;
}

absl::Status Bind(int listener, const std::string& path, const sockaddr_un& address) {
  struct stat existing;
  if (::lstat(path.c_str(), &existing) == 0) {
    if (!S_ISSOCK(existing.st_mode)) {
      return absl::FailedPreconditionError(
          absl::StrCat("'", path, "' exists and is not a socket; choose another --socket"));
    }
    if (!IsLeftOver(address)) {
      return absl::FailedPreconditionError(absl::StrCat("another process listens on '", path,
                                                        "'; stop it, or choose another --socket"));
    }
    ::unlink(path.c_str());
  }
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return SystemError("bind the socket", path);
  }
  if (::chmod(path.c_str(), 0666) != 0) return SystemError("open the socket to others", path);
  if (::listen(listener, kBacklog) != 0) return SystemError("listen on", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<UnixListener>> UnixListener::Listen(const std::string& path,
                                                                   OnConnection on_connection) {
  const absl::StatusOr<sockaddr_un> address = AddressOf(path);
  if (!address.ok()) return address.status();
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return SystemError("make a socket for", path);
  const absl::Status bound = Bind(listener, path, *address);
  std::array<int, 2> stop = {-1, -1};
  if (!bound.ok() || ::pipe2(stop.data(), O_CLOEXEC) != 0) {
    ::close(listener);
    return bound.ok() ? SystemError("make a pipe for", path) : bound;
  }
  return std::unique_ptr<UnixListener>(
      new UnixListener(path, listener, stop[0], stop[1], std::move(on_connection)));
}

UnixListener::UnixListener(std::string path, int listener, int stop_read, int stop_write,
                           OnConnection on_connection)
    : path_(std::move(path)),
      listener_(listener),
      stop_read_(stop_read),
      stop_write_(stop_write),
      on_connection_(std::move(on_connection)),
      thread_([this] { Accept(); }) {}

UnixListener::~UnixListener() {
  ::close(stop_write_);  // the reader sees the end of the pipe
  thread_.join();
  ::close(stop_read_);
  ::close(listener_);
  ::unlink(path_.c_str());
}

void UnixListener::Accept() {
  std::array<pollfd, 2> watched = {{{listener_, POLLIN, 0}, {stop_read_, POLLIN, 0}}};
  while (true) {
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return;
    if (watched[1].revents != 0) return;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      on_connection_(fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
      Log(LogLevel::kWarning, absl::StrCat("cannot accept a connection: ", std::strerror(errno)));
      std::this_thread::sleep_for(kPauseAfterError);
    }
  }
}

}  // namespace labslot::service
