// A write that fails leaves nobody in the belief that it succeeded, and nothing
// that was acknowledged is lost.

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/recovery.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "tests/storage/lossy_file_system.h"
#include "tests/storage/samples.h"
#include "tests/storage/temp_folder.h"

// RocksDB 7.8 loses the memtable that it has made when the log behind it cannot be made. The
// leak check of the address sanitizer asks for this by its name.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT: the name is not ours
  return "leak:rocksdb::DBImpl::SwitchMemtable";
}

namespace labslot::storage {
namespace {

using ::testing::HasSubstr;

constexpr Instant kNoon = 1796000400;

class WriteFailure : public ::testing::Test {
 protected:
  WriteFailure() { Open(); }

  void Open() {
    const absl::Status opened = TryOpen();
    ASSERT_TRUE(opened.ok()) << opened;
  }

  absl::Status TryOpen() {
    store_.reset();
    system_->Plan(WriteFault::kNone);
    RocksDbOptions options;
    options.env = env_.get();
    options.reserve_bytes = 1 << 20;
    options.care_interval = std::chrono::milliseconds(0);
    options.write_buffer_bytes = write_buffer_bytes_;
    auto opened = RocksDbStore::Open(folder_.path(), options);
    if (!opened.ok()) return opened.status();
    store_ = *std::move(opened);
    return absl::OkStatus();
  }

  // RocksDB begins the manifest anew when it could not be synced. Should a log have been
  // deleted meanwhile of which it then notes that it was synced, it misses that log for
  // ever. Seldom, and nothing is lost by it.
  void OpenThoughALogIsMissed() {
    const absl::Status opened = TryOpen();
    if (opened.ok()) return;
    ASSERT_THAT(std::string(opened.message()), HasSubstr("Missing WAL"));
    const auto report = Recover(folder_.path());
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_FALSE(report->lost_revisions());
    std::filesystem::remove_all(report->copy);
    Open();
  }

  // Commits one more reservation.
  absl::Status Create(size_t purpose_bytes = 0) {
    WriteSet write_set;
    write_set.base = store_->head();
    write_set.revision = write_set.base + 1;
    Reservation reservation = SmallReservation(write_set.revision, "lab", kNoon);
    reservation.purpose.assign(purpose_bytes, 'x');
    AppendEvent(EventOf(write_set.revision, EventType::kCreated, std::move(reservation)), nullptr,
                write_set);
    return store_->Commit(write_set);
  }

  // The last that was acknowledged.
  Revision CreateUntilItFails(size_t purpose_bytes = 0) {
    absl::Status status;
    while (status.ok()) status = Create(purpose_bytes);
    EXPECT_TRUE(absl::IsUnknown(status)) << status;
    return store_->head();
  }

  // The one whose outcome was unknown may be there, whole, or not at all.
  void ExpectWhole(Revision acknowledged) {
    ASSERT_NE(store_, nullptr);
    ASSERT_GE(store_->head(), acknowledged);
    ASSERT_LE(store_->head(), acknowledged + 1);
    ASSERT_TRUE(CheckLog(*store_->TakeSnapshot()).ok());
    for (Revision id = 1; id <= store_->head(); ++id) {
      ASSERT_TRUE(ReadReservation(*store_, id)->has_value()) << id;
    }
    ASSERT_EQ(*ReadReservation(*store_, store_->head() + 1), std::nullopt);
  }

