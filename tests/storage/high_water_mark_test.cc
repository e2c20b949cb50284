#include "daemon/storage/rocksdb/high_water_mark.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

class HighWaterMarkTest : public ::testing::Test {
 protected:
  std::string Content(int slot) const {
    std::ifstream file(folder_.mark_slot(slot));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void SetContent(int slot, const std::string& text) const {
    std::ofstream(folder_.mark_slot(slot)) << text;
  }
  std::optional<Mark> Read() const {
    const auto mark = HighWaterMark(folder_).Read();
    EXPECT_TRUE(mark.ok()) << mark.status();
    return mark.value_or(std::nullopt);
  }

  const TempFolder temp_;
  const DataFolder folder_{temp_.path()};
};

TEST_F(HighWaterMarkTest, IsNothingBeforeItIsWritten) { EXPECT_EQ(Read(), std::nullopt); }

TEST_F(HighWaterMarkTest, IsTheLastThatWasWritten) {
  HighWaterMark mark(folder_);
  for (Revision revision = 0; revision < 5; ++revision) {
    const Mark written{revision * 1000, HashOf("event")};
    ASSERT_TRUE(mark.Write(written).ok());
    EXPECT_EQ(Read(), written);
  }
}

TEST_F(HighWaterMarkTest, AWriteLeavesTheOtherSlotAlone) {
  ASSERT_TRUE(HighWaterMark(folder_).Write({1, 0}).ok());
  for (Revision revision = 2; revision < 8; ++revision) {
    const std::string before[] = {Content(0), Content(1)};
    // A new object each time: it must find out which slot counts.
    ASSERT_TRUE(HighWaterMark(folder_).Write({revision, 0}).ok());
    EXPECT_EQ((before[0] != Content(0)) + (before[1] != Content(1)), 1);
    EXPECT_EQ(Read()->revision, revision);
  }
}

TEST_F(HighWaterMarkTest, ATornSlotFallsBackToTheOther) {
  HighWaterMark mark(folder_);
  ASSERT_TRUE(mark.Write({1, 11}).ok());
  ASSERT_TRUE(mark.Write({2, 22}).ok());
  const std::string newest = Content(1);
  for (size_t size = 0; size < newest.size(); ++size) {
    SetContent(1, newest.substr(0, size));
    EXPECT_EQ(Read(), (Mark{1, 11})) << size;
  }
}

TEST_F(HighWaterMarkTest, AFlippedBitAnywhereIsNoticed) {
  HighWaterMark mark(folder_);
  ASSERT_TRUE(mark.Write({1, 11}).ok());
  ASSERT_TRUE(mark.Write({2, 22}).ok());
  const std::string newest = Content(1);
  for (size_t at = 0; at < newest.size(); ++at) {
    std::string flipped = newest;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    SetContent(1, flipped);
    EXPECT_EQ(Read(), (Mark{1, 11})) << at;
  }
}

TEST_F(HighWaterMarkTest, TwoUnreadableSlotsAreDataLoss) {
  SetContent(0, "labslot");
  SetContent(1, "rubbish");
  const absl::Status status = HighWaterMark(folder_).Read().status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("labslotd recover"));
}

TEST_F(HighWaterMarkTest, OnlyAResetMayLowerIt) {
  HighWaterMark mark(folder_);
  ASSERT_TRUE(mark.Write({8, 0}).ok());
  ASSERT_TRUE(mark.Write({9, 0}).ok());
  ASSERT_TRUE(HighWaterMark(folder_).Reset({3, 33}).ok());
  EXPECT_EQ(Read(), (Mark{3, 33}));
}

TEST_F(HighWaterMarkTest, APersonCanReadIt) {
  ASSERT_TRUE(HighWaterMark(folder_).Write({1042, 0}).ok());
  EXPECT_THAT(Content(0), ::testing::HasSubstr("revision 0000000000000001042\n"));
}

}  // namespace
}  // namespace labslot::storage
