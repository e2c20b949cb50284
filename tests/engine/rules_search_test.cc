// Rules as data against the naive model of them: what a request breaks, when it
// passes first, and what is offered instead.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>

#include "daemon/base/limits.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/slots.h"
#include "tests/engine/naive_rules.h"
#include "tests/engine/ruled_world.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {

// For the messages of failing tests.
void PrintTo(const Breach& breach, std::ostream* out) {
  *out << "rule " << static_cast<int>(breach.rule) << " " << breach.asset << " " << breach.source
       << " effect " << static_cast<int>(breach.effect);
}

namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::Span;
using support::Weekly;
using support::World;

constexpr Seconds kQuarter = 15 * kMinute;

std::set<Breach> BrokenOf(const World& world, const Reservation& candidate) {
  std::set<Breach> broken;
  for (const Violation& v : Judge(world.state(), {candidate, nullptr, world.now})) {
    const std::string asset = v.rule == Rule::kQuotaExceeded ? "" : v.asset;
    broken.insert({v.rule, asset, v.source, v.effect});
  }
  return broken;
}

Reservation StartingAt(Reservation draft, Instant start) {
  draft.interval = {start, start + draft.interval.length()};
  return draft;
}

std::string Words(const Reservation& draft) {
  std::string words = draft.user + " of " + draft.organisation + ":";
  for (const ReservationItem& item : draft.items) {
    words += " " + item.asset + "*" + std::to_string(item.quantity);
  }
  const auto zone = support::Zone(support::kBrussels);
  return words + " " + draft.site + " @ " + FormatLocal(draft.interval.start, zone) + " to " +
         FormatLocal(draft.interval.end, zone);
}

// Starts at which a run of quarters can begin to pass: on a quarter, or the
// second after it (a run that goes on while it is closed ends at the latest a
// second after opening).
std::optional<Instant> NaivelyEarliest(NaiveRules& naive, const Reservation& draft, Instant from,
                                       Instant until) {
  if (naive.Passes(StartingAt(draft, from))) return from;
  for (Instant at = from - from % kQuarter; at <= until; at += kQuarter) {
    for (const Instant start : {at, at + 1}) {
      if (start < from || start > until) continue;
      if (naive.Passes(StartingAt(draft, start))) return start;
    }
  }
  return std::nullopt;
}

