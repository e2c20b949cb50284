#include "daemon/storage/rocksdb/database.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "daemon/storage/key_layout.h"
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/iterator.h"
#include "rocksdb/listener.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"
#include "rocksdb/transaction_log.h"
#include "rocksdb/version.h"
#include "rocksdb/write_batch.h"

namespace labslot::storage {
namespace {

// The row that carries the revision, written by every commit that makes one. A
// log of RocksDB that loses its end loses this row with it.
constexpr char kHeadKey[] = "\xffhead";

constexpr size_t kMegabyte = size_t{1} << 20;

// Keeps RocksDB from going on when there is room again after a write that found none:
// the log has seen an error by then, and to write to it is an assertion that fails.
class StayFailed : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

rocksdb::Options CommonOptions(const DatabaseTuning& tuning) {
  rocksdb::Options options;
  if (tuning.env != nullptr) options.env = tuning.env;
  // What is left in the log is read again at start; see the notes on tuning.
  options.write_buffer_size = tuning.write_buffer_bytes;
  options.level_compaction_dynamic_level_bytes = true;
  options.bytes_per_sync = kMegabyte;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.max_log_file_size = 4 * kMegabyte;
  options.keep_log_file_num = 3;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  // The newest key of the log and of the reservations is the last of its table,
  // so a place remembered for each table spares most of the search for it.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  // Look-ups of a request_id mostly find nothing; the filter spares the search.
  options.memtable_prefix_bloom_size_ratio = 0.02;
  options.memtable_whole_key_filtering = true;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(tuning.block_cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Undoes one DisableFileDeletions. Before version 9 it undid all of them unless told not to.
rocksdb::Status EnableFileDeletions(rocksdb::DB& database) {
#if ROCKSDB_MAJOR >= 9
  return database.EnableFileDeletions();
#else
  return database.EnableFileDeletions(/*force=*/false);
#endif
}

// The threads of RocksDB delete replaced files a little later.
rocksdb::Status DeleteReplacedFiles(rocksdb::DB& database) {
  rocksdb::Status status = database.DisableFileDeletions();
  if (!status.ok()) return status;
  // Waits for what these threads are deleting.
  rocksdb::VectorLogPtr logs;
  status = database.GetSortedWalFiles(logs);
  // Deletes what is left, unless a backup is being made: then that does.
  const rocksdb::Status deleted = EnableFileDeletions(database);
  return status.ok() ? deleted : status;
}

}  // namespace

rocksdb::Options StrictOptions(const DatabaseTuning& tuning) {
  rocksdb::Options options = CommonOptions(tuning);
  // The default mode drops everything behind a flipped bit without a word. This
  // one takes a torn end, which a crash leaves, and refuses everything else.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // A whole log that is missing or too short is noticed as well.
  options.track_and_verify_wals_in_manifest = true;
  options.paranoid_checks = true;
  options.verify_sst_unique_id_in_manifest = true;
  // A recycled log has old records behind its end, which look like damage.
  options.recycle_log_file_num = 0;
  // After a failed write memory and disk may differ: never go on by itself.
  options.max_bgerror_resume_count = 0;
  options.listeners.push_back(std::make_shared<StayFailed>());
  return options;
}

rocksdb::Options TolerantOptions(const DatabaseTuning& tuning) {
  rocksdb::Options options = CommonOptions(tuning);
  // Up to the damage and not beyond, so that what is kept is a state that was.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.paranoid_checks = false;
  // It is read once; merging damaged files gains nothing.
  options.disable_auto_compactions = true;
  return options;
}

rocksdb::Status WriteTo(rocksdb::DB& database, const WriteSet& write_set, bool sync) {
  rocksdb::WriteBatch batch;
  for (const std::string& key : write_set.deletes) batch.Delete(key);
  for (const Put& put : write_set.puts) batch.Put(put.key, put.value);
  if (write_set.revision != write_set.base) {
    batch.Put(kHeadKey, absl::StrCat(write_set.revision));
  }
  if (batch.Count() == 0) return rocksdb::Status::OK();
  rocksdb::WriteOptions options;
  options.sync = sync;
  return database.Write(options, &batch);
}

rocksdb::Status ReadFrom(rocksdb::DB& database, const rocksdb::Snapshot* snapshot,
                         absl::string_view key, std::optional<std::string>& out) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = database.Get(options, SliceOf(key), &value);
  if (status.IsNotFound()) {
    out.reset();
    return rocksdb::Status::OK();
  }
  if (status.ok()) out = std::move(value);
  return status;
}

rocksdb::Status ReadHead(rocksdb::DB& database, const rocksdb::Snapshot* snapshot, Revision& out) {
  std::optional<std::string> value;
  const rocksdb::Status status = ReadFrom(database, snapshot, kHeadKey, value);
  if (!status.ok()) return status;
  out = 0;
  if (value && !absl::SimpleAtoi(*value, &out)) {
    return rocksdb::Status::Corruption("the row of the revision");
  }
  return status;
}

rocksdb::Status ReadMark(rocksdb::DB& database, const rocksdb::Snapshot* snapshot,
                         Revision revision, Mark& out) {
  std::optional<std::string> event;
  const rocksdb::Status status = ReadFrom(database, snapshot, LogKey(revision), event);
  out = {.revision = revision, .event_hash = event ? HashOf(*event) : 0};
  return status;
}

rocksdb::Status ScanIn(rocksdb::DB& database, const rocksdb::Snapshot* snapshot,
                       absl::string_view from, absl::string_view to, const EntryVisitor& visitor) {
  const rocksdb::Slice end = SliceOf(std::min(to, absl::string_view(kEngineKeys)));
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_upper_bound = &end;
  if (SliceOf(from).compare(end) >= 0) return rocksdb::Status::OK();
  const std::unique_ptr<rocksdb::Iterator> it(database.NewIterator(options));
  for (it->Seek(SliceOf(from)); it->Valid(); it->Next()) {
    const rocksdb::Slice key = it->key();
    const rocksdb::Slice value = it->value();
    if (!visitor({key.data(), key.size()}, {value.data(), value.size()})) break;
  }
  return it->status();
}

rocksdb::Status RewriteAll(rocksdb::DB& database, std::atomic<bool>& stop) {
  rocksdb::CompactRangeOptions options;
  // Those that keep up with the writes go on beside it.
  options.exclusive_manual_compaction = false;
  // The last level as well, where what was replaced would stay for years.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.canceled = &stop;
  const rocksdb::Status status = database.CompactRange(options, nullptr, nullptr);
  return status.ok() ? DeleteReplacedFiles(database) : status;
}

}  // namespace labslot::storage
