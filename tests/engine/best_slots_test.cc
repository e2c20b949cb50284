// The best slots by example: what makes one better, and what a search leaves.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/engine/slot_score.h"
#include "daemon/engine/slots.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakePool;
using support::MakeSite;
using support::Span;
using support::World;

TEST(SlotScoreTest, IsTheMeanOfTheTermsThatThereAre) {
  const struct {
    SlotTerms terms;
    double score;
  } kRows[] = {
      {{1, 1, 1, 1}, 1},        {{0, 0, 0, 0}, 0},         {{1, 0, 0, 0}, 0.4},
      {{0, 0, 1, 0}, 0.3},      {{0, 1, 0, 0}, 0.2},       {{0, 0, 0, 1}, 0.1},
      {{1, 1, {}, {}}, 1},      {{1, 0, {}, {}}, 4.0 / 6}, {{0, 1, {}, 1}, 3.0 / 7},
      {{0, 1, 1, {}}, 5.0 / 9},
  };
  for (const auto& row : kRows) {
    EXPECT_DOUBLE_EQ(ScoreOf(row.terms), row.score)
        << row.terms.soon << row.terms.snug << row.terms.near.value_or(9)
        << row.terms.modest.value_or(9);
  }
}

TEST(SlotScoreTest, SoonFallsEvenlyFromTheStartOfTheWindowToItsEnd) {
  const Interval window = {1000, 2000};
  EXPECT_EQ(Soon(window, 1000), 1);
  EXPECT_DOUBLE_EQ(Soon(window, 1250), 0.75);
  EXPECT_EQ(Soon(window, 2000), 0);
}

TEST(SlotScoreTest, NearIsTheLongestWayThatIsSaved) {
  EXPECT_EQ(Near(0, 0), 1);
  EXPECT_EQ(Near(0, kHour), 1);
  EXPECT_DOUBLE_EQ(Near(kHour, 4 * kHour), 0.75);
  EXPECT_EQ(Near(kHour, kHour), 0);
  EXPECT_EQ(Near(std::nullopt, kHour), 0);
}

TEST(SlotScoreTest, SnugCountsWhatALikeRunCannotUse) {
  const struct {
    Seconds before, behind;  // the run, which takes 2 h
    double snug;
  } kRows[] = {
      {0, 0, 1},         {kHour, 0, 0.75},          {0, kHour, 0.75},         {kHour, kHour, 0.5},
      {2 * kHour, 0, 1}, {2 * kHour, 3 * kHour, 1}, {2 * kHour, kHour, 0.75},
  };
  for (const auto& row : kRows) {
    EXPECT_DOUBLE_EQ(Snug({5000 - row.before, 5001 + row.behind}, 5000, 2 * kHour), row.snug)
        << row.before << " " << row.behind;
  }
}

TEST(SlotScoreTest, ModestTakesNoMoreThanWasAskedFor) {
  Asset asset = MakePool("rigs", 4);
  EXPECT_DOUBLE_EQ(Modest(asset, 4, {}), 1);
  EXPECT_DOUBLE_EQ(Modest(asset, 1, {}), 0.625);
  asset.labels = {{"vendor", "x"}, {"class", "1"}};
  EXPECT_DOUBLE_EQ(Modest(asset, 4, asset.labels), 1);
  EXPECT_DOUBLE_EQ(Modest(asset, 4, {{"class", "1"}}), 0.75);
}

TEST(SlotScoreTest, TheLatestStartWithAScoreIsNeverTooEarly) {
  const Interval window = {1'800'000'000, 1'800'000'000 + 13 * kDay + 7};
  const SlotTerms terms = {1, 1, 0.3, 0.7};
  for (Instant start = window.start; start < window.end; start += 977) {
    SlotTerms at = terms;
    at.soon = Soon(window, start);
    const Instant latest = LatestStartWith(ScoreOf(at), terms, window);
    ASSERT_GE(latest, start);
    ASSERT_LE(latest, start + 2);
  }
}

// Four sites, each with one asset of the kind `saw`: kortrijk is an hour from
// lommel, tartu a day, nobody knows where nowhere is.
class BestSlotsTest : public testing::Test {
 protected:
  BestSlotsTest() {
    AddPlace("lommel", "BE22", {});
    AddPlace("kortrijk", "BE25", {{"lommel", kHour}});
    AddPlace("nowhere", "", {});
    AddPlace("tartu", "EE00", {{"lommel", kDay}});
    query_.kind = "saw";
    query_.duration = 2 * kHour;
    query_.window = Span("mon 0:00-thu 0:00");
    query_.order = SlotOrder::kBest;
    query_.limit = 10;
  }

  void AddPlace(const std::string& id, const std::string& region,
                const std::map<std::string, Seconds>& travel_times) {
    Site site = MakeSite(id);
    site.region = region;
    site.travel_times = travel_times;
    site.calendar = support::Office();
    world_.Add(site);
    Asset asset = MakeAsset("saw-" + id, id);
    asset.kind = "saw";
    world_.Add(asset);
  }

