#include "daemon/domain/names.h"

#include <gtest/gtest.h>

#include <string>

namespace labslot {
namespace {

TEST(NamesTest, NamesAreCollectionAndId) {
  EXPECT_EQ(NameOf(kAssets, "make-lab"), "assets/make-lab");
  EXPECT_EQ(NameOf(kAssets, ""), "");
  EXPECT_EQ(NameOf(ReservationId{1042}), "reservations/1042");
  Asset asset;
  asset.id = "oven";
  EXPECT_EQ(NameOf(Resource(asset)), "assets/oven");
  HolidayRegion region;
  region.id = "be";
  EXPECT_EQ(NameOf(Resource(region)), "holidayRegions/be");
  Reservation reservation;
  reservation.id = 7;
  EXPECT_EQ(NameOf(Resource(reservation)), "reservations/7");
}

TEST(NamesTest, RulesGroupsAndSeriesHaveNamesOfTheirOwn) {
  EXPECT_EQ(NameOfSeries(SeriesId{1041}), "series/1041");
  EXPECT_EQ(NameOfSeries(SeriesId{0}), "");
  Series series;
  series.id = 8;
  EXPECT_EQ(NameOf(Resource(series)), "series/8");
  Group group;
  group.id = "steerers";
  EXPECT_EQ(NameOf(Resource(group)), "groups/steerers");
  Policy policy;
  policy.id = "notice";
  EXPECT_EQ(NameOf(Resource(policy)), "policies/notice");
  Quota quota;
  quota.id = "two-slots";
  EXPECT_EQ(NameOf(Resource(quota)), "quotas/two-slots");
}

TEST(NamesTest, LegalIdsAreLowerCaseWords) {
  for (const char* id : {"a", "a1", "make-lab", "a--b", "z9"}) EXPECT_TRUE(IsLegalId(id)) << id;
  EXPECT_TRUE(IsLegalId(std::string(63, 'a')));
  for (const char* id :
       {"", "1a", "-a", "a-", "A", "aB", "a_b", "a.b", "a b", "a/b", "å", "@operator", "@daemon"}) {
    EXPECT_FALSE(IsLegalId(id)) << id;
  }
  EXPECT_FALSE(IsLegalId(std::string(64, 'a')));
  EXPECT_FALSE(IsLegalId(std::string("a\0b", 3)));
}

TEST(NamesTest, IdsAreReadOutOfWellFormedNamesOnly) {
  EXPECT_EQ(IdIn(kAssets, "assets/make-lab"), "make-lab");
  for (const char* name : {"", "make-lab", "assets/", "assets", "sites/make-lab", "assets/a/b",
                           "assets/Make", "/assets/a", "assets//a", "assets/a ", " assets/a"}) {
    EXPECT_EQ(IdIn(kAssets, name), std::nullopt) << name;
  }
}

TEST(NamesTest, ReservationIdsArePlainPositiveNumbers) {
  EXPECT_EQ(ReservationIdIn("reservations/1042"), 1042);
  EXPECT_EQ(ReservationIdIn("reservations/9223372036854775807"), 9223372036854775807);
  for (const char* name : {"", "1042", "reservations/", "reservations/0", "reservations/-1",
                           "reservations/+1", "reservations/ 1", "reservations/1 ",
                           "reservations/01", "reservations/1x", "reservations/0x10",
                           "reservations/9223372036854775808", "reservations/1/2", "assets/1042"}) {
    EXPECT_EQ(ReservationIdIn(name), std::nullopt) << name;
  }
}

TEST(NamesTest, SeriesIdsArePlainPositiveNumbers) {
  EXPECT_EQ(SeriesIdIn("series/1041"), 1041);
  EXPECT_EQ(SeriesIdIn("series/9223372036854775807"), 9223372036854775807);
  for (const char* name :
       {"", "1041", "series", "series/", "series/0", "series/-1", "series/+1", "series/ 1",
        "series/1 ", "series/01", "series/1x", "series/9223372036854775808", "series/1/2",
        "reservations/1041", "serie/1041", "Series/1041"}) {
    EXPECT_EQ(SeriesIdIn(name), std::nullopt) << name;
  }
  EXPECT_EQ(ReservationIdIn("series/1041"), std::nullopt);
}

}  // namespace
}  // namespace labslot
