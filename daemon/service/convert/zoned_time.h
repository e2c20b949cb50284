#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_ZONED_TIME_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_ZONED_TIME_H_

#include <string>

#include "absl/strings/string_view.h"
#include "daemon/base/clock.h"

namespace labslot::service {

// Reads an RFC 3339 time in whole seconds, such as `2027-03-01T09:00:00+01:00`,
// that lies within the limits of instants. Returns what is wrong with it, or
// the empty string.
std::string ReadZonedTime(absl::string_view text, Instant& instant);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_ZONED_TIME_H_
