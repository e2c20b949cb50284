// What is counted of reservations, and ratios of use, by hand.

#include "daemon/engine/ratios.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kDay;
using support::kHour;
using support::Span;
using State = ReservationState;

// A row of 24 h: two users, of whom the row is one.
UseSeconds Part() {
  UseSeconds use;
  use[UseState::kUsed] = 40;
  use[UseState::kOverrun] = 10;
  use[UseState::kChangeover] = 4;
  use[UseState::kIdle] = 6;
  use[UseState::kNoShow] = 4;
  use.assumed = 8;
  use.engineering = 5;
  use.reserved_open = 45;
  use.total = 64;
  return use;
}

UseSeconds Whole() {
  UseSeconds use = Part();
  use[UseState::kUsed] += 60;
  use[UseState::kTravel] = 6;
  use[UseState::kUnplannedOutage] = 20;
  use[UseState::kPlannedOutage] = 10;
  use[UseState::kClosed] = 100;
  use[UseState::kAvailable] = 40;
  use.total = 300;
  use.open = 180;
  return use;
}

TEST(RatiosTest, AreOfWhatTheySay) {
  const UseSeconds part = Part();
  const UseSeconds whole = Whole();
  UseStatistics statistics;
  statistics.reservations = 8;
  statistics.no_shows = 1;
  statistics.cancelled = 2;
  statistics.late_cancelled = 1;
  statistics.cancelled_seconds = 100;
  statistics.relet_seconds = 30;
  const RatioTerms terms{part, statistics, whole};
  const struct {
    const char* name;
    int64_t numerator;
    int64_t denominator;
  } table[] = {
      {"occupancy", 45, 180},
      {"effective_use", 40, 50},
      {"idle_share", 6, 50},
      {"no_show_share", 4, 50},
      {"assumed_share", 8, 40},
      {"overrun_share", 10, 50},
      // Operations: all but closed. Uptime: without outages, changeover, travel.
      {"operational_uptime", 160, 200},
      {"total_uptime", 160, 300},
      {"operational_utilisation", 45, 200},
      {"total_utilisation", 45, 300},
      {"set_up_loss", 4, 200},
      {"share_of_use", 50, 110},
      {"share_of_opening", 50, 180},
      {"share_of_calendar", 50, 300},
      {"no_show_rate", 1, 8},
      {"late_cancel_rate", 1, 10},
      {"refusal_rate", 0, 0},
      {"relet_rate", 30, 100},
  };
  std::set<std::string> names;
  for (const auto& line : table) {
    const Ratio* ratio = FindRatio(line.name);
    ASSERT_NE(ratio, nullptr) << line.name;
    EXPECT_EQ(ratio->numerator(terms), line.numerator) << line.name;
    EXPECT_EQ(ratio->denominator(terms), line.denominator) << line.name;
    names.insert(line.name);
  }
  EXPECT_EQ(names.size(), Ratios().size());
  EXPECT_EQ(FindRatio("utilisation"), nullptr);
}

// No part is more than its whole.
TEST(RatiosTest, OfAWholeAreAtMostOne) {
  const UseSeconds whole = Whole();
  const UseStatistics none;
  for (const Ratio& ratio : Ratios()) {
    const RatioTerms terms{whole, none, whole};
    EXPECT_LE(ratio.numerator(terms), ratio.denominator(terms)) << ratio.name;
  }
}

Occupancy Reserved(const char* run, State state, const char* created, int32_t quantity = 1) {
  Occupancy occupancy;
  occupancy.run = Span(run);
  occupancy.state = state;
  occupancy.lead_time = occupancy.run.start - At(created);
  occupancy.quantity = quantity;
  return occupancy;
}

Occupancy CalledOff(const char* run, const char* when, int32_t quantity = 1) {
  Occupancy occupancy = Reserved(run, State::kCancelled, "mon 0:00", quantity);
  occupancy.close_time = At(when);
  occupancy.freed = occupancy.close_time;
  return occupancy;
}

TEST(UseStatisticsTest, CountWhatWasGranted) {
  const struct {
    State state;
    int64_t reservations;
    int64_t no_shows;
  } table[] = {
      {State::kConfirmed, 1, 0},  {State::kCheckedIn, 1, 0}, {State::kCompleted, 1, 0},
      {State::kNoShow, 1, 1},     {State::kHeld, 0, 0},      {State::kPending, 0, 0},
      {State::kWaitlisted, 0, 0}, {State::kOffered, 0, 0},   {State::kDisplaced, 0, 0},
      {State::kRejected, 0, 0},   {State::kExpired, 0, 0},   {State::kCancelled, 0, 0},
  };
  for (const auto& line : table) {
    const Occupancy occupancy = Reserved("wed 9:00-12:00", line.state, "mon 9:00");
    const UseStatistics counted = StatisticsOf(occupancy, {occupancy}, true);
    EXPECT_EQ(counted.reservations, line.reservations) << StateWord(line.state);
    EXPECT_EQ(counted.no_shows, line.no_shows) << StateWord(line.state);
    EXPECT_EQ(counted.cancelled, 0) << StateWord(line.state);
    EXPECT_EQ(counted.lead_times.size(), static_cast<size_t>(line.reservations));
    EXPECT_EQ(counted.empty(), line.reservations == 0);
  }
  const Occupancy occupancy = Reserved("wed 9:00-12:00", State::kConfirmed, "mon 9:00");
  EXPECT_EQ(StatisticsOf(occupancy, {}, true).lead_times, (std::vector<Seconds>{2 * kDay}));
  EXPECT_TRUE(StatisticsOf(occupancy, {}, false).lead_times.empty());
}

