#ifndef LABSLOT_DAEMON_SERVICE_SERVER_H_
#define LABSLOT_DAEMON_SERVICE_SERVER_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/service/access_gate.h"
#include "daemon/service/daemon_core.h"
#include "daemon/service/event_loop.h"
#include "daemon/service/health_service.h"
#include "daemon/service/methods.h"
#include "daemon/service/peer_table.h"
#include "daemon/service/raw_service.h"
#include "daemon/service/unix_listener.h"
#include "daemon/service/watch_call.h"
#include "grpcpp/server.h"

namespace labslot::service {

// PEM files; all empty for none.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string client_ca;  // if set, clients must show a certificate of it
};

struct ListenOptions {
  std::string socket;       // path of the unix socket
  std::string tcp_address;  // host:port, or empty for none; port 0 chooses one
  TlsFiles tls;
  // A watcher that takes nothing for so long, while there is something, is cut off.
  absl::Duration watch_patience = absl::Minutes(1);
};

// The gRPC side of the daemon: sockets, services, and the loop that is the one
// writer. Everything handed in must outlive it.
class Server {
 public:
  // Opens the sockets and serves. Refuses to listen beyond this machine
  // without TLS.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ListenOptions& options, runtime::Sequencer& sequencer, runtime::EventFeed& feed,
      storage::Store& store, runtime::WorkerPool& workers, const ServerFacts& facts);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  // The port that TCP listens on; 0 if it does not.
  int tcp_port() const { return tcp_port_; }

  // Runs a task on the loop's thread, where the sequencer may be used.
  void Post(std::function<void()> task) { loop_.Post(std::move(task)); }

  // Turns new calls away, ends the streams, lets running calls finish, and
  // stops. Also stops the workers, whose jobs answer calls.
  void Stop();

 private:
  Server(std::unique_ptr<grpc::ServerCompletionQueue> queue, runtime::Sequencer& sequencer,
         runtime::EventFeed& feed, storage::Store& store, runtime::WorkerPool& workers,
         const ServerFacts& facts, absl::Duration watch_patience);

  template <typename Generated>
  RawService& AddService(void (*add_methods)(Methods&));
  static size_t MostPeersOfAccount();
  absl::Status ListenOnSocket(const std::string& path);
  void Run();
  bool Drain();

  EventLoop loop_;
  const DaemonCore core_;
  PeerTable peers_{MostPeersOfAccount()};
  AccessGate gate_;
  std::vector<std::unique_ptr<RawService>> services_;
  std::vector<std::unique_ptr<Methods>> methods_;
  std::unique_ptr<Watchers> watchers_;
  HealthService health_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<UnixListener> listener_;
  std::thread thread_;
  int tcp_port_ = 0;
  // Set when the store has failed: answers that are on their way get until
  // then to leave.
  std::optional<std::chrono::steady_clock::time_point> end_at_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_SERVER_H_
