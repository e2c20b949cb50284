#include "daemon/engine/quota_rules.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/closed_time.h"
#include "daemon/engine/counting.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// One count that a candidate adds to. Refers to the sum that it was made of.
struct QuotaCount {
  const Quota* quota = nullptr;
  const std::string* key = nullptr;
  DayNumber first_day = 0;  // of the fullest period that it adds to
  DayNumber last_day = 0;
  int64_t limit = 0;
  int64_t others = 0;  // used in that period without this reservation
  int64_t wanted = 0;  // what the candidate takes of it
  int64_t own = 0;     // what the reservation takes of it as it is now
  bool adds() const { return wanted > own; }
  bool broken() const { return adds() && others + wanted > limit; }
  UsedPart used_part() const { return {others, limit}; }
};

// What a candidate adds to one count, and what the reservation has there
// already.
struct Sum {
  RuleOfAsset<Quota> bound;
  std::string key;
  DayAmounts wanted;
  DayAmounts own;
  Seconds counted = 0;   // of the run's time
  int64_t quantity = 0;  // the most units that a second of it counts
  bool is_new = false;   // the reservation is judged as if it was new

  const Quota& quota() const { return *bound.rule; }
};

// The first amount of the day, or of a later one.
template <typename Amounts>
auto FromDay(Amounts& amounts, DayNumber day) {
  return std::lower_bound(
      amounts.begin(), amounts.end(), day,
      [](const DayAmount& amount, DayNumber wanted) { return amount.day < wanted; });
}

void AddTo(DayAmounts& sum, const DayAmounts& more) {
  for (const DayAmount& share : more) {
    const auto it = FromDay(sum, share.day);
    if (it != sum.end() && it->day == share.day) {
      it->amount += share.amount;
    } else {
      sum.insert(it, share);
    }
  }
}

int64_t Within(const DayAmounts& amounts, DayNumber first, DayNumber last) {
  int64_t sum = 0;
  for (auto it = FromDay(amounts, first); it != amounts.end() && it->day <= last; ++it) {
    sum += it->amount;
  }
  return sum;
}

// True if nobody has approved yet that it goes over the quota: so it has nothing of it.
bool AwaitsApproval(const Reservation* current, const Quota& quota) {
  return current != nullptr &&
         std::any_of(current->notes.begin(), current->notes.end(), [&](const Note& note) {
           return IsOpenRequest(note) && note.source == NameOf(kQuotas, quota.id);
         });
}

Sum& SumOf(std::vector<Sum>& sums, const RuleOfAsset<Quota>& quota, std::string& key,
           const ItemCase& c) {
  for (Sum& sum : sums) {
    if (sum.bound.rule == quota.rule && sum.key == key) return sum;
  }
  const bool is_new = c.candidate.stands || AwaitsApproval(c.current(), *quota.rule);
  sums.push_back({quota, std::move(key), {}, {}, 0, 0, is_new});
  return sums.back();
}

void AddWanted(const ItemCase& c, std::vector<Sum>& sums) {
  const std::vector<RuleOfAsset<Quota>>& quotas = c.state.rules(c.asset).quotas;
  if (quotas.empty()) return;
  sums.reserve(sums.size() + quotas.size());
  const Occupancy occupancy = OccupancyOfItem(c.candidate.reservation, c.item);
  const CountedItem item(c.state.catalogue(), c.state.rule_book(), occupancy);
  for (const RuleOfAsset<Quota>& quota : quotas) {
    Contribution added = item.AddedTo(quota);
    for (std::string& key : added.keys) {
      Sum& sum = SumOf(sums, quota, key, c);
      AddTo(sum.wanted, added.shares);
      sum.counted = std::max(sum.counted, added.counted);
      sum.quantity += c.item.quantity;
    }
  }
}

