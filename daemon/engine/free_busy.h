#ifndef LABSLOT_DAEMON_ENGINE_FREE_BUSY_H_
#define LABSLOT_DAEMON_ENGINE_FREE_BUSY_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/interval.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/timeline.h"

namespace labslot::engine {

// A span in which nothing changes.
struct FreeBusySpan {
  Interval interval;
  bool open = false;
  int32_t free_capacity = 0;
  bool blocked = false;     // a related asset is in use
  bool travelling = false;  // it is on its way
  int32_t out_of_service = 0;
};

struct FreeBusy {
  std::vector<FreeBusySpan> spans;  // without gap
  std::vector<Occupant> occupants;  // by start
};

// Where the timelines of assets come from: the state, or for the past the
// store.
using TimelineSource = std::function<const Timeline&(absl::string_view asset)>;

// What is free, busy and closed of the asset in `period`, when it is at
// `place`. `legs` are the ways of a mobile asset.
FreeBusy FreeBusyOf(const Catalogue& catalogue, const TimelineSource& timelines, const Asset& asset,
                    const Site& place, const Interval& period, const std::vector<Leg>& legs = {});

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_FREE_BUSY_H_
