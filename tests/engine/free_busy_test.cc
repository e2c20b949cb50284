// Spans of what is free, busy, closed and blocked.

#include "daemon/engine/free_busy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/engine/place.h"
#include "tests/engine/naive.h"
#include "tests/engine/random_world.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Draft;
using support::Item;
using support::Span;
using support::World;

FreeBusy Of(const World& world, const std::string& id, const Interval& period,
            const std::string& site = "") {
  const Asset& asset = *world.catalogue().FindAsset(id);
  const Site& place = *PlaceOf(world.catalogue(), asset, site);
  return FreeBusyOf(
      world.catalogue(),
      [&](absl::string_view name) -> const Timeline& { return world.state().timeline(name); },
      asset, place, period);
}

TEST(FreeBusyTest, ADayByHand) {
  World world;
  Site lommel = support::MakeSite("lommel");
  lommel.calendar = support::Office();
  world.Add(lommel);
  world.Add(support::MakeAsset("line"));
  Asset rigs = support::MakeChild("rigs", "line");
  rigs.capacity_kind = CapacityKind::kPool;
  rigs.capacity = 3;
  world.Add(rigs);
  world.MustBook(Draft({Item("rigs", 2)}, Span("mon 9:00-11:00")));
  world.MustBook(Draft({Item("line")}, Span("mon 12:00-13:00")));
  const FreeBusy found = Of(world, "rigs", Span("mon 0:00-24:00"));
  const struct {
    const char* span;
    bool open;
    int32_t free;
    bool blocked;
  } table[] = {
      {"mon 0:00-8:00", false, 3, false},   {"mon 8:00-9:00", true, 3, false},
      {"mon 9:00-11:00", true, 1, false},   {"mon 11:00-12:00", true, 3, false},
      {"mon 12:00-13:00", true, 3, true},   {"mon 13:00-17:00", true, 3, false},
      {"mon 17:00-24:00", false, 3, false},
  };
  ASSERT_EQ(found.spans.size(), std::size(table));
  for (size_t i = 0; i < std::size(table); ++i) {
    EXPECT_EQ(found.spans[i].interval, Span(table[i].span));
    EXPECT_EQ(found.spans[i].open, table[i].open) << table[i].span;
    EXPECT_EQ(found.spans[i].free_capacity, table[i].free) << table[i].span;
    EXPECT_EQ(found.spans[i].blocked, table[i].blocked) << table[i].span;
  }
  ASSERT_EQ(found.occupants.size(), 1u);
  EXPECT_EQ(found.occupants[0].quantity, 2);
}

TEST(FreeBusyTest, WhatReachesIntoThePeriodCounts) {
  World world;
  world.Add(support::MakeSite("lommel"));
  world.Add(support::MakeAsset("oven"));
  const ReservationId id = world.MustBook(Draft({Item("oven")}, Span("mon 9:00-wed 9:00")));
  const FreeBusy found = Of(world, "oven", Span("tue 0:00-24:00"));
  ASSERT_EQ(found.spans.size(), 1u);
  EXPECT_EQ(found.spans[0].free_capacity, 0);
  ASSERT_EQ(found.occupants.size(), 1u);
  EXPECT_EQ(found.occupants[0].reservation, id);
  EXPECT_TRUE(Of(world, "oven", Span("wed 9:00-24:00")).occupants.empty());
}

TEST(FreeBusyTest, SpansPartitionThePeriodAndTellTheTruth) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 70; ++i) random.Step();
    const World& world = random.world();
    for (const std::string& id : random.assets()) {
      const Interval period = random.AnyInterval().Widened(3600, 20000);
      const std::string site = id == "truck" ? "tartu" : "";
      const Asset& asset = *world.catalogue().FindAsset(id);
      const FreeBusy found = Of(world, id, period, site);
      Instant covered = period.start;
      for (const FreeBusySpan& span : found.spans) {
        ASSERT_EQ(span.interval.start, covered) << id;
        ASSERT_FALSE(span.interval.empty()) << id;
        covered = span.interval.end;
        const OpeningHours hours =
            HoursOf(world.catalogue(), asset, *PlaceOf(world.catalogue(), asset, site));
        const auto relatives = NaivelyRelated(world.catalogue(), asset);
        for (const Instant at : {span.interval.start, span.interval.end - 1}) {
          int32_t used = 0;
          bool blocked = false;
          for (const auto& [number, other] : world.reservations()) {
            if (!IsBlocking(other.state)) continue;
            for (const ReservationItem& item : other.items) {
              if (!OccupancyOf(other, item).Contains(at)) continue;
              if (item.asset == id) used += item.quantity;
              blocked |= std::count(relatives.begin(), relatives.end(), item.asset) > 0;
            }
          }
          ASSERT_EQ(span.free_capacity, asset.capacity - used) << id;
          ASSERT_EQ(span.blocked, blocked) << id;
          ASSERT_EQ(span.open, !OpenTimes(hours, {at, at + 1}).empty()) << id;
        }
      }
      ASSERT_EQ(covered, period.end) << id;
    }
  }
}

}  // namespace
}  // namespace labslot::engine