// Takes the share that the reservation has in the counts of `sums` now.
void AddOwn(const State& state, const Reservation& current, std::vector<Sum>& sums) {
  for (const ReservationItem& item : current.items) {
    const Occupancy occupancy = OccupancyOfItem(current, item);
    const CountedItem counted_item(state.catalogue(), state.rule_book(), occupancy);
    for (Sum& sum : sums) {
      if (!CountsState(sum.quota(), occupancy)) continue;
      // Not bound to the asset of this item: its selectors are to be looked at.
      const Contribution counted = counted_item.AddedTo({sum.bound.rule});
      if (std::find(counted.keys.begin(), counted.keys.end(), sum.key) == counted.keys.end()) {
        continue;
      }
      AddTo(sum.own, counted.shares);
    }
  }
}

// First day of the period with `day`, and first day of the next one.
std::pair<absl::CivilDay, absl::CivilDay> PeriodWith(QuotaPeriod period, absl::CivilDay day) {
  switch (period) {
    case QuotaPeriod::kWeek: {
      const absl::CivilDay monday = absl::PrevWeekday(day + 1, absl::Weekday::monday);
      return {monday, monday + 7};
    }
    case QuotaPeriod::kMonth: {
      const absl::CivilMonth month(day);
      return {absl::CivilDay(month), absl::CivilDay(month + 1)};
    }
    case QuotaPeriod::kYear: {
      const absl::CivilYear year(day);
      return {absl::CivilDay(year), absl::CivilDay(year + 1)};
    }
    case QuotaPeriod::kDay:
    case QuotaPeriod::kRolling:
    case QuotaPeriod::kFuture:
      return {day, day + 1};
  }
  return {day, day + 1};
}

QuotaCount CountIn(const State& state, const Sum& sum, DayNumber first, DayNumber last) {
  QuotaCount count;
  count.quota = sum.bound.rule;
  count.key = &sum.key;
  count.first_day = first;
  count.last_day = last;
  const int64_t own = Within(sum.own, first, last);
  count.wanted = Within(sum.wanted, first, last);
  count.others = state.ledger().Used(sum.quota().id, sum.key, first, last) - own;
  count.own = sum.is_new ? 0 : own;
  count.limit = sum.quota().share ? state.capacity_book().LimitOf(state.catalogue(), sum.quota(),
                                                                  sum.key, first, last)
                                  : sum.quota().limit;
  return count;
}

// What is to come has no end: an empty interval.
Interval PeriodOf(const ItemCase& c, const QuotaCount& count) {
  if (count.quota->period == QuotaPeriod::kFuture) return {c.now(), c.now()};
  return {StartOfDay(DayOf(count.first_day), c.zone),
          StartOfDay(DayOf(count.last_day) + 1, c.zone)};
}

// Says in which sense a count is fuller in one period than in another.
using Fuller = bool (*)(const QuotaCount&, const QuotaCount&);

// What does not add to a count never breaks it, however full it is.
bool IsFuller(const QuotaCount& a, const QuotaCount& b) {
  const auto excess = [](const QuotaCount& count) {
    return count.adds() ? count.others + count.wanted - count.limit
                        : std::numeric_limits<int64_t>::min();
  };
  return excess(a) > excess(b);
}

// By what others have, in the periods that it adds to.
bool IsMoreUsed(const QuotaCount& a, const QuotaCount& b) {
  return a.adds() == b.adds() ? b.used_part() < a.used_part() : a.adds();
}

// Visits the count in each period that has a day of the run.
template <typename Visitor>
void VisitPeriods(const State& state, const Sum& sum, Visitor visit) {
  DayNumber done = std::numeric_limits<DayNumber>::min();
  for (const DayAmount& share : sum.wanted) {
    if (share.day < done) continue;
    const auto [first, next] = PeriodWith(sum.quota().period, DayOf(share.day));
    done = NumberOf(next);
    visit(CountIn(state, sum, NumberOf(first), done - 1));
  }
}

