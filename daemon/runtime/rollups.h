#ifndef LABSLOT_DAEMON_RUNTIME_ROLLUPS_H_
#define LABSLOT_DAEMON_RUNTIME_ROLLUPS_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "daemon/base/mutex.h"
#include "daemon/domain/refused_request.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/use_report.h"

namespace labslot::runtime {

// What reports found of months that are over or to come, so that the next one need not
// read their reservations again. Each commit that changes what was or will be used takes
// away what it makes wrong; what is left is what a report would find. Thread-safe.
class Rollups {
 public:
  // How much was noted so far. With a snapshot that the thread that commits takes now, it
  // tells what the snapshot shows.
  using Mark = int64_t;
  Mark mark() const;

  // Notes a change that was committed. Called by the thread that commits, before
  // anybody can take a snapshot that shows it.
  void Note(const engine::Change& change);

  // Likewise what was refused, before or behind its commit.
  void Note(const RefusedRequest& refused);

  // Visits what is known of parts of months, by start, and holds for a snapshot of the
  // mark.
  void Visit(const std::string& asset, absl::Span<const engine::MonthPart> parts, Mark mark,
             const engine::UseMemory::Visitor& visitor) const;

  // Keeps what was read from a snapshot of the mark, unless something of it has changed
  // since, or kMost are kept.
  void Keep(const std::string& asset, const engine::MonthPart& part, const Interval& depends_on,
            const std::set<std::string>& related, Mark mark, const engine::UseCell& cell);

  size_t size() const;

  // About 300 bytes each.
  static constexpr size_t kMost = 400000;

 private:
  struct Entry {
    engine::MonthPart part;
    Interval depends_on;
    Mark mark = 0;
    engine::UseCell cell;
  };
  struct OfAsset {
    std::vector<Entry> parts;          // by start; none overlap
    std::set<std::string> dependants;  // assets whose months depend on it
    Mark last_change = 0;
  };

  void Touch(const std::string& asset, const Interval& touched)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TouchReservation(const Reservation& reservation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetWhatIsToCome() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  template <typename IsWrong>
  void Drop(OfAsset& of_asset, const IsWrong& is_wrong) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Mark LastChange(const std::string& asset) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, OfAsset> assets_ ABSL_GUARDED_BY(mutex_);
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  Mark mark_ ABSL_GUARDED_BY(mutex_) = 0;
  Mark last_change_of_records_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The rollups as a report on a snapshot uses them.
class RollupsAt : public engine::UseMemory {
 public:
  // `rollups` must outlive the object.
  RollupsAt(Rollups& rollups, Rollups::Mark mark) : rollups_(rollups), mark_(mark) {}

  void Visit(const std::string& asset, absl::Span<const engine::MonthPart> parts,
             const Visitor& visitor) override {
    rollups_.Visit(asset, parts, mark_, visitor);
  }
  void Keep(const std::string& asset, const engine::MonthPart& part, const Interval& depends_on,
            const std::set<std::string>& related, const engine::UseCell& cell) override {
    rollups_.Keep(asset, part, depends_on, related, mark_, cell);
  }

 private:
  Rollups& rollups_;
  const Rollups::Mark mark_;
};

}  // namespace labslot::runtime

#endif  // LABSLOT_DAEMON_RUNTIME_ROLLUPS_H_
