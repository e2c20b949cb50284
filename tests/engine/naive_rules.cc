#include "tests/engine/naive_rules.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "tests/engine/naive.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::kDay;

constexpr Seconds kQuarter = 900;

template <typename T, typename U>
bool Has(const std::vector<T>& list, const U& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

// True if the list says nothing, or the entry is in it.
template <typename T, typename U>
bool Allows(const std::vector<T>& list, const U& entry) {
  return list.empty() || Has(list, entry);
}

// Held, asked for, granted, in use or over after use.
bool IsLive(ReservationState state) {
  return state == ReservationState::kHeld || state == ReservationState::kPending ||
         state == ReservationState::kConfirmed || state == ReservationState::kCheckedIn ||
         state == ReservationState::kCompleted;
}

bool IsPartOf(const Catalogue& catalogue, const Asset& asset, const std::string& whole) {
  for (const Asset* a = &asset; a != nullptr; a = catalogue.FindAsset(a->parent)) {
    if (a->id == whole) return true;
  }
  return false;
}

bool InRanges(const std::vector<DateRange>& ranges, absl::CivilDay day) {
  return std::any_of(ranges.begin(), ranges.end(), [day](const DateRange& range) {
    return range.first <= day && day <= range.last;
  });
}

int64_t Number(absl::CivilDay day) { return day - absl::CivilDay(); }

// The first days of the periods of the quota that a day belongs to, or what
// stands for them.
std::vector<int64_t> PeriodsOf(const Quota& quota, int64_t number) {
  const absl::CivilDay day = absl::CivilDay() + number;
  switch (quota.period) {
    case QuotaPeriod::kDay:
      return {number};
    case QuotaPeriod::kWeek:
      return {number - static_cast<int64_t>(absl::GetWeekday(day))};
    case QuotaPeriod::kMonth:
      return {Number(absl::CivilDay(absl::CivilMonth(day)))};
    case QuotaPeriod::kYear:
      return {Number(absl::CivilDay(absl::CivilYear(day)))};
    case QuotaPeriod::kFuture:
      return {0};
    case QuotaPeriod::kRolling:
      break;
  }
  std::vector<int64_t> starts;
  for (int64_t i = 0; i < quota.rolling_days; ++i) starts.push_back(number - i);
  return starts;
}

}  // namespace

NaiveRules::NaiveRules(const support::World& world, int days_ahead)
    : world_(world), span_{world.now - 8 * kDay, world.now + days_ahead * kDay} {}

std::set<Breach> NaiveRules::Broken(const Reservation& candidate) {
  std::set<Breach> broken;
  if (candidate.interval.start < world_.now - limits::kPastTolerance) {
    broken.insert({Rule::kStartInPast, "", "", Effect::kReject});
  }
  std::vector<Run> runs;
  for (const ReservationItem& item : candidate.items) runs.push_back(RunOf(candidate, item));
  for (const Run& run : runs) {
    JudgeHours(run, broken);
    JudgeCapacity(run, broken);
    JudgePolicies(run, broken);
  }
  for (const auto& [id, quota] : world_.catalogue().quotas()) JudgeQuota(*quota, runs, broken);
  return broken;
}

bool NaiveRules::Passes(const Reservation& candidate) {
  // Most do not pass because it is closed.
  for (const ReservationItem& item : candidate.items) {
    const Run run = RunOf(candidate, item);
    if (!LiesIn(run, OpenTimes(run, true))) return false;
  }
  const std::set<Breach> broken = Broken(candidate);
  return std::none_of(broken.begin(), broken.end(),
                      [](const Breach& breach) { return breach.effect == Effect::kReject; });
}

NaiveRules::Run NaiveRules::RunOf(const Reservation& reservation, const ReservationItem& item) {
  const Catalogue& catalogue = world_.catalogue();
  const Asset& asset = *catalogue.FindAsset(item.asset);
  const bool visits = asset.mobile && !reservation.site.empty();
  const Site& place = *catalogue.FindSite(visits ? reservation.site : asset.site);
  return {
      reservation, item, asset, place, ClockOf(place.time_zone), support::Zone(place.time_zone)};
}

const NaiveClock& NaiveRules::ClockOf(const std::string& zone) {
  auto& clock = clocks_[zone];
  if (!clock) clock = std::make_unique<NaiveClock>(support::Zone(zone), span_, kQuarter);
  return *clock;
}