// The same in every window of so many days on end that has one.
template <typename Visitor>
void VisitWindows(const State& state, const Sum& sum, Visitor visit) {
  const DayNumber length = sum.quota().rolling_days;
  const DayNumber first = sum.wanted.front().day - length + 1;
  const DayNumber last = sum.wanted.back().day + length - 1;
  const std::vector<int64_t> used = state.ledger().UsedByDay(sum.quota().id, sum.key, first, last);
  const auto at = [](const DayAmounts& amounts, DayNumber day) {
    return Within(amounts, day, day);
  };
  QuotaCount window;
  window.quota = sum.bound.rule;
  window.key = &sum.key;
  window.limit = sum.quota().limit;
  for (DayNumber day = first; day <= last; ++day) {
    window.wanted += at(sum.wanted, day);
    if (!sum.is_new) window.own += at(sum.own, day);
    window.others += used[static_cast<size_t>(day - first)] - at(sum.own, day);
    const DayNumber from = day - length + 1;
    if (from < first) continue;
    window.first_day = from;
    window.last_day = day;
    visit(window);
    window.wanted -= at(sum.wanted, from);
    if (!sum.is_new) window.own -= at(sum.own, from);
    window.others -= used[static_cast<size_t>(from - first)] - at(sum.own, from);
  }
}

QuotaCount Future(const State& state, const Candidate& candidate, const Sum& sum) {
  const auto total = [](const DayAmounts& amounts) {
    int64_t all = 0;
    for (const DayAmount& share : amounts) all += share.amount;
    return all;
  };
  QuotaCount count;
  count.quota = sum.bound.rule;
  count.key = &sum.key;
  count.limit = sum.quota().limit;
  const Reservation* current = candidate.current;
  const bool had = current != nullptr && current->interval.start > candidate.now;
  const int64_t own = had ? total(sum.own) : 0;
  if (candidate.reservation.interval.start > candidate.now) count.wanted = total(sum.wanted);
  count.others = state.ledger().UsedBehind(sum.quota().id, sum.key, candidate.now) - own;
  count.own = sum.is_new ? 0 : own;
  return count;
}

template <typename Visitor>
void VisitCounts(const State& state, const Candidate& candidate, const Sum& sum, Visitor visit) {
  switch (sum.quota().period) {
    case QuotaPeriod::kRolling:
      return VisitWindows(state, sum, visit);
    case QuotaPeriod::kFuture:
      return visit(Future(state, candidate, sum));
    default:
      return VisitPeriods(state, sum, visit);
  }
}

QuotaCount CountOf(const State& state, const Candidate& candidate, const Sum& sum,
                   Fuller is_fuller = IsFuller) {
  QuotaCount fullest;
  VisitCounts(state, candidate, sum, [&](const QuotaCount& count) {
    if (fullest.quota == nullptr || is_fuller(count, fullest)) fullest = count;
  });
  return fullest;
}

std::vector<Sum> SumsOf(const std::vector<ItemCase>& cases) {
  std::vector<Sum> sums;
  for (const ItemCase& c : cases) AddWanted(c, sums);
  const ItemCase& first = cases.front();
  if (first.current() != nullptr && !sums.empty()) AddOwn(first.state, *first.current(), sums);
  return sums;
}

// True if what a run adds depends on when it is, beyond the period.
bool VariesWithTime(const std::vector<ItemCase>& cases, const Quota& quota) {
  if (!quota.prime_time.empty() || !quota.periods.empty()) return true;
  return quota.measure == Measure::kTime &&
         std::any_of(cases.begin(), cases.end(), [](const ItemCase& c) {
           return !ClosedTimeCounts(c.state.rule_book(), c.subject());
         });
}

