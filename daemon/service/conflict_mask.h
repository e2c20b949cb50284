#ifndef LABSLOT_DAEMON_SERVICE_CONFLICT_MASK_H_
#define LABSLOT_DAEMON_SERVICE_CONFLICT_MASK_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "daemon/domain/refusal.h"
#include "daemon/domain/series.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/principal.h"

namespace labslot::service {

// Where reservations are read from; nothing if there is none with that id.
using ReservationReader =
    std::function<absl::StatusOr<std::optional<Reservation>>(ReservationId id)>;

// Takes out of refusals that were kept, or found on a worker, the names of
// reservations that the reader may not see: others may read them than those for
// whom they were made. Not thread-safe.
class ConflictMask {
 public:
  // A refusal whose names would take more reads than this goes without them.
  static constexpr size_t kMostReads = 2000;

  // All must outlive the mask.
  ConflictMask(const engine::Catalogue& catalogue, const engine::Principal& principal,
               ReservationReader read)
      : catalogue_(catalogue), principal_(principal), read_(std::move(read)) {}

  void Apply(std::vector<Violation>& violations);
  void Apply(Series& series);

 private:
  bool MaySee(ReservationId id);

  const engine::Catalogue& catalogue_;
  const engine::Principal& principal_;
  const ReservationReader read_;
  absl::flat_hash_map<ReservationId, bool> seen_;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONFLICT_MASK_H_
