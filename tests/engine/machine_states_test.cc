// What machines say of themselves, and what it makes of use.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "daemon/engine/machine_decisions.h"
#include "tests/engine/table.h"
#include "tests/engine/use_words.h"
#include "tests/support/records.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/use_source.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kMinute;
using support::Span;

class MachineTest : public testing::Test {
 protected:
  MachineTest() {
    Site lommel = support::MakeSite("lommel");
    lommel.calendar = support::Office();
    world_.Add(lommel);
    world_.Add(support::MakeAsset("oven"));
    Asset rigs = support::MakePool("rigs", 2);
    rigs.units = {{"r1", ""}, {"r2", ""}};
    world_.Add(rigs);
    world_.Add(support::MakePool("cups", 3));
    User mia = support::MakeUser("mia");
    mia.role_bindings = {support::Binding(Role::kAssetManager)};
    world_.Add(mia);
    world_.now = At("wed 9:00");
  }

  Result<Decision> Report(const std::string& asset, const std::string& unit, MachineState state,
                          const char* span, const std::string& user = "mia") {
    MachineReport report;
    report.asset = asset;
    report.unit = unit;
    report.spans = {{Span(span), state}};
    return world_.Run(Principal{user}, ReportMachineStates{report});
  }

  UseSeconds Row(const std::string& asset, const char* period) {
    support::WorldUse source(world_);
    const Interval interval = Span(period);
    const auto epochs = source.Epochs(interval);
    const AssetUse use = UseOf(SpansOf(epochs, asset), source.All(asset), world_.now, source,
                               [](const Occupancy&) { return 0; });
    UseSeconds row;
    Partition(use, {interval},
              [&](size_t, const std::vector<UseSeconds>& rows) { row = rows.at(0); });
    return row;
  }

  std::string States(const std::string& asset, const char* period) {
    return Minutes(Row(asset, period));
  }

  support::World world_;
  support::Script script_{world_};
};

TEST_F(MachineTest, UseIsMeasuredWhereTheMachineSpeaks) {
  world_.now = At("mon 7:00");
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-12:00  -> ok");
  world_.now = At("wed 9:00");
  EXPECT_EQ(States("oven", "mon 9:00-12:00"), "used 180");
  EXPECT_EQ(Row("oven", "mon 9:00-12:00").assumed, 180 * kMinute);
  ASSERT_TRUE(Report("oven", "", MachineState::kRunning, "mon 9:15-10:15").ok());
  ASSERT_TRUE(Report("oven", "", MachineState::kIdle, "mon 10:15-11:00").ok());
  ASSERT_TRUE(Report("oven", "", MachineState::kDown, "mon 11:00-11:30").ok());
  EXPECT_EQ(States("oven", "mon 9:00-12:00"), "used 105, broken 30, idle 45");
  const UseSeconds row = Row("oven", "mon 9:00-12:00");
  EXPECT_EQ(row.measured, 60 * kMinute);
  EXPECT_EQ(row.assumed, 45 * kMinute) << "of what nobody said anything";
}

TEST_F(MachineTest, ABrokenMachineIsAnOutageInOpeningHours) {
  ASSERT_TRUE(Report("oven", "", MachineState::kDown, "mon 16:00-20:00").ok());
  EXPECT_EQ(States("oven", "mon 16:00-20:00"), "broken 60, closed 180");
  ASSERT_TRUE(Report("oven", "", MachineState::kRunning, "mon 8:00-9:00").ok());
  EXPECT_EQ(States("oven", "mon 8:00-9:00"), "available 60") << "nobody reserved it";
}

TEST_F(MachineTest, WhatIsSaidLastHoldsAndWhatWasSaidStays) {
  ASSERT_TRUE(Report("oven", "", MachineState::kDown, "mon 9:00-12:00").ok());
  const Event first = world_.events().back();
  ASSERT_TRUE(Report("oven", "", MachineState::kIdle, "mon 10:00-11:00").ok());
  EXPECT_EQ(States("oven", "mon 9:00-12:00"), "broken 120, available 60");
  EXPECT_TRUE(world_.events()[world_.events().size() - 2] == first);
}

