#include "daemon/app/configuration.h"

#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "daemon/app/version.h"

ABSL_FLAG(std::string, data_dir, "", "Folder of the store. Made if it does not exist. Required.");
ABSL_FLAG(std::string, backup_dir, "",
          "Folder for the backups that administrators ask for (`labslot backup`), best on another "
          "disk. Made if it does not exist. One for each daemon.");
ABSL_FLAG(std::string, from, "", "With restore: the folder of the backup.");
ABSL_FLAG(std::string, socket, "",
          "Path of the unix socket. Default: labslotd.sock in the data folder.");
ABSL_FLAG(std::string, listen, "",
          "TCP address to listen on too, as 127.0.0.1:7443. Beyond this machine it needs TLS.");
ABSL_FLAG(std::string, port_file, "", "File to write the TCP port to, for --listen with port 0.");
ABSL_FLAG(std::string, tls_cert, "", "PEM file with the certificate chain of the daemon.");
ABSL_FLAG(std::string, tls_key, "", "PEM file with the private key of the certificate.");
ABSL_FLAG(std::string, tls_client_ca, "",
          "PEM file with authorities; if set, TCP clients must show a certificate of one of them.");
ABSL_FLAG(absl::Duration, watch_patience, absl::Minutes(1),
          "A watcher that takes nothing for so long, while there is something, is cut off.");
ABSL_FLAG(std::string, log_format, "text", "Form of the log on standard error: text or json.");
ABSL_FLAG(std::string, log_level, "info",
          "Least level to log: debug (one line a call), info, warning or error.");

namespace labslot::app {
namespace {

constexpr char kUsage[] =
    "Books shared lab equipment.\n\n"
    "  labslotd --data_dir DIR [--listen 127.0.0.1:7443]   serve\n"
    "  labslotd recover --data_dir DIR                     mend a damaged store, offline\n"
    "  labslotd restore --from BACKUP --data_dir DIR       make a store of a backup\n\n"
    "Flags may also come from a file (--flagfile=FILE) or from the environment\n"
    "(--tryfromenv=data_dir,... reads FLAGS_data_dir, ...).";

void DescribeProgram() {
  absl::SetProgramUsageMessage(kUsage);
  absl::FlagsUsageConfig usage;
  const auto is_ours = [](absl::string_view file) {
    return absl::StrContains(file, "daemon/app/") || absl::StrContains(file, "flags/parse.cc");
  };
  usage.contains_help_flags = is_ours;
  usage.contains_helpshort_flags = is_ours;
  usage.version_string = [] { return absl::StrCat("labslotd ", kVersion, "\n"); };
  absl::SetFlagsUsageConfig(usage);
}

absl::StatusOr<LogLevel> LevelOf(const std::string& word) {
  if (word == "debug") return LogLevel::kDebug;
  if (word == "info") return LogLevel::kInfo;
  if (word == "warning") return LogLevel::kWarning;
  if (word == "error") return LogLevel::kError;
  return absl::InvalidArgumentError(
      absl::StrCat("--log_level is '", word, "'; use debug, info, warning or error"));
}

absl::StatusOr<LogFormat> FormatOf(const std::string& word) {
  if (word == "text") return LogFormat::kText;
  if (word == "json") return LogFormat::kJson;
  return absl::InvalidArgumentError(absl::StrCat("--log_format is '", word, "'; use text or json"));
}

absl::StatusOr<Action> ActionOf(const std::vector<char*>& words) {
  if (words.size() < 2) return Action::kServe;
  if (words.size() == 2 && std::string(words[1]) == "recover") return Action::kRecover;
  if (words.size() == 2 && std::string(words[1]) == "restore") return Action::kRestore;
  return absl::InvalidArgumentError(absl::StrCat(
      "'", words.back(), "' is not an action; there are `recover` and `restore`, see --help"));
}

}  // namespace

absl::StatusOr<Configuration> ReadConfiguration(int argc, char** argv) {
  DescribeProgram();
  const std::vector<char*> words = absl::ParseCommandLine(argc, argv);
  Configuration configuration;
  const auto action = ActionOf(words);
  if (!action.ok()) return action.status();
  configuration.action = *action;
  const auto format = FormatOf(absl::GetFlag(FLAGS_log_format));
  if (!format.ok()) return format.status();
  configuration.log_format = *format;
  const auto level = LevelOf(absl::GetFlag(FLAGS_log_level));
  if (!level.ok()) return level.status();
  configuration.log_level = *level;
  configuration.data_dir = absl::GetFlag(FLAGS_data_dir);
  if (configuration.data_dir.empty()) {
    return absl::InvalidArgumentError(
        "--data_dir is not set; name the folder of the store, as --data_dir=/var/lib/labslotd");
  }
  configuration.backup_dir = absl::GetFlag(FLAGS_backup_dir);
  configuration.from = absl::GetFlag(FLAGS_from);
  if (configuration.from.empty() == (*action == Action::kRestore)) {
    return absl::InvalidArgumentError(
        "--from goes with restore: `labslotd restore --from BACKUP --data_dir DIR`");
  }
  configuration.port_file = absl::GetFlag(FLAGS_port_file);
  configuration.listen.socket = absl::GetFlag(FLAGS_socket);
  if (configuration.listen.socket.empty()) {
    configuration.listen.socket = absl::StrCat(configuration.data_dir, "/labslotd.sock");
  }
  configuration.listen.tcp_address = absl::GetFlag(FLAGS_listen);
  configuration.listen.watch_patience = absl::GetFlag(FLAGS_watch_patience);
  configuration.listen.tls = {absl::GetFlag(FLAGS_tls_cert), absl::GetFlag(FLAGS_tls_key),
                              absl::GetFlag(FLAGS_tls_client_ca)};
  return configuration;
}

}  // namespace labslot::app
