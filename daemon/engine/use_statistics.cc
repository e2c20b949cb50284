#include "daemon/engine/use_statistics.h"

#include <algorithm>

#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

bool WasGranted(ReservationState state) {
  return state == ReservationState::kConfirmed || state == ReservationState::kCheckedIn ||
         state == ReservationState::kCompleted || state == ReservationState::kNoShow;
}

// What blocked its slot until it was called off has the time on record.
bool WasCalledOff(const Occupancy& occupancy) {
  return occupancy.state == ReservationState::kCancelled && occupancy.freed != 0;
}

// What others got of the time of one that was called off, that they reserved after
// that.
Seconds ReletOf(const Occupancy& cancelled, absl::Span<const Occupancy> all) {
  const Seconds limit = cancelled.run.length() * cancelled.reserved();
  auto other =
      std::lower_bound(all.begin(), all.end(), cancelled.run.start - limits::kLongestRun,
                       [](const Occupancy& o, Instant start) { return o.run.start < start; });
  Seconds relet = 0;
  for (; other != all.end() && other->run.start < cancelled.run.end; ++other) {
    const bool later = other->run.start - other->lead_time >= cancelled.close_time;
    if (!later || !WasGranted(other->state)) continue;
    const Seconds shared = std::max<Seconds>(0, other->run.Intersect(cancelled.run).length());
    relet += shared * std::min(other->reserved(), cancelled.reserved());
  }
  return std::min(relet, limit);
}

}  // namespace

UseStatistics& UseStatistics::operator+=(const UseStatistics& other) {
  reservations += other.reservations;
  no_shows += other.no_shows;
  cancelled += other.cancelled;
  late_cancelled += other.late_cancelled;
  cancelled_seconds += other.cancelled_seconds;
  relet_seconds += other.relet_seconds;
  refused += other.refused;
  refused_seconds += other.refused_seconds;
  requested_seconds += other.requested_seconds;
  lead_times.insert(lead_times.end(), other.lead_times.begin(), other.lead_times.end());
  return *this;
}

UseStatistics StatisticsOf(const Occupancy& occupancy, absl::Span<const Occupancy> all,
                           bool with_lead_times) {
  UseStatistics statistics;
  if (WasGranted(occupancy.state)) {
    statistics.reservations = 1;
    statistics.no_shows = occupancy.state == ReservationState::kNoShow ? 1 : 0;
    statistics.requested_seconds = occupancy.run.length() * occupancy.reserved();
    if (with_lead_times) statistics.lead_times.push_back(occupancy.lead_time);
  } else if (WasCalledOff(occupancy)) {
    statistics.cancelled = 1;
    statistics.late_cancelled = occupancy.close_time > occupancy.run.start - kLateNotice ? 1 : 0;
    statistics.cancelled_seconds = occupancy.run.length() * occupancy.reserved();
    statistics.requested_seconds = statistics.cancelled_seconds;
    statistics.relet_seconds = ReletOf(occupancy, all);
  }
  return statistics;
}

UseStatistics StatisticsOfRefused(const Occupancy& refused) {
  UseStatistics statistics;
  statistics.refused = 1;
  statistics.refused_seconds = refused.run.length() * refused.quantity;
  statistics.requested_seconds = statistics.refused_seconds;
  return statistics;
}

Seconds Percentile(std::vector<Seconds>& values, int percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t rank = (values.size() * static_cast<size_t>(percent) + 99) / 100;
  return values[std::max<size_t>(rank, 1) - 1];
}

}  // namespace labslot::engine