const NaiveRules::Quarters& NaiveRules::AwakeTimes(const Policy& policy, const Run& run) {
  Quarters& awake = awake_[{&policy, &run.clock}];
  if (!awake.empty()) return awake;
  for (size_t i = 0; i < run.clock.size(); ++i) {
    const bool on_this_day = policy.periods.empty() || InRanges(policy.periods, run.clock.day(i));
    awake.push_back(on_this_day && !run.clock.Has(policy.sleeps, i));
  }
  return awake;
}

const NaiveRules::Quarters& NaiveRules::OpenTimes(const Run& run, bool of_holder) {
  const Reservation& r = run.reservation;
  Quarters& open = open_[{&run.asset, &run.place, of_holder ? r.user : "",
                          of_holder ? r.organisation : "anybody"}];
  if (!open.empty()) return open;
  const std::optional<Calendar>& calendar =
      run.asset.calendar ? run.asset.calendar : run.place.calendar;
  if (!calendar || calendar->weekly.empty()) return open = Quarters(run.clock.size(), 1);
  std::vector<WeeklyWindow> windows;
  for (const WeeklyWindow& weekly : calendar->weekly) {
    const auto& groups = weekly.window.groups;
    if (!of_holder || groups.empty() ||
        std::any_of(groups.begin(), groups.end(),
                    [&](const std::string& group) { return InGroup(group, r); })) {
      windows.push_back(weekly);
    }
  }
  for (size_t i = 0; i < run.clock.size(); ++i) open.push_back(run.clock.Has(windows, i));
  return open;
}

const std::vector<Interval>& NaiveRules::SlotTimes(const Policy& policy, const Run& run) {
  std::vector<Interval>& slots = slots_[{&policy, &run.clock}];
  if (!slots.empty()) return slots;
  for (const WeeklyWindow& slot : std::get<SlotRule>(policy.rule).slots) {
    const std::vector<WeeklyWindow> alone = {slot};
    bool goes_on = false;
    for (size_t i = 0; i < run.clock.size(); ++i) {
      const bool has = run.clock.Has(alone, i);
      if (has && !goes_on) slots.push_back({run.clock.at(i), 0});
      if (has) slots.back().end = run.clock.at(i) + kQuarter;
      goes_on = has;
    }
  }
  return slots;
}

bool NaiveRules::InGroup(const std::string& id, const Reservation& reservation) const {
  const Group& group = *world_.catalogue().FindGroup(id);
  return Has(group.users, reservation.user) || Has(group.organisations, reservation.organisation);
}

bool NaiveRules::Fits(const Selector& selector, const Run& run) const {
  const Reservation& r = run.reservation;
  const Catalogue& catalogue = world_.catalogue();
  const Organisation* organisation = catalogue.FindOrganisation(r.organisation);
  const auto in_region = [&](const std::string& code) {
    return organisation != nullptr && !organisation->region.empty() &&
           absl::StartsWith(organisation->region, code);
  };
  const auto in_group = [&](const std::string& group) { return InGroup(group, r); };
  const auto part_of = [&](const std::string& id) { return IsPartOf(catalogue, run.asset, id); };
  const auto purpose_is = [&](const std::string& purpose) {
    return absl::EqualsIgnoreCase(purpose, r.purpose);
  };
  const auto related = [&](Relation relation) {
    if (relation == Relation::kOwner) {
      return !r.organisation.empty() && r.organisation == run.asset.organisation;
    }
    // Managers of the model manage single assets.
    const User* user = catalogue.FindUser(r.user);
    return user != nullptr && std::any_of(user->role_bindings.begin(), user->role_bindings.end(),
                                          [&](const RoleBinding& binding) {
                                            return binding.scope.kind == ScopeKind::kAsset &&
                                                   IsPartOf(catalogue, run.asset, binding.scope.id);
                                          });
  };
  const auto one_is = [](const auto& list, const auto& fits) {
    return list.empty() || std::any_of(list.begin(), list.end(), fits);
  };
  if (!selector.organisation_kinds.empty() &&
      (organisation == nullptr || !Has(selector.organisation_kinds, organisation->kind))) {
    return false;
  }
  for (const auto& [key, value] : selector.labels) {
    const auto found = run.asset.labels.find(key);
    if (found == run.asset.labels.end() || found->second != value) return false;
  }
  return Allows(selector.organisations, r.organisation) && one_is(selector.regions, in_region) &&
         Allows(selector.users, r.user) && one_is(selector.groups, in_group) &&
         one_is(selector.relations, related) && one_is(selector.assets, part_of) &&
         Allows(selector.asset_kinds, run.asset.kind) && Allows(selector.sites, run.place.id) &&
         one_is(selector.purposes, purpose_is) &&
         Allows(selector.activity_classes, r.activity_class);
}

