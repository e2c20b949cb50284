#ifndef LABSLOT_DAEMON_ENGINE_ASSET_USE_H_
#define LABSLOT_DAEMON_ENGINE_ASSET_USE_H_

#include <functional>
#include <string>
#include <vector>

#include "daemon/domain/machine_report.h"
#include "daemon/domain/refused_request.h"
#include "daemon/engine/epochs.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/partition.h"

namespace labslot::engine {

// Where a report reads what was reserved.
class UseSource {
 public:
  virtual ~UseSource() = default;
  // What touches the period, in any state, by start.
  virtual std::vector<Occupancy> Touching(const std::string& asset, const Interval& period) = 0;
  // What was refused of what was to start in the period.
  virtual std::vector<RefusedRequest> Refused(const std::string& asset, const Interval& period) = 0;
  // What machines of the asset said of the period, in any order.
  virtual std::vector<MachineEntry> MachineStates(const std::string& asset,
                                                  const Interval& period) = 0;
  // All visits of a mobile asset up to now, by start.
  virtual std::vector<Visit> Visits(const Asset& asset) = 0;
};

// When an asset is open in a time: by the hours of the place where it is. A mobile
// asset is at a visited site during the runs there, else at home.
IntervalSet OpenTimesOf(const AssetSpan& span, const std::vector<Occupancy>& occupancies);

// What each machine did, as it said last.
std::vector<MachineTime> MachineTimesOf(std::vector<MachineEntry> entries);

// What is known of an asset in the time of the spans. `occupancies` are its own;
// `group_of` tells to which group each belongs, from 1.
AssetUse UseOf(const std::vector<AssetSpan>& spans, const std::vector<Occupancy>& occupancies,
               Instant now, UseSource& source,
               const std::function<int32_t(const Occupancy&)>& group_of);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ASSET_USE_H_
