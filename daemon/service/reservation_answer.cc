#include "daemon/service/reservation_answer.h"

#include "daemon/engine/place.h"
#include "daemon/service/convert/reservation.h"

namespace labslot::service {

void AnswerProto(const DaemonCore& core, const Reservation& reservation, bool dry_run,
                 v1::Reservation& response) {
  ToProto(reservation, engine::ZoneNameOf(core.catalogue(), reservation), response);
  if (dry_run) response.clear_etag();
  if (dry_run && reservation.id > core.state().head()) response.clear_name();
}

}  // namespace labslot::service
