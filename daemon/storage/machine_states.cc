#include "daemon/storage/machine_states.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

std::optional<MachineEntry> Decode(const MachineKeyParts& key, absl::string_view bytes) {
  stored::MachineRow row;
  MachineEntry entry;
  if (!row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !ReadEnumerator(row.state(), stored::MachineState_IsValid, entry.span.state)) {
    return std::nullopt;
  }
  entry.unit = row.unit();
  entry.span.interval = {key.start, Sum(key.start, row.length())};
  entry.revision = key.report;
  return entry;
}

}  // namespace

std::vector<Put> RowsOf(const MachineReport& report) {
  std::vector<Put> rows;
  for (const MachineSpan& span : report.spans) {
    stored::MachineRow row;
    row.set_length(span.interval.length());
    row.set_state(static_cast<stored::MachineState>(span.state));
    row.set_unit(report.unit);
    rows.push_back(
        {MachineKey(report.asset, span.interval.start, report.id), row.SerializeAsString()});
  }
  return rows;
}

absl::Status VisitMachineStates(const Snapshot& snapshot, absl::string_view asset,
                                const Interval& period,
                                const std::function<void(const MachineEntry&)>& visitor) {
  const KeyRange range =
      MachineRange(asset, period.start - limits::kLongestMachineSpan, period.end);
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan(range.from, range.to, [&](absl::string_view key, absl::string_view value) {
        const std::optional<MachineKeyParts> parts = ParseMachineKey(key);
        const auto entry = parts ? Decode(*parts, value) : std::nullopt;
        if (!entry) {
          result = absl::DataLossError(absl::StrCat(DescribeKey(key), " is damaged in the store"));
          return false;
        }
        if (entry->span.interval.Overlaps(period)) visitor(*entry);
        return true;
      }));
  return result;
}

}  // namespace labslot::storage
