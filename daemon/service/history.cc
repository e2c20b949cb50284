#include "daemon/service/history.h"

#include <limits>

#include "daemon/storage/records.h"

namespace labslot::service {

absl::Status VisitTouching(const storage::Snapshot& snapshot, absl::string_view asset,
                           const engine::Reaches::Reach& reach, const Interval& period,
                           const std::function<void(const Occupancy&)>& visitor) {
  // Rows are ordered by the start of the run; the occupancy may begin before
  // it and end after it.
  const Instant from = period.start - reach.behind;
  const Instant to = period.end + reach.before;
  return storage::VisitOccupancies(snapshot, asset, from, to, [&](const Occupancy& occupancy) {
    if (occupancy.Reach().Overlaps(period)) visitor(occupancy);
    return true;
  });
}

absl::StatusOr<std::vector<engine::Visit>> AllVisits(const storage::Snapshot& snapshot,
                                                     const engine::Catalogue& catalogue,
                                                     const Asset& asset) {
  engine::Itinerary itinerary;
  const absl::Status status = storage::VisitOccupancies(
      snapshot, asset.id, std::numeric_limits<Instant>::min(), std::numeric_limits<Instant>::max(),
      [&](const Occupancy& occupancy) {
        const auto visit = engine::VisitOf(catalogue, occupancy);
        if (visit) itinerary.Insert(*visit);
        return true;
      });
  if (!status.ok()) return status;
  return itinerary.All();
}

const engine::Timeline& HistoricTimelines::Of(absl::string_view asset) {
  const auto [it, inserted] = timelines_.try_emplace(std::string(asset));
  if (!inserted) return it->second;
  engine::Timeline& timeline = it->second;
  const absl::Status status = VisitTouching(
      *view_.snapshot, asset, view_.reaches->Of(asset), period_, [&](const Occupancy& occupancy) {
        const bool was_used = occupancy.state == ReservationState::kCompleted ||
                              occupancy.state == ReservationState::kNoShow;
        if (!was_used && !occupancy.blocks()) return;
        const uint32_t party = parties_.NumberOf(engine::PartyOf(occupancy));
        for (const engine::Occupant& occupant : engine::OccupantsOf(occupancy, party)) {
          timeline.Insert(occupant);
        }
      });
  if (status_.ok()) status_ = status;
  return timeline;
}

}  // namespace labslot::service
