#include "daemon/engine/counting.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/engine/closed_time.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// What was reserved with set-up and tear-down, though it was given back since.
Interval Reserved(const Occupancy& occupancy) {
  return occupancy.run.Widened(occupancy.set_up, occupancy.tear_down);
}

// Stands between the parts of a key; in no id, kind or project.
constexpr char kPartMark = '\x1f';

constexpr absl::CivilDay kFirstDay(1970, 1, 1);

// The groups of `each GROUP`: those that the quota names and that have the
// holder.
std::vector<std::string> CountedGroups(const Quota& quota, const Subject& subject) {
  std::vector<std::string> groups;
  for (const Selector& selector : quota.applies_to) {
    if (!Matches(selector, subject)) continue;
    for (const std::string& group : selector.groups) {
      if (subject.holder.IsIn(group)) groups.push_back(group);
    }
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

const char* WordOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::kAsset:
      return "on assets/";
    case Dimension::kKind:
      return "on assets of the kind ";
    case Dimension::kSite:
      return "at sites/";
    case Dimension::kUser:
      return "users/";
    case Dimension::kOrganisation:
      return "organisations/";
    case Dimension::kProject:
      return "the project ";
    case Dimension::kGroup:
      return "groups/";
  }
  return "";
}

}  // namespace

DayNumber NumberOf(absl::CivilDay day) { return static_cast<DayNumber>(day - kFirstDay); }

absl::CivilDay DayOf(DayNumber number) { return kFirstDay + number; }

CountedItem::CountedItem(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy)
    : catalogue_(catalogue),
      occupancy_(occupancy),
      asset_(*catalogue.FindAsset(occupancy.asset)),
      place_(PlaceOf(catalogue, asset_, occupancy.site)),
      holder_(catalogue, occupancy.user, occupancy.organisation) {
  if (place_ == nullptr) return;
  subject_.emplace(Subject{catalogue, asset_, *place_, holder_, "", occupancy.activity_class});
  zone_ = ZoneOf(*place_);
  closed_time_counts_ = ClosedTimeCounts(rules, *subject_);
  const absl::CivilDay day = LocalDay(Reserved(occupancy).start, zone_);
  first_day_ = NumberOf(day);
  first_day_end_ = StartOfDay(day + 1, zone_);
}

Contribution CountedItem::AddedTo(const RuleOfAsset<Quota>& bound) const {
  Contribution contribution;
  const Quota& quota = *bound.rule;
  if (!subject_ || !AppliesTo(bound, *subject_)) return contribution;
  const IntervalSet times = TimesFor(quota);
  if (times.empty()) return contribution;
  // A run counts on the day on which it starts, or not at all.
  const Instant start = occupancy_.run.start;
  if (quota.measure == Measure::kCount &&
      TimesInRanges(quota.periods, {start, start + 1}, zone_).empty()) {
    return contribution;
  }
  contribution.counted = TotalLength(times);
  contribution.keys = KeysFor(quota);
  if (quota.measure == Measure::kCount) {
    contribution.shares = {{DayAt(start), 1}};
  } else {
    contribution.shares = ByDay(times);
  }
  return contribution;
}

// The part of a run that a quota counts.
IntervalSet CountedItem::TimesFor(const Quota& quota) const {
  const bool with_set_up = quota.counts_set_up && quota.measure == Measure::kTime;
  const Interval whole = with_set_up ? Reserved(occupancy_) : occupancy_.run;
  IntervalSet times = {whole};
  if (!quota.prime_time.empty()) times = TimesInWindows(quota.prime_time, whole, zone_);
  if (!quota.periods.empty()) {
    times = Intersection(times, TimesInRanges(quota.periods, whole, zone_));
  }
  if (quota.measure == Measure::kTime && !closed_time_counts_) {
    times = Intersection(times, OpenTimesWithin(whole));
  }
  return times;
}

// Set-up and tear-down need not lie in opening hours, and count.
IntervalSet CountedItem::OpenTimesWithin(const Interval& whole) const {
  IntervalSet open = OpenTimes(HoursOf(catalogue_, asset_, *place_), occupancy_.run);
  open.push_back({whole.start, occupancy_.run.start});
  open.push_back({occupancy_.run.end, whole.end});
  return Union(std::move(open));
}

