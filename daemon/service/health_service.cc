#include "daemon/service/health_service.h"

#include <utility>

#include "grpcpp/server_context.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/async_unary_call.h"

namespace labslot::service {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

// Anybody may watch, so there is an end to how many do.
constexpr size_t kMaxWatchers = 1000;

HealthCheckResponse ResponseOf(HealthCheckResponse::ServingStatus status) {
  HealthCheckResponse response;
  response.set_status(status);
  return response;
}

}  // namespace

// One call of Check. Makes its successor, and deletes itself when it is over.
class HealthService::CheckCall : public Tag {
 public:
  explicit CheckCall(HealthService& health) : health_(health), writer_(&context_) {
    grpc::ServerCompletionQueue* queue = health_.loop_.queue();
    health_.service_.RequestCheck(&context_, &request_, &writer_, queue, queue, this);
  }

  void Proceed(bool ok) override {
    if (answered_ || !ok) {
      delete this;
      return;
    }
    answered_ = true;
    new CheckCall(health_);
    if (!request_.service().empty()) {
      writer_.FinishWithError({grpc::StatusCode::NOT_FOUND, "there is no health of its own"}, this);
      return;
    }
    writer_.Finish(ResponseOf(health_.serving_ ? HealthCheckResponse::SERVING
                                               : HealthCheckResponse::NOT_SERVING),
                   grpc::Status::OK, this);
  }

 private:
  HealthService& health_;
  grpc::ServerContext context_;
  HealthCheckRequest request_;
  grpc::ServerAsyncResponseWriter<HealthCheckResponse> writer_;
  bool answered_ = false;
};

// One stream of Watch. Says once how the server stands, and once more when it
// stops serving, which ends the stream.
class HealthService::WatchCall {
 public:
  explicit WatchCall(HealthService& health) : health_(health), writer_(&context_) {
    context_.AsyncNotifyWhenDone(&gone_);
    grpc::ServerCompletionQueue* queue = health_.loop_.queue();
    health_.service_.RequestWatch(&context_, &request_, &writer_, queue, queue, &called_);
  }

  ~WatchCall() { std::erase(health_.open_, this); }

  void Stop() {
    if (writing_ || finishing_) return;
    finishing_ = true;
    ++pending_;
    writer_.WriteAndFinish(ResponseOf(HealthCheckResponse::NOT_SERVING), grpc::WriteOptions(),
                           {grpc::StatusCode::UNAVAILABLE, "the daemon stops"}, &finished_);
  }

 private:
  // Leads an operation's return to a method of the call.
  class Step : public Tag {
   public:
    Step(WatchCall& call, void (WatchCall::*method)(bool)) : call_(call), method_(method) {}
    void Proceed(bool ok) override { (call_.*method_)(ok); }

   private:
    WatchCall& call_;
    void (WatchCall::*method_)(bool);
  };

  void OnCalled(bool ok) {
    if (!ok) {
      delete this;
      return;
    }
    new WatchCall(health_);
    pending_ = 1;  // the notice that the caller is gone
    health_.open_.push_back(this);
    if (health_.open_.size() > kMaxWatchers) {
      return Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many watch the health"});
    }
    if (!health_.serving_) return Stop();
    writing_ = true;
    ++pending_;
    writer_.Write(ResponseOf(request_.service().empty() ? HealthCheckResponse::SERVING
                                                        : HealthCheckResponse::SERVICE_UNKNOWN),
                  &written_);
  }

  void OnWritten(bool) {
    writing_ = false;
    --pending_;
    // It may have stopped serving meanwhile, or the caller may have gone.
    if (!health_.serving_) return Stop();
    if (gone_already_) Finish({grpc::StatusCode::CANCELLED, "the watcher is gone"});
  }

  void OnGone(bool) {
    --pending_;
    gone_already_ = true;
    if (finishing_) return DeleteIfOver();
    if (!writing_) Finish({grpc::StatusCode::CANCELLED, "the watcher is gone"});
  }

  void OnFinished(bool) {
    --pending_;
    DeleteIfOver();
  }

  void Finish(const grpc::Status& status) {
    finishing_ = true;
    ++pending_;
    writer_.Finish(status, &finished_);
  }

  void DeleteIfOver() {
    if (pending_ == 0) delete this;
  }

  HealthService& health_;
  grpc::ServerContext context_;
  HealthCheckRequest request_;
  grpc::ServerAsyncWriter<HealthCheckResponse> writer_;
  Step called_{*this, &WatchCall::OnCalled};
  Step written_{*this, &WatchCall::OnWritten};
  Step gone_{*this, &WatchCall::OnGone};
  Step finished_{*this, &WatchCall::OnFinished};
  int pending_ = 0;  // operations that have not come back
  bool writing_ = false;
  bool finishing_ = false;
  bool gone_already_ = false;
};

void HealthService::Wait() {
  new CheckCall(*this);
  new WatchCall(*this);
}

void HealthService::StopServing() {
  serving_ = false;
  for (WatchCall* call : std::vector<WatchCall*>(open_)) call->Stop();
}

}  // namespace labslot::service
