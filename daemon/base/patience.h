#ifndef LABSLOT_DAEMON_BASE_PATIENCE_H_
#define LABSLOT_DAEMON_BASE_PATIENCE_H_

#include <atomic>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace labslot {

// How long somebody waits for an answer: up to a deadline, and not if he has gone
// before. Copyable; any thread may ask.
class Patience {
 public:
  // `gone` says that he has; null: he stays. It must outlive the patience.
  Patience(absl::Time deadline, const std::atomic<bool>* gone = nullptr)  // NOLINT: is one
      : deadline_(deadline), gone_(gone) {}

  bool IsOver() const {
    return (gone_ != nullptr && gone_->load(std::memory_order_relaxed)) || deadline_ < absl::Now();
  }

  Patience UntilGone(const std::atomic<bool>& gone) const { return {deadline_, &gone}; }

 private:
  absl::Time deadline_;
  const std::atomic<bool>* gone_;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_BASE_PATIENCE_H_
