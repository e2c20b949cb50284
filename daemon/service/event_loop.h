#ifndef LABSLOT_DAEMON_SERVICE_EVENT_LOOP_H_
#define LABSLOT_DAEMON_SERVICE_EVENT_LOOP_H_

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/mutex.h"
#include "grpcpp/alarm.h"
#include "grpcpp/completion_queue.h"

namespace labslot::service {

// Something that gRPC hands back when an operation is over.
class Tag {
 public:
  virtual ~Tag() = default;
  // `ok` is false if the operation failed. May delete the tag.
  virtual void Proceed(bool ok) = 0;
};

// The one thread that talks to gRPC, decides, commits and reads the state. It
// takes in every event that is ready, then lets `drain` work off what they
// queued; so one sync serves all that came in while the last one ran, and
// nothing is handed from thread to thread.
class EventLoop {
 public:
  struct Work {
    // Called after each batch of events. True if it wants to be called again
    // at once.
    std::function<bool()> drain;
    // When it must be called at the latest; nothing if only events matter.
    std::function<std::optional<Instant>()> next_due;
    // True if drain would commit something: worth a few looks for more events
    // that can join it. Never, if it is left out.
    std::function<bool()> pending = nullptr;
  };

  explicit EventLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue);

  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }

  // Runs until Shutdown, and until all tags have come back. The calling thread
  // becomes the loop's.
  void Run(const Work& work);

  // Runs `task` on the loop's thread. Thread-safe. Tasks that are posted after
  // Shutdown are dropped.
  void Post(std::function<void()> task);

  // Ends Run. The server must have been shut down before. Thread-safe.
  void Shutdown();

 private:
  class Wake : public Tag {
   public:
    explicit Wake(EventLoop& loop) : loop_(loop) {}
    void Proceed(bool ok) override;

   private:
    EventLoop& loop_;
  };

  void RunPosted();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  Wake wake_;
  Mutex mutex_;
  std::vector<std::function<void()>> posted_ ABSL_GUARDED_BY(mutex_);
  bool waking_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_EVENT_LOOP_H_
