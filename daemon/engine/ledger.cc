#include "daemon/engine/ledger.h"

#include <algorithm>
#include <tuple>
#include <variant>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/counting.h"

namespace labslot::engine {
namespace {

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

// What was forgotten meanwhile cannot be taken out again.
template <typename Amounts>
void AddTo(Amounts& amounts, const typename Amounts::key_type& key, int64_t amount) {
  const auto it = amounts.try_emplace(key, 0).first;
  it->second += amount;
  if (it->second <= 0) amounts.erase(it);
}

// A request that competes has nothing yet; what is over has been there.
bool IsHeld(const Occupancy& occupancy) {
  return !occupancy.competes &&
         (IsBlocking(occupancy.state) || occupancy.state == ReservationState::kCompleted);
}

// Of what is over: up to where it was given back.
Interval UsedOf(const Occupancy& occupancy) {
  Interval run = occupancy.run;
  if (occupancy.freed != 0) run.end = std::clamp(occupancy.freed, run.start, run.end);
  return run;
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
  bool operator()(const MachineReport&) const { return true; }
  bool operator()(const Outage&) const { return true; }
  bool operator()(const Round&) const { return true; }
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

}  // namespace

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
    const auto* buffer = std::get_if<BufferRule>(&policy->rule);
    if (buffer != nullptr) memory_ = std::max(memory_, buffer->gap);
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
  if (keeps_holders_ && IsHeld(occupancy)) {
    CountHolder(NameOf(kUsers, occupancy.user), occupancy, sign);
    CountHolder(NameOf(kOrganisations, occupancy.organisation), occupancy, sign);
  }
  const std::vector<RuleOfAsset<Quota>>& quotas = rules.For(catalogue, *asset).quotas;
  if (quotas.empty()) return;
  const CountedItem item(catalogue, rules, occupancy);
  for (const RuleOfAsset<Quota>& quota : quotas) {
    const auto book = quotas_.find(quota.rule->id);
    if (book == quotas_.end() || !CountsState(*quota.rule, occupancy)) continue;
    const Contribution added = item.AddedTo(quota);
    for (const std::string& key : added.keys) {
      for (const DayAmount& share : added.shares) {
        if (quota.rule->period == QuotaPeriod::kFuture) {
          AddTo(book->second.by_start[key], {occupancy.run.start, occupancy.reservation},
                sign * share.amount);
        } else {
          AddTo(book->second.by_day[key], share.day, sign * share.amount);
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
    const bool is_over = occupancy.state == ReservationState::kCompleted;
    runs[key] = {occupancy.reservation,
                 occupancy.asset,
                 is_over ? UsedOf(occupancy) : occupancy.run,
                 occupancy.quantity,
                 occupancy.organisation,
                 occupancy.activity_class,
                 occupancy.site,
                 is_over};
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
    const Instant first = now - book.memory;
    const auto oldest = static_cast<DayNumber>(first / limits::kDay);
    absl::erase_if(book.by_day, [&](auto& entry) {
      entry.second.erase(entry.second.begin(), entry.second.lower_bound(oldest));
      return entry.second.empty();
    });
    absl::erase_if(book.by_start, [&](auto& entry) {
      entry.second.erase(entry.second.begin(), entry.second.lower_bound({first, 0}));
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

}  // namespace labslot::engine
