#ifndef LABSLOT_DAEMON_SERVICE_DIRECTORY_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_DIRECTORY_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/directory_service.grpc.pb.h"

namespace labslot::service {

// Adds the methods of DirectoryService. All arguments must outlive `methods`.
void AddDirectoryMethods(::labslot::v1::DirectoryService::AsyncService& service,
                         const DaemonCore& core, Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_DIRECTORY_SERVICE_H_
