#ifndef LABSLOT_CLIENT_SETTINGS_H_
#define LABSLOT_CLIENT_SETTINGS_H_

// Which daemon to talk to, and as whom. What a flag says comes before the
// environment, that before the configuration file, that before the default.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/environment.h"

namespace labslot::client {

// One daemon in the configuration file.
struct Context {
  std::string name;
  // As for --server; empty means the default.
  std::string server;
  // A bearer token, or empty.
  std::string token;
  // A file that holds the token, or empty.
  std::string token_file;
  // Certificates (PEM) that the daemon's is checked against, or empty.
  std::string ca;
};

// $XDG_CONFIG_HOME/labslot/config.yaml, or ~/.config/labslot/config.yaml:
//
//   current: lab
//   contexts:
//     - {name: lab, server: "lab.example.org:7443", token_file: /home/anna/token}
struct ConfigFile {
  // The name of the context in use; empty means none.
  std::string current;
  std::vector<Context> contexts;
};

// What the flags of the command line said; unset where they said nothing.
struct ConnectionFlags {
  std::optional<std::string> server;
  std::optional<std::string> token_file;
  std::optional<std::string> ca;
  std::optional<std::string> context;
};

// What to connect with.
struct ConnectionSettings {
  // A gRPC target: unix:/path, or host:port.
  std::string target;
  std::string token;
  // Certificates in PEM; empty means those of the system.
  std::string ca_pem;
  bool tls = false;
};

// Where the configuration file is; it need not exist.
std::string ConfigPath(const Environment& environment);

// Reads it. A file that does not exist is an empty one; unknown keys are errors.
absl::StatusOr<ConfigFile> ReadConfig(const std::string& path);

// Replaces it in one step; only its owner may read it.
absl::Status WriteConfig(const std::string& path, const ConfigFile& config);

// Puts flags, environment, file and defaults together.
absl::StatusOr<ConnectionSettings> ResolveSettings(const ConnectionFlags& flags,
                                                   const Environment& environment);

// The whole of a file. Errors name it.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_SETTINGS_H_
