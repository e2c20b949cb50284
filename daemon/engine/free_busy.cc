#include "daemon/engine/free_busy.h"

#include <algorithm>
#include <utility>

#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// The part of a set at a moving instant: whether it holds there, and where
// that changes next.
class SetCursor {
 public:
  explicit SetCursor(const IntervalSet& set) : set_(set) {}

  // Instants must not decrease from call to call.
  bool HoldsAt(Instant instant) {
    while (next_ < set_.size() && set_[next_].end <= instant) ++next_;
    return next_ < set_.size() && set_[next_].start <= instant;
  }
  Instant ChangeAfter(Instant instant, Instant otherwise) {
    const bool holds = HoldsAt(instant);
    if (next_ == set_.size()) return otherwise;
    return std::min(otherwise, holds ? set_[next_].end : set_[next_].start);
  }

 private:
  const IntervalSet& set_;
  size_t next_ = 0;
};

}  // namespace

FreeBusy FreeBusyOf(const Catalogue& catalogue, const TimelineSource& timelines, const Asset& asset,
                    const Site& place, const Interval& period, const std::vector<Leg>& legs) {
  const IntervalSet open = OpenTimes(HoursOf(catalogue, asset, place), period);
  std::vector<Interval> related;
  for (const std::string& other : catalogue.Related(asset.id)) {
    for (const Interval& span : timelines(other).TimesAbove(0, period)) related.push_back(span);
  }
  const IntervalSet blocked = Union(std::move(related));
  std::vector<Interval> on_the_way;
  for (const Leg& leg : legs) on_the_way.push_back(leg.interval.Intersect(period));
  const IntervalSet travelling = Union(std::move(on_the_way));
  const Timeline& timeline = timelines(asset.id);
  FreeBusy result;
  SetCursor open_at(open);
  SetCursor blocked_at(blocked);
  SetCursor travelling_at(travelling);
  const auto visit = [&](const Interval& step, int32_t used, int32_t in_service) {
    for (Instant at = step.start; at < step.end;) {
      const Instant until = travelling_at.ChangeAfter(
          at, blocked_at.ChangeAfter(at, open_at.ChangeAfter(at, step.end)));
      result.spans.push_back({{at, until},
                              open_at.HoldsAt(at),
                              std::max(0, in_service - used),
                              blocked_at.HoldsAt(at),
                              travelling_at.HoldsAt(at),
                              asset.capacity - in_service});
      at = until;
    }
  };
  VisitService(catalogue, asset, period, [&](const Interval& part, int32_t in_service) {
    timeline.VisitSteps(part,
                        [&](const Interval& step, int32_t used) { visit(step, used, in_service); });
  });
  result.occupants = timeline.Overlapping(period, timeline.size());
  return result;
}

}  // namespace labslot::engine
