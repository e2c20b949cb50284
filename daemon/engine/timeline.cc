#include "daemon/engine/timeline.h"

#include <algorithm>
#include <iterator>

namespace labslot::engine {

Occupant OccupantOf(const Occupancy& occupancy, uint32_t party) {
  return {occupancy.reservation,
          occupancy.blocked(),
          occupancy.quantity,
          static_cast<int32_t>(occupancy.set_up),
          static_cast<int32_t>(occupancy.tear_down),
          occupancy.state,
          occupancy.plain,
          party};
}

std::vector<Occupant> OccupantsOf(const Occupancy& occupancy, uint32_t party) {
  std::vector<Occupant> occupants;
  const auto add = [&](const Interval& blocked, int32_t quantity, ReservationState state) {
    // What was given back before it began may block nothing at all.
    if (quantity == 0 || blocked.empty()) return;
    for (Occupant& known : occupants) {
      if (known.blocked != blocked || IsFinal(known.state) != IsFinal(state)) continue;
      known.quantity += quantity;
      return;
    }
    Occupant& added = occupants.emplace_back(OccupantOf(occupancy, party));
    added.blocked = blocked;
    added.quantity = quantity;
    added.state = state;
  };
  add(occupancy.blocked(), occupancy.quantity, occupancy.state);
  // What was given back is over: nobody has to make room with it.
  for (const ReturnedPart& part : occupancy.returns) {
    add(occupancy.blocked(part), part.quantity, ReservationState::kCompleted);
  }
  return occupants;
}

Timeline::Key Timeline::KeyOf(const Occupant& occupant) {
  return {occupant.blocked.start, occupant.reservation, occupant.blocked.end,
          IsFinal(occupant.state)};
}

Occupant Timeline::ToOccupant(const Key& key, const Entry& entry) {
  const auto& [start, reservation, end, is_over] = key;
  return {reservation,  {start, end},    entry.quantity,
          entry.set_up, entry.tear_down, static_cast<ReservationState>(entry.state),
          entry.plain,  entry.party};
}

void Timeline::Insert(const Occupant& occupant) {
  const Entry entry = {occupant.quantity,
                       occupant.set_up,
                       occupant.tear_down,
                       occupant.party,
                       static_cast<uint8_t>(occupant.state),
                       occupant.plain};
  // The store gives them by time, so that when it is loaded each comes last.
  occupants_.insert_or_assign(occupants_.end(), KeyOf(occupant), entry);
  longest_ = std::max(longest_, occupant.blocked.length());
  Add(occupant.blocked, occupant.quantity);
}

void Timeline::Erase(const Occupant& occupant) {
  if (occupants_.erase(KeyOf(occupant)) == 0) return;
  Add(occupant.blocked, -occupant.quantity);
}

// Raises the step function over the interval, and drops the steps at its ends
// that no longer are any.
void Timeline::Add(const Interval& interval, int32_t quantity) {
  const auto step_at = [this](Steps::iterator hint, Instant instant) {
    const size_t steps = steps_.size();
    const auto it = steps_.try_emplace(hint, instant, 0);
    if (steps_.size() != steps && it != steps_.begin()) it->second = std::prev(it)->second;
    return it;
  };
  // Where nothing overlaps, the end is the last step and the start the one before it.
  auto it = step_at(step_at(steps_.end(), interval.end), interval.start);
  const bool starts_level = it->second + quantity == Before(it);
  for (; it->first != interval.end; ++it) it->second += quantity;
  if (it->second == Before(it)) steps_.erase(it);
  if (starts_level) steps_.erase(interval.start);
}

int32_t Timeline::Before(Steps::const_iterator step) const {
  return step == steps_.begin() ? 0 : std::prev(step)->second;
}

void Timeline::VisitSteps(const Interval& interval,
                          const std::function<void(const Interval&, int32_t used)>& visitor) const {
  auto it = steps_.upper_bound(interval.start);
  int32_t used = Before(it);
  Instant from = interval.start;
  for (; it != steps_.end() && it->first < interval.end; ++it) {
    visitor({from, it->first}, used);
    from = it->first;
    used = it->second;
  }
  if (from < interval.end) visitor({from, interval.end}, used);
}

int32_t Timeline::Peak(const Interval& interval, const Occupant* without) const {
  if (without != nullptr && without->blocked.Overlaps(interval)) {
    const Interval own = without->blocked.Intersect(interval);
    return std::max({Peak({interval.start, own.start}), Peak(own) - without->quantity,
                     Peak({own.end, interval.end})});
  }
  if (interval.empty()) return 0;
  auto it = steps_.upper_bound(interval.start);
  int32_t peak = Before(it);
  for (; it != steps_.end() && it->first < interval.end; ++it) peak = std::max(peak, it->second);
  return peak;
}

IntervalSet Timeline::TimesAbove(int32_t allowed, const Interval& interval,
                                 const Occupant* without) const {
  IntervalSet above;
  const auto visit = [&](const Interval& part, int32_t credit) {
    if (part.empty()) return;
    // So little is captured that it takes no memory: this is done for many assets.
    VisitSteps(part, [&above, most = allowed + credit](const Interval& step, int32_t used) {
      if (used <= most) return;
      if (!above.empty() && above.back().end == step.start) {
        above.back().end = step.end;
      } else {
        // A fortnight of most assets has no more; to grow step by step takes longer.
        if (above.empty()) above.reserve(16);
        above.push_back(step);
      }
    });
  };
  if (without == nullptr || !without->blocked.Overlaps(interval)) {
    visit(interval, 0);
  } else {
    const Interval own = without->blocked.Intersect(interval);
    visit({interval.start, own.start}, 0);
    visit(own, without->quantity);
    visit({own.end, interval.end}, 0);
  }
  return above;
}

std::vector<Occupant> Timeline::Overlapping(const Interval& interval, size_t limit) const {
  std::vector<Occupant> found;
  for (auto it = occupants_.lower_bound({interval.start - longest_, 0, 0, false});
       it != occupants_.end() && std::get<0>(it->first) < interval.end && found.size() < limit;
       ++it) {
    const Occupant occupant = ToOccupant(it->first, it->second);
    if (occupant.blocked.end > interval.start) found.push_back(occupant);
  }
  return found;
}

bool Timeline::UsedFrom(Instant instant) const {
  // Behind the last step nothing is in use, so one that lies later proves use.
  return !steps_.empty() && std::prev(steps_.end())->first > instant;
}

void Timeline::ForgetBefore(Instant instant) {
  std::vector<Occupant> over;
  for (const auto& [key, entry] : occupants_) {
    if (std::get<0>(key) >= instant) break;
    if (std::get<2>(key) <= instant) over.push_back(ToOccupant(key, entry));
  }
  for (const Occupant& occupant : over) Erase(occupant);
}

}  // namespace labslot::engine
