#include "daemon/engine/masking.h"

#include "daemon/engine/access.h"

namespace labslot::engine {

void Mask(const DecisionContext& context, std::vector<Violation>& violations) {
  for (Violation& violation : violations) {
    for (Conflict& conflict : violation.conflicts) {
      const auto other = context.reservations.FindReservation(conflict.reservation);
      if (!other || !MaySee(context.catalogue(), context.principal, *other)) {
        conflict.reservation = 0;
      }
    }
  }
}

}  // namespace labslot::engine
