#include "daemon/domain/interval.h"

#include <cstddef>

namespace labslot {

IntervalSet Union(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.start < b.start; });
  IntervalSet joined;
  for (const Interval& interval : intervals) {
    if (interval.empty()) continue;
    if (!joined.empty() && interval.start <= joined.back().end) {
      joined.back().end = std::max(joined.back().end, interval.end);
    } else {
      joined.push_back(interval);
    }
  }
  return joined;
}

IntervalSet Intersection(const IntervalSet& a, const IntervalSet& b) {
  IntervalSet shared;
  shared.reserve(std::max(a.size(), b.size()));
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const Interval both = a[i].Intersect(b[j]);
    if (!both.empty()) shared.push_back(both);
    if (a[i].end < b[j].end) {
      ++i;
    } else {
      ++j;
    }
  }
  return shared;
}

IntervalSet Difference(const Interval& whole, const IntervalSet& holes) {
  IntervalSet rest;
  rest.reserve(holes.size() + 1);
  Instant from = whole.start;
  for (const Interval& hole : holes) {
    if (hole.end <= from) continue;
    if (hole.start >= whole.end) break;
    if (hole.start > from) rest.push_back({from, hole.start});
    from = hole.end;
  }
  if (from < whole.end) rest.push_back({from, whole.end});
  return rest;
}

Seconds TotalLength(const IntervalSet& set) {
  Seconds total = 0;
  for (const Interval& interval : set) total += interval.length();
  return total;
}

}  // namespace labslot
