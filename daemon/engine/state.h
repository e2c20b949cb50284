#ifndef LABSLOT_DAEMON_ENGINE_STATE_H_
#define LABSLOT_DAEMON_ENGINE_STATE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/capacity.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/ledger.h"
#include "daemon/engine/parties.h"
#include "daemon/engine/reaches.h"
#include "daemon/engine/rule_book.h"
#include "daemon/engine/timeline.h"
#include "daemon/engine/unit_book.h"

namespace labslot::engine {

// What falls due by the clock, by time: holds, requests, offers and waits that run
// out, and slots that are lost if nobody comes.
using Dues = absl::btree_set<std::pair<Instant, ReservationId>>;

// What somebody asks of the units of a pool, and which ones he has; both until he leaves.
struct UnitNeed {
  std::vector<std::string> units;
  Labels labels;
  Instant until = 0;
};
UnitNeed UnitNeedOf(const Occupancy& occupancy);
using UnitNeeds = absl::flat_hash_map<ReservationId, UnitNeed>;

// What decisions are made from: the catalogue, and the timelines of live and
// future occupancies. The fold of all events: it changes through Apply, Load
// and Forget alone. Not thread-safe.
class State {
 public:
  State() = default;
  // One with nothing but records.
  explicit State(Catalogue catalogue)
      : catalogue_(std::make_shared<Catalogue>(std::move(catalogue))) {}

  // Revision of the last event applied.
  Revision head() const { return head_; }
  // Time of the last event applied; time never runs backwards behind it.
  Instant last_time() const { return last_time_; }

  const Catalogue& catalogue() const { return *catalogue_; }

  // The catalogue as it is now, for other threads: it does not change any more.
  std::shared_ptr<const Catalogue> ShareCatalogue() const;

  // How far occupancies reach, those that are over included. Likewise.
  std::shared_ptr<const Reaches> ShareReaches() const { return reaches_; }

  // The timeline of an asset; an empty one if nothing occupies it.
  const Timeline& timeline(absl::string_view asset) const;

  // Who has what is on the timelines.
  const Parties& parties() const { return parties_; }

  // The visits of a mobile asset; an empty one if it makes none.
  const Itinerary& itinerary(absl::string_view asset) const;

  // The requests for an asset that do not block their slot.
  const Timeline& requests(absl::string_view asset) const;

  // Who waits for the asset, in the order of arrival.
  const absl::btree_set<ReservationId>& waiting(absl::string_view asset) const;
  using WaitLists = absl::flat_hash_map<std::string, absl::btree_set<ReservationId>>;
  const WaitLists& all_waiting() const { return waiting_; }
  bool has_waiting() const { return !waiting_.empty(); }
  // Those who wait and named other items that will do.
  const absl::btree_set<ReservationId>& waiting_with_choices() const {
    return waiting_with_choices_;
  }

  // Who has something of the asset in use, beyond the end of the run perhaps.
  const absl::btree_set<ReservationId>& in_use(absl::string_view asset) const;

  // What those who block the asset ask of its units, or have of them, by reservation;
  // whoever would take any unit is left out.
  const UnitNeeds& unit_needs(absl::string_view asset) const;

  // The uses about which something is not clear.
  const absl::btree_set<ReservationId>& problems() const { return problems_; }

  const Dues& dues() const { return dues_; }

  // The rules as data that can hold for bookings of an asset.
  const AssetRules& rules(const Asset& asset) const { return rules_.For(catalogue(), asset); }
  // Also for const states: what it keeps follows from the catalogue.
  RuleBook& rule_book() const { return rules_; }

  // Likewise: how much of assets there is.
  CapacityBook& capacity_book() const { return capacities_; }

  // Likewise: how units that differ can be handed out.
  UnitBook& unit_book() const { return units_; }

  // What quotas count, and who has what when. Stale after a change of the
  // catalogue that changes what is counted: nothing may be decided then before
  // everything was counted again.
  const Ledger& ledger() const { return ledger_; }
  bool ledger_is_stale() const { return ledger_is_stale_; }

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
  // Adds what the occupancies of one who waits do not say: whether other items will do.
  void LoadChoices(const Reservation& waiting);
  // One that is over: only where a mobile asset was, how far it reached, and what is not
  // clear, is kept of it.
  void LoadPastOccupancy(const Occupancy& occupancy);
  void FinishLoad(Revision head, Instant last_time, Instant forgotten_before);

  // Begins a new ledger for the catalogue as it is. Count then takes all
  // occupancies whose run ended behind `last_time() - ledger().memory()`, in any
  // state and order; what LoadOccupancy takes is not counted by itself.
  void BeginLedger();
  void Count(const Occupancy& occupancy);

  // Forgets occupancies that ended at or before `instant`.
  void ForgetBefore(Instant instant);

 private:
  friend class Trial;

  Catalogue& OwnCatalogue();
  void Reach(const Occupancy& occupancy);
  void ChangeRecord(const Resource* before, const Resource* after);
  void Occupy(const Reservation& reservation);
  void Vacate(const Reservation& reservation);
  void VacateAsset(const Occupancy& occupancy);

  Revision head_ = 0;
  Instant last_time_ = 0;
  Instant forgotten_before_ = 0;
  // Copied before it changes if somebody else holds it.
  std::shared_ptr<Catalogue> catalogue_ = std::make_shared<Catalogue>();
  std::shared_ptr<Reaches> reaches_ = std::make_shared<Reaches>();  // likewise
  absl::flat_hash_map<std::string, Timeline> timelines_;
  absl::flat_hash_map<std::string, Timeline> requests_;
  Parties parties_;
  absl::flat_hash_map<std::string, Itinerary> itineraries_;
  WaitLists waiting_;
  absl::btree_set<ReservationId> waiting_with_choices_;
  absl::flat_hash_map<std::string, absl::btree_set<ReservationId>> in_use_;
  absl::flat_hash_map<std::string, UnitNeeds> unit_needs_;
  absl::btree_set<ReservationId> problems_;
  Dues dues_;
  mutable RuleBook rules_;
  mutable CapacityBook capacities_;
  mutable UnitBook units_;
  Ledger ledger_{Catalogue()};
  bool ledger_is_stale_ = false;
};

// Changes that are made on a state to see what comes of them, and taken back in
// the end, latest first.
class Trial {
 public:
  explicit Trial(State& state) : state_(state), head_(state.head_), last_time_(state.last_time_) {}
  ~Trial();
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  // As State::Apply.
  void Apply(const Event& event, const Resource* before);

  const State& state() const { return state_; }

 private:
  State& state_;
  const Revision head_;
  const Instant last_time_;
  std::vector<std::pair<Event, std::optional<Resource>>> done_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_STATE_H_
