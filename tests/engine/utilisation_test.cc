// Accounting for every second.

#include "daemon/engine/utilisation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;
using support::Span;
using support::Zone;

Occupancy Use(const Interval& run, ReservationState state = ReservationState::kConfirmed,
              int32_t quantity = 1, Seconds set_up = 0, Seconds tear_down = 0) {
  Occupancy occupancy;
  occupancy.reservation = 1;
  occupancy.run = run;
  occupancy.state = state;
  occupancy.quantity = quantity;
  occupancy.set_up = set_up;
  occupancy.tear_down = tear_down;
  return occupancy;
}

UtilisationRow Account(const AssetRecord& record, const Interval& bucket) {
  const auto rows = AccountFor(record, {bucket});
  EXPECT_EQ(rows.size(), 1u);
  return rows.at(0);
}

Seconds SumOf(const UtilisationRow& row) {
  return row.booked + row.held + row.changeover + row.blocked + row.closed + row.available;
}

TEST(UtilisationTest, AnOfficeDayByHand) {
  AssetRecord record;
  record.open = {Span("mon 8:00-17:00")};
  record.occupancies = {Use(Span("mon 9:00-12:00"), ReservationState::kConfirmed, 1, 1800, 900),
                        Use(Span("mon 16:00-18:00"))};
  const UtilisationRow row = Account(record, Span("mon 0:00-24:00"));
  EXPECT_EQ(row.total, 24 * kHour);
  EXPECT_EQ(row.booked, 5 * kHour);
  EXPECT_EQ(row.changeover, 2700);
  EXPECT_EQ(row.held, 0);
  EXPECT_EQ(row.blocked, 0);
  EXPECT_EQ(row.closed, 14 * kHour);
  EXPECT_EQ(row.available, 5 * kHour - 2700);
  EXPECT_EQ(row.booked_open, 4 * kHour);
  EXPECT_EQ(row.open, 9 * kHour);
  EXPECT_EQ(SumOf(row), row.total);
}

TEST(UtilisationTest, APoolCountsUnitSeconds) {
  AssetRecord record;
  record.capacity = 7;
  record.open = {Span("mon 0:00-24:00")};
  record.occupancies = {Use(Span("mon 9:00-10:00"), ReservationState::kConfirmed, 3),
                        Use(Span("mon 9:30-10:30"), ReservationState::kHeld, 2)};
  const UtilisationRow row = Account(record, Span("mon 0:00-24:00"));
  EXPECT_EQ(row.total, 7 * 24 * kHour);
  EXPECT_EQ(row.booked, 3 * kHour);
  EXPECT_EQ(row.held, 2 * kHour);
  EXPECT_EQ(row.available, (7 * 24 - 5) * kHour);
  EXPECT_EQ(row.open, 7 * 24 * kHour);
}

TEST(UtilisationTest, StatesCountAsTheirColumnSays) {
  const Interval hour = Span("mon 9:00-10:00");
  const struct {
    ReservationState state;
    Seconds booked;
    Seconds held;
  } table[] = {
      {ReservationState::kHeld, 0, kHour},      {ReservationState::kPending, 0, kHour},
      {ReservationState::kOffered, 0, kHour},   {ReservationState::kConfirmed, kHour, 0},
      {ReservationState::kCheckedIn, kHour, 0}, {ReservationState::kCompleted, kHour, 0},
      {ReservationState::kNoShow, kHour, 0},    {ReservationState::kWaitlisted, 0, 0},
      {ReservationState::kDisplaced, 0, 0},     {ReservationState::kRejected, 0, 0},
      {ReservationState::kCancelled, 0, 0},     {ReservationState::kExpired, 0, 0},
  };
  for (const auto& line : table) {
    AssetRecord record;
    record.open = {Span("mon 0:00-24:00")};
    record.occupancies = {Use(hour, line.state, 1, 600, 600)};
    const UtilisationRow row = Account(record, Span("mon 0:00-24:00"));
    EXPECT_EQ(row.booked, line.booked) << StateWord(line.state);
    EXPECT_EQ(row.held, line.held) << StateWord(line.state);
    EXPECT_EQ(row.changeover, line.booked + line.held > 0 ? 1200 : 0) << StateWord(line.state);
    EXPECT_EQ(SumOf(row), row.total) << StateWord(line.state);
  }
}