  const TempFolder folder_;
  const std::shared_ptr<LossyFileSystem> system_ = std::make_shared<LossyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(system_);
  std::unique_ptr<RocksDbStore> store_;
  size_t write_buffer_bytes_ = size_t{64} << 20;
};

TEST_F(WriteFailure, AFailedSyncIsUnknownAndNoCommitFollowsIt) {
  ASSERT_TRUE(Create().ok());
  system_->Plan(WriteFault::kSyncFails);
  const absl::Status failed = Create();
  EXPECT_TRUE(absl::IsUnknown(failed)) << failed;
  EXPECT_EQ(system_->faults(), 1);
  system_->Plan(WriteFault::kNone);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(absl::IsUnknown(Create()));
  EXPECT_THAT(std::string(Create().message()), HasSubstr("restart"));
  EXPECT_EQ(store_->head(), 1);
  EXPECT_EQ(*ReadReservation(*store_, 2), std::nullopt) << "what is not durable is not shown";
  EXPECT_TRUE(ReadReservation(*store_, 1)->has_value()) << "reads go on";
}

TEST_F(WriteFailure, AFailedAppendIsUnknownAndNoCommitFollowsIt) {
  ASSERT_TRUE(Create().ok());
  system_->Plan(WriteFault::kAppendFails);
  EXPECT_TRUE(absl::IsUnknown(Create()));
  system_->Plan(WriteFault::kNone);
  EXPECT_TRUE(absl::IsUnknown(Create()));
  EXPECT_EQ(store_->head(), 1);
}

TEST_F(WriteFailure, ARefusedCommitIsNotAFailure) {
  WriteSet stale;
  stale.base = stale.revision = 7;
  EXPECT_TRUE(absl::IsAborted(store_->Commit(stale)));
  EXPECT_TRUE(Create().ok());
}

TEST_F(WriteFailure, AfterAReopenTheStoreIsWholeAndHasAllThatWasAcknowledged) {
  for (int round = 1; round <= 20; ++round) {
    SCOPED_TRACE(round);
    if (round % 2 == 0) {
      system_->Plan(WriteFault::kSyncFails, 1 + round % 7);
    } else {
      system_->Plan(WriteFault::kAppendFails, 1 + round % 5);
    }
    const Revision acknowledged = CreateUntilItFails();
    Open();
    ExpectWhole(acknowledged);
  }
  EXPECT_EQ(system_->faults(), 20);
}

// What is said of tables may be there or not: neither the old ones nor the new ones may be
// deleted then.
TEST_F(WriteFailure, WhateverIsLeftOfAManifestThatCouldNotBeSyncedTheStoreIsWhole) {
  write_buffer_bytes_ = size_t{64} << 10;
  for (int round = 1; round <= 12; ++round) {
    SCOPED_TRACE(round);
    ASSERT_NO_FATAL_FAILURE(Open());
    system_->Plan(WriteFault::kSyncFails, 1 + round % 5, FaultyFile::kManifest);
    const Revision acknowledged = CreateUntilItFails(/*purpose_bytes=*/4000);
    store_.reset();
    if (round % 2 == 0) {
      system_->LoseUnsynced(0);
    } else {
      system_->KeepAll();
    }
    ASSERT_NO_FATAL_FAILURE(OpenThoughALogIsMissed());
    ASSERT_NO_FATAL_FAILURE(ExpectWhole(acknowledged));
  }
  EXPECT_EQ(system_->faults(), 12);
}

// A table that a merge had replaced was once gone, while the record of that was lost.
TEST_F(WriteFailure, WithoutPowerNothingIsDeletedOrRenamed) {
  const std::string folder = folder_.path();
  ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), "old", folder + "/a", true).ok());
  ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), "new", folder + "/b", true).ok());
  system_->PowerOff();
  EXPECT_TRUE(env_->RenameFile(folder + "/b", folder + "/a").ok()) << "who asks notices nothing";
  EXPECT_TRUE(env_->DeleteFile(folder + "/a").ok());
  system_->LoseUnsynced(0);
  std::string content;
  ASSERT_TRUE(rocksdb::ReadFileToString(env_.get(), folder + "/a", &content).ok());
  EXPECT_EQ(content, "old");
}

TEST_F(WriteFailure, BelowTheReserveWritesAreRefusedAndReadsGoOn) {
  ASSERT_TRUE(Create().ok());
  system_->SetFreeBytes(500 << 10);
  const absl::Status refused = Create();
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("make room"));
  EXPECT_EQ(store_->head(), 1);
  EXPECT_EQ(store_->FreeBytes(), 500 << 10);
  EXPECT_TRUE(ReadReservation(*store_, 1)->has_value());
  system_->SetFreeBytes(2 << 20);
  EXPECT_TRUE(Create().ok()) << "a refusal is not a failure";
}

}  // namespace
}  // namespace labslot::storage
