// Damage to any file of a store ends in a refusal that names the way out, or
// does no harm at all. What never happens is that records silently differ.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/rocksdb/recovery.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/history.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr Revision kLast = 120;

// The history whole in one log of RocksDB, as a daemon leaves it that ran since
// the store was made.
class DamageInTheLog : public ::testing::Test {
 protected:
  void SetUp() override {
    const absl::Status written = WriteHistory(original_, kLast, FlushEvery());
    ASSERT_TRUE(written.ok()) << written;
  }

  virtual Revision FlushEvery() const { return 0; }

  // A fresh copy of the store.
  std::string Copy() {
    const std::string copy = folder_.Below(absl::StrCat("copy-", ++copies_));
    fs::copy(original_, copy, fs::copy_options::recursive);
    return copy;
  }

  // Opens a damaged store and reads all of it. True if that was refused.
  bool Refused(const std::string& folder) {
    const absl::StatusOr<Revision> revision = OpenAndCheckHistory(folder);
    if (revision.ok()) {
      EXPECT_EQ(*revision, kLast) << "records went missing silently";
      return false;
    }
    EXPECT_TRUE(absl::IsDataLoss(revision.status())) << revision.status();
    EXPECT_THAT(std::string(revision.status().message()),
                AllOf(HasSubstr(absl::StrCat("labslotd recover --data_dir ", folder)),
                      AnyOf(HasSubstr(folder + "/db"), HasSubstr(folder + "/HIGHWATER"),
                            HasSubstr("are lost"), HasSubstr("is not the one"))));
    return true;
  }

  // Takes the way out; the store then shows a state that was. Returns what was
  // kept, or nothing if only a backup helps.
  std::optional<Revision> Recovered(const std::string& folder) {
    const auto report = Recover(folder);
    if (!report.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(report.status())) << report.status();
      EXPECT_THAT(std::string(report.status().message()), HasSubstr("backup"));
      return std::nullopt;
    }
    EXPECT_TRUE(fs::exists(report->copy));
    EXPECT_EQ(report->lost_revisions(), report->kept < kLast);
    const auto revision = OpenAndCheckHistory(folder);
    EXPECT_TRUE(revision.ok() || report->forgot_outcomes) << revision.status();
    EXPECT_EQ(revision.value_or(report->kept), report->kept);
    return report->kept;
  }

  // Flips one bit at each of `count` places spread over a file. Returns how
  // often the store was refused.
  int FlipBits(const std::function<std::string(const std::string& folder)>& file, int count) {
    int refused = 0;
    for (int i = 0; i < count; ++i) {
      const std::string folder = Copy();
      const std::string path = file(folder);
      std::string content = ReadFile(path);
      const size_t at =
          content.size() * static_cast<size_t>(2 * i + 1) / (2 * static_cast<size_t>(count));
      content[at] = static_cast<char>(content[at] ^ (1 << (i % 8)));
      WriteFile(path, content);
      SCOPED_TRACE(absl::StrCat(fs::path(path).filename().string(), " byte ", at));
      if (Refused(folder)) {
        ++refused;
        Recovered(folder);
      }
      fs::remove_all(folder);
    }
    return refused;
  }

  const TempFolder folder_;
  const std::string original_ = folder_.Below("original");
  int copies_ = 0;
};

// The history in several table files; few enough that RocksDB does not begin to
// merge them, which takes it a second to give up on a damaged one.
class DamageInTheTables : public DamageInTheLog {
 protected:
  Revision FlushEvery() const override { return 60; }
};

std::string NewestLog(const std::string& folder) {
  return DatabaseFiles(folder, "", ".log").back();
}

TEST_F(DamageInTheLog, TheUndamagedStoreIsWhole) { EXPECT_FALSE(Refused(Copy())); }

TEST_F(DamageInTheLog, AFlippedBitIsRefused) { EXPECT_EQ(FlipBits(NewestLog, 40), 40); }

TEST_F(DamageInTheLog, ACutIsRefusedAndWhatIsBeforeItIsSaved) {
  const std::string whole = ReadFile(NewestLog(original_));
  for (size_t tenth = 0; tenth < 10; ++tenth) {
    const std::string folder = Copy();
    WriteFile(NewestLog(folder), whole.substr(0, whole.size() * tenth / 10));
    SCOPED_TRACE(tenth);
    EXPECT_TRUE(Refused(folder));
    const std::optional<Revision> kept = Recovered(folder);
    EXPECT_EQ(kept.has_value(), tenth > 0);
    if (kept) {
      EXPECT_GT(*kept, kLast * (static_cast<Revision>(tenth) - 1) / 10);
      EXPECT_LT(*kept, kLast);
    }
  }
}

TEST_F(DamageInTheLog, AHalfWrittenLastCommitThatWasNotAcknowledgedIsDropped) {
  const std::string longer = Copy();
  ASSERT_TRUE(WriteHistory(longer, kLast + 1).ok());
  const std::string log = ReadFile(NewestLog(longer));
  for (size_t size = 0; size < log.size(); size += 97) {
    const std::string folder = folder_.Below("torn");
    fs::copy(longer, folder, fs::copy_options::recursive);
    WriteFile(NewestLog(folder), log.substr(0, size));
    for (const char* slot : {"/HIGHWATER-0", "/HIGHWATER-1"}) {
      fs::copy_file(original_ + slot, folder + slot, fs::copy_options::overwrite_existing);
    }
    EXPECT_FALSE(Refused(folder)) << size;
    fs::remove_all(folder);
  }
}

