#ifndef LABSLOT_DAEMON_ENGINE_SLOTS_H_
#define LABSLOT_DAEMON_ENGINE_SLOTS_H_

#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/slot_query.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// Something that would pass all rules if it were booked now.
struct Slot {
  std::vector<ReservationItem> items;
  Interval interval;
  std::string site;
  std::string time_zone;
  Seconds start_slack = 0;  // it could start up to this much later
  bool needs_approval = false;
  double score = 0;               // with SlotOrder::kBest, see slot_score.h
  std::optional<Seconds> travel;  // as in SlotCandidate
};

// The slots that come first in the order asked for; ties by start, then by asset.
// All assets named in the query exist. Starts are moved to the next quarter of an hour
// where there is room.
//
// With kBest each stretch of starts gives one slot: the best of its starts on a
// quarter of an hour, its first if it has no quarter, and its last. Where rules made
// as data stand in the way, not all of those are looked at, see docs/CONFLICTS.md.
std::vector<Slot> FindSlots(const State& state, const SlotQuery& query, Instant now);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_SLOTS_H_
