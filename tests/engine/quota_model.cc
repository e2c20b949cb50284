#include "tests/engine/quota_model.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

template <typename T>
bool OneOf(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// What the clock on the wall shows at an instant, the latest that it has shown
// until then, and the earliest that it will show from then on. They differ
// where it is put back.
struct Reading {
  absl::CivilSecond shown;
  absl::CivilSecond latest;
  absl::CivilSecond earliest;
  absl::CivilDay day() const { return absl::CivilDay(shown); }
};

const Reading& ReadClock(const std::string& zone, Instant instant) {
  static std::map<std::string, std::map<Instant, Reading>> known;
  const auto found = known[zone].find(instant);
  if (found != known[zone].end()) return found->second;
  const absl::TimeZone clock = support::Zone(zone);
  const auto shown = [&clock](Instant at) { return clock.At(absl::FromUnixSeconds(at)).cs; };
  Reading reading{shown(instant), shown(instant), shown(instant)};
  for (Instant step = 1; step <= 8; ++step) {
    reading.latest = std::max(reading.latest, shown(instant - step * QuotaModel::kQuarter));
    reading.earliest = std::min(reading.earliest, shown(instant + step * QuotaModel::kQuarter));
  }
  return known[zone].emplace(instant, reading).first->second;
}

// A window is entered when the clock first shows its opening or more, and left
// when it last shows less than its closing.
bool InWindows(const std::vector<WeeklyWindow>& windows, const Reading& reading) {
  for (const WeeklyWindow& weekly : windows) {
    for (int back = 0; back <= 2; ++back) {
      const absl::CivilDay day = reading.day() + 1 - back;
      const int bit = static_cast<int>(absl::GetWeekday(day));
      if ((weekly.days >> bit & 1) == 0) continue;
      const absl::CivilSecond midnight(day);
      if (midnight + weekly.window.opens <= reading.latest &&
          reading.earliest < midnight + weekly.window.closes) {
        return true;
      }
    }
  }
  return false;
}

bool InRanges(const std::vector<DateRange>& ranges, absl::CivilDay day) {
  for (const DateRange& range : ranges) {
    if (range.first <= day && day <= range.last) return true;
  }
  return false;
}

// The first day of the period that has the day.
absl::CivilDay PeriodOf(QuotaPeriod period, absl::CivilDay day) {
  switch (period) {
    case QuotaPeriod::kWeek:
      return absl::PrevWeekday(day + 1, absl::Weekday::monday);
    case QuotaPeriod::kMonth:
      return absl::CivilDay(absl::CivilMonth(day));
    case QuotaPeriod::kYear:
      return absl::CivilDay(absl::CivilYear(day));
    default:
      return day;
  }
}

// The sum of each period of the quota, by its first day.
QuotaModel::Days ByPeriod(const Quota& quota, const QuotaModel::Days& days) {
  QuotaModel::Days sums;
  for (const auto& [day, amount] : days) {
    if (quota.period == QuotaPeriod::kFuture) {
      sums[absl::CivilDay()] += amount;
    } else if (quota.period == QuotaPeriod::kRolling) {
      for (int back = 0; back < quota.rolling_days; ++back) sums[day - back] += amount;
    } else {
      sums[PeriodOf(quota.period, day)] += amount;
    }
  }
  return sums;
}

int64_t Of(const QuotaModel::Days& days, absl::CivilDay day) {
  const auto found = days.find(day);
  return found == days.end() ? 0 : found->second;
}

void Merge(const QuotaModel::Counts& from, QuotaModel::Counts& to) {
  for (const auto& [key, days] : from) {
    for (const auto& [day, amount] : days) to[key][day] += amount;
  }
}

}  // namespace

const Site& QuotaModel::PlaceOfItem(const Reservation& reservation,
                                    const ReservationItem& item) const {
  const Asset& asset = *catalogue_.FindAsset(item.asset);
  const bool visits = asset.mobile && !reservation.site.empty();
  return *catalogue_.FindSite(visits ? reservation.site : asset.site);
}

bool QuotaModel::InGroup(const std::string& id, const Reservation& reservation) const {
  const Group* group = catalogue_.FindGroup(id);
  return group != nullptr && (OneOf(group->users, reservation.user) ||
                              OneOf(group->organisations, reservation.organisation));
}

bool QuotaModel::Manages(const std::string& id, const Asset& asset) const {
  const User* user = catalogue_.FindUser(id);
  for (const RoleBinding& binding : user->role_bindings) {
    if (binding.role == Role::kMember) continue;
    if (binding.scope.kind == ScopeKind::kPlatform) return true;
    if (binding.scope.kind == ScopeKind::kSite && binding.scope.id == asset.site) return true;
    const Site& home = *catalogue_.FindSite(asset.site);
    const bool of_owner = binding.scope.kind == ScopeKind::kOrganisation;
    if (of_owner &&
        (binding.scope.id == asset.organisation || binding.scope.id == home.organisation)) {
      return true;
    }
    const bool of_asset = binding.scope.kind == ScopeKind::kAsset;
    if (of_asset && (binding.scope.id == asset.id || binding.scope.id == asset.parent)) return true;
  }
  return false;
}

