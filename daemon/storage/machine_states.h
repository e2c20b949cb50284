#ifndef LABSLOT_DAEMON_STORAGE_MACHINE_STATES_H_
#define LABSLOT_DAEMON_STORAGE_MACHINE_STATES_H_

#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/machine_report.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// Table M: what machines said, by asset and start.

// The rows of a report.
std::vector<Put> RowsOf(const MachineReport& report);

// Visits what machines of an asset said of times that overlap the period, by start.
// DATA_LOSS, naming the key, for bytes that do not parse.
absl::Status VisitMachineStates(const Snapshot& snapshot, absl::string_view asset,
                                const Interval& period,
                                const std::function<void(const MachineEntry&)>& visitor);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_MACHINE_STATES_H_
