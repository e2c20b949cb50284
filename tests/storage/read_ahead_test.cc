#include "daemon/storage/read_ahead.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/memory_store.h"
#include "gtest/gtest.h"

namespace labslot::storage {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

// `count` rows of `bytes` bytes or fewer, some of them empty.
Entries RowsOf(int count, size_t bytes) {
  Entries rows;
  for (int i = 0; i < count; ++i) {
    rows.emplace_back(absl::StrCat("k", 100000 + i),
                      std::string(bytes * static_cast<size_t>(i % 3) / 2, 'v'));
  }
  return rows;
}

void Fill(const Entries& rows, MemoryStore& store) {
  WriteSet write_set;
  write_set.revision = 1;
  for (const auto& [key, value] : rows) write_set.puts.push_back({key, value});
  ASSERT_TRUE(store.Commit(write_set).ok());
}

// The first `count` entries that a scan shows.
Entries Scanned(const Snapshot& snapshot, size_t count) {
  Entries seen;
  const absl::Status status =
      snapshot.Scan("k", "l", [&](absl::string_view key, absl::string_view value) {
        seen.emplace_back(key, value);
        return seen.size() < count;
      });
  EXPECT_TRUE(status.ok()) << status;
  return seen;
}

TEST(ReadAheadTest, ShowsWhatTheSnapshotShowsInItsOrder) {
  struct Case {
    int count;
    size_t bytes;
  };
  // None, one, many of one chunk, many chunks, and rows that are larger than a chunk.
  for (const auto& [count, bytes] :
       {Case{0, 0}, Case{1, 10}, Case{500, 20}, Case{20000, 100}, Case{9, 1 << 20}}) {
    SCOPED_TRACE(absl::StrCat(count, " rows of ", bytes));
    MemoryStore store;
    const Entries rows = RowsOf(count, bytes);
    Fill(rows, store);
    const auto snapshot = store.TakeSnapshot();
    EXPECT_EQ(Scanned(ReadAhead(*snapshot), rows.size() + 1), rows);
  }
}

TEST(ReadAheadTest, EndsWhenTheVisitorWantsNoMore) {
  MemoryStore store;
  const Entries rows = RowsOf(20000, 200);
  Fill(rows, store);
  const auto snapshot = store.TakeSnapshot();
  for (const size_t wanted : {size_t{1}, size_t{2}, size_t{5000}, rows.size()}) {
    const Entries seen = Scanned(ReadAhead(*snapshot), wanted);
    EXPECT_EQ(seen, Entries(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(wanted)));
  }
}

// Shows one entry, and then the damage.
class DamagedSnapshot : public Snapshot {
 public:
  Revision revision() const override { return 7; }
  absl::StatusOr<std::optional<std::string>> Get(absl::string_view) const override {
    return std::string("got");
  }
  absl::Status Scan(absl::string_view, absl::string_view,
                    const EntryVisitor& visitor) const override {
    visitor("k", "v");
    return absl::DataLossError("damaged");
  }
};

TEST(ReadAheadTest, PassesOnWhatWentWrong) {
  const DamagedSnapshot damaged;
  const ReadAhead ahead(damaged);
  int seen = 0;
  const absl::Status status =
      ahead.Scan("a", "z", [&](absl::string_view, absl::string_view) { return ++seen > 0; });
  EXPECT_EQ(status, absl::DataLossError("damaged"));
  EXPECT_EQ(seen, 1) << "what came before it was shown";
  EXPECT_EQ(ahead.revision(), 7);
  EXPECT_EQ(**ahead.Get("k"), "got");
}

}  // namespace
}  // namespace labslot::storage
