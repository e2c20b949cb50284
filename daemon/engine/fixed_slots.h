#ifndef LABSLOT_DAEMON_ENGINE_FIXED_SLOTS_H_
#define LABSLOT_DAEMON_ENGINE_FIXED_SLOTS_H_

#include <string>

#include "daemon/domain/policy.h"

namespace labslot::engine {

// Slots of the clock that an asset is booked in, such as 8:00-12:00 and
// 12:00-16:00 on weekdays. A run takes one or more of them.

// True if a slot begins at `run.start`, and the same or a later one ends at
// `run.end`.
bool IsMadeOfSlots(const SlotRule& rule, const Interval& run, const absl::TimeZone& zone);

// `Mon-Fri 08:00-12:00, Mon-Fri 12:00-16:00`.
std::string SlotWords(const SlotRule& rule);

// The next start of a run of the same length that is made of slots; kNever if
// there is none within two weeks.
Instant NextSlotStart(const SlotRule& rule, const Interval& run, const absl::TimeZone& zone);

// Outwards to the start of the slot that has the start of the run, or the next
// one, and to the end of the first slot that ends behind the run.
Interval FitToSlots(const SlotRule& rule, const Interval& run, const absl::TimeZone& zone);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_FIXED_SLOTS_H_
