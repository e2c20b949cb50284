#ifndef LABSLOT_DAEMON_STORAGE_REFUSED_REQUESTS_H_
#define LABSLOT_DAEMON_STORAGE_REFUSED_REQUESTS_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/refused_request.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// Table D: what was wanted and refused. It is no part of the log: nothing follows from
// it but figures.

// The row of a refused request; `number` tells those of one second apart.
Put RowOf(const RefusedRequest& refused, int64_t number);

// Visits the refused requests for an asset whose run was to start in [from, to), by
// start and time. DATA_LOSS, naming the key, for bytes that do not parse.
absl::Status VisitRefused(const Snapshot& snapshot, absl::string_view asset, Instant from,
                          Instant to, const std::function<void(const RefusedRequest&)>& visitor);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_REFUSED_REQUESTS_H_
