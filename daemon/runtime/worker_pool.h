#ifndef LABSLOT_DAEMON_RUNTIME_WORKER_POOL_H_
#define LABSLOT_DAEMON_RUNTIME_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "daemon/base/mutex.h"

namespace labslot::runtime {

// Threads for what takes long and needs no writer: reports, lists, catching up
// with the log. Thread-safe.
class WorkerPool {
 public:
  // At most `max_queued` jobs wait.
  WorkerPool(size_t threads, size_t max_queued);

  ~WorkerPool() { Stop(); }

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Finishes what is queued and ends the threads. Not from a job. Further jobs
  // are refused.
  void Stop();

  // Queues a job. False if too many wait already; then it will not run.
  [[nodiscard]] bool Run(std::function<void()> job);

 private:
  void Work();

  const size_t max_queued_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<std::function<void()>> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace labslot::runtime

#endif  // LABSLOT_DAEMON_RUNTIME_WORKER_POOL_H_
