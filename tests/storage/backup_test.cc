#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/history.h"
#include "tests/storage/samples.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() : folder_(temp_.Below("store")), backup_(temp_.Below("backup")) {
    EXPECT_TRUE(WriteHistory(folder_, 50).ok());
    auto opened = RocksDbStore::Open(folder_);
    EXPECT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  const TempFolder temp_;
  const std::string folder_;
  const std::string backup_;
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(BackupTest, OpensAndShowsTheRevisionOfWhenItWasMade) {
  ASSERT_TRUE(store_->Backup(backup_).ok());
  store_.reset();
  ASSERT_TRUE(WriteHistory(folder_, 80).ok());
  EXPECT_EQ(*OpenAndCheckHistory(backup_), 50);
  EXPECT_EQ(*OpenAndCheckHistory(folder_), 80);
}

TEST_F(BackupTest, SurvivesTheStore) {
  ASSERT_TRUE(store_->Backup(backup_).ok());
  store_.reset();
  fs::remove_all(folder_);
  EXPECT_EQ(*OpenAndCheckHistory(backup_), 50);
  EXPECT_TRUE(WriteHistory(backup_, 70).ok()) << "it can be gone on with";
}

TEST_F(BackupTest, AcceptsAnEmptyFolderAndARelativePath) {
  fs::create_directory(backup_);
  EXPECT_TRUE(store_->Backup(fs::relative(backup_).string()).ok());
  EXPECT_EQ(*OpenAndCheckHistory(backup_), 50);
}

TEST_F(BackupTest, RefusesAFolderThatHoldsSomething) {
  ASSERT_TRUE(store_->Backup(backup_).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->Backup(backup_)));
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->Backup(folder_)));
  fs::create_directory(temp_.Below("foreign"));
  std::ofstream(temp_.Below("foreign") + "/file") << "text";
  EXPECT_TRUE(absl::IsFailedPrecondition(store_->Backup(temp_.Below("foreign"))));
  EXPECT_EQ(*OpenAndCheckHistory(backup_), 50);
}

TEST_F(BackupTest, IsWholeWhileCommitsGoOn) {
  std::atomic<bool> done{false};
  std::thread writer([&] {
    while (!done) {
      WriteSet write_set;
      write_set.base = store_->head();
      write_set.revision = write_set.base + 1;
      AppendEvent(EventOf(write_set.revision, EventType::kCreated,
                          SmallReservation(write_set.revision, "lab", 1796000400)),
                  nullptr, write_set);
      ASSERT_TRUE(store_->Commit(write_set).ok());
    }
  });
  for (int i = 0; i < 5; ++i) {
    const std::string folder = absl::StrCat(backup_, "-", i);
    const Revision before = store_->head();
    const absl::Status made = store_->Backup(folder);
    ASSERT_TRUE(made.ok()) << made;
    const auto restored = RocksDbStore::Open(folder);
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_GE((*restored)->head(), before);
    EXPECT_TRUE(CheckLog(*(*restored)->TakeSnapshot()).ok());
    for (Revision id = 51; id <= (*restored)->head(); ++id) {
      ASSERT_TRUE(ReadReservation(**restored, id)->has_value());
    }
  }
  done = true;
  writer.join();
}

}  // namespace
}  // namespace labslot::storage
