// Accounting for every second, by hand.

#include "daemon/engine/partition.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/buckets.h"
#include "tests/engine/use_words.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;
using support::kMinute;
using support::Span;
using State = ReservationState;

// A reservation; times are those of a Monday, empty for none.
struct Slot {
  const char* run = "";
  State state = State::kConfirmed;
  const char* in = "";
  const char* out = "";
  int32_t quantity = 1;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  bool by_check_in = false;
};

Instant OnMonday(const std::string& time) { return time.empty() ? 0 : At("mon " + time); }

Occupancy OccupancyFor(const Slot& slot) {
  Occupancy occupancy;
  occupancy.reservation = 1;
  occupancy.run = Span(absl::StrCat("mon ", slot.run));
  occupancy.state = slot.state;
  occupancy.check_in = OnMonday(slot.in);
  occupancy.check_out = OnMonday(slot.out);
  occupancy.quantity = slot.quantity;
  occupancy.set_up = slot.set_up;
  occupancy.tear_down = slot.tear_down;
  if (slot.by_check_in) occupancy.check_in_by = occupancy.run.start + 900;
  return occupancy;
}

// A Monday of an asset that is open from 8:00 to 17:00, 540 minutes, seen on Tuesday.
class Monday {
 public:
  explicit Monday(int32_t capacity = 1) {
    use_.capacity = {{whole_, capacity}};
    use_.open = {Span("mon 8:00-17:00")};
  }

  AssetUse& use() { return use_; }
  void See(const char* time) { now_ = OnMonday(time); }

  Monday& Add(const Slot& slot, int32_t group = 0) { return Add(OccupancyFor(slot), group); }
  Monday& Add(const Occupancy& occupancy, int32_t group = 0) {
    AddClaims(occupancy, now_, group, use_.claims);
    use_.groups = std::max(use_.groups, group + 1);
    return *this;
  }
  Monday& Claim(const char* span, UseState state, int32_t quantity = 1) {
    use_.claims.push_back({Span(absl::StrCat("mon ", span)), state, quantity});
    return *this;
  }

  std::vector<UseSeconds> Rows() const {
    std::vector<UseSeconds> all;
    Partition(use_, {whole_}, [&](size_t, const std::vector<UseSeconds>& rows) { all = rows; });
    return all;
  }
  UseSeconds Row() const { return Rows().at(0); }
  std::string States() const { return Minutes(Row()); }

 private:
  const Interval whole_ = Span("mon 0:00-24:00");
  Instant now_ = At("tue 9:00");
  AssetUse use_;
};

TEST(PartitionTest, AnOfficeDay) {
  Monday day;
  day.Add({.run = "9:00-12:00",
           .state = State::kCompleted,
           .in = "9:00",
           .out = "12:00",
           .set_up = 1800,
           .tear_down = 900});
  day.Add({.run = "16:00-18:00"});
  EXPECT_EQ(day.States(), "used 300, changeover 45, closed 840, available 255");
  const UseSeconds row = day.Row();
  EXPECT_EQ(row.total, 24 * kHour);
  EXPECT_EQ(row.open, 9 * kHour);
  EXPECT_EQ(row.reserved_open, 4 * kHour);
  EXPECT_EQ(row.assumed, 2 * kHour);
}

