#ifndef LABSLOT_DAEMON_SERVICE_SERIES_METHODS_H_
#define LABSLOT_DAEMON_SERVICE_SERIES_METHODS_H_

#include "daemon/service/methods.h"

namespace labslot::service {

// Adds the handlers of ReservationService that are about series.
void AddSeriesMethods(Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_SERIES_METHODS_H_
