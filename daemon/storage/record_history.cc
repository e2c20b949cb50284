#include "daemon/storage/record_history.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/status_macros.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/records.h"

namespace labslot::storage {
namespace {

absl::StatusOr<Event> EventAt(const Snapshot& snapshot, Revision revision) {
  LABSLOT_ASSIGN_OR_RETURN(std::optional<Event> event, ReadEvent(snapshot, revision));
  if (!event) return absl::DataLossError(absl::StrCat("event ", revision, " is missing"));
  return *std::move(event);
}

// The revisions in a range of table H.
absl::StatusOr<std::vector<Revision>> RevisionsIn(const Snapshot& snapshot, const KeyRange& range,
                                                  Revision last) {
  std::vector<Revision> revisions;
  absl::Status result;
  LABSLOT_RETURN_IF_ERROR(
      snapshot.Scan(range.from, range.to, [&](absl::string_view key, absl::string_view) {
        const std::optional<HistoryEntry> entry = ParseHistoryKey(key);
        if (!entry) {
          result = absl::DataLossError(absl::StrCat(DescribeKey(key), " is damaged in the store"));
          return false;
        }
        if (entry->revision <= last) revisions.push_back(entry->revision);
        return true;
      }));
  LABSLOT_RETURN_IF_ERROR(result);
  return revisions;
}

}  // namespace

absl::StatusOr<std::optional<Event>> LastEventOf(const Snapshot& snapshot, absl::string_view key,
                                                 Revision last) {
  LABSLOT_ASSIGN_OR_RETURN(const std::vector<Revision> revisions,
                           RevisionsIn(snapshot, HistoryRange(key, 0, last), last));
  Revision found = revisions.empty() ? 0 : revisions.back();
  if (found == 0) {
    const std::optional<int64_t> number = NumberInKey(key);
    if (!number || *number > last) return std::nullopt;
    found = *number;
  }
  LABSLOT_ASSIGN_OR_RETURN(Event event, EventAt(snapshot, found));
  return event;
}

absl::StatusOr<std::vector<Event>> EventsOf(const Snapshot& snapshot, Collection collection,
                                            Revision last) {
  LABSLOT_ASSIGN_OR_RETURN(const std::vector<Revision> revisions,
                           RevisionsIn(snapshot, HistoryRange(collection), last));
  std::vector<Event> events;
  events.reserve(revisions.size());
  for (const Revision revision : revisions) {
    LABSLOT_ASSIGN_OR_RETURN(Event event, EventAt(snapshot, revision));
    events.push_back(std::move(event));
  }
  return events;
}

absl::StatusOr<Revision> RevisionAt(const Snapshot& snapshot, Instant time) {
  Revision low = 0;                         // at or before the time
  Revision high = snapshot.revision() + 1;  // after it
  while (high - low > 1) {
    const Revision middle = low + (high - low) / 2;
    LABSLOT_ASSIGN_OR_RETURN(const Event event, EventAt(snapshot, middle));
    (event.time <= time ? low : high) = middle;
  }
  return low;
}

absl::StatusOr<std::optional<Instant>> EndOf(const Snapshot& snapshot, Revision revision) {
  if (revision >= snapshot.revision()) return std::nullopt;
  LABSLOT_ASSIGN_OR_RETURN(const Event next, EventAt(snapshot, revision + 1));
  return next.time;
}

}  // namespace labslot::storage
