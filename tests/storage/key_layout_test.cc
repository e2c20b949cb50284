#include "daemon/storage/key_layout.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/store.h"
#include "gtest/gtest.h"

namespace labslot::storage {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

bool In(const KeyRange& range, const std::string& key) {
  return range.from <= key && key < range.to;
}

// Numbers around every change of length and sign.
int64_t AnyNumber(std::mt19937_64& random) {
  const int64_t edge[] = {kLeast, -1, 0, 1, 255, 256, kGreatest};
  if (random() % 3 == 0) return edge[random() % 7];
  return static_cast<int64_t>(random()) >> (random() % 63);
}

std::string AnyId(std::mt19937_64& random) {
  std::string id;
  for (uint64_t length = 1 + random() % 4; length > 0; --length) id.push_back("ab-0"[random() % 4]);
  return id;
}

TEST(KeyLayout, IndexKeysAreOrderedLikeTheirParts) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const std::tuple a(AnyId(random), AnyNumber(random), AnyNumber(random));
    std::tuple b(AnyId(random), AnyNumber(random), AnyNumber(random));
    if (random() % 2) std::get<0>(b) = std::get<0>(a);
    if (random() % 3 == 0) std::get<1>(b) = std::get<1>(a);
    const auto asset_key = [](const auto& t) { return std::apply(AssetIndexKey, t); };
    ASSERT_EQ(asset_key(a) < asset_key(b), a < b);
    const std::tuple<Instant, ReservationId> c(std::get<1>(a), std::get<2>(a));
    const std::tuple<Instant, ReservationId> d(std::get<1>(b), std::get<2>(b));
    ASSERT_EQ(std::apply(StartIndexKey, c) < std::apply(StartIndexKey, d), c < d);
    ASSERT_EQ(LogKey(std::get<1>(a)) < LogKey(std::get<1>(b)), std::get<1>(a) < std::get<1>(b));
  }
}

TEST(KeyLayout, IndexKeysGiveBackTheirParts) {
  for (const int64_t start : {kLeast, int64_t{-1}, int64_t{0}, int64_t{1796000000}, kGreatest}) {
    const auto by_asset = ParseIndexKey(AssetIndexKey("make-lab", start, 1042));
    ASSERT_TRUE(by_asset);
    EXPECT_EQ(by_asset->asset, "make-lab");
    EXPECT_EQ(by_asset->start, start);
    EXPECT_EQ(by_asset->reservation, 1042);
    const auto by_start = ParseIndexKey(StartIndexKey(start, 1042));
    ASSERT_TRUE(by_start);
    EXPECT_EQ(by_start->asset, "");
    EXPECT_EQ(by_start->start, start);
    EXPECT_EQ(by_start->reservation, 1042);
    EXPECT_EQ(ParseLogKey(LogKey(start)), start);
  }
}

TEST(KeyLayout, MachineKeysGiveBackTheirPartsAndMalformedOnesNothing) {
  const std::string key = MachineKey("rig", -7, 1042);
  const auto parts = ParseMachineKey(key);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->asset, "rig");
  EXPECT_EQ(parts->start, -7);
  EXPECT_EQ(parts->report, 1042);
  EXPECT_EQ(DescribeKey(key), "a state of assets/rig in report 1042");
  EXPECT_TRUE(In(MachineRange("rig", -7, -6), key));
  EXPECT_FALSE(In(MachineRange("rig", -6, 9), key));
  for (const std::string& bad : {std::string(), key.substr(0, key.size() - 1), key + "x",
                                 AssetIndexKey("rig", -7, 1042), RefusedKey("rig", 1, 2, 3)}) {
    EXPECT_FALSE(ParseMachineKey(bad)) << DescribeKey(bad);
  }
}

TEST(KeyLayout, MalformedIndexKeysGiveNothing) {
  const std::string good = AssetIndexKey("a", 1, 2);
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() - 1), good + "x", std::string("Aa"),
        std::string("A"), StartIndexKey(1, 2) + "x", LogKey(1), FormatKey()}) {
    EXPECT_FALSE(ParseIndexKey(bad)) << DescribeKey(bad);
  }
  EXPECT_FALSE(ParseLogKey(ReservationKey(1)));
  EXPECT_FALSE(ParseLogKey("L"));
}

