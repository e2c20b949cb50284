// Whether one more can have units that do, while people come and go.

#include "daemon/engine/unit_seats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include "tests/engine/naive_units.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

UnitFit FitOneMore(const UnitSeats& seats, const UnitUse& use) {
  return seats.FitWith(use.interval, {use}, {});
}

// Random people with random wishes, most of whom would take any unit.
class Life {
 public:
  Life(unsigned seed, size_t units, unsigned hours)
      : seats(units), units_(units), hours_(hours), random_(seed) {}

  unsigned Roll(unsigned n) { return static_cast<unsigned>(random_() % n); }

  UnitUse RandomUse() {
    UnitUse use;
    use.interval.start = now + Roll(hours_);
    use.interval.end = use.interval.start + 1 + Roll(6);
    use.count = Roll(5) == 0 ? std::min<size_t>(2, units_) : 1;
    use.fitting = UnitSet(units_);
    const bool any = Roll(2) == 0;
    for (size_t unit = 0; unit < units_; ++unit) {
      if (any || Roll(2) == 0) use.fitting.Add(unit);
    }
    if (Roll(8) == 0) use.held.push_back(Roll(static_cast<unsigned>(units_)));
    return use;
  }

  // Those who are there from now on, without some and with one more.
  std::vector<UnitUse> All(const UnitUse& more, UnitSeats::Owner without) const {
    std::vector<UnitUse> uses = {more};
    for (const auto& [owner, use] : there) {
      if (owner == without) continue;
      UnitUse rest = use;
      rest.interval.start = std::max(rest.interval.start, now);
      if (!rest.interval.empty()) uses.push_back(std::move(rest));
    }
    return uses;
  }

  void Put(const UnitUse& use) {
    there[++last_] = use;
    seats.Put(last_, use);
    seats.Settle(now);
  }

  UnitSeats::Owner Pick() {
    if (there.empty()) return 0;
    return std::next(there.begin(), Roll(static_cast<unsigned>(there.size())))->first;
  }

  void Remove(UnitSeats::Owner owner) {
    there.erase(owner);
    seats.Remove(owner);
    seats.Settle(now);
  }

  Instant now = 0;
  UnitSeats seats;
  std::map<UnitSeats::Owner, UnitUse> there;

 private:
  const size_t units_;
  const unsigned hours_;
  std::mt19937 random_;
  UnitSeats::Owner last_ = 0;
};

// Those who have units have them by one way.
bool IsSound(const UnitSeats& seats) {
  std::vector<UnitUse> uses;
  std::vector<std::vector<size_t>> units;
  for (const auto& [use, of_use] : seats.Way()) {
    uses.push_back(use);
    units.push_back(of_use);
  }
  return uses.size() + seats.WithoutUnits({0, 1000}).size() ==
             seats.Overlapping({0, 1000}).size() &&
         IsWay(uses, units);
}

TEST(UnitSeatsTest, OneMoreFitsIfOthersCanChangeUnits) {
  UnitSeats seats(2);
  seats.Put(1, MakeUse(0, 4, "11"));
  seats.Put(2, MakeUse(4, 8, "11"));
  seats.Settle(0);
  // Whichever units they got, one of the two is free for each.
  EXPECT_EQ(FitOneMore(seats, MakeUse(2, 6, "10")), UnitFit::kFits);
  EXPECT_EQ(FitOneMore(seats, MakeUse(2, 6, "01")), UnitFit::kFits);
  seats.Put(3, MakeUse(2, 6, "10"));
  seats.Settle(0);
  EXPECT_TRUE(seats.WithoutUnits({0, 8}).empty());
  EXPECT_EQ(FitOneMore(seats, MakeUse(3, 4, "11")), UnitFit::kDoesNotFit);
  EXPECT_EQ(seats.FitWith({3, 4}, {MakeUse(3, 4, "11")}, {3}), UnitFit::kFits);
}

TEST(UnitSeatsTest, WhoHasNoneGetsSomeOnceThereAreAny) {
  UnitSeats seats(1);
  seats.Put(1, MakeUse(0, 4, "1"));
  seats.Put(2, MakeUse(2, 6, "1"));
  seats.Settle(0);
  ASSERT_EQ(seats.WithoutUnits({0, 8}).size(), 1u);
  EXPECT_EQ(seats.WithoutUnits({0, 8})[0].owner, 2);
  EXPECT_EQ(FitOneMore(seats, MakeUse(6, 8, "1")), UnitFit::kFits) << "he meets nobody";
  EXPECT_EQ(FitOneMore(seats, MakeUse(5, 8, "1")), UnitFit::kDoesNotFit);
  seats.Settle(4);
  EXPECT_TRUE(seats.WithoutUnits({0, 8}).empty()) << "the first is gone";
}