bool QuotaModel::Fits(const Selector& s, const Reservation& r, const ReservationItem& item) const {
  const Asset& asset = *catalogue_.FindAsset(item.asset);
  const Organisation& organisation = *catalogue_.FindOrganisation(r.organisation);
  const auto some = [](const auto& list, const auto& fits) {
    return list.empty() || std::any_of(list.begin(), list.end(), fits);
  };
  for (const auto& [key, value] : s.labels) {
    const auto label = asset.labels.find(key);
    if (label == asset.labels.end() || label->second != value) return false;
  }
  return some(s.organisation_kinds, [&](auto kind) { return kind == organisation.kind; }) &&
         some(s.organisations, [&](const auto& id) { return id == r.organisation; }) &&
         some(s.regions,
              [&](const auto& region) { return absl::StartsWith(organisation.region, region); }) &&
         some(s.users, [&](const auto& id) { return id == r.user; }) &&
         some(s.groups, [&](const auto& id) { return InGroup(id, r); }) &&
         some(s.relations,
              [&](Relation relation) {
                return relation == Relation::kOwner ? asset.organisation == r.organisation
                                                    : Manages(r.user, asset);
              }) &&
         some(s.assets, [&](const auto& id) { return id == asset.id || id == asset.parent; }) &&
         some(s.asset_kinds, [&](const auto& kind) { return kind == asset.kind; }) &&
         some(s.sites, [&](const auto& id) { return id == PlaceOfItem(r, item).id; }) &&
         some(s.activity_classes, [&](auto activity) { return activity == r.activity_class; });
}

bool QuotaModel::Applies(const std::vector<Selector>& applies_to,
                         const std::vector<Selector>& except, const Reservation& reservation,
                         const ReservationItem& item) const {
  const auto fits = [&](const Selector& selector) { return Fits(selector, reservation, item); };
  return (applies_to.empty() || std::any_of(applies_to.begin(), applies_to.end(), fits)) &&
         std::none_of(except.begin(), except.end(), fits);
}

bool QuotaModel::LeavesOutClosedTime(const Reservation& reservation,
                                     const ReservationItem& item) const {
  for (const auto& [id, policy] : catalogue_.policies()) {
    const auto* closed = std::get_if<ClosedTimeRule>(&policy->rule);
    if (closed == nullptr || policy->disabled || closed->counts) continue;
    if (Applies(policy->applies_to, policy->except, reservation, item)) return true;
  }
  return false;
}

bool QuotaModel::Open(const Asset& asset, const Site& place, Instant instant) const {
  const auto& calendar = asset.calendar ? asset.calendar : place.calendar;
  if (!calendar || calendar->weekly.empty()) return true;
  return InWindows(calendar->weekly, ReadClock(place.time_zone, instant));
}

bool QuotaModel::Counted(const Quota& quota, const Reservation& r) const {
  switch (r.state) {
    case ReservationState::kHeld:
    case ReservationState::kPending:
    case ReservationState::kOffered:
    case ReservationState::kConfirmed:
    case ReservationState::kCheckedIn:
    case ReservationState::kCompleted:
      return true;
    case ReservationState::kNoShow:
      return quota.counts_no_shows;
    case ReservationState::kCancelled:
      // When it was cancelled is when it changed last; what never had its slot frees none.
      return r.use.freed != 0 && quota.period != QuotaPeriod::kFuture &&
             r.interval.start - r.update_time < quota.counts_cancelled_within;
    default:
      return false;
  }
}

std::vector<QuotaModel::Key> QuotaModel::KeysOf(const Quota& quota, const Reservation& reservation,
                                                const ReservationItem& item) const {
  std::vector<Key> keys = {{}};
  const auto append = [&keys](const std::string& part) {
    for (Key& key : keys) key.push_back(part);
  };
  std::set<std::string> groups;
  for (const Selector& selector : quota.applies_to) {
    if (!Fits(selector, reservation, item)) continue;
    for (const std::string& id : selector.groups) {
      if (InGroup(id, reservation)) groups.insert(id);
    }
  }
  for (const Dimension dimension : quota.each) {
    if (dimension == Dimension::kAsset) append(item.asset);
    if (dimension == Dimension::kKind) append(catalogue_.FindAsset(item.asset)->kind);
    if (dimension == Dimension::kSite) append(PlaceOfItem(reservation, item).id);
    if (dimension == Dimension::kUser) append(reservation.user);
    if (dimension == Dimension::kOrganisation) append(reservation.organisation);
    if (dimension == Dimension::kProject) append(reservation.project);
    if (dimension != Dimension::kGroup) continue;
    std::vector<Key> with_group;
    for (const std::string& id : groups) {
      for (const Key& key : keys) {
        with_group.push_back(key);
        with_group.back().push_back(id);
      }
    }
    keys = std::move(with_group);
  }
  return keys;
}

