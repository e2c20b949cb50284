#ifndef LABSLOT_DAEMON_ENGINE_UNIT_TABLE_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_TABLE_H_

#include <cstddef>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "daemon/engine/timeline.h"
#include "daemon/engine/unit_fit.h"

namespace labslot::engine {

// Who uses the units of a pool, and on units of which kinds he sits.
//
// Units of one kind are alike to everybody from now on, so no unit in particular has to
// be chosen: as long as at no instant more sit on a kind than it has units, they can be
// given some from left to right, whoever holds one now first (a colouring of an interval
// graph; source: Kolen et al., as in unit_fit.h). A unit that somebody holds who comes
// later must be kept for him, and is a kind by itself.
//
// A plain index: it knows no search. Not thread-safe.
class UnitTable {
 public:
  // Places are used again once they are dropped.
  using Place = size_t;
  using Kind = size_t;

  explicit UnitTable(size_t units);

  size_t units() const { return kind_of_.size(); }
  size_t kinds() const { return kinds_.size(); }
  size_t SizeOf(Kind kind) const { return kinds_[kind].units.size(); }
  Kind KindOf(size_t unit) const { return kind_of_[unit]; }
  bool WouldDo(Kind kind, const UnitSet& fitting) const {
    return fitting.Has(kinds_[kind].units.front());
  }

  Place Add(UnitUse use);
  // Of nobody who sits.
  void Drop(Place place);
  // One behind the last place there ever was.
  size_t places() const { return uses_.size(); }
  bool is_used(Place place) const { return uses_[place].use.count > 0; }
  const UnitUse& use(Place place) const { return uses_[place].use; }
  // Of each unit that he has, those that he holds first; empty if he does not sit.
  const std::vector<Kind>& kinds_of(Place place) const { return uses_[place].kinds; }

  // There must be room on each of the kinds, and nobody else may hold what he holds.
  void Sit(Place place, std::vector<Kind> kinds);
  void StandUp(Place place);

  // How many sit on units of the kind at most at any instant of the interval.
  size_t Peak(Kind kind, const Interval& interval) const {
    return static_cast<size_t>(kinds_[kind].load.Peak(interval));
  }

  // Visits the places of those who sit on units of the kind and overlap the interval, in
  // no order.
  template <typename Visitor>
  void VisitOn(Kind kind, const Interval& interval, Visitor visitor) const {
    for (const auto& [longest, by_start] : kinds_[kind].by_length) {
      auto it = by_start.lower_bound({interval.start - longest, 0});
      for (; it != by_start.end() && it->first < interval.end; ++it) {
        if (use(it->second).interval.end > interval.start) visitor(it->second);
      }
    }
  }

  // Visits the places of all who sit and hold the unit.
  template <typename Visitor>
  void VisitHolders(size_t unit, Visitor visitor) const {
    for (const Place place : holders_[unit]) visitor(place);
  }

  // The units that all who sit, on the kind or on any, can be given from `now` on; those
  // that are in `later` as late as can be.
  using Way = std::map<Place, std::vector<size_t>>;
  Way WayOn(Kind kind, const UnitSet& later, Instant now) const;
  Way WayOnAll(Instant now) const;

  // Tells the units of the set from all others, from `now` on. Cheap if it was done before.
  void TellApart(const UnitSet& set, Instant now);

  // Makes kinds as large as they can be where only these sets are told apart, of which
  // all are, and each of the units that are to be `alone`.
  void Join(const std::vector<UnitSet>& sets, const std::vector<bool>& alone);

 private:
  struct Entry {
    UnitUse use;
    std::vector<Kind> kinds;
  };
  struct KindOfUnits {
    std::vector<size_t> units;
    Timeline load;
    // By start, those who are no longer than the key, a power of two, and longer than
    // half of it: so nobody is overlooked who began long ago, and few are looked at twice.
    absl::btree_map<Seconds, absl::btree_set<std::pair<Instant, Place>>> by_length;
  };

  template <typename Visitor>
  void VisitLoads(Place place, Visitor visitor) const;
  // Makes a kind of those of its units that the set has.
  void Split(Kind kind, const UnitSet& set, Instant now);
  std::vector<Place> SittingOn(Kind kind) const;
  size_t SeatsOn(Kind kind, Place place) const;

  std::vector<Kind> kind_of_;  // by unit
  std::vector<KindOfUnits> kinds_;
  std::set<UnitSet> told_apart_;
  std::vector<Entry> uses_;  // by place
  std::vector<Place> unused_;
  std::vector<absl::btree_set<Place>> holders_;  // by unit
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_TABLE_H_
