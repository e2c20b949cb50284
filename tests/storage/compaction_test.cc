// What a compaction leaves of deleted data: nothing, but for what a snapshot still sees.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "tests/storage/history.h"
#include "tests/storage/lossy_file_system.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int64_t kReserve = int64_t{1} << 20;

// No compression shortens it, and nothing else has it.
constexpr char kSecret[] = "qZ7!vK2#xW9@mB4$tR6%nD8^hJ1&yL3*";

class CompactionTest : public ::testing::Test {
 protected:
  CompactionTest() { Open(); }

  void Open() {
    store_.reset();
    RocksDbOptions options;
    options.env = env_.get();
    options.reserve_bytes = kReserve;
    auto opened = RocksDbStore::Open(folder_.path(), options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  // Ends the process and the power, and begins anew.
  void LosePower() {
    system_->PowerOff();
    store_.reset();
    system_->LoseUnsynced(0);
    Open();
  }

  void Write(std::vector<Put> puts, std::vector<std::string> deletes = {}) {
    WriteSet write_set;
    write_set.base = write_set.revision = store_->head();
    write_set.puts = std::move(puts);
    write_set.deletes = std::move(deletes);
    const absl::Status written = store_->Commit(write_set);
    ASSERT_TRUE(written.ok()) << written;
  }

  Compaction MustCompact() {
    const absl::StatusOr<Compaction> compaction = store_->Compact();
    EXPECT_TRUE(compaction.ok()) << compaction.status();
    return compaction.value_or(Compaction());
  }

  // True if a file of the database holds the secret.
  bool SecretIsOnDisk() const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(file)), {});
      if (absl::StrContains(content, kSecret)) return true;
    }
    return false;
  }

  const TempFolder folder_;
  const std::shared_ptr<LossyFileSystem> system_ = std::make_shared<LossyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(system_);
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(CompactionTest, WhatWasDeletedIsInNoFileAnyMore) {
  Write({{"k", kSecret}, {"other", "stays"}});
  MustCompact();
  ASSERT_TRUE(SecretIsOnDisk()) << "what is kept can be found";
  Write({}, {"k"});
  EXPECT_TRUE(SecretIsOnDisk()) << "a deletion alone takes nothing away";
  MustCompact();
  EXPECT_FALSE(SecretIsOnDisk());
  EXPECT_EQ(store_->Get("other")->value_or("nothing"), "stays");
}

TEST_F(CompactionTest, WhatWasReplacedIsInNoFileAnyMore) {
  Write({{"k", kSecret}});
  MustCompact();
  Write({{"k", "another"}});
  MustCompact();
  EXPECT_FALSE(SecretIsOnDisk());
}

TEST_F(CompactionTest, WhatNeverLeftTheLogIsNotLeftThere) {
  Write({{"k", kSecret}});
  Write({}, {"k"});
  ASSERT_TRUE(SecretIsOnDisk());
  MustCompact();
  EXPECT_FALSE(SecretIsOnDisk());
}

TEST_F(CompactionTest, WhatASnapshotSeesStaysUntilItIsGone) {
  Write({{"k", kSecret}});
  std::unique_ptr<const Snapshot> snapshot = store_->TakeSnapshot();
  Write({}, {"k"});
  MustCompact();
  EXPECT_TRUE(SecretIsOnDisk());
  EXPECT_EQ(snapshot->Get("k")->value_or("nothing"), kSecret);
  snapshot.reset();
  MustCompact();
  EXPECT_FALSE(SecretIsOnDisk());
}

TEST_F(CompactionTest, TellsWhatItSaves) {
  constexpr size_t kValueBytes = 1000;
  for (size_t i = 0; i < 200; ++i) {
    std::string value;
    while (value.size() < kValueBytes) absl::StrAppend(&value, value.size() * 7919 + i, "/");
    Write({{"k", std::move(value)}});
  }
  const Compaction first = MustCompact();
  EXPECT_GT(first.bytes_before, int64_t{100 * kValueBytes});
  EXPECT_LT(first.bytes_after, first.bytes_before / 4);
  const Compaction second = MustCompact();
  EXPECT_LT(second.bytes_before, first.bytes_before / 4);
}

TEST_F(CompactionTest, WithoutRoomForASecondCopyNothingIsTouched) {
  Write({{"k", kSecret}});
  Write({}, {"k"});
  system_->SetFreeBytes(kReserve + 100);
  const absl::Status refused = store_->Compact().status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("make room"));
  EXPECT_TRUE(SecretIsOnDisk());
  Write({{"k", "goes on"}});
  system_->SetFreeBytes(std::nullopt);
  MustCompact();
  EXPECT_FALSE(SecretIsOnDisk());
}

TEST_F(CompactionTest, OfAHistoryItLeavesAllThereIs) {
  const std::string folder = folder_.Below("history");
  ASSERT_TRUE(WriteHistory(folder, 200, 20).ok());
  {
    const auto store = RocksDbStore::Open(folder);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Compact().ok());
    EXPECT_TRUE(CheckHistory(**store).ok());
  }
  EXPECT_EQ(*OpenAndCheckHistory(folder), 200);
}

TEST_F(CompactionTest, APowerCutBehindItBringsNothingBackAndLosesNothing) {
  Write({{"k", kSecret}, {"other", "stays"}});
  Write({}, {"k"});
  MustCompact();
  LosePower();
  EXPECT_EQ(store_->Get("k")->value_or("nothing"), "nothing");
  EXPECT_EQ(store_->Get("other")->value_or("nothing"), "stays");
  EXPECT_FALSE(SecretIsOnDisk());
}

TEST_F(CompactionTest, APowerCutInTheMiddleLosesNothing) {
  for (int round = 0; round < 8; ++round) {
    Write({{absl::StrCat("k", round), std::string(100000, 'x')}, {"last", absl::StrCat(round)}});
    std::thread compacting([&] { (void)store_->Compact(); });
    for (int i = 0; i < 1000 * round; ++i) std::this_thread::yield();
    system_->PowerOff();
    compacting.join();
    LosePower();
    EXPECT_EQ(store_->Get("last")->value_or("nothing"), absl::StrCat(round));
    for (int before = 0; before <= round; ++before) {
      EXPECT_TRUE(store_->Get(absl::StrCat("k", before))->has_value()) << before;
    }
  }
}

TEST_F(CompactionTest, StoppedItIsNotDoneAndTheStoreGoesOn) {
  Write({{"k", "v"}});
  store_->StopCompacting();
  const absl::Status stopped = store_->Compact().status();
  EXPECT_TRUE(absl::IsCancelled(stopped)) << stopped;
  Write({{"k", "goes on"}});
  EXPECT_EQ(store_->Get("k")->value_or("nothing"), "goes on");
}

}  // namespace
}  // namespace labslot::storage
