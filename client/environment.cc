#include "client/environment.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"

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

}  // namespace

Environment ProcessEnvironment() {
  Environment environment;
  environment.in = &std::cin;
  environment.out = &std::cout;
  environment.err = &std::cerr;
  environment.variable = Variable;
  environment.now = [] { return absl::FromTimeT(absl::ToTimeT(absl::Now())); };
  environment.sleep = [](absl::Duration duration) { absl::SleepFor(duration); };
  environment.local_zone = absl::LocalTimeZone();
  environment.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  environment.columns = TerminalColumns();
  environment.utf8 = std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  return environment;
}

}  // namespace labslot::client
