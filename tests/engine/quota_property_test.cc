// Random lives under random quotas, held against the model in quota_model.h and
// against ledgers that were counted anew.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "daemon/engine/admission.h"
#include "tests/engine/quota_life.h"
#include "tests/engine/quota_model.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::kDay;
using support::kHour;
using support::World;

// What the engine says of a candidate.
struct Verdict {
  bool refused = false;
  std::set<std::string> broken;  // quotas
  bool outside_hours = false;
};

Verdict VerdictOf(const State& state, const Candidate& candidate) {
  Verdict verdict;
  for (const Violation& violation : Judge(state, candidate)) {
    verdict.refused |= violation.effect == Effect::kReject;
    verdict.outside_hours |= violation.rule == Rule::kOutsideOpeningHours;
    if (violation.rule == Rule::kQuotaExceeded) verdict.broken.insert(violation.source);
  }
  return verdict;
}

std::string Words(const Quota& quota) {
  return absl::StrCat(quota.id, " measure ", static_cast<int>(quota.measure), " period ",
                      static_cast<int>(quota.period), " rolling ", quota.rolling_days, " limit ",
                      quota.limit, " each ", quota.each.size(), " prime ", quota.prime_time.size(),
                      " periods ", quota.periods.size(), " set-up ", quota.counts_set_up,
                      " hand-back ", quota.hand_back.has_value());
}

std::string Words(const Reservation& r) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  return absl::StrCat(r.id, " ", r.items[0].asset, " ", FormatLocal(r.interval.start, utc), " to ",
                      FormatLocal(r.interval.end, utc), " for ", r.user, " of ", r.organisation);
}

TEST(QuotaPropertyTest, TheVerdictIsThatOfTheModel) {
  unsigned broken = 0;
  unsigned judged = 0;
  for (unsigned seed = 0; seed < support::Seeds(12, 600); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    QuotaLife life(seed);
    const World& world = life.world();
    const QuotaModel model(world.catalogue(), world.reservations());
    for (int i = 0; i < 60 && !testing::Test::HasFailure(); ++i) {
      life.Step([&](const Reservation& candidate, const Reservation* current) {
        const Verdict verdict = VerdictOf(
            world.state(), {.reservation = candidate, .current = current, .now = world.now});
        if (verdict.outside_hours) return true;  // what counts of it nobody says
        for (const auto& [id, quota] : world.catalogue().quotas()) {
          const bool exceeds = model.Exceeds(*quota, candidate, current, world.now);
          EXPECT_EQ(verdict.broken.count(absl::StrCat("quotas/", id)) != 0, exceeds)
              << Words(*quota) << "\n  " << Words(candidate) << "\n  now "
              << FormatLocal(world.now, absl::UTCTimeZone())
              << (current == nullptr ? "" : "\n  was " + Words(*current));
          broken += exceeds;
          ++judged;
        }
        return verdict.refused;
      });
    }
  }
  // Both happen often enough to say something.
  EXPECT_GT(broken * 20, judged);
  EXPECT_LT(broken * 2, judged);
}

