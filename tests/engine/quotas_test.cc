// Quotas: the period in which something counts.

#include <gtest/gtest.h>

#include "tests/engine/quotas_fixture.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::kHour;

// Periods.

TEST_F(QuotasTest, ADayTakesItsHoursAndNotAMinuteMore) {
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kDay, {Dimension::kUser}));
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-12:00 -> ok
    book rig @ mon 13:00-14:00 -> ok
    book rig @ mon 15:00-15:01 -> quota_exceeded rig
    book rig @ mon 15:00-15:01 by bob -> ok
    book rig @ tue 0:00-4:00 -> ok
    book rig @ tue 4:00-4:01 -> quota_exceeded rig
    book rig @ wed 9:00-13:01 -> quota_exceeded rig
    book rig @ wed 20:00-24:00 -> ok
  )");
}

TEST_F(QuotasTest, ARunOverMidnightCountsOnEachDayForWhatLiesInIt) {
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    book rig @ wed 22:00-thu 3:00 -> ok
    book rig @ wed 9:00-11:00 -> ok
    book rig @ wed 12:00-12:01 -> quota_exceeded rig
    book rig @ thu 9:00-10:00 -> ok
    book rig @ thu 12:00-12:01 -> quota_exceeded rig
    book rig @ fri 20:00-sat 4:00 -> ok
    # a whole day in the middle of three
    book rig @ 2027-03-10 23:00/2027-03-12 1:00 -> quota_exceeded rig
  )");
}

TEST_F(QuotasTest, AWeekEndsOnSunday) {
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-03-07 22:00/2027-03-08 2:00 -> ok
    book rig @ mon 9:00-11:00 -> ok
    book rig @ wed 9:00-9:01 -> quota_exceeded rig
    book rig @ 2027-03-14 22:00/2027-03-15 0:00 -> ok
    book rig @ 2027-03-09 9:00/2027-03-09 9:01 -> quota_exceeded rig
    book rig @ 2027-03-15 0:00/2027-03-15 4:00 -> ok
  )");
}

TEST_F(QuotasTest, AMonthEndsOnItsLastDay) {
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kMonth));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-03-31 22:00/2027-04-01 2:00 -> ok
    book rig @ 2027-03-01 9:00/2027-03-01 11:00 -> ok
    book rig @ 2027-03-15 9:00/2027-03-15 9:01 -> quota_exceeded rig
    book rig @ 2027-04-30 22:00/2027-05-01 0:00 -> ok
    book rig @ 2027-04-15 9:00/2027-04-15 9:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotasTest, AYearEndsOnNewYearsEve) {
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kYear));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-12-31 22:00/2028-01-01 2:00 -> ok
    book rig @ 2027-03-01 9:00/2027-03-01 11:00 -> ok
    book rig @ 2027-08-15 9:00/2027-08-15 9:01 -> quota_exceeded rig
    book rig @ 2028-12-31 9:00/2028-12-31 11:00 -> ok
    book rig @ 2028-06-01 9:00/2028-06-01 9:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotasTest, RollingDaysAreAnySoManyDaysOnEnd) {
  world_.Add(Rolling(TimeQuota(20 * kHour, QuotaPeriod::kRolling), 14));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-03-02 8:00/2027-03-02 18:00 -> ok
    book rig @ 2027-03-15 8:00/2027-03-15 18:00 -> ok
    # the 2nd to the 15th are 14 days, and are full
    book rig @ 2027-03-08 8:00/2027-03-08 8:01 -> quota_exceeded rig
    book rig @ 2027-03-02 20:00/2027-03-02 20:01 -> quota_exceeded rig
    book rig @ 2027-03-15 20:00/2027-03-15 20:01 -> quota_exceeded rig
    # the windows that begin on the 3rd or end on the 14th have but ten hours
    book rig @ 2027-03-16 8:00/2027-03-16 18:00 -> ok
    book rig @ 2027-03-01 8:00/2027-03-01 18:00 -> ok
    # the 1st to the 14th and the 3rd to the 16th have twenty now
    book rig @ 2027-03-17 8:00/2027-03-17 8:01 -> quota_exceeded rig
    # the 16th to the 29th have ten, but not with what comes before
    book rig @ 2027-03-28 8:00/2027-03-28 8:01 -> quota_exceeded rig
    book rig @ 2027-03-29 8:00/2027-03-29 18:00 -> ok
  )");
}

