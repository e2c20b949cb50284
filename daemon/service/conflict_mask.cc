#include "daemon/service/conflict_mask.h"

#include "daemon/engine/access.h"

namespace labslot::service {

void ConflictMask::Apply(std::vector<Violation>& violations) {
  for (Violation& violation : violations) {
    for (Conflict& conflict : violation.conflicts) {
      if (!MaySee(conflict.reservation)) conflict.reservation = 0;
    }
  }
}

void ConflictMask::Apply(Series& series) {
  for (Occurrence& occurrence : series.occurrences) {
    if (occurrence.refusal) Apply(occurrence.refusal->violations);
  }
}

bool ConflictMask::MaySee(ReservationId id) {
  if (id == 0) return false;
  const auto known = seen_.find(id);
  if (known != seen_.end()) return known->second;
  if (seen_.size() >= kMostReads) return false;
  const absl::StatusOr<std::optional<Reservation>> reservation = read_(id);
  const bool may_see = reservation.ok() && reservation->has_value() &&
                       engine::MaySee(catalogue_, principal_, **reservation);
  seen_.emplace(id, may_see);
  return may_see;
}

}  // namespace labslot::service
