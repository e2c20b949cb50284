#ifndef LABSLOT_DAEMON_SERVICE_HEALTH_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_HEALTH_SERVICE_H_

#include <vector>

#include "daemon/service/event_loop.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace labslot::service {

// The standard health service, for the server as a whole (the empty service
// name). It asks for no identity. gRPC's own starts two threads that poll every
// connection in competition with the loop, and hand what they find over to it:
// that made every call of the daemon cost half as much again.
class HealthService {
 public:
  explicit HealthService(EventLoop& loop) : loop_(loop) {}

  HealthService(const HealthService&) = delete;
  HealthService& operator=(const HealthService&) = delete;

  // What to register with a server.
  grpc::Service& grpc_service() { return service_; }

  // Starts to wait for calls. Call once, when the server has started.
  void Wait();

  // From now on the server is not serving: whoever watches is told so, and the
  // streams end. Of the loop's thread.
  void StopServing();

 private:
  class CheckCall;
  class WatchCall;

  EventLoop& loop_;
  ::grpc::health::v1::Health::AsyncService service_;
  std::vector<WatchCall*> open_;
  bool serving_ = true;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_HEALTH_SERVICE_H_
