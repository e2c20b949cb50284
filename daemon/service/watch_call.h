#ifndef LABSLOT_DAEMON_SERVICE_WATCH_CALL_H_
#define LABSLOT_DAEMON_SERVICE_WATCH_CALL_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "daemon/service/call.h"
#include "daemon/service/daemon_core.h"
#include "daemon/service/raw_service.h"
#include "daemon/service/resource_selector.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/async_stream.h"

namespace labslot::service {

class WatchCall;

// All calls of ChangeService.Watch. Of the loop's thread.
class Watchers {
 public:
  // All must outlive the watchers; `service` is ChangeService. A watcher that takes
  // nothing for as long as `patience`, while there is something, is cut off.
  Watchers(RawService& service, const DaemonCore& core, Gate& gate, absl::Duration patience);

  Watchers(const Watchers&) = delete;
  Watchers& operator=(const Watchers&) = delete;

  // Starts to wait for calls. Call once, when the server has started.
  void Wait();

  // Ends all streams: each watcher is told to come back, and from where.
  void EndAll();

 private:
  friend class WatchCall;

  // Of the watch that asks, too, which is open already.
  bool HaveRoomFor(const engine::Principal& principal) const;

  RawService& service_;
  const int method_;  // index of Watch
  const DaemonCore& core_;
  Gate& gate_;
  const absl::Duration patience_;
  std::vector<WatchCall*> open_;
};

// One stream. It is a place in the sequence of events: while a write is on its
// way nothing is queued, and when it is through the next events are fetched
// from that place, from the feed or, far behind, from the store. Deletes itself
// when all operations have come back.
class WatchCall {
 public:
  explicit WatchCall(Watchers& watchers);

 private:
  friend class Watchers;

  // Leads an operation's return to a method of the call.
  class Step : public Tag {
   public:
    Step(WatchCall& call, void (WatchCall::*method)(bool)) : call_(call), method_(method) {}
    void Proceed(bool ok) override { (call_.*method_)(ok); }

   private:
    WatchCall& call_;
    void (WatchCall::*method_)(bool);
  };

  ~WatchCall();

  void OnCalled(bool ok);
  void OnWritten(bool ok);
  void OnGone(bool ok);
  void OnFinished(bool ok);
  void OnOverdue(bool ok);

  Result<Revision> StartingPoint();
  void Pump();
  void PumpFromStore();
  void Send(const std::vector<runtime::SharedEvent>& events);
  void CutOff();
  void Finish(const grpc::Status& status);
  void DeleteIfOver();

  Watchers& watchers_;
  const DaemonCore& core_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  Step called_{*this, &WatchCall::OnCalled};
  Step written_{*this, &WatchCall::OnWritten};
  Step gone_{*this, &WatchCall::OnGone};
  Step finished_{*this, &WatchCall::OnFinished};
  Step overdue_{*this, &WatchCall::OnOverdue};
  // For one that was cut off and does not even take that.
  grpc::Alarm alarm_;

  engine::Principal principal_;
  ResourceSelector selector_;
  Revision considered_ = 0;  // everything up to here
  Revision told_ = -1;       // what the watcher knows of that
  int64_t ticket_ = 0;
  absl::Time began_;
  absl::Time write_began_;
  int pending_ = 0;  // operations that have not come back
  bool writing_ = false;
  bool reading_ = false;  // a worker reads the store for it
  bool finishing_ = false;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_WATCH_CALL_H_
