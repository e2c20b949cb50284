#include "daemon/service/event_loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace labslot::service {
namespace {

// A batch of events is bounded, but holds more than the sequencer's queue: what
// is too much is refused at once instead of waiting inside gRPC until its
// callers have gone.
constexpr int kMaxBatch = 2 * 4096;

// gRPC sees to one socket a look, and often to one that has no request. So
// while a commit is pending, only so many looks in a row that find nothing mean
// that all connections have been read. A look costs a thousandth of a sync.
constexpr int kLooksBeforeCommit = 4;

// With nothing due the loop still looks at the clock this often, because the
// clock of the machine may jump.
constexpr Seconds kLongestSleep = 5;

std::chrono::system_clock::time_point DeadlineOf(std::optional<Instant> due) {
  const auto latest = std::chrono::system_clock::now() + std::chrono::seconds(kLongestSleep);
  if (!due) return latest;
  return std::min(latest, std::chrono::system_clock::time_point(std::chrono::seconds(*due)));
}

}  // namespace

EventLoop::EventLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue)
    : queue_(std::move(queue)), wake_(*this), alarm_(std::make_unique<grpc::Alarm>()) {}

void EventLoop::Run(const Work& work) {
  // gRPC takes what lies before 1970 for "never".
  constexpr auto kNow = std::chrono::system_clock::time_point();
  using Next = grpc::CompletionQueue::NextStatus;
  const auto pending = [&] { return work.pending != nullptr && work.pending(); };
  bool more = false;
  while (true) {
    void* tag = nullptr;
    bool ok = false;
    const auto deadline = more ? kNow : DeadlineOf(work.next_due());
    Next next = queue_->AsyncNext(&tag, &ok, deadline);
    int events = 0;
    int empty_looks = 0;
    while (next != Next::SHUTDOWN && events < kMaxBatch) {
      if (next == Next::GOT_EVENT) {
        static_cast<Tag*>(tag)->Proceed(ok);
        ++events;
        empty_looks = 0;
      } else if (!pending() || ++empty_looks == kLooksBeforeCommit) {
        break;
      }
      next = queue_->AsyncNext(&tag, &ok, kNow);
    }
    if (next == Next::SHUTDOWN) return;
    more = work.drain();
  }
}

void EventLoop::Post(std::function<void()> task) {
  MutexLock lock(mutex_);
  if (stopped_) return;
  posted_.push_back(std::move(task));
  if (std::exchange(waking_, true)) return;
  alarm_->Set(queue_.get(), std::chrono::system_clock::now(), &wake_);
}

void EventLoop::Wake::Proceed(bool) { loop_.RunPosted(); }

void EventLoop::RunPosted() {
  std::vector<std::function<void()>> tasks;
  {
    MutexLock lock(mutex_);
    tasks.swap(posted_);
    waking_ = false;
  }
  for (const std::function<void()>& task : tasks) task();
}

void EventLoop::Shutdown() {
  MutexLock lock(mutex_);
  stopped_ = true;
  queue_->Shutdown();
}

}  // namespace labslot::service
