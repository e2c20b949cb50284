#ifndef LABSLOT_DAEMON_SERVICE_POLICY_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_POLICY_SERVICE_H_

#include "daemon/service/methods.h"

namespace labslot::service {

// Adds the handlers of PolicyService.
void AddPolicyMethods(Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_POLICY_SERVICE_H_