bool NaiveRules::FitsOne(const std::vector<Selector>& selectors, const Run& run) const {
  return std::any_of(selectors.begin(), selectors.end(),
                     [&](const Selector& selector) { return Fits(selector, run); });
}

bool NaiveRules::Applies(const std::vector<Selector>& applies_to,
                         const std::vector<Selector>& except, const Run& run) const {
  return (applies_to.empty() || FitsOne(applies_to, run)) && !FitsOne(except, run);
}

template <typename Counts>
Seconds NaiveRules::Amount(const Interval& span, Counts counts) const {
  Seconds amount = 0;
  for (Instant at = span.start; at < span.end;) {
    const Instant next = std::min(span.end, at - at % kQuarter + kQuarter);
    if (counts(static_cast<size_t>((at - span_.start) / kQuarter))) amount += next - at;
    at = next;
  }
  return amount;
}

bool NaiveRules::MaySpan(const Run& run) const {
  if (run.asset.may_span_closed_time) return true;
  for (const auto& [id, policy] : world_.catalogue().policies()) {
    if (!policy->disabled && std::holds_alternative<ClosedTimeRule>(policy->rule) &&
        Applies(policy->applies_to, policy->except, run)) {
      return true;
    }
  }
  return false;
}

bool NaiveRules::ClosedTimeCounts(const Run& run) const {
  for (const auto& [id, policy] : world_.catalogue().policies()) {
    const auto* rule = std::get_if<ClosedTimeRule>(&policy->rule);
    if (rule != nullptr && !policy->disabled && !rule->counts &&
        Applies(policy->applies_to, policy->except, run)) {
      return false;
    }
  }
  return true;
}

bool NaiveRules::LiesIn(const Run& run, const Quarters& open) const {
  const Interval& span = run.reservation.interval;
  if (open[run.clock.StepOf(span.start)] == 0 || open[run.clock.StepOf(span.end - 1)] == 0) {
    return false;
  }
  return MaySpan(run) || Amount(span, [&](size_t i) { return open[i] != 0; }) == span.length();
}

void NaiveRules::JudgeHours(const Run& run, std::set<Breach>& broken) {
  if (LiesIn(run, OpenTimes(run, true))) return;
  const Rule rule =
      LiesIn(run, OpenTimes(run, false)) ? Rule::kNotOpenForHolder : Rule::kOutsideOpeningHours;
  broken.insert({rule, run.asset.id, "", Effect::kReject});
}

int64_t NaiveRules::MostUsed(const std::string& asset, const Interval& span) const {
  std::vector<std::pair<Interval, int32_t>> others;
  for (const auto& [id, other] : world_.reservations()) {
    if (!Blocks(other)) continue;
    for (const ReservationItem& item : other.items) {
      const Interval occupied = OccupancyOf(other, item);
      if (item.asset == asset && occupied.Overlaps(span)) {
        others.push_back({occupied, item.quantity});
      }
    }
  }
  int64_t most = 0;
  for (const auto& [occupied, quantity] : others) {
    const Instant at = std::max(occupied.start, span.start);
    int64_t used = 0;
    for (const auto& [other, units] : others) used += other.Contains(at) ? units : 0;
    most = std::max(most, used);
  }
  return most;
}

void NaiveRules::JudgeCapacity(const Run& run, std::set<Breach>& broken) {
  const Interval span = OccupancyOf(run.reservation, run.item);
  if (MostUsed(run.asset.id, span) + run.item.quantity > run.asset.capacity) {
    broken.insert({Rule::kCapacityExceeded, run.asset.id, "", Effect::kReject});
  }
  for (const std::string& other : NaivelyRelated(world_.catalogue(), run.asset)) {
    if (MostUsed(other, span) > 0) {
      broken.insert({Rule::kRelatedAssetBusy, run.asset.id, "", Effect::kReject});
    }
  }
}

