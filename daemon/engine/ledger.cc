#include "daemon/engine/ledger.h"

#include <algorithm>
#include <tuple>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/closed_time.h"
#include "daemon/engine/place.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

// Stands between the parts of a key; in no id, kind or project.
constexpr char kPartMark = '\x1f';

DayNumber NumberOf(absl::CivilDay day) {
  return static_cast<DayNumber>(day - absl::CivilDay(1970, 1, 1));
}

// How long a run counts after its end, with a day or two for zones.
Seconds MemoryOf(const Quota& quota) {
  constexpr Seconds kMargin = 2 * limits::kDay;
  switch (quota.period) {
    case QuotaPeriod::kDay:
      return kMargin + limits::kDay;
    case QuotaPeriod::kWeek:
      return kMargin + 7 * limits::kDay;
    case QuotaPeriod::kMonth:
      return kMargin + 31 * limits::kDay;
    case QuotaPeriod::kYear:
      return kMargin + 366 * limits::kDay;
    case QuotaPeriod::kRolling:
      return kMargin + quota.rolling_days * limits::kDay;
    case QuotaPeriod::kFuture:
      return kMargin;
  }
  return kMargin;
}

Subject SubjectOf(const Catalogue& catalogue, const Asset& asset, const Site& place,
                  const Occupancy& occupancy) {
  return {catalogue,
          asset,
          place,
          occupancy.user,
          occupancy.organisation,
          "",
          occupancy.activity_class};
}