TEST_F(QuotasTest, RollingOverOneDayIsADay) {
  world_.Add(Rolling(CountQuota(1, QuotaPeriod::kRolling), 1));
  EXPECT_TABLE(script_, R"(
    book rig @ mon 23:00-tue 1:00 -> ok
    book rig @ mon 9:00-10:00 -> quota_exceeded rig
    book rig @ tue 9:00-10:00 -> ok
  )");
}

TEST_F(QuotasTest, ARunLongerThanTheRollingDaysCountsInEachWindowOfItself) {
  world_.Add(Rolling(TimeQuota(48 * kHour, QuotaPeriod::kRolling), 2));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-03-08 0:00/2027-03-18 0:00 -> ok
    book rig @ 2027-03-18 0:00/2027-03-18 0:01 -> ok
    book rig @ 2027-03-17 0:00/2027-03-17 0:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotasTest, TheAllowanceOfTheFutureReturnsWhenARunStarts) {
  world_.Add(CountQuota(2, QuotaPeriod::kFuture, {Dimension::kUser}));
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-12:00 -> ok
    b: book rig @ 2028-03-01 9:00/2028-03-01 10:00 -> ok
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
    now 2027-03-01 8:59
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
    now 2027-03-01 9:00
    c: book rig @ tue 9:00-10:00 -> ok
    book rig @ wed 9:00-10:00 -> quota_exceeded rig
    cancel b -> ok
    book rig @ wed 9:00-10:00 -> ok
    # what starts at once is not to come
    book rig @ mon 9:00-10:00 -> ok
    # the run in use may be made longer, and those to come may be moved
    move a @ mon 9:00-13:00 -> ok
    move c @ thu 9:00-17:00 -> ok
  )");
}

TEST_F(QuotasTest, TimeToComeIsLimitedInOneSum) {
  world_.Add(TimeQuota(6 * kHour, QuotaPeriod::kFuture, {Dimension::kUser}));
  EXPECT_TABLE(script_, R"(
    a: book rig*2 @ mon 9:00-11:00 -> ok
    b: book rig @ 2027-12-01 9:00/2027-12-01 11:00 -> ok
    book rig @ tue 9:00-9:01 -> quota_exceeded rig
    move b @ 2027-11-01 9:00/2027-11-01 11:01 -> quota_exceeded rig
    move b @ 2027-11-01 9:00/2027-11-01 10:00 -> ok
    now mon 9:00
    book rig @ tue 9:00-14:01 -> quota_exceeded rig
    book rig @ tue 9:00-14:00 -> ok
  )");
}

