#include "daemon/domain/interval.h"

#include <gtest/gtest.h>

#include <bitset>
#include <random>

namespace labslot {
namespace {

constexpr Instant kSpan = 96;
using Bitmap = std::bitset<kSpan>;

Bitmap BitmapOf(const std::vector<Interval>& intervals) {
  Bitmap bitmap;
  for (const Interval& interval : intervals) {
    for (Instant second = interval.start; second < interval.end; ++second) {
      bitmap.set(static_cast<size_t>(second));
    }
  }
  return bitmap;
}

// In order, none empty, none touching.
bool IsWellFormed(const IntervalSet& set) {
  for (size_t i = 0; i < set.size(); ++i) {
    if (set[i].empty()) return false;
    if (i > 0 && set[i].start <= set[i - 1].end) return false;
  }
  return true;
}

class RandomIntervals {
 public:
  explicit RandomIntervals(unsigned seed) : random_(seed) {}

  // Some of them empty or reversed.
  Interval One() {
    const Instant start = static_cast<Instant>(random_() % kSpan);
    const Instant length = static_cast<Instant>(random_() % 20) - 2;
    return {start, std::min(start + length, kSpan)};
  }
  std::vector<Interval> Some() {
    std::vector<Interval> intervals(random_() % 9);
    for (Interval& interval : intervals) interval = One();
    return intervals;
  }

 private:
  std::mt19937 random_;
};

TEST(IntervalTest, TouchingIntervalsDoNotOverlap) {
  const Interval morning{0, 10};
  const Interval afternoon{10, 20};
  EXPECT_FALSE(morning.Overlaps(afternoon));
  EXPECT_FALSE(afternoon.Overlaps(morning));
  EXPECT_TRUE(morning.Intersect(afternoon).empty());
}

TEST(IntervalTest, OneSharedSecondOverlaps) {
  EXPECT_TRUE((Interval{0, 11}.Overlaps({10, 20})));
  EXPECT_EQ((Interval{0, 11}.Intersect({10, 20})), (Interval{10, 11}));
}

TEST(IntervalTest, TheEndIsOutside) {
  const Interval interval{5, 8};
  EXPECT_FALSE(interval.Contains(4));
  EXPECT_TRUE(interval.Contains(5));
  EXPECT_TRUE(interval.Contains(7));
  EXPECT_FALSE(interval.Contains(8));
  EXPECT_TRUE(interval.Contains(Interval{5, 8}));
  EXPECT_FALSE(interval.Contains(Interval{5, 9}));
}

TEST(IntervalTest, ReversedIntervalsAreEmpty) {
  EXPECT_TRUE((Interval{8, 5}.empty()));
  EXPECT_TRUE((Interval{5, 5}.empty()));
  EXPECT_FALSE((Interval{5, 6}.empty()));
}

TEST(IntervalTest, WideningAddsBeforeAndAfter) {
  EXPECT_EQ((Interval{10, 20}.Widened(3, 4)), (Interval{7, 24}));
}

TEST(IntervalSetTest, UnionJoinsWhatTouches) {
  EXPECT_EQ(Union({{10, 20}, {0, 10}}), (IntervalSet{{0, 20}}));
  EXPECT_EQ(Union({{0, 10}, {11, 20}}), (IntervalSet{{0, 10}, {11, 20}}));
  EXPECT_EQ(Union({{0, 30}, {5, 6}, {29, 31}}), (IntervalSet{{0, 31}}));
  EXPECT_EQ(Union({{5, 5}, {9, 3}}), IntervalSet{});
  EXPECT_EQ(Union({}), IntervalSet{});
}

TEST(IntervalSetTest, LawsHoldAgainstABitmap) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomIntervals random(seed);
    const auto x = random.Some();
    const auto y = random.Some();
    const Interval whole = random.One();
    const IntervalSet a = Union(x);
    const IntervalSet b = Union(y);
    const IntervalSet both = Intersection(a, b);
    const IntervalSet rest = Difference(whole, a);
    ASSERT_TRUE(IsWellFormed(a) && IsWellFormed(both) && IsWellFormed(rest));
    ASSERT_EQ(BitmapOf(a), BitmapOf(x));
    ASSERT_EQ(BitmapOf(both), BitmapOf(x) & BitmapOf(y));
    ASSERT_EQ(Intersection(b, a), both);
    ASSERT_EQ(BitmapOf(rest), BitmapOf({whole}) & ~BitmapOf(x));
    ASSERT_EQ(TotalLength(a), static_cast<Seconds>(BitmapOf(x).count()));
    ASSERT_EQ(Union(a), a);
  }
}

}  // namespace
}  // namespace labslot
