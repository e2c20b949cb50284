#ifndef LABSLOT_DAEMON_SERVICE_HISTORY_H_
#define LABSLOT_DAEMON_SERVICE_HISTORY_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/parties.h"
#include "daemon/engine/reaches.h"
#include "daemon/engine/timeline.h"
#include "daemon/service/frozen_view.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// Visits what the store knows of an asset and what touches `period`, in any
// state. `reach` is that of the asset.
absl::Status VisitTouching(const storage::Snapshot& snapshot, absl::string_view asset,
                           const engine::Reaches::Reach& reach, const Interval& period,
                           const std::function<void(const Occupancy&)>& visitor);

// All visits of a mobile asset by start, ever since: a way depends on the visit
// before it, however long ago that was.
absl::StatusOr<std::vector<engine::Visit>> AllVisits(const storage::Snapshot& snapshot,
                                                     const engine::Catalogue& catalogue,
                                                     const Asset& asset);

// Timelines read from the store, for times that the state has forgotten. Not
// thread-safe.
class HistoricTimelines {
 public:
  HistoricTimelines(FrozenView view, const Interval& period)
      : view_(std::move(view)), period_(period) {}

  // What blocked the asset, or blocks it, in the period; empty after an error.
  const engine::Timeline& Of(absl::string_view asset);

  // Who has what is on them.
  const engine::Parties& parties() const { return parties_; }

  // The first error of a read.
  const absl::Status& status() const { return status_; }

 private:
  const FrozenView view_;
  const Interval period_;
  absl::node_hash_map<std::string, engine::Timeline> timelines_;
  engine::Parties parties_;
  absl::Status status_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_HISTORY_H_
