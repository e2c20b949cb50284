#ifndef LABSLOT_DAEMON_SERVICE_WARM_ROLLUPS_H_
#define LABSLOT_DAEMON_SERVICE_WARM_ROLLUPS_H_

#include "daemon/runtime/sequencer.h"
#include "daemon/runtime/worker_pool.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// Reads the last three years and the next one once, asset by asset on the workers, so
// that the first report need not. Call it before the loop runs; everything must outlive the
// workers.
void WarmRollups(const storage::Store& store, runtime::Sequencer& sequencer,
                 runtime::WorkerPool& workers);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_WARM_ROLLUPS_H_