// One reservation from 9:00 to 12:00, with half an hour of set-up and a quarter of
// tear-down.
TEST(PartitionTest, WhatBecomesOfAReservation) {
  const struct {
    const char* what;
    State state;
    const char* now;
    const char* in;
    const char* out;
    const char* states;
    bool by_check_in = false;
  } table[] = {
      {"held", State::kHeld, "8:00", "", "", "changeover 45, held 180, closed 900, available 315"},
      {"pending", State::kPending, "8:00", "", "",
       "changeover 45, held 180, closed 900, available 315"},
      {"offered", State::kOffered, "8:00", "", "",
       "changeover 45, held 180, closed 900, available 315"},
      {"to come", State::kConfirmed, "8:00", "", "",
       "changeover 45, booked 180, closed 900, available 315"},
      {"begun, and nobody has to check in", State::kConfirmed, "10:00", "", "",
       "used 60, changeover 45, booked 120, closed 900, available 315"},
      {"begun, and nobody has checked in yet", State::kConfirmed, "9:10", "", "",
       "changeover 45, booked 170, idle 10, closed 900, available 315", true},
      {"past, and nobody had to check in", State::kConfirmed, "15:00", "", "",
       "used 180, changeover 45, closed 900, available 315"},
      {"checked in late", State::kCheckedIn, "10:00", "9:20", "",
       "used 40, changeover 45, booked 120, idle 20, closed 900, available 315"},
      {"checked in early", State::kCheckedIn, "8:55", "8:50", "",
       "changeover 45, booked 180, closed 900, available 315"},
      {"overdue", State::kCheckedIn, "13:00", "9:00", "",
       "used 180, overrun 60, changeover 30, closed 900, available 270"},
      {"checked out in time", State::kCompleted, "15:00", "9:00", "12:00",
       "used 180, changeover 45, closed 900, available 315"},
      {"checked out early, a while ago", State::kCompleted, "15:00", "9:00", "11:00",
       "used 120, changeover 45, idle 45, closed 900, available 330"},
      {"checked out early, just now", State::kCompleted, "11:30", "9:00", "11:00",
       "used 120, changeover 45, idle 15, closed 900, available 360"},
      {"checked out before it began", State::kCompleted, "15:00", "8:50", "8:55",
       "changeover 45, idle 165, closed 900, available 330"},
      {"checked out late", State::kCompleted, "15:00", "9:00", "13:00",
       "used 180, overrun 60, changeover 45, closed 900, available 255"},
      {"completed without a check-in", State::kCompleted, "15:00", "", "",
       "used 180, changeover 45, closed 900, available 315"},
      {"no-show", State::kNoShow, "15:00", "", "",
       "changeover 30, no-show 180, closed 900, available 330"},
      {"no-show just now", State::kNoShow, "9:30", "", "",
       "changeover 30, no-show 30, closed 900, available 480"},
      {"wait-listed", State::kWaitlisted, "15:00", "", "", "closed 900, available 540"},
      {"displaced", State::kDisplaced, "15:00", "", "", "closed 900, available 540"},
      {"rejected", State::kRejected, "15:00", "", "", "closed 900, available 540"},
      {"cancelled", State::kCancelled, "15:00", "", "", "closed 900, available 540"},
      {"expired", State::kExpired, "15:00", "", "", "closed 900, available 540"},
  };
  for (const auto& line : table) {
    Monday day;
    day.See(line.now);
    day.Add({.run = "9:00-12:00",
             .state = line.state,
             .in = line.in,
             .out = line.out,
             .set_up = 1800,
             .tear_down = 900,
             .by_check_in = line.by_check_in});
    EXPECT_EQ(day.States(), line.states) << line.what;
  }
}

TEST(PartitionTest, RequestsThatBlockNothingAreNothing) {
  Occupancy request = OccupancyFor({.run = "9:00-12:00", .state = State::kPending, .set_up = 900});
  request.leaves_slot_free = true;
  EXPECT_EQ(Monday().Add(request).States(), "closed 900, available 540");
  request.leaves_slot_free = false;
  request.competes = true;
  EXPECT_EQ(Monday().Add(request).States(), "closed 900, available 540");
}

TEST(PartitionTest, APoolCountsUnitSeconds) {
  Monday day(7);
  day.Add({.run = "9:00-10:00", .quantity = 3});
  day.Add({.run = "9:30-10:30", .state = State::kHeld, .quantity = 2});
  EXPECT_EQ(day.States(), "used 180, held 120, closed 6300, available 3480");
  EXPECT_EQ(day.Row().total, 7 * 24 * kHour);
  EXPECT_EQ(day.Row().open, 7 * 9 * kHour);
}

TEST(PartitionTest, WhoStaysOnTakesTimeFromTheNext) {
  Monday day;
  day.Add({.run = "9:00-12:00", .state = State::kCompleted, .in = "9:00", .out = "13:00"}, 1);
  day.Add({.run = "12:00-14:00", .state = State::kCompleted, .in = "13:00", .out = "14:00"}, 2);
  EXPECT_EQ(Minutes(day.Rows()[1]), "used 180, overrun 60");
  EXPECT_EQ(Minutes(day.Rows()[2]), "used 60");
}

TEST(PartitionTest, WhatANoShowLeftToOthersIsTheirs) {
  Monday day;
  day.Add({.run = "9:00-12:00", .state = State::kNoShow}, 1);
  day.Add({.run = "10:00-11:00", .state = State::kCompleted, .in = "10:15", .out = "11:00"}, 2);
  EXPECT_EQ(Minutes(day.Rows()[1]), "no-show 120");
  EXPECT_EQ(Minutes(day.Rows()[2]), "used 45, idle 15");
}

