#ifndef LABSLOT_DAEMON_SERVICE_CATALOGUE_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_CATALOGUE_SERVICE_H_

#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::service {

// Adds the methods of CatalogueService. All arguments must outlive `methods`.
void AddCatalogueMethods(::labslot::v1::CatalogueService::AsyncService& service,
                         const DaemonCore& core, Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CATALOGUE_SERVICE_H_
