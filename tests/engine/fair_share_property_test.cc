// Random lives with a wait list that quotas order, held against the words of the docs:
// each offer goes to the first who fits whole, counted by the model in quota_model.h
// with the offers before it; and nobody waits for ever.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/engine/quota_model.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kDay;
using support::kHour;
using support::World;

constexpr int32_t kRigs = 4;
constexpr const char* kUsers[] = {"ada", "bob", "eve", "kim"};

bool Waits(const Reservation& r) { return r.state == ReservationState::kWaitlisted; }

bool Has(const Reservation& r) {
  return r.state == ReservationState::kConfirmed || r.state == ReservationState::kOffered;
}

// ada and bob are of acme, eve of beta, kim of gamma. There are four rigs to wait for,
// and a mill on which shares are used up as well.
class SharedLab {
 public:
  explicit SharedLab(unsigned seed) : random_(seed) {
    world_.now = At("mon 6:00");
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeOrganisation("beta"));
    world_.Add(support::MakeOrganisation("gamma"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(support::MakeUser("eve", {"beta"}));
    world_.Add(support::MakeUser("kim", {"gamma"}));
    world_.Add(support::MakePool("rigs", kRigs));
    world_.Add(support::MakePool("mill", 100));
  }

  World& world() { return world_; }
  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }
  template <typename T, size_t kSize>
  T Pick(const T (&list)[kSize]) {
    return list[Roll(kSize)];
  }

  // Nothing refuses, so that parts beyond the whole occur.
  Quota AnyQuota(unsigned number) {
    static constexpr QuotaPeriod kPeriods[] = {QuotaPeriod::kDay, QuotaPeriod::kWeek,
                                               QuotaPeriod::kMonth, QuotaPeriod::kRolling,
                                               QuotaPeriod::kFuture};
    Quota quota;
    quota.id = quota.display_name = absl::StrCat("quota-", number);
    quota.effect = Effect::kWarn;
    quota.fair_share = Roll(6) != 0;
    quota.disabled = Roll(8) == 0;
    quota.measure = Roll(3) == 0 ? Measure::kCount : Measure::kTime;
    quota.limit = quota.measure == Measure::kCount ? 1 + Roll(6) : (1 + Roll(40)) * kHour;
    quota.period = Pick(kPeriods);
    if (quota.period == QuotaPeriod::kRolling) quota.rolling_days = 1 + static_cast<int>(Roll(4));
    if (Roll(4) != 0)
      quota.each.push_back(Roll(2) == 0 ? Dimension::kUser : Dimension::kOrganisation);
    if (Roll(4) == 0) quota.each.push_back(Dimension::kAsset);
    if (Roll(3) == 0) quota.applies_to.emplace_back().users = {Pick(kUsers), Pick(kUsers)};
    if (Roll(4) == 0) quota.prime_time = {support::Weekly("mon-fri", "8:00-17:00")};
    return quota;
  }

  CreateReservation AnyRequest(const std::string& asset) {
    const Instant start = world_.now - world_.now % kHour + kHour * (1 + Roll(24));
    CreateReservation command;
    // Now and then all of them at once, so that many wait for what one gives back.
    const int32_t quantity = Roll(3) == 0 ? kRigs : 1 + static_cast<int32_t>(Roll(2));
    command.draft =
        support::Draft({support::Item(asset, quantity)}, {start, start + kHour * (1 + Roll(20))});
    command.draft.priority = Roll(8) == 0 ? static_cast<int32_t>(Roll(3)) : 0;
    command.on_conflict = OnConflict::kWaitList;
    return command;
  }

 private:
  std::mt19937 random_;
  World world_;
};

using Reservations = std::map<ReservationId, Reservation>;

// True if the units are free at each hour: everything lies on the hour.
bool Fits(const Reservations& all, const Reservation& wish) {
  for (Instant at = wish.interval.start; at < wish.interval.end; at += kHour) {
    int32_t used = wish.items[0].quantity;
    for (const auto& [id, other] : all) {
      const bool there = Has(other) && other.interval.Contains(at);
      if (there && other.items[0].asset == "rigs") used += other.items[0].quantity;
    }
    if (used > kRigs) return false;
  }
  return true;
}

