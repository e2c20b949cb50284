#include "daemon/engine/reaches.h"

#include "gtest/gtest.h"

namespace labslot::engine {
namespace {

constexpr Instant kStart = 1796000400;

Occupancy OccupancyOf(const char* asset, Seconds set_up, Seconds length, Seconds tear_down) {
  Occupancy occupancy;
  occupancy.asset = asset;
  occupancy.run = {kStart, kStart + length};
  occupancy.set_up = set_up;
  occupancy.tear_down = tear_down;
  return occupancy;
}

TEST(Reaches, AreTheWidestOfEachAsset) {
  Reaches reaches;
  EXPECT_EQ(reaches.Of("lab"), Reaches::Reach());
  reaches.Include(OccupancyOf("lab", 600, 3600, 60));
  reaches.Include(OccupancyOf("lab", 0, 7200, 0));
  reaches.Include(OccupancyOf("rig", 0, 60, 0));
  EXPECT_EQ(reaches.Of("lab"), (Reaches::Reach{600, 7200}));
  EXPECT_EQ(reaches.Of("rig"), (Reaches::Reach{0, 60}));
}

TEST(Reaches, UseBeyondTheEndIsIncluded) {
  Reaches reaches;
  Occupancy overdue = OccupancyOf("lab", 0, 3600, 0);
  overdue.close_by = overdue.run.end + 900;
  reaches.Include(overdue);
  EXPECT_EQ(reaches.Of("lab").behind, 4500);
}

TEST(Reaches, IncludeWhatDoesNotWidenThem) {
  Reaches reaches;
  EXPECT_FALSE(reaches.Includes(OccupancyOf("lab", 0, 60, 0)));
  reaches.Include(OccupancyOf("lab", 60, 3600, 0));
  EXPECT_TRUE(reaches.Includes(OccupancyOf("lab", 0, 60, 0)));
  EXPECT_TRUE(reaches.Includes(OccupancyOf("lab", 60, 3000, 600)));
  EXPECT_FALSE(reaches.Includes(OccupancyOf("lab", 61, 60, 0)));
  EXPECT_FALSE(reaches.Includes(OccupancyOf("lab", 0, 3600, 1)));
  EXPECT_FALSE(reaches.Includes(OccupancyOf("rig", 0, 60, 0)));
}

}  // namespace
}  // namespace labslot::engine
