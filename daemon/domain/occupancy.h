#ifndef LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_
#define LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_

#include <cstdint>
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

  Interval blocked() const { return run.Widened(set_up, tear_down); }
  friend bool operator==(const Occupancy&, const Occupancy&) = default;
};

inline Occupancy OccupancyOfItem(const Reservation& reservation, const ReservationItem& item) {
  return {reservation.id,  item.asset,    reservation.interval, item.set_up,
          item.tear_down,  item.quantity, reservation.state,    reservation.hold_expire_time,
          reservation.site};
}

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_
