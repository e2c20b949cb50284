#include "daemon/storage/rocksdb/recovery.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/files.h"
#include "daemon/storage/format.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/data_folder.h"
#include "daemon/storage/rocksdb/database.h"
#include "daemon/storage/rocksdb/folder_lock.h"
#include "daemon/storage/rocksdb/high_water_mark.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBatchEvents = 1000;

DatabaseTuning Tuning() {
  const RocksDbOptions defaults;
  return {.env = nullptr,
          .write_buffer_bytes = defaults.write_buffer_bytes,
          .block_cache_bytes = defaults.block_cache_bytes};
}

absl::Status Failed(absl::string_view what, const rocksdb::Status& status) {
  return absl::DataLossError(absl::StrCat(what, ": ", status.ToString()));
}

// A name for the copy that is not taken.
std::string CopyName(const DataFolder& folder) {
  const std::string stem =
      absl::StrCat(folder.path(), ".before-recovery-",
                   absl::FormatTime("%Y%m%dT%H%M%SZ", absl::Now(), absl::UTCTimeZone()));
  std::string name = stem;
  std::error_code ignored;
  for (int i = 2; fs::exists(name, ignored); ++i) name = absl::StrCat(stem, "-", i);
  return name;
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenTolerantly(const std::string& path) {
  const rocksdb::Options options = TolerantOptions(Tuning());
  rocksdb::DB* database = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, path, &database);
  if (!status.ok()) {
    // Its lists of files are damaged, or a file is missing: make new lists.
    const rocksdb::Status repaired = rocksdb::RepairDB(path, options);
    if (!repaired.ok()) return Failed(absl::StrCat("cannot repair ", path), repaired);
    status = rocksdb::DB::Open(options, path, &database);
  }
  if (!status.ok()) return Failed(absl::StrCat("cannot open ", path), status);
  return std::unique_ptr<rocksdb::DB>(database);
}

// Builds a database from the events of a damaged one.
class Rebuild {
 public:
  Rebuild(rocksdb::DB& from, rocksdb::DB& to) : from_(from), to_(to) {}

  // Copies whole events from the first on, and returns how many there are.
  absl::StatusOr<Revision> CopyEvents() {
    while (std::optional<Event> event = NextEvent()) {
      LABSLOT_ASSIGN_OR_RETURN(const std::optional<Resource> before, Before(*event));
      AppendEvent(*event, before ? &*before : nullptr, batch_);
      if (const auto* after = std::get_if<Reservation>(&event->resource)) {
        recent_.insert_or_assign(after->id, *after);
      }
      batch_.revision = event->revision;
      if (batch_.revision - batch_.base >= static_cast<Revision>(kBatchEvents)) {
        LABSLOT_RETURN_IF_ERROR(WriteBatch());
      }
    }
    LABSLOT_RETURN_IF_ERROR(WriteBatch());
    return batch_.revision;
  }

  // Copies the outcomes whose events were kept. False if some are unreadable.
  absl::StatusOr<bool> CopyOutcomes() {
    const Revision kept = batch_.revision;
    const KeyRange range = OutcomeRange();
    bool all = true;
    const rocksdb::Status scanned = ScanIn(
        from_, nullptr, range.from, range.to, [&](absl::string_view key, absl::string_view value) {
          const std::optional<Outcome> outcome = DecodeOutcome(value);
          all = all && outcome;
          if (outcome && outcome->last <= kept) {
            batch_.puts.push_back({std::string(key), std::string(value)});
          }
          return true;
        });
    LABSLOT_RETURN_IF_ERROR(WriteBatch());
    return all && scanned.ok();
  }

  // Copies what was refused, of which the log says nothing. False if some is unreadable.
  absl::StatusOr<bool> CopyRefused() {
    const KeyRange range = AllRefusedRange();
    const rocksdb::Status scanned = ScanIn(
        from_, nullptr, range.from, range.to, [&](absl::string_view key, absl::string_view value) {
          batch_.puts.push_back({std::string(key), std::string(value)});
          return true;
        });
    LABSLOT_RETURN_IF_ERROR(WriteBatch());
    return scanned.ok();
  }

