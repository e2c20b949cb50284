#ifndef LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_
#define LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/reservation.h"

namespace labslot {

// A part of an occupancy that was given back before the rest.
struct ReturnedPart {
  int32_t quantity = 1;
  Instant time = 0;
  friend bool operator==(const ReturnedPart&, const ReturnedPart&) = default;
};

// What a reservation occupies of one asset, with just what a timeline or a report
// needs.
struct Occupancy {
  ReservationId reservation = 0;
  std::string asset;
  Interval run;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  int32_t quantity = 1;  // what is not given back; 0 if all of it is
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
  Instant check_in = 0;    // as in Use
  Instant check_out = 0;
  Instant freed = 0;
  Instant close_by = 0;
  bool has_problem = false;
  bool engineering = false;
  AccessMode access_mode = AccessMode::kUnspecified;
  bool confidential = false;
  Seconds lead_time = 0;  // from the creation to the start
  // Nothing of it makes it known to more people than its user, its organisation and the
  // managers of this asset: there is no other item, and nobody on whose behalf it is.
  bool plain = false;
  std::vector<ReturnedPart> returns;
  std::vector<std::string> units;                  // of a pool that names them: those that it has
  std::map<std::string, std::string> unit_labels;  // as in ReservationItem

  // What is over blocks up to the time at which it was given back, so that the
  // tear-down behind it is kept.
  bool blocks() const {
    return (IsBlocking(state) && !leaves_slot_free) || state == ReservationState::kCompleted;
  }
  Interval blocked() const { return Granted().Widened(set_up, tear_down); }
  // The same of a part that was given back.
  Interval blocked(const ReturnedPart& part) const {
    return Interval{run.start, std::max(run.start, std::min(part.time, Granted().end))}.Widened(
        set_up, tear_down);
  }
  // All that it may be about: what is reserved, and use beyond it.
  Interval Reach() const;
  // Units as they were reserved.
  int32_t reserved() const;
  friend bool operator==(const Occupancy&, const Occupancy&) = default;

 private:
  Interval Granted() const {
    return {run.start, freed == 0 ? run.end : std::max(run.start, std::min(freed, run.end))};
  }
};

std::optional<Instant> DueTime(const Occupancy& occupancy);

Occupancy OccupancyOfItem(const Reservation& reservation, const ReservationItem& item);

// What the reservation occupies, by asset: its items, and assets of which everything
// was given back.
std::vector<Occupancy> OccupanciesOf(const Reservation& reservation);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_OCCUPANCY_H_