QuotaModel::Days QuotaModel::DaysOf(const Quota& quota, const Reservation& reservation,
                                    const ReservationItem& item) const {
  const Asset& asset = *catalogue_.FindAsset(item.asset);
  const Site& place = PlaceOfItem(reservation, item);
  const bool counts_time = quota.measure == Measure::kTime;
  const bool open_only = counts_time && LeavesOutClosedTime(reservation, item);
  const Interval span =
      counts_time && quota.counts_set_up ? OccupancyOf(reservation, item) : reservation.interval;
  Days days;
  bool in_prime_time = false;
  for (Instant t = span.start; t < span.end; t += kQuarter) {
    const Reading& reading = ReadClock(place.time_zone, t);
    if (!quota.prime_time.empty() && !InWindows(quota.prime_time, reading)) continue;
    in_prime_time = true;
    if (!quota.periods.empty() && !InRanges(quota.periods, reading.day())) continue;
    // Set-up and tear-down need no opening hours.
    const bool runs = reservation.interval.Contains(t);
    if (open_only && runs && !Open(asset, place, t)) continue;
    if (counts_time) days[reading.day()] += kQuarter * item.quantity;
  }
  if (counts_time || !in_prime_time) return days;
  const absl::CivilDay first = ReadClock(place.time_zone, reservation.interval.start).day();
  if (quota.periods.empty() || InRanges(quota.periods, first)) days[first] = 1;
  return days;
}

QuotaModel::Counts QuotaModel::Adds(const Quota& quota, const Reservation& reservation) const {
  Counts counts;
  for (const ReservationItem& item : reservation.items) {
    if (!Applies(quota.applies_to, quota.except, reservation, item)) continue;
    const Days days = DaysOf(quota, reservation, item);
    for (const Key& key : KeysOf(quota, reservation, item)) Merge({{key, days}}, counts);
  }
  return counts;
}

QuotaModel::Counts QuotaModel::Used(const Quota& quota, bool future, Instant now,
                                    ReservationId without) const {
  Counts counts;
  for (const auto& [id, reservation] : all_) {
    if (id == without || !Counted(quota, reservation)) continue;
    if (future && reservation.interval.start <= now) continue;
    Merge(Adds(quota, reservation), counts);
  }
  return counts;
}

std::map<QuotaModel::Key, int64_t> QuotaModel::Fullest(const Quota& quota,
                                                       const Reservation& candidate,
                                                       const Reservation* current,
                                                       Instant now) const {
  const bool future = quota.period == QuotaPeriod::kFuture;
  const auto adds = [&](const Reservation* reservation) {
    const bool counts = reservation != nullptr && !(future && reservation->interval.start <= now);
    return counts ? Adds(quota, *reservation) : Counts();
  };
  const Counts wanted = adds(&candidate);
  Counts own = adds(current);
  Counts others = Used(quota, future, now, current == nullptr ? 0 : current->id);
  std::map<Key, int64_t> fullest;
  for (const auto& [key, days] : wanted) {
    const Days had = ByPeriod(quota, own[key]);
    const Days used = ByPeriod(quota, others[key]);
    for (const auto& [period, amount] : ByPeriod(quota, days)) {
      if (amount <= Of(had, period)) continue;
      const int64_t sum = Of(used, period) + amount;
      fullest[key] = std::max(fullest[key], sum);
    }
  }
  return fullest;
}

std::map<QuotaModel::Key, int64_t> QuotaModel::MostUsed(const Quota& quota,
                                                        const Reservation& candidate,
                                                        Instant now) const {
  Counts others = Used(quota, quota.period == QuotaPeriod::kFuture, now);
  std::map<Key, int64_t> most;
  for (const auto& [key, days] : Adds(quota, candidate)) {
    const Days used = ByPeriod(quota, others[key]);
    for (const auto& [period, amount] : ByPeriod(quota, days)) {
      most[key] = std::max(most[key], Of(used, period));
    }
  }
  return most;
}

bool QuotaModel::HandedBack(const Quota& quota, const Reservation& candidate, Instant now) const {
  if (!quota.hand_back) return false;
  const std::string& zone = PlaceOfItem(candidate, candidate.items[0]).time_zone;
  const absl::TimeZone clock = support::Zone(zone);
  const absl::CivilSecond here = clock.At(absl::FromUnixSeconds(now)).cs;
  const absl::CivilSecond then(absl::CivilDay(here) + quota.hand_back->days);
  const Instant same_time_then =
      absl::ToUnixSeconds(clock.At(then + (here - absl::CivilSecond(absl::CivilDay(here)))).pre);
  return candidate.interval.start < same_time_then + quota.hand_back->seconds;
}

bool QuotaModel::Exceeds(const Quota& quota, const Reservation& candidate,
                         const Reservation* current, Instant now) const {
  if (quota.disabled || HandedBack(quota, candidate, now)) return false;
  for (const auto& [key, sum] : Fullest(quota, candidate, current, now)) {
    if (sum > quota.limit) return true;
  }
  return false;
}

}  // namespace labslot::engine
