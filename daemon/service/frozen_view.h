#ifndef LABSLOT_DAEMON_SERVICE_FROZEN_VIEW_H_
#define LABSLOT_DAEMON_SERVICE_FROZEN_VIEW_H_

#include <memory>

#include "daemon/engine/catalogue.h"
#include "daemon/engine/reaches.h"
#include "daemon/runtime/rollups.h"
#include "daemon/runtime/sequencer.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// What the daemon knows at one moment, for work on other threads: it does not change any
// more. Copyable.
struct FrozenView {
  std::shared_ptr<const storage::Snapshot> snapshot;
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::shared_ptr<const engine::Reaches> reaches;
  runtime::Rollups::Mark mark = 0;
};

// On the thread of the sequencer.
inline FrozenView Freeze(const storage::Store& store, runtime::Sequencer& sequencer) {
  return {store.TakeSnapshot(), sequencer.state().ShareCatalogue(),
          sequencer.state().ShareReaches(), sequencer.rollups().mark()};
}

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_FROZEN_VIEW_H_
