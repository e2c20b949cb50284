#ifndef LABSLOT_DAEMON_STORAGE_READ_AHEAD_H_
#define LABSLOT_DAEMON_STORAGE_READ_AHEAD_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "daemon/storage/store.h"

namespace labslot::storage {

// A snapshot whose scans read on a thread of their own, some way ahead of the visitor:
// for a long scan whose visitor has as much to do as the engine. The thread lives as long
// as the scan; the visitor is called by whoever called Scan. Thread-safe.
class ReadAhead : public Snapshot {
 public:
  // `snapshot` must outlive the object.
  explicit ReadAhead(const Snapshot& snapshot) : snapshot_(snapshot) {}

  Revision revision() const override { return snapshot_.revision(); }

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    return snapshot_.Get(key);
  }

  absl::Status Scan(absl::string_view from, absl::string_view to,
                    const EntryVisitor& visitor) const override;

 private:
  const Snapshot& snapshot_;
};

}  // namespace labslot::storage

#endif  // LABSLOT_DAEMON_STORAGE_READ_AHEAD_H_
