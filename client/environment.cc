#include "client/environment.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

constexpr int kUsualColumns = 80;

std::optional<std::string> Variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

int TerminalColumns() {
  int columns = 0;
  if (const auto value = Variable("COLUMNS"); value.has_value()) {
    if (absl::SimpleAtoi(*value, &columns) && columns > 0) return columns;
  }
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kUsualColumns;
}

// absl::LocalTimeZone() calls it /etc/localtime or localtime, which says nothing
// to a reader.
absl::TimeZone LocalZone() {
  std::string name = Variable("TZ").value_or("");
  if (absl::StartsWith(name, ":")) name = name.substr(1);
  if (name.empty()) {
    const std::string folder_name = "/zoneinfo/";
    std::error_code error;
    const std::string path = std::filesystem::canonical("/etc/localtime", error).string();
    const std::size_t folder = path.find(folder_name);
    if (folder != std::string::npos) name = path.substr(folder + folder_name.size());
    // Some systems keep the same files a second time, by another clock.
    for (const absl::string_view variant : {"posix/", "right/"}) {
      if (absl::StartsWith(name, variant)) name = name.substr(variant.size());
    }
    if (name == "Etc/UTC") name = "UTC";
  }
  return LoadZone(name).value_or(absl::LocalTimeZone());
}

}  // namespace

Environment ProcessEnvironment() {
  Environment environment;
  environment.in = &std::cin;
  environment.out = &std::cout;
  environment.err = &std::cerr;
  environment.variable = Variable;
  environment.now = [] { return absl::FromTimeT(absl::ToTimeT(absl::Now())); };
  environment.sleep = [](absl::Duration duration) { absl::SleepFor(duration); };
  environment.local_zone = LocalZone();
  environment.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  environment.columns = TerminalColumns();
  environment.utf8 = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  return environment;
}

}  // namespace labslot::client
