// The steps from each version of the layout to the next.

#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/format.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/records.h"

namespace labslot::storage {
namespace {

// So much is written at once: few syncs, and no commit that memory would feel.
constexpr size_t kRowsInCommit = 1000;

absl::Status CommitRows(Store& store, std::vector<Put>& rows) {
  if (rows.empty()) return absl::OkStatus();
  WriteSet upkeep;
  upkeep.base = upkeep.revision = store.head();
  upkeep.puts = std::exchange(rows, {});
  return store.Commit(upkeep);
}

// 1 to 2: rows of A also say who has the slot and when a final state was
// reached. They are written anew from the reservations of B; a row that is new
// already is written as it is.
absl::Status FillAssetRows(Store& store) {
  const std::unique_ptr<const Snapshot> snapshot = store.TakeSnapshot();
  const KeyRange range = ReservationRange();
  std::vector<Put> rows;
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(
      snapshot->Scan(range.from, range.to, [&](absl::string_view key, absl::string_view value) {
        const std::optional<Reservation> reservation = DecodeReservation(value);
        if (!reservation) {
          result = absl::DataLossError(absl::StrCat(DescribeKey(key), " is damaged in the store"));
          return false;
        }
        for (Put& row : AssetRows(*reservation)) rows.push_back(std::move(row));
        if (rows.size() >= kRowsInCommit) result = CommitRows(store, rows);
        return result.ok();
      }));
  LABSLOT_RETURN_IF_ERROR(result);
  return CommitRows(store, rows);
}

// 2 to 3: outages and rounds are new. An older daemon would not see them, and
// book what is out of service.
// 4 to 5: so are table M, and what quotas and reservations know of public funding. An
// older daemon would book beyond a share.
absl::Status NothingToRewrite(Store&) { return absl::OkStatus(); }

// 3 to 4: table H is new, and is filled from the log; rows of A also say how long
// before its start a reservation was made.
absl::Status FillHistory(Store& store) {
  LABSLOT_RETURN_IF_ERROR(FillAssetRows(store));
  const std::unique_ptr<const Snapshot> snapshot = store.TakeSnapshot();
  std::vector<Put> rows;
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(VisitEvents(*snapshot, 0, [&](const Event& event) {
    if (IsCreationByNumber(event)) return true;
    rows.push_back({HistoryKey(KeyOf(event.resource), event.revision), ""});
    if (rows.size() >= kRowsInCommit) result = CommitRows(store, rows);
    return result.ok();
  }));
  LABSLOT_RETURN_IF_ERROR(result);
  return CommitRows(store, rows);
}

}  // namespace

absl::Span<const Migration> Migrations() {
  static const auto& steps = *new std::array<Migration, 5>{
      Migration{1, FillAssetRows}, Migration{2, NothingToRewrite}, Migration{3, FillHistory},
      Migration{4, NothingToRewrite}, Migration{5, FillAssetRows}};
  return steps;
}

}  // namespace labslot::storage