TEST(PartitionTest, PartsThatCameBackAreIdleUnlessSomebodyHasThem) {
  Occupancy lab = OccupancyFor({.run = "9:00-12:00",
                                .state = State::kCompleted,
                                .in = "9:00",
                                .out = "12:00",
                                .tear_down = 900});
  lab.returns = {{2, At("mon 10:00")}};
  Monday day(3);
  day.Add(lab, 1);
  EXPECT_EQ(Minutes(day.Rows()[1]), "used 300, changeover 45, idle 210");
  day.Add({.run = "10:30-11:30"}, 2);
  EXPECT_EQ(Minutes(day.Rows()[1]), "used 300, changeover 45, idle 150");
  EXPECT_EQ(Minutes(day.Rows()[2]), "used 60");
}

// Where others are free as well, nothing is counted of them.
TEST(PartitionTest, NoUnitIsInTwoStatesAtOnce) {
  Occupancy lab = OccupancyFor({.run = "9:00-12:00",
                                .state = State::kCompleted,
                                .in = "9:00",
                                .out = "11:50",
                                .tear_down = 900});
  lab.returns = {{2, At("mon 10:00")}};
  Monday day(7);
  day.Add(lab, 1);
  EXPECT_EQ(Minutes(day.Rows()[1]), "used 290, changeover 45, idle 210");
  Monday now(7);
  now.See("12:05");
  now.Add({.run = "9:00-12:00", .state = State::kCheckedIn, .in = "9:00", .tear_down = 900}, 1);
  EXPECT_EQ(Minutes(now.Rows()[1]), "used 180, overrun 5, changeover 10");
}

TEST(PartitionTest, APartThatComesBackLateIsOverrun) {
  Occupancy lab =
      OccupancyFor({.run = "9:00-12:00", .state = State::kCheckedIn, .in = "9:00", .quantity = 1});
  lab.returns = {{2, At("mon 12:30")}};
  Monday day(3);
  day.See("13:00");
  day.Add(lab, 1);
  EXPECT_EQ(Minutes(day.Rows()[1]), "used 540, overrun 120");
}

TEST(PartitionTest, OutagesComeBeforeWhatNobodyUses) {
  const struct {
    Slot slot;
    const char* planned;
    const char* broken;
    const char* states;
  } table[] = {
      {{.run = "9:00-12:00", .state = State::kNoShow},
       "0:00-0:00",
       "10:00-11:00",
       "broken 60, no-show 120, closed 900, available 360"},
      {{.run = "9:00-12:00", .state = State::kCompleted, .in = "9:00", .out = "10:00"},
       "11:00-13:00",
       "0:00-0:00",
       "used 60, planned 120, idle 60, closed 900, available 300"},
      {{.run = "9:00-12:00", .state = State::kCompleted, .in = "9:00", .out = "12:00"},
       "11:00-13:00",
       "0:00-0:00",
       "used 180, planned 60, closed 900, available 300"},
      // What breaks while it is out of service is broken.
      {{.run = "9:00-10:00", .state = State::kExpired},
       "9:00-12:00",
       "10:00-11:00",
       "broken 60, planned 120, closed 900, available 360"},
      // Outages count in opening hours.
      {{.run = "9:00-10:00", .state = State::kExpired},
       "6:00-9:00",
       "16:00-24:00",
       "broken 60, planned 60, closed 900, available 420"},
  };
  for (const auto& line : table) {
    Monday day;
    day.Add(line.slot);
    if (std::string(line.planned) != "0:00-0:00") day.Claim(line.planned, UseState::kPlannedOutage);
    if (std::string(line.broken) != "0:00-0:00") day.Claim(line.broken, UseState::kUnplannedOutage);
    EXPECT_EQ(day.States(), line.states);
  }
}

TEST(PartitionTest, UseInTheNightIsNotClosedTime) {
  Monday day;
  day.Add({.run = "20:00-24:00", .state = State::kCompleted, .in = "20:00", .out = "23:00"});
  EXPECT_EQ(day.States(), "used 180, idle 60, closed 660, available 540");
  EXPECT_EQ(day.Row().reserved_open, 0);
}

TEST(PartitionTest, BlockedIsOpenTimeThatARelativeTakes) {
  Monday day;
  day.use().blocked = {Span("mon 7:00-9:00"), Span("mon 12:00-13:00")};
  EXPECT_EQ(day.States(), "closed 900, blocked 120, available 420");
}

