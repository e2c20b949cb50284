// The timeline against a bitmap of seconds.

#include "daemon/engine/timeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace labslot::engine {
namespace {

constexpr Instant kSpan = 60;

Occupant Make(ReservationId id, Interval blocked, int32_t quantity = 1) {
  Occupant occupant;
  occupant.reservation = id;
  occupant.blocked = blocked;
  occupant.quantity = quantity;
  return occupant;
}

TEST(TimelineTest, PeakIsTheGreatestSumAndNotTheSumOfAll) {
  Timeline timeline;
  timeline.Insert(Make(1, {0, 10}));
  timeline.Insert(Make(2, {10, 20}, 2));
  timeline.Insert(Make(3, {5, 15}));
  EXPECT_EQ(timeline.Peak({0, 20}), 3);
  EXPECT_EQ(timeline.Peak({0, 5}), 1);
  EXPECT_EQ(timeline.Peak({5, 10}), 2);
  EXPECT_EQ(timeline.Peak({15, 20}), 2);
  EXPECT_EQ(timeline.Peak({20, 30}), 0);
  EXPECT_EQ(timeline.Peak({-10, 0}), 0);
}

TEST(TimelineTest, AnEmptyOneIsFree) {
  const Timeline timeline;
  EXPECT_TRUE(timeline.empty());
  EXPECT_EQ(timeline.Peak({0, 100}), 0);
  EXPECT_TRUE(timeline.Overlapping({0, 100}, 10).empty());
  EXPECT_FALSE(timeline.UsedFrom(0));
  EXPECT_TRUE(timeline.TimesAbove(0, {0, 100}).empty());
  EXPECT_EQ(timeline.TimesAbove(-1, {0, 100}), (IntervalSet{{0, 100}}));
}

TEST(TimelineTest, TheRunIsWhatChangeoverLeaves) {
  Occupant occupant = Make(1, {100, 200});
  occupant.set_up = 10;
  occupant.tear_down = 20;
  EXPECT_EQ(occupant.run(), (Interval{110, 180}));
}

TEST(TimelineTest, WithoutLeavesAnOccupantOut) {
  Timeline timeline;
  const Occupant own = Make(1, {0, 10}, 2);
  timeline.Insert(own);
  timeline.Insert(Make(2, {5, 15}));
  EXPECT_EQ(timeline.Peak({0, 20}, &own), 1);
  EXPECT_EQ(timeline.Peak({0, 5}, &own), 0);
  EXPECT_EQ(timeline.TimesAbove(0, {0, 20}, &own), (IntervalSet{{5, 15}}));
}

TEST(TimelineTest, OverlappingIsByStartAndBounded) {
  Timeline timeline;
  timeline.Insert(Make(3, {20, 30}));
  timeline.Insert(Make(1, {0, 25}));
  timeline.Insert(Make(2, {10, 12}));
  timeline.Insert(Make(4, {30, 40}));
  const auto found = timeline.Overlapping({11, 30}, 10);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].reservation, 1);
  EXPECT_EQ(found[1].reservation, 2);
  EXPECT_EQ(found[2].reservation, 3);
  EXPECT_EQ(timeline.Overlapping({11, 30}, 2).size(), 2u);
}

TEST(TimelineTest, UsedFromLooksAtTheEnd) {
  Timeline timeline;
  timeline.Insert(Make(1, {0, 100}));
  timeline.Insert(Make(2, {10, 20}));
  EXPECT_TRUE(timeline.UsedFrom(99));
  EXPECT_FALSE(timeline.UsedFrom(100));
}

class NaiveTimeline {
 public:
  std::vector<Occupant> occupants;

  int32_t Used(Instant at, const Occupant* without = nullptr) const {
    int32_t used = 0;
    for (const Occupant& occupant : occupants) {
      if (without != nullptr && occupant.reservation == without->reservation) continue;
      if (occupant.blocked.Contains(at)) used += occupant.quantity;
    }
    return used;
  }
};

// Everything that can be asked of an interval.
void ExpectSame(const Timeline& timeline, const NaiveTimeline& naive, const Interval& interval,
                const Occupant* without, int32_t allowed) {
  int32_t peak = 0;
  std::vector<Interval> above;
  for (Instant at = interval.start; at < interval.end; ++at) {
    peak = std::max(peak, naive.Used(at, without));
    if (naive.Used(at, without) > allowed) above.push_back({at, at + 1});
  }
  ASSERT_EQ(timeline.Peak(interval, without), peak);
  ASSERT_EQ(timeline.TimesAbove(allowed, interval, without), Union(above));
  Instant covered = interval.start;
  timeline.VisitSteps(interval, [&](const Interval& step, int32_t used) {
    ASSERT_EQ(step.start, covered);
    ASSERT_FALSE(step.empty());
    covered = step.end;
    for (Instant at = step.start; at < step.end; ++at) ASSERT_EQ(used, naive.Used(at));
  });
  ASSERT_EQ(covered, interval.end);
  size_t overlapping = 0;
  for (const Occupant& occupant : naive.occupants)
    overlapping += occupant.blocked.Overlaps(interval);
  ASSERT_EQ(timeline.Overlapping(interval, 1000).size(), overlapping);
}

TEST(TimelineTest, RandomLivesAgreeWithABitmap) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const auto any_interval = [&random] {
      const Instant start = static_cast<Instant>(random() % (kSpan - 1));
      return Interval{start, start + 1 + static_cast<Instant>(random() % (kSpan - 1 - start + 1))};
    };
    Timeline timeline;
    NaiveTimeline naive;
    for (ReservationId id = 1; id <= 40; ++id) {
      if (random() % 3 != 0 || naive.occupants.empty()) {
        naive.occupants.push_back(Make(id, any_interval(), 1 + static_cast<int32_t>(random() % 3)));
        timeline.Insert(naive.occupants.back());
      } else {
        const size_t victim = random() % naive.occupants.size();
        timeline.Erase(naive.occupants[victim]);
        naive.occupants.erase(naive.occupants.begin() + static_cast<std::ptrdiff_t>(victim));
      }
      const Occupant* without = nullptr;
      if (!naive.occupants.empty() && random() % 2 == 0) {
        without = &naive.occupants[random() % naive.occupants.size()];
      }
      ExpectSame(timeline, naive, any_interval(), without, static_cast<int32_t>(random() % 5));
      ASSERT_EQ(timeline.size(), naive.occupants.size());
      if (HasFatalFailure()) return;
    }
  }
}

TEST(TimelineTest, ForgettingKeepsWhatStillRuns) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    Timeline timeline;
    NaiveTimeline naive;
    for (ReservationId id = 1; id <= 20; ++id) {
      const Instant start = static_cast<Instant>(random() % 50);
      naive.occupants.push_back(Make(id, {start, start + 1 + static_cast<Instant>(random() % 10)}));
      timeline.Insert(naive.occupants.back());
    }
    const Instant before = static_cast<Instant>(random() % kSpan);
    timeline.ForgetBefore(before);
    const auto all = naive.occupants;
    std::erase_if(naive.occupants, [&](const Occupant& o) { return o.blocked.end <= before; });
    ASSERT_EQ(timeline.size(), naive.occupants.size());
    ExpectSame(timeline, naive, {before, kSpan + 5}, nullptr, 1);
    // Erasing what was forgotten does nothing; erasing the rest empties it.
    for (const Occupant& occupant : all) timeline.Erase(occupant);
    ASSERT_TRUE(timeline.empty());
    ASSERT_EQ(timeline.Peak({0, kSpan + 20}), 0);
  }
}

}  // namespace
}  // namespace labslot::engine
