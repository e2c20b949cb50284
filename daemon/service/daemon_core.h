#ifndef LABSLOT_DAEMON_SERVICE_DAEMON_CORE_H_
#define LABSLOT_DAEMON_SERVICE_DAEMON_CORE_H_

#include <string>

#include "absl/time/time.h"
#include "daemon/runtime/event_feed.h"
#include "daemon/runtime/sequencer.h"
#include "daemon/runtime/worker_pool.h"
#include "daemon/service/event_loop.h"
#include "daemon/storage/store.h"

namespace labslot::service {

// What operators ask of the daemon that does not change.
struct ServerFacts {
  std::string version;
  std::string store_path;
  int store_format = 0;
  std::string store_id;
  std::string backup_path;  // empty: none
  Instant start_time = 0;
  absl::Duration load_duration;
};

// What the handlers of all services work with. Everything outlives them.
struct DaemonCore {
  runtime::Sequencer& sequencer;
  runtime::EventFeed& feed;
  storage::Store& store;
  runtime::WorkerPool& workers;
  EventLoop& loop;
  const ServerFacts& facts;

  const engine::State& state() const { return sequencer.state(); }
  const engine::Catalogue& catalogue() const { return sequencer.state().catalogue(); }
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_DAEMON_CORE_H_
