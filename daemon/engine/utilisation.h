#ifndef LABSLOT_DAEMON_ENGINE_UTILISATION_H_
#define LABSLOT_DAEMON_ENGINE_UTILISATION_H_

#include <cstdint>
#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/outages.h"

namespace labslot::engine {

enum class Bucket { kWhole = 0, kDay = 1, kWeek = 2, kMonth = 3 };

// What is known of an asset in a period. Everything may reach beyond the
// period.
struct AssetRecord {
  int32_t capacity = 1;
  IntervalSet open;     // opening hours
  IntervalSet blocked;  // a related asset in use
  IntervalSet travel;   // a mobile asset on its way
  std::vector<OutOfService> out_of_service;
  std::vector<Occupancy> occupancies;  // of the asset, in any order and state
};

// The unit-seconds of one asset in one bucket. Each unit is in one state at
// each second; where several claim it, the first of booked, held, changeover,
// travel, closed, unplanned outage, planned outage, blocked has it, and
// `available` is what nothing claims:
//   booked + held + changeover + travel + planned_outage + unplanned_outage +
//   blocked + closed + available = total
// always, also where the capacity was lowered after the bookings.
struct UtilisationRow {
  Interval interval;
  Seconds total = 0;             // length x capacity
  Seconds booked = 0;            // runs that are confirmed, in use, over, or no-shows
  Seconds held = 0;              // runs that are held, pending or offered
  Seconds changeover = 0;        // set-up and tear-down
  Seconds travel = 0;            // on the way from site to site
  Seconds planned_outage = 0;    // open, but out of service
  Seconds unplanned_outage = 0;  // the same by a breakdown
  Seconds blocked = 0;           // open, but a related asset is in use
  Seconds closed = 0;
  Seconds available = 0;
  Seconds booked_open = 0;  // the part of `booked` that lies in opening hours
  Seconds open = 0;         // opening hours x capacity

  friend bool operator==(const UtilisationRow&, const UtilisationRow&) = default;
};

// The buckets of a period, cut at its ends. Days, weeks from Monday (ISO 8601)
// and months are those of the zone, so days of 23 and 25 hours come out right.
std::vector<Interval> BucketsOf(const Interval& period, Bucket bucket, const absl::TimeZone& zone);

// When the asset is open in a period: by the hours of the place where it is.
// A mobile asset is at a visited site during the runs there, else at home.
IntervalSet OpenTimesOf(const Catalogue& catalogue, const Asset& asset,
                        const std::vector<Occupancy>& occupancies, const Interval& period);

// One row a bucket. The buckets are in order and do not overlap.
std::vector<UtilisationRow> AccountFor(const AssetRecord& record,
                                       const std::vector<Interval>& buckets);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UTILISATION_H_