  // Writes the format row: the same history if nothing was lost, else a new one.
  absl::Status WriteFormat(bool same_history) {
    std::optional<std::string> bytes;
    std::optional<Format> format;
    if (ReadFrom(from_, nullptr, FormatKey(), bytes).ok() && bytes) format = DecodeFormat(*bytes);
    const bool keep = same_history && format && !format->store_id.empty();
    batch_.puts.push_back(
        {FormatKey(), EncodeFormat({.version = kFormatVersion,
                                    .store_id = keep ? format->store_id : NewStoreId()})});
    return WriteBatch();
  }

 private:
  std::optional<Event> NextEvent() {
    const Revision next = batch_.revision + 1;
    std::optional<std::string> bytes;
    if (!ReadFrom(from_, nullptr, LogKey(next), bytes).ok() || !bytes) return std::nullopt;
    return DecodeEvent(next, *bytes);
  }

  // The resource before an event; only reservations need it, for their rows.
  absl::StatusOr<std::optional<Resource>> Before(const Event& event) {
    const auto* after = std::get_if<Reservation>(&event.resource);
    if (after == nullptr) return std::nullopt;
    if (const auto found = recent_.find(after->id); found != recent_.end()) {
      return Resource(found->second);
    }
    std::optional<std::string> bytes;
    const rocksdb::Status read = ReadFrom(to_, nullptr, ReservationKey(after->id), bytes);
    if (!read.ok()) return Failed("cannot read what was just recovered", read);
    if (!bytes) return std::nullopt;
    std::optional<Reservation> before = DecodeReservation(*bytes);
    if (!before) return std::nullopt;
    return Resource(*std::move(before));
  }

  absl::Status WriteBatch() {
    const rocksdb::Status written = WriteTo(to_, batch_, /*sync=*/false);
    if (!written.ok()) return Failed("cannot write the new database", written);
    const Revision revision = batch_.revision;
    batch_ = {};
    batch_.base = batch_.revision = revision;
    recent_.clear();
    return absl::OkStatus();
  }

  rocksdb::DB& from_;
  rocksdb::DB& to_;
  WriteSet batch_;
  absl::flat_hash_map<ReservationId, Reservation> recent_;  // changed in batch_
};

// The greatest revision that the damaged database has a trace of.
Revision LastTrace(rocksdb::DB& database) {
  Revision last = 0;
  Revision head = 0;
  if (ReadHead(database, nullptr, head).ok()) last = head;
  const KeyRange range = LogRange(0);
  const rocksdb::Slice end = SliceOf(range.to);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &end;
  const std::unique_ptr<rocksdb::Iterator> it(database.NewIterator(options));
  it->SeekToLast();
  if (!it->Valid()) return last;
  const rocksdb::Slice key = it->key();
  return std::max(last, ParseLogKey({key.data(), key.size()}).value_or(0));
}

// Refuses a format that this version would misread.
absl::Status CheckFormatOf(rocksdb::DB& database) {
  std::optional<std::string> bytes;
  if (!ReadFrom(database, nullptr, FormatKey(), bytes).ok() || !bytes) return absl::OkStatus();
  const std::optional<Format> format = DecodeFormat(*bytes);
  if (!format || format->version <= kFormatVersion) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the store has format ", format->version,
                                                    ", and this labslotd knows formats up to ",
                                                    kFormatVersion));
}

// Fills db.new from db, and `report`. Returns the mark of the new database.
absl::StatusOr<Mark> BuildNew(const DataFolder& folder, RecoveryReport& report) {
  LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<rocksdb::DB> from,
                           OpenTolerantly(folder.database()));
  LABSLOT_RETURN_IF_ERROR(CheckFormatOf(*from));
  report.last_known = std::max(report.last_known, LastTrace(*from));

  rocksdb::Options options = StrictOptions(Tuning());
  options.create_if_missing = true;
  rocksdb::DB* made = nullptr;
  rocksdb::Status status = rocksdb::DB::Open(options, folder.new_database(), &made);
  if (!status.ok()) return Failed("cannot make a new database", status);
  const std::unique_ptr<rocksdb::DB> to(made);

  Rebuild rebuild(*from, *to);
  LABSLOT_ASSIGN_OR_RETURN(report.kept, rebuild.CopyEvents());
  if (report.kept == 0 && report.last_known > 0) {
    return absl::DataLossError(
        absl::StrCat("not even the first event can be read; restore a backup. ",
                     "The folder as it was is in ", report.copy));
  }
  LABSLOT_ASSIGN_OR_RETURN(const bool all_outcomes, rebuild.CopyOutcomes());
  report.forgot_outcomes = !all_outcomes;
  LABSLOT_ASSIGN_OR_RETURN(const bool all_refused, rebuild.CopyRefused());
  report.forgot_refused = !all_refused;
  LABSLOT_RETURN_IF_ERROR(rebuild.WriteFormat(!report.lost_revisions()));
  status = to->Flush(rocksdb::FlushOptions());
  if (status.ok()) status = to->SyncWAL();
  Mark mark;
  if (status.ok()) status = ReadMark(*to, nullptr, report.kept, mark);
  if (!status.ok()) return Failed("cannot write the new database", status);
  return mark;
}

