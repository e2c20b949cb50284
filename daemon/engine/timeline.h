#ifndef LABSLOT_DAEMON_ENGINE_TIMELINE_H_
#define LABSLOT_DAEMON_ENGINE_TIMELINE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/occupancy.h"
#include "daemon/domain/reservation.h"

namespace labslot::engine {

// What one reservation takes of one asset, set-up and tear-down included.
struct Occupant {
  ReservationId reservation = 0;
  Interval blocked;
  int32_t quantity = 1;
  int32_t set_up = 0;
  int32_t tear_down = 0;
  ReservationState state = ReservationState::kConfirmed;
  bool plain = false;  // as in Occupancy
  uint32_t party = 0;  // a number of the Parties of whoever keeps the timeline

  Interval run() const { return {blocked.start + set_up, blocked.end - tear_down}; }
};

// What an item of a reservation, as the store knows it, puts on a timeline, but for
// parts that were given back before the rest. The number of its party matters to who
// keeps a timeline only.
Occupant OccupantOf(const Occupancy& occupancy, uint32_t party = 0);

// All that it puts there.
std::vector<Occupant> OccupantsOf(const Occupancy& occupancy, uint32_t party = 0);

// The live and future occupancies of one asset. A step function of the used
// quantity answers whether something fits, for any capacity and however the
// occupancies nest: the peak of the sum, not the sum of all that overlap.
// Not thread-safe.
class Timeline {
 public:
  // Adds an occupant. Its start, reservation and end, and whether it is over, must be
  // new together: a reservation has several if parts of it were given back.
  void Insert(const Occupant& occupant);

  // Takes an occupant away again; does nothing if it was forgotten before.
  void Erase(const Occupant& occupant);

  // The greatest quantity in use at any instant of `interval`, leaving
  // `without` (null, or an occupant of this timeline) out of account.
  // O(log n + steps inside the interval).
  int32_t Peak(const Interval& interval, const Occupant* without = nullptr) const;

  // The instants of `interval` at which more than `allowed` is in use.
  IntervalSet TimesAbove(int32_t allowed, const Interval& interval,
                         const Occupant* without = nullptr) const;

  // Visits the steps of the used quantity; together they are `interval`.
  void VisitSteps(const Interval& interval,
                  const std::function<void(const Interval&, int32_t used)>& visitor) const;

  // The occupants that overlap `interval`, by start, at most `limit`.
  std::vector<Occupant> Overlapping(const Interval& interval, size_t limit) const;

  // True if something still occupies the asset at or after `instant`.
  bool UsedFrom(Instant instant) const;

  // Forgets the occupants that ended at or before `instant`.
  void ForgetBefore(Instant instant);

  size_t size() const { return occupants_.size(); }
  bool empty() const { return occupants_.empty(); }

 private:
  struct Entry {
    int32_t quantity;
    int32_t set_up;
    int32_t tear_down;
    uint32_t party;
    uint8_t state;
    bool plain;
  };
  // Start, reservation, end, and whether it is over.
  using Key = std::tuple<Instant, ReservationId, Instant, bool>;

  using Steps = absl::btree_map<Instant, int32_t>;

  static Key KeyOf(const Occupant& occupant);
  static Occupant ToOccupant(const Key& key, const Entry& entry);
  void Add(const Interval& interval, int32_t quantity);
  // The quantity in use just before a step.
  int32_t Before(Steps::const_iterator step) const;

  absl::btree_map<Key, Entry> occupants_;
  // Quantity in use from the key up to the next key; 0 before the first.
  Steps steps_;
  // No occupant is longer; bounds how far Overlapping looks back.
  Seconds longest_ = 0;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_TIMELINE_H_
