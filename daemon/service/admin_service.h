#ifndef LABSLOT_DAEMON_SERVICE_ADMIN_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_ADMIN_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/admin_service.grpc.pb.h"

namespace labslot::service {

// Adds the methods of AdminService. All arguments must outlive `methods`.
void AddAdminMethods(::labslot::v1::AdminService::AsyncService& service, const DaemonCore& core,
                     Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_ADMIN_SERVICE_H_
