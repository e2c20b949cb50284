#ifndef LABSLOT_DAEMON_ENGINE_ITEM_CASE_H_
#define LABSLOT_DAEMON_ENGINE_ITEM_CASE_H_

#include <string>
#include <vector>

#include "daemon/engine/admission.h"
#include "daemon/engine/rule_scope.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// One asset of a candidate, with what rules ask of it again and again.
struct ItemCase {
  const State& state;
  const Candidate& candidate;
  const ReservationItem& item;
  const Asset& asset;
  const Site& place;
  absl::TimeZone zone;
  const Holder& holder;

  const Interval& run() const { return candidate.reservation.interval; }
  Interval blocked() const { return OccupancyOf(candidate.reservation, item); }
  const Reservation* current() const { return candidate.current; }
  Instant now() const { return candidate.now; }

  // A slot that is only looked for has no holder yet: rules about holders are
  // not judged.
  bool has_holder() const { return !holder.user.empty(); }

  Subject subject() const {
    const Reservation& r = candidate.reservation;
    return {state.catalogue(), asset, place, holder, r.purpose, r.activity_class};
  }

  bool moves() const { return current() == nullptr || current()->interval.start != run().start; }

  // `Tue 2027-03-02 11:00 Europe/Brussels`, in the zone of the place.
  std::string When(Instant instant) const { return FormatLocal(instant, zone); }
  // `Tue 2027-03-02 11:00 to 19:00 Europe/Brussels`.
  std::string When(const Interval& interval) const;
  // What the booking would occupy, and why that is more than was asked for.
  std::string Needed() const;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ITEM_CASE_H_
