#include "client/settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "yaml-cpp/yaml.h"

namespace labslot::client {
namespace {

constexpr absl::string_view kSystemSocket = "/run/labslotd/labslotd.sock";

absl::Status ConfigError(const std::string& path, const YAML::Mark& mark, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path, ":", mark.line + 1, ": ", why));
}

absl::Status ReadContext(const std::string& path, const YAML::Node& node, Context* context) {
  if (!node.IsMap()) return ConfigError(path, node.Mark(), "a context is a map");
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>();
    const auto value = entry.second.as<std::string>();
    if (key == "name") {
      context->name = value;
    } else if (key == "server") {
      context->server = value;
    } else if (key == "token") {
      context->token = value;
    } else if (key == "token_file") {
      context->token_file = value;
    } else if (key == "ca") {
      context->ca = value;
    } else {
      return ConfigError(path, entry.first.Mark(), absl::StrCat("unknown key \"", key, "\""));
    }
  }
  if (context->name.empty()) return ConfigError(path, node.Mark(), "a context needs a name");
  return absl::OkStatus();
}

absl::StatusOr<ConfigFile> ParseConfig(const std::string& path, const std::string& text) {
  ConfigFile config;
  const YAML::Node root = YAML::Load(text);
  if (root.IsNull()) return config;
  if (!root.IsMap()) return ConfigError(path, root.Mark(), "expected keys with values");
  for (const auto& entry : root) {
    const auto key = entry.first.as<std::string>();
    if (key == "current") {
      config.current = entry.second.as<std::string>();
    } else if (key == "contexts") {
      for (const auto& node : entry.second) {
        Context context;
        if (absl::Status status = ReadContext(path, node, &context); !status.ok()) return status;
        config.contexts.push_back(std::move(context));
      }
    } else {
      return ConfigError(path, entry.first.Mark(), absl::StrCat("unknown key \"", key, "\""));
    }
  }
  return config;
}

std::string DefaultServer(const Environment& environment) {
  if (const auto runtime = environment.variable("XDG_RUNTIME_DIR"); runtime.has_value()) {
    const std::string path = absl::StrCat(*runtime, "/labslotd/labslotd.sock");
    if (access(path.c_str(), F_OK) == 0) return absl::StrCat("unix:", path);
  }
  return absl::StrCat("unix:", kSystemSocket);
}

absl::StatusOr<Context> ChosenContext(const ConnectionFlags& flags,
                                      const Environment& environment) {
  const std::string path = ConfigPath(environment);
  absl::StatusOr<ConfigFile> config = ReadConfig(path);
  if (!config.ok()) return config.status();
  const std::string wanted =
      flags.context.value_or(environment.variable("LABSLOT_CONTEXT").value_or(config->current));
  if (wanted.empty()) return Context();
  for (const Context& context : config->contexts) {
    if (context.name == wanted) return context;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("there is no context \"", wanted, "\" in ", path,
                   "; see `labslot context list`, add it with `labslot context set`"));
}

bool IsLoopback(absl::string_view target) {
  absl::ConsumePrefix(&target, "ipv4:");
  absl::ConsumePrefix(&target, "ipv6:");
  absl::ConsumePrefix(&target, "dns:");
  const std::size_t colon = target.rfind(':');
  const absl::string_view host = target.substr(0, colon);
  if (host == "localhost" || host == "[::1]") return true;
  // 127.evil.example is a name, not an address.
  return absl::StartsWith(host, "127.") &&
         host.find_first_not_of("0123456789.") == absl::string_view::npos;
}

absl::StatusOr<std::string> Token(const ConnectionFlags& flags, const Context& context,
                                  const Environment& environment) {
  std::string file;
  if (flags.token_file.has_value()) {
    file = *flags.token_file;
  } else if (const auto token = environment.variable("LABSLOT_TOKEN");
             token.has_value() && !flags.context.has_value()) {
    return *token;
  } else if (!context.token.empty()) {
    return context.token;
  } else {
    file = context.token_file;
  }
  if (file.empty()) return std::string();
  absl::StatusOr<std::string> text = ReadWholeFile(file);
  if (!text.ok()) return text.status();
  std::string token(absl::StripAsciiWhitespace(*text));
  if (token.empty()) return absl::InvalidArgumentError(absl::StrCat(file, " holds no token"));
  return token;
}

