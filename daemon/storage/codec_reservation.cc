#include <utility>

#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

bool IsKnown(stored::ReservationState state) {
  return state != stored::RESERVATION_STATE_UNSPECIFIED && stored::ReservationState_IsValid(state);
}

}  // namespace

void ToStored(const Reservation& reservation, stored::Reservation& out) {
  out.set_id(reservation.id);
  for (const ReservationItem& item : reservation.items) {
    stored::ReservationItem& added = *out.add_items();
    added.set_asset(item.asset);
    added.set_more_units(item.quantity - 1);
    added.set_set_up(item.set_up);
    added.set_tear_down(item.tear_down);
  }
  out.set_start(reservation.interval.start);
  out.set_length(reservation.interval.length());
  out.set_user(reservation.user);
  out.set_organisation(reservation.organisation);
  out.set_state(static_cast<stored::ReservationState>(reservation.state));
  out.set_create_time(reservation.create_time);
  out.set_update_delay(reservation.update_time - reservation.create_time);
  out.set_revision(reservation.revision);
  out.set_site(reservation.site);
  out.set_display_name(reservation.display_name);
  out.set_purpose(reservation.purpose);
  out.set_project(reservation.project);
  out.set_hold_expire_time(reservation.hold_expire_time);
  out.set_priority(reservation.priority);
  out.set_activity_class(static_cast<stored::ActivityClass>(reservation.activity_class));
  out.set_attendees(reservation.attendees);
  out.set_confidential(reservation.confidential);
  ToStoredLabels(reservation.labels, *out.mutable_labels());
  out.set_state_reason(reservation.state_reason);
}

std::optional<Reservation> FromStored(const stored::Reservation& reservation) {
  if (!IsKnown(reservation.state()) ||
      !stored::ActivityClass_IsValid(reservation.activity_class())) {
    return std::nullopt;
  }
  Reservation result;
  result.id = reservation.id();
  result.items.reserve(static_cast<size_t>(reservation.items_size()));
  for (const auto& item : reservation.items()) {
    result.items.push_back({.asset = item.asset(),
                            .quantity = item.more_units() + 1,
                            .set_up = item.set_up(),
                            .tear_down = item.tear_down()});
  }
  result.interval = {reservation.start(), reservation.start() + reservation.length()};
  result.user = reservation.user();
  result.organisation = reservation.organisation();
  result.state = static_cast<ReservationState>(reservation.state());
  result.create_time = reservation.create_time();
  result.update_time = reservation.create_time() + reservation.update_delay();
  result.revision = reservation.revision();
  result.site = reservation.site();
  result.display_name = reservation.display_name();
  result.purpose = reservation.purpose();
  result.project = reservation.project();
  result.hold_expire_time = reservation.hold_expire_time();
  result.priority = reservation.priority();
  result.activity_class = static_cast<ActivityClass>(reservation.activity_class());
  result.attendees = reservation.attendees();
  result.confidential = reservation.confidential();
  result.labels = FromStoredLabels(reservation.labels());
  result.state_reason = reservation.state_reason();
  return result;
}

void ToStored(const Occupancy& occupancy, stored::Occupancy& out) {
  out.set_length(occupancy.run.length());
  out.set_state(static_cast<stored::ReservationState>(occupancy.state));
  out.set_more_units(occupancy.quantity - 1);
  out.set_set_up(occupancy.set_up);
  out.set_tear_down(occupancy.tear_down);
  out.set_site(occupancy.site);
  out.set_hold_expire_time(occupancy.hold_expire_time);
}

std::optional<Occupancy> FromStored(IndexEntry key, const stored::Occupancy& occupancy) {
  if (!IsKnown(occupancy.state())) return std::nullopt;
  Occupancy result;
  result.reservation = key.reservation;
  result.asset = std::move(key.asset);
  result.run = {key.start, key.start + occupancy.length()};
  result.set_up = occupancy.set_up();
  result.tear_down = occupancy.tear_down();
  result.quantity = occupancy.more_units() + 1;
  result.state = static_cast<ReservationState>(occupancy.state());
  result.hold_expire_time = occupancy.hold_expire_time();
  result.site = occupancy.site();
  return result;
}

}  // namespace labslot::storage