  std::vector<Slot> Find() { return FindSlots(world_.state(), query_, world_.now); }

  // The assets found, each once, in the order of their first slots.
  std::vector<std::string> Assets() {
    std::vector<std::string> ids;
    for (const Slot& slot : Find()) {
      const std::string& id = slot.items.front().asset;
      if (std::count(ids.begin(), ids.end(), id) == 0) ids.push_back(id);
    }
    return ids;
  }

  using Ids = std::vector<std::string>;

  World world_;
  SlotQuery query_;
};

TEST_F(BestSlotsTest, WithNothingBetweenThemTheyComeByStartThenByAsset) {
  EXPECT_EQ(Assets(), (Ids{"saw-kortrijk", "saw-lommel", "saw-nowhere", "saw-tartu"}));
  const auto slots = Find();
  ASSERT_EQ(slots.size(), 10u);
  EXPECT_EQ(slots[3].interval, Span("mon 8:00-10:00"));
  EXPECT_EQ(slots[4].interval, Span("tue 8:00-10:00"));
  EXPECT_EQ(slots[4].start_slack, 7 * kHour);
  EXPECT_FALSE(slots[0].travel.has_value());
  for (size_t i = 1; i < slots.size(); ++i) EXPECT_LE(slots[i].score, slots[i - 1].score);
}

TEST_F(BestSlotsTest, TheNearestComesFirstAndAnUnknownWayCountsAsTheLongest) {
  query_.from_site = "lommel";
  const auto slots = Find();
  EXPECT_EQ(Assets(), (Ids{"saw-lommel", "saw-kortrijk", "saw-nowhere", "saw-tartu"}));
  EXPECT_EQ(slots[0].travel, 0);
  query_.order = SlotOrder::kEarliest;
  EXPECT_EQ(Assets(), (Ids{"saw-kortrijk", "saw-lommel", "saw-nowhere", "saw-tartu"}));
  EXPECT_EQ(Find()[0].travel, kHour);
  EXPECT_EQ(Find()[2].travel, std::nullopt);
  EXPECT_EQ(Find()[0].score, 0);
}

TEST_F(BestSlotsTest, NoFurtherThanPeopleWouldTravel) {
  query_.from_site = "lommel";
  query_.max_travel = kHour;
  EXPECT_EQ(Assets(), (Ids{"saw-lommel", "saw-kortrijk"}));
  query_.max_travel = kHour - 1;
  EXPECT_EQ(Assets(), (Ids{"saw-lommel"}));
  query_.max_travel = 0;
  EXPECT_EQ(Assets(), (Ids{"saw-lommel"}));
  query_.max_travel = kDay;
  EXPECT_EQ(Assets(), (Ids{"saw-lommel", "saw-kortrijk", "saw-tartu"}));
}

TEST_F(BestSlotsTest, ARegionIsAllThatBeginsLikeIt) {
  query_.region = "BE";
  EXPECT_EQ(Assets(), (Ids{"saw-kortrijk", "saw-lommel"}));
  query_.region = "BE25";
  EXPECT_EQ(Assets(), (Ids{"saw-kortrijk"}));
  query_.region = "BE251";
  EXPECT_EQ(Assets(), Ids{});
  query_.kind.clear();
  query_.region = "EE";
  EXPECT_EQ(Assets(), (Ids{"saw-tartu"}));
}

TEST_F(BestSlotsTest, MobileAssetsAreOfTheRegionTheyComeFrom) {
  Asset truck = support::MakeMobile("truck", "lommel");
  truck.kind = "saw";
  world_.Add(truck);
  query_.site = "tartu";
  query_.from_site = "lommel";
  query_.region = "BE";
  query_.window.end += 2 * kDay;
  ASSERT_EQ(Assets(), (Ids{"truck"}));
  // People go where it is used.
  EXPECT_EQ(Find()[0].travel, kDay);
  query_.region = "EE";
  EXPECT_EQ(Assets(), (Ids{"saw-tartu"}));
}

TEST_F(BestSlotsTest, AnyKindWillDoIfNoneIsNamed) {
  Asset oven = MakeAsset("oven");
  oven.labels = {{"vendor", "x"}};
  world_.Add(oven);
  query_.kind.clear();
  query_.site = "lommel";
  EXPECT_EQ(Assets(), (Ids{"saw-lommel", "oven"}));
  query_.site.clear();
  query_.labels = {{"vendor", "x"}};
  EXPECT_EQ(Assets(), (Ids{"oven"}));
}