// The greatest part, as a number: no two of these small fractions are closer than what
// is lost by that.
double PartOf(const World& world, const Reservations& all, const Reservation& wish) {
  const QuotaModel model(world.catalogue(), all);
  double greatest = 0;
  for (const auto& [id, quota] : world.catalogue().quotas()) {
    if (!quota->fair_share || quota->disabled) continue;
    for (const auto& [key, used] : model.MostUsed(*quota, wish, world.now)) {
      greatest = std::max(greatest, static_cast<double>(used) / static_cast<double>(quota->limit));
    }
  }
  return greatest;
}

// Who of those that wait and fit is served next; null if nobody fits.
const Reservation* NextOf(const World& world, const Reservations& all) {
  const Reservation* next = nullptr;
  std::pair<int32_t, double> rank_of_next;
  for (const auto& [id, entry] : all) {
    if (!Waits(entry) || !Fits(all, entry)) continue;
    const std::pair<int32_t, double> rank = {-entry.priority, PartOf(world, all, entry)};
    if (next != nullptr && rank_of_next <= rank) continue;
    next = &entry;
    rank_of_next = rank;
  }
  return next;
}

class CheckedLab {
 public:
  explicit CheckedLab(unsigned seed) : lab_(seed) {
    for (unsigned number = 0; number < 3; ++number) lab_.world().Add(lab_.AnyQuota(number));
  }

  void Step() {
    switch (lab_.Roll(10)) {
      case 0:
        lab_.world().now += kHour * lab_.Roll(4);
        lab_.world().EndWhatIsDue();
        return;
      case 1:
        (void)lab_.world().Run(ImportRecords{{lab_.AnyQuota(lab_.Roll(3))}});
        return;
      case 2:
      case 3:
      case 4:
        return Cancel();
      case 5:
        (void)lab_.world().Run({lab_.Pick(kUsers)}, lab_.AnyRequest("mill"));
        return;
      default:
        (void)lab_.world().Run({lab_.Pick(kUsers)}, lab_.AnyRequest("rigs"));
    }
  }

  int offers() const { return offers_; }
  int overtakes() const { return overtakes_; }

 private:
  void Cancel() {
    std::vector<ReservationId> live;
    for (const auto& [id, r] : lab_.world().reservations()) {
      if (Has(r) && r.interval.start > lab_.world().now) live.push_back(id);
    }
    if (live.empty()) return;
    Reservations all = lab_.world().reservations();
    const auto cancelled =
        lab_.world().Run(CancelReservation{live[lab_.Roll(static_cast<unsigned>(live.size()))]});
    ASSERT_TRUE(cancelled.ok()) << support::Describe(cancelled.error());
    for (const Change& change : cancelled.value().changes) {
      const auto& after = std::get<Reservation>(change.event.resource);
      if (change.event.type == EventType::kOffered) CheckOffer(all, after);
      all.insert_or_assign(after.id, after);
    }
    EXPECT_EQ(NextOf(lab_.world(), all), nullptr) << "somebody waits for what is free";
  }

  void CheckOffer(const Reservations& all, const Reservation& offer) {
    const Reservation* expected = NextOf(lab_.world(), all);
    ASSERT_NE(expected, nullptr) << offer.id << " does not fit";
    EXPECT_EQ(offer.id, expected->id);
    ++offers_;
    overtakes_ += std::any_of(all.begin(), all.end(), [&](const auto& entry) {
      const Reservation& other = entry.second;
      return Waits(other) && other.id < offer.id && other.priority == offer.priority &&
             Fits(all, other);
    });
  }

  SharedLab lab_;
  int offers_ = 0;
  int overtakes_ = 0;
};

