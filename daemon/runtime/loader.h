#ifndef LABSLOT_DAEMON_RUNTIME_LOADER_H_
#define LABSLOT_DAEMON_RUNTIME_LOADER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/engine/state.h"
#include "daemon/storage/store.h"

namespace labslot::runtime {

// Rebuilds the state from a store: all records, and the occupancies that a
// sequencer would not have forgotten by the time of the last event. DATA_LOSS
// if the store does not parse, or if it holds reservations that from then on
// together exceed an asset's capacity.
absl::StatusOr<engine::State> LoadState(const storage::Store& store);

// Counts everything in the snapshot that quotas count, for the catalogue as the
// state has it. The state must be that of the snapshot. Quick where there are no
// quotas; else it reads what is to come and the past of the longest period.
absl::Status CountAgain(const storage::Snapshot& snapshot, engine::State& state);

}  // namespace labslot::runtime

#endif  // LABSLOT_DAEMON_RUNTIME_LOADER_H_
