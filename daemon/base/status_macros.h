#ifndef LABSLOT_DAEMON_BASE_STATUS_MACROS_H_
#define LABSLOT_DAEMON_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The abseil of Debian 12 has none of these yet.

// Returns from the function with the status of `expression` if it is an error.
#define LABSLOT_RETURN_IF_ERROR(expression)                                                      \
  do {                                                                                           \
    if (absl::Status labslot_status = (expression); !labslot_status.ok()) return labslot_status; \
  } while (false)

#define LABSLOT_CONCAT_INNER(a, b) a##b
#define LABSLOT_CONCAT(a, b) LABSLOT_CONCAT_INNER(a, b)

// Assigns the value of a StatusOr to `target` (which may be a declaration), or
// returns from the function with its status.
#define LABSLOT_ASSIGN_OR_RETURN(target, expression)                      \
  auto LABSLOT_CONCAT(labslot_result_, __LINE__) = (expression);          \
  if (!LABSLOT_CONCAT(labslot_result_, __LINE__).ok())                    \
    return std::move(LABSLOT_CONCAT(labslot_result_, __LINE__)).status(); \
  target = *std::move(LABSLOT_CONCAT(labslot_result_, __LINE__))

#endif  // LABSLOT_DAEMON_BASE_STATUS_MACROS_H_
