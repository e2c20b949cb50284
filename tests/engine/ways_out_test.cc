// What a refusal offers instead.

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "tests/engine/naive.h"
#include "tests/engine/random_world.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakePool;
using support::MakeSite;
using support::MakeUser;
using support::Span;
using support::World;

class WaysOutTest : public testing::Test {
 protected:
  WaysOutTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeSite("gent"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakeAsset("oven-2"));
    world_.Add(MakeAsset("far", "gent"));
    world_.Add(MakePool("rigs", 7));
    for (const char* id : {"oven", "oven-2", "far"}) {
      Asset asset = *world_.catalogue().FindAsset(id);
      asset.kind = "oven";
      (void)world_.Replace(asset);
    }
  }

  Refusal Refused(const Reservation& draft, const std::string& user = "ada") {
    const auto result = world_.Book(draft, user);
    EXPECT_FALSE(result.ok());
    if (result.ok() || !result.error().refusal) return {};
    return *result.error().refusal;
  }

  static const Alternative* First(const Refusal& refusal, AlternativeKind kind) {
    for (const Alternative& alternative : refusal.alternatives) {
      if (alternative.kind == kind) return &alternative;
    }
    return nullptr;
  }

  // Books each alternative in its turn, in a dry run.
  void ExpectAllPass(const Refusal& refusal, const std::string& user = "ada",
                     const std::string& for_user = "") {
    for (const Alternative& alternative : refusal.alternatives) {
      Reservation draft = Draft(alternative.items, alternative.interval, alternative.site);
      draft.user = for_user;
      const auto tried = world_.Try({user}, CreateReservation{draft, 0});
      EXPECT_TRUE(tried.ok()) << static_cast<int>(alternative.kind) << " "
                              << support::Describe(tried.error());
    }
  }

  World world_;
};

TEST_F(WaysOutTest, TheEighthRigIsOfferedAtOtherTimes) {
  for (int i = 0; i < 7; ++i) world_.MustBook(Draft({Item("rigs")}, Span("mon 9:00-12:00")));
  const Refusal refusal = Refused(Draft({Item("rigs")}, Span("mon 9:00-12:00")));
  EXPECT_EQ(refusal.earliest_start, At("mon 12:00"));
  EXPECT_GE(refusal.alternatives.size(), 3u);
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, ALikeAssetAtTheSameTimeComesFirst) {
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-12:00")));
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("mon 10:00-11:00")));
  ASSERT_GE(refusal.alternatives.size(), 3u);
  EXPECT_EQ(refusal.alternatives[0].kind, AlternativeKind::kLikeAsset);
  EXPECT_EQ(refusal.alternatives[0].items[0].asset, "oven-2");
  EXPECT_EQ(refusal.alternatives[0].interval, Span("mon 10:00-11:00"));
  EXPECT_EQ(refusal.alternatives[0].time_zone, "Europe/Brussels");
  EXPECT_EQ(refusal.alternatives[1].kind, AlternativeKind::kOtherTime);
  ASSERT_NE(First(refusal, AlternativeKind::kOtherSite), nullptr);
  EXPECT_EQ(First(refusal, AlternativeKind::kOtherSite)->items[0].asset, "far");
  EXPECT_LE(refusal.alternatives.size(), limits::kMaxAlternatives);
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, TheNearestTimeIsOffered) {
  world_.MustBook(Draft({Item("oven")}, Span("mon 10:00-14:00")));
  world_.MustBook(Draft({Item("oven")}, Span("mon 7:00-8:10")));
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("mon 10:30-11:30")));
  const Alternative* other = First(refusal, AlternativeKind::kOtherTime);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->interval, Span("mon 9:00-10:00"));
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, AShorterRunFillsTheGap) {
  world_.MustBook(Draft({Item("oven")}, Span("mon 11:00-18:00")));
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("mon 9:00-12:00")));
  const Alternative* shorter = First(refusal, AlternativeKind::kShorter);
  ASSERT_NE(shorter, nullptr);
  EXPECT_EQ(shorter->interval, Span("mon 9:00-11:00"));
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, FewerUnitsAreOfferedWhereSomeAreLeft) {
  world_.MustBook(Draft({Item("rigs", 5)}, Span("mon 9:00-12:00")));
  const Refusal refusal = Refused(Draft({Item("rigs", 4)}, Span("mon 9:00-12:00")));
  const Alternative* fewer = First(refusal, AlternativeKind::kFewerUnits);
  ASSERT_NE(fewer, nullptr);
  EXPECT_EQ(fewer->items[0].quantity, 2);
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, FewerUnitsAreOfferedWhereAQuotaLeavesHoursForSome) {
  Quota quota;
  quota.id = quota.display_name = "hours";
  quota.measure = Measure::kTime;
  quota.limit = 7 * support::kHour;
  quota.period = QuotaPeriod::kYear;
  world_.Add(quota);
  const Refusal refusal = Refused(Draft({Item("rigs", 7)}, Span("mon 9:00-11:00")));
  const Alternative* fewer = First(refusal, AlternativeKind::kFewerUnits);
  ASSERT_NE(fewer, nullptr);
  EXPECT_EQ(fewer->items[0].quantity, 3);
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, MoreThanThereIsHasNoEarliestStart) {
  const Refusal refusal = Refused(Draft({Item("rigs", 8)}, Span("mon 9:00-12:00")));
  EXPECT_EQ(refusal.earliest_start, std::nullopt);
  const Alternative* fewer = First(refusal, AlternativeKind::kFewerUnits);
  ASSERT_NE(fewer, nullptr);
  EXPECT_EQ(fewer->items[0].quantity, 7);
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, AStartInThePastIsOfferedFromNowOn) {
  world_.now = At("mon 12:07");
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  EXPECT_EQ(refusal.earliest_start, At("mon 12:07"));
  EXPECT_GE(refusal.alternatives.size(), 3u);
  for (const Alternative& alternative : refusal.alternatives) {
    EXPECT_GE(alternative.interval.start, world_.now);
  }
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, NothingIsOfferedThatHasNoTime) {
  for (const char* id : {"oven", "oven-2", "far"}) {
    world_.MustBook(Draft({Item(id)}, {At("mon 9:00"), At("mon 9:00") + 200 * kDay}));
  }
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("tue 9:00-10:00")));
  EXPECT_EQ(refusal.earliest_start, std::nullopt);
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, ALikeAssetDoesNotExcludeAnotherItem) {
  Asset part = support::MakeChild("part", "oven-2");
  part.kind = "part";
  world_.Add(part);
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-12:00")));
  const Refusal refusal = Refused(Draft({Item("oven"), Item("part")}, Span("mon 10:00-11:00")));
  ExpectAllPass(refusal);
}

