#ifndef LABSLOT_DAEMON_SERVICE_PLANNING_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_PLANNING_SERVICE_H_

#include "daemon/service/methods.h"

namespace labslot::service {

// The methods of PlanningService.
void AddPlanningMethods(Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_PLANNING_SERVICE_H_
