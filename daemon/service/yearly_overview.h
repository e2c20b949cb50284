#ifndef LABSLOT_DAEMON_SERVICE_YEARLY_OVERVIEW_H_
#define LABSLOT_DAEMON_SERVICE_YEARLY_OVERVIEW_H_

#include "daemon/service/call.h"
#include "labslot/v1/utilisation_service.pb.h"

namespace labslot::service {

// A method of the UtilisationService.
void GetYearlyOverview(const DaemonCore& core, const CallInfo& call,
                       const v1::GetYearlyOverviewRequest& request,
                       const Reply<v1::YearlyOverview>& reply);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_YEARLY_OVERVIEW_H_