// The groups of `each GROUP`: those that the quota names and that have the
// holder.
std::vector<std::string> CountedGroups(const Quota& quota, const Subject& subject) {
  std::vector<std::string> groups;
  for (const Selector& selector : quota.applies_to) {
    if (!Matches(selector, subject)) continue;
    for (const std::string& group : selector.groups) {
      if (subject.catalogue.InGroup(group, subject.user, subject.organisation)) {
        groups.push_back(group);
      }
    }
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

std::string PartOf(Dimension dimension, const Subject& subject, const Occupancy& occupancy,
                   const std::string& group) {
  switch (dimension) {
    case Dimension::kAsset:
      return subject.asset.id;
    case Dimension::kKind:
      return subject.asset.kind;
    case Dimension::kSite:
      return subject.place.id;
    case Dimension::kUser:
      return occupancy.user;
    case Dimension::kOrganisation:
      return occupancy.organisation;
    case Dimension::kProject:
      return occupancy.project;
    case Dimension::kGroup:
      return group;
  }
  return "";
}

std::vector<std::string> KeysOf(const Quota& quota, const Subject& subject,
                                const Occupancy& occupancy) {
  const bool by_group =
      std::find(quota.each.begin(), quota.each.end(), Dimension::kGroup) != quota.each.end();
  const std::vector<std::string> groups =
      by_group ? CountedGroups(quota, subject) : std::vector<std::string>{""};
  std::vector<std::string> keys;
  for (const std::string& group : groups) {
    std::string key;
    for (const Dimension dimension : quota.each) {
      if (!key.empty() || dimension != quota.each.front()) key += kPartMark;
      key += PartOf(dimension, subject, occupancy, group);
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

// The part of a run that a quota counts.
IntervalSet CountedTimes(const Subject& subject, RuleBook& rules, const Quota& quota,
                         const Occupancy& occupancy, const absl::TimeZone& zone) {
  const bool with_set_up = quota.counts_set_up && quota.measure == Measure::kTime;
  const Interval whole = with_set_up ? occupancy.blocked() : occupancy.run;
  IntervalSet times = {whole};
  if (!quota.prime_time.empty()) {
    times = Intersection(times, TimesInWindows(quota.prime_time, whole, zone));
  }
  if (!quota.periods.empty()) {
    times = Intersection(times, TimesInRanges(quota.periods, whole, zone));
  }
  if (quota.measure == Measure::kTime && !ClosedTimeCounts(rules, subject)) {
    // Set-up and tear-down need not lie in opening hours, and count.
    IntervalSet counted =
        OpenTimes(HoursOf(subject.catalogue, subject.asset, subject.place), occupancy.run);
    counted.push_back({whole.start, occupancy.run.start});
    counted.push_back({occupancy.run.end, whole.end});
    times = Intersection(times, Union(std::move(counted)));
  }
  return times;
}

std::vector<Contribution::Share> SharesByDay(const IntervalSet& times, int32_t quantity,
                                             const absl::TimeZone& zone) {
  std::vector<Contribution::Share> shares;
  for (const Interval& span : times) {
    for (Instant at = span.start; at < span.end;) {
      const absl::CivilDay day = LocalDay(at, zone);
      const Instant until = std::min(span.end, StartOfDay(day + 1, zone));
      const int64_t amount = (until - at) * quantity;
      if (!shares.empty() && shares.back().day == NumberOf(day)) {
        shares.back().amount += amount;
      } else {
        shares.push_back({NumberOf(day), amount});
      }
      at = until;
    }
  }
  return shares;
}

bool KeepsHolders(const Policy& policy) {
  const auto* companion = std::get_if<CompanionRule>(&policy.rule);
  return std::holds_alternative<BufferRule>(policy.rule) ||
         (companion != nullptr && companion->other_reservation_will_do);
}

// What a quota counts depends on these of its fields.
auto CountingPart(const Quota& q) {
  return std::tie(q.applies_to, q.except, q.each, q.measure, q.period, q.rolling_days, q.prime_time,
                  q.periods, q.counts_set_up, q.counts_no_shows, q.counts_cancelled_within,
                  q.disabled);
}

struct SameCounting {
  const Resource& other;
  bool operator()(const Site& a) const {
    const auto& b = std::get<Site>(other);
    // Who runs a site manages what stands there.
    return std::tie(a.time_zone, a.calendar, a.organisation) ==
           std::tie(b.time_zone, b.calendar, b.organisation);
  }
  bool operator()(const Asset& a) const {
    const auto part = [](const Asset& x) {
      return std::tie(x.kind, x.site, x.mobile, x.parent, x.labels, x.organisation, x.calendar,
                      x.may_span_closed_time);
    };
    return part(a) == part(std::get<Asset>(other));
  }
  bool operator()(const HolidayRegion& a) const {
    return a.holidays == std::get<HolidayRegion>(other).holidays;
  }
  bool operator()(const Organisation& a) const {
    const auto& b = std::get<Organisation>(other);
    return std::tie(a.kind, a.region) == std::tie(b.kind, b.region);
  }
  bool operator()(const User& a) const {
    const auto& b = std::get<User>(other);
    return std::tie(a.role_bindings, a.state) == std::tie(b.role_bindings, b.state);
  }
  bool operator()(const Group& a) const {
    const auto& b = std::get<Group>(other);
    return std::tie(a.users, a.organisations) == std::tie(b.users, b.organisations);
  }
  bool operator()(const Policy& a) const {
    const auto& b = std::get<Policy>(other);
    const auto counts = [](const Policy& p) {
      return !p.disabled && (std::holds_alternative<ClosedTimeRule>(p.rule) || KeepsHolders(p));
    };
    if (!counts(a) && !counts(b)) return true;
    return std::tie(a.rule, a.applies_to, a.except, a.disabled) ==
           std::tie(b.rule, b.applies_to, b.except, b.disabled);
  }
  bool operator()(const Quota& a) const {
    return CountingPart(a) == CountingPart(std::get<Quota>(other));
  }
  bool operator()(const Token&) const { return true; }
  bool operator()(const Reservation&) const { return true; }
  bool operator()(const Series&) const { return true; }
};

// A record that is new, or goes, is held against one that says nothing. A new
// site, asset, organisation or user is not reserved yet.
bool CountsAnew(const Resource& record) {
  if (const auto* policy = std::get_if<Policy>(&record)) {
    return !policy->disabled &&
           (std::holds_alternative<ClosedTimeRule>(policy->rule) || KeepsHolders(*policy));
  }
  return std::holds_alternative<Quota>(record) || std::holds_alternative<Group>(record);
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

bool CountsState(const Quota& quota, const Occupancy& occupancy) {
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
      return quota.counts_cancelled_within > 0 && quota.period != QuotaPeriod::kFuture &&
             occupancy.close_time > occupancy.run.start - quota.counts_cancelled_within;
    case ReservationState::kWaitlisted:
    case ReservationState::kDisplaced:
    case ReservationState::kRejected:
    case ReservationState::kExpired:
      return false;
  }
  return false;
}

Contribution ContributionOf(const Catalogue& catalogue, RuleBook& rules, const Quota& quota,
                            const Occupancy& occupancy) {
  Contribution contribution;
  contribution.start = occupancy.run.start;
  const Asset& asset = *catalogue.FindAsset(occupancy.asset);
  const Site* place = PlaceOf(catalogue, asset, occupancy.site);
  if (place == nullptr) return contribution;
  const Subject subject = SubjectOf(catalogue, asset, *place, occupancy);
  if (!AppliesTo(quota.applies_to, quota.except, subject)) return contribution;
  const absl::TimeZone zone = ZoneOf(*place);
  const IntervalSet times = CountedTimes(subject, rules, quota, occupancy, zone);
  if (times.empty()) return contribution;
  // A run counts on the day on which it starts, or not at all.
  const Interval first = {occupancy.run.start, occupancy.run.start + 1};
  if (quota.measure == Measure::kCount && TimesInRanges(quota.periods, first, zone).empty()) {
    return contribution;
  }
  contribution.counted = TotalLength(times);
  contribution.keys = KeysOf(quota, subject, occupancy);
  if (quota.measure == Measure::kCount) {
    contribution.shares = {{NumberOf(LocalDay(occupancy.run.start, zone)), 1}};
  } else {
    contribution.shares = SharesByDay(times, occupancy.quantity, zone);
  }
  return contribution;
}

Ledger::Ledger(const Catalogue& catalogue) {
  for (const auto& [id, quota] : catalogue.quotas()) {
    if (quota->disabled) continue;
    QuotaBook& book = quotas_[id];
    book.memory = MemoryOf(*quota);
    memory_ = std::max(memory_, book.memory);
  }
  for (const auto& [id, policy] : catalogue.policies()) {
    if (policy->disabled || !KeepsHolders(*policy)) continue;
    keeps_holders_ = true;
    memory_ = std::max<Seconds>(memory_, limits::kLongestChangeover);
  }
}

void Ledger::Add(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy) {
  Count(catalogue, rules, occupancy, 1);
}

void Ledger::Remove(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy) {
  Count(catalogue, rules, occupancy, -1);
}

void Ledger::Count(const Catalogue& catalogue, RuleBook& rules, const Occupancy& occupancy,
                   int sign) {
  if (idle()) return;
  const Asset* asset = catalogue.FindAsset(occupancy.asset);
  if (asset == nullptr) return;
  if (keeps_holders_ && IsBlocking(occupancy.state)) {
    CountHolder(NameOf(kUsers, occupancy.user), occupancy, sign);
    CountHolder(NameOf(kOrganisations, occupancy.organisation), occupancy, sign);
  }
  for (const Quota* quota : rules.For(catalogue, *asset).quotas) {
    const auto book = quotas_.find(quota->id);
    if (book == quotas_.end() || !CountsState(*quota, occupancy)) continue;
    const Contribution added = ContributionOf(catalogue, rules, *quota, occupancy);
    for (const std::string& key : added.keys) {
      for (const Contribution::Share& share : added.shares) {
        const int64_t amount = sign * share.amount;
        if (quota->period == QuotaPeriod::kFuture) {
          StartAmounts& starts = book->second.by_start[key];
          auto& slot = starts[{added.start, occupancy.reservation}];
          slot += amount;
          // What was forgotten meanwhile cannot be taken out again.
          if (slot <= 0) starts.erase({added.start, occupancy.reservation});
        } else {
          DayAmounts& days = book->second.by_day[key];
          auto& slot = days[share.day];
          slot += amount;
          if (slot <= 0) days.erase(share.day);
        }
      }
    }
  }
}

void Ledger::CountHolder(const std::string& holder, const Occupancy& occupancy, int sign) {
  if (holder.empty()) return;
  HolderRuns& runs = holders_[holder];
  const HolderRuns::key_type key = {{occupancy.run.start, occupancy.reservation}, occupancy.asset};
  if (sign > 0) {
    runs[key] = {occupancy.reservation, occupancy.asset,        occupancy.run,
                 occupancy.quantity,    occupancy.organisation, occupancy.activity_class,
                 occupancy.site};
    longest_run_ = std::max(longest_run_, occupancy.run.length());
  } else {
    runs.erase(key);
  }
}

int64_t Ledger::Used(absl::string_view quota, const std::string& key, DayNumber first,
                     DayNumber last) const {
  const auto book = quotas_.find(quota);
  if (book == quotas_.end()) return 0;
  const auto days = book->second.by_day.find(key);
  if (days == book->second.by_day.end()) return 0;
  int64_t used = 0;
  for (auto it = days->second.lower_bound(first); it != days->second.end() && it->first <= last;
       ++it) {
    used += it->second;
  }
  return used;
}

std::vector<int64_t> Ledger::UsedByDay(absl::string_view quota, const std::string& key,
                                       DayNumber first, DayNumber last) const {
  std::vector<int64_t> amounts(static_cast<size_t>(last - first + 1), 0);
  const auto book = quotas_.find(quota);
  if (book == quotas_.end()) return amounts;
  const auto days = book->second.by_day.find(key);
  if (days == book->second.by_day.end()) return amounts;
  for (auto it = days->second.lower_bound(first); it != days->second.end() && it->first <= last;
       ++it) {
    amounts[static_cast<size_t>(it->first - first)] = it->second;
  }
  return amounts;
}

int64_t Ledger::UsedBehind(absl::string_view quota, const std::string& key, Instant instant) const {
  const auto book = quotas_.find(quota);
  if (book == quotas_.end()) return 0;
  const auto starts = book->second.by_start.find(key);
  if (starts == book->second.by_start.end()) return 0;
  int64_t used = 0;
  for (auto it = starts->second.lower_bound({instant + 1, 0}); it != starts->second.end(); ++it) {
    used += it->second;
  }
  return used;
}

std::vector<Ledger::Held> Ledger::HeldBy(const std::string& holder,
                                         const Interval& interval) const {
  std::vector<Held> held;
  const auto runs = holders_.find(holder);
  if (runs == holders_.end()) return held;
  for (auto it = runs->second.lower_bound({{interval.start - longest_run_, 0}, ""});
       it != runs->second.end() && it->first.first.first <= interval.end; ++it) {
    if (it->second.run.end >= interval.start) held.push_back(it->second);
  }
  return held;
}

void Ledger::ForgetBefore(Instant now) {
  for (auto& [id, book] : quotas_) {
    const auto oldest = static_cast<DayNumber>((now - book.memory) / limits::kDay);
    absl::erase_if(book.by_day, [&](auto& entry) {
      entry.second.erase(entry.second.begin(), entry.second.lower_bound(oldest));
      return entry.second.empty();
    });
    absl::erase_if(book.by_start, [&](auto& entry) {
      entry.second.erase(entry.second.begin(), entry.second.lower_bound({now - book.memory, 0}));
      return entry.second.empty();
    });
  }
  absl::erase_if(holders_, [&](auto& entry) {
    absl::erase_if(entry.second,
                   [&](const auto& run) { return run.second.run.end < now - memory_; });
    return entry.second.empty();
  });
}

bool ChangesWhatIsCounted(const Resource* before, const Resource* after) {
  if (before != nullptr && after != nullptr) {
    return !std::visit(SameCounting{*after}, *before);
  }
  return CountsAnew(before != nullptr ? *before : *after);
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