// A lower bound for the start of the same run that does not break the quota.
// Moved by a second, a run takes at most so many units more or less of a
// period; and to take less of one it must end behind it.
Instant RetryAt(const std::vector<ItemCase>& cases, const Sum& sum, const QuotaCount& count) {
  const Quota& quota = *count.quota;
  const ItemCase& c = cases.front();
  const Instant start = c.run().start;
  const bool varies = VariesWithTime(cases, quota);
  if (quota.measure == Measure::kCount) {
    if (quota.period == QuotaPeriod::kFuture) return varies ? start + sum.counted : kNever;
    const absl::CivilDay day = LocalDay(start, c.zone);
    const Instant next_period = StartOfDay(PeriodWith(quota.period, day).second, c.zone);
    return varies ? std::min(next_period, start + sum.counted) : next_period;
  }
  // What adds nothing more than the reservation has breaks nothing.
  const int64_t too_much =
      std::min(count.others + count.wanted - count.limit, count.wanted - count.own);
  const Seconds least = std::max<Seconds>(1, too_much / std::max<int64_t>(1, sum.quantity));
  if (quota.period == QuotaPeriod::kFuture) return varies ? start + least : kNever;
  if (varies || quota.period == QuotaPeriod::kRolling) return start + least;
  Seconds longest = 0;
  for (const ItemCase& of_item : cases) longest = std::max(longest, of_item.blocked().length());
  return std::max(start + least, PeriodOf(c, count).end - longest + least);
}

// `users/anna on assets/sem, week from 2027-03-01`.
std::string ScopeWords(const QuotaCount& count) {
  const Quota& quota = *count.quota;
  const std::string who = KeyWords(quota, *count.key);
  const std::string first = absl::FormatCivilTime(DayOf(count.first_day));
  switch (quota.period) {
    case QuotaPeriod::kDay:
      return absl::StrCat(who, ", ", first);
    case QuotaPeriod::kWeek:
      return absl::StrCat(who, ", week from ", first);
    case QuotaPeriod::kMonth:
      return absl::StrCat(who, ", ", first.substr(0, 7));
    case QuotaPeriod::kYear:
      return absl::StrCat(who, ", ", first.substr(0, 4));
    case QuotaPeriod::kRolling:
      return absl::StrCat(who, ", ", Counted(quota.rolling_days, "day", "days"), " from ", first);
    case QuotaPeriod::kFuture:
      return absl::StrCat(who, ", to come");
  }
  return who;
}

std::string Amount(const Quota& quota, int64_t amount) {
  return quota.measure == Measure::kTime ? LengthWords(amount)
                                         : Counted(amount, "booking", "bookings");
}

std::string Named(const Quota& quota) {
  return absl::StrCat(quota.display_name.empty() ? quota.id : quota.display_name,
                      quota.description.empty() ? "" : ": ", quota.description,
                      quota.rule_set.empty() ? "" : "; ", quota.rule_set);
}

// `460.1 h = 20.13 % of opening hours`.
std::string ShareWords(const ItemCase& c, const QuotaCount& count, int64_t amount) {
  const Quota& quota = *count.quota;
  const Seconds capacity = c.state.capacity_book().Of(c.state.catalogue(), quota, *count.key,
                                                      count.first_day, count.last_day);
  return absl::StrCat(HourWords(amount), " = ", PercentWords(amount, capacity), " of ",
                      WordsOf(quota.share->base));
}

void TellShare(const ItemCase& c, const QuotaCount& count, Violation& violation) {
  violation.limit = ShareWords(c, count, count.limit);
  violation.found = ShareWords(c, count, count.others + count.wanted);
  violation.message = absl::StrCat(
      HourWords(count.wanted), " more would make ", violation.found, " (", violation.scope,
      "); admissible are ", violation.limit, ", so up to ",
      HourWords(std::max<int64_t>(0, count.limit - count.others)), " (", Named(*count.quota), ")");
}