// Puts db.new in the place of db. A crash on the way leaves one of them whole.
absl::Status SwapIn(const DataFolder& folder, const Mark& mark) {
  std::error_code error;
  fs::rename(folder.database(), folder.damaged_database(), error);
  if (error) return SystemError("put the damaged database aside", error.value());
  fs::rename(folder.new_database(), folder.database(), error);
  if (error) return SystemError("put the new database in place", error.value());
  LABSLOT_RETURN_IF_ERROR(SyncFolder(folder.path()));
  // Last: cut off before, the next recovery still knows what was lost.
  LABSLOT_RETURN_IF_ERROR(HighWaterMark(folder).Reset(mark));
  fs::remove_all(folder.damaged_database(), error);
  return absl::OkStatus();
}

// Undoes what an earlier recovery, cut off, has left.
absl::Status TidyUp(const DataFolder& folder) {
  std::error_code error;
  if (folder.HasCutOffRecovery()) {
    fs::rename(folder.damaged_database(), folder.database(), error);
    if (error) return SystemError("bring back the damaged database", error.value());
  }
  fs::remove_all(folder.damaged_database(), error);
  fs::remove_all(folder.new_database(), error);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RecoveryReport> Recover(const std::string& path) {
  const DataFolder folder(path);
  LABSLOT_RETURN_IF_ERROR(folder.Prepare(/*create=*/false));
  if (!folder.HasDatabase() && !folder.HasCutOffRecovery()) {
    return absl::NotFoundError(
        absl::StrCat("there is no database in ", folder.path(), "; restore a backup"));
  }
  RecoveryReport report;
  {
    LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<FolderLock> lock, FolderLock::Take(folder));
    report.copy = CopyName(folder);
    LABSLOT_RETURN_IF_ERROR(CopyFolder(folder.path(), report.copy));
    LABSLOT_RETURN_IF_ERROR(TidyUp(folder));
    const absl::StatusOr<std::optional<Mark>> known = HighWaterMark(folder).Read();
    if (known.ok() && *known) report.last_known = (*known)->revision;
    LABSLOT_ASSIGN_OR_RETURN(const Mark mark, BuildNew(folder, report));
    LABSLOT_RETURN_IF_ERROR(SwapIn(folder, mark));
  }
  // The proof that it worked.
  RocksDbOptions options;
  options.create_if_missing = false;
  LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<RocksDbStore> store,
                           RocksDbStore::Open(path, options));
  LABSLOT_RETURN_IF_ERROR(CheckLog(*store->TakeSnapshot()));
  return report;
}

std::string Describe(const RecoveryReport& report) {
  std::string text = absl::StrCat("The store opens again and shows revision ", report.kept, ".\n");
  if (report.lost_revisions()) {
    absl::StrAppend(&text, "Lost: revisions ", report.kept + 1, " to ", report.last_known,
                    ", and those that were acknowledged in the second after the last of them.\n",
                    "Their numbers will be used again: whoever follows the changes must begin "
                    "anew.\n");
  } else {
    absl::StrAppend(&text,
                    "No event is known to be lost; those that were acknowledged in the "
                    "last second before the damage may be.\n");
  }
  if (report.forgot_outcomes) {
    absl::StrAppend(&text,
                    "Some answered calls are forgotten: one that is sent again with the "
                    "same request_id may be carried out twice.\n");
  }
  if (report.forgot_refused) {
    absl::StrAppend(&text,
                    "Some of what was wanted and refused cannot be read: reports count less of "
                    "it.\n");
  }
  absl::StrAppend(&text, "The folder as it was is in ", report.copy, ".\n");
  return text;
}

}  // namespace labslot::storage