TEST(UtilisationTest, BlockedIsOpenTimeTakenByARelative) {
  AssetRecord record;
  record.open = {Span("mon 8:00-17:00")};
  record.blocked = {Span("mon 7:00-9:00"), Span("mon 12:00-13:00")};
  const UtilisationRow row = Account(record, Span("mon 0:00-24:00"));
  EXPECT_EQ(row.blocked, 2 * kHour);
  EXPECT_EQ(row.closed, 15 * kHour);
  EXPECT_EQ(row.available, 7 * kHour);
}

TEST(UtilisationTest, LoweredCapacityNeverCountsAUnitTwice) {
  AssetRecord record;
  record.capacity = 1;
  record.open = {Span("mon 0:00-24:00")};
  record.occupancies = {Use(Span("mon 9:00-10:00"), ReservationState::kConfirmed, 3)};
  const UtilisationRow row = Account(record, Span("mon 0:00-24:00"));
  EXPECT_EQ(row.total, 24 * kHour);
  EXPECT_EQ(row.booked, kHour);
  EXPECT_EQ(SumOf(row), row.total);
}

TEST(UtilisationTest, WhatReachesBeyondTheBucketIsCut) {
  AssetRecord record;
  record.open = {Span("2027-02-01/2027-04-01")};
  record.occupancies = {Use(Span("2027-02-28/2027-03-02"))};
  const auto rows = AccountFor(
      record, BucketsOf(Span("2027-03-01/2027-03-03"), Bucket::kDay, Zone("Europe/Brussels")));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].booked, 24 * kHour);
  EXPECT_EQ(rows[1].booked, 0);
}

TEST(BucketsTest, DaysOfTheSwitchHaveTheirRealLength) {
  const auto zone = Zone("Europe/Brussels");
  const auto spring = BucketsOf(Span("2027-03-27/2027-03-30"), Bucket::kDay, zone);
  ASSERT_EQ(spring.size(), 3u);
  EXPECT_EQ(spring[0].length(), 24 * kHour);
  EXPECT_EQ(spring[1].length(), 23 * kHour);
  EXPECT_EQ(spring[2].length(), 24 * kHour);
  const auto autumn = BucketsOf(Span("2027-10-31/2027-11-01"), Bucket::kDay, zone);
  ASSERT_EQ(autumn.size(), 1u);
  EXPECT_EQ(autumn[0].length(), 25 * kHour);
}

TEST(BucketsTest, AreCutAtTheEndsOfThePeriod) {
  const auto zone = Zone("Europe/Brussels");
  EXPECT_EQ(BucketsOf(Span("mon 9:00-wed 15:00"), Bucket::kDay, zone),
            (std::vector<Interval>{Span("mon 9:00-24:00"), Span("tue 0:00-24:00"),
                                   Span("wed 0:00-15:00")}));
  EXPECT_EQ(BucketsOf(Span("mon 9:00-wed 15:00"), Bucket::kWhole, zone),
            (std::vector<Interval>{Span("mon 9:00-wed 15:00")}));
}

TEST(BucketsTest, WeeksBeginOnMonday) {
  // 2027-02-26 is a Friday.
  EXPECT_EQ(BucketsOf(Span("2027-02-26/2027-03-10"), Bucket::kWeek, Zone("Europe/Brussels")),
            (std::vector<Interval>{Span("2027-02-26/2027-03-01"), Span("2027-03-01/2027-03-08"),
                                   Span("2027-03-08/2027-03-10")}));
}

TEST(BucketsTest, MonthsHaveTheirLengths) {
  const auto months =
      BucketsOf(Span("2028-01-01/2029-01-01"), Bucket::kMonth, Zone("Europe/Brussels"));
  ASSERT_EQ(months.size(), 12u);
  EXPECT_EQ(months[1].length(), 29 * 24 * kHour);
  EXPECT_EQ(months[2].length(), 31 * 24 * kHour - kHour);
  EXPECT_EQ(months[9].length(), 31 * 24 * kHour + kHour);
}

