#ifndef LABSLOT_DAEMON_SERVICE_VISIT_METHOD_H_
#define LABSLOT_DAEMON_SERVICE_VISIT_METHOD_H_

#include "daemon/service/call.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::service {

// ReservationService.CreateVisit.
void CreateVisit(const DaemonCore& core, const CallInfo& call,
                 const ::labslot::v1::CreateVisitRequest& request,
                 const Reply<::labslot::v1::Visit>& reply);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_VISIT_METHOD_H_
