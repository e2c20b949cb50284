#ifndef LABSLOT_DAEMON_SERVICE_METHODS_H_
#define LABSLOT_DAEMON_SERVICE_METHODS_H_

#include <functional>
#include <map>
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

  // Called once for a request, on any thread.
  using Answer = std::function<void(const google::protobuf::Message&, const grpc::Status&)>;

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
    const bool is_command = Request::descriptor()->FindFieldByName("request_id") != nullptr;
    auto method = std::make_shared<const Method>(Method{service_, descriptor.index(),
                                                        NameOfMethod(descriptor), is_command, core_,
                                                        handler, gate_, *core_.loop.queue()});
    waits_.push_back([method] {
      for (int i = 0; i < kWaiting; ++i) UnaryCall<Request, Response>::Wait(*method);
    });
    serves_[method->name] = [method](const CallInfo& info, grpc::ByteBuffer& request,
                                     const Answer& answer) {
      method->Serve(info, request, Reply<Response>(answer));
    };
  }

  // Starts to wait for requests. Call once, when the server has started.
  void Wait() {
    for (const std::function<void()>& wait : waits_) wait();
  }

  // Serves a request that did not come through gRPC, as a call does behind its gate.
  // False if none of these methods is the one that `info` names.
  bool Serve(const CallInfo& info, grpc::ByteBuffer request, const Answer& answer) const {
    const auto found = serves_.find(std::string(info.method));
    if (found == serves_.end()) return false;
    found->second(info, request, answer);
    return true;
  }

 private:
  static std::string NameOfMethod(const google::protobuf::MethodDescriptor& descriptor) {
    return absl::StrCat("/", descriptor.service()->full_name(), "/", descriptor.name());
  }

  RawService& service_;
  const DaemonCore& core_;
  Gate& gate_;
  std::vector<std::function<void()>> waits_;  // own the methods
  // By NameOfMethod.
  std::map<std::string, std::function<void(const CallInfo&, grpc::ByteBuffer&, const Answer&)>>
      serves_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_METHODS_H_