TEST_F(WaysOutTest, OnlyWhatTheCallerMayBookIsOffered) {
  User sam = MakeUser("sam");
  sam.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
  world_.Add(sam);
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-12:00")));
  Reservation draft = Draft({Item("oven")}, Span("mon 10:00-11:00"));
  draft.user = "ada";
  ExpectAllPass(Refused(draft, "sam"), "sam", "ada");
}

TEST_F(WaysOutTest, ARunThatHasBegunIsNotOfferedAnotherStart) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  world_.MustBook(Draft({Item("oven")}, Span("mon 12:00-14:00")));
  world_.now = At("mon 9:30");
  const auto refused = world_.Move(id, Span("mon 9:00-13:00"));
  ASSERT_FALSE(refused.ok());
  ASSERT_TRUE(refused.error().refusal.has_value());
  EXPECT_EQ(refused.error().refusal->earliest_start, std::nullopt);
  for (const Alternative& alternative : refused.error().refusal->alternatives) {
    const auto tried =
        world_.Try({"ada"}, UpdateReservation{id, 0, [&](const Reservation& current) {
                                                Reservation changed = current;
                                                changed.items = alternative.items;
                                                changed.interval = alternative.interval;
                                                return Result<Reservation>(changed);
                                              }});
    EXPECT_TRUE(tried.ok()) << static_cast<int>(alternative.kind);
  }
  const Alternative* shorter = First(*refused.error().refusal, AlternativeKind::kShorter);
  ASSERT_NE(shorter, nullptr);
  EXPECT_EQ(shorter->interval, Span("mon 9:00-12:00"));
}

TEST_F(WaysOutTest, AnotherTimeKeepsTheWallClockOverTheSwitch) {
  // Busy from Saturday to Monday around the switch of 2027-03-28.
  world_.MustBook(Draft({Item("oven")}, Span("2027-03-27 9:00/2027-03-28 20:00")));
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("2027-03-28 9:00/2027-03-28 17:00")));
  for (const Alternative& alternative : refusal.alternatives) {
    EXPECT_EQ(alternative.interval.start % (15 * kMinute), 0);
  }
  ExpectAllPass(refusal);
}

// In random, crowded states.
TEST(WaysOutPropertyTest, EveryWayOutReallyPassesAndTheEarliestIsTheEarliest) {
  int refusals = 0;
  int earliest_found = 0;
  for (unsigned seed = 0; seed < support::Seeds(25, 1000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 80; ++i) random.Step();
    const World& world = random.world();
    for (int i = 0; i < 15; ++i) {
      const Reservation draft = random.AnyDraft();
      const auto result = world.Try({"ada"}, CreateReservation{draft, 0});
      if (result.ok() || !result.error().refusal) continue;
      ++refusals;
      const Refusal& refusal = *result.error().refusal;
      for (const Alternative& alternative : refusal.alternatives) {
        const Reservation other = Draft(alternative.items, alternative.interval, alternative.site);
        const auto tried = world.Try({"ada"}, CreateReservation{other, 0});
        ASSERT_TRUE(tried.ok()) << static_cast<int>(alternative.kind) << " "
                                << support::Describe(tried.error());
        ASSERT_TRUE(alternative.interval != draft.interval || other.items != draft.items ||
                    other.site != draft.site);
      }
      const Reservation full = WithChangeover(world.catalogue(), draft);
      const Instant from = std::max(world.now, draft.interval.start);
      const Instant until = refusal.earliest_start.value_or(from + 3 * kDay);
      for (Instant at = from; at < until; at += 300 - at % 300) {
        Reservation variant = full;
        variant.interval = {at, at + full.interval.length()};
        ASSERT_FALSE(NaivelyPasses(world, variant, nullptr)) << "passes at " << at;
      }
      if (!refusal.earliest_start) continue;
      ++earliest_found;
      Reservation variant = draft;
      variant.interval = {until, until + draft.interval.length()};
      ASSERT_TRUE(world.Try({"ada"}, CreateReservation{variant, 0}).ok());
      ASSERT_GE(refusal.alternatives.size(), 3u);
    }
  }
  EXPECT_GT(refusals, 100);
  EXPECT_GT(earliest_found, 60);
}

}  // namespace
}  // namespace labslot::engine
