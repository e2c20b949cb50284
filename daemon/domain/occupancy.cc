#include "daemon/domain/occupancy.h"

namespace labslot {
namespace {

// Parts that came back in the same second are one.
void AddReturn(const Return& part, std::vector<ReturnedPart>& returns) {
  for (ReturnedPart& known : returns) {
    if (known.time != part.time) continue;
    known.quantity += part.item.quantity;
    return;
  }
  returns.push_back({part.item.quantity, part.time});
}

}  // namespace

int32_t Occupancy::reserved() const {
  int32_t sum = quantity;
  for (const ReturnedPart& part : returns) sum += part.quantity;
  return sum;
}

Interval Occupancy::Reach() const {
  // Who is overdue is closed at that time at the latest.
  Instant end = std::max({run.end, check_out, close_by});
  for (const ReturnedPart& part : returns) end = std::max(end, part.time);
  return Interval{run.start, end}.Widened(set_up, tear_down);
}

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
  occupancy.check_in = reservation.use.check_in;
  occupancy.check_out = reservation.use.check_out;
  occupancy.freed = reservation.use.freed;
  occupancy.close_by = reservation.use.close_by;
  occupancy.has_problem = reservation.use.problem != Problem::kNone;
  occupancy.engineering = IsEngineering(reservation);
  occupancy.access_mode = reservation.access_mode;
  occupancy.confidential = reservation.confidential;
  occupancy.lead_time = reservation.interval.start - reservation.create_time;
  occupancy.plain = reservation.items.size() == 1 && reservation.items[0].asset == item.asset &&
                    reservation.on_behalf_of.empty();
  occupancy.units = item.units;
  occupancy.unit_labels = item.unit_labels;
  for (const Return& part : reservation.returns) {
    if (part.item.asset == item.asset) AddReturn(part, occupancy.returns);
  }
  return occupancy;
}

std::vector<Occupancy> OccupanciesOf(const Reservation& reservation) {
  std::vector<Occupancy> occupancies;
  occupancies.reserve(reservation.items.size());
  for (const ReservationItem& item : reservation.items) {
    occupancies.push_back(OccupancyOfItem(reservation, item));
  }
  for (const Return& part : reservation.returns) {
    const bool known =
        std::any_of(occupancies.begin(), occupancies.end(),
                    [&](const Occupancy& occupancy) { return occupancy.asset == part.item.asset; });
    if (known) continue;
    ReservationItem nothing_left = part.item;
    nothing_left.quantity = 0;
    nothing_left.units.clear();
    occupancies.push_back(OccupancyOfItem(reservation, nothing_left));
  }
  return occupancies;
}

std::optional<Instant> DueTime(const Occupancy& occupancy) {
  return DueTime(occupancy.state, {occupancy.hold_expire_time, occupancy.check_in_by,
                                   occupancy.run.end, occupancy.close_by});
}

}  // namespace labslot
