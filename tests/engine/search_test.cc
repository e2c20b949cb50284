// Where something fits: against looking everywhere.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/slots.h"
#include "tests/engine/naive.h"
#include "tests/engine/random_world.h"
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
using support::MakeSite;
using support::Span;
using support::World;

bool Holds(const IntervalSet& set, Instant at) {
  return std::any_of(set.begin(), set.end(), [at](const Interval& i) { return i.Contains(at); });
}

// Everything that matters lies on a grid of ten minutes; so a set of starts is
// known if it is known on the grid and a second to each side of it.
template <typename Visitor>
void VisitGrid(const Interval& window, Visitor visitor) {
  for (Instant at = window.start; at < window.end; at += 10 * kMinute) {
    for (const Instant near : {at - 1, at, at + 1, at + 5 * kMinute}) {
      if (window.Contains(near)) visitor(near);
    }
  }
}

Reservation StartingAt(Reservation draft, Instant start) {
  draft.interval = {start, start + draft.interval.length()};
  return draft;
}

TEST(AdmissionTest, PassesIfAndOnlyIfNoLoopFindsAReason) {
  int passed = 0;
  int refused = 0;
  for (unsigned seed = 0; seed < support::Seeds(30, 2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 60; ++i) random.Step();
    for (int i = 0; i < 60; ++i) {
      const Reservation draft = WithChangeover(random.world().catalogue(), random.AnyDraft());
      const bool expected = NaivelyPasses(random.world(), draft, nullptr);
      // Items that exclude each other are refused before the rules.
      const auto tried = random.world().Try({"ada"}, CreateReservation{draft, 0});
      ASSERT_EQ(tried.ok(), expected);
      (expected ? passed : refused)++;
      if (!expected) continue;
      ASSERT_TRUE(Passes(random.world().state(), {draft, nullptr, random.world().now}));
      ASSERT_TRUE(Judge(random.world().state(), {draft, nullptr, random.world().now}).empty());
    }
  }
  EXPECT_GT(passed, 150);
  EXPECT_GT(refused, 150);
}

TEST(AdmissionTest, AMoveLeavesItsOwnSlotOut) {
  int passed = 0;
  for (unsigned seed = 0; seed < support::Seeds(30, 2000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 60; ++i) random.Step();
    for (int i = 0; i < 40; ++i) {
      const Reservation current = random.world().reservation(random.AnyReservation());
      if (!IsBlocking(current.state) || current.interval.start <= random.world().now) continue;
      Reservation moved = current;
      // Often near where it was, so that it overlaps itself.
      moved.interval = random.Roll(2) == 0
                           ? random.AnyInterval()
                           : Interval{current.interval.start - 1200, current.interval.end + 600};
      const bool expected = NaivelyPasses(random.world(), moved, &current);
      const auto tried = random.world().Try(
          {current.user}, UpdateReservation{current.id, 0, support::SetInterval(moved.interval)});
      ASSERT_EQ(tried.ok(), expected);
      passed += expected ? 1 : 0;
    }
  }
  EXPECT_GT(passed, 50);
}

TEST(FeasibleStartsTest, AreAllThoseThatPassAndNoOther) {
  for (unsigned seed = 0; seed < support::Seeds(25, 1000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 60; ++i) random.Step();
    const World& world = random.world();
    const Reservation draft = WithChangeover(world.catalogue(), random.AnyDraft());
    const bool excluding =
        !Judge(world.state(), {draft, nullptr, world.now}).empty() && draft.items.size() > 1 &&
        world.catalogue().FindAsset(draft.items[0].asset)->parent == draft.items[1].asset;
    if (excluding) continue;
    const Interval window{world.now, At("wed 12:00")};
    const IntervalSet starts =
        FeasibleStarts(world.state(), DemandOf(draft, nullptr), draft.interval.length(), window);
    for (size_t i = 1; i < starts.size(); ++i) ASSERT_GT(starts[i].start, starts[i - 1].end);
    VisitGrid(window, [&](Instant start) {
      const Reservation variant = StartingAt(draft, start);
      const bool expected =
          window.Contains(variant.interval) && NaivelyPasses(world, variant, nullptr);
      ASSERT_EQ(Holds(starts, start), expected)
          << FormatLocal(start, support::Zone(support::kBrussels));
    });
    if (HasFatalFailure()) return;
  }
}

TEST(FeasibleStartsTest, TheOwnReservationIsLeftOut) {
  World world;
  world.Add(MakeSite("lommel"));
  world.Add(MakeAsset("oven"));
  const ReservationId id = world.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  const Reservation own = world.reservation(id);
  const Interval window = Span("mon 8:00-11:00");
  EXPECT_EQ(
      FeasibleStarts(world.state(), DemandOf(own, nullptr), kHour, window),
      (IntervalSet{{At("mon 8:00"), At("mon 8:00:01")}, {At("mon 10:00"), At("mon 10:00:01")}}));
  EXPECT_EQ(FeasibleStarts(world.state(), DemandOf(own, &own), kHour, window),
            (IntervalSet{{At("mon 8:00"), At("mon 10:00:01")}}));
}