TEST(BucketsTest, PartitionAnyPeriodInAnyZone) {
  std::mt19937_64 random(11);
  for (const char* name : {"Europe/Brussels", "America/Sao_Paulo", "America/Havana", "Pacific/Apia",
                           "Asia/Kathmandu", "Australia/Lord_Howe"}) {
    for (int i = 0; i < 200; ++i) {
      const Instant start = static_cast<Instant>(random() % 1'900'000'000);
      const Interval period{start, start + 1 + static_cast<Instant>(random() % 20'000'000)};
      for (const Bucket bucket : {Bucket::kWhole, Bucket::kDay, Bucket::kWeek, Bucket::kMonth}) {
        Instant covered = period.start;
        for (const Interval& part : BucketsOf(period, bucket, Zone(name))) {
          ASSERT_EQ(part.start, covered) << name;
          ASSERT_FALSE(part.empty()) << name;
          covered = part.end;
        }
        ASSERT_EQ(covered, period.end) << name;
      }
    }
  }
}

TEST(BucketsTest, AnEmptyPeriodHasNone) {
  EXPECT_TRUE(BucketsOf({5, 5}, Bucket::kDay, Zone("UTC")).empty());
  EXPECT_TRUE(BucketsOf({5, 4}, Bucket::kMonth, Zone("UTC")).empty());
}

bool Covers(const IntervalSet& set, Instant at) {
  return std::any_of(set.begin(), set.end(), [at](const Interval& i) { return i.Contains(at); });
}

// One second of all units, in the order of precedence.
void CountSecond(const AssetRecord& record, Instant at, UtilisationRow& row) {
  int32_t booked = 0;
  int32_t held = 0;
  int32_t changeover = 0;
  for (const Occupancy& use : record.occupancies) {
    const bool holds = use.state == ReservationState::kHeld;
    if (use.state == ReservationState::kCancelled) continue;
    if (use.run.Contains(at)) {
      (holds ? held : booked) += use.quantity;
    } else if (use.blocked().Contains(at)) {
      changeover += use.quantity;
    }
  }
  int32_t left = record.capacity;
  const auto take = [&left](int32_t wanted) {
    const int32_t taken = std::min(wanted, left);
    left -= taken;
    return taken;
  };
  const bool open = Covers(record.open, at);
  const int32_t in_use = take(booked);
  row.total += record.capacity;
  row.booked += in_use;
  row.held += take(held);
  row.changeover += take(changeover);
  row.booked_open += open ? in_use : 0;
  row.open += open ? record.capacity : 0;
  (!open ? row.closed : Covers(record.blocked, at) ? row.blocked : row.available) += left;
}

TEST(UtilisationTest, RandomRecordsAgreeWithARecountOfEverySecond) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    const auto any = [&random](Instant span) {
      const Instant start = static_cast<Instant>(random() % 120) - 10;
      return Interval{start, start + static_cast<Instant>(random() % static_cast<unsigned>(span))};
    };
    AssetRecord record;
    record.capacity = 1 + static_cast<int32_t>(random() % 4);
    record.open = Union({any(40), any(40), any(40)});
    record.blocked = Union({any(20), any(20)});
    const ReservationState states[] = {ReservationState::kConfirmed, ReservationState::kHeld,
                                       ReservationState::kCompleted, ReservationState::kCancelled};
    for (unsigned i = 0; i < random() % 8; ++i) {
      Interval run = any(30);
      run.end = std::max(run.end, run.start + 1);
      record.occupancies.push_back(
          Use(run, states[random() % 4], 1 + static_cast<int32_t>(random() % 3),
              static_cast<Seconds>(random() % 8), static_cast<Seconds>(random() % 8)));
    }
    std::vector<Interval> buckets;
    for (Instant start = 0; start < 100;) {
      start += static_cast<Instant>(random() % 5);  // with holes
      const Instant end = start + 1 + static_cast<Instant>(random() % 40);
      buckets.push_back({start, end});
      start = end;
    }
    const auto rows = AccountFor(record, buckets);
    ASSERT_EQ(rows.size(), buckets.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      UtilisationRow expected;
      expected.interval = buckets[i];
      for (Instant at = buckets[i].start; at < buckets[i].end; ++at) {
        CountSecond(record, at, expected);
      }
      ASSERT_EQ(SumOf(rows[i]), rows[i].total);
      ASSERT_EQ(rows[i], expected);
    }
  }
}

}  // namespace
}  // namespace labslot::engine
