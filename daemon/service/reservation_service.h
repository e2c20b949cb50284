#ifndef LABSLOT_DAEMON_SERVICE_RESERVATION_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_RESERVATION_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/reservation_service.grpc.pb.h"

namespace labslot::service {

// Adds the methods of ReservationService. All arguments must outlive `methods`.
void AddReservationMethods(::labslot::v1::ReservationService::AsyncService& service, const DaemonCore& core,
                    Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RESERVATION_SERVICE_H_