TEST(UseStatisticsTest, WithinADayOfTheStartIsLate) {
  const struct {
    const char* when;
    int64_t late;
  } table[] = {
      {"mon 9:00", 0}, {"tue 9:00", 0}, {"tue 9:00:01", 1}, {"wed 9:00", 1}, {"wed 10:00", 1}};
  for (const auto& line : table) {
    const Occupancy gone = CalledOff("wed 9:00-12:00", line.when, 2);
    const UseStatistics counted = StatisticsOf(gone, {gone}, true);
    EXPECT_EQ(counted.cancelled, 1);
    EXPECT_EQ(counted.late_cancelled, line.late) << line.when;
    EXPECT_EQ(counted.cancelled_seconds, 6 * kHour);
    EXPECT_EQ(counted.reservations, 0);
    EXPECT_TRUE(counted.lead_times.empty());
  }
}

TEST(UseStatisticsTest, ReletIsWhatOthersGotAfterwards) {
  const struct {
    const char* what;
    std::vector<Occupancy> others;
    Seconds relet;
  } table[] = {
      {"nobody", {}, 0},
      {"a part", {Reserved("wed 10:00-11:00", State::kConfirmed, "tue 12:00")}, kHour},
      {"who came at that moment",
       {Reserved("wed 9:00-12:00", State::kNoShow, "tue 9:00")},
       3 * kHour},
      {"who had it before", {Reserved("wed 9:00-12:00", State::kConfirmed, "tue 8:59")}, 0},
      {"who was not granted", {Reserved("wed 9:00-12:00", State::kExpired, "tue 12:00")}, 0},
      {"who has more around it",
       {Reserved("tue 22:00-thu 9:00", State::kCompleted, "tue 9:00")},
       3 * kHour},
      {"several",
       {Reserved("wed 9:00-10:00", State::kConfirmed, "tue 12:00"),
        Reserved("wed 11:00-13:00", State::kConfirmed, "tue 12:00")},
       2 * kHour},
      {"next door", {Reserved("wed 12:00-13:00", State::kConfirmed, "tue 12:00")}, 0},
  };
  for (const auto& line : table) {
    const Occupancy gone = CalledOff("wed 9:00-12:00", "tue 9:00");
    std::vector<Occupancy> all = line.others;
    all.push_back(gone);
    std::sort(all.begin(), all.end(),
              [](const Occupancy& a, const Occupancy& b) { return a.run.start < b.run.start; });
    EXPECT_EQ(StatisticsOf(gone, all, false).relet_seconds, line.relet) << line.what;
  }
}

TEST(UseStatisticsTest, NoMoreIsReletThanWasCalledOff) {
  const Occupancy gone = CalledOff("wed 9:00-12:00", "tue 9:00", 2);
  const std::vector<Occupancy> all = {
      gone, Reserved("wed 9:00-12:00", State::kConfirmed, "tue 12:00", 5),
      Reserved("wed 9:00-12:00", State::kConfirmed, "tue 12:00", 1)};
  EXPECT_EQ(StatisticsOf(gone, all, false).relet_seconds, 6 * kHour);
}

TEST(UseStatisticsTest, PercentilesAreValuesThatOccur) {
  const struct {
    std::vector<Seconds> values;
    int percent;
    Seconds expected;
  } table[] = {
      {{}, 50, 0},           {{7}, 50, 7},          {{7}, 95, 7},
      {{3, 1}, 50, 1},       {{3, 1, 2}, 50, 2},    {{4, 3, 2, 1}, 50, 2},
      {{4, 3, 2, 1}, 75, 3}, {{4, 3, 2, 1}, 76, 4}, {{4, 3, 2, 1}, 100, 4},
      {{4, 3, 2, 1}, 0, 1},
  };
  for (auto line : table) EXPECT_EQ(Percentile(line.values, line.percent), line.expected);
  std::vector<Seconds> hundred;
  for (Seconds i = 100; i > 0; --i) hundred.push_back(i);
  EXPECT_EQ(Percentile(hundred, 50), 50);
  EXPECT_EQ(Percentile(hundred, 95), 95);
}

}  // namespace
}  // namespace labslot::engine
