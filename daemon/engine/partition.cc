#include "daemon/engine/partition.h"

#include <algorithm>
#include <utility>

namespace labslot::engine {
namespace {

// States that reservations, ways and outages claim; what is left of a unit is closed,
// blocked or available.
constexpr size_t kClaimable = static_cast<size_t>(UseState::kClosed);

// Used time is of four kinds, by what is to be told of it.
constexpr size_t kUsedKinds = 4;

size_t SlotOf(const Claim& claim) {
  if (claim.state != UseState::kUsed) return static_cast<size_t>(claim.state) + kUsedKinds - 1;
  return (claim.assumed ? 1U : 0U) + (claim.engineering ? 2U : 0U);
}
constexpr size_t kSlots = kClaimable + kUsedKinds - 1;

UseState StateOf(size_t slot) {
  return slot < kUsedKinds ? UseState::kUsed : static_cast<UseState>(slot - kUsedKinds + 1);
}

bool IsOutage(UseState state) {
  return state == UseState::kUnplannedOutage || state == UseState::kPlannedOutage;
}

// Reserved, and not freed for another.
bool IsReserved(UseState state) {
  return state == UseState::kUsed || state == UseState::kBooked || state == UseState::kIdle ||
         state == UseState::kNoShow;
}

// What changes at an instant.
struct Turn {
  Instant at = 0;
  int32_t quantity = 0;
  int32_t group = 0;
  uint8_t slot = 0;
};
constexpr uint8_t kCapacitySlot = kSlots;
constexpr uint8_t kOpenSlot = kSlots + 1;
constexpr uint8_t kBlockedSlot = kSlots + 2;
constexpr uint8_t kMachineSlots = kSlots + 3;  // and one for each state

void AddTurns(const Interval& interval, int32_t quantity, int32_t group, size_t slot,
              std::vector<Turn>& turns) {
  if (interval.empty() || quantity == 0) return;
  turns.push_back({interval.start, quantity, group, static_cast<uint8_t>(slot)});
  turns.push_back({interval.end, -quantity, group, static_cast<uint8_t>(slot)});
}

std::vector<Turn> TurnsOf(const AssetUse& use) {
  std::vector<Turn> turns;
  turns.reserve(
      2 * (use.claims.size() + use.machines.size() + use.open.size() + use.blocked.size() + 1));
  for (const Quantity& span : use.capacity) {
    AddTurns(span.interval, span.quantity, 0, kCapacitySlot, turns);
  }
  for (const Interval& span : use.open) AddTurns(span, 1, 0, kOpenSlot, turns);
  for (const Interval& span : use.blocked) AddTurns(span, 1, 0, kBlockedSlot, turns);
  for (const MachineTime& machine : use.machines) {
    AddTurns(machine.interval, 1, 0, kMachineSlots + static_cast<size_t>(machine.state), turns);
  }
  for (const Claim& claim : use.claims) {
    AddTurns(claim.interval, claim.quantity, claim.group, SlotOf(claim), turns);
  }
  std::sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.at < b.at; });
  return turns;
}

// What the machines say at an instant, as far as it is not accounted for.
struct Machines {
  int32_t running = 0;
  int32_t idle = 0;
  int32_t down = 0;
};

int32_t TakeFrom(int32_t& from, int32_t most) {
  const int32_t taken = std::clamp(most, 0, std::max(from, 0));
  from -= taken;
  return taken;
}

// Who claims what at an instant.
class Claims {
 public:
  void Take(const Turn& turn) {
    if (turn.slot == kCapacitySlot) {
      capacity_ += turn.quantity;
    } else if (turn.slot == kOpenSlot) {
      open_ += turn.quantity;
    } else if (turn.slot == kBlockedSlot) {
      blocked_ += turn.quantity;
    } else if (turn.slot >= kMachineSlots) {
      CountOf(static_cast<MachineState>(turn.slot - kMachineSlots)) += turn.quantity;
    } else {
      Add(turn, by_slot_[turn.slot]);
    }
  }

