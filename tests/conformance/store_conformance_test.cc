// What every store must do, whichever engine serves it: the contract of
// daemon/storage/store.h, as one suite.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/memory_store.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/samples.h"
#include "tests/storage/temp_folder.h"

namespace labslot::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using Entries = std::vector<std::pair<std::string, std::string>>;

// A store under test, and where it lives.
class Bench {
 public:
  virtual ~Bench() = default;
  virtual Store& store() = 0;
  // Closes it and opens it again. False if it lives in memory only.
  virtual bool Reopen() = 0;
};

class MemoryBench : public Bench {
 public:
  Store& store() override { return store_; }
  bool Reopen() override { return false; }

 private:
  MemoryStore store_;
};

class RocksDbBench : public Bench {
 public:
  RocksDbBench() { Open(); }
  Store& store() override { return *store_; }
  bool Reopen() override {
    store_.reset();
    Open();
    return true;
  }

 private:
  void Open() {
    auto opened = RocksDbStore::Open(folder_.path());
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  TempFolder folder_;
  std::unique_ptr<RocksDbStore> store_;
};

class StoreConformance : public ::testing::TestWithParam<std::string> {
 protected:
  StoreConformance() {
    if (GetParam() == "Memory") {
      bench_ = std::make_unique<MemoryBench>();
    } else {
      bench_ = std::make_unique<RocksDbBench>();
    }
  }

  Store& store() { return bench_->store(); }

  // A commit on the head.
  WriteSet OnHead(std::vector<Put> puts, std::vector<std::string> deletes = {}) {
    WriteSet write_set;
    write_set.base = write_set.revision = store().head();
    write_set.puts = std::move(puts);
    write_set.deletes = std::move(deletes);
    return write_set;
  }
  absl::Status Commit(std::vector<Put> puts, std::vector<std::string> deletes = {}) {
    return store().Commit(OnHead(std::move(puts), std::move(deletes)));
  }
  absl::Status CommitRevision(std::vector<Put> puts = {}, std::vector<Guard> guards = {}) {
    WriteSet write_set = OnHead(std::move(puts));
    ++write_set.revision;
    write_set.guards = std::move(guards);
    // A store may check the log when it is opened, so each revision has its row.
    Event event;
    event.revision = write_set.revision;
    AppendEvent(event, nullptr, write_set);
    return store().Commit(write_set);
  }

  static Entries Read(const Snapshot& snapshot, absl::string_view from, absl::string_view to) {
    Entries entries;
    EXPECT_TRUE(snapshot
                    .Scan(from, to,
                          [&](absl::string_view key, absl::string_view value) {
                            entries.emplace_back(key, value);
                            return true;
                          })
                    .ok());
    return entries;
  }
  Entries Read(absl::string_view from, absl::string_view to) {
    return Read(*store().TakeSnapshot(), from, to);
  }
  std::string Value(const std::string& key) {
    const auto value = store().Get(key);
    return value.ok() ? value->value_or("nothing") : value.status().ToString();
  }

