// What a person meets who opens a store: each refusal says what is wrong and
// what to do.

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/format.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "tests/storage/lossy_file_system.h"
#include "tests/storage/old_rows.h"
#include "tests/storage/samples.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

absl::Status OpenStatus(const std::string& folder, const RocksDbOptions& options = {}) {
  return RocksDbStore::Open(folder, options).status();
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

TEST(Open, MakesAMissingFolderThatOnlyItsOwnerReads) {
  const TempFolder folder;
  const std::string path = folder.Below("a/b/");
  ASSERT_TRUE(OpenStatus(path).ok());
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  EXPECT_TRUE(OpenStatus(path).ok());
}

TEST(Open, DoesNotMakeAStoreUnlessTold) {
  const TempFolder folder;
  const RocksDbOptions existing{.create_if_missing = false};
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(folder.Below("missing"), existing)));
  EXPECT_FALSE(fs::exists(folder.Below("missing")));
  EXPECT_TRUE(absl::IsNotFound(OpenStatus(folder.path(), existing)));
  ASSERT_TRUE(OpenStatus(folder.path()).ok());
  EXPECT_TRUE(OpenStatus(folder.path(), existing).ok());
}

TEST(Open, ASecondDaemonIsToldWhoHasTheFolder) {
  const TempFolder folder;
  const auto first = RocksDbStore::Open(folder.path());
  ASSERT_TRUE(first.ok());
  const absl::Status second = OpenStatus(folder.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;
  EXPECT_THAT(Message(second),
              AllOf(HasSubstr(absl::StrCat("another labslotd (pid ", getpid(), ", since ")),
                    HasSubstr(folder.path()), HasSubstr("stop it or choose another --data_dir")));
}

TEST(Open, TheFolderIsFreeOnceItsStoreIsClosed) {
  const TempFolder folder;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(OpenStatus(folder.path()).ok());
}

TEST(Open, AFileIsNoFolder) {
  const TempFolder folder;
  WriteFile(folder.Below("file"), "text");
  const absl::Status status = OpenStatus(folder.Below("file"));
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(Message(status), AllOf(HasSubstr("not a folder"), HasSubstr("--data_dir")));
  EXPECT_FALSE(OpenStatus(folder.Below("file/below")).ok());
}

TEST(Open, ForeignFilesAreLeftAlone) {
  const TempFolder folder;
  WriteFile(folder.Below("thesis.txt"), "text");
  const absl::Status status = OpenStatus(folder.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(Message(status), AllOf(HasSubstr("thesis.txt"), HasSubstr("empty or a new folder")));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(Open, FilesPutBesideAStoreDoNotMatter) {
  const TempFolder folder;
  ASSERT_TRUE(OpenStatus(folder.path()).ok());
  WriteFile(folder.Below("notes.txt"), "text");
  EXPECT_TRUE(OpenStatus(folder.path()).ok());
}

TEST(Open, AFolderThatCannotBeMadeIsNamed) {
  // Not even the administrator makes folders there.
  const absl::Status status = OpenStatus("/proc/labslot");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(Message(status), HasSubstr("/proc/labslot"));
}

TEST(Open, AFolderThatIsNotWritableIsNamed) {
  const absl::Status status = OpenStatus("/proc/self/attr");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(Message(status), HasSubstr("/proc/self/attr"));
}

TEST(Open, ACreationThatWasCutOffIsBegunAgain) {
  const TempFolder folder;
  fs::create_directory(folder.Below("db.new"));
  WriteFile(folder.Below("db.new/MANIFEST-000001"), "half");
  EXPECT_TRUE(OpenStatus(folder.path()).ok());
  EXPECT_FALSE(fs::exists(folder.Below("db.new")));
}

TEST(Open, ANewerFormatIsRefusedNamingBothVersions) {
  const TempFolder folder;
  {
    const auto store = RocksDbStore::Open(folder.path());
    ASSERT_TRUE(store.ok());
    WriteSet write_set;
    write_set.puts.push_back({FormatKey(), EncodeFormat({kFormatVersion + 1, "id"})});
    ASSERT_TRUE((*store)->Commit(write_set).ok());
  }
  const absl::Status status = OpenStatus(folder.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(Message(status), AllOf(HasSubstr(folder.path()),
                                     HasSubstr(absl::StrCat("format ", kFormatVersion + 1)),
                                     HasSubstr(absl::StrCat("up to ", kFormatVersion))));
}

TEST(Open, AStoreOfAnOlderFormatIsMigrated) {
  const TempFolder folder;
  ASSERT_TRUE(OpenStatus(folder.path()).ok());
  std::vector<Reservation> reservations;
  for (ReservationId id = 1; id <= 1500; ++id) {
    reservations.push_back(SmallReservation(id, "rig", 1796000400 + id * 3600));
  }
  {
    const auto store = RocksDbStore::Open(folder.path());
    ASSERT_TRUE(WriteAsVersion1(reservations, **store).ok());
  }
  for (int opened = 0; opened < 2; ++opened) {
    const auto store = RocksDbStore::Open(folder.path());
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(DecodeFormat(**(*store)->Get(FormatKey()))->version, kFormatVersion);
    EXPECT_EQ(*ReadStoreId(**store), kVersion1Id);
    size_t seen = 0;
    ASSERT_TRUE(VisitOccupancies(*(*store)->TakeSnapshot(), "rig", 0, 1899999999,
                                 [&](const Occupancy& occupancy) {
                                   const Reservation& wanted = reservations[seen++];
                                   EXPECT_TRUE(occupancy ==
                                               OccupancyOfItem(wanted, wanted.items[0]));
                                   return true;
                                 })
                    .ok());
    EXPECT_EQ(seen, reservations.size());
  }
}

TEST(Open, TheIdOfTheHistoryStays) {
  const TempFolder folder;
  const std::string id = *ReadStoreId(**RocksDbStore::Open(folder.path()));
  EXPECT_EQ(*ReadStoreId(**RocksDbStore::Open(folder.path())), id);
}

TEST(Open, IsRefusedWithoutRoomForIt) {
  const TempFolder folder;
  ASSERT_TRUE(OpenStatus(folder.path()).ok());
  auto system = std::make_shared<LossyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(system);
  system->SetFreeBytes(1 << 20);
  const absl::Status status =
      OpenStatus(folder.path(), {.reserve_bytes = 8 << 20, .env = env.get()});
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_THAT(Message(status),
              AllOf(HasSubstr("1 MiB"), HasSubstr("2 MiB"), HasSubstr("make room")));
}

}  // namespace
}  // namespace labslot::storage
