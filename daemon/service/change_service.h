#ifndef LABSLOT_DAEMON_SERVICE_CHANGE_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_CHANGE_SERVICE_H_

#include "daemon/service/methods.h"

namespace labslot::service {

// Adds ListEvents of ChangeService; Watch is in watch_call.h.
void AddChangeMethods(Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CHANGE_SERVICE_H_
