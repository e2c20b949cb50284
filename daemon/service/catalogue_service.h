#ifndef LABSLOT_DAEMON_SERVICE_CATALOGUE_SERVICE_H_
#define LABSLOT_DAEMON_SERVICE_CATALOGUE_SERVICE_H_

#include "daemon/service/methods.h"

namespace labslot::service {

// Adds the handlers of CatalogueService.
void AddCatalogueMethods(Methods& methods);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CATALOGUE_SERVICE_H_
