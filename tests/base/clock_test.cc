#include "daemon/base/clock.h"

#include <gtest/gtest.h>

#include "daemon/base/limits.h"

namespace labslot {
namespace {

TEST(ManualClockTest, StandsStillUntilItIsTold) {
  ManualClock clock(100);
  EXPECT_EQ(clock.Now(), 100);
  EXPECT_EQ(clock.Now(), 100);
}

TEST(ManualClockTest, JumpsInBothDirections) {
  ManualClock clock(100);
  clock.Advance(50);
  EXPECT_EQ(clock.Now(), 150);
  clock.Advance(-200);
  EXPECT_EQ(clock.Now(), -50);
  clock.Set(7);
  EXPECT_EQ(clock.Now(), 7);
}

TEST(SystemClockTest, CountsSecondsOfThisEra) {
  const Instant now = SystemClock().Now();
  EXPECT_GT(now, 1'700'000'000);
  EXPECT_LT(now, limits::kLatestInstant);
}

TEST(LimitsTest, RequestsAreRememberedForLongerThanPromised) {
  EXPECT_GT(limits::kRequestMemory, 7 * limits::kDay);
}

TEST(LimitsTest, TheLongestOccupancyStaysFarFromTheEndsOfTime) {
  EXPECT_LT(limits::kLatestInstant + limits::kLongestRun + 2 * limits::kLongestChangeover,
            int64_t{1} << 40);
}

}  // namespace
}  // namespace labslot
