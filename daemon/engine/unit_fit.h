#ifndef LABSLOT_DAEMON_ENGINE_UNIT_FIT_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_FIT_H_

#include <cstddef>
#include <vector>

#include "daemon/base/limits.h"
#include "daemon/domain/interval.h"
#include "daemon/engine/unit_set.h"

namespace labslot::engine {

// Whether everybody can have units of a pool whose units differ.
//
// Knows nothing of reservations, like packing.h.

// Somebody who needs units for all of an interval, the same ones from its start to its
// end.
struct UnitUse {
  Interval interval;
  size_t count = 1;          // those that it has included
  UnitSet fitting;           // would do
  std::vector<size_t> held;  // has already, whether they would do or not; at most `count`

  // True if nothing is open about it.
  bool is_bound() const { return held.size() == count; }
  friend bool operator==(const UnitUse&, const UnitUse&) = default;
};

enum class UnitFit {
  kFits,
  kDoesNotFit,
  kUndecided,  // the search was cut short
};

// A way to hand out units to everybody.
struct Seating {
  UnitFit fit = UnitFit::kUndecided;
  // Of each use; of no meaning unless all fit.
  std::vector<std::vector<size_t>> units;
};

// Goes through the uses by start and keeps all ways in which those who are there then
// can be seated; units that all uses see alike are not told apart. Exact, but where
// more than limits::kMaxSeatings ways have to be kept: then the ways that leave the
// most sought units free are, and what they allow still fits. Takes each step of a way
// off `steps` and is undecided when none are left. Two who hold the same unit at the
// same time do not fit. Safe to call from several threads at once.
//
// With units that are all alike this is the peak of the uses; with units that differ
// it is interval scheduling with eligibility, which is NP-hard in the number of kinds
// of units. Source: Kolen, Lenstra, Papadimitriou, Spieksma, "Interval scheduling: a
// survey", Naval Research Logistics 54, 2007.
Seating SeatAll(size_t units, const std::vector<UnitUse>& uses, size_t& steps);

// SeatAll without the way, and with as many steps as a plan may take.
UnitFit FitUnits(size_t units, const std::vector<UnitUse>& uses);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_FIT_H_
