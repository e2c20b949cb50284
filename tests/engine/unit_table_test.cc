// Units of one kind, who sits on them, and how they are told apart.

#include "daemon/engine/unit_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/engine/naive_units.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

UnitSet SetOf(size_t units, const std::vector<size_t>& members) {
  UnitSet set(units);
  for (const size_t unit : members) set.Add(unit);
  return set;
}

// Seats somebody who would take any unit on the first kind that has room.
void Seat(UnitTable& table, const UnitUse& use) {
  const UnitTable::Place place = table.Add(use);
  std::vector<UnitTable::Kind> kinds;
  for (const size_t unit : use.held) kinds.push_back(table.KindOf(unit));
  for (UnitTable::Kind kind = 0; kinds.empty() && kind < table.kinds(); ++kind) {
    if (table.Peak(kind, use.interval) < table.SizeOf(kind)) kinds.push_back(kind);
  }
  if (!kinds.empty()) table.Sit(place, kinds);
}

// All who sit have a unit of their own for all of their time, from `now` on.
void ExpectAWay(const UnitTable& table, Instant now) {
  std::vector<UnitUse> uses;
  std::vector<std::vector<size_t>> units;
  for (const auto& [place, of_place] : table.WayOnAll(now)) {
    UnitUse use = table.use(place);
    use.interval.start = std::max(use.interval.start, now);
    if (use.interval.empty()) continue;
    uses.push_back(use);
    units.push_back(of_place);
    for (size_t i = 0; i < of_place.size(); ++i) {
      EXPECT_EQ(table.KindOf(of_place[i]), table.kinds_of(place)[i]);
    }
  }
  EXPECT_TRUE(IsWay(uses, units));
}

TEST(UnitTableTest, AllUnitsAreAlikeAtFirst) {
  UnitTable table(3);
  ASSERT_EQ(table.kinds(), 1u);
  EXPECT_EQ(table.SizeOf(0), 3u);
  Seat(table, MakeUse(0, 4, "111"));
  Seat(table, MakeUse(2, 6, "111"));
  Seat(table, MakeUse(4, 8, "111"));
  EXPECT_EQ(table.Peak(0, {0, 8}), 2u);
  EXPECT_EQ(table.Peak(0, {6, 8}), 1u);
  EXPECT_EQ(table.Peak(0, {8, 9}), 0u);
}

TEST(UnitTableTest, WhoHoldsAUnitKeepsItWhenItIsToldApart) {
  UnitTable table(2);
  Seat(table, MakeUse(0, 4, "11", 1, {1}));
  Seat(table, MakeUse(2, 6, "11"));
  table.TellApart(SetOf(2, {1}), 0);
  ASSERT_EQ(table.kinds(), 2u);
  EXPECT_EQ(table.Peak(table.KindOf(1), {0, 4}), 1u);
  EXPECT_EQ(table.Peak(table.KindOf(0), {0, 6}), 1u);
  EXPECT_EQ(table.Peak(table.KindOf(1), {4, 6}), 0u);
}

TEST(UnitTableTest, WhoIsFoundOverlapsHoweverLongHeStays) {
  UnitTable table(3);
  Seat(table, MakeUse(0, 1000000, "111"));
  Seat(table, MakeUse(5, 6, "111"));
  Seat(table, MakeUse(7, 9, "111"));
  std::vector<UnitTable::Place> found;
  table.VisitOn(0, {6, 8}, [&](UnitTable::Place place) { found.push_back(place); });
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<UnitTable::Place>{0, 2}));
}

TEST(UnitTableTest, ThereIsAWayHoweverUnitsAreToldApartAndJoined) {
  for (unsigned seed = 1; seed <= support::Seeds(200, 20000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    const size_t units = 1 + below(6);
    UnitTable table(units);
    for (size_t unit = 0; unit < units; ++unit) {
      if (below(3) == 0) {
        Seat(table, MakeUse(0, 1 + below(8), std::string(units, '1'), 1, {unit}));
      }
    }
    std::vector<UnitSet> asked;
    Instant now = 0;
    for (int step = 0; step < 30; ++step) {
      const Instant start = now + below(10);
      Seat(table, MakeUse(start, start + 1 + below(6), std::string(units, '1')));
      if (below(6) == 0) ++now;
      if (below(8) == 0) {
        asked.emplace_back(units);
        for (size_t unit = 0; unit < units; ++unit) {
          if (below(2) == 0) asked.back().Add(unit);
        }
        table.TellApart(asked.back(), now);
      }
      if (below(10) == 0 && !asked.empty()) {
        asked.pop_back();
        table.Join(asked, std::vector<bool>(units));
      }
      for (UnitTable::Kind kind = 0; kind < table.kinds(); ++kind) {
        ASSERT_LE(table.Peak(kind, {now, 1000}), table.SizeOf(kind));
      }
      ASSERT_NO_FATAL_FAILURE(ExpectAWay(table, now));
    }
  }
}

}  // namespace
}  // namespace labslot::engine
