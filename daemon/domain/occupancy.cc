#include "daemon/domain/occupancy.h"

namespace labslot {

Occupancy OccupancyOfItem(const Reservation& reservation, const ReservationItem& item) {
  Occupancy occupancy;
  occupancy.reservation = reservation.id;
  occupancy.asset = item.asset;
  occupancy.run = reservation.interval;
  occupancy.set_up = item.set_up;
  occupancy.tear_down = item.tear_down;
  occupancy.quantity = item.quantity;
  occupancy.state = reservation.state;
  occupancy.hold_expire_time = reservation.hold_expire_time;
  occupancy.site = reservation.site;
  occupancy.user = reservation.user;
  occupancy.organisation = reservation.organisation;
  occupancy.project = reservation.project;
  occupancy.activity_class = reservation.activity_class;
  occupancy.leaves_slot_free = reservation.leaves_slot_free;
  occupancy.check_in_by = reservation.check_in_by;
  occupancy.competes = Competes(reservation);
  if (IsFinal(reservation.state)) occupancy.close_time = reservation.update_time;
  return occupancy;
}

}  // namespace labslot
