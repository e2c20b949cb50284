#ifndef LABSLOT_DAEMON_SERVICE_AVAILABILITY_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_AVAILABILITY_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/availability_service.grpc.pb.h"

namespace labslot::service {

// Adds the methods of AvailabilityService. All arguments must outlive `methods`.
void AddAvailabilityMethods(::labslot::v1::AvailabilityService::AsyncService& service, const DaemonCore& core,
                    Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_AVAILABILITY_SERVICE_H_