TEST(KeyLayout, ARangeOfAnAssetLeavesOutItsNamesakes) {
  const KeyRange range = AssetIndexRange("rig", 100, 200);
  EXPECT_TRUE(In(range, AssetIndexKey("rig", 100, kLeast)));
  EXPECT_TRUE(In(range, AssetIndexKey("rig", 199, kGreatest)));
  EXPECT_FALSE(In(range, AssetIndexKey("rig", 99, kGreatest)));
  EXPECT_FALSE(In(range, AssetIndexKey("rig", 200, kLeast)));
  for (const char* other : {"ri", "rig-2", "rig2", "rih"}) {
    EXPECT_FALSE(In(range, AssetIndexKey(other, 150, 1))) << other;
  }
}

TEST(KeyLayout, TheLogRangeBeginsBehindTheRevision) {
  EXPECT_FALSE(In(LogRange(7), LogKey(7)));
  EXPECT_TRUE(In(LogRange(7), LogKey(8)));
  EXPECT_TRUE(In(LogRange(0), LogKey(kGreatest)));
  EXPECT_FALSE(In(LogRange(kGreatest), LogKey(kGreatest)));
}

TEST(KeyLayout, TheRangeOfSeriesBeginsBehindTheNumber) {
  EXPECT_FALSE(In(SeriesRange(7), SeriesKey(7)));
  EXPECT_TRUE(In(SeriesRange(7), SeriesKey(8)));
  EXPECT_TRUE(In(SeriesRange(0), SeriesKey(kGreatest)));
  EXPECT_FALSE(In(SeriesRange(kGreatest), SeriesKey(kGreatest)));
}

TEST(KeyLayout, TheRangeOfReservationsHoldsThemAll) {
  for (const ReservationId id : {kLeast, int64_t{0}, int64_t{1}, kGreatest}) {
    EXPECT_TRUE(In(ReservationRange(), ReservationKey(id))) << id;
  }
}

TEST(KeyLayout, HistoryKeysGiveBackTheirParts) {
  for (const std::string& key : {RecordKey(Collection::kAssets, "rig"), ReservationKey(1042),
                                 SeriesKey(kGreatest), RecordKey(Collection::kSites, "a")}) {
    const auto entry = ParseHistoryKey(HistoryKey(key, 77));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->key, key);
    EXPECT_EQ(entry->revision, 77);
  }
  EXPECT_FALSE(ParseHistoryKey(ReservationKey(1)));
  EXPECT_FALSE(ParseHistoryKey("H"));
  EXPECT_EQ(NumberInKey(ReservationKey(1042)), 1042);
  EXPECT_EQ(NumberInKey(SeriesKey(7)), 7);
  EXPECT_FALSE(NumberInKey(RecordKey(Collection::kAssets, "rig")));
}

TEST(KeyLayout, TheHistoryOfARecordIsThatUpToTheRevision) {
  const std::string key = RecordKey(Collection::kAssets, "rig");
  const KeyRange range = HistoryRange(key, 5, 9);
  EXPECT_FALSE(In(range, HistoryKey(key, 5)));
  EXPECT_TRUE(In(range, HistoryKey(key, 6)));
  EXPECT_TRUE(In(range, HistoryKey(key, 9)));
  EXPECT_FALSE(In(range, HistoryKey(key, 10)));
  EXPECT_FALSE(In(range, HistoryKey(RecordKey(Collection::kAssets, "rig-2"), 7)));
  EXPECT_TRUE(In(HistoryRange(Collection::kAssets), HistoryKey(key, 7)));
  EXPECT_FALSE(In(HistoryRange(Collection::kSites), HistoryKey(key, 7)));
}

