#include "tests/bench/open_load.h"

#include <algorithm>
#include <memory>

#include "grpcpp/generic/generic_stub.h"

namespace labslot::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Next = grpc::CompletionQueue::NextStatus;

// So many calls are begun before answers are looked at again.
constexpr int64_t kMostAtOnce = 32;

struct Call {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer response;
  grpc::Status status;
  Clock::time_point began;
};

class Generator {
 public:
  explicit Generator(const OpenLoad& load) : load_(load) {
    for (const Route& route : load.routes) {
      stubs_.push_back(std::make_unique<grpc::GenericStub>(route.channel));
    }
  }

  OpenLoadResult Run() {
    const Clock::time_point began = Clock::now();
    for (double now = 0; now < load_.length.count(); now = Since(began)) {
      const auto due = static_cast<int64_t>(now * load_.calls_a_second);
      const int64_t begin = std::min(due - result_.offered, kMostAtOnce);
      for (int64_t i = 0; i < begin; ++i) Begin();
      // With nothing due there is a moment to wait for an answer.
      TakeAnswers(begin > 0 ? std::chrono::microseconds(0) : std::chrono::microseconds(50));
    }
    result_.seconds = Since(began);
    while (on_their_way_ > 0) TakeAnswers(std::chrono::milliseconds(10));
    queue_.Shutdown();
    return std::move(result_);
  }

 private:
  static double Since(Clock::time_point began) {
    return std::chrono::duration<double>(Clock::now() - began).count();
  }

  void Begin() {
    const auto number = static_cast<size_t>(result_.offered++);
    auto call = std::make_unique<Call>();
    const Route& route = load_.routes[number % stubs_.size()];
    if (!route.bearer.empty()) {
      call->context.AddMetadata("authorization", "Bearer " + route.bearer);
    }
    call->context.set_deadline(std::chrono::system_clock::now() + load_.deadline);
    call->reader = stubs_[number % stubs_.size()]->PrepareUnaryCall(&call->context, load_.method,
                                                                    load_.request(), &queue_);
    call->began = Clock::now();
    call->reader->StartCall();
    Call* const tag = call.release();
    tag->reader->Finish(&tag->response, &tag->status, tag);
    ++on_their_way_;
    if (load_.give_up_every > 0 && number % static_cast<size_t>(load_.give_up_every) == 0) {
      tag->context.TryCancel();
    }
  }

  void TakeAnswers(std::chrono::microseconds patience) {
    void* tag = nullptr;
    bool ok = false;
    auto until = std::chrono::system_clock::now() + patience;
    while (queue_.AsyncNext(&tag, &ok, until) == Next::GOT_EVENT) {
      Take(std::unique_ptr<Call>(static_cast<Call*>(tag)));
      until = std::chrono::system_clock::now();
    }
  }

  void Take(std::unique_ptr<Call> call) {
    --on_their_way_;
    ++result_.by_code[call->status.error_code()];
    if (call->status.ok()) {
      result_.ok_ms.push_back(
          std::chrono::duration<float, std::milli>(Clock::now() - call->began).count());
    }
    // Before its context.
    call->reader.reset();
  }

  const OpenLoad& load_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
  grpc::CompletionQueue queue_;
  OpenLoadResult result_;
  int64_t on_their_way_ = 0;
};

}  // namespace

double OpenLoadResult::PerSecond(grpc::StatusCode code) const {
  const auto found = by_code.find(code);
  return found == by_code.end() ? 0 : static_cast<double>(found->second) / seconds;
}

OpenLoadResult Offer(const OpenLoad& load) { return Generator(load).Run(); }

}  // namespace labslot::bench