TEST(BusyTimesTest, AreThoseAtWhichTheQuantityCannotBeHad) {
  for (unsigned seed = 0; seed < support::Seeds(8, 200); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 60; ++i) random.Step();
    const World& world = random.world();
    const Interval window{world.now, At("wed 12:00")};
    for (const std::string& id : random.assets()) {
      Asset asset = *world.catalogue().FindAsset(id);
      const int32_t quantity = 1 + static_cast<int32_t>(random.Roll(3));
      const IntervalSet busy = BusyTimes(world.state(), asset, quantity, window, nullptr);
      VisitGrid(window, [&](Instant at) {
        int32_t used = 0;
        bool related = false;
        const auto relatives = NaivelyRelated(world.catalogue(), asset);
        for (const auto& [number, other] : world.reservations()) {
          if (!IsBlocking(other.state)) continue;
          for (const ReservationItem& item : other.items) {
            if (!OccupancyOf(other, item).Contains(at)) continue;
            if (item.asset == id) used += item.quantity;
            related |= std::count(relatives.begin(), relatives.end(), item.asset) > 0;
          }
        }
        ASSERT_EQ(Holds(busy, at), related || used + quantity > asset.capacity) << id;
      });
      if (HasFatalFailure()) return;
    }
  }
}

TEST(RoundedUpTest, GoesToTheNextQuarterOfLocalTime) {
  const auto brussels = support::Zone("Europe/Brussels");
  EXPECT_EQ(RoundedUp(At("mon 9:00"), brussels), At("mon 9:00"));
  EXPECT_EQ(RoundedUp(At("mon 9:00:01"), brussels), At("mon 9:15"));
  EXPECT_EQ(RoundedUp(At("mon 9:46"), brussels), At("mon 10:00"));
  // 05:45 ahead of UTC, and 08:45: quarters stay quarters.
  const auto kathmandu = support::Zone("Asia/Kathmandu");
  EXPECT_EQ(RoundedUp(At("mon 9:01", "Asia/Kathmandu"), kathmandu),
            At("mon 9:15", "Asia/Kathmandu"));
  // Local mean time of Brussels until 1892 was off by 17:30.
  EXPECT_EQ(RoundedUp(At("2027-03-28 1:59:59"), brussels), At("2027-03-28 3:00"));
}

class SlotsTest : public testing::Test {
 protected:
  SlotsTest() {
    Site lommel = MakeSite("lommel");
    lommel.calendar = support::Office();
    world_.Add(lommel);
    world_.Add(MakeSite("gent"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakeAsset("press", "gent"));
  }

  std::vector<Slot> Find(SlotQuery query) { return FindSlots(world_.state(), query, world_.now); }

  World world_;
};

TEST_F(SlotsTest, OfAKindComeByStartThenByAsset) {
  SlotQuery query;
  query.kind = "lab";
  query.duration = kHour;
  query.window = Span("mon 0:00-tue 12:00");
  query.limit = 10;
  const auto slots = Find(query);
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].items[0].asset, "press");
  EXPECT_EQ(slots[0].interval, Span("mon 0:00-1:00"));
  EXPECT_EQ(slots[0].start_slack, 35 * kHour);
  EXPECT_EQ(slots[1].items[0].asset, "oven");
  EXPECT_EQ(slots[1].interval, Span("mon 8:00-9:00"));
  EXPECT_EQ(slots[1].start_slack, 8 * kHour);
  EXPECT_EQ(slots[2].interval, Span("tue 8:00-9:00"));
  EXPECT_EQ(slots[0].time_zone, "Europe/Brussels");
}

TEST_F(SlotsTest, SiteLabelsAndKindNarrowTheSearch) {
  Asset sem = MakeAsset("sem", "gent");
  sem.kind = "microscope";
  sem.labels = {{"vendor", "x"}, {"class", "1"}};
  world_.Add(sem);
  SlotQuery query;
  query.kind = "microscope";
  query.duration = kHour;
  query.window = Span("mon 0:00-24:00");
  query.limit = 10;
  EXPECT_EQ(Find(query).size(), 1u);
  query.labels = {{"vendor", "x"}};
  EXPECT_EQ(Find(query).size(), 1u);
  query.labels = {{"vendor", "y"}};
  EXPECT_EQ(Find(query).size(), 0u);
  query.labels.clear();
  query.site = "lommel";
  EXPECT_EQ(Find(query).size(), 0u);
  query.site = "gent";
  EXPECT_EQ(Find(query).size(), 1u);
  query.quantity = 2;
  EXPECT_EQ(Find(query).size(), 0u);
}