TEST(KeyLayout, TablesDoNotOverlap) {
  const std::vector<KeyRange> ranges = {LogRange(kLeast),
                                        RecordRange(Collection::kSites),
                                        RecordRange(Collection::kAssets),
                                        RecordRange(Collection::kHolidayRegions),
                                        RecordRange(Collection::kOrganisations),
                                        RecordRange(Collection::kUsers),
                                        RecordRange(Collection::kTokens),
                                        RecordRange(Collection::kGroups),
                                        RecordRange(Collection::kPolicies),
                                        RecordRange(Collection::kQuotas),
                                        ReservationRange(),
                                        SeriesRange(kLeast),
                                        AllAssetsIndexRange(),
                                        StartIndexRange(kLeast, kGreatest),
                                        OutcomeRange(),
                                        HistoryRange(Collection::kAssets),
                                        RefusedRange("x", kLeast, kGreatest)};
  const std::vector<std::string> keys = {LogKey(5),
                                         RecordKey(Collection::kSites, "x"),
                                         RecordKey(Collection::kAssets, "x"),
                                         RecordKey(Collection::kHolidayRegions, "x"),
                                         RecordKey(Collection::kOrganisations, "x"),
                                         RecordKey(Collection::kUsers, "x"),
                                         RecordKey(Collection::kTokens, "x"),
                                         RecordKey(Collection::kGroups, "x"),
                                         RecordKey(Collection::kPolicies, "x"),
                                         RecordKey(Collection::kQuotas, "x"),
                                         ReservationKey(5),
                                         SeriesKey(5),
                                         AssetIndexKey("x", 1, 2),
                                         StartIndexKey(1, 2),
                                         OutcomeKey("x", "y"),
                                         HistoryKey(RecordKey(Collection::kAssets, "x"), 5),
                                         RefusedKey("x", 1, 2, 3),
                                         FormatKey()};
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), keys.size());
  for (size_t k = 0; k < keys.size(); ++k) {
    EXPECT_LT(keys[k], kEngineKeys);
    for (size_t r = 0; r < ranges.size(); ++r) {
      EXPECT_EQ(In(ranges[r], keys[k]), k == r) << DescribeKey(keys[k]) << " in range " << r;
    }
  }
}

TEST(KeyLayout, RequestIdsOfTwoUsersNeverMeet) {
  EXPECT_NE(OutcomeKey("ada", "b"), OutcomeKey("adab", ""));
  EXPECT_NE(OutcomeKey("ada", "b"), OutcomeKey("ad", "ab"));
}

TEST(KeyLayout, KeysAreDescribedInWords) {
  EXPECT_EQ(DescribeKey(LogKey(1042)), "event 1042");
  EXPECT_EQ(DescribeKey(ReservationKey(7)), "reservations/7");
  EXPECT_EQ(DescribeKey(SeriesKey(8)), "series/8");
  EXPECT_EQ(DescribeKey(RecordKey(Collection::kAssets, "rig")), "assets/rig");
  EXPECT_EQ(DescribeKey(RecordKey(Collection::kGroups, "partners")), "groups/partners");
  EXPECT_EQ(DescribeKey(RecordKey(Collection::kPolicies, "grid")), "policies/grid");
  EXPECT_EQ(DescribeKey(RecordKey(Collection::kQuotas, "hours")), "quotas/hours");
  EXPECT_EQ(DescribeKey(AssetIndexKey("rig", 1, 7)), "the row of reservations/7 by assets/rig");
  EXPECT_EQ(DescribeKey(StartIndexKey(1, 7)), "the row of reservations/7 by start");
  EXPECT_EQ(DescribeKey(FormatKey()), "the format row");
  EXPECT_EQ(DescribeKey("?\x01"), "key ?\\x01");
}

// Found by fuzzing: the description was empty, so that an error would name nothing.
TEST(KeyLayout, AKeyThatNamesNothingIsDescribedAsItIs) {
  EXPECT_EQ(DescribeKey("CaB"), "key CaB");
  EXPECT_EQ(DescribeKey(ReservationKey(0)), "key B\\x80\\x00\\x00\\x00\\x00\\x00\\x00\\x00");
  EXPECT_EQ(DescribeKey(SeriesKey(0)), "key R\\x80\\x00\\x00\\x00\\x00\\x00\\x00\\x00");
}

}  // namespace
}  // namespace labslot::storage
