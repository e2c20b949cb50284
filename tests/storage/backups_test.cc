#include "daemon/storage/backups.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/history.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

constexpr Instant kOneOClock = 1796000400;

class BackupsTest : public ::testing::Test {
 protected:
  BackupsTest() : backups_(temp_.Below("backups")) {
    EXPECT_TRUE(WriteHistory(temp_.Below("store"), 50).ok());
    auto opened = RocksDbStore::Open(temp_.Below("store"));
    EXPECT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  std::vector<std::string> Listed() const {
    std::vector<std::string> names;
    const auto found = backups_.List();
    EXPECT_TRUE(found.ok()) << found.status();
    for (const Backup& backup : *found) names.push_back(fs::path(backup.path).filename().string());
    return names;
  }

  const TempFolder temp_;
  const Backups backups_;
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(BackupsTest, AreListedTheYoungestFirstAndOpen) {
  EXPECT_THAT(Listed(), ::testing::IsEmpty()) << "there is no folder yet";
  const auto first = backups_.Make(*store_, kOneOClock);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->revision, 50);
  EXPECT_EQ(first->time, kOneOClock);
  EXPECT_GT(first->bytes, 1000);
  ASSERT_TRUE(backups_.Make(*store_, kOneOClock + 1).ok());
  const auto listed = backups_.List();
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ(listed->front().time, kOneOClock + 1);
  EXPECT_EQ(listed->back().path, first->path);
  EXPECT_EQ(listed->back().revision, 50);
  EXPECT_EQ(listed->back().bytes, first->bytes);
  EXPECT_EQ(*OpenAndCheckHistory(first->path), 50);
}

TEST_F(BackupsTest, AskedForTwiceInOneSecondThereIsOne) {
  ASSERT_TRUE(backups_.Make(*store_, kOneOClock).ok());
  EXPECT_TRUE(backups_.Make(*store_, kOneOClock).ok());
  EXPECT_THAT(Listed(), ::testing::ElementsAre("20261130T010000Z-r50"));
}

TEST_F(BackupsTest, HalvesAndOtherFilesAreNone) {
  ASSERT_TRUE(backups_.Make(*store_, kOneOClock).ok());
  for (const char* name : {".making-20261130T010001Z-r50", "notes", "20261130-r1", "x-r-r"}) {
    fs::create_directory(fs::path(backups_.folder()) / name);
  }
  EXPECT_THAT(Listed(), ::testing::ElementsAre("20261130T010000Z-r50"));
  EXPECT_TRUE(absl::IsFailedPrecondition(backups_.Make(*store_, kOneOClock + 1).status()))
      << "it is in the making";
  backups_.RemoveHalves();
  EXPECT_TRUE(backups_.Make(*store_, kOneOClock + 1).ok());
  EXPECT_TRUE(fs::exists(fs::path(backups_.folder()) / "notes"));
}

TEST_F(BackupsTest, WithoutAFolderThereIsAWordForIt) {
  const Backups nowhere("");
  EXPECT_TRUE(nowhere.List()->empty());
  const auto made = nowhere.Make(*store_, kOneOClock);
  EXPECT_TRUE(absl::IsFailedPrecondition(made.status()));
  EXPECT_THAT(std::string(made.status().message()), ::testing::HasSubstr("--backup_dir"));
}

TEST_F(BackupsTest, AFolderThatCannotBeMadeIsTold) {
  std::ofstream(temp_.Below("file")) << "text";
  const Backups below_a_file(temp_.Below("file") + "/backups");
  const auto made = below_a_file.Make(*store_, kOneOClock);
  EXPECT_FALSE(made.ok());
  EXPECT_THAT(std::string(made.status().message()), ::testing::HasSubstr("file/backups"));
}

}  // namespace
}  // namespace labslot::storage
