#include "daemon/storage/rocksdb/recovery.h"

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "daemon/storage/format.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/history.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr Revision kLast = 60;

class Recovery : public ::testing::Test {
 protected:
  Recovery() : folder_(temp_.Below("store")) {
    const absl::Status written = WriteHistory(folder_, kLast);
    EXPECT_TRUE(written.ok()) << written;
  }

  // Takes the end off the log of RocksDB.
  void CutLog() {
    const std::string log = DatabaseFiles(folder_, "", ".log").back();
    const std::string whole = ReadFile(log);
    WriteFile(log, whole.substr(0, whole.size() / 2));
  }

  std::string StoreId() { return *ReadStoreId(**RocksDbStore::Open(folder_)); }

  const TempFolder temp_;
  const std::string folder_;
};

TEST_F(Recovery, AWholeStoreKeepsEverythingAndItsId) {
  const std::string id = StoreId();
  const auto report = Recover(folder_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->kept, kLast);
  EXPECT_FALSE(report->lost_revisions());
  EXPECT_FALSE(report->forgot_outcomes);
  EXPECT_EQ(*OpenAndCheckHistory(folder_), kLast);
  EXPECT_EQ(StoreId(), id);
  EXPECT_THAT(Describe(*report), HasSubstr("No event is known to be lost"));
}

TEST_F(Recovery, SaysWhichRevisionsAreLostAndBeginsAnotherHistory) {
  const std::string id = StoreId();
  ASSERT_TRUE(WriteHistory(folder_, 2 * kLast).ok());
  CutLog();
  const auto report = Recover(folder_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GE(report->kept, kLast);
  EXPECT_LT(report->kept, 2 * kLast);
  EXPECT_EQ(report->last_known, 2 * kLast);
  EXPECT_THAT(Describe(*report),
              HasSubstr(absl::StrCat("Lost: revisions ", report->kept + 1, " to ", 2 * kLast)));
  EXPECT_THAT(Describe(*report), HasSubstr(report->copy));
  EXPECT_NE(StoreId(), id) << "the same numbers now mean other events";
  EXPECT_EQ(*OpenAndCheckHistory(folder_), report->kept);
}

TEST_F(Recovery, WhatWasRefusedIsKept) {
  const std::string key = RefusedKey("oven", 1800000000, 1790000000, 1);
  {
    auto store = RocksDbStore::Open(folder_);
    ASSERT_TRUE(store.ok()) << store.status();
    WriteSet rows;
    rows.base = rows.revision = kLast;
    rows.puts = {{key, "row"}};
    ASSERT_TRUE((*store)->Commit(rows).ok());
  }
  const auto report = Recover(folder_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->forgot_refused);
  auto store = RocksDbStore::Open(folder_);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(*(*store)->Get(key), "row");
}

TEST_F(Recovery, OutcomesOfLostEventsAreForgottenAndOthersKept) {
  CutLog();
  const auto report = Recover(folder_);
  ASSERT_TRUE(report.ok()) << report.status();
  const auto store = RocksDbStore::Open(folder_);
  ASSERT_TRUE(store.ok());
  for (Revision revision = 1; revision <= kLast; ++revision) {
    const auto outcome = ReadOutcome(**store, "ada", absl::StrCat("request-", revision));
    EXPECT_EQ((*outcome).has_value(), revision <= report->kept) << revision;
  }
}

TEST_F(Recovery, TheStoreGoesOnAfterwards) {
  CutLog();
  ASSERT_TRUE(Recover(folder_).ok());
  ASSERT_TRUE(WriteHistory(folder_, 2 * kLast).ok());
  EXPECT_EQ(*OpenAndCheckHistory(folder_), 2 * kLast);
}

TEST_F(Recovery, TheCopyIsTheFolderAsItWas) {
  CutLog();
  const std::string log = DatabaseFiles(folder_, "", ".log").back();
  const std::string content = ReadFile(log);
  const auto report = Recover(folder_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->copy, HasSubstr(folder_ + ".before-recovery-"));
  EXPECT_EQ(ReadFile(report->copy + "/db/" + fs::path(log).filename().string()), content);
  EXPECT_TRUE(absl::IsDataLoss(OpenAndCheckHistory(report->copy).status()));
}

TEST_F(Recovery, TwoRecoveriesInOneSecondHaveTwoCopies) {
  const auto first = Recover(folder_);
  const auto second = Recover(folder_);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->copy, second->copy);
}

TEST_F(Recovery, IsRefusedWhileADaemonUsesTheFolder) {
  const auto store = RocksDbStore::Open(folder_);
  ASSERT_TRUE(store.ok());
  const absl::Status status = Recover(folder_).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("another labslotd"));
}

TEST_F(Recovery, WhereNoStoreIsItSaysSo) {
  EXPECT_TRUE(absl::IsNotFound(Recover(temp_.Below("missing")).status()));
  EXPECT_TRUE(absl::IsNotFound(Recover(temp_.path() + "/store/db/lost+found").status()));
}

TEST_F(Recovery, CutOffBeforeTheSwapItStartsAgain) {
  fs::create_directory(folder_ + "/db.new");
  WriteFile(folder_ + "/db.new/CURRENT", "half");
  EXPECT_EQ(Recover(folder_)->kept, kLast);
}

TEST_F(Recovery, CutOffInTheMiddleOfTheSwapNothingIsServedUntilItIsDone) {
  fs::rename(folder_ + "/db", folder_ + "/db.damaged");
  WriteFile(folder_ + "/labslotd.sock", "as after a kill");
  const absl::Status status = RocksDbStore::Open(folder_).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_FALSE(fs::exists(folder_ + "/db")) << "no new store in the place of a damaged one";
  EXPECT_EQ(Recover(folder_)->kept, kLast);
  EXPECT_EQ(*OpenAndCheckHistory(folder_), kLast);
}

TEST_F(Recovery, CutOffAfterTheSwapTheStoreOpens) {
  fs::create_directory(folder_ + "/db.damaged");
  EXPECT_EQ(*OpenAndCheckHistory(folder_), kLast);
  EXPECT_EQ(Recover(folder_)->kept, kLast);
  EXPECT_FALSE(fs::exists(folder_ + "/db.damaged"));
}

}  // namespace
}  // namespace labslot::storage
