#ifndef LABSLOT_DAEMON_SERVICE_UTILISATION_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_UTILISATION_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"

namespace labslot::service {

// Adds the methods of UtilisationService. All arguments must outlive `methods`.
void AddUtilisationMethods(::labslot::v1::UtilisationService::AsyncService& service, const DaemonCore& core,
                    Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_UTILISATION_SERVICE_H_
