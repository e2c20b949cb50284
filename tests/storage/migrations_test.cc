// The steps from each version of the layout to the next, on stores written as
// that version wrote them.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/format.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/memory_store.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/old_rows.h"
#include "tests/storage/samples.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

using ::testing::HasSubstr;

constexpr Instant kNoon = 1796000400;

// A store that is cut off after so many commits, and notes how large they are.
class ShortLivedStore : public Store {
 public:
  Revision head() const override { return store_.head(); }
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    return store_.Get(key);
  }
  std::unique_ptr<const Snapshot> TakeSnapshot() const override { return store_.TakeSnapshot(); }
  Revision GuardVersion(absl::string_view name) const override { return store_.GuardVersion(name); }
  absl::Status Commit(const WriteSet& write_set) override {
    if (commits_left == 0) return absl::UnavailableError("cut off");
    --commits_left;
    largest = std::max(largest, write_set.puts.size());
    return store_.Commit(write_set);
  }
  absl::Status Backup(const std::string& folder) override { return store_.Backup(folder); }
  absl::StatusOr<Compaction> Compact() override { return store_.Compact(); }
  void StopCompacting() override { store_.StopCompacting(); }
  int64_t FreeBytes() const override { return store_.FreeBytes(); }

  int commits_left = 1000;
  size_t largest = 0;

 private:
  MemoryStore store_;
};

using Rows = std::map<std::string, std::string>;

// All rows but the format row.
Rows AllRows(const Store& store) {
  Rows rows;
  EXPECT_TRUE(store.TakeSnapshot()
                  ->Scan("", kEngineKeys,
                         [&](absl::string_view key, absl::string_view value) {
                           if (key != FormatKey()) rows.emplace(key, value);
                           return true;
                         })
                  .ok());
  return rows;
}

int64_t VersionOf(const Store& store) { return DecodeFormat(**store.Get(FormatKey()))->version; }

// Reservations of every state, one of them a bundle.
std::vector<Reservation> OfEveryState(int count) {
  std::vector<Reservation> reservations;
  for (int i = 1; i <= count; ++i) {
    Reservation reservation =
        SmallReservation(i, absl::StrCat("asset-", i % 7), kNoon - i * Seconds{7200});
    reservation.state = static_cast<ReservationState>(1 + i % 12);
    reservation.project = i % 2 == 0 ? "p-7" : "";
    reservation.activity_class = static_cast<ActivityClass>(i % 8);
    reservation.update_time += i;
    if (i % 5 == 0) reservation.items.push_back({"rig", 2, 60, 120});
    reservations.push_back(std::move(reservation));
  }
  return reservations;
}

void WriteVersion1(const std::vector<Reservation>& reservations, Store& store) {
  const absl::Status written = WriteAsVersion1(reservations, store);
  ASSERT_TRUE(written.ok()) << written;
}

// What the store must show in the end, as the current version writes it.
Rows Expected(const std::vector<Reservation>& reservations) {
  MemoryStore store;
  WriteSet write_set;
  for (const Reservation& reservation : reservations) {
    AppendEvent(EventOf(++write_set.revision, EventType::kCreated, reservation), nullptr,
                write_set);
  }
  EXPECT_TRUE(store.Commit(write_set).ok());
  return AllRows(store);
}

TEST(Migrations, LeadWithoutGapToTheCurrentVersion) {
  int64_t from = 1;
  for (const Migration& migration : Migrations()) EXPECT_EQ(migration.from, from++);
  EXPECT_EQ(from, kFormatVersion);
}

TEST(Migrations, RowsOfVersion1DoNotSayWhoHasTheSlot) {
  MemoryStore store;
  WriteVersion1(OfEveryState(12), store);
  EXPECT_NE(AllRows(store), Expected(OfEveryState(12))) << "the tests below would prove nothing";
  EXPECT_EQ(VersionOf(store), 1);
}

TEST(Migrations, AStoreOfVersion1EndsAsOneWrittenByThisVersion) {
  for (const int count : {0, 1, 12, 2500}) {
    MemoryStore store;
    const std::vector<Reservation> reservations = OfEveryState(count);
    WriteVersion1(reservations, store);
    const Revision head = store.head();
    const absl::Status prepared = PrepareFormat(store);
    ASSERT_TRUE(prepared.ok()) << prepared;
    EXPECT_EQ(VersionOf(store), kFormatVersion);
    EXPECT_EQ(*ReadStoreId(store), kVersion1Id);
    EXPECT_EQ(store.head(), head);
    EXPECT_EQ(AllRows(store), Expected(reservations)) << count;
  }
}

TEST(Migrations, ReservationsOfVersion1ReadWithTheDefaultsOfNewFields) {
  MemoryStore store;
  WriteVersion1({SmallReservation(1, "lab", kNoon)}, store);
  const auto read = ReadReservation(store, 1);
  ASSERT_TRUE(read.ok() && *read);
  EXPECT_EQ((*read)->series, 0);
  EXPECT_EQ((*read)->occurrence, absl::CivilDay());
  EXPECT_TRUE((*read)->notes.empty());
  EXPECT_FALSE((*read)->leaves_slot_free);
  EXPECT_EQ((*read)->check_in_by, 0);
}

TEST(Migrations, CutOffAnywhereTheyAreBegunAgain) {
  const std::vector<Reservation> reservations = OfEveryState(2500);
  for (int commits = 0; commits < 4; ++commits) {
    ShortLivedStore store;
    WriteVersion1(reservations, store);
    store.commits_left = commits;
    EXPECT_TRUE(absl::IsUnavailable(PrepareFormat(store))) << commits;
    EXPECT_EQ(VersionOf(store), 1) << "not before all is done";
    store.commits_left = 1000;
    ASSERT_TRUE(PrepareFormat(store).ok());
    EXPECT_EQ(VersionOf(store), kFormatVersion);
    EXPECT_EQ(AllRows(store), Expected(reservations)) << commits;
  }
}

TEST(Migrations, NoCommitIsLarge) {
  ShortLivedStore store;
  WriteVersion1(OfEveryState(2500), store);
  store.largest = 0;
  ASSERT_TRUE(PrepareFormat(store).ok());
  EXPECT_GE(store.largest, 1000);
  EXPECT_LE(store.largest, 1000 + 32) << "the items of one reservation are written together";
}

TEST(Migrations, AStoredStoreOfVersion1OpensOnDisk) {
  const TempFolder temp;
  const std::string folder = temp.Below("store");
  {
    const auto store = RocksDbStore::Open(folder);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Commit(RowsIn(LABSLOT_STORED_STORE)).ok());
    ASSERT_EQ(VersionOf(**store), 1);
  }
  const auto store = RocksDbStore::Open(folder);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(VersionOf(**store), kFormatVersion);
  EXPECT_EQ(*ReadStoreId(**store), kVersion1Id);
  EXPECT_EQ(AllRows(**store), Expected(OfEveryState(12)));
  EXPECT_TRUE(CheckLog(*(*store)->TakeSnapshot()).ok());
}

TEST(Migrations, ADamagedReservationStopsThemAndIsNamed) {
  MemoryStore store;
  WriteVersion1(OfEveryState(3), store);
  WriteSet damage;
  damage.base = damage.revision = store.head();
  damage.puts.push_back({ReservationKey(2), "\xff\xff"});
  ASSERT_TRUE(store.Commit(damage).ok());
  const absl::Status status = PrepareFormat(store);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("reservations/2"));
  EXPECT_EQ(VersionOf(store), 1);
}

}  // namespace
}  // namespace labslot::storage