TEST_F(QuotasTest, ARunCountsInThePeriodInWhichItStarts) {
  world_.Add(CountQuota(1, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    a: book rig*5 @ 2027-03-07 22:00/2027-03-09 2:00 -> ok
    book rig @ mon 9:00-10:00 -> quota_exceeded rig
    b: book rig @ 2027-03-10 9:00/2027-03-10 10:00 -> ok
    move a @ 2027-03-08 0:00/2027-03-08 1:00 -> quota_exceeded rig
    move a @ 2027-03-07 23:59/2027-03-08 1:00 -> ok
    move b @ 2027-03-08 0:00/2027-03-08 1:00 -> ok
  )");
}

TEST_F(QuotasTest, EachAssetOfAReservationIsOneRun) {
  world_.Add(CountQuota(3, QuotaPeriod::kDay, {Dimension::kUser}));
  EXPECT_TABLE(script_, R"(
    a: book rig*7, sem @ mon 9:00-10:00 -> ok
    book sem, sem-2 @ mon 9:00-10:00 -> quota_exceeded sem
    book sem-2 @ mon 9:00-10:00 -> ok
    items a rig*2, sem*2 -> ok
    items a rig, sem, sem-2 -> quota_exceeded rig
    items a rig -> ok
  )");
}

// The local time of the place.

TEST_F(QuotasTest, DaysAreThoseOfThePlaceOfTheRun) {
  world_.Add(CountQuota(1, QuotaPeriod::kDay, {Dimension::kAsset}));
  EXPECT_TABLE(script_, R"(
    # half past midnight of Tuesday in Tartu
    book mill @ mon 23:30-tue 1:00 -> ok
    book mill @ mon 9:00-10:00 -> ok
    book mill @ tue 9:00-10:00 -> quota_exceeded mill
    book truck @ mon 23:30-tue 1:00 at tartu -> ok
    book truck @ tue 9:00-10:00 at lommel -> quota_exceeded truck
    book truck @ mon 9:00-10:00 at lommel -> ok
  )");
}

TEST_F(QuotasTest, ADayOf23HoursHas23) {
  world_.Add(TimeQuota(23 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-03-27 0:00/2027-03-28 0:00 -> quota_exceeded rig
    a: book rig @ 2027-03-28 0:00/2027-03-29 0:00 -> ok
    book rig @ 2027-03-28 12:00/2027-03-28 12:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotasTest, ADayOf25HoursHas25) {
  world_.Add(TimeQuota(24 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-10-31 0:00/2027-11-01 0:00 -> quota_exceeded rig
    book rig @ 2027-10-31 0:00/2027-10-31 23:00 -> ok
    book rig @ 2027-10-31 23:00/2027-10-31 23:01 -> quota_exceeded rig
    book rig @ 2027-11-01 0:00/2027-11-02 0:00 -> ok
  )");
}

TEST_F(QuotasTest, ANightOverASwitchIsSplitAtMidnight) {
  world_.Add(TimeQuota(5 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    # two hours before midnight, and five until six
    book rig @ 2027-03-27 22:00/2027-03-28 6:00 -> ok
    book rig @ 2027-03-27 9:00/2027-03-27 12:00 -> ok
    book rig @ 2027-03-27 12:00/2027-03-27 12:01 -> quota_exceeded rig
    book rig @ 2027-03-28 12:00/2027-03-28 12:01 -> quota_exceeded rig
    # seven until six
    book rig @ 2027-10-30 22:00/2027-10-31 6:00 -> quota_exceeded rig
    book rig @ 2027-10-30 22:00/2027-10-31 4:00 -> ok
  )");
}

// Hand-back.

TEST_F(QuotasTest, TheUnusedShareIsHandedBackShortlyBefore) {
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kWeek, {Dimension::kAsset});
  quota.hand_back = Lead{14, 0};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-20:00 -> ok
    book rig @ 2027-03-14 11:59/2027-03-14 15:00 -> ok
    book sem @ 2027-03-14 12:00/2027-03-14 14:01 -> quota_exceeded sem
    book sem @ 2027-03-14 12:00/2027-03-14 14:00 -> ok
    # what was booked freely counts for those for whom it holds
    book rig @ 2027-03-14 12:00/2027-03-14 12:01 -> quota_exceeded rig
    book rig @ 2027-03-17 12:00/2027-03-17 15:00 -> quota_exceeded rig
    now 2027-03-03 12:01
    book rig @ 2027-03-17 12:00/2027-03-17 15:00 -> ok
  )");
}

TEST_F(QuotasTest, DaysOfTheHandBackAreLocal) {
  Quota quota = TimeQuota(kHour, QuotaPeriod::kDay, {Dimension::kAsset});
  quota.hand_back = Lead{1, 0};
  world_.Add(quota);
  // From noon to noon are 23 hours.
  EXPECT_TABLE(script_, R"(
    now 2027-03-27 12:00
    book rig @ 2027-03-28 12:00/2027-03-28 14:00 -> quota_exceeded rig
    book rig @ 2027-03-28 11:59/2027-03-28 14:00 -> ok
  )");
}

}  // namespace
}  // namespace labslot::engine
