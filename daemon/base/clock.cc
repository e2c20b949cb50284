#include "daemon/base/clock.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace labslot {

Instant SystemClock::Now() const { return absl::ToUnixSeconds(absl::Now()); }

}  // namespace labslot
