#include "daemon/engine/earliest_start.h"

#include <algorithm>

#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

// The first instant of the set that is not before `from`.
std::optional<Instant> FirstIn(const IntervalSet& set, Instant from) {
  const auto it =
      std::upper_bound(set.begin(), set.end(), from,
                       [](Instant instant, const Interval& span) { return instant < span.end; });
  if (it == set.end()) return std::nullopt;
  return std::max(it->start, from);
}

}  // namespace

std::optional<Instant> EarliestStart(const State& state, const Candidate& candidate,
                                     const IntervalSet& starts, Instant from) {
  Reservation variant = candidate.reservation;
  const Seconds length = variant.interval.length();
  for (size_t tried = 0; tried < limits::kMaxStartsTried; ++tried) {
    const std::optional<Instant> start = FirstIn(starts, from);
    if (!start) return std::nullopt;
    variant.interval = {*start, *start + length};
    const Candidate at = {variant,
                          candidate.current,
                          candidate.now,
                          candidate.hold_for,
                          candidate.by_its_user,
                          candidate.stands};
    const Assessment assessment = Assess(state, at, /*wants_retry=*/true);
    if (!assessment.refused) return start;
    if (assessment.retry_at == kNever) return std::nullopt;
    from = std::max(*start + 1, assessment.retry_at);
  }
  return std::nullopt;
}

}  // namespace labslot::engine
