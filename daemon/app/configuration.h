#ifndef LABSLOT_DAEMON_APP_CONFIGURATION_H_
#define LABSLOT_DAEMON_APP_CONFIGURATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/base/log.h"
#include "daemon/service/server.h"

namespace labslot::app {

enum class Action { kServe, kRecover, kRestore };

// What the command line asks for.
struct Configuration {
  Action action = Action::kServe;
  std::string data_dir;
  std::string backup_dir;  // where backups go, or empty
  std::string from;        // of kRestore: the backup
  std::string port_file;   // where the TCP port is written, or empty
  service::ListenOptions listen;
  LogFormat log_format = LogFormat::kText;
  LogLevel log_level = LogLevel::kInfo;
};

// Reads the flags (`labslotd --help` lists them). Exits on --help and on
// unknown flags, as absl flags do.
absl::StatusOr<Configuration> ReadConfiguration(int argc, char** argv);

}  // namespace labslot::app

#endif  // LABSLOT_DAEMON_APP_CONFIGURATION_H_
