#ifndef LABSLOT_DAEMON_ENGINE_IMPACT_H_
#define LABSLOT_DAEMON_ENGINE_IMPACT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/event.h"
#include "daemon/domain/refusal.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/principal.h"

namespace labslot::engine {

// A change of what rules are made of.
struct RuleChange {
  std::vector<Resource> records;      // to add or replace
  std::vector<std::string> removals;  // names of policies and quotas
};

struct BrokenReservation {
  Reservation reservation;
  std::vector<Violation> violations;
};

struct Impact {
  std::vector<BrokenReservation> broken;  // all of them, by start
  size_t judged_count = 0;
};

// Visits the reservations whose run starts at or after an instant, by start, in
// any state.
using ReservationVisitor = std::function<void(const Reservation&)>;
using ReservationScan = std::function<void(Instant from, const ReservationVisitor& visitor)>;

// The reservations to come (within `interval`, if it is given) that break rules
// under the changed catalogue which they do not break now. Judged are the rules
// that a standing reservation can break: hours, lengths, slots, holders, sites,
// companions, quotas; not those about the moment of booking. Of more than a
// quota allows, those booked last break it. What of them the principal may see
// is the caller's business.
//
// The errors are those of ApplyPolicy. Thread-safe if the scan is: it runs on a
// worker.
Result<Impact> ImpactOf(const Catalogue& catalogue, const RuleChange& change,
                        const Principal& principal, const std::optional<Interval>& interval,
                        const ReservationScan& scan, Instant now);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_IMPACT_H_
