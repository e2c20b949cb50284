#ifndef LABSLOT_DAEMON_ENGINE_PARTITION_H_
#define LABSLOT_DAEMON_ENGINE_PARTITION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/domain/machine_report.h"
#include "daemon/domain/occupancy.h"

namespace labslot::engine {

// Accounts for every second of every unit of an asset: each is in exactly one state.

// The states, in order of precedence: where several claim the same second of a unit,
// the first has it. Outages count in opening hours only; what is closed is closed
// whether or not it would work.
enum class UseState : uint8_t {
  kUsed,             // in use within what was reserved
  kOverrun,          // in use beyond the end of what was reserved
  kChangeover,       // set-up and tear-down
  kTravel,           // a mobile asset on its way
  kBooked,           // confirmed, to come
  kHeld,             // held, offered or awaiting approval
  kUnplannedOutage,  // out of service by a breakdown
  kPlannedOutage,
  kIdle,       // reserved, but nobody there: before the check-in, after the check-out
  kNoShow,     // reserved by somebody who never came
  kClosed,     // outside opening hours
  kBlocked,    // a related asset is in use
  kAvailable,  // none of these
};
inline constexpr size_t kUseStates = 13;

// What becomes of the parts of one group in one bucket: unit-seconds.
struct UseSeconds {
  std::array<Seconds, kUseStates> by_state = {};
  Seconds assumed = 0;        // of kUsed: nobody checked in, and no machine told
  Seconds measured = 0;       // of kUsed: the machine said that it ran
  Seconds engineering = 0;    // of kUsed: method development
  Seconds reserved_open = 0;  // reserved, used or not, in opening hours
  Seconds open = 0;           // opening hours x capacity; of all groups together
  Seconds total = 0;          // the sum of by_state

  Seconds& operator[](UseState state) { return by_state[static_cast<size_t>(state)]; }
  Seconds operator[](UseState state) const { return by_state[static_cast<size_t>(state)]; }
  UseSeconds& operator+=(const UseSeconds& other);
  friend bool operator==(const UseSeconds&, const UseSeconds&) = default;
};

// Somebody's claim on units of the asset.
struct Claim {
  Interval interval;
  UseState state = UseState::kUsed;
  int32_t quantity = 1;
  int32_t group = 0;
  bool assumed = false;
  bool engineering = false;
};

// A number of units that holds for a time.
struct Quantity {
  Interval interval;
  int32_t quantity = 0;
};

// A time in which one machine of the asset said what it did.
struct MachineTime {
  Interval interval;
  MachineState state = MachineState::kRunning;
};

// What is known of an asset in a period. Everything may reach beyond it.
struct AssetUse {
  std::vector<Quantity> capacity;  // while it exists, in order of time
  IntervalSet open;                // opening hours
  IntervalSet blocked;             // a related asset in use
  std::vector<Claim> claims;       // in any order; group 0 is nobody
  std::vector<MachineTime> machines;
  int32_t groups = 1;
};

// The claims of what a reservation has of an asset, as things are at `now`: what is
// before it has happened, what is behind it is to come. What was confirmed and needs
// no check-in counts as used when it is past.
void AddClaims(const Occupancy& occupancy, Instant now, int32_t group, std::vector<Claim>& claims);

// What machines say decides what use was: where one ran it is used, and measured; where
// one could have run it was idle; one that was broken is an unplanned outage in opening
// hours. The units in use are taken to be those that ran, then those that said nothing.
//
// Visits the buckets, which are in order and do not overlap, with the rows of all
// groups, by group. The open seconds are in the row of group 0 alone, so that a sum
// over the groups is right.
void Partition(
    const AssetUse& use, const std::vector<Interval>& buckets,
    const std::function<void(size_t bucket, const std::vector<UseSeconds>& rows)>& visitor);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PARTITION_H_