  // Accounts for `length` seconds in which nothing changes. `rows` are those of the
  // groups.
  void Account(Seconds length, std::vector<UseSeconds>& rows) const {
    Machines machines = machines_;
    int32_t silent = capacity_ - machines.running - machines.idle - machines.down;
    int32_t left = capacity_;
    for (size_t slot = 0; slot < kSlots; ++slot) {
      const UseState state = StateOf(slot);
      if (IsOutage(state) && open_ == 0) continue;
      for (const auto& [group, quantity] : by_slot_[slot]) {
        const int32_t taken = TakeFrom(left, quantity);
        UseSeconds& row = rows[static_cast<size_t>(group)];
        if (state == UseState::kUsed) {
          AccountForUse(slot, taken, length, machines, silent, row, rows[0]);
        } else {
          AddTo(row, state, taken * length);
        }
        // Whoever took it out of service and the machine speak of the same.
        if (state == UseState::kUnplannedOutage) TakeFrom(machines.down, taken);
      }
      if (state != UseState::kUnplannedOutage) continue;
      AddTo(rows[0], state, TakeFrom(left, machines.down) * length);
    }
    const UseState rest = open_ == 0     ? UseState::kClosed
                          : blocked_ > 0 ? UseState::kBlocked
                                         : UseState::kAvailable;
    AddTo(rows[0], rest, left * length);
    if (open_ > 0) rows[0].open += capacity_ * length;
  }

 private:
  // By group, in order, so that who loses where there is not enough is always the same.
  using ByGroup = std::vector<std::pair<int32_t, int32_t>>;

  static void Add(const Turn& turn, ByGroup& quantities) {
    const auto place = std::lower_bound(quantities.begin(), quantities.end(), turn.group,
                                        [](const std::pair<int32_t, int32_t>& entry,
                                           int32_t group) { return entry.first < group; });
    if (place == quantities.end() || place->first != turn.group) {
      quantities.insert(place, {turn.group, turn.quantity});
    } else if ((place->second += turn.quantity) == 0) {
      quantities.erase(place);
    }
  }

  // What became of `quantity` units that somebody had, by what the machines say.
  void AccountForUse(size_t slot, int32_t quantity, Seconds length, Machines& machines,
                     int32_t& silent, UseSeconds& row, UseSeconds& nobody) const {
    const int32_t running = TakeFrom(machines.running, quantity);
    const int32_t unknown = TakeFrom(silent, quantity - running);
    const int32_t told = quantity - running - unknown;
    const int32_t down = open_ > 0 ? TakeFrom(machines.down, told) : 0;
    AddTo(row, UseState::kUsed, (running + unknown) * length);
    row.measured += running * length;
    if ((slot & 1U) != 0) row.assumed += unknown * length;
    if ((slot & 2U) != 0) row.engineering += (running + unknown) * length;
    AddTo(row, UseState::kIdle, (told - down) * length);
    AddTo(nobody, UseState::kUnplannedOutage, down * length);
  }

  void AddTo(UseSeconds& row, UseState state, Seconds seconds) const {
    row[state] += seconds;
    row.total += seconds;
    if (open_ > 0 && IsReserved(state)) row.reserved_open += seconds;
  }

  int32_t& CountOf(MachineState state) {
    return state == MachineState::kRunning ? machines_.running
           : state == MachineState::kIdle  ? machines_.idle
                                           : machines_.down;
  }

  int32_t capacity_ = 0;
  int32_t open_ = 0;
  int32_t blocked_ = 0;
  Machines machines_;
  std::array<ByGroup, kSlots> by_slot_;
};

// Adds claims of one reservation.
class Claimant {
 public:
  Claimant(const Occupancy& occupancy, Instant now, int32_t group, std::vector<Claim>& claims)
      : occupancy_(occupancy), now_(now), group_(group), claims_(claims) {}

  // What becomes of `quantity` units that were given back at `check_out`, if they
  // were.
  void Run(int32_t quantity, Instant check_out) {
    const Interval& run = occupancy_.run;
    switch (occupancy_.state) {
      case ReservationState::kHeld:
      case ReservationState::kPending:
      case ReservationState::kOffered:
        if (occupancy_.blocks() && !occupancy_.competes) Add(run, UseState::kHeld, quantity);
        break;
      case ReservationState::kConfirmed:
        // With a rule that asks for the check-in, nobody is there before it.
        Add(Past(run), occupancy_.check_in_by != 0 ? UseState::kIdle : UseState::kUsed, quantity,
            occupancy_.check_in_by == 0);
        Add(Future(run), UseState::kBooked, quantity);
        break;
      case ReservationState::kCheckedIn:
        Used(quantity, check_out != 0 ? check_out : InUseUntil(), check_out);
        if (check_out == 0) Add(Future(run), UseState::kBooked, quantity);
        break;
      case ReservationState::kCompleted:
        if (occupancy_.check_in == 0) {
          Add(run, UseState::kUsed, quantity, true);
        } else {
          Used(quantity, check_out, check_out);
        }
        break;
      case ReservationState::kNoShow:
        Add(Past(run), UseState::kNoShow, quantity);
        break;
      default:
        break;
    }
  }

