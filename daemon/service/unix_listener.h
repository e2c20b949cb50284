#ifndef LABSLOT_DAEMON_SERVICE_UNIX_LISTENER_H_
#define LABSLOT_DAEMON_SERVICE_UNIX_LISTENER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

namespace labslot::service {

// Accepts connections on a unix socket with a thread of its own, because
// gRPC's listener would not tell who connects.
class UnixListener {
 public:
  // Called on the listener's thread with each connection, which it then owns.
  using OnConnection = std::function<void(int fd)>;

  // Binds `path` with mode 0666: who may come in is decided by who they are.
  // Protect the folder to keep others from connecting at all. A socket that
  // is left over and that nobody listens on is replaced; one that is in use is
  // an error.
  static absl::StatusOr<std::unique_ptr<UnixListener>> Listen(const std::string& path,
                                                              OnConnection on_connection);

  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // Stops listening and removes the socket.
  ~UnixListener();

 private:
  UnixListener(std::string path, int listener, int stop_read, int stop_write,
               OnConnection on_connection);

  void Accept();

  const std::string path_;
  const int listener_;
  const int stop_read_;
  const int stop_write_;
  const OnConnection on_connection_;
  std::thread thread_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_UNIX_LISTENER_H_
