#ifndef LABSLOT_DAEMON_SERVICE_CHANGE_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_CHANGE_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/change_service.grpc.pb.h"

namespace labslot::service {

// Adds ListEvents of ChangeService; Watch is in watch_call.h. All arguments
// must outlive `methods`.
void AddChangeMethods(::labslot::v1::ChangeService::AsyncService& service, const DaemonCore& core,
                      Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CHANGE_SERVICE_H_
