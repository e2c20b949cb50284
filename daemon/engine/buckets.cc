#include "daemon/engine/buckets.h"

#include "absl/time/civil_time.h"
#include "daemon/base/limits.h"

namespace labslot::engine {
namespace {

constexpr Seconds kHour = 3600;

absl::CivilDay FirstDayOfBucket(absl::CivilDay day, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWeek:
      return absl::NextWeekday(day, absl::Weekday::monday) - 7;
    case Bucket::kMonth:
      return absl::CivilDay(absl::CivilMonth(day));
    case Bucket::kQuarter:
      return absl::CivilDay(day.year(), (day.month() - 1) / 3 * 3 + 1, 1);
    case Bucket::kYear:
      return absl::CivilDay(absl::CivilYear(day));
    default:
      return day;
  }
}

absl::CivilDay NextBucket(absl::CivilDay first, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWeek:
      return first + 7;
    case Bucket::kMonth:
      return absl::CivilDay(absl::CivilMonth(first) + 1);
    case Bucket::kQuarter:
      return absl::CivilDay(absl::CivilMonth(first) + 3);
    case Bucket::kYear:
      return absl::CivilDay(absl::CivilYear(first) + 1);
    default:
      return first + 1;
  }
}

// The first full hour of the zone behind an instant. Zones are off by whole minutes,
// and change by them.
Instant NextHour(Instant instant, const absl::TimeZone& zone) {
  const absl::TimeZone::CivilInfo at = zone.At(absl::FromUnixSeconds(instant));
  return instant + kHour - at.cs.minute() * 60 - at.cs.second();
}

std::vector<Interval> HoursIn(const Interval& period, const absl::TimeZone& zone) {
  std::vector<Interval> hours;
  for (Instant at = period.start; at < period.end;) {
    const Interval hour = Interval{at, NextHour(at, zone)}.Intersect(period);
    hours.push_back(hour);
    at = hour.end;
  }
  return hours;
}

}  // namespace

std::vector<Interval> BucketsOf(const Interval& period, Bucket bucket, const absl::TimeZone& zone) {
  if (period.empty()) return {};
  if (bucket == Bucket::kWhole) return {period};
  if (bucket == Bucket::kHour || bucket == Bucket::kHourOfWeek) return HoursIn(period, zone);
  std::vector<Interval> buckets;
  absl::CivilDay first = FirstDayOfBucket(LocalDay(period.start, zone), bucket);
  while (StartOfDay(first, zone) < period.end) {
    const absl::CivilDay next = NextBucket(first, bucket);
    const Interval cut =
        Interval{StartOfDay(first, zone), StartOfDay(next, zone)}.Intersect(period);
    if (!cut.empty()) buckets.push_back(cut);
    first = next;
  }
  return buckets;
}

int HourOfWeek(Instant instant, const absl::TimeZone& zone) {
  const absl::CivilSecond local = zone.At(absl::FromUnixSeconds(instant)).cs;
  const int weekday = static_cast<int>(absl::GetWeekday(local));
  return 24 * weekday + local.hour();
}

int64_t MostBuckets(Seconds period, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWhole:
      return 1;
    case Bucket::kHourOfWeek:
      return kHoursOfWeek;
    case Bucket::kHour:
      // Where clocks change by half an hour, that makes one more.
      return period / kHour + 3 + period / (90 * limits::kDay);
    case Bucket::kDay:
      return period / (23 * kHour) + 2;
    case Bucket::kWeek:
      return period / (7 * limits::kDay) + 2;
    case Bucket::kMonth:
      return period / (28 * limits::kDay) + 2;
    case Bucket::kQuarter:
      return period / (90 * limits::kDay) + 2;
    case Bucket::kYear:
      return period / (365 * limits::kDay) + 2;
  }
  return 1;
}

}  // namespace labslot::engine