TEST(FairSharePropertyTest, EachOfferGoesToWhomTheModelNames) {
  int offers = 0;
  int overtakes = 0;
  for (unsigned seed = 0; seed < support::Seeds(40, 2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    CheckedLab lab(seed);
    for (int i = 0; i < 80 && !testing::Test::HasFailure(); ++i) lab.Step();
    if (testing::Test::HasFailure()) return;
    offers += lab.offers();
    overtakes += lab.overtakes();
  }
  EXPECT_GT(offers, 200);
  EXPECT_GT(overtakes, 30) << "the order of arrival would do";
}

// Four users who always want what is freed, day by day; kim always comes last.
class Turns {
 public:
  Turns(unsigned seed, bool fair_share) : lab_(seed) {
    Quota quota;
    quota.id = quota.display_name = "turns";
    quota.each = {Dimension::kUser};
    quota.limit = 5000 * kHour;
    quota.period = QuotaPeriod::kYear;
    quota.fair_share = fair_share;
    lab_.world().Add(quota);
    lab_.world().Add(support::MakeAsset("oven"));
  }

  // The oven is booked for some hours of a day, all want it, and it is freed.
  void Day(int day) {
    const Instant start = lab_.world().now + day * kDay + 4 * kHour;
    CreateReservation wish;
    wish.draft =
        support::Draft({support::Item("oven")}, {start, start + kHour * (1 + lab_.Roll(8))});
    wish.on_conflict = OnConflict::kWaitList;
    const ReservationId taken = lab_.world().MustBook(wish.draft);
    std::vector<ReservationId> waiting;
    for (const std::string& user : Arrivals()) {
      const auto waits = lab_.world().Run({user}, wish);
      ASSERT_TRUE(waits.ok()) << support::Describe(waits.error());
      waiting.push_back(std::get<Reservation>(waits.value().result).id);
    }
    ASSERT_TRUE(lab_.world().Cancel(taken).ok());
    for (const ReservationId id : waiting) Settle(lab_.world().reservation(id));
  }

  Seconds used(const std::string& user) const {
    const auto found = used_.find(user);
    return found == used_.end() ? 0 : found->second;
  }

 private:
  std::vector<std::string> Arrivals() {
    std::vector<std::string> users = {"ada", "bob", "eve"};
    for (size_t i = users.size() - 1; i > 0; --i) {
      std::swap(users[i], users[lab_.Roll(static_cast<unsigned>(i) + 1)]);
    }
    users.emplace_back("kim");
    return users;
  }

  // Who is offered it takes it, the others give up.
  void Settle(Reservation entry) {
    if (entry.state == ReservationState::kOffered) {
      used_[entry.user] += entry.interval.length();
      ASSERT_TRUE(lab_.world().Run({entry.user}, AcceptOffer{entry.id}).ok());
    } else {
      ASSERT_TRUE(lab_.world().Cancel(entry.id, entry.user).ok());
    }
  }

  SharedLab lab_;
  std::map<std::string, Seconds> used_;
};

TEST(FairSharePropertyTest, WhoWaitsComesToTurnHoweverManyComeBeforeHim) {
  for (unsigned seed = 0; seed < support::Seeds(5, 100); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Turns turns(seed, /*fair_share=*/true);
    for (int day = 0; day < 60; ++day) {
      turns.Day(day);
      if (testing::Test::HasFailure()) return;
      // Nobody is ever ahead of another by more than the longest run.
      for (const std::string a : kUsers) {
        for (const std::string b : kUsers) EXPECT_LE(turns.used(a) - turns.used(b), 8 * kHour);
      }
    }
  }
}

TEST(FairSharePropertyTest, WithoutItWhoComesLastGetsNothing) {
  Turns turns(1, /*fair_share=*/false);
  for (int day = 0; day < 60; ++day) turns.Day(day);
  EXPECT_EQ(turns.used("kim"), 0);
  EXPECT_GT(turns.used("ada"), 0);
}

}  // namespace
}  // namespace labslot::engine
