#ifndef LABSLOT_DAEMON_SERVICE_METHODS_H_
#define LABSLOT_DAEMON_SERVICE_METHODS_H_

#include <functional>
#include <memory>
#include <vector>

#include "daemon/service/call.h"
#include "daemon/service/daemon_core.h"

namespace labslot::service {

// The methods of a server: the table that leads from a request to its handler.
// Filled before the server starts, then waited on.
class Methods {
 public:
  // Calls of a method that wait for requests at the same time. One would do;
  // with more, a burst is taken in without a step in between.
  static constexpr int kWaiting = 8;

  Methods(Gate& gate, grpc::ServerCompletionQueue* queue) : gate_(gate), queue_(queue) {}

  Methods(const Methods&) = delete;
  Methods& operator=(const Methods&) = delete;

  // `name` is the full name of the method and must live for ever. `core` must
  // outlive the methods.
  template <typename Service, typename Base, typename Request, typename Response>
  void Add(Service& service,
           void (Base::*await)(grpc::ServerContext*, Request*,
                               grpc::ServerAsyncResponseWriter<Response>*, grpc::CompletionQueue*,
                               grpc::ServerCompletionQueue*, void*),
           const char* name, const DaemonCore& core,
           void (*handler)(const DaemonCore&, const CallInfo&, const Request&,
                           const Reply<Response>&)) {
    using Call = UnaryCall<Service, Base, Request, Response>;
    auto method = std::make_shared<typename Call::Method>(
        typename Call::Method{service, await, name, core, handler, gate_, queue_});
    waits_.push_back([method] {
      for (int i = 0; i < kWaiting; ++i) Call::Wait(*method);
    });
  }

  // Starts to wait for requests. Call once, when the server has started.
  void Wait() {
    for (const std::function<void()>& wait : waits_) wait();
  }

 private:
  Gate& gate_;
  grpc::ServerCompletionQueue* const queue_;
  std::vector<std::function<void()>> waits_;  // own the methods
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_METHODS_H_