void NaiveRules::JudgePolicies(const Run& run, std::set<Breach>& broken) {
  const Policy* longest = nullptr;
  Instant horizon = 0;
  for (const auto& [id, policy] : world_.catalogue().policies()) {
    if (policy->disabled || !Applies(policy->applies_to, policy->except, run)) continue;
    const Quarters& awake = AwakeTimes(*policy, run);
    if (Amount(run.reservation.interval, [&](size_t i) { return awake[i] != 0; }) == 0) continue;
    if (const auto* rule = std::get_if<HorizonRule>(&policy->rule)) {
      const Instant end = Later(world_.now, rule->lead, run.zone);
      if (longest == nullptr || end > horizon) {
        longest = policy.get();
        horizon = end;
      }
      continue;
    }
    for (const Rule rule : BrokenOf(*policy, run)) {
      broken.insert({rule, run.asset.id, absl::StrCat("policies/", id), policy->effect});
    }
  }
  if (longest != nullptr && run.reservation.interval.end > horizon) {
    broken.insert({Rule::kBeyondHorizon, run.asset.id, absl::StrCat("policies/", longest->id),
                   longest->effect});
  }
}

std::vector<Rule> NaiveRules::BrokenOf(const Policy& policy, const Run& run) {
  const Interval& span = run.reservation.interval;
  if (const auto* rule = std::get_if<DurationRule>(&policy.rule)) {
    const Quarters& awake = AwakeTimes(policy, run);
    // Open but not to the holder is not closed.
    const Quarters& open = OpenTimes(run, false);
    const bool closed_counts = ClosedTimeCounts(run);
    const Seconds counted =
        Amount(span, [&](size_t i) { return awake[i] != 0 && (closed_counts || open[i] != 0); });
    if (counted < rule->min) return {Rule::kTooShort};
    if (rule->max > 0 && counted > rule->max) return {Rule::kTooLong};
  } else if (const auto* granularity = std::get_if<GranularityRule>(&policy.rule)) {
    for (const Instant end : {span.start, span.end}) {
      const size_t step = run.clock.StepOf(end);
      const Seconds beyond = end - run.clock.at(step);
      if ((run.clock.time_of_day(step) + beyond) % granularity->step != 0) return {Rule::kOffGrid};
    }
  } else if (std::holds_alternative<SlotRule>(policy.rule)) {
    bool starts = false;
    bool ends = false;
    for (const Interval& slot : SlotTimes(policy, run)) {
      starts |= slot.start == span.start;
      ends |= slot.end == span.end;
    }
    if (!starts || !ends) return {Rule::kNotASlot};
  } else if (const auto* notice = std::get_if<NoticeRule>(&policy.rule)) {
    if (world_.now > Earlier(span.start, notice->create, run.zone) && !notice->create.zero()) {
      return {Rule::kTooLate};
    }
  } else if (const auto* buffer = std::get_if<BufferRule>(&policy.rule)) {
    if (TooClose(policy, *buffer, run)) return {Rule::kTooClose};
  } else if (const auto* training = std::get_if<QualificationRule>(&policy.rule)) {
    const User& user = *world_.catalogue().FindUser(run.reservation.user);
    for (const Qualification& held : user.qualifications) {
      const bool valid = held.expire_time == 0 || held.expire_time >= span.end;
      if (held.name == training->qualification && valid) return {};
    }
    return {Rule::kNotQualified};
  } else if (const auto* reserved = std::get_if<ReservedRule>(&policy.rule)) {
    const bool released = world_.now >= Earlier(span.start, reserved->until, run.zone);
    if (!released && !FitsOne(reserved->who, run)) return {Rule::kReservedForOthers};
  }
  return {};
}

bool NaiveRules::TooClose(const Policy& policy, const BufferRule& rule, const Run& run) {
  const Reservation& r = run.reservation;
  for (const auto& [id, other] : world_.reservations()) {
    const bool same =
        rule.of_organisation ? other.organisation == r.organisation : other.user == r.user;
    if (!same || !IsLive(other.state)) continue;
    if (r.interval.start - other.interval.end >= rule.gap) continue;
    if (other.interval.start - r.interval.end >= rule.gap) continue;
    for (const ReservationItem& item : other.items) {
      if (item.asset == run.asset.id) return true;
      const Run there = RunOf(other, item);
      if (rule.on_any_asset && Applies(policy.applies_to, policy.except, there)) return true;
    }
  }
  return false;
}

