#ifndef LABSLOT_DAEMON_SERVICE_CALL_H_
#define LABSLOT_DAEMON_SERVICE_CALL_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/base/log.h"
#include "daemon/base/patience.h"
#include "daemon/domain/error.h"
#include "daemon/engine/principal.h"
#include "daemon/service/convert/status.h"
#include "daemon/service/daemon_core.h"
#include "daemon/service/event_loop.h"
#include "daemon/service/raw_service.h"
#include "daemon/service/wire.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"

namespace labslot::service {

// What every handler knows of its call.
struct CallInfo {
  // `/labslot.v1.CatalogueService/GetSite`; lives as long as the server.
  absl::string_view method;
  engine::Principal principal;
  Patience patience = absl::InfiniteFuture();
};

// The gate that every call passes before its handler: it says who the caller
// is, or why the call is turned away. One for all methods.
class Gate {
 public:
  virtual ~Gate() = default;

  // Runs on the loop's thread.
  virtual Result<CallInfo> Admit(const grpc::ServerContext& context, const std::string& method) = 0;

  // Called when a call is answered, on any thread.
  virtual void Answered(const std::string& method, const engine::Principal& principal,
                        const grpc::Status& status, absl::Duration took) = 0;
};

// The way to answer a unary call: exactly once, from any thread. Copyable, so
// that it fits into a std::function.
template <typename Response>
class Reply {
 public:
  using Finish = std::function<void(const Response&, const grpc::Status&)>;

  explicit Reply(Finish finish) : finish_(std::move(finish)) {}

  void Send(const Response& response) const { finish_(response, grpc::Status::OK); }
  void Fail(const grpc::Status& status) const { finish_(Response(), status); }
  void Fail(const Error& error) const { Fail(GrpcStatusOf(error)); }
  // A defect: the caller is told no more than that the log says why.
  void Fail(const absl::Status& status) const {
    if (!absl::IsInvalidArgument(status)) Log(LogLevel::kError, status.message());
    Fail(GrpcStatusOf(status));
  }

 private:
  Finish finish_;
};

// What nobody hears: the caller has gone, or has given up.
inline Error TooLate() {
  return {ErrorKind::kOverloaded,
          "the deadline passed before the call was looked at",
          "",
          {},
          std::nullopt};
}

// What all calls of one method share; lives as long as the server.
template <typename Request, typename Response>
struct UnaryMethod {
  using Handler = void (*)(const DaemonCore&, const CallInfo&, const Request&,
                           const Reply<Response>&);

  RawService& service;
  int index;         // in the service
  std::string name;  // `/labslot.v1.CatalogueService/GetSite`
  bool is_command;   // its requests are queued
  const DaemonCore& core;
  Handler handler;
  Gate& gate;
  grpc::ServerCompletionQueue& queue;

  // What becomes of a request whose caller was let in.
  void Serve(const CallInfo& info, grpc::ByteBuffer& bytes, const Reply<Response>& reply) const {
    const runtime::Sequencer& sequencer = core.sequencer;
    if (is_command && !sequencer.HasRoomFor(info.principal.user)) {
      // Made once: what is told most when there is least time for it.
      static const auto& no_room = *new grpc::Status(GrpcStatusOf(runtime::Sequencer::NoRoom()));
      return reply.Fail(no_room);
    }
    // What is asked of the state is answered at once, but not to nobody.
    if (info.patience.IsOver()) return reply.Fail(TooLate());
    OnArena<Request> request;
    if (const auto error = ParseRequest(bytes, *request)) return reply.Fail(*error);
    handler(core, info, *request, reply);
  }
};

// One unary call on its way from request to answer. There is always one
// waiting for the next request of its method; it makes its successor when a
// request comes, and deletes itself when the answer is out and gRPC is done with it.
template <typename Request, typename Response>
class UnaryCall : public Tag {
 public:
  using Method = UnaryMethod<Request, Response>;

  static void Wait(const Method& method) { new UnaryCall(method); }

  void Proceed(bool ok) override {
    if (finished_) {
      is_out_ = true;
      DeleteIfOver();
    } else if (ok) {
      Wait(method_);
      Serve();
    } else {
      // It never began.
      delete this;
    }
  }

 private:
  // Comes back once for each call that began: when it is over, or given up before.
  class Done : public Tag {
   public:
    explicit Done(UnaryCall& call) : call_(call) {}
    void Proceed(bool) override { call_.IsDone(); }

   private:
    UnaryCall& call_;
  };

  explicit UnaryCall(const Method& method) : method_(method), writer_(&context_) {
    context_.AsyncNotifyWhenDone(&done_tag_);
    method_.service.AwaitUnary(method_.index, context_, bytes_, writer_, method_.queue, this);
  }

  void IsDone() {
    gone_ = context_.IsCancelled();
    is_done_ = true;
    DeleteIfOver();
  }

  void DeleteIfOver() {
    if (is_out_ && is_done_) delete this;
  }

  void Serve() {
    began_ = absl::Now();
    const Reply<Response> reply([this](const Response& response, const grpc::Status& status) {
      finished_ = true;
      method_.gate.Answered(method_.name, principal_, status, absl::Now() - began_);
      // After this another thread may delete the call.
      if (status.ok()) {
        writer_.Finish(SerializeResponse(response), status, this);
      } else {
        writer_.FinishWithError(status, this);
      }
    });
    Result<CallInfo> info = method_.gate.Admit(context_, method_.name);
    if (!info.ok()) return reply.Fail(info.error());
    CallInfo call = std::move(info).value();
    principal_ = call.principal;
    call.patience = call.patience.UntilGone(gone_);
    method_.Serve(call, bytes_, reply);
  }

  const Method& method_;
  grpc::ServerContext context_;
  grpc::ByteBuffer bytes_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> writer_;
  engine::Principal principal_;
  absl::Time began_;
  Done done_tag_{*this};
  std::atomic<bool> gone_ = false;
  bool finished_ = false;
  // Seen by the loop's thread alone.
  bool is_out_ = false;
  bool is_done_ = false;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CALL_H_
