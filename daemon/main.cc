#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "absl/synchronization/mutex.h"
#include "daemon/app/configuration.h"
#include "daemon/app/daemon.h"
#include "daemon/base/log.h"
#include "google/protobuf/stubs/logging.h"

// Settings of jemalloc. Huge pages make the start a third faster; memory that was freed
// is kept for half a minute, because the next burst of calls needs it again.
extern "C" {
const char* malloc_conf = "thp:always,metadata_thp:auto,dirty_decay_ms:30000";
}

namespace {

// Before any thread starts, so that all inherit it and only the main thread,
// which waits for them, sees the signals.
void BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that goes away is an error of a call, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

// Each connection takes a descriptor, and so does each file of the store.
void RaiseDescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int Fail(const absl::Status& status) {
  labslot::Log(labslot::LogLevel::kError, status.message());
  return EXIT_FAILURE;
}

absl::Status Run(const labslot::app::Configuration& configuration) {
  switch (configuration.action) {
    case labslot::app::Action::kRecover:
      return labslot::app::RunRecovery(configuration);
    case labslot::app::Action::kRestore:
      return labslot::app::RunRestore(configuration);
    case labslot::app::Action::kServe:
      break;
  }
  return labslot::app::RunDaemon(configuration);
}

}  // namespace

int main(int argc, char** argv) {
  BlockStopSignals();
  RaiseDescriptorLimit();
  // Debian's abseil looks for deadlocks inside gRPC at every lock, which costs
  // up to a tenth of the processor.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // The library reports requests that do not parse on standard error, past the
  // log; the caller is told anyway.
  google::protobuf::SetLogHandler(nullptr);
  // What is wrong with the flags goes to standard error, too.
  labslot::StartLog(labslot::LogFormat::kText, labslot::LogLevel::kInfo);
  const auto configuration = labslot::app::ReadConfiguration(argc, argv);
  if (!configuration.ok()) return Fail(configuration.status());
  labslot::StartLog(configuration->log_format, configuration->log_level);
  const absl::Status status = Run(*configuration);
  return status.ok() ? EXIT_SUCCESS : Fail(status);
}
