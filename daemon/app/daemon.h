#ifndef LABSLOT_DAEMON_APP_DAEMON_H_
#define LABSLOT_DAEMON_APP_DAEMON_H_

#include "absl/status/status.h"
#include "daemon/app/configuration.h"

namespace labslot::app {

// Opens the store, loads the state, serves until SIGTERM or SIGINT, and stops
// in order. Both signals must be blocked in all threads. The order of the
// start is chosen so that nobody is served before the store is known to be
// whole: folder, store, state, sockets.
absl::Status RunDaemon(const Configuration& configuration);

// Makes a store of a backup where there is none yet, audits it, and says what it
// shows. It is there whole or not at all.
absl::Status RunRestore(const Configuration& configuration);

// Mends a damaged store offline, and says what is lost.
absl::Status RunRecovery(const Configuration& configuration);

}  // namespace labslot::app

#endif  // LABSLOT_DAEMON_APP_DAEMON_H_