TEST(PartitionTest, EachStateComesBeforeThoseBehindIt) {
  for (size_t i = 0; i + 1 < static_cast<size_t>(UseState::kClosed); ++i) {
    Monday day;
    day.Claim("9:00-11:00", static_cast<UseState>(i + 1));
    day.Claim("10:00-12:00", static_cast<UseState>(i));
    EXPECT_EQ(day.Row().by_state[i], 2 * kHour) << i;
    EXPECT_EQ(day.Row().by_state[i + 1], kHour) << i;
  }
}

TEST(PartitionTest, LoweredCapacityCountsNoUnitTwice) {
  Monday day;
  day.Add({.run = "9:00-10:00", .quantity = 3});
  day.Add({.run = "9:00-10:00", .state = State::kHeld});
  EXPECT_EQ(day.States(), "used 60, closed 900, available 480");
}

TEST(PartitionTest, CapacityMayChangeWithinTheDay) {
  Monday day;
  day.use().capacity = {{Span("mon 0:00-12:00"), 3}, {Span("mon 12:00-24:00"), 1}};
  day.Add({.run = "11:00-13:00", .quantity = 2});
  EXPECT_EQ(day.States(), "used 180, closed 1860, available 840");
  EXPECT_EQ(day.Row().total, 48 * kHour);
  EXPECT_EQ(day.Row().open, (4 * 3 + 5) * kHour);
}

TEST(PartitionTest, AnAssetIsAccountedForWhileItExists) {
  Monday day;
  day.use().capacity = {{Span("mon 12:00-15:00"), 1}};
  day.Add({.run = "11:00-13:00"});
  EXPECT_EQ(day.States(), "used 60, available 120");
}

TEST(PartitionTest, DaysOfTheSwitchHaveTheirRealLength) {
  for (const auto& [date, hours] : {std::make_pair("2027-03-28", 23), {"2027-10-31", 25}}) {
    const Instant start = At(date);
    const Interval day = {start, start + hours * kHour};
    AssetUse use;
    use.capacity = {{day.Widened(kHour, kHour), 2}};
    use.open = {day};
    Occupancy night;
    night.run = {start, At(absl::StrCat(date, " 06:00"))};
    night.state = State::kConfirmed;
    AddClaims(night, day.end, 0, use.claims);
    Partition(use, BucketsOf(day, Bucket::kDay, support::Zone(support::kBrussels)),
              [&, hours = hours](size_t, const std::vector<UseSeconds>& rows) {
                EXPECT_EQ(rows[0].total, 2 * hours * kHour);
                EXPECT_EQ(rows[0][UseState::kUsed], (hours - 18) * kHour);
              });
  }
}

TEST(PartitionTest, BucketsHaveWhatLiesInThem) {
  Monday day;
  day.Add({.run = "9:00-12:00"});
  std::vector<std::string> states;
  Partition(day.use(), {Span("mon 8:00-10:00"), Span("mon 11:00-11:30"), Span("mon 11:30-18:00")},
            [&](size_t bucket, const std::vector<UseSeconds>& rows) {
              EXPECT_EQ(bucket, states.size());
              states.push_back(Minutes(rows[0]));
            });
  EXPECT_EQ(absl::StrJoin(states, " | "),
            "used 60, available 60 | used 30 | used 30, closed 60, available 300");
}

TEST(PartitionTest, NobodysTimeAndOpeningHoursAreInTheFirstRow) {
  Monday day(2);
  day.Add({.run = "9:00-12:00"}, 1).Add({.run = "10:00-11:00"}, 2);
  const std::vector<UseSeconds> rows = day.Rows();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(Minutes(rows[0]), "closed 1800, available 840");
  EXPECT_EQ(Minutes(rows[1]), "used 180");
  EXPECT_EQ(Minutes(rows[2]), "used 60");
  EXPECT_EQ(rows[0].open, 2 * 9 * kHour);
  EXPECT_EQ(rows[1].open + rows[2].open, 0);
  EXPECT_EQ(rows[1].reserved_open, 3 * kHour);
}

TEST(PartitionTest, MethodDevelopmentIsToldApart) {
  Occupancy method =
      OccupancyFor({.run = "9:00-12:00", .state = State::kCompleted, .in = "9:30", .out = "12:00"});
  method.engineering = true;
  Monday day;
  day.Add(method).Add({.run = "13:00-14:00"});
  EXPECT_EQ(day.Row().engineering, 150 * kMinute);
  EXPECT_EQ(day.Row().assumed, kHour);
  EXPECT_EQ(day.States(), "used 210, idle 30, closed 900, available 300");
}

}  // namespace
}  // namespace labslot::engine