  std::unique_ptr<Bench> bench_;
};

INSTANTIATE_TEST_SUITE_P(Engines, StoreConformance, ::testing::Values("Memory", "RocksDb"),
                         [](const auto& engine) { return engine.param; });

TEST_P(StoreConformance, ANewStoreShowsRevisionZero) {
  EXPECT_EQ(store().head(), 0);
  EXPECT_EQ(store().TakeSnapshot()->revision(), 0);
  EXPECT_EQ(store().GuardVersion("assets/a"), 0);
  EXPECT_GT(store().FreeBytes(), 0);
  EXPECT_EQ(Value("k"), "nothing");
}

TEST_P(StoreConformance, ACommitIsReadBackWhole) {
  ASSERT_TRUE(CommitRevision({{"k1", "one"}, {"k2", "two"}}).ok());
  EXPECT_EQ(store().head(), 1);
  EXPECT_EQ(Value("k1"), "one");
  EXPECT_EQ(Value("k2"), "two");
  EXPECT_EQ(store().TakeSnapshot()->revision(), 1);
}

TEST_P(StoreConformance, ACommitMayRaiseTheRevisionByMany) {
  WriteSet write_set = OnHead({{"k", "v"}});
  write_set.revision = 64;
  ASSERT_TRUE(store().Commit(write_set).ok());
  EXPECT_EQ(store().head(), 64);
}

TEST_P(StoreConformance, UpkeepChangesValuesButNotTheRevision) {
  ASSERT_TRUE(CommitRevision({{"k", "old"}}).ok());
  ASSERT_TRUE(Commit({{"k", "new"}}).ok());
  EXPECT_EQ(store().head(), 1);
  EXPECT_EQ(Value("k"), "new");
}

TEST_P(StoreConformance, DeletesComeBeforePutsAndTheLastPutOfAKeyWins) {
  ASSERT_TRUE(Commit({{"k1", "old"}, {"k2", "old"}}).ok());
  ASSERT_TRUE(Commit({{"k1", "middle"}, {"k1", "new"}}, {"k1", "k2", "k3"}).ok());
  EXPECT_THAT(Read("k", "l"), ElementsAre(Pair("k1", "new")));
}

TEST_P(StoreConformance, ScansAreHalfOpenAndInByteOrder) {
  const std::string high = "k\xfe";
  const std::string zero("k\0", 2);
  ASSERT_TRUE(Commit({{high, "4"}, {"ka", "3"}, {"k", "1"}, {zero, "2"}, {"l", "5"}}).ok());
  EXPECT_THAT(Read("k", "l"),
              ElementsAre(Pair("k", "1"), Pair(zero, "2"), Pair("ka", "3"), Pair(high, "4")));
  EXPECT_THAT(Read("ka", high), ElementsAre(Pair("ka", "3")));
  EXPECT_THAT(Read("ka", "ka"), IsEmpty());
  EXPECT_THAT(Read("l", "k"), IsEmpty());
}

TEST_P(StoreConformance, AScanEndsWhenItsVisitorSaysSo) {
  ASSERT_TRUE(Commit({{"k1", ""}, {"k2", ""}, {"k3", ""}}).ok());
  int visited = 0;
  ASSERT_TRUE(
      store()
          .TakeSnapshot()
          ->Scan("k", "l", [&](absl::string_view, absl::string_view) { return ++visited < 2; })
          .ok());
  EXPECT_EQ(visited, 2);
}

TEST_P(StoreConformance, AScanGoesOverThousandsOfEntries) {
  std::vector<Put> puts;
  for (int i = 1000; i < 4000; ++i) puts.push_back({absl::StrCat("k", i), absl::StrCat(i)});
  ASSERT_TRUE(Commit(puts).ok());
  const Entries entries = Read("k", "l");
  ASSERT_EQ(entries.size(), 3000);
  EXPECT_EQ(entries.front().second, "1000");
  EXPECT_EQ(entries.back().second, "3999");
}

TEST_P(StoreConformance, AVisitorMayUseTheStore) {
  ASSERT_TRUE(Commit({{"k1", "a"}, {"k2", "b"}}).ok());
  const auto snapshot = store().TakeSnapshot();
  ASSERT_TRUE(snapshot
                  ->Scan("k", "l",
                         [&](absl::string_view key, absl::string_view value) {
                           EXPECT_EQ(Value(std::string(key)), value);
                           return Commit({{absl::StrCat("m", key), "c"}}).ok();
                         })
                  .ok());
  EXPECT_THAT(Read("m", "n"), ElementsAre(Pair("mk1", "c"), Pair("mk2", "c")));
}

TEST_P(StoreConformance, KeysAndValuesAreAnyBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  ASSERT_TRUE(Commit({{"", "of the empty key"}, {"k" + bytes, bytes}, {"k", ""}}).ok());
  EXPECT_EQ(Value(""), "of the empty key");
  EXPECT_EQ(Value("k" + bytes), bytes);
  EXPECT_EQ(Value("k"), "");
  EXPECT_THAT(Read("", "A"), ElementsAre(Pair("", "of the empty key")));
  ASSERT_TRUE(Commit({}, {""}).ok());
  EXPECT_EQ(Value(""), "nothing");
}

TEST_P(StoreConformance, LargeValuesAreKept) {
  const std::string large(3 << 20, 'x');
  ASSERT_TRUE(CommitRevision({{"k", large}}).ok());
  EXPECT_EQ(Value("k"), large);
}

TEST_P(StoreConformance, KeysOfTheEngineAreRefusedAndHidden) {
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({{"k", ""}, {"\xffhead", "7"}})));
  EXPECT_TRUE(absl::IsInvalidArgument(Commit({{"k", ""}}, {"\xff"})));
  EXPECT_EQ(Value("k"), "nothing");
  ASSERT_TRUE(CommitRevision().ok());
  EXPECT_THAT(Read("\xfe", "\xff\xff"), IsEmpty());
  EXPECT_THAT(Read("\xff", "\xff\xff"), IsEmpty());
  EXPECT_EQ(Value("\xffhead"), "nothing");
}

