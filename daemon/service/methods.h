#ifndef LABSLOT_DAEMON_SERVICE_METHODS_H_
#define LABSLOT_DAEMON_SERVICE_METHODS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/service/call.h"
#include "daemon/service/daemon_core.h"

namespace labslot::service {

// The methods of one service: the table that leads from a request to its
// handler. Filled before the server starts, then waited on.
class Methods {
 public:
  // Calls of a method that wait for requests at the same time. One would do;
  // with more, a burst is taken in without a step in between.
  static constexpr int kWaiting = 8;

  // All must outlive the methods.
  Methods(RawService& service, const DaemonCore& core, Gate& gate)
      : service_(service), core_(core), gate_(gate) {}

  Methods(const Methods&) = delete;
  Methods& operator=(const Methods&) = delete;

  // Adds the method with this name in the proto.
  template <typename Request, typename Response>
  void Add(const char* name, void (*handler)(const DaemonCore&, const CallInfo&, const Request&,
                                             const Reply<Response>&)) {
    using Method = UnaryMethod<Request, Response>;
    const google::protobuf::MethodDescriptor& descriptor =
        *service_.descriptor().FindMethodByName(name);
    auto method = std::make_shared<const Method>(Method{service_, descriptor.index(),
                                                        NameOfMethod(descriptor), core_, handler,
                                                        gate_, *core_.loop.queue()});
    waits_.push_back([method] {
      for (int i = 0; i < kWaiting; ++i) UnaryCall<Request, Response>::Wait(*method);
    });
  }

  // Starts to wait for requests. Call once, when the server has started.
  void Wait() {
    for (const std::function<void()>& wait : waits_) wait();
  }

 private:
  static std::string NameOfMethod(const google::protobuf::MethodDescriptor& descriptor) {
    return absl::StrCat("/", descriptor.service()->full_name(), "/", descriptor.name());
  }

  RawService& service_;
  const DaemonCore& core_;
  Gate& gate_;
  std::vector<std::function<void()>> waits_;  // own the methods
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_METHODS_H_
