#ifndef LABSLOT_CLIENT_EXIT_CODE_H_
#define LABSLOT_CLIENT_EXIT_CODE_H_

#include "absl/status/status.h"

namespace labslot::client {

// What `labslot` ends with. Scripts rely on these figures.
enum class ExitCode : int {
  kDone = 0,
  kError = 1,
  // What was typed is not understood, by us or by the daemon.
  kUsage = 2,
  // A rule or another reservation stands in the way.
  kRefused = 3,
  kNotFound = 4,
  // No identity, or one that may not do this.
  kDenied = 5,
  // No daemon answers, it is draining, or the outcome is unknown.
  kUnavailable = 6,
};

// The exit code for the outcome of a command.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_EXIT_CODE_H_
