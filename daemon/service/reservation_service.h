#ifndef LABSLOT_DAEMON_SERVICE_RESERVATION_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_RESERVATION_SERVICE_H_

#include "daemon/service/methods.h"

namespace labslot::service {

// Adds the handlers of ReservationService.
void AddReservationMethods(Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RESERVATION_SERVICE_H_
