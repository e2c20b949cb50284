#include "daemon/storage/format.h"

#include <string>
#include <vector>

#include "daemon/storage/codec.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/memory_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace labslot::storage {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

void SetFormat(Store& store, const std::string& bytes) {
  WriteSet write_set;
  write_set.base = write_set.revision = store.head();
  write_set.puts.push_back({FormatKey(), bytes});
  ASSERT_TRUE(store.Commit(write_set).ok());
}

int64_t VersionOf(const Store& store) { return DecodeFormat(**store.Get(FormatKey()))->version; }

// Steps from 1 to 3 that note in `done` that they ran.
std::vector<Migration> NotingSteps(std::vector<int>& done) {
  const auto step = [&](int from) {
    return Migration{from, [&done, from](Store&) {
                       done.push_back(from);
                       return absl::OkStatus();
                     }};
  };
  return {step(1), step(2)};
}

TEST(Format, ANewStoreGetsTheVersionAndAnId) {
  MemoryStore a;
  MemoryStore b;
  ASSERT_TRUE(PrepareFormat(a).ok());
  ASSERT_TRUE(PrepareFormat(b).ok());
  EXPECT_EQ(VersionOf(a), kFormatVersion);
  EXPECT_EQ(ReadStoreId(a)->size(), 32);
  EXPECT_NE(*ReadStoreId(a), *ReadStoreId(b));
}

TEST(Format, PreparingAgainKeepsTheId) {
  MemoryStore store;
  ASSERT_TRUE(PrepareFormat(store).ok());
  const std::string id = *ReadStoreId(store);
  ASSERT_TRUE(PrepareFormat(store).ok());
  EXPECT_EQ(*ReadStoreId(store), id);
}

TEST(Format, ANewerStoreIsRefusedNamingBothVersions) {
  MemoryStore store;
  SetFormat(store, EncodeFormat({7, "id"}));
  for (const absl::Status& status : {CheckFormat(store, 3), PrepareFormat(store, {}, 3)}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status));
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("format 7"), HasSubstr("up to 3")));
  }
  EXPECT_EQ(VersionOf(store), 7);
}

TEST(Format, AnOlderStoreIsMigratedStepByStep) {
  MemoryStore store;
  SetFormat(store, EncodeFormat({1, "id"}));
  std::vector<int> done;
  EXPECT_TRUE(CheckFormat(store, 3).ok());
  ASSERT_TRUE(PrepareFormat(store, NotingSteps(done), 3).ok());
  EXPECT_THAT(done, ElementsAre(1, 2));
  EXPECT_EQ(VersionOf(store), 3);
  EXPECT_EQ(*ReadStoreId(store), "id");
}

TEST(Format, AMigrationThatFailsIsBegunAgainWhereItStopped) {
  MemoryStore store;
  SetFormat(store, EncodeFormat({1, "id"}));
  std::vector<int> done;
  std::vector<Migration> steps = NotingSteps(done);
  steps[1].step = [](Store&) { return absl::UnavailableError("cut off"); };
  EXPECT_TRUE(absl::IsUnavailable(PrepareFormat(store, steps, 3)));
  EXPECT_EQ(VersionOf(store), 2);
  ASSERT_TRUE(PrepareFormat(store, NotingSteps(done), 3).ok());
  EXPECT_THAT(done, ElementsAre(1, 2));
}

TEST(Format, AStoreTooOldForAnyStepIsRefused) {
  MemoryStore store;
  SetFormat(store, EncodeFormat({1, "id"}));
  const absl::Status status = PrepareFormat(store, {}, 3);
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("format 1"));
}

TEST(Format, ADamagedOrMissingRowIsDataLoss) {
  MemoryStore damaged;
  SetFormat(damaged, "\xff\xff");
  EXPECT_TRUE(absl::IsDataLoss(CheckFormat(damaged)));
  EXPECT_TRUE(absl::IsDataLoss(PrepareFormat(damaged)));
  MemoryStore missing;
  WriteSet write_set;
  write_set.revision = 1;
  ASSERT_TRUE(missing.Commit(write_set).ok());
  EXPECT_TRUE(absl::IsDataLoss(PrepareFormat(missing)));
}

}  // namespace
}  // namespace labslot::storage
