#ifndef LABSLOT_DAEMON_SERVICE_LIST_PROBLEMS_H_
#define LABSLOT_DAEMON_SERVICE_LIST_PROBLEMS_H_

#include "daemon/service/call.h"
#include "labslot/v1/reservation_service.pb.h"

namespace labslot::service {

// ReservationService.ListProblems: reads what the state knows by number, on a worker
// thread.
void ListProblems(const DaemonCore& core, const CallInfo& call,
                  const ::labslot::v1::ListProblemsRequest& request,
                  const Reply<::labslot::v1::ListProblemsResponse>& reply);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_LIST_PROBLEMS_H_
