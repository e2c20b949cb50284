#ifndef LABSLOT_DAEMON_BASE_CLOCK_H_
#define LABSLOT_DAEMON_BASE_CLOCK_H_

#include <atomic>
#include <cstdint>

namespace labslot {

// Seconds since the Unix epoch, UTC, leap seconds not counted.
using Instant = int64_t;

// A length of time in whole seconds.
using Seconds = int64_t;

// The source of the present. Thread-safe. Nothing below the runtime reads a
// clock: the time comes in with each command.
class Clock {
 public:
  virtual ~Clock() = default;

  // The present. May jump in both directions, as the clocks of machines do.
  virtual Instant Now() const = 0;
};

// The clock of the machine.
class SystemClock : public Clock {
 public:
  Instant Now() const override;
};

// A clock that stands still until it is told otherwise; for tests.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}

  Instant Now() const override { return now_.load(); }
  void Set(Instant now) { now_.store(now); }
  void Advance(Seconds seconds) { now_.fetch_add(seconds); }

 private:
  std::atomic<Instant> now_;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_BASE_CLOCK_H_