TEST_F(SlotsTest, AMobileAssetIsSoughtForTheSiteItShouldComeTo) {
  Asset truck = support::MakeMobile("truck");
  truck.kind = "truck";
  world_.Add(truck);
  SlotQuery query;
  query.kind = "truck";
  query.duration = kHour;
  query.window = Span("mon 0:00-24:00");
  query.limit = 10;
  EXPECT_TRUE(Find(query).empty());
  query.site = "lommel";
  ASSERT_EQ(Find(query).size(), 1u);
  EXPECT_EQ(Find(query)[0].interval, Span("mon 8:00-9:00"));
  query.site = "gent";
  EXPECT_EQ(Find(query)[0].interval, Span("mon 0:00-1:00"));
  EXPECT_EQ(Find(query)[0].site, "gent");
}

TEST_F(SlotsTest, AllItemsAreFreeTogether) {
  world_.MustBook(Draft({Item("oven")}, Span("mon 8:00-10:00")));
  world_.MustBook(Draft({Item("press")}, Span("mon 11:00-16:00")));
  SlotQuery query;
  query.items = {Item("oven"), Item("press")};
  query.duration = kHour;
  query.window = Span("mon 0:00-tue 9:00");
  query.limit = 10;
  const auto slots = Find(query);
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].interval, Span("mon 10:00-11:00"));
  EXPECT_EQ(slots[0].start_slack, 0);
  EXPECT_EQ(slots[1].interval, Span("mon 16:00-17:00"));
  EXPECT_EQ(slots[2].interval, Span("tue 8:00-9:00"));
}

TEST_F(SlotsTest, NothingIsFoundInThePast) {
  world_.now = At("mon 12:07");
  SlotQuery query;
  query.items = {Item("oven")};
  query.duration = kHour;
  query.window = Span("mon 8:00-17:00");
  query.limit = 10;
  const auto slots = Find(query);
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_EQ(slots[0].interval, Span("mon 12:15-13:15"));
}

TEST_F(SlotsTest, AWindowTooShortHasNone) {
  SlotQuery query;
  query.items = {Item("oven")};
  query.duration = kHour;
  query.limit = 10;
  query.window = {At("mon 9:00"), At("mon 9:59:59")};
  EXPECT_TRUE(Find(query).empty());
  query.window = {At("mon 9:07"), At("mon 10:07")};
  ASSERT_EQ(Find(query).size(), 1u);
  EXPECT_EQ(Find(query)[0].interval, query.window);
}

TEST_F(SlotsTest, ItemsThatExcludeEachOtherHaveNoSlot) {
  world_.Add(support::MakeChild("door", "oven"));
  SlotQuery query;
  query.items = {Item("oven"), Item("door")};
  query.duration = kHour;
  query.window = Span("mon 8:00-17:00");
  query.limit = 10;
  EXPECT_TRUE(Find(query).empty());
}

// Every slot can be booked from its start to its last start, and every start
// that passes lies in a slot.
TEST(SlotsPropertyTest, SlotsPassAndNoneIsMissed) {
  int found = 0;
  for (unsigned seed = 0; seed < support::Seeds(30, 1000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 80; ++i) random.Step();
    const World& world = random.world();
    SlotQuery query;
    query.kind = "lab";
    query.site = random.Roll(2) == 0 ? "lommel" : "tartu";
    query.quantity = 1 + static_cast<int32_t>(random.Roll(2));
    query.duration = 10 * kMinute * (1 + static_cast<int>(random.Roll(12)));
    query.window = {world.now, At("wed 12:00")};
    query.limit = 1000;
    std::map<std::string, IntervalSet> starts;
    for (const Slot& slot : FindSlots(world.state(), query, world.now)) {
      ++found;
      for (const Seconds shift : {Seconds{0}, slot.start_slack, slot.start_slack / 2}) {
        Reservation draft = Draft(slot.items, slot.interval, slot.site);
        draft.interval = {slot.interval.start + shift, slot.interval.end + shift};
        const auto tried = world.Try({"ada"}, CreateReservation{draft, 0});
        ASSERT_TRUE(tried.ok()) << support::Describe(tried.error());
      }
      starts[slot.items[0].asset].push_back(
          {slot.interval.start, slot.interval.start + slot.start_slack + 1});
    }
    for (const std::string& id : random.assets()) {
      const Asset& asset = *world.catalogue().FindAsset(id);
      if (!asset.mobile && asset.site != query.site) continue;
      Reservation draft =
          Draft({Item(id, query.quantity)}, {0, query.duration}, asset.mobile ? query.site : "");
      draft = WithChangeover(world.catalogue(), draft);
      for (Instant at = query.window.start - query.window.start % 900 + 900;
           at + query.duration <= query.window.end; at += 900) {
        ASSERT_EQ(Holds(starts[id], at), NaivelyPasses(world, StartingAt(draft, at), nullptr))
            << id << " " << FormatLocal(at, support::Zone(support::kBrussels));
      }
    }
  }
  EXPECT_GT(found, 80);
}

}  // namespace
}  // namespace labslot::engine
