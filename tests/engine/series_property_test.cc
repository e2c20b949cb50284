// A series is granted what its days would be granted one by one.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/engine/same_state.h"
#include "tests/engine/series_draft.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

using support::Day;
using support::Describe;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::MakeAsset;
using support::MakePool;
using support::Seeds;
using support::World;

// Two weeks around the switch of summer time in which others have booked this
// and that, and rules by which days of one series can be in the way of others.
class CrowdedWorld {
 public:
  explicit CrowdedWorld(unsigned seed) : random_(seed) {
    world_.now = support::At("2027-03-18 12:00");
    Site site = support::MakeSite("lommel");
    if (Roll(2) == 0) site.calendar = support::Hours("mon-sat", "6:00-22:00");
    world_.Add(site);
    world_.Add(MakeAsset("oven"));
    world_.Add(MakePool("rigs", 3));
    Asset slow = MakeAsset("slow");
    slow.set_up = kHour;
    slow.tear_down = kHour / 2;
    slow.may_span_closed_time = true;
    world_.Add(slow);
    world_.Add(support::MakeUser("bob", {"acme"}));
    if (Roll(3) == 0) AddQuota();
    if (Roll(3) == 0) AddBuffer();
    if (Roll(3) == 0) AddApproval();
    for (unsigned i = 0; i < 4 + Roll(20); ++i) (void)world_.Book(AnyBooking(), "bob");
  }

  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  Series AnySeries() {
    static constexpr const char* kRules[] = {
        "FREQ=DAILY;COUNT=8",
        "FREQ=DAILY;INTERVAL=2;COUNT=6",
        "FREQ=WEEKLY;BYDAY=MO,WE,SU;COUNT=6",
        "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4",
        "FREQ=DAILY;UNTIL=20270401",
        "",
    };
    Series series =
        MakeSeries(AnyAsset(), "2027-03-20T00:00", kHour * (1 + static_cast<int>(Roll(8))),
                   kRules[Roll(static_cast<unsigned>(std::size(kRules)))]);
    ReservationItem& first = series.draft.items[0];
    if (first.asset == "rigs") first.quantity = 1 + static_cast<int32_t>(Roll(2));
    if (Roll(4) == 0) series.draft.items.push_back(AnotherItem(first.asset));
    // In the hours that spring skips, too.
    series.recurrence.start += kHour / 2 * static_cast<int>(Roll(30));
    series.recurrence.start += kDay * static_cast<int>(Roll(8));
    if (Roll(3) == 0) series.recurrence.extra_days = {Day("2027-03-28"), Day("2027-04-02")};
    if (!series.recurrence.rrule.empty() && Roll(3) == 0) {
      series.recurrence.left_out_days = {Day("2027-03-25")};
    }
    return Skipping(series);
  }

  // Changes the time of day, the days, or what is booked.
  std::function<void(Series&)> AnyChange() {
    const int by = static_cast<int>(Roll(12)) - 6;
    const unsigned kind = Roll(4);
    const std::string asset = AnyAsset();
    return [by, kind, asset](Series& series) {
      if (kind == 0) series.recurrence.rrule = "FREQ=DAILY;INTERVAL=3;COUNT=5";
      if (kind == 1) series.recurrence.start += by * kDay;
      if (kind == 2) series.draft.items = {Item(asset)};
      if (kind != 1) series.recurrence.start += by * kHour / 2;
    };
  }

  World& world() { return world_; }

 private:
  std::string AnyAsset() {
    static constexpr const char* kAssets[] = {"oven", "rigs", "slow"};
    return kAssets[Roll(3)];
  }

  ReservationItem AnotherItem(const std::string& taken) {
    std::string asset = AnyAsset();
    while (asset == taken) asset = AnyAsset();
    return Item(asset);
  }

  Reservation AnyBooking() {
    const Instant start =
        support::At("2027-03-20 0:00") + kHour / 2 * static_cast<int>(Roll(14 * 48));
    const std::string asset = AnyAsset();
    const int32_t quantity = asset == "rigs" ? 1 + static_cast<int32_t>(Roll(3)) : 1;
    return Draft({Item(asset, quantity)}, {start, start + kHour * (1 + static_cast<int>(Roll(6)))});
  }

  void AddQuota() {
    Quota quota;
    quota.id = "share";
    quota.each = {Dimension::kUser, Dimension::kAsset};
    quota.measure = Roll(2) == 0 ? Measure::kTime : Measure::kCount;
    quota.limit = quota.measure == Measure::kTime ? 10 * kHour : 3;
    quota.period = Roll(2) == 0 ? QuotaPeriod::kWeek : QuotaPeriod::kRolling;
    quota.rolling_days = quota.period == QuotaPeriod::kRolling ? 4 : 0;
    world_.Add(quota);
  }

  void AddBuffer() {
    Policy buffer;
    buffer.id = "rest";
    buffer.rule = BufferRule{18 * kHour, Roll(2) == 0, Roll(2) == 0};
    world_.Add(buffer);
  }

  void AddApproval() {
    Policy approval;
    approval.id = "ask";
    approval.rule = DurationRule{0, 3 * kHour};
    approval.effect = Effect::kNeedsApproval;
    world_.Add(approval);
  }

  std::mt19937 random_;
  World world_;
};

