#include "daemon/app/daemon.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "daemon/app/version.h"
#include "daemon/base/limits.h"
#include "daemon/base/log.h"
#include "daemon/base/status_macros.h"
#include "daemon/runtime/event_feed.h"
#include "daemon/runtime/loader.h"
#include "daemon/runtime/sequencer.h"
#include "daemon/runtime/worker_pool.h"
#include "daemon/service/server.h"
#include "daemon/service/warm_rollups.h"
#include "daemon/storage/backups.h"
#include "daemon/storage/format.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/recovery.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"

namespace labslot::app {
namespace {

constexpr size_t kWorkers = 2;
constexpr size_t kMaxQueuedJobs = 256;

// Watchers that are less far behind are served from memory.
constexpr size_t kEventsInMemory = 8192;

// Keeps up with 300 writes a second for ever.
constexpr int kUpkeepEverySeconds = 600;
constexpr size_t kOutcomesPerSweep = 200000;

// Waits for a signal to stop, at most `seconds`. True if one came.
bool StopRequestedWithin(int seconds) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  const timespec limit{seconds, 0};
  return sigtimedwait(&signals, nullptr, &limit) > 0;
}

absl::Status WritePort(const std::string& path, int port) {
  if (path.empty()) return absl::OkStatus();
  // Renamed into place, so that a reader never sees half of it.
  const std::string draft = absl::StrCat(path, ".new");
  std::ofstream(draft) << port << "\n";
  std::error_code error;
  std::filesystem::rename(draft, path, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot write --port_file '", path, "': ", error.message()));
  }
  return absl::OkStatus();
}

// Deletes answers to request_ids whose time is over, off the loop. Their age is
// counted from the last event, because the clock may have jumped ahead.
void SweepOutcomes(storage::Store& store, runtime::Sequencer& sequencer,
                   runtime::WorkerPool& workers, service::Server& server) {
  const bool queued = workers.Run([&store, &sequencer, &server] {
    const auto snapshot = store.TakeSnapshot();
    const auto last = storage::ReadEvent(store, snapshot->revision());
    if (!last.ok() || !last->has_value()) return;
    const Instant now = (*last)->time;
    storage::WriteSet deletions;
    const auto count = storage::CollectExpiredOutcomes(*snapshot, now - limits::kRequestMemory,
                                                       kOutcomesPerSweep, deletions);
    if (!count.ok()) {
      Log(LogLevel::kError, absl::StrCat("cannot sweep request ids: ", count.status().message()));
      return;
    }
    if (*count == 0) return;
    server.Post([&sequencer, deletions = std::move(deletions)]() mutable {
      sequencer.SubmitUpkeep(std::move(deletions));
    });
  });
  if (!queued) Log(LogLevel::kWarning, "too busy to sweep request ids; next time");
}

std::string Places(const Configuration& configuration, int tcp_port) {
  std::string places = absl::StrCat("unix:", configuration.listen.socket);
  if (tcp_port != 0) absl::StrAppend(&places, " and TCP port ", tcp_port);
  return places;
}

}  // namespace

absl::Status RunDaemon(const Configuration& configuration) {
  const absl::Time began = absl::Now();
  const SystemClock clock;
  LABSLOT_ASSIGN_OR_RETURN(
      const std::unique_ptr<storage::RocksDbStore> store,
      storage::RocksDbStore::Open(configuration.data_dir, {.write_out_at_end = true}));
  LABSLOT_ASSIGN_OR_RETURN(engine::State state, runtime::LoadState(*store));
  service::ServerFacts facts;
  facts.version = kVersion;
  facts.store_path = std::filesystem::absolute(configuration.data_dir).string();
  facts.store_format = static_cast<int>(storage::kFormatVersion);
  LABSLOT_ASSIGN_OR_RETURN(facts.store_id, storage::ReadStoreId(*store));
  if (!configuration.backup_dir.empty()) {
    facts.backup_path = std::filesystem::absolute(configuration.backup_dir).string();
    storage::Backups(facts.backup_path).RemoveHalves();
  }
  facts.start_time = clock.Now();
  facts.load_duration = absl::Now() - began;

  runtime::EventFeed feed(state.head(), kEventsInMemory);
  runtime::Sequencer sequencer(*store, std::move(state), clock, feed);
  runtime::WorkerPool workers(kWorkers, kMaxQueuedJobs);
  service::WarmRollups(*store, sequencer, workers);
  LABSLOT_ASSIGN_OR_RETURN(
      const std::unique_ptr<service::Server> server,
      service::Server::Start(configuration.listen, sequencer, feed, *store, workers, facts));
  LABSLOT_RETURN_IF_ERROR(WritePort(configuration.port_file, server->tcp_port()));
  Log(LogLevel::kInfo,
      absl::StrCat("labslotd ", kVersion, " serves on ", Places(configuration, server->tcp_port()),
                   "; store ", facts.store_path, " at revision ", store->head(), ", loaded in ",
                   absl::ToInt64Milliseconds(facts.load_duration), " ms"));
  do {
    SweepOutcomes(*store, sequencer, workers, *server);
  } while (!StopRequestedWithin(kUpkeepEverySeconds));
  Log(LogLevel::kInfo, "stopping: new calls are turned away, running ones finish");
  server->Stop();
  Log(LogLevel::kInfo, absl::StrCat("stopped at revision ", store->head()));
  return absl::OkStatus();
}

absl::Status RunRecovery(const Configuration& configuration) {
  LABSLOT_ASSIGN_OR_RETURN(const storage::RecoveryReport report,
                           storage::Recover(configuration.data_dir));
  std::cout << storage::Describe(report) << std::flush;
  return absl::OkStatus();
}

}  // namespace labslot::app
