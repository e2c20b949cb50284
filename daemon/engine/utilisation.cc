#include "daemon/engine/utilisation.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// What claims the asset from an instant on, as differences to before.
struct Turn {
  Instant at = 0;
  int32_t booked = 0;
  int32_t held = 0;
  int32_t changeover = 0;
  int32_t travel = 0;
  int32_t open = 0;
  int32_t blocked = 0;
  int32_t planned_outage = 0;
  int32_t unplanned_outage = 0;
};

bool CountsAsBooked(ReservationState state) {
  return state == ReservationState::kConfirmed || state == ReservationState::kCheckedIn ||
         state == ReservationState::kCompleted || state == ReservationState::kNoShow;
}

void AddTurns(const Interval& interval, int32_t Turn::*claim, int32_t quantity,
              std::vector<Turn>& turns) {
  if (interval.empty()) return;
  Turn begin{interval.start};
  begin.*claim = quantity;
  Turn end{interval.end};
  end.*claim = -quantity;
  turns.push_back(begin);
  turns.push_back(end);
}

std::vector<Turn> TurnsOf(const AssetRecord& record) {
  std::vector<Turn> turns;
  for (const Interval& span : record.open) AddTurns(span, &Turn::open, 1, turns);
  for (const Interval& span : record.blocked) AddTurns(span, &Turn::blocked, 1, turns);
  for (const Interval& span : record.travel) AddTurns(span, &Turn::travel, 1, turns);
  for (const OutOfService& out : record.out_of_service) {
    AddTurns(out.interval, &Turn::planned_outage, out.planned, turns);
    AddTurns(out.interval, &Turn::unplanned_outage, out.quantity - out.planned, turns);
  }
  for (const Occupancy& occupancy : record.occupancies) {
    const bool booked = CountsAsBooked(occupancy.state);
    if (!booked && !IsBlocking(occupancy.state)) continue;
    const Interval all = occupancy.blocked();
    AddTurns(occupancy.run, booked ? &Turn::booked : &Turn::held, occupancy.quantity, turns);
    AddTurns({all.start, occupancy.run.start}, &Turn::changeover, occupancy.quantity, turns);
    AddTurns({occupancy.run.end, all.end}, &Turn::changeover, occupancy.quantity, turns);
  }
  std::sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.at < b.at; });
  return turns;
}

// Accounts for `length` seconds in which `now` claims the asset.
void Account(const Turn& now, int32_t capacity, Seconds length, UtilisationRow& row) {
  int32_t left = capacity;
  const auto take = [&](int32_t wanted) {
    const int32_t taken = std::min(wanted, left);
    left -= taken;
    return taken * length;
  };
  const Seconds booked = take(now.booked);
  row.booked += booked;
  row.held += take(now.held);
  row.changeover += take(now.changeover);
  row.travel += take(now.travel);
  // What is out of service while it is closed is closed.
  if (now.open > 0) {
    row.unplanned_outage += take(now.unplanned_outage);
    row.planned_outage += take(now.planned_outage);
  }
  if (now.open == 0) {
    row.closed += left * length;
  } else if (now.blocked > 0) {
    row.blocked += left * length;
  } else {
    row.available += left * length;
  }
  if (now.open > 0) {
    row.booked_open += booked;
    row.open += capacity * length;
  }
  row.total += capacity * length;
}

void Add(const Turn& turn, Turn& sum) {
  sum.booked += turn.booked;
  sum.held += turn.held;
  sum.changeover += turn.changeover;
  sum.travel += turn.travel;
  sum.open += turn.open;
  sum.blocked += turn.blocked;
  sum.planned_outage += turn.planned_outage;
  sum.unplanned_outage += turn.unplanned_outage;
}

absl::CivilDay FirstDayOfBucket(absl::CivilDay day, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWeek:
      return absl::NextWeekday(day, absl::Weekday::monday) - 7;
    case Bucket::kMonth:
      return absl::CivilDay(absl::CivilMonth(day));
    case Bucket::kDay:
    case Bucket::kWhole:
      return day;
  }
  return day;
}

absl::CivilDay NextBucket(absl::CivilDay first, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWeek:
      return first + 7;
    case Bucket::kMonth:
      return absl::CivilDay(absl::CivilMonth(first) + 1);
    case Bucket::kDay:
    case Bucket::kWhole:
      return first + 1;
  }
  return first + 1;
}

}  // namespace

std::vector<Interval> BucketsOf(const Interval& period, Bucket bucket, const absl::TimeZone& zone) {
  if (period.empty()) return {};
  if (bucket == Bucket::kWhole) return {period};
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

IntervalSet OpenTimesOf(const Catalogue& catalogue, const Asset& asset,
                        const std::vector<Occupancy>& occupancies, const Interval& period) {
  const IntervalSet at_home =
      OpenTimes(HoursOf(catalogue, asset, *PlaceOf(catalogue, asset, "")), period);
  std::vector<Interval> visits;
  std::vector<Interval> open;
  for (const Occupancy& occupancy : occupancies) {
    const bool happens = CountsAsBooked(occupancy.state) || IsBlocking(occupancy.state);
    const Site* place = PlaceOf(catalogue, asset, occupancy.site);
    if (!asset.mobile || occupancy.site.empty() || !happens || place == nullptr) continue;
    const Interval visit = occupancy.run.Intersect(period);
    visits.push_back(visit);
    for (const Interval& span : OpenTimes(HoursOf(catalogue, asset, *place), visit)) {
      open.push_back(span);
    }
  }
  const IntervalSet away = Union(std::move(visits));
  for (const Interval& span : Intersection(at_home, Difference(period, away))) {
    open.push_back(span);
  }
  return Union(std::move(open));
}

std::vector<UtilisationRow> AccountFor(const AssetRecord& record,
                                       const std::vector<Interval>& buckets) {
  const std::vector<Turn> turns = TurnsOf(record);
  std::vector<UtilisationRow> rows;
  rows.reserve(buckets.size());
  Turn now;
  size_t next = 0;
  for (const Interval& bucket : buckets) {
    UtilisationRow row;
    row.interval = bucket;
    for (Instant at = bucket.start; at < bucket.end;) {
      for (; next < turns.size() && turns[next].at <= at; ++next) Add(turns[next], now);
      const Instant until = next < turns.size() ? std::min(turns[next].at, bucket.end) : bucket.end;
      Account(now, record.capacity, until - at, row);
      at = until;
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace labslot::engine