TEST_P(StoreConformance, ASnapshotDoesNotSeeWhatComesAfterIt) {
  ASSERT_TRUE(CommitRevision({{"k1", "old"}, {"k2", "old"}}).ok());
  const auto before = store().TakeSnapshot();
  WriteSet write_set = OnHead({{"k1", "new"}, {"k3", "new"}}, {"k2"});
  ++write_set.revision;
  ASSERT_TRUE(store().Commit(write_set).ok());
  const auto after = store().TakeSnapshot();
  ASSERT_TRUE(CommitRevision({{"k1", "newest"}}).ok());

  EXPECT_EQ(before->revision(), 1);
  EXPECT_THAT(Read(*before, "k", "l"), ElementsAre(Pair("k1", "old"), Pair("k2", "old")));
  EXPECT_EQ(after->revision(), 2);
  EXPECT_THAT(Read(*after, "k", "l"), ElementsAre(Pair("k1", "new"), Pair("k3", "new")));
  EXPECT_EQ(**after->Get("k1"), "new");
  EXPECT_EQ(Value("k1"), "newest");
}

TEST_P(StoreConformance, SnapshotsMayBeReleasedInAnyOrder) {
  std::vector<std::unique_ptr<const Snapshot>> snapshots;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(Commit({{"k", absl::StrCat(i)}}).ok());
    snapshots.push_back(store().TakeSnapshot());
  }
  for (const size_t gone : {2, 0, 5}) snapshots[gone].reset();
  ASSERT_TRUE(Commit({}, {"k"}).ok());
  for (const size_t left : {1, 3, 4}) {
    EXPECT_THAT(Read(*snapshots[left], "k", "l"), ElementsAre(Pair("k", absl::StrCat(left))));
  }
  EXPECT_EQ(Value("k"), "nothing");
}

TEST_P(StoreConformance, ACommitOnAnotherHeadIsAborted) {
  ASSERT_TRUE(CommitRevision({{"k", "first"}}).ok());
  for (const Revision base : {0, 2}) {
    WriteSet write_set = OnHead({{"k", "second"}});
    write_set.base = base;
    write_set.revision = base + 1;
    EXPECT_TRUE(absl::IsAborted(store().Commit(write_set))) << base;
  }
  EXPECT_EQ(Value("k"), "first");
  EXPECT_EQ(store().head(), 1);
}

TEST_P(StoreConformance, ARevisionBelowItsBaseIsRefused) {
  ASSERT_TRUE(CommitRevision().ok());
  WriteSet write_set = OnHead({{"k", ""}});
  write_set.revision = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(store().Commit(write_set)));
  EXPECT_EQ(store().head(), 1);
}

TEST_P(StoreConformance, AGuardHasTheRevisionOfTheLastCommitThatNamedIt) {
  ASSERT_TRUE(CommitRevision({}, {{"assets/a", 0}}).ok());
  ASSERT_TRUE(CommitRevision({}, {{"assets/b", 0}}).ok());
  EXPECT_EQ(store().GuardVersion("assets/a"), 1);
  EXPECT_EQ(store().GuardVersion("assets/b"), 2);
  EXPECT_EQ(store().GuardVersion("assets/c"), 0);
}