TEST_F(BestSlotsTest, ASlotThatLeavesNoUselessTimeIsWorthAWait) {
  query_.region = "BE22";
  // Monday leaves an hour beside the run, Tuesday none.
  world_.MustBook(Draft({Item("saw-lommel")}, Span("mon 11:00-17:00")));
  world_.MustBook(Draft({Item("saw-lommel")}, Span("tue 10:00-17:00")));
  auto slots = Find();
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].interval, Span("mon 8:00-10:00"));
  // In a longer window a day is worth less.
  query_.window.end += 60 * kDay;
  query_.limit = 1;
  slots = Find();
  EXPECT_EQ(slots[0].interval, Span("tue 8:00-10:00"));
}

TEST_F(BestSlotsTest, ARunGoesRightBeforeTheNextIfItCannotFollowThePreviousOne) {
  query_.region = "BE22";
  query_.window = Span("mon 8:00-17:00");
  world_.MustBook(Draft({Item("saw-lommel")}, Span("mon 8:00-8:10")));
  world_.MustBook(Draft({Item("saw-lommel")}, Span("mon 12:10-17:00")));
  // At 8:15 five minutes would be lost before it and an hour and 55 minutes behind it.
  const auto slots = Find();
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_EQ(slots[0].interval, Span("mon 10:10-12:10"));
  EXPECT_EQ(slots[0].start_slack, 0);
}

TEST_F(BestSlotsTest, TimeBeforeTheWindowIsSeenBesideTheRun) {
  query_.region = "BE22";
  query_.window = {At("mon 9:00"), At("wed 17:00")};
  auto slots = Find();
  // At 9:00 an hour would be lost before it, at 10:00 there is room for a like run.
  EXPECT_EQ(slots[0].interval, Span("mon 10:00-12:00"));
  // What is past is lost anyway.
  world_.now = At("mon 9:00");
  slots = Find();
  EXPECT_EQ(slots[0].interval, Span("mon 9:00-11:00"));
}

TEST_F(BestSlotsTest, TheSmallestAndPlainestThatWillDoComesFirst) {
  Asset pool = MakePool("saw-a-pool", 7);
  pool.kind = "saw";
  world_.Add(pool);
  Asset fancy = MakeAsset("saw-b-fancy");
  fancy.kind = "saw";
  fancy.labels = {{"class", "1"}, {"vendor", "x"}};
  world_.Add(fancy);
  query_.site = "lommel";
  EXPECT_EQ(Assets(), (Ids{"saw-lommel", "saw-b-fancy", "saw-a-pool"}));
  query_.labels = {{"class", "1"}, {"vendor", "x"}};
  EXPECT_EQ(Assets(), (Ids{"saw-b-fancy"}));
  query_.labels.clear();
  query_.quantity = 7;
  EXPECT_EQ(Assets(), (Ids{"saw-a-pool"}));
}

TEST_F(BestSlotsTest, SeveralItemsTogetherHaveAScoreToo) {
  query_.kind.clear();
  query_.items = {Item("saw-lommel"), Item("saw-kortrijk")};
  world_.MustBook(Draft({Item("saw-lommel")}, Span("mon 9:00-17:00")));
  world_.MustBook(Draft({Item("saw-kortrijk")}, Span("tue 8:00-9:00")));
  const auto slots = Find();
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(slots[0].interval, Span("tue 9:00-11:00"));
  EXPECT_GT(slots[0].score, slots[1].score);
}

TEST_F(BestSlotsTest, WhoIsNotQualifiedIsOfferedNothing) {
  Policy training;
  training.id = training.display_name = "training";
  training.rule = QualificationRule{"saw-2"};
  Selector lommel;
  lommel.assets = {"saw-lommel"};
  training.applies_to = {lommel};
  world_.Add(training);
  User pat = support::MakeUser("pat", {"acme"});
  pat.qualifications = {{"saw-2", At("tue 12:00")}};
  world_.Add(pat);
  query_.region = "BE";
  for (const SlotOrder order : {SlotOrder::kEarliest, SlotOrder::kBest}) {
    query_.order = order;
    query_.user = "ada";
    EXPECT_EQ(Assets(), (Ids{"saw-kortrijk"}));
    query_.user = "pat";
    EXPECT_EQ(Assets(), (Ids{"saw-kortrijk", "saw-lommel"}));
    // What he knows expires on Tuesday.
    query_.region = "BE22";
    for (const Slot& slot : Find()) EXPECT_LE(slot.interval.end, At("tue 12:00"));
    query_.region = "BE";
  }
}

TEST_F(BestSlotsTest, OnlyTheBestAreKept) {
  query_.limit = 3;
  const auto few = Find();
  query_.limit = 100;
  const auto all = Find();
  ASSERT_EQ(few.size(), 3u);
  ASSERT_EQ(all.size(), 12u);
  for (size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few[i].interval, all[i].interval);
    EXPECT_EQ(few[i].items, all[i].items);
  }
  query_.limit = 0;
  EXPECT_TRUE(Find().empty());
}

}  // namespace
}  // namespace labslot::engine
