#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "daemon/domain/names.h"
#include "tests/sim/books.h"
#include "tests/sim/house.h"

// The part of the books about quotas: everything is counted anew each time.

namespace labslot::sim {
namespace {

constexpr int64_t kDay = 86400;
constexpr int64_t kFarDay = kEver / kDay;
constexpr absl::CivilDay kFirstDay(1970, 1, 1);  // a Thursday

bool HasDimension(const Quota& quota, Dimension dimension) {
  return std::count(quota.each.begin(), quota.each.end(), dimension) > 0;
}

bool Counts(const Quota& quota, const Reservation& r) {
  if (IsBlocking(r.state)) return !Competes(r);
  switch (r.state) {
    case ReservationState::kCompleted:
      return true;
    case ReservationState::kNoShow:
      return quota.counts_no_shows;
    case ReservationState::kCancelled:
      // What never was anybody's, such as a wait or an offer, is left for nothing.
      return r.use.freed != 0 && quota.counts_cancelled_within > 0 &&
             quota.period != QuotaPeriod::kFuture &&
             r.interval.start - r.use.freed < quota.counts_cancelled_within;
    default:
      return false;
  }
}

// What nobody has approved yet has nothing of the quota that it goes beyond.
bool HasSomeOf(const Quota& quota, const Reservation* current) {
  return current != nullptr && Counts(quota, *current) &&
         std::none_of(current->notes.begin(), current->notes.end(), [&](const Note& note) {
           return IsOpenRequest(note) && note.source == NameOf(kQuotas, quota.id);
         });
}

// Assets of which nothing is left count on, but are not asked for again.
Reservation WithoutGivenBack(const Reservation& r) {
  Reservation left = r;
  left.returns.clear();
  for (const Return& back : r.returns) {
    const bool has_some =
        std::any_of(r.items.begin(), r.items.end(),
                    [&](const ReservationItem& item) { return item.asset == back.item.asset; });
    if (has_some) left.returns.push_back(back);
  }
  return left;
}

// As they were reserved: what was given back counts on.
std::map<std::string, int32_t> UnitsOf(const Reservation& r) {
  std::map<std::string, int32_t> units;
  for (const ReservationItem& item : r.items) units[item.asset] += item.quantity;
  for (const Return& back : r.returns) units[back.item.asset] += back.item.quantity;
  return units;
}

// What goes around the run on the asset.
ReservationItem TermsOn(const Reservation& r, const std::string& asset) {
  for (const ReservationItem& item : r.items) {
    if (item.asset == asset) return item;
  }
  for (const Return& back : r.returns) {
    if (back.item.asset == asset) return back.item;
  }
  return {};
}

bool CountsOn(const Quota& quota, int64_t day) {
  const absl::CivilDay date = kFirstDay + day;
  return quota.periods.empty() ||
         std::any_of(quota.periods.begin(), quota.periods.end(), [&](const DateRange& range) {
           return range.first <= date && date <= range.last;
         });
}

// The times of the day, which is a number, that count.
std::vector<Interval> PrimeTimes(const Quota& quota, int64_t day) {
  const Instant midnight = day * kDay;
  if (!CountsOn(quota, day)) return {};
  if (quota.prime_time.empty()) return {{midnight, midnight + kDay}};
  std::vector<Interval> times;
  for (int64_t begins : {day - 1, day}) {  // a window may go over midnight
    const int64_t weekday = (begins + 3) % 7;
    for (const WeeklyWindow& window : quota.prime_time) {
      if ((window.days >> weekday & 1) == 0) continue;
      const Interval whole = {begins * kDay + window.window.opens,
                              begins * kDay + window.window.closes};
      const Interval part = whole.Intersect({midnight, midnight + kDay});
      if (!part.empty()) times.push_back(part);
    }
  }
  return times;
}

// By day: the seconds of the span that count.
std::map<int64_t, Seconds> CountedByDay(const Quota& quota, const Interval& span) {
  std::map<int64_t, Seconds> counted;
  for (int64_t day = span.start / kDay; day * kDay < span.end; ++day) {
    for (const Interval& prime : PrimeTimes(quota, day)) {
      const Seconds length = prime.Intersect(span).length();
      if (length > 0) counted[day] += length;
    }
  }
  return counted;
}

// First and last day of each period that has the day.
std::vector<Days> PeriodsWith(const Quota& quota, int64_t day) {
  const absl::CivilMonth month(kFirstDay + day);
  const int64_t monday = day - (day + 3) % 7;
  const absl::CivilYear year(kFirstDay + day);
  std::vector<Days> windows;
  switch (quota.period) {
    case QuotaPeriod::kWeek:
      return {{monday, monday + 6}};
    case QuotaPeriod::kMonth:
      return {{absl::CivilDay(month) - kFirstDay, absl::CivilDay(month + 1) - kFirstDay - 1}};
    case QuotaPeriod::kYear:
      return {{absl::CivilDay(year) - kFirstDay, absl::CivilDay(year + 1) - kFirstDay - 1}};
    case QuotaPeriod::kRolling:
      for (int64_t first = day - quota.rolling_days + 1; first <= day; ++first) {
        windows.push_back({first, first + quota.rolling_days - 1});
      }
      return windows;
    case QuotaPeriod::kFuture:
      return {{0, kFarDay}};
    default:
      return {{day, day}};
  }
}

int64_t SumOf(const Amounts& amounts, const std::string& key, const Days& period) {
  int64_t sum = 0;
  for (auto it = amounts.lower_bound({key, period.first});
       it != amounts.end() && it->first.first == key && it->first.second <= period.second; ++it) {
    sum += it->second;
  }
  return sum;
}

// The key of a count is about the asset, or what stands where it does.
bool IsOfKey(const Quota& quota, const std::string& key, const std::string& asset,
             const std::string& home) {
  const std::vector<std::string> parts = absl::StrSplit(key, kBetweenDimensions);
  for (size_t i = 0; i < quota.each.size(); ++i) {
    if (quota.each[i] == Dimension::kAsset && parts[i] != asset) return false;
    if (quota.each[i] == Dimension::kSite && parts[i] != home) return false;
  }
  return true;
}

void AddTo(Amounts& sum, const Amounts& more) {
  for (const auto& [key, amount] : more) sum[key] += amount;
}

}  // namespace

bool IsMore(const Part& a, const Part& b) {
  if (a.limit == 0 || b.limit == 0) return a.limit == 0 && b.limit != 0;
  return a.used * b.limit > b.used * a.limit;
}

bool Books::IsIn(const std::vector<std::string>& assets, const std::string& asset) const {
  return assets.empty() || std::any_of(assets.begin(), assets.end(), [&](const std::string& id) {
           std::string part = asset;
           while (part != id && !part.empty()) part = things.at(part).parent;
           return part == id;
         });
}

bool Books::IsAbout(const Quota& quota, const Reservation& r, const std::string& asset) const {
  const auto fits = [&](const Selector& selector) {
    const auto& users = selector.users;
    const auto& groups = selector.groups;
    const bool is_manager = r.user == "sam";
    return IsIn(selector.assets, asset) &&
           (users.empty() || std::count(users.begin(), users.end(), r.user) > 0) &&
           (groups.empty() || std::any_of(groups.begin(), groups.end(),
                                          [&](const auto& id) { return IsInGroup(id, r.user); })) &&
           (selector.relations.empty() || is_manager);
  };
  return !quota.disabled && fits(quota.applies_to.front()) &&
         std::none_of(quota.except.begin(), quota.except.end(), fits);
}

// The counts that what it has of the asset is in.
std::vector<std::string> Books::KeysOf(const Quota& quota, const Reservation& r,
                                       const std::string& asset) const {
  std::vector<std::string> groups = {""};
  if (HasDimension(quota, Dimension::kGroup)) {
    groups.clear();
    for (const std::string& group : quota.applies_to.front().groups) {
      if (IsInGroup(group, r.user)) groups.push_back(group);
    }
  }
  std::vector<std::string> keys;
  for (const std::string& group : groups) {
    std::string& key = keys.emplace_back();
    for (const Dimension dimension : quota.each) {
      if (dimension != quota.each.front()) key += kBetweenDimensions;
      if (dimension == Dimension::kAsset) key += asset;
      if (dimension == Dimension::kSite) key += PlaceOf(r, asset);
      if (dimension == Dimension::kUser) key += r.user;
      if (dimension == Dimension::kOrganisation) key += OrganisationOf(r.user);
      if (dimension == Dimension::kProject) key += r.project;
      if (dimension == Dimension::kGroup) key += group;
    }
  }
  return keys;
}

Amounts Books::AmountsOf(const Quota& quota, const Reservation& r, Instant now) const {
  Amounts amounts;
  const Instant start = r.interval.start;
  if (quota.period == QuotaPeriod::kFuture && start <= now) return amounts;
  for (const auto& [asset, units] : UnitsOf(r)) {
    if (!IsAbout(quota, r, asset)) continue;
    const ReservationItem terms = TermsOn(r, asset);
    const bool is_time = quota.measure == Measure::kTime;
    const bool is_wide = is_time && quota.counts_set_up;
    const Interval span = is_wide ? r.interval.Widened(terms.set_up, terms.tear_down) : r.interval;
    const std::map<int64_t, Seconds> counted = CountedByDay(quota, span);
    for (const std::string& key : KeysOf(quota, r, asset)) {
      const bool counts = !counted.empty() && CountsOn(quota, start / kDay);
      if (!is_time && counts) amounts[{key, start / kDay}] += 1;
      if (!is_time) continue;
      for (const auto& [day, seconds] : counted) amounts[{key, day}] += seconds * units;
    }
  }
  return amounts;
}

// Of the days of the period that count; the units and the outages that there are now.
Seconds Books::CapacityOf(const Quota& quota, const std::string& asset, const Days& period) const {
  const Thing& thing = things.at(asset);
  Seconds capacity = 0;
  for (int64_t day = period.first; day <= period.second; ++day) {
    if (!CountsOn(quota, day)) continue;
    Interval open = {day * kDay, (day + 1) * kDay};
    const bool closes = thing.office_hours && quota.share->base != CapacityBase::kCalendar;
    if (closes) open = {open.start + kOpens, open.start + kCloses};
    open = open.Intersect(thing.exists);
    if (open.empty()) continue;
    capacity += open.length() * thing.capacity;
    if (quota.share->base != CapacityBase::kAvailable) continue;
    std::set<Instant> edges = {open.start, open.end};
    for (const auto& [id, fault] : faults) {
      for (const Instant edge : {fault.interval.start, fault.interval.end}) {
        if (open.Contains(edge)) edges.insert(edge);
      }
    }
    for (auto edge = edges.begin(); std::next(edge) != edges.end(); ++edge) {
      capacity -= OutAt(asset, *edge) * (*std::next(edge) - *edge);
    }
  }
  return capacity;
}

int64_t Books::LimitOf(const Quota& quota, const std::string& key, const Days& period) const {
  if (!quota.share) return quota.limit;
  Seconds capacity = 0;
  for (const auto& [id, thing] : things) {
    const bool excepted =
        std::any_of(quota.except.begin(), quota.except.end(), [&, &id = id](const Selector& s) {
          return s.users.empty() && s.relations.empty() && IsIn(s.assets, id);
        });
    const bool is_of_it = IsIn(quota.applies_to.front().assets, id) && !excepted &&
                          IsOfKey(quota, key, id, SiteOf(thing));
    if (is_of_it) capacity += CapacityOf(quota, id, period);
  }
  return capacity * quota.share->hundredths / 10000;
}

Amounts Books::UsageOf(const Quota& quota, Instant now, ReservationId but) const {
  Amounts usage;
  for (const auto& [id, r] : reservations) {
    if (id != but && Counts(quota, r)) AddTo(usage, AmountsOf(quota, r, now));
  }
  return usage;
}

std::set<std::string> Books::AllKeysOf(const Quota& quota) const {
  std::set<std::string> all;
  for (const auto& [id, r] : reservations) {
    for (const auto& [asset, units] : UnitsOf(r)) {
      const std::vector<std::string> keys = KeysOf(quota, r, asset);
      all.insert(keys.begin(), keys.end());
    }
  }
  return all;
}

// The counts of the quota that the candidate takes beyond its limit.
std::set<std::string> Books::Exceeded(const Quota& quota, const Reservation& candidate,
                                      const Reservation* current, Instant now) const {
  std::set<std::string> exceeded;
  if (quota.hand_back &&
      candidate.interval.start < now + quota.hand_back->days * kDay + quota.hand_back->seconds) {
    return exceeded;
  }
  const Amounts wanted = AmountsOf(quota, WithoutGivenBack(candidate), now);
  if (wanted.empty()) return exceeded;
  Amounts others = UsageOf(quota, now, current == nullptr ? 0 : current->id);
  if (current != nullptr && Counts(quota, *current)) {
    AddTo(others, AmountsOf(quota, *current, now));
    for (const auto& [at, amount] : AmountsOf(quota, WithoutGivenBack(*current), now)) {
      others[at] -= amount;
    }
  }
  Amounts own;
  if (HasSomeOf(quota, current)) own = AmountsOf(quota, WithoutGivenBack(*current), now);
  for (const auto& [at, amount] : wanted) {
    const auto& [key, day] = at;
    for (const auto& period : PeriodsWith(quota, day)) {
      const int64_t asked = SumOf(wanted, key, period);
      const bool adds = asked > SumOf(own, key, period);
      if (!adds) continue;
      const int64_t limit = LimitOf(quota, key, period);
      if (SumOf(others, key, period) + asked > limit) exceeded.insert(key);
    }
  }
  return exceeded;
}

bool Books::KeepsQuotas(const Reservation& candidate, const Reservation* current,
                        Instant now) const {
  return std::none_of(quotas.begin(), quotas.end(), [&](const auto& entry) {
    const Quota& quota = entry.second;
    return quota.effect == Effect::kReject && !Exceeded(quota, candidate, current, now).empty();
  });
}

Part Books::FairPartOf(const Reservation& entry, Instant now) const {
  Part greatest;
  for (const auto& [id, quota] : quotas) {
    if (!quota.fair_share) continue;
    const Amounts usage = UsageOf(quota, now, 0);
    for (const auto& [at, amount] : AmountsOf(quota, entry, now)) {
      for (const auto& period : PeriodsWith(quota, at.second)) {
        const Part part = {SumOf(usage, at.first, period), LimitOf(quota, at.first, period)};
        if (IsMore(part, greatest)) greatest = part;
      }
    }
  }
  return greatest;
}

// Between two of these, what the run takes of a day grows or shrinks evenly as it begins
// later.
std::vector<Instant> Books::MarksOf(const Quota& quota, const Reservation& next,
                                    Instant now) const {
  const Interval room = next.window.Widened(kDay, kDay);
  std::set<Instant> edges = {now + 1};
  for (int64_t day = room.start / kDay; day * kDay < room.end; ++day) {
    edges.insert(day * kDay);
    for (const Interval& prime : PrimeTimes(quota, day)) {
      edges.insert({prime.start, prime.end});
    }
  }
  std::vector<Instant> marks = {next.window.start, next.window.end};
  const Seconds length = next.interval.length();
  for (const Instant edge : edges) {
    marks.push_back(edge);
    marks.push_back(edge - length);
    for (const ReservationItem& item : next.items) {
      marks.push_back(edge + item.set_up);
      marks.push_back(edge - length - item.tear_down);
    }
  }
  const auto is_outside = [&](Instant mark) {
    return mark < next.window.start || mark > next.window.end;
  };
  marks.erase(std::remove_if(marks.begin(), marks.end(), is_outside), marks.end());
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

// Where a limit begins to let the run pass as it begins later.
std::vector<Instant> Books::StartsByQuotas(const Reservation& next, Instant now) const {
  std::vector<Instant> starts;
  for (const auto& [id, quota] : quotas) {
    const auto takes = [&, &quota = quota](Instant start) {
      Reservation moved = next;
      moved.interval = {start, start + next.interval.length()};
      return AmountsOf(quota, moved, now);
    };
    const Amounts others = UsageOf(quota, now, 0);
    const std::vector<Instant> marks = MarksOf(quota, next, now);
    for (size_t i = 0; i + 1 < marks.size(); ++i) {
      const Instant first = marks[i];
      const Instant last = marks[i + 1] - 1;
      starts.push_back(first);
      for (const auto& [at, amount] : takes(first)) {
        for (const auto& period : PeriodsWith(quota, at.second)) {
          const int64_t left = LimitOf(quota, at.first, period) - SumOf(others, at.first, period);
          const auto is_over = [&, &key = at.first](Instant start) {
            return SumOf(takes(start), key, period) > std::max<int64_t>(left, 0);
          };
          if (!is_over(first) || is_over(last)) continue;
          Instant over = first;
          Instant fits = last;
          while (fits - over > 1) {
            const Instant middle = over + (fits - over) / 2;
            (is_over(middle) ? over : fits) = middle;
          }
          starts.push_back(fits);
        }
      }
    }
  }
  return starts;
}

}  // namespace labslot::sim
