#ifndef LABSLOT_DAEMON_SERVICE_USE_CHANGES_H_
#define LABSLOT_DAEMON_SERVICE_USE_CHANGES_H_

#include "daemon/service/call.h"
#include "labslot/v1/utilisation_service.pb.h"

namespace labslot::service {

// UtilisationService.ListUseChanges: reads the log on a worker thread.
void ListUseChanges(const DaemonCore& core, const CallInfo& call,
                    const ::labslot::v1::ListUseChangesRequest& request,
                    const Reply<::labslot::v1::ListUseChangesResponse>& reply);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_USE_CHANGES_H_