TEST_P(StoreConformance, AStaleGuardAbortsTheWholeCommit) {
  ASSERT_TRUE(CommitRevision({}, {{"assets/a", 0}}).ok());
  const absl::Status status = CommitRevision({{"k", "v"}}, {{"assets/b", 0}, {"assets/a", 0}});
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("assets/a"));
  EXPECT_EQ(Value("k"), "nothing");
  EXPECT_EQ(store().head(), 1);
  EXPECT_EQ(store().GuardVersion("assets/b"), 0);
  EXPECT_TRUE(CommitRevision({{"k", "v"}}, {{"assets/b", 0}, {"assets/a", 1}}).ok());
}

TEST_P(StoreConformance, ReopeningKeepsWhatWasCommittedAndResetsTheGuards) {
  ASSERT_TRUE(Commit({{"k", "v"}, {"gone", "v"}}).ok());
  ASSERT_TRUE(Commit({{"", "empty"}}, {"gone"}).ok());
  ASSERT_TRUE(CommitRevision({}, {{"assets/a", 0}}).ok());
  ASSERT_TRUE(CommitRevision().ok());
  if (!bench_->Reopen()) return;  // lives in memory only
  EXPECT_EQ(store().head(), 2);
  EXPECT_EQ(store().GuardVersion("assets/a"), 2);
  EXPECT_THAT(Read("g", "l"), ElementsAre(Pair("k", "v")));
  EXPECT_EQ(Value(""), "empty");
  EXPECT_TRUE(Commit({{"k", "w"}}).ok());
}

TEST_P(StoreConformance, EveryResourceComesBackWholeAlsoAfterReopening) {
  for (const Resource& resource : FullResources()) {
    WriteSet write_set = OnHead({});
    Event event;
    event.revision = ++write_set.revision;
    event.resource = resource;
    AppendEvent(event, nullptr, write_set);
    ASSERT_TRUE(store().Commit(write_set).ok());
  }
  const auto check = [&] {
    const auto snapshot = store().TakeSnapshot();
    std::vector<Resource> found;
    const auto note = [&](Resource resource) {
      found.push_back(std::move(resource));
      return true;
    };
    ASSERT_TRUE(VisitRecords(*snapshot, note).ok());
    ASSERT_TRUE(VisitReservations(*snapshot, 0, 1899999999, note).ok());
    ASSERT_TRUE(VisitSeries(*snapshot, 0, note).ok());
    const auto by_kind = [](const Resource& a, const Resource& b) { return a.index() < b.index(); };
    std::sort(found.begin(), found.end(), by_kind);
    std::vector<Resource> kept = FullResources();
    // What machines say is in the log alone.
    std::erase_if(kept, [](const Resource& resource) {
      return std::holds_alternative<MachineReport>(resource);
    });
    EXPECT_TRUE(found == kept);
  };
  check();
  if (bench_->Reopen()) check();
}

TEST_P(StoreConformance, EveryKindOfRuleComesBackWhole) {
  std::vector<PolicyRule> rules = FullRules();
  for (const PolicyRule& rule : EmptyRules()) rules.push_back(rule);
  std::map<std::string, Policy> wanted;
  WriteSet write_set;
  for (const PolicyRule& rule : rules) {
    Policy policy = FullPolicy();
    policy.id = absl::StrCat("rule-", wanted.size());
    policy.rule = rule;
    Event event;
    event.revision = ++write_set.revision;
    event.resource = policy;
    AppendEvent(event, nullptr, write_set);
    wanted.emplace(policy.id, policy);
  }
  ASSERT_TRUE(store().Commit(write_set).ok());
  const auto check = [&] {
    std::map<std::string, Policy> found;
    ASSERT_TRUE(VisitRecords(*store().TakeSnapshot(), [&](const Resource& resource) {
                  const auto& policy = std::get<Policy>(resource);
                  found.emplace(policy.id, policy);
                }).ok());
    EXPECT_TRUE(found == wanted);
  };
  check();
  if (bench_->Reopen()) check();
}

TEST_P(StoreConformance, ReadersSeeWholeCommitsWhileOneThreadWrites) {
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto snapshot = store().TakeSnapshot();
        const Entries entries = Read(*snapshot, "k", "l");
        const std::string revision = absl::StrCat(snapshot->revision());
        const bool whole = entries.size() == (snapshot->revision() == 0 ? 0 : 2) &&
                           std::all_of(entries.begin(), entries.end(),
                                       [&](const auto& entry) { return entry.second == revision; });
        if (!whole) ++torn;
        store().GuardVersion("assets/a");
      }
    });
  }
  for (int i = 1; i <= 300; ++i) {
    const std::string value = absl::StrCat(i);
    ASSERT_TRUE(CommitRevision({{"k1", value}, {"k2", value}}, {{"assets/a", i - 1}}).ok());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
}

