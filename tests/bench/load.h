#ifndef LABSLOT_TESTS_BENCH_LOAD_H_
#define LABSLOT_TESTS_BENCH_LOAD_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/async_unary_call.h"
#include "tests/bench/child.h"

namespace labslot::bench {

// A way to a server, and who goes it.
struct Route {
  std::shared_ptr<grpc::Channel> channel;
  std::string bearer;  // secret of a token; empty for none
};

// Opens a channel with a connection of its own, and waits until it is there.
std::shared_ptr<grpc::Channel> Connect(const std::string& target);

// A place in the load that has one call on its way at a time.
class Place {
 public:
  virtual ~Place() = default;
  virtual void Start(grpc::CompletionQueue& queue) = 0;
  // Looks at the answer. Ends the benchmark if it is not OK.
  virtual void Finish() = 0;

  std::chrono::steady_clock::time_point began;
};

// Calls of one method, each with a request that `fill` makes.
template <typename Request, typename Response>
class UnaryPlace : public Place {
 public:
  using Fill = std::function<void(Request&)>;

  UnaryPlace(const Route& route, std::string method, Fill fill)
      : stub_(route.channel), bearer_(route.bearer), method_(std::move(method)), fill_(fill) {}

  void Start(grpc::CompletionQueue& queue) override {
    request_.Clear();
    fill_(request_);
    context_.emplace();
    if (!bearer_.empty()) context_->AddMetadata("authorization", "Bearer " + bearer_);
    reader_ = stub_.PrepareUnaryCall(&*context_, method_, request_, &queue);
    reader_->StartCall();
    reader_->Finish(&response_, &status_, this);
  }

  void Finish() override {
    if (!status_.ok()) Fail(method_ + ": " + status_.error_message());
    // Before its context.
    reader_.reset();
  }

 private:
  grpc::TemplatedGenericStub<Request, Response> stub_;
  const std::string bearer_;
  const std::string method_;
  const Fill fill_;
  Request request_;
  Response response_;
  grpc::Status status_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;
};

// What a server is asked to do: makes the places, by number from 0.
using Workload = std::function<std::unique_ptr<Place>(size_t number)>;

// A workload whose places take turns on `routes`.
template <typename Request, typename Response>
Workload Calls(std::vector<Route> routes, std::string method, std::function<void(Request&)> fill) {
  return [=](size_t number) {
    return std::make_unique<UnaryPlace<Request, Response>>(routes[number % routes.size()], method,
                                                           fill);
  };
}

// What came of one round.
struct Round {
  double seconds = 0;
  double server_cpu_seconds = 0;
  std::vector<float> latencies_us;  // one a call

  double calls() const { return static_cast<double>(latencies_us.size()); }
  double per_second() const { return calls() / seconds; }
  double server_cpu_us() const { return server_cpu_seconds * 1e6 / calls(); }
};

// When a round ends; whichever comes first.
struct RoundEnd {
  std::chrono::duration<double> time;
  int64_t calls = INT64_MAX;
};

// Keeps `in_flight` calls on their way from one thread: each answer makes room
// for the next call. Counts what was answered before the end.
Round RunRound(const Workload& workload, size_t in_flight, const RoundEnd& end,
               const Child& server);

// One call, and its answer.
template <typename Request, typename Response>
Response CallOnce(const Route& route, const std::string& method, const Request& request) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  if (!route.bearer.empty()) context.AddMetadata("authorization", "Bearer " + route.bearer);
  Response response;
  grpc::Status status;
  grpc::TemplatedGenericStub<Request, Response> stub(route.channel);
  const auto reader = stub.PrepareUnaryCall(&context, method, request, &queue);
  reader->StartCall();
  reader->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) Fail(method + ": " + status.error_message());
  return response;
}

}  // namespace labslot::bench

#endif  // LABSLOT_TESTS_BENCH_LOAD_H_
