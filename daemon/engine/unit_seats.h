#ifndef LABSLOT_DAEMON_ENGINE_UNIT_SEATS_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_SEATS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "daemon/engine/unit_fit.h"
#include "daemon/engine/unit_table.h"

namespace labslot::engine {

// A way to hand out the units of a pool to all who use it, by kinds of units, kept while
// they come and go: who has units by it proves that there are some for him, and one more
// is looked for a place around him only.
//
// Knows nothing of reservations, like unit_fit.h. Not thread-safe.
class UnitSeats {
 public:
  // Whoever has uses; all that he has go together.
  using Owner = int64_t;
  using Owners = absl::flat_hash_set<Owner>;

  struct OwnedUse {
    Owner owner = 0;
    UnitUse use;
    bool has_units = false;  // by the way that is kept
  };

  explicit UnitSeats(size_t units) : table_(units) {}

  // Adds a use that has no units yet.
  void Put(Owner owner, UnitUse use);

  // Takes away all that the owner has.
  void Remove(Owner owner);

  // Gives units to all who have none, from `now` on, as far as that can be without
  // leaving out anybody who has some. Forgets what was over before; time must not run
  // backwards.
  void Settle(Instant now);

  // True if somebody was left without units then for whom there may be some.
  bool has_unproven() const { return is_unproven_; }

  // When it was settled last; nothing is known about the time before.
  Instant settled_at() const { return settled_at_; }

  // Whether `more` can have units too, and with them all around the interval who have
  // none: beside those who have some, who may change those that they do not hold. Who is
  // among `without` is left out of account. As exact as SeatAll, but undecided also
  // where so many are around that limits::kMaxReseatingSteps do not do. `more` overlaps
  // the interval, and begins when it was settled or later.
  UnitFit FitWith(const Interval& around, const std::vector<UnitUse>& more,
                  const Owners& without) const;

  // Necessary for that: whether those of them who overlap the interval can have units by
  // themselves, beside what others hold.
  UnitFit FitAround(const Interval& around, const std::vector<UnitUse>& more,
                    const Owners& without) const;

  // The interval, as far as uses that are not bound, and overlap it, reach.
  Interval ReachAround(const Interval& interval) const;

  // The same with those who overlap that, and so on.
  Interval ChainAround(const Interval& interval) const;

  // The uses that overlap the interval, as far as they are still to come, whether they
  // have units or not; in no order.
  std::vector<OwnedUse> Overlapping(const Interval& interval) const;

  // Those of them that have no units.
  std::vector<OwnedUse> WithoutUnits(const Interval& interval) const;

  // The way that is kept, unit by unit: all who have units, from when it was settled on,
  // and which ones they could be. Takes a while.
  std::vector<std::pair<UnitUse, std::vector<size_t>>> Way() const;

  size_t size() const { return owned_; }

 private:
  using Place = UnitTable::Place;
  using Places = std::vector<Place>;
  using Kinds = std::vector<UnitTable::Kind>;
  using Marks = std::vector<bool>;
  // A search for units for some, beside all the others.
  class Search;

  Marks MarksOf(const Owners& owners) const;
  void Forget(Place place);
  void ForgetBefore();
  void JoinKinds();
  void TellApart(const std::vector<UnitUse>& uses) const;
  Kinds KindsBySought() const;
  Interval RestOf(Place place) const;
  void SeatWaiting(const Marks& is_urgent);
  // Who has to stand up for one who holds units joins `waiting`.
  void FindUnitsFor(Place place, Places& waiting);
  UnitFit GiveUnits(Place place);
  void MakeRoomFor(Place bound, Places& standing);
  void BeginAgain();
  void AddWithoutUnits(const Interval& interval, const Owners& without,
                       std::vector<UnitUse>& uses) const;
  void AddRest(Place place, const Interval& interval, std::vector<OwnedUse>& found) const;

  // Which units it tells apart is no part of what is known of them.
  mutable UnitTable table_;
  std::vector<Owner> owner_of_;  // by place
  Places waiting_;               // without units
  size_t owned_ = 0;
  absl::flat_hash_map<Owner, Places> by_owner_;
  std::map<UnitSet, size_t> asked_;  // how many ask for just these units
  Instant settled_at_ = 0;
  bool has_changed_ = false;  // since those who wait were tried
  bool is_unproven_ = false;
  size_t size_when_forgot_ = 64;  // before something is forgotten again
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_SEATS_H_