TEST_P(StoreConformance, ACompactionChangesNothingThatCanBeRead) {
  ASSERT_TRUE(CommitRevision({{"k1", "old"}, {"k2", "old"}}, {{"assets/a", 0}}).ok());
  const auto before = store().TakeSnapshot();
  ASSERT_TRUE(Commit({{"k1", "new"}, {"k3", "new"}}, {"k2"}).ok());
  const absl::StatusOr<Compaction> compaction = store().Compact();
  ASSERT_TRUE(compaction.ok()) << compaction.status();
  const auto check = [&] {
    EXPECT_EQ(store().head(), 1);
    EXPECT_EQ(store().GuardVersion("assets/a"), 1);
    EXPECT_THAT(Read("k", "l"), ElementsAre(Pair("k1", "new"), Pair("k3", "new")));
  };
  check();
  EXPECT_THAT(Read(*before, "k", "l"), ElementsAre(Pair("k1", "old"), Pair("k2", "old")));
  EXPECT_TRUE(store().Compact().ok()) << "where nothing is left to do";
}

TEST_P(StoreConformance, CommitsAndReadsGoOnBesideCompactions) {
  std::atomic<bool> done{false};
  std::atomic<int> failed{0};
  std::atomic<int> compactions{0};
  std::thread compacting([&] {
    while (!done) {
      if (!store().Compact().ok()) ++failed;
      ++compactions;
    }
  });
  for (int i = 1; i <= 300 || compactions < 3; ++i) {
    const std::string value = absl::StrCat(i);
    ASSERT_TRUE(CommitRevision({{"k1", value}, {absl::StrCat("k", i % 7), value}}).ok());
    EXPECT_EQ(Value("k1"), value);
  }
  done = true;
  compacting.join();
  EXPECT_EQ(failed, 0);
  const Revision head = store().head();
  const Entries entries = Read("", "\xff");
  if (!bench_->Reopen()) return;
  EXPECT_EQ(store().head(), head);
  EXPECT_EQ(Read("", "\xff"), entries);
}

TEST_P(StoreConformance, OneCompactionAtATime) {
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  ASSERT_TRUE(CommitRevision({{"k", std::string(1 << 20, 'x')}}).ok());
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const absl::Status status = store().Compact().status();
      EXPECT_TRUE(status.ok() || absl::IsAborted(status)) << status;
      if (status.ok()) ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GE(done, 1);
}

// Random commits against a plain map, with snapshots kept for a while.
TEST_P(StoreConformance, BehavesLikeAMapOfItsOwnForEachRevision) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  using Model = std::map<std::string, std::string>;
  Model model;
  std::vector<std::pair<std::unique_ptr<const Snapshot>, Model>> kept;
  for (int step = 0; step < 400; ++step) {
    WriteSet write_set = OnHead({});
    for (int i = pick(4); i > 0; --i) write_set.deletes.push_back(absl::StrCat("k", pick(20)));
    for (int i = pick(4); i > 0; --i) {
      write_set.puts.push_back({absl::StrCat("k", pick(20)), absl::StrCat(step, "/", i)});
    }
    const bool stale = pick(10) == 0;
    if (stale) write_set.base = ++write_set.revision;
    ASSERT_EQ(store().Commit(write_set).ok(), !stale);
    if (!stale) {
      for (const std::string& key : write_set.deletes) model.erase(key);
      for (const Put& put : write_set.puts) model[put.key] = put.value;
    }
    if (pick(40) == 0) {
      ASSERT_TRUE(store().Compact().ok());
    }
    if (pick(5) == 0) kept.emplace_back(store().TakeSnapshot(), model);
    if (kept.size() > 8) kept.erase(kept.begin() + pick(8));
    for (const auto& [snapshot, then] : kept) {
      ASSERT_EQ(Read(*snapshot, "k", "l"), Entries(then.begin(), then.end())) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace labslot::storage