absl::InlinedVector<std::string, 1> CountedItem::KeysFor(const Quota& quota) const {
  const bool by_group =
      std::find(quota.each.begin(), quota.each.end(), Dimension::kGroup) != quota.each.end();
  const std::vector<std::string> groups =
      by_group ? CountedGroups(quota, *subject_) : std::vector<std::string>{""};
  absl::InlinedVector<std::string, 1> keys;
  for (const std::string& group : groups) {
    std::string& key = keys.emplace_back();
    for (const Dimension dimension : quota.each) {
      if (dimension != quota.each.front()) key += kPartMark;
      key += PartOf(dimension, group);
    }
  }
  return keys;
}

const std::string& CountedItem::PartOf(Dimension dimension, const std::string& group) const {
  switch (dimension) {
    case Dimension::kAsset:
      return asset_.id;
    case Dimension::kKind:
      return asset_.kind;
    case Dimension::kSite:
      return place_->id;
    case Dimension::kUser:
      return occupancy_.user;
    case Dimension::kOrganisation:
      return occupancy_.organisation;
    case Dimension::kProject:
      return occupancy_.project;
    case Dimension::kGroup:
      break;
  }
  return group;
}

DayNumber CountedItem::DayAt(Instant instant) const {
  return instant < first_day_end_ ? first_day_ : NumberOf(LocalDay(instant, zone_));
}

DayAmounts CountedItem::ByDay(const IntervalSet& times) const {
  DayAmounts amounts;
  for (const Interval& span : times) {
    for (Instant at = span.start; at < span.end;) {
      const DayNumber day = DayAt(at);
      const Instant day_end =
          day == first_day_ ? first_day_end_ : StartOfDay(DayOf(day + 1), zone_);
      const Instant until = std::min(span.end, day_end);
      if (amounts.empty() || amounts.back().day != day) amounts.push_back({day, 0});
      amounts.back().amount += (until - at) * occupancy_.reserved();
      at = until;
    }
  }
  return amounts;
}

bool CountsState(const Quota& quota, const Occupancy& occupancy) {
  if (occupancy.competes) return false;
  switch (occupancy.state) {
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
      // What never had its slot, such as a wait or an offer, is left for nothing.
      return occupancy.freed != 0 && quota.counts_cancelled_within > 0 &&
             quota.period != QuotaPeriod::kFuture &&
             occupancy.close_time > occupancy.run.start - quota.counts_cancelled_within;
    case ReservationState::kWaitlisted:
    case ReservationState::kDisplaced:
    case ReservationState::kRejected:
    case ReservationState::kExpired:
      return false;
  }
  return false;
}

bool IsOfKey(const Quota& quota, const std::string& key, const Asset& asset) {
  if (quota.each.empty()) return true;
  const std::vector<std::string> parts = absl::StrSplit(key, kPartMark);
  for (size_t i = 0; i < quota.each.size() && i < parts.size(); ++i) {
    const bool other = (quota.each[i] == Dimension::kAsset && parts[i] != asset.id) ||
                       (quota.each[i] == Dimension::kKind && parts[i] != asset.kind) ||
                       (quota.each[i] == Dimension::kSite && parts[i] != asset.site);
    if (other) return false;
  }
  return true;
}

std::string KeyWords(const Quota& quota, const std::string& key) {
  if (quota.each.empty()) return "all together";
  const std::vector<std::string> parts = absl::StrSplit(key, kPartMark);
  std::vector<std::string> who;
  std::vector<std::string> where;
  for (size_t i = 0; i < quota.each.size() && i < parts.size(); ++i) {
    const bool is_place = quota.each[i] == Dimension::kAsset || quota.each[i] == Dimension::kKind ||
                          quota.each[i] == Dimension::kSite;
    const std::string part = parts[i].empty() ? "(none)" : parts[i];
    (is_place ? where : who).push_back(absl::StrCat(WordOf(quota.each[i]), part));
  }
  if (who.empty()) who.emplace_back("all together");
  who.insert(who.end(), where.begin(), where.end());
  return absl::StrJoin(who, " ");
}

}  // namespace labslot::engine