void TellLimit(const QuotaCount& count, Violation& violation) {
  const Quota& quota = *count.quota;
  const bool too_many = count.others + count.wanted > count.limit;
  violation.limit = Amount(quota, count.limit);
  violation.found = Amount(quota, count.others + count.wanted);
  violation.message = absl::StrCat(
      quota.measure == Measure::kCount ? absl::StrCat(count.others) : LengthWords(count.others),
      " of ", violation.limit, " are used (", violation.scope, "), ", Amount(quota, count.wanted),
      too_many ? " more are too many" : " are asked for", " (", Named(quota), ")");
}

Violation ViolationOf(const ItemCase& c, const QuotaCount& count) {
  Violation violation;
  violation.rule = Rule::kQuotaExceeded;
  violation.asset = c.asset.id;
  violation.source = NameOf(kQuotas, count.quota->id);
  violation.scope = ScopeWords(count);
  violation.overridable_by = NamesOf(count.quota->overriders);
  if (count.quota->share) {
    TellShare(c, count, violation);
  } else {
    TellLimit(count, violation);
  }
  return violation;
}

QuotaUse UseOf(const ItemCase& c, const QuotaCount& count) {
  return {count.quota,  ScopeWords(count), PeriodOf(c, count), count.limit,
          count.others, count.wanted,      count.own};
}

}  // namespace

std::vector<std::string> RuleSetsFor(const State& state, const Reservation& reservation) {
  std::set<std::string> names;
  for (const ReservationItem& item : reservation.items) {
    const Asset* asset = state.catalogue().FindAsset(item.asset);
    if (asset == nullptr) continue;
    for (const RuleOfAsset<Quota>& bound : state.rules(*asset).quotas) {
      const Quota& quota = *bound.rule;
      if (quota.rule_set.empty()) continue;
      const Site* place = PlaceOf(state.catalogue(), *asset, reservation.site);
      const bool in_force =
          place != nullptr &&
          !TimesInRanges(quota.periods, reservation.interval, ZoneOf(*place)).empty();
      if (in_force) names.insert(quota.rule_set);
    }
  }
  return {names.begin(), names.end()};
}

std::vector<QuotaUse> QuotaUsesOf(const std::vector<ItemCase>& cases) {
  const ItemCase& first = cases.front();
  std::vector<QuotaUse> uses;
  for (const Sum& sum : SumsOf(cases)) {
    uses.push_back(UseOf(first, CountOf(first.state, first.candidate, sum)));
  }
  return uses;
}

std::vector<QuotaUse> QuotaUsesByPeriodOf(const std::vector<ItemCase>& cases) {
  const ItemCase& first = cases.front();
  std::vector<QuotaUse> uses;
  for (const Sum& sum : SumsOf(cases)) {
    VisitCounts(first.state, first.candidate, sum, [&](const QuotaCount& count) {
      if (count.wanted > 0) uses.push_back(UseOf(first, count));
    });
  }
  return uses;
}

UsedPart FairSharePartOf(const std::vector<ItemCase>& cases) {
  const ItemCase& first = cases.front();
  UsedPart greatest;
  for (const Sum& sum : SumsOf(cases)) {
    if (!sum.quota().fair_share) continue;
    const QuotaCount count = CountOf(first.state, first.candidate, sum, IsMoreUsed);
    greatest = std::max(greatest, count.used_part());
  }
  return greatest;
}

void ApplyQuotas(const std::vector<ItemCase>& cases, Findings& findings) {
  const ItemCase& c = cases.front();
  for (const Sum& sum : SumsOf(cases)) {
    const Quota& quota = sum.quota();
    if (quota.hand_back && c.run().start < Later(c.now(), *quota.hand_back, c.zone)) continue;
    const QuotaCount count = CountOf(c.state, c.candidate, sum);
    const Instant retry = count.broken() ? RetryAt(cases, sum, count) : kNever;
    if (findings.Wants(count.broken(), quota.effect, retry)) {
      findings.Add(ViolationOf(c, count));
    }
  }
}

}  // namespace labslot::engine