bool IsHeaderValue(absl::string_view token) {
  for (const char c : token) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read ", path, ": ",
        std::filesystem::is_directory(path, error) ? "it is a folder" : std::strerror(errno)));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string ConfigPath(const Environment& environment) {
  if (const auto file = environment.variable("LABSLOT_CONFIG"); file.has_value()) return *file;
  const auto config_home = environment.variable("XDG_CONFIG_HOME");
  const std::string home = environment.variable("HOME").value_or("/");
  return absl::StrCat(config_home.value_or(absl::StrCat(home, "/.config")), "/labslot/config.yaml");
}

absl::StatusOr<ConfigFile> ReadConfig(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) return ConfigFile();
  absl::StatusOr<std::string> text = ReadWholeFile(path);
  if (!text.ok()) return text.status();
  try {
    return ParseConfig(path, *text);
  } catch (const YAML::Exception& error) {
    return ConfigError(path, error.mark, error.msg);
  }
}

absl::Status WriteConfig(const std::string& path, const ConfigFile& config) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "current" << YAML::Value << YAML::DoubleQuoted
      << config.current << YAML::Key << "contexts" << YAML::Value << YAML::BeginSeq;
  for (const Context& context : config.contexts) {
    out << YAML::BeginMap;
    const auto field = [&](const char* key, const std::string& value) {
      if (value.empty()) return;
      out << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << value;
    };
    field("name", context.name);
    field("server", context.server);
    field("token", context.token);
    field("token_file", context.token_file);
    field("ca", context.ca);
    out << YAML::EndMap;
  }
  out << YAML::EndSeq << YAML::EndMap;

  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  const std::string fresh = path + ".new";
  const mode_t before = umask(0077);
  std::ofstream file(fresh, std::ios::trunc);
  umask(before);
  file << out.c_str() << "\n";
  file.close();
  if (!file || rename(fresh.c_str(), path.c_str()) != 0) {
    return absl::UnknownError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

absl::StatusOr<ConnectionSettings> ResolveSettings(const ConnectionFlags& flags,
                                                   const Environment& environment) {
  const absl::StatusOr<Context> context = ChosenContext(flags, environment);
  if (!context.ok()) return context.status();
  ConnectionSettings settings;
  if (flags.server.has_value()) {
    settings.target = *flags.server;
  } else if (const auto server = environment.variable("LABSLOT_SERVER");
             server.has_value() && !flags.context.has_value()) {
    settings.target = *server;
  } else {
    settings.target = context->server.empty() ? DefaultServer(environment) : context->server;
  }
  if (absl::StartsWith(settings.target, "/")) settings.target = "unix:" + settings.target;
  const bool unix_socket = absl::StartsWith(settings.target, "unix:");
  if (!unix_socket && !absl::StrContains(settings.target, ':')) {
    return absl::InvalidArgumentError(absl::StrCat("\"", settings.target,
                                                   "\" names no server: write host:port, such as "
                                                   "localhost:7443, or unix:/path/of/a/socket"));
  }
  absl::StatusOr<std::string> token = Token(flags, *context, environment);
  if (!token.ok()) return token.status();
  if (!IsHeaderValue(*token)) {
    return absl::InvalidArgumentError("the token holds characters that no token has");
  }
  settings.token = *std::move(token);
  const std::string ca = flags.ca.value_or(context->ca);
  if (!ca.empty()) {
    absl::StatusOr<std::string> pem = ReadWholeFile(ca);
    if (!pem.ok()) return pem.status();
    settings.ca_pem = *std::move(pem);
  }
  settings.tls = !unix_socket && (!ca.empty() || !IsLoopback(settings.target));
  return settings;
}

}  // namespace labslot::client