  // Set-up, and tear-down.
  void Changeover(int32_t quantity, Instant check_out) {
    if (!happens() && occupancy_.state != ReservationState::kNoShow) return;
    const Instant start = occupancy_.run.start;
    Add({start - occupancy_.set_up, start}, UseState::kChangeover, quantity);
    Add(TearDown(check_out), UseState::kChangeover, quantity);
  }

 private:
  Interval Past(const Interval& interval) const {
    return {interval.start, std::clamp(now_, interval.start, interval.end)};
  }
  Interval Future(const Interval& interval) const {
    return {std::clamp(now_, interval.start, interval.end), interval.end};
  }

  // Now, but not beyond the time at which the clock closes it.
  Instant InUseUntil() const {
    return occupancy_.close_by == 0 ? now_ : std::min(now_, occupancy_.close_by);
  }

  bool happens() const { return occupancy_.blocks() && !occupancy_.competes; }

  // Behind the end of the use, or of what was reserved; not while it is still in use.
  Interval TearDown(Instant check_out) const {
    if (!happens()) return {};
    const Interval& run = occupancy_.run;
    const Instant back = check_out != 0 ? std::max(run.start, check_out) : run.end;
    const bool in_use = check_out == 0 && occupancy_.state == ReservationState::kCheckedIn;
    return {in_use ? std::max(back, now_) : back, back + occupancy_.tear_down};
  }

  // From the check-in to `until`, with what was reserved around it. What was given
  // back and is still to come is free. No unit is in two states at once.
  void Used(int32_t quantity, Instant until, Instant check_out) {
    const Interval& run = occupancy_.run;
    const Instant begin = std::clamp(std::min(occupancy_.check_in, until), run.start, run.end);
    const Instant end = std::clamp(until, begin, run.end);
    Add({run.start, begin}, UseState::kIdle, quantity);
    Add({begin, end}, UseState::kUsed, quantity);
    const Instant idle_from = check_out != 0 ? std::max(end, TearDown(check_out).end) : end;
    Add(Past({std::min(idle_from, run.end), run.end}), UseState::kIdle, quantity);
    Add({std::max(run.end, occupancy_.check_in), until}, UseState::kOverrun, quantity);
  }

  void Add(const Interval& interval, UseState state, int32_t quantity, bool assumed = false) {
    if (interval.empty() || quantity == 0) return;
    claims_.push_back({interval, state, quantity, group_, assumed,
                       state == UseState::kUsed && occupancy_.engineering});
  }

  const Occupancy& occupancy_;
  const Instant now_;
  const int32_t group_;
  std::vector<Claim>& claims_;
};

}  // namespace

UseSeconds& UseSeconds::operator+=(const UseSeconds& other) {
  for (size_t i = 0; i < kUseStates; ++i) by_state[i] += other.by_state[i];
  assumed += other.assumed;
  measured += other.measured;
  engineering += other.engineering;
  reserved_open += other.reserved_open;
  open += other.open;
  total += other.total;
  return *this;
}

void AddClaims(const Occupancy& occupancy, Instant now, int32_t group, std::vector<Claim>& claims) {
  Claimant claimant(occupancy, now, group, claims);
  claimant.Run(occupancy.quantity, occupancy.check_out);
  claimant.Changeover(occupancy.quantity, occupancy.check_out);
  for (const ReturnedPart& part : occupancy.returns) {
    claimant.Run(part.quantity, part.time);
    claimant.Changeover(part.quantity, part.time);
  }
}

void Partition(
    const AssetUse& use, const std::vector<Interval>& buckets,
    const std::function<void(size_t bucket, const std::vector<UseSeconds>& rows)>& visitor) {
  const std::vector<Turn> turns = TurnsOf(use);
  std::vector<UseSeconds> rows;
  Claims claims;
  size_t next = 0;
  for (size_t i = 0; i < buckets.size(); ++i) {
    const Interval& bucket = buckets[i];
    rows.assign(static_cast<size_t>(use.groups), UseSeconds());
    for (Instant at = bucket.start; at < bucket.end;) {
      for (; next < turns.size() && turns[next].at <= at; ++next) claims.Take(turns[next]);
      const Instant until = next < turns.size() ? std::min(turns[next].at, bucket.end) : bucket.end;
      claims.Account(until - at, rows);
      at = until;
    }
    visitor(i, rows);
  }
}

}  // namespace labslot::engine
