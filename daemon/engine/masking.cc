#include "daemon/engine/masking.h"

#include "daemon/engine/access.h"

namespace labslot::engine {

void Mask(const Catalogue& catalogue, const ReservationSource& reservations,
          const Principal& principal, std::vector<Violation>& violations) {
  for (Violation& violation : violations) {
    for (Conflict& conflict : violation.conflicts) {
      const auto other = reservations.FindReservation(conflict.reservation);
      if (!other || !MaySee(catalogue, principal, *other)) {
        conflict.reservation = 0;
      }
    }
  }
}

}  // namespace labslot::engine
