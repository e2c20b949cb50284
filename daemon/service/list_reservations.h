#ifndef LABSLOT_DAEMON_SERVICE_LIST_RESERVATIONS_H_
#define LABSLOT_DAEMON_SERVICE_LIST_RESERVATIONS_H_

#include "daemon/service/call.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::service {

// ReservationService.ListReservations. Reads an index of a snapshot on a worker
// thread: by asset and start if the filter names an asset, else by start.
void ListReservations(const DaemonCore& core, const CallInfo& call,
                      const ::labslot::v1::ListReservationsRequest& request,
                      const Reply<::labslot::v1::ListReservationsResponse>& reply);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_LIST_RESERVATIONS_H_
