#ifndef LABSLOT_DAEMON_ENGINE_BUCKETS_H_
#define LABSLOT_DAEMON_ENGINE_BUCKETS_H_

#include <vector>

#include "daemon/domain/calendar.h"
#include "daemon/domain/interval.h"

namespace labslot::engine {

// The length of a bucket of a report. Numbers are those of the API.
enum class Bucket {
  kWhole = 0,
  kDay = 1,
  kWeek = 2,
  kMonth = 3,
  kHour = 4,
  kQuarter = 5,
  kYear = 6,
  kHourOfWeek = 7,
};

inline constexpr int kHoursOfWeek = 168;

// The buckets of a period, cut at its ends; of kHourOfWeek they are the single
// hours. Days, weeks from Monday (ISO 8601), months and longer ones are those of the
// zone, so days of 23 and 25 hours come out right. Hours are those between full hours
// of the zone.
std::vector<Interval> BucketsOf(const Interval& period, Bucket bucket, const absl::TimeZone& zone);

// The hour of the week in which an instant lies, 0 to 167 from Monday 00:00 local
// time.
int HourOfWeek(Instant instant, const absl::TimeZone& zone);

// An upper bound of how many buckets a period has.
int64_t MostBuckets(Seconds period, Bucket bucket);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_BUCKETS_H_
