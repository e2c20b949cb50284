#ifndef LABSLOT_DAEMON_RUNTIME_ROLLUPS_H_
#define LABSLOT_DAEMON_RUNTIME_ROLLUPS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "daemon/base/mutex.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/use_report.h"

namespace labslot::runtime {

// What reports found of months that are over, so that the next one need not read
// their reservations again. Each commit that changes what was used takes away what it
// makes wrong; what is left is what a report would find. Thread-safe.
class Rollups {
 public:
  // Notes a change that was committed. Called by the thread that commits, before
  // anybody can take a snapshot that shows it.
  void Note(const engine::Change& change);

  // What is known of a month, if it holds for a snapshot of the revision.
  std::optional<engine::UseCell> Find(const std::string& asset, const Interval& month,
                                      Revision revision) const;

  // Keeps what was read from a snapshot of the revision, unless something of it has
  // changed since, or kMost are kept. All that `depends_on` touches must be past.
  void Keep(const std::string& asset, const Interval& month, const Interval& depends_on,
            const std::set<std::string>& related, Revision revision, const engine::UseCell& cell);

  size_t size() const;

  // About 300 bytes each.
  static constexpr size_t kMost = 400000;

 private:
  struct Entry {
    Interval month;
    Interval depends_on;
    Revision revision = 0;
    engine::UseCell cell;
  };
  struct OfAsset {
    std::map<Instant, Entry> months;   // by start
    std::set<std::string> dependants;  // assets whose months depend on it
    Revision last_change = 0;          // of what is past
  };

  void Touch(const std::string& asset, const Interval& touched, Revision revision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Drop(OfAsset& of_asset, const Interval& touched) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TouchOccupancies(const Reservation& reservation, const Event& event)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Revision LastChange(const std::string& asset) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, OfAsset> assets_ ABSL_GUARDED_BY(mutex_);
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  // What lies behind it was in nothing that is kept. Ahead of the last event where the
  // clock was turned back since.
  Instant kept_up_to_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The rollups as a report on a snapshot uses them.
class RollupsAt : public engine::UseMemory {
 public:
  // `rollups` must outlive the object.
  RollupsAt(Rollups& rollups, Revision revision) : rollups_(rollups), revision_(revision) {}

  std::optional<engine::UseCell> Find(const std::string& asset, const Interval& month) override {
    return rollups_.Find(asset, month, revision_);
  }
  void Keep(const std::string& asset, const Interval& month, const Interval& depends_on,
            const std::set<std::string>& related, const engine::UseCell& cell) override {
    rollups_.Keep(asset, month, depends_on, related, revision_, cell);
  }

 private:
  Rollups& rollups_;
  const Revision revision_;
};

}  // namespace labslot::runtime

#endif  // LABSLOT_DAEMON_RUNTIME_ROLLUPS_H_
