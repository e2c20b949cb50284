#ifndef LABSLOT_DAEMON_ENGINE_ITINERARY_H_
#define LABSLOT_DAEMON_ENGINE_ITINERARY_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// Where a mobile asset goes: its visits, and the ways between them, which follow
// from the visits.

// What a reservation has of a mobile asset, set-up and tear-down included.
struct Visit {
  ReservationId reservation = 0;
  Interval blocked;
  std::string site;
};

// The visit that an occupancy is: of a mobile asset, at a site, in a state in which
// it is there or is to be. Nothing if it is none.
std::optional<Visit> VisitOf(const Catalogue& catalogue, const Occupancy& occupancy);

// A way from one site to another, at a time.
struct Leg {
  std::string from;
  std::string to;
  Interval interval;  // rests included
  friend bool operator==(const Leg&, const Leg&) = default;
};

// The visits of one asset by start. They never overlap: a mobile asset has
// capacity 1. Not thread-safe.
class Itinerary {
 public:
  void Insert(Visit visit);
  void Erase(const Visit& visit);

  // The last visit that starts before `instant`, and the first that starts at or
  // after it, leaving the reservation `without` out of account. Null if there is
  // none.
  const Visit* LastBefore(Instant instant, ReservationId without = 0) const;
  const Visit* FirstFrom(Instant instant, ReservationId without = 0) const;

  // All, by start.
  std::vector<Visit> All() const;

  // Forgets what ended at or before `instant`, all but the last of it: from there
  // the next way leads on.
  void ForgetBefore(Instant instant);

  bool empty() const { return visits_.empty(); }

 private:
  absl::btree_map<std::pair<Instant, ReservationId>, Visit> visits_;
};

// How long a mobile asset takes from site to site. Refers to the catalogue. A site
// that is gone is no way off.
class Ways {
 public:
  Ways(const Catalogue& catalogue, const Asset& asset) : catalogue_(catalogue), asset_(asset) {}

  Seconds Between(const std::string& from, const std::string& to) const;
  Seconds FromHome(const std::string& to) const { return Between(asset_.site, to); }
  Seconds ToHome(const std::string& from) const { return Between(from, asset_.site); }

  // True if it is at home between two visits, one that ends at a site and one that
  // starts at another. Null: no next visit.
  bool GoesHomeBetween(const Visit& before, const Visit* after) const;

  // The earliest start of a visit at `to` with which it is at home between the
  // two; the greatest instant if there is none.
  Instant StartAfterHome(const Visit& before, const std::string& to) const;

  // The time from the end of a visit to the earliest start of another at `to`.
  Seconds NeededBetween(const std::string& from, const std::string& to) const;

  const Asset& asset() const { return asset_; }

 private:
  const Catalogue& catalogue_;
  const Asset& asset_;
};

// The ways between visits that are in order of start: to a visit as late as
// possible, home as soon as possible. Ways that take no time are left out. None
// overlaps a visit.
std::vector<Leg> LegsOf(const Ways& ways, const std::vector<Visit>& visits);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ITINERARY_H_
