#ifndef LABSLOT_DAEMON_ENGINE_USE_STATISTICS_H_
#define LABSLOT_DAEMON_ENGINE_USE_STATISTICS_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "daemon/domain/occupancy.h"

namespace labslot::engine {

// What is counted of reservations, where they begin. A reservation of two assets
// counts for each.
struct UseStatistics {
  int64_t reservations = 0;    // not called off
  int64_t no_shows = 0;        // of them
  int64_t cancelled = 0;       // called off after it was granted
  int64_t late_cancelled = 0;  // of them, within kLateNotice of the start
  Seconds cancelled_seconds = 0;
  Seconds relet_seconds = 0;  // of them, what others got who came later
  int64_t refused = 0;        // for want of equipment
  Seconds refused_seconds = 0;
  Seconds requested_seconds = 0;  // granted, called off later or not, or refused
  std::vector<Seconds> lead_times;

  UseStatistics& operator+=(const UseStatistics& other);
  bool empty() const { return reservations == 0 && cancelled == 0 && refused == 0; }
  friend bool operator==(const UseStatistics&, const UseStatistics&) = default;
};

inline constexpr Seconds kLateNotice = 24 * 3600;

// What one of the occupancies of an asset counts for; they are in order of start.
// Lead times are kept if `with_lead_times`.
UseStatistics StatisticsOf(const Occupancy& occupancy, absl::Span<const Occupancy> all,
                           bool with_lead_times);

// What a refused request counts for, as if it had been reserved.
UseStatistics StatisticsOfRefused(const Occupancy& refused);

// The nearest-rank percentile: the least of the values that is not below `percent` of
// them. Sorts the values; 0 if there are none.
Seconds Percentile(std::vector<Seconds>& values, int percent);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_USE_STATISTICS_H_
