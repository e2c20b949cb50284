#ifndef LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_
#define LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/domain/reservation.h"

namespace labslot {

// What one item of a reservation occupies of its asset, with just what a
// timeline or a report needs.
struct Occupancy {
  ReservationId reservation = 0;
  std::string asset;
  Interval run;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  int32_t quantity = 1;
  ReservationState state = ReservationState::kConfirmed;
  Instant hold_expire_time = 0;
  std::string site;
  // Who has it, as quotas count it.
  std::string user;
  std::string organisation;
  std::string project;
  ActivityClass activity_class = ActivityClass::kUnspecified;
  bool leaves_slot_free = false;
  Instant check_in_by = 0;
  Instant close_time = 0;  // of a final state: when it came into it
  bool competes = false;   // awaits the outcome of a round

  bool blocks() const { return IsBlocking(state) && !leaves_slot_free; }
  Interval blocked() const { return run.Widened(set_up, tear_down); }
  friend bool operator==(const Occupancy&, const Occupancy&) = default;
};

inline std::optional<Instant> DueTime(const Occupancy& occupancy) {
  return DueTime(occupancy.state, occupancy.hold_expire_time, occupancy.check_in_by);
}

Occupancy OccupancyOfItem(const Reservation& reservation, const ReservationItem& item);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_