TEST(UnitSeatsTest, WhoHoldsAUnitForLongMovesAllWhoWereToHaveIt) {
  UnitSeats seats(3);
  for (Instant at = 0; at < 900; at += 2) {
    seats.Put(at + 1, MakeUse(at, at + 3, "111"));
    seats.Settle(0);
  }
  seats.Put(1000, MakeUse(0, 900, "111", 1, {0}));
  seats.Settle(0);
  EXPECT_TRUE(seats.WithoutUnits({0, 1000}).empty());
  EXPECT_FALSE(seats.has_unproven());
  EXPECT_TRUE(IsSound(seats));
}

TEST(UnitSeatsTest, AWayIsFoundAnewForAllWhoHadOne) {
  // Fuller than can be booked by chance, as nobody is turned away who fits.
  for (unsigned seed = 1; seed <= support::Seeds(3, 100); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Life life(seed, 8, 100);
    for (int i = 0; i < 600; ++i) {
      const UnitUse use = life.RandomUse();
      if (FitOneMore(life.seats, use) == UnitFit::kFits) life.Put(use);
    }
    UnitSeats anew(8);
    for (const auto& [owner, use] : life.there) anew.Put(owner, use);
    anew.Settle(0);
    EXPECT_TRUE(anew.WithoutUnits({0, 1000}).empty());
    EXPECT_TRUE(IsSound(anew));
  }
}

TEST(UnitSeatsTest, WhatIsOverIsForgotten) {
  UnitSeats seats(2);
  for (Instant at = 0; at < 1000; ++at) {
    seats.Put(at + 1, MakeUse(at, at + 2, "11"));
    seats.Settle(at);
  }
  EXPECT_LT(seats.size(), 200u);
  EXPECT_TRUE(seats.WithoutUnits({0, 2000}).empty());
}

TEST(UnitSeatsTest, WhoAsksForSomethingNewWhenOthersAreForgottenMovesNobodyWrongly) {
  UnitSeats seats(2);
  for (Instant at = 0; at < 63; ++at) {
    seats.Put(at + 1, MakeUse(at, at + 2, "11"));
    seats.Settle(0);
  }
  // The 64th is when it is looked for what is over.
  seats.Put(64, MakeUse(100, 102, "10"));
  seats.Settle(0);
  EXPECT_TRUE(seats.WithoutUnits({0, 1000}).empty());
  EXPECT_TRUE(IsSound(seats));
}

// Whoever fits comes; some leave, and time passes. `fits` says who fits.
template <typename Fits>
void ExpectSame(Life& life, size_t units, int steps, Fits fits, int& granted, int& refused) {
  for (int step = 0; step < steps; ++step) {
    if (life.Roll(4) == 0) life.Remove(life.Pick());
    if (life.Roll(6) == 0) life.seats.Settle(++life.now);
    const UnitUse use = life.RandomUse();
    const UnitSeats::Owner without = life.Roll(4) == 0 ? life.Pick() : 0;
    const UnitFit fit = life.seats.FitWith(use.interval, {use}, {without});
    ASSERT_EQ(fit, fits(units, life.All(use, without))) << "step " << step;
    ++(fit == UnitFit::kFits ? granted : refused);
    if (fit == UnitFit::kFits) {
      life.Remove(without);
      life.Put(use);
      ASSERT_TRUE(life.seats.WithoutUnits({0, 1000}).empty());
      ASSERT_TRUE(IsSound(life.seats));
    } else {
      ASSERT_FALSE(life.seats.FitAround({0, 1000}, {use}, {without}) == UnitFit::kFits);
    }
  }
}

TEST(UnitSeatsTest, OneMoreFitsWhereverThereIsAWay) {
  int granted = 0;
  int refused = 0;
  for (unsigned seed = 1; seed <= support::Seeds(300, 20000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Life life(seed, 1 + seed % 4, 10);
    const auto fits = [](size_t units, const std::vector<UnitUse>& uses) {
      return NaiveUnitsFit(units, uses) ? UnitFit::kFits : UnitFit::kDoesNotFit;
    };
    ASSERT_NO_FATAL_FAILURE(ExpectSame(life, 1 + seed % 4, 25, fits, granted, refused));
  }
  EXPECT_GT(granted, 1000);
  EXPECT_GT(refused, 500);
}

TEST(UnitSeatsTest, WhatIsLookedForNearbyIsWhatIsFoundAmongAll) {
  int granted = 0;
  int refused = 0;
  for (unsigned seed = 1; seed <= support::Seeds(30, 2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Life life(seed, 5, 60);
    ASSERT_NO_FATAL_FAILURE(ExpectSame(life, 5, 150, FitUnits, granted, refused));
  }
  EXPECT_GT(granted, 1000);
  EXPECT_GT(refused, 500);
}

}  // namespace
}  // namespace labslot::engine
