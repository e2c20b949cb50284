#include "tests/storage/history.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/memory_store.h"
#include "daemon/storage/records.h"
#include "daemon/storage/rocksdb/rocksdb_store.h"
#include "tests/storage/samples.h"

namespace labslot::storage {
namespace {

namespace fs = std::filesystem;

constexpr Instant kNoon = 1796000400;
constexpr Seconds kHour = 3600;

RocksDbOptions Options() {
  RocksDbOptions options;
  options.care_interval = std::chrono::milliseconds(0);
  return options;
}

// The writer of the history; knows the current reservations.
class History {
 public:
  WriteSet Next() {
    const Revision revision = last_ + 1;
    WriteSet write_set;
    write_set.base = last_;
    write_set.revision = revision;
    const Event event = NextEvent(revision);
    AppendEvent(event, before_ ? &*before_ : nullptr, write_set);
    AppendOutcome("ada", absl::StrCat("request-", revision),
                  {absl::StrCat("print-", revision), revision, revision, kNoon}, write_set);
    last_ = revision;
    return write_set;
  }

 private:
  Event NextEvent(Revision revision) {
    before_.reset();
    if (revision % 10 == 0) return RecordEvent(revision);
    if (revision % 5 == 3 && revision > 5) return Change(revision - 2);
    Reservation reservation =
        SmallReservation(revision, absl::StrCat("asset-", revision % 4), kNoon + revision * kHour);
    reservation.purpose = absl::StrCat("purpose of ", revision, std::string(100, 'x'));
    return Note(EventOf(revision, EventType::kCreated, std::move(reservation)));
  }

  // Sites, groups, policies, quotas and series in turn; then the group goes.
  static Event RecordEvent(Revision revision) {
    const std::vector<Resource> turn = {FullSite(),  FullGroup(),  FullPolicy(),
                                        FullQuota(), FullSeries(), FullGroup()};
    const size_t at = static_cast<size_t>(revision / 10 - 1) % turn.size();
    Event event;
    event.revision = revision;
    event.type = at + 1 == turn.size() ? EventType::kDeleted : EventType::kUpdated;
    event.resource = turn[at];
    std::visit([&](auto& resource) { resource.revision = revision; }, event.resource);
    return event;
  }

  Event Change(ReservationId id) {
    Reservation reservation = current_.at(id);
    before_ = Resource(reservation);
    const Revision revision = last_ + 1;
    if (revision % 2 == 0) {
      reservation.state = ReservationState::kCancelled;
      return Note(EventOf(revision, EventType::kCancelled, std::move(reservation)));
    }
    reservation.interval = {kNoon - id * kHour, kNoon - id * kHour + 60};
    return Note(EventOf(revision, EventType::kUpdated, std::move(reservation)));
  }

  Event Note(Event event) {
    const Reservation& reservation = std::get<Reservation>(event.resource);
    current_[reservation.id] = reservation;
    return event;
  }

  Revision last_ = 0;
  std::map<ReservationId, Reservation> current_;
  std::optional<Resource> before_;
};

using Entries = std::map<std::string, std::string>;

// All rows but the format row.
absl::StatusOr<Entries> AllRows(const Snapshot& snapshot) {
  Entries entries;
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan("", kEngineKeys, [&](absl::string_view key, absl::string_view value) {
        if (key != FormatKey()) entries.emplace(key, value);
        return true;
      }));
  return entries;
}

}  // namespace

absl::Status WriteHistory(const std::string& folder, Revision last, Revision flush_every) {
  History history;
  LABSLOT_ASSIGN_OR_RETURN(std::unique_ptr<RocksDbStore> store,
                           RocksDbStore::Open(folder, Options()));
  for (Revision revision = 1; revision <= last; ++revision) {
    const WriteSet next = history.Next();
    if (revision <= store->head()) continue;
    LABSLOT_RETURN_IF_ERROR(store->Commit(next));
    if (flush_every == 0 || revision % flush_every != 0) continue;
    store.reset();
    LABSLOT_ASSIGN_OR_RETURN(store, RocksDbStore::Open(folder, Options()));
  }
  return absl::OkStatus();
}

absl::Status CheckHistory(const Store& store) {
  const std::unique_ptr<const Snapshot> snapshot = store.TakeSnapshot();
  LABSLOT_ASSIGN_OR_RETURN(const Entries found, AllRows(*snapshot));
  LABSLOT_RETURN_IF_ERROR(CheckLog(*snapshot));
  MemoryStore model;
  History history;
  while (model.head() < snapshot->revision()) {
    LABSLOT_RETURN_IF_ERROR(model.Commit(history.Next()));
  }
  LABSLOT_ASSIGN_OR_RETURN(const Entries wanted, AllRows(*model.TakeSnapshot()));
  for (const auto& [key, value] : wanted) {
    const auto row = found.find(key);
    if (row == found.end() || row->second != value) {
      return absl::InternalError(absl::StrCat(
          DescribeKey(key), row == found.end() ? " is missing" : " is not what it was"));
    }
    LABSLOT_ASSIGN_OR_RETURN(const std::optional<std::string> read, store.Get(key));
    if (read != value) {
      return absl::InternalError(absl::StrCat(DescribeKey(key), " reads as something else"));
    }
  }
  if (found.size() != wanted.size()) return absl::InternalError("there are rows too many");
  return absl::OkStatus();
}

absl::StatusOr<Revision> OpenAndCheckHistory(const std::string& folder) {
  RocksDbOptions options = Options();
  options.create_if_missing = false;
  LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<RocksDbStore> store,
                           RocksDbStore::Open(folder, options));
  LABSLOT_RETURN_IF_ERROR(CheckHistory(*store));
  return store->head();
}

std::vector<std::string> DatabaseFiles(const std::string& folder, const std::string& prefix,
                                       const std::string& suffix) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder + "/db")) {
    const std::string name = entry.path().filename().string();
    if (absl::StartsWith(name, prefix) && absl::EndsWith(name, suffix)) {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

}  // namespace labslot::storage