TEST_F(MachineTest, UnitsSpeakForThemselves) {
  world_.now = At("mon 7:00");
  EXPECT_TABLE(script_, "r1: book rigs @ mon 9:00-12:00  -> ok");
  world_.now = At("wed 9:00");
  ASSERT_TRUE(Report("rigs", "r1", MachineState::kIdle, "mon 9:00-12:00").ok());
  EXPECT_EQ(States("rigs", "mon 9:00-12:00"), "used 180, available 180") << "r2 may have run";
  ASSERT_TRUE(Report("rigs", "r2", MachineState::kDown, "mon 9:00-10:00").ok());
  EXPECT_EQ(States("rigs", "mon 9:00-12:00"), "used 120, broken 60, available 180");
}

TEST_F(MachineTest, AnOutageAndTheMachineSpeakOfTheSameUnit) {
  Outage outage;
  outage.id = "broken";
  outage.asset = "rigs";
  outage.quantity = 1;
  outage.interval = Span("mon 9:00-12:00");
  world_.now = At("wed 9:00");
  ASSERT_TRUE(world_.Run(CreateRecord{outage}).ok());
  ASSERT_TRUE(Report("rigs", "r1", MachineState::kDown, "mon 9:00-12:00").ok());
  EXPECT_EQ(States("rigs", "mon 9:00-12:00"), "broken 180, available 180");
  ASSERT_TRUE(Report("rigs", "r2", MachineState::kDown, "mon 9:00-10:00").ok());
  EXPECT_EQ(States("rigs", "mon 9:00-12:00"), "broken 240, available 120");
}

TEST_F(MachineTest, OnlyManagersReportAndOnlyOfWhatTheyKnow) {
  const auto error = [&](Result<Decision> result) {
    return result.ok() ? "" : support::Describe(result.error());
  };
  EXPECT_FALSE(Report("oven", "", MachineState::kIdle, "mon 9:00-10:00", "ada").ok());
  EXPECT_FALSE(Report("saw", "", MachineState::kIdle, "mon 9:00-10:00").ok());
  EXPECT_NE(error(Report("oven", "r1", MachineState::kIdle, "mon 9:00-10:00")).find("no units"),
            std::string::npos);
  EXPECT_NE(error(Report("rigs", "", MachineState::kIdle, "mon 9:00-10:00")).find("r1, r2"),
            std::string::npos);
  EXPECT_NE(error(Report("cups", "", MachineState::kIdle, "mon 9:00-10:00")).find("name its units"),
            std::string::npos);
  EXPECT_NE(error(Report("oven", "", MachineState::kIdle, "wed 8:00-10:00")).find("future"),
            std::string::npos);
}

// Held against a painting second by second.
TEST(MachineTimesPropertyTest, TheLastWordHoldsForEverySecond) {
  for (unsigned seed = 1; seed <= support::Seeds(500, 50000); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<MachineEntry> entries;
    std::map<std::string, std::array<int, 100>> painted;
    for (int64_t revision = 1; revision <= 12; ++revision) {
      const std::string unit = random() % 2 == 0 ? "r1" : "r2";
      Instant at = random() % 60;
      for (int spans = 1 + static_cast<int>(random() % 3); spans > 0; --spans) {
        const Instant end = std::min<Instant>(100, at + 1 + random() % 20);
        const auto state = static_cast<MachineState>(1 + random() % 3);
        if (at < end) entries.push_back({unit, {{at, end}, state}, revision});
        for (Instant t = at; t < end; ++t) {
          painted[unit][static_cast<size_t>(t)] = static_cast<int>(state);
        }
        at = end + random() % 5;
      }
    }
    std::map<std::pair<Instant, int>, int> expected;
    for (const auto& [unit, seconds] : painted) {
      for (size_t t = 0; t < seconds.size(); ++t) {
        if (seconds[t] != 0) ++expected[{static_cast<Instant>(t), seconds[t]}];
      }
    }
    std::shuffle(entries.begin(), entries.end(), random);
    std::map<std::pair<Instant, int>, int> found;
    for (const MachineTime& time : MachineTimesOf(entries)) {
      for (Instant t = time.interval.start; t < time.interval.end; ++t) {
        ++found[{t, static_cast<int>(time.state)}];
      }
    }
    ASSERT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace labslot::engine
