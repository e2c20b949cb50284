#ifndef LABSLOT_DAEMON_ENGINE_UNIT_SHUFFLE_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_SHUFFLE_H_

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "daemon/engine/unit_table.h"

namespace labslot::engine {

// Looks for units for some more by letting those who sit change kinds: who finds no room
// takes the place of whoever was moved the least, who then looks for another one, and so
// on (ejection chains with weights, as in local search for colouring and
// satisfiability). Finds most of what there is, fast; that it finds nothing proves
// nothing. The same question has the same answer.
class UnitShuffle {
 public:
  using Place = UnitTable::Place;
  using Kind = UnitTable::Kind;

  // From `now` on. Tries kinds in an order that has them all, and leaves those out of
  // account who are marked by place. Both must outlive this, and not change.
  UnitShuffle(const UnitTable& table, std::vector<Kind> order, Instant now,
              const std::vector<bool>& gone);

  // True if there is room for all of `more`, of whom nobody holds what somebody else does.
  // All of them are told apart by the table. Looks at about so many seats.
  bool Run(const std::vector<UnitUse>& more, size_t looks);

  // The rest is about a Run that found room. The kinds of each of `more`.
  std::vector<std::vector<Kind>> kinds() const;

  // Those who have to sit on other kinds than they do, and which.
  std::vector<std::pair<Place, std::vector<Kind>>> Moves() const;

 private:
  // One unit of somebody, who is new or was moved.
  struct Seat {
    Place place = 0;  // new ones come behind those of the table
    size_t number = 0;
    Interval interval;
    const UnitSet* fitting = nullptr;  // null if it cannot move
    std::optional<Kind> kind;
    int64_t weight = 0;  // how often it was moved
  };
  // One unit of somebody who sits on a kind when somebody else wants to.
  struct Sitter {
    Interval interval;
    Place place = 0;
    size_t number = 0;
    bool can_move = false;
    int64_t weight = 0;
  };
  // Who has to stand up so that there is room.
  struct Room {
    Kind kind = 0;
    int64_t cost = 0;
    std::vector<Sitter> leaving;
  };

  void AddSeats(Place place, const UnitUse& use);
  bool FindRoom(size_t seat);
  std::optional<Room> RoomOn(Kind kind, const Interval& interval);
  void GatherSitters(Kind kind, const Interval& interval);
  void Leave(const Sitter& sitter);
  size_t SeatOf(const Sitter& sitter);
  Interval RestOf(const Interval& interval) const {
    return interval.Intersect({now_, interval.end});
  }

  const UnitTable& table_;
  const std::vector<Kind> order_;
  const Instant now_;
  const std::vector<bool>& gone_;
  size_t looks_ = 0;  // left
  size_t new_ = 0;    // how many of the uses are new
  std::vector<Seat> seats_;
  absl::flat_hash_map<std::pair<Place, size_t>, size_t> seat_of_;  // in `seats_`
  std::vector<std::vector<size_t>> on_kind_;                       // in `seats_`
  std::vector<size_t> waiting_;                                    // in `seats_`
  std::vector<Sitter> sitters_;                                    // of the kind that is looked at
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_SHUFFLE_H_