TEST(QuotaPropertyTest, TheFullestPeriodIsThatOfTheModel) {
  for (unsigned seed = 1000; seed < 1000 + support::Seeds(6, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    QuotaLife life(seed);
    const World& world = life.world();
    const QuotaModel model(world.catalogue(), world.reservations());
    for (int i = 0; i < 60 && !testing::Test::HasFailure(); ++i) {
      life.Step([&](const Reservation& candidate, const Reservation* current) {
        const Candidate request{.reservation = candidate, .current = current, .now = world.now};
        const Verdict verdict = VerdictOf(world.state(), request);
        if (verdict.outside_hours) return true;
        std::map<std::string, std::multiset<int64_t>> sums;
        for (const QuotaUse& use : QuotaUses(world.state(), request)) {
          if (use.wanted > use.own) sums[use.quota->id].insert(use.others + use.wanted);
        }
        for (const auto& [id, quota] : world.catalogue().quotas()) {
          if (quota->disabled || model.HandedBack(*quota, candidate, world.now)) continue;
          std::multiset<int64_t> expected;
          for (const auto& [key, sum] : model.Fullest(*quota, candidate, current, world.now)) {
            expected.insert(sum);
          }
          EXPECT_EQ(sums[id], expected) << Words(*quota) << "\n  " << Words(candidate) << "\n  now "
                                        << FormatLocal(world.now, absl::UTCTimeZone());
        }
        return verdict.refused;
      });
    }
  }
}

TEST(QuotaPropertyTest, TheFairShareIsThatOfTheModel) {
  unsigned some_used = 0;
  for (unsigned seed = 5000; seed < 5000 + support::Seeds(6, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    QuotaLife life(seed);
    const World& world = life.world();
    const QuotaModel model(world.catalogue(), world.reservations());
    for (int i = 0; i < 60 && !testing::Test::HasFailure(); ++i) {
      life.Step([&](const Reservation& candidate, const Reservation* current) {
        const Verdict verdict = VerdictOf(
            world.state(), {.reservation = candidate, .current = current, .now = world.now});
        if (verdict.outside_hours || current != nullptr) return verdict.refused;
        const UsedPart part =
            FairSharePart(world.state(), {.reservation = candidate, .now = world.now});
        bool is_one_of_them = part.used == 0;
        for (const auto& [id, quota] : world.catalogue().quotas()) {
          if (quota->disabled || !quota->fair_share) continue;
          for (const auto& [key, used] : model.MostUsed(*quota, candidate, world.now)) {
            const int64_t ours = part.used * quota->limit;
            const int64_t theirs = used * part.limit;
            EXPECT_GE(ours, theirs) << Words(*quota) << "\n  " << Words(candidate);
            is_one_of_them |= ours == theirs;
          }
        }
        EXPECT_TRUE(is_one_of_them) << part.used << " of " << part.limit;
        some_used += part.used > 0;
        return verdict.refused;
      });
    }
  }
  EXPECT_GT(some_used, 30u);
}

// Ledgers.

constexpr DayNumber kDays = 100;

// A state that knows the records and the place in the log, and has counted
// what ended behind `from`.
State CountedAnew(const World& world, Instant from) {
  State state;
  const Catalogue& catalogue = world.catalogue();
  for (const auto& [id, record] : catalogue.sites()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.organisations()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.users()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.groups()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.assets()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.policies()) state.LoadRecord(*record);
  for (const auto& [id, record] : catalogue.quotas()) state.LoadRecord(*record);
  state.FinishLoad(world.state().head(), world.state().last_time(), 0);
  state.BeginLedger();
  const Instant memory_from = world.state().last_time() - state.ledger().memory();
  for (auto it = world.reservations().rbegin(); it != world.reservations().rend(); ++it) {
    if (it->second.interval.end <= std::min(from, memory_from)) continue;
    for (const ReservationItem& item : it->second.items) {
      state.Count(OccupancyOfItem(it->second, item));
    }
  }
  return state;
}

// The keys of a quota that some reservation is in.
std::set<std::string> KeysOf(const World& world, const Quota& quota) {
  std::set<std::string> keys;
  RuleBook rules;
  for (const auto& [id, reservation] : world.reservations()) {
    for (const ReservationItem& item : reservation.items) {
      const Occupancy occupancy = OccupancyOfItem(reservation, item);
      const Contribution contribution =
          CountedItem(world.catalogue(), rules, occupancy).AddedTo({&quota});
      keys.insert(contribution.keys.begin(), contribution.keys.end());
    }
  }
  return keys;
}

// The first day that a booking made from now on can be counted with.
absl::CivilDay FirstDayThatMatters(const Quota& quota, Instant now) {
  const absl::CivilDay today = LocalDay(now, support::Zone(support::kBrussels));
  switch (quota.period) {
    case QuotaPeriod::kWeek:
      return absl::PrevWeekday(today + 1, absl::Weekday::monday);
    case QuotaPeriod::kMonth:
      return absl::CivilDay(absl::CivilMonth(today));
    case QuotaPeriod::kYear:
      return absl::CivilDay(absl::CivilYear(today));
    case QuotaPeriod::kRolling:
      return today - quota.rolling_days + 1;
    default:
      return today;
  }
}

// Fails where two ledgers differ in what may still be asked. With `all`, also
// of days that are over for good.
void ExpectSameLedger(const World& world, const State& a, const State& b, bool all) {
  for (const auto& [id, quota] : world.catalogue().quotas()) {
    if (quota->disabled) continue;
    const bool future = quota->period == QuotaPeriod::kFuture;
    const absl::CivilDay today = LocalDay(world.now, absl::UTCTimeZone());
    const DayNumber first = NumberOf(all ? today - kDays : FirstDayThatMatters(*quota, world.now));
    const DayNumber last = NumberOf(today) + kDays;
    for (const std::string& key : KeysOf(world, *quota)) {
      SCOPED_TRACE(testing::Message() << Words(*quota) << " key " << key);
      if (future) {
        for (const Instant ahead : {Instant{0}, kHour, kDay, 9 * kDay}) {
          EXPECT_EQ(a.ledger().UsedBehind(id, key, world.now + ahead),
                    b.ledger().UsedBehind(id, key, world.now + ahead));
        }
        continue;
      }
      const std::vector<int64_t> by_day = a.ledger().UsedByDay(id, key, first, last);
      EXPECT_EQ(by_day, b.ledger().UsedByDay(id, key, first, last));
      EXPECT_EQ(std::accumulate(by_day.begin(), by_day.end(), int64_t{0}),
                b.ledger().Used(id, key, first, last));
    }
  }
}

TEST(QuotaPropertyTest, TheLedgerIsThatOfTheModel) {
  for (unsigned seed = 2000; seed < 2000 + support::Seeds(6, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    QuotaLife life(seed);
    const World& world = life.world();
    for (int i = 0; i < 60; ++i) {
      life.Step([&](const Reservation& candidate, const Reservation* current) {
        return VerdictOf(world.state(),
                         {.reservation = candidate, .current = current, .now = world.now})
            .refused;
      });
    }
    const QuotaModel model(world.catalogue(), world.reservations());
    for (const auto& [id, quota] : world.catalogue().quotas()) {
      if (quota->disabled) continue;
      const bool future = quota->period == QuotaPeriod::kFuture;
      std::multiset<int64_t> expected;
      for (const auto& [key, days] : model.Used(*quota, future, world.now)) {
        int64_t sum = 0;
        for (const auto& [day, amount] : days) sum += amount;
        if (sum != 0) expected.insert(sum);
      }
      std::multiset<int64_t> sums;
      const DayNumber today = NumberOf(LocalDay(world.now, absl::UTCTimeZone()));
      for (const std::string& key : KeysOf(world, *quota)) {
        const Ledger& ledger = world.state().ledger();
        const int64_t sum = future ? ledger.UsedBehind(id, key, world.now)
                                   : ledger.Used(id, key, today - kDays, today + kDays);
        if (sum != 0) sums.insert(sum);
      }
      EXPECT_EQ(sums, expected) << Words(*quota);
    }
  }
}

TEST(QuotaPropertyTest, TheLedgerOfALifeIsTheOneCountedAnew) {
  for (unsigned seed = 3000; seed < 3000 + support::Seeds(6, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    QuotaLife life(seed);
    const World& world = life.world();
    for (int i = 0; i < 60; ++i) {
      life.Step([&](const Reservation& candidate, const Reservation* current) {
        return VerdictOf(world.state(),
                         {.reservation = candidate, .current = current, .now = world.now})
            .refused;
      });
      if (i % 15 != 14) continue;
      ExpectSameLedger(world, world.state(), CountedAnew(world, 0), true);
      // What the contract says need not be counted does not matter.
      ExpectSameLedger(world, world.state(), CountedAnew(world, world.now), false);
    }
  }
}

// A state that lives through the same events, but forgets what is over, and
// counts again only what must be.
class ForgetfulState {
 public:
  explicit ForgetfulState(const World& world) : world_(world) {}

  void Follow() {
    const auto& events = world_.events();
    for (; next_ < events.size(); ++next_) {
      const Event& event = events[next_];
      const std::string name = NameOf(event.resource);
      const auto before = latest_.find(name);
      state_.Apply(event, before == latest_.end() ? nullptr : &before->second);
      latest_.insert_or_assign(name, event.resource);
    }
    if (state_.ledger_is_stale()) state_ = Recounted();
  }

  void Forget() { state_.ForgetBefore(state_.last_time() - kDay); }

  const State& state() const { return state_; }

 private:
  State Recounted() {
    State state = state_;
    state.BeginLedger();
    const Instant from = state.last_time() - state.ledger().memory();
    for (const auto& [id, reservation] : world_.reservations()) {
      if (reservation.interval.end <= from) continue;
      for (const ReservationItem& item : reservation.items) {
        state.Count(OccupancyOfItem(reservation, item));
      }
    }
    return state;
  }

  const World& world_;
  State state_;
  size_t next_ = 0;
  std::map<std::string, Resource> latest_;
};

TEST(QuotaPropertyTest, ForgettingChangesNoVerdict) {
  for (unsigned seed = 4000; seed < 4000 + support::Seeds(6, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    QuotaLife life(seed);
    const World& world = life.world();
    ForgetfulState forgetful(world);
    for (int i = 0; i < 70 && !testing::Test::HasFailure(); ++i) {
      forgetful.Follow();
      if (i % 4 == 3) forgetful.Forget();
      life.Step([&](const Reservation& candidate, const Reservation* current) {
        forgetful.Follow();
        const Candidate request{.reservation = candidate, .current = current, .now = world.now};
        const Verdict verdict = VerdictOf(world.state(), request);
        EXPECT_EQ(VerdictOf(forgetful.state(), request).broken, verdict.broken);
        return verdict.refused;
      });
      if (i % 20 != 19) continue;
      forgetful.Follow();
      forgetful.Forget();
      ExpectSameLedger(world, forgetful.state(), CountedAnew(world, world.now), false);
    }
  }
}

}  // namespace
}  // namespace labslot::engine