std::vector<std::string> NaiveRules::KeysOf(const Quota& quota, const Run& run) const {
  std::vector<std::string> keys = {""};
  const auto add = [&keys](const std::string& part) {
    for (std::string& key : keys) absl::StrAppend(&key, "/", part);
  };
  for (const Dimension dimension : quota.each) {
    switch (dimension) {
      case Dimension::kAsset:
        add(run.asset.id);
        break;
      case Dimension::kKind:
        add(run.asset.kind);
        break;
      case Dimension::kSite:
        add(run.place.id);
        break;
      case Dimension::kUser:
        add(run.reservation.user);
        break;
      case Dimension::kOrganisation:
        add(run.reservation.organisation);
        break;
      case Dimension::kProject:
        add(run.reservation.project);
        break;
      case Dimension::kGroup:
        std::set<std::string> groups;
        for (const Selector& selector : quota.applies_to) {
          groups.insert(selector.groups.begin(), selector.groups.end());
        }
        std::vector<std::string> apart;
        for (const std::string& group : groups) {
          if (!InGroup(group, run.reservation)) continue;
          for (const std::string& key : keys) apart.push_back(absl::StrCat(key, "/", group));
        }
        keys = apart;
        break;
    }
  }
  return keys;
}

NaiveRules::ByDay NaiveRules::UseOf(const Quota& quota, const Run& run) {
  const Interval& span = run.reservation.interval;
  const bool future = quota.period == QuotaPeriod::kFuture;
  if (future && span.start <= world_.now) return {};
  // Open but not to the holder is not closed.
  const Quarters& open = OpenTimes(run, false);
  const bool closed_counts = ClosedTimeCounts(run);
  const auto counts = [&](size_t i) {
    if (!quota.prime_time.empty() && !run.clock.Has(quota.prime_time, i)) return false;
    if (!quota.periods.empty() && !InRanges(quota.periods, run.clock.day(i))) return false;
    return closed_counts || open[i] != 0 || quota.measure == Measure::kCount;
  };
  const auto day_of = [&](size_t i) { return future ? 0 : Number(run.clock.day(i)); };
  ByDay use;
  if (quota.measure == Measure::kCount) {
    if (Amount(span, counts) > 0) use[day_of(run.clock.StepOf(span.start))] = 1;
    return use;
  }
  const Interval time = quota.counts_set_up ? OccupancyOf(run.reservation, run.item) : span;
  for (Instant at = time.start; at < time.end;) {
    const Instant next = std::min(time.end, at - at % kQuarter + kQuarter);
    const size_t i = run.clock.StepOf(at);
    if (counts(i)) use[day_of(i)] += (next - at) * run.item.quantity;
    at = next;
  }
  return use;
}

const std::map<std::string, NaiveRules::ByDay>& NaiveRules::UseOfOthers(const Quota& quota) {
  const auto [found, is_new] = used_.try_emplace(&quota);
  if (!is_new) return found->second;
  for (const auto& [id, other] : world_.reservations()) {
    if (!IsLive(other.state)) continue;
    for (const ReservationItem& item : other.items) {
      const Run run = RunOf(other, item);
      if (!Applies(quota.applies_to, quota.except, run)) continue;
      for (const std::string& key : KeysOf(quota, run)) {
        for (const auto& [day, amount] : UseOf(quota, run)) found->second[key][day] += amount;
      }
    }
  }
  return found->second;
}

void NaiveRules::JudgeQuota(const Quota& quota, const std::vector<Run>& runs,
                            std::set<Breach>& broken) {
  std::map<std::string, ByDay> wanted;
  for (const Run& run : runs) {
    if (!Applies(quota.applies_to, quota.except, run)) continue;
    if (quota.hand_back &&
        run.reservation.interval.start < Later(world_.now, *quota.hand_back, run.zone)) {
      continue;
    }
    for (const std::string& key : KeysOf(quota, run)) {
      for (const auto& [day, amount] : UseOf(quota, run)) wanted[key][day] += amount;
    }
  }
  for (const auto& [key, use] : wanted) {
    // What each period would hold, of those that the request adds to.
    std::map<int64_t, int64_t> sums;
    for (const auto& [day, amount] : use) {
      for (const int64_t period : PeriodsOf(quota, day)) sums[period] += amount;
    }
    const auto& others = UseOfOthers(quota);
    if (const auto found = others.find(key); found != others.end()) {
      for (const auto& [day, amount] : found->second) {
        for (const int64_t period : PeriodsOf(quota, day)) {
          if (const auto sum = sums.find(period); sum != sums.end()) sum->second += amount;
        }
      }
    }
    for (const auto& [period, sum] : sums) {
      if (sum > quota.limit) {
        broken.insert({Rule::kQuotaExceeded, "", absl::StrCat("quotas/", quota.id), quota.effect});
      }
    }
  }
}

}  // namespace labslot::engine