TEST(RulesPropertyTest, ARequestBreaksWhatTheLoopsFindAndNothingElse) {
  std::map<Rule, int> seen;
  int passed = 0;
  for (unsigned seed = 0; seed < support::Seeds(60, 3000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RuledWorld random(seed);
    NaiveRules naive(random.world(), 8);
    for (int i = 0; i < 40; ++i) {
      const Reservation draft = random.AnyRequest();
      const std::set<Breach> expected = naive.Broken(draft);
      ASSERT_EQ(BrokenOf(random.world(), draft), expected) << Words(draft);
      const bool passes = naive.Passes(draft);
      ASSERT_EQ(Passes(random.world().state(), {draft, nullptr, random.world().now}), passes);
      passed += passes ? 1 : 0;
      for (const Breach& breach : expected) ++seen[breach.rule];
    }
  }
  EXPECT_GT(passed, 100);
  for (const Rule rule :
       {Rule::kOutsideOpeningHours, Rule::kNotOpenForHolder, Rule::kCapacityExceeded,
        Rule::kRelatedAssetBusy, Rule::kTooShort, Rule::kTooLong, Rule::kOffGrid, Rule::kNotASlot,
        Rule::kTooLate, Rule::kBeyondHorizon, Rule::kTooClose, Rule::kNotQualified,
        Rule::kReservedForOthers, Rule::kQuotaExceeded}) {
    EXPECT_GT(seen[rule], 10) << "rule " << static_cast<int>(rule);
  }
}

TEST(RulesPropertyTest, TheEarliestStartIsTheFirstThatPasses) {
  int found = 0;
  int none = 0;
  for (unsigned seed = 0; seed < support::Seeds(14, 1500); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RuledWorld random(seed);
    const World& world = random.world();
    NaiveRules naive(world, 96);
    for (int i = 0; i < 12; ++i) {
      const Reservation draft = random.AnyRequest();
      const auto tried = world.Try({draft.user}, CreateReservation{draft, 0});
      if (tried.ok()) continue;
      ASSERT_TRUE(tried.error().refusal.has_value()) << support::Describe(tried.error());
      const std::optional<Instant> earliest = tried.error().refusal->earliest_start;
      const Instant from = draft.interval.start;
      (earliest ? found : none)++;
      // To look everywhere takes long: that is done for the first ones.
      const bool everywhere = support::LongRun() || none < 3;
      const Instant until =
          earliest ? *earliest
                   : from + (everywhere ? limits::kAlternativeHorizon - kDay : 3 * kDay);
      ASSERT_EQ(NaivelyEarliest(naive, draft, from, until), earliest)
          << Words(draft) << support::Describe(tried.error());
      for (int k = 0; k < 30 && until > from; ++k) {
        const Instant between = from + random.Roll(static_cast<unsigned>(until - from));
        ASSERT_FALSE(naive.Passes(StartingAt(draft, between))) << Words(draft) << between;
      }
    }
  }
  EXPECT_GT(found, 60);
  EXPECT_GT(none, 15);
}

TEST(RulesPropertyTest, WhatARefusalOffersIsGrantedAsItSays) {
  int offered = 0;
  int pending = 0;
  std::set<AlternativeKind> kinds;
  for (unsigned seed = 0; seed < support::Seeds(14, 2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RuledWorld random(seed);
    const World& world = random.world();
    NaiveRules naive(world, 96);
    for (int i = 0; i < 10; ++i) {
      const Reservation draft = random.AnyRequest();
      const auto tried = world.Try({draft.user}, CreateReservation{draft, 0});
      if (tried.ok()) continue;
      for (const Alternative& alternative : tried.error().refusal->alternatives) {
        Reservation other = draft;
        other.items = alternative.items;
        other.interval = alternative.interval;
        other.site = alternative.site;
        ASSERT_TRUE(naive.Passes(other)) << Words(draft) << " -> " << Words(other);
        const auto booked = world.Try({draft.user}, CreateReservation{other, 0});
        ASSERT_TRUE(booked.ok()) << Words(draft) << " -> " << Words(other)
                                 << support::Describe(booked.error());
        ASSERT_EQ(
            std::get<Reservation>(booked.value().result).state,
            alternative.needs_approval ? ReservationState::kPending : ReservationState::kConfirmed)
            << Words(other);
        ++offered;
        pending += alternative.needs_approval ? 1 : 0;
        kinds.insert(alternative.kind);
      }
    }
  }
  EXPECT_GT(offered, 200);
  EXPECT_GT(pending, 5);
  for (const AlternativeKind kind :
       {AlternativeKind::kLikeAsset, AlternativeKind::kOtherTime, AlternativeKind::kShorter,
        AlternativeKind::kOtherSite, AlternativeKind::kFewerUnits, AlternativeKind::kLonger}) {
    EXPECT_EQ(kinds.count(kind), 1u) << "kind " << static_cast<int>(kind);
  }
}

TEST(RulesPropertyTest, SlotsAreGrantedAndTheFirstIsTheEarliest) {
  int found = 0;
  int pending = 0;
  for (unsigned seed = 0; seed < support::Seeds(16, 1500); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RuledWorld random(seed);
    const World& world = random.world();
    NaiveRules naive(world, 14);
    for (int i = 0; i < 8; ++i) {
      // What a query does not say.
      Reservation draft = random.AnyRequest();
      draft.purpose.clear();
      draft.project.clear();
      draft.activity_class = ActivityClass::kUnspecified;
      SlotQuery query;
      query.items = draft.items;
      query.site = draft.site;
      query.user = draft.user;
      query.organisation = draft.organisation;
      query.duration = draft.interval.length();
      query.window = {draft.interval.start, draft.interval.start + 6 * kDay};
      query.limit = 12;
      const auto slots = FindSlots(world.state(), query, world.now);
      const auto earliest =
          NaivelyEarliest(naive, draft, query.window.start, query.window.end - query.duration);
      ASSERT_EQ(slots.empty(), !earliest.has_value()) << Words(draft);
      if (slots.empty()) continue;
      // The first start is moved to the next quarter if that passes too.
      const Instant quarter = *earliest + (kQuarter - *earliest % kQuarter) % kQuarter;
      ASSERT_TRUE(slots[0].interval.start == *earliest || slots[0].interval.start == quarter)
          << Words(draft) << " earliest " << *earliest << " got " << slots[0].interval.start;
      for (const Slot& slot : slots) {
        for (const Seconds shift : {Seconds{0}, slot.start_slack / 2, slot.start_slack}) {
          Reservation other = StartingAt(draft, slot.interval.start + shift);
          const auto booked = world.Try({draft.user}, CreateReservation{other, 0});
          ASSERT_TRUE(booked.ok()) << Words(other) << support::Describe(booked.error());
          if (shift != 0) continue;
          ASSERT_EQ(std::get<Reservation>(booked.value().result).state,
                    slot.needs_approval ? ReservationState::kPending : ReservationState::kConfirmed)
              << Words(other);
          ++found;
          pending += slot.needs_approval ? 1 : 0;
        }
      }
    }
  }
  EXPECT_GT(found, 300);
  EXPECT_GT(pending, 10);
}

// The least worlds in which a search that jumps too far goes wrong.
class JumpsTest : public testing::Test {
 protected:
  JumpsTest() {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeAsset("oven"));
  }

  void AddPolicy(const std::string& id, const PolicyRule& rule,
                 const std::vector<WeeklyWindow>& sleeps = {}) {
    Policy policy;
    policy.id = policy.display_name = id;
    policy.rule = rule;
    policy.sleeps = sleeps;
    world_.Add(policy);
  }

  std::optional<Instant> Earliest(absl::string_view span) {
    const auto tried = world_.Try({"ada"}, CreateReservation{Draft({Item("oven")}, Span(span)), 0});
    EXPECT_FALSE(tried.ok());
    return tried.ok() ? std::nullopt : tried.error().refusal->earliest_start;
  }

  World world_;
};

TEST_F(JumpsTest, AShortRunPassesAsSoonAsTheLeastLengthSleeps) {
  AddPolicy("least", DurationRule{2 * kHour, 0}, {Weekly("mon-sun", "18:00-24:00")});
  EXPECT_EQ(Earliest("mon 15:30-16:30"), At("mon 18:00"));
}

TEST_F(JumpsTest, ATrainingThatSleepsIsNotNeededThen) {
  AddPolicy("training", QualificationRule{"laser"}, {Weekly("mon-sun", "18:00-24:00")});
  EXPECT_EQ(Earliest("mon 15:30-16:30"), At("mon 18:00"));
}

TEST_F(JumpsTest, ALongerHorizonThatWakesUpWins) {
  AddPolicy("a-day", HorizonRule{{1, 0}});
  AddPolicy("ten-days-in-the-evening", HorizonRule{{10, 0}}, {Weekly("mon-sun", "0:00-18:00")});
  EXPECT_EQ(Earliest("tue 15:00-16:00"), At("tue 17:00:01"));
}

TEST_F(JumpsTest, WhoIsFarOverAQuotaPassesOnTheNextDay) {
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-13:00")));
  Quota quota;
  quota.id = quota.display_name = "two-hours-a-day";
  quota.each = {Dimension::kUser};
  quota.limit = 2 * kHour;
  quota.period = QuotaPeriod::kDay;
  world_.Add(quota);
  EXPECT_EQ(Earliest("mon 14:00-15:00"), At("tue 0:00"));
}

TEST_F(JumpsTest, WhoIsFarOverAQuotaPassesWhereItDoesNotCount) {
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-13:00")));
  Quota quota;
  quota.id = quota.display_name = "two-hours-a-day";
  quota.limit = 2 * kHour;
  quota.period = QuotaPeriod::kDay;
  quota.prime_time = {Weekly("mon-fri", "8:00-17:00")};
  world_.Add(quota);
  EXPECT_EQ(Earliest("mon 15:30-16:30"), At("mon 17:00"));
}

}  // namespace
}  // namespace labslot::engine
