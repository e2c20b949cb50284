#ifndef LABSLOT_DAEMON_ENGINE_STATE_H_
#define LABSLOT_DAEMON_ENGINE_STATE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/timeline.h"

namespace labslot::engine {

// Holds by time of expiry.
using Holds = absl::btree_set<std::pair<Instant, ReservationId>>;

// What decisions are made from: the catalogue, and the timelines of live and
// future occupancies. The fold of all events: it changes through Apply, Load
// and Forget alone. Not thread-safe.
class State {
 public:
  // Revision of the last event applied.
  Revision head() const { return head_; }
  // Time of the last event applied; time never runs backwards behind it.
  Instant last_time() const { return last_time_; }

  const Catalogue& catalogue() const { return *catalogue_; }

  // The catalogue as it is now, for other threads: it does not change any more.
  std::shared_ptr<const Catalogue> ShareCatalogue() const;

  // The timeline of an asset; an empty one if nothing occupies it.
  const Timeline& timeline(absl::string_view asset) const;

  const Holds& holds() const { return holds_; }

  // What ended at or before this instant may be missing from the timelines.
  Instant forgotten_before() const { return forgotten_before_; }

  // Items of reservations that are in the timelines.
  int64_t live_occupancy_count() const;

  // Applies an event. `before` is the same resource before it, null if new.
  void Apply(const Event& event, const Resource* before);

  // Takes the last event applied back, after a commit that did not happen.
  void Revert(const Event& event, const Resource* before);

  // The three that rebuild a state at start: records and blocking occupancies
  // of the store in any order, then the place in the log.
  void LoadRecord(const Resource& record);
  void LoadOccupancy(const Occupancy& occupancy);
  void FinishLoad(Revision head, Instant last_time, Instant forgotten_before);

  // Forgets occupancies that ended at or before `instant`.
  void ForgetBefore(Instant instant);

 private:
  Catalogue& OwnCatalogue();
  void Occupy(const Reservation& reservation);
  void Vacate(const Reservation& reservation);

  Revision head_ = 0;
  Instant last_time_ = 0;
  Instant forgotten_before_ = 0;
  // Copied before it changes if somebody else holds it.
  std::shared_ptr<Catalogue> catalogue_ = std::make_shared<Catalogue>();
  absl::flat_hash_map<std::string, Timeline> timelines_;
  Holds holds_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_STATE_H_
