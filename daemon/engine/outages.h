#ifndef LABSLOT_DAEMON_ENGINE_OUTAGES_H_
#define LABSLOT_DAEMON_ENGINE_OUTAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/timeline.h"

namespace labslot::engine {

// What outages take out of service, and when.

// A span in which so much of an asset is out of service, and what of it as
// planned.
struct OutOfService {
  Interval interval;
  int32_t quantity = 0;
  int32_t planned = 0;
};

// True if the outage takes all of the asset out of service.
bool IsOfAll(const Outage& outage, const Asset& asset);

// Ids of the ancestors and descendants of the asset: those that an outage of all of
// it stops as well.
std::vector<std::string> RelativesOf(const Catalogue& catalogue, const Asset& asset);

// The spans of `interval` in which something of the asset is out of service, by
// time, each up to where that changes. All of it is, while an ancestor or a
// descendant of it is out of service as a whole. Where outages overlap, a unit
// that both name counts once, and what a breakdown takes is not planned.
std::vector<OutOfService> OutOfServiceIn(const Catalogue& catalogue, const Asset& asset,
                                         const Interval& interval);

// Visits the parts of `interval` by what is in service of the asset; together
// they are the interval. `visitor` is called with each part and what is in service
// then.
template <typename Visitor>
void VisitService(const Catalogue& catalogue, const Asset& asset, const Interval& interval,
                  const Visitor& visitor) {
  Instant at = interval.start;
  for (const OutOfService& out : OutOfServiceIn(catalogue, asset, interval)) {
    if (at < out.interval.start) visitor(Interval{at, out.interval.start}, asset.capacity);
    visitor(out.interval, asset.capacity - out.quantity);
    at = out.interval.end;
  }
  if (at < interval.end) visitor(Interval{at, interval.end}, asset.capacity);
}

// The instants of `interval` at which less than `quantity` is left of what is in
// service of the asset, when `timeline` uses it, leaving `without` (null, or an
// occupant of the timeline) out of account.
IntervalSet ShortTimes(const Catalogue& catalogue, const Asset& asset, const Timeline& timeline,
                       int32_t quantity, const Interval& interval,
                       const Occupant* without = nullptr);

// The instants of `interval` at which more of the asset is granted than there is, or
// more to those who are not over yet than is in service: what broke down after its use
// is torn down all the same.
IntervalSet OverbookedTimes(const Catalogue& catalogue, const Asset& asset,
                            const Timeline& timeline, const Interval& interval);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_OUTAGES_H_