TEST_F(DamageInTheLog, ADeletedNewestLogIsRefused) {
  const std::string folder = Copy();
  fs::remove(NewestLog(folder));
  EXPECT_TRUE(Refused(folder));
}

TEST_F(DamageInTheLog, RubbishBehindTheEndIsHarmlessOrRefused) {
  const std::string folder = Copy();
  WriteFile(NewestLog(folder), ReadFile(NewestLog(folder)) + std::string(5000, '\x5a'));
  if (Refused(folder)) {
    EXPECT_EQ(Recovered(folder), kLast);
  }
}

TEST_F(DamageInTheTables, AFlippedBitInATableIsRefusedOrHarmless) {
  const auto files = DatabaseFiles(original_, "", ".sst");
  ASSERT_GE(files.size(), 2);
  for (size_t i = 0; i < files.size(); ++i) {
    const int refused = FlipBits(
        [i](const std::string& folder) { return DatabaseFiles(folder, "", ".sst")[i]; }, 24);
    EXPECT_GT(refused, 12) << files[i];
  }
}

TEST_F(DamageInTheTables, AMissingTableIsRefused) {
  const size_t count = DatabaseFiles(original_, "", ".sst").size();
  for (size_t i = 0; i < count; ++i) {
    const std::string folder = Copy();
    fs::remove(DatabaseFiles(folder, "", ".sst")[i]);
    EXPECT_TRUE(Refused(folder));
    Recovered(folder);
  }
}

TEST_F(DamageInTheTables, ATruncatedTableIsRefused) {
  const std::string folder = Copy();
  const std::string file = DatabaseFiles(folder, "", ".sst").back();
  WriteFile(file, ReadFile(file).substr(0, 1000));
  EXPECT_TRUE(Refused(folder));
}

TEST_F(DamageInTheTables, ADamagedManifestIsRefusedAndNothingIsLost) {
  const auto manifest = [](const std::string& folder) {
    return DatabaseFiles(folder, "MANIFEST-", "").back();
  };
  FlipBits(manifest, 24);
  const std::string whole = ReadFile(manifest(original_));
  for (const size_t size : {size_t{0}, size_t{20}, whole.size() / 2}) {
    const std::string folder = Copy();
    WriteFile(manifest(folder), whole.substr(0, size));
    SCOPED_TRACE(size);
    EXPECT_TRUE(Refused(folder));
    EXPECT_EQ(Recovered(folder), kLast);
  }
  const std::string folder = Copy();
  fs::remove(manifest(folder));
  EXPECT_TRUE(Refused(folder));
  EXPECT_EQ(Recovered(folder), kLast);
}

TEST_F(DamageInTheTables, ADamagedOrMissingCurrentIsRefusedAndNothingIsLost) {
  for (const char* content : {"", "rubbish\n", "MANIFEST-999999\n", "MANIFEST-0000"}) {
    const std::string folder = Copy();
    WriteFile(folder + "/db/CURRENT", content);
    SCOPED_TRACE(content);
    EXPECT_TRUE(Refused(folder));
    EXPECT_EQ(Recovered(folder), kLast);
  }
  const std::string folder = Copy();
  fs::remove(folder + "/db/CURRENT");
  EXPECT_TRUE(Refused(folder));
  EXPECT_EQ(Recovered(folder), kLast);
}

TEST_F(DamageInTheTables, AMissingDatabaseIsRefusedAndNotMadeAnew) {
  const std::string folder = Copy();
  fs::remove_all(folder + "/db");
  const absl::Status status = WriteHistory(folder, 1);  // opens with leave to create
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_FALSE(fs::exists(folder + "/db"));
  EXPECT_TRUE(absl::IsNotFound(Recover(folder).status()));
}

TEST_F(DamageInTheTables, AnEmptiedDatabaseIsRefused) {
  const std::string folder = Copy();
  fs::remove_all(folder + "/db");
  fs::create_directory(folder + "/db");
  EXPECT_TRUE(Refused(folder));
}

TEST_F(DamageInTheTables, ALostMarkIsRefusedAndNothingElseIsLost) {
  const std::string folder = Copy();
  fs::remove(folder + "/HIGHWATER-0");
  EXPECT_FALSE(Refused(folder)) << "one slot is enough";
  fs::remove(folder + "/HIGHWATER-0");
  fs::remove(folder + "/HIGHWATER-1");
  EXPECT_TRUE(Refused(folder));
  EXPECT_EQ(Recovered(folder), kLast);
}

TEST_F(DamageInTheTables, TheMarkOfAnotherStoreIsRefused) {
  const std::string folder = Copy();
  const std::string other = folder_.Below("other");
  ASSERT_TRUE(WriteHistory(other, kLast + 5).ok());
  for (const char* slot : {"/HIGHWATER-0", "/HIGHWATER-1"}) {
    fs::copy_file(other + slot, folder + slot, fs::copy_options::overwrite_existing);
  }
  EXPECT_TRUE(Refused(folder));
}

}  // namespace
}  // namespace labslot::storage
