#include "daemon/engine/quota_rules.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/closed_time.h"
#include "daemon/engine/ledger.h"

namespace labslot::engine {
namespace {

// What a candidate adds to one count, and what the reservation has there
// already.
struct Sum {
  const Quota* quota = nullptr;
  std::string key;
  absl::TimeZone zone;
  std::map<DayNumber, int64_t> wanted;
  std::map<DayNumber, int64_t> own;
  Seconds counted = 0;   // of the run's time
  int64_t quantity = 0;  // the most units that a second of it counts
  bool stands = false;   // the reservation is judged as if it was new
};

Sum& SumOf(std::vector<Sum>& sums, const Quota& quota, const std::string& key, const ItemCase& c) {
  for (Sum& sum : sums) {
    if (sum.quota == &quota && sum.key == key) return sum;
  }
  sums.push_back({&quota, key, c.zone, {}, {}, 0, 0, c.candidate.stands});
  return sums.back();
}

void AddWanted(const ItemCase& c, std::vector<Sum>& sums) {
  for (const Quota* quota : c.state.rules(c.asset).quotas) {
    const Contribution added = ContributionOf(c.state.catalogue(), c.state.rule_book(), *quota,
                                              OccupancyOfItem(c.candidate.reservation, c.item));
    for (const std::string& key : added.keys) {
      Sum& sum = SumOf(sums, *quota, key, c);
      for (const Contribution::Share& share : added.shares) sum.wanted[share.day] += share.amount;
      sum.counted = std::max(sum.counted, added.counted);
      sum.quantity += c.item.quantity;
    }
  }
}

// Takes the share that the reservation has in the counts of `sums` now.
void AddOwn(const State& state, const Reservation& current, std::vector<Sum>& sums) {
  for (const ReservationItem& item : current.items) {
    const Occupancy occupancy = OccupancyOfItem(current, item);
    for (Sum& sum : sums) {
      if (!CountsState(*sum.quota, occupancy)) continue;
      const Contribution counted =
          ContributionOf(state.catalogue(), state.rule_book(), *sum.quota, occupancy);
      if (std::find(counted.keys.begin(), counted.keys.end(), sum.key) == counted.keys.end()) {
        continue;
      }
      for (const Contribution::Share& share : counted.shares) sum.own[share.day] += share.amount;
    }
  }
}

absl::CivilDay DayOf(DayNumber day) { return absl::CivilDay(1970, 1, 1) + day; }
DayNumber NumberOf(absl::CivilDay day) {
  return static_cast<DayNumber>(day - absl::CivilDay(1970, 1, 1));
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

int64_t Within(const std::map<DayNumber, int64_t>& amounts, DayNumber first, DayNumber last) {
  int64_t sum = 0;
  for (auto it = amounts.lower_bound(first); it != amounts.end() && it->first <= last; ++it) {
    sum += it->second;
  }
  return sum;
}

QuotaCount CountIn(const State& state, const Sum& sum, DayNumber first, DayNumber last) {
  QuotaCount count;
  count.quota = sum.quota;
  count.key = sum.key;
  count.period = {StartOfDay(DayOf(first), sum.zone), StartOfDay(DayOf(last) + 1, sum.zone)};
  const int64_t own = Within(sum.own, first, last);
  count.wanted = Within(sum.wanted, first, last);
  count.others = state.ledger().Used(sum.quota->id, sum.key, first, last) - own;
  count.own = sum.stands ? 0 : own;
  return count;
}

// What does not add to a count never breaks it, however full it is.
bool IsFuller(const QuotaCount& a, const QuotaCount& b) {
  const auto excess = [](const QuotaCount& count) {
    return count.adds() ? count.others + count.wanted : std::numeric_limits<int64_t>::min();
  };
  return excess(a) > excess(b);
}

QuotaCount FullestPeriod(const State& state, const Sum& sum) {
  QuotaCount fullest;
  DayNumber done = std::numeric_limits<DayNumber>::min();
  for (const auto& [day, amount] : sum.wanted) {
    if (day < done) continue;
    const auto [first, next] = PeriodWith(sum.quota->period, DayOf(day));
    done = NumberOf(next);
    const QuotaCount count = CountIn(state, sum, NumberOf(first), done - 1);
    if (fullest.quota == nullptr || IsFuller(count, fullest)) fullest = count;
  }
  return fullest;
}

// Every window of so many days on end that has a day of the run.
QuotaCount FullestWindow(const State& state, const Sum& sum) {
  const DayNumber length = sum.quota->rolling_days;
  const DayNumber first = sum.wanted.begin()->first - length + 1;
  const DayNumber last = sum.wanted.rbegin()->first + length - 1;
  const std::vector<int64_t> used = state.ledger().UsedByDay(sum.quota->id, sum.key, first, last);
  const auto at = [](const std::map<DayNumber, int64_t>& amounts, DayNumber day) {
    const auto it = amounts.find(day);
    return it == amounts.end() ? int64_t{0} : it->second;
  };
  QuotaCount window;
  window.quota = sum.quota;
  window.key = sum.key;
  QuotaCount fullest;
  DayNumber fullest_from = first;
  for (DayNumber day = first; day <= last; ++day) {
    window.wanted += at(sum.wanted, day);
    if (!sum.stands) window.own += at(sum.own, day);
    window.others += used[static_cast<size_t>(day - first)] - at(sum.own, day);
    const DayNumber from = day - length + 1;
    if (from < first) continue;
    if (fullest.quota == nullptr || IsFuller(window, fullest)) {
      fullest = window;
      fullest_from = from;
    }
    window.wanted -= at(sum.wanted, from);
    if (!sum.stands) window.own -= at(sum.own, from);
    window.others -= used[static_cast<size_t>(from - first)] - at(sum.own, from);
  }
  fullest.period = {StartOfDay(DayOf(fullest_from), sum.zone),
                    StartOfDay(DayOf(fullest_from + length), sum.zone)};
  return fullest;
}

QuotaCount Future(const State& state, const Candidate& candidate, const Sum& sum) {
  const auto total = [](const std::map<DayNumber, int64_t>& amounts) {
    int64_t all = 0;
    for (const auto& [day, amount] : amounts) all += amount;
    return all;
  };
  QuotaCount count;
  count.quota = sum.quota;
  count.key = sum.key;
  count.period = {candidate.now, candidate.now};
  const Reservation* current = candidate.current;
  const bool had = current != nullptr && current->interval.start > candidate.now;
  const int64_t own = had ? total(sum.own) : 0;
  if (candidate.reservation.interval.start > candidate.now) count.wanted = total(sum.wanted);
  count.others = state.ledger().UsedBehind(sum.quota->id, sum.key, candidate.now) - own;
  count.own = sum.stands ? 0 : own;
  return count;
}

QuotaCount CountOf(const State& state, const Candidate& candidate, const Sum& sum) {
  switch (sum.quota->period) {
    case QuotaPeriod::kRolling:
      return FullestWindow(state, sum);
    case QuotaPeriod::kFuture:
      return Future(state, candidate, sum);
    default:
      return FullestPeriod(state, sum);
  }
}

std::vector<Sum> SumsOf(const std::vector<ItemCase>& cases) {
  std::vector<Sum> sums;
  for (const ItemCase& c : cases) AddWanted(c, sums);
  const ItemCase& first = cases.front();
  if (first.current() != nullptr && !sums.empty()) AddOwn(first.state, *first.current(), sums);
  return sums;
}

// True if what a run adds depends on when it is, beyond the period.
bool VariesWithTime(const ItemCase& c, const Quota& quota) {
  return !quota.prime_time.empty() || !quota.periods.empty() ||
         (quota.measure == Measure::kTime && !ClosedTimeCounts(c.state.rule_book(), c.subject()));
}

// A lower bound for the start of the same run that does not break the quota.
// Moved by a second, a run takes at most so many units more or less of a
// period; and to take less of one it must end behind it.
Instant RetryAt(const ItemCase& c, const Sum& sum, const QuotaCount& count) {
  const Quota& quota = *count.quota;
  const Instant start = c.run().start;
  const bool varies = VariesWithTime(c, quota);
  if (quota.measure == Measure::kCount) {
    if (quota.period == QuotaPeriod::kFuture) return varies ? start + sum.counted : kNever;
    const absl::CivilDay day = LocalDay(start, c.zone);
    const Instant next_period = StartOfDay(PeriodWith(quota.period, day).second, c.zone);
    return varies ? std::min(next_period, start + sum.counted) : next_period;
  }
  // What adds nothing more than the reservation has breaks nothing.
  const int64_t too_much =
      std::min(count.others + count.wanted - quota.limit, count.wanted - count.own);
  const Seconds least = std::max<Seconds>(1, too_much / std::max<int64_t>(1, sum.quantity));
  if (quota.period == QuotaPeriod::kFuture) return varies ? start + least : kNever;
  if (varies || quota.period == QuotaPeriod::kRolling) return start + least;
  return std::max(start + least, count.period.end - c.blocked().length() + least);
}

std::string Amount(const Quota& quota, int64_t amount) {
  return quota.measure == Measure::kTime ? LengthWords(amount)
                                         : Counted(amount, "booking", "bookings");
}

Violation ViolationOf(const ItemCase& c, const QuotaCount& count) {
  const Quota& quota = *count.quota;
  const std::string scope = ScopeWords(count, c.zone);
  const std::string name = quota.display_name.empty() ? quota.id : quota.display_name;
  Violation violation;
  violation.rule = Rule::kQuotaExceeded;
  const bool too_many = count.others + count.wanted > quota.limit;
  violation.message = absl::StrCat(
      quota.measure == Measure::kCount ? absl::StrCat(count.others) : LengthWords(count.others),
      " of ", Amount(quota, quota.limit), " are used (", scope, "), ", Amount(quota, count.wanted),
      too_many ? " more are too many" : " are asked for", " (", name,
      quota.description.empty() ? "" : absl::StrCat(": ", quota.description), ")");
  violation.asset = c.asset.id;
  violation.limit = Amount(quota, quota.limit);
  violation.found = Amount(quota, count.others + count.wanted);
  violation.source = NameOf(kQuotas, quota.id);
  violation.scope = scope;
  violation.overridable_by = NamesOf(quota.overriders);
  return violation;
}

}  // namespace

std::vector<QuotaCount> CountsOf(const std::vector<ItemCase>& cases) {
  const ItemCase& first = cases.front();
  std::vector<QuotaCount> counts;
  for (const Sum& sum : SumsOf(cases)) {
    counts.push_back(CountOf(first.state, first.candidate, sum));
  }
  return counts;
}

void ApplyQuotas(const std::vector<ItemCase>& cases, Findings& findings) {
  const ItemCase& c = cases.front();
  for (const Sum& sum : SumsOf(cases)) {
    const Quota& quota = *sum.quota;
    if (quota.hand_back && c.run().start < Later(c.now(), *quota.hand_back, c.zone)) continue;
    const QuotaCount count = CountOf(c.state, c.candidate, sum);
    const bool broken = count.adds() && count.others + count.wanted > quota.limit;
    if (findings.Wants(broken, quota.effect, broken ? RetryAt(c, sum, count) : kNever)) {
      findings.Add(ViolationOf(c, count));
    }
  }
}

std::string ScopeWords(const QuotaCount& count, const absl::TimeZone& zone) {
  const Quota& quota = *count.quota;
  const std::string who = KeyWords(quota, count.key);
  const std::string first = absl::FormatCivilTime(LocalDay(count.period.start, zone));
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

}  // namespace labslot::engine
