#ifndef LABSLOT_TESTS_ENGINE_NAIVE_CLOCK_H_
#define LABSLOT_TESTS_ENGINE_NAIVE_CLOCK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/interval.h"

namespace labslot::engine {

// A wall clock written down: what it shows at each step of a span of time.
// Windows are found by reading it from the first step to the last, so that it
// knows nothing of how local times are turned into instants.
class NaiveClock {
 public:
  // The span, the offsets of the zone and the ends of all windows are multiples
  // of `step`.
  NaiveClock(const absl::TimeZone& zone, const Interval& span, Seconds step);

  size_t size() const { return shown_.size(); }
  Instant at(size_t step) const { return span_.start + step_ * static_cast<Seconds>(step); }
  size_t StepOf(Instant instant) const {
    return static_cast<size_t>((instant - span_.start) / step_);
  }

  absl::CivilDay day(size_t step) const;
  // Seconds since the midnight of that day, on the clock.
  int64_t time_of_day(size_t step) const { return shown_[step] % kSecondsOfDay; }

  // True if the window that opens on the day has the step: the clock has shown
  // its opening, and will still show less than its closing, or just that.
  bool Has(absl::CivilDay day, const OpeningWindow& window, size_t step) const {
    return HasOn(day - absl::CivilDay(), window, step);
  }
  // True if one of the windows has the step.
  bool Has(const std::vector<WeeklyWindow>& windows, size_t step) const;

 private:
  static constexpr int64_t kSecondsOfDay = 86400;

  // The same for the day of that number, 1970-01-01 being 0.
  bool HasOn(int64_t day, const OpeningWindow& window, size_t step) const;

  Interval span_;
  Seconds step_;
  std::vector<int64_t> shown_;     // as seconds since 1970-01-01 00:00 on the clock
  std::vector<int64_t> greatest_;  // shown so far
  std::vector<int64_t> least_;     // shown from then on
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_NAIVE_CLOCK_H_
