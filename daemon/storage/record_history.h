#ifndef LABSLOT_DAEMON_STORAGE_RECORD_HISTORY_H_
#define LABSLOT_DAEMON_STORAGE_RECORD_HISTORY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// What records were before they became what they are: read from the log, found by
// table H. All readers return DATA_LOSS, naming the key, for bytes that do not parse.

// The last event of the record under `key` (see KeyOf) up to `last`; nothing if it did
// not exist yet.
absl::StatusOr<std::optional<Event>> LastEventOf(const Snapshot& snapshot, absl::string_view key,
                                                 Revision last);

// All events of the records of a collection up to `last`, by record, oldest first.
absl::StatusOr<std::vector<Event>> EventsOf(const Snapshot& snapshot, Collection collection,
                                            Revision last);

// The last event at or before an instant; 0 if there is none. The times of the log
// never decrease.
absl::StatusOr<Revision> RevisionAt(const Snapshot& snapshot, Instant time);

// When the event after `revision` happened: until then it was the last; nothing if it
// still is.
absl::StatusOr<std::optional<Instant>> EndOf(const Snapshot& snapshot, Revision revision);

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_RECORD_HISTORY_H_
