#ifndef LABSLOT_DAEMON_DOMAIN_INTERVAL_H_
#define LABSLOT_DAEMON_DOMAIN_INTERVAL_H_

#include <algorithm>
#include <vector>

#include "daemon/base/clock.h"

namespace labslot {

// A half-open span of time [start, end) in whole seconds UTC. Touching
// intervals share no instant, so a slot that ends at noon and one that starts
// at noon never conflict.
struct Interval {
  Instant start = 0;
  Instant end = 0;

  Seconds length() const { return end - start; }
  bool empty() const { return end <= start; }
  bool Contains(Instant instant) const { return start <= instant && instant < end; }
  bool Contains(const Interval& other) const { return start <= other.start && other.end <= end; }
  bool Overlaps(const Interval& other) const { return start < other.end && other.start < end; }

  // What both share; empty if they share nothing.
  Interval Intersect(const Interval& other) const {
    return {std::max(start, other.start), std::min(end, other.end)};
  }
  // From the start of the first to the end of the last.
  Interval Hull(const Interval& other) const {
    return {std::min(start, other.start), std::max(end, other.end)};
  }
  // The span with `before` added in front and `after` at the end.
  Interval Widened(Seconds before, Seconds after) const { return {start - before, end + after}; }

  friend bool operator==(const Interval&, const Interval&) = default;
};

// A set of instants: intervals that are not empty, in order, and do not touch.
using IntervalSet = std::vector<Interval>;

// Sorts, drops what is empty and joins what touches or overlaps.
IntervalSet Union(std::vector<Interval> intervals);

// The instants that are in both. Linear in the sizes.
IntervalSet Intersection(const IntervalSet& a, const IntervalSet& b);

// The instants of `whole` that are not in `holes`. Linear in the sizes.
IntervalSet Difference(const Interval& whole, const IntervalSet& holes);

// The number of seconds in the set.
Seconds TotalLength(const IntervalSet& set);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_INTERVAL_H_
