// The buckets of reports.

#include "daemon/engine/buckets.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kBrussels;
using support::kHour;
using support::Span;
using support::Zone;

const char* const kZones[] = {"Europe/Brussels", "America/Sao_Paulo", "America/Havana",
                              "Pacific/Apia",    "Asia/Kathmandu",    "Australia/Lord_Howe"};

std::vector<Seconds> Lengths(const char* period, Bucket bucket) {
  std::vector<Seconds> lengths;
  for (const Interval& part : BucketsOf(Span(period), bucket, Zone(kBrussels))) {
    lengths.push_back(part.length() / kHour);
  }
  return lengths;
}

TEST(BucketsTest, HaveTheirRealLengths) {
  const struct {
    const char* period;
    Bucket bucket;
    std::vector<Seconds> hours;
  } table[] = {
      {"2027-03-27/2027-03-30", Bucket::kDay, {24, 23, 24}},
      {"2027-10-31/2027-11-01", Bucket::kDay, {25}},
      {"2027-03-22/2027-04-05", Bucket::kWeek, {167, 168}},
      {"2028-02-01/2028-04-01", Bucket::kMonth, {29 * 24, 31 * 24 - 1}},
      {"2027-01-01/2028-01-01", Bucket::kQuarter, {90 * 24 - 1, 91 * 24, 92 * 24, 92 * 24 + 1}},
      {"2027-01-01/2029-01-01", Bucket::kYear, {365 * 24, 366 * 24}},
      {"2027-03-28 01:00/2027-03-28 04:00", Bucket::kHour, {1, 1}},
      {"mon 9:00-12:00", Bucket::kHour, {1, 1, 1}},
      {"mon 9:00-12:00", Bucket::kHourOfWeek, {1, 1, 1}},
  };
  for (const auto& line : table) EXPECT_EQ(Lengths(line.period, line.bucket), line.hours);
}

TEST(BucketsTest, AreCutAtTheEndsOfThePeriod) {
  const auto zone = Zone(kBrussels);
  const Interval period = Span("mon 9:20-wed 15:40");
  EXPECT_EQ(BucketsOf(period, Bucket::kDay, zone),
            (std::vector<Interval>{Span("mon 9:20-24:00"), Span("tue 0:00-24:00"),
                                   Span("wed 0:00-15:40")}));
  EXPECT_EQ(BucketsOf(period, Bucket::kWhole, zone), (std::vector<Interval>{period}));
  EXPECT_EQ(BucketsOf(period, Bucket::kYear, zone), (std::vector<Interval>{period}));
  EXPECT_EQ(BucketsOf(Span("mon 9:20-11:10"), Bucket::kHour, zone),
            (std::vector<Interval>{Span("mon 9:20-10:00"), Span("mon 10:00-11:00"),
                                   Span("mon 11:00-11:10")}));
}

TEST(BucketsTest, WeeksBeginOnMonday) {
  // 2027-02-26 is a Friday.
  EXPECT_EQ(BucketsOf(Span("2027-02-26/2027-03-10"), Bucket::kWeek, Zone(kBrussels)),
            (std::vector<Interval>{Span("2027-02-26/2027-03-01"), Span("2027-03-01/2027-03-08"),
                                   Span("2027-03-08/2027-03-10")}));
}

TEST(BucketsTest, AnEmptyPeriodHasNone) {
  EXPECT_TRUE(BucketsOf({5, 5}, Bucket::kDay, Zone("UTC")).empty());
  EXPECT_TRUE(BucketsOf({5, 4}, Bucket::kHour, Zone("UTC")).empty());
}

TEST(BucketsTest, HoursOfTheWeekAreThoseOfTheZone) {
  const auto zone = Zone(kBrussels);
  EXPECT_EQ(HourOfWeek(At("mon 0:00"), zone), 0);
  EXPECT_EQ(HourOfWeek(At("mon 0:59"), zone), 0);
  EXPECT_EQ(HourOfWeek(At("tue 1:00"), zone), 25);
  EXPECT_EQ(HourOfWeek(At("sun 23:00"), zone), 167);
  // In summer too.
  EXPECT_EQ(HourOfWeek(At("2027-06-07 08:00"), zone), 8);
  EXPECT_EQ(HourOfWeek(At("mon 0:00"), Zone("Asia/Kathmandu")), 4);
}

TEST(BucketsTest, AreCutAtFullHoursOfTheZone) {
  const auto zone = Zone("Asia/Kathmandu");  // 5:45 ahead
  const auto hours = BucketsOf(Span("mon 0:00-2:00", "UTC"), Bucket::kHour, zone);
  ASSERT_EQ(hours.size(), 3u);
  EXPECT_EQ(hours[0].length(), 15 * 60);
  EXPECT_EQ(hours[1].length(), kHour);
}

TEST(BucketsTest, PartitionAnyPeriodInAnyZone) {
  std::mt19937_64 random(11);
  for (const char* name : kZones) {
    for (int i = 0; i < 60; ++i) {
      const Instant start = static_cast<Instant>(random() % 1'900'000'000);
      const Interval period{start, start + 1 + static_cast<Instant>(random() % 20'000'000)};
      for (const Bucket bucket :
           {Bucket::kWhole, Bucket::kHour, Bucket::kDay, Bucket::kWeek, Bucket::kMonth,
            Bucket::kQuarter, Bucket::kYear, Bucket::kHourOfWeek}) {
        Instant covered = period.start;
        int64_t count = 0;
        for (const Interval& part : BucketsOf(period, bucket, Zone(name))) {
          ASSERT_EQ(part.start, covered) << name;
          ASSERT_FALSE(part.empty()) << name;
          covered = part.end;
          ++count;
        }
        ASSERT_EQ(covered, period.end) << name;
        if (bucket != Bucket::kHourOfWeek) {
          ASSERT_LE(count, MostBuckets(period.length(), bucket)) << name << " " << period.start;
        }
      }
    }
  }
}

TEST(BucketsTest, AnHourLiesInOneHourOfTheWeek) {
  std::mt19937_64 random(12);
  for (const char* name : kZones) {
    const auto zone = Zone(name);
    for (int i = 0; i < 200; ++i) {
      const Instant start = static_cast<Instant>(random() % 1'900'000'000);
      for (const Interval& hour : BucketsOf({start, start + 5 * kHour}, Bucket::kHour, zone)) {
        ASSERT_LE(hour.length(), kHour) << name;
        const int first = HourOfWeek(hour.start, zone);
        ASSERT_GE(first, 0);
        ASSERT_LT(first, kHoursOfWeek);
        // The clock may be put back within it, never beyond it.
        ASSERT_EQ(HourOfWeek(hour.end - 1, zone), first) << name << " " << hour.start;
      }
    }
  }
}

}  // namespace
}  // namespace labslot::engine
