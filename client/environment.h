#ifndef LABSLOT_CLIENT_ENVIRONMENT_H_
#define LABSLOT_CLIENT_ENVIRONMENT_H_

#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "absl/time/time.h"

namespace labslot::client {

// All that a command takes from the world around it, so that tests can give
// their own.
struct Environment {
  std::istream* in;
  std::ostream* out;
  std::ostream* err;
  // Value of an environment variable; none if it is unset or empty.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<absl::Time()> now;
  std::function<void(absl::Duration)> sleep;
  // The zone of this machine, for times that belong to no place.
  absl::TimeZone local_zone;
  // Whether `out` is read by a person.
  bool out_is_terminal = false;
  // Characters in a line of that terminal.
  int columns = 80;
  // Whether characters beyond ASCII can be shown.
  bool utf8 = false;
};

// The real one. Call it once, after setlocale.
Environment ProcessEnvironment();

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_ENVIRONMENT_H_