std::vector<Rule> RulesOf(const Refusal& refusal) {
  std::vector<Rule> rules;
  for (const Violation& violation : refusal.violations) rules.push_back(violation.rule);
  return rules;
}

// Books the days of a series one by one in another world, and fails where one
// is granted and the other is not.
void ExpectAsOneByOne(World one_by_one, const Series& series) {
  for (const Occurrence& occurrence : series.occurrences) {
    SCOPED_TRACE(absl::FormatCivilTime(occurrence.day));
    if (occurrence.interval == Interval()) {
      ASSERT_TRUE(occurrence.refusal);
      EXPECT_EQ(RulesOf(*occurrence.refusal), std::vector<Rule>{Rule::kLocalTimeSkipped});
      continue;
    }
    Reservation draft = series.draft;
    draft.interval = occurrence.interval;
    const auto booked = one_by_one.Book(draft);
    EXPECT_EQ(booked.ok(), occurrence.reservation != 0);
    EXPECT_NE(booked.ok(), occurrence.refusal.has_value());
    if (!booked.ok() && occurrence.refusal) {
      EXPECT_EQ(RulesOf(*booked.error().refusal), RulesOf(*occurrence.refusal));
    }
  }
}

// Fails if more is in use at some second than the asset has. Counted from the
// reservations, not from the timelines.
void ExpectNoDoubleBooking(const World& world) {
  std::map<std::string, std::map<Instant, int>> steps;
  for (const auto& [id, r] : world.reservations()) {
    if (!Blocks(r)) continue;
    for (const ReservationItem& item : r.items) {
      const Interval occupied = OccupancyOf(r, item);
      steps[item.asset][occupied.start] += item.quantity;
      steps[item.asset][occupied.end] -= item.quantity;
    }
  }
  for (const auto& [asset, changes] : steps) {
    const int capacity = world.catalogue().FindAsset(asset)->capacity;
    int used = 0;
    for (const auto& [instant, change] : changes) {
      used += change;
      EXPECT_LE(used, capacity) << asset << " at " << instant;
    }
  }
}

// Fails if the series says other things of its days than its reservations do.
void ExpectSound(const World& world, const Series& series) {
  std::map<ReservationId, absl::CivilDay> own;
  absl::CivilDay last = absl::CivilDay::min();
  for (const Occurrence& occurrence : series.occurrences) {
    EXPECT_LT(last, occurrence.day);
    last = occurrence.day;
    if (occurrence.reservation == 0) {
      EXPECT_TRUE(occurrence.refusal);
      continue;
    }
    own[occurrence.reservation] = occurrence.day;
    const Reservation& r = world.reservation(occurrence.reservation);
    EXPECT_EQ(r.series, series.id);
    EXPECT_EQ(r.occurrence, occurrence.day);
  }
  for (const auto& [id, r] : world.reservations()) {
    const bool stands = r.series == series.id && IsBlocking(r.state);
    EXPECT_TRUE(!stands || own.contains(id)) << id;
  }
}

TEST(SeriesPropertyTest, ASeriesIsGrantedWhatItsDaysWouldBeGrantedOneByOne) {
  int granted = 0;
  int refused = 0;
  for (unsigned seed = 0; seed < Seeds(40, 500); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    CrowdedWorld crowded(seed);
    World& world = crowded.world();
    const World before = world;
    const auto result = world.Run({"ada"}, CreateSeries{crowded.AnySeries()});
    if (!result.ok()) {
      // All of its days are refused.
      EXPECT_EQ(result.error().kind, ErrorKind::kRefused) << Describe(result.error());
      ExpectSameState(before.state(), world.state());
      ++refused;
      continue;
    }
    ++granted;
    const auto& series = std::get<Series>(result.value().result);
    ExpectAsOneByOne(before, series);
    ExpectNoDoubleBooking(world);
    ExpectSound(world, series);
  }
  // The worlds are made so that both happen.
  EXPECT_GT(granted, 0);
  EXPECT_GT(granted, refused);
}

TEST(SeriesPropertyTest, ChangesOfASeriesNeverBookTwice) {
  int changed = 0;
  for (unsigned seed = 0; seed < Seeds(20, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    CrowdedWorld crowded(seed);
    World& world = crowded.world();
    const auto made = world.Run({"ada"}, CreateSeries{crowded.AnySeries()});
    if (!made.ok()) continue;
    const SeriesId id = std::get<Series>(made.value().result).id;
    for (int i = 0; i < 4; ++i) {
      const State before = world.state();
      UpdateSeries update{id, 0, std::nullopt, ChangeOf(crowded.AnyChange())};
      if (crowded.Roll(3) == 0) update.from = Day("2027-03-26");
      const auto tried = world.Try({"ada"}, update);
      ExpectSameState(before, world.state());
      const auto result = world.Run({"ada"}, update);
      ASSERT_EQ(tried.ok(), result.ok());
      if (!result.ok()) {
        EXPECT_TRUE(result.error().kind == ErrorKind::kRefused ||
                    result.error().kind == ErrorKind::kInvalidFields)
            << Describe(result.error());
        continue;
      }
      ++changed;
      ExpectNoDoubleBooking(world);
      ExpectSound(world, *world.FindSeries(id));
    }
  }
  EXPECT_GT(changed, 0);
}

}  // namespace
}  // namespace labslot::engine
