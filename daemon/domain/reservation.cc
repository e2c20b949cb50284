#include "daemon/domain/reservation.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "absl/strings/match.h"

namespace labslot {
namespace {

using State = ReservationState;

// The whole life cycle: one row a state.
struct StateRow {
  State state;
  absl::string_view word;
  bool blocking;
  std::initializer_list<State> next;
};

// A state without successors is final.
const std::array<StateRow, 12>& LifeCycle() {
  static const std::array<StateRow, 12> rows = {{
      {State::kHeld,
       "held",
       true,
       {State::kPending, State::kConfirmed, State::kCancelled, State::kExpired, State::kDisplaced}},
      {State::kPending,
       "pending",
       true,
       {State::kConfirmed, State::kRejected, State::kCancelled, State::kExpired,
        State::kDisplaced}},
      {State::kConfirmed,
       "confirmed",
       true,
       {State::kPending, State::kCheckedIn, State::kCancelled, State::kNoShow, State::kDisplaced,
        State::kCompleted}},
      // Others never displace what is checked in; an outage does, before its start.
      {State::kCheckedIn, "checked in", true, {State::kCompleted, State::kDisplaced}},
      {State::kCompleted, "completed", false, {}},
      {State::kWaitlisted,
       "wait-listed",
       false,
       {State::kOffered, State::kConfirmed, State::kCancelled, State::kExpired}},
      {State::kOffered,
       "offered",
       true,
       {State::kConfirmed, State::kPending, State::kWaitlisted, State::kCancelled,
        State::kExpired}},
      {State::kDisplaced,
       "displaced",
       false,
       {State::kConfirmed, State::kPending, State::kCancelled, State::kExpired}},
      {State::kRejected, "rejected", false, {}},
      {State::kCancelled, "cancelled", false, {}},
      {State::kExpired, "expired", false, {}},
      {State::kNoShow, "no-show", false, {}},
  }};
  return rows;
}

const StateRow& RowOf(State state) { return LifeCycle()[static_cast<size_t>(state) - 1]; }

}  // namespace

bool Competes(const Reservation& reservation) {
  return !reservation.round.empty() && reservation.state == State::kPending &&
         std::none_of(reservation.notes.begin(), reservation.notes.end(), IsOpenRequest);
}

bool IsBlocking(ReservationState state) { return RowOf(state).blocking; }

bool IsFinal(ReservationState state) { return RowOf(state).next.size() == 0; }

bool MayBecome(ReservationState from, ReservationState to) {
  for (const State next : RowOf(from).next) {
    if (next == to) return true;
  }
  return false;
}

std::optional<Instant> DueTime(State state, const Deadlines& deadlines) {
  if (state == State::kHeld || state == State::kPending || state == State::kOffered ||
      Waits(state)) {
    return deadlines.hold_expire_time;
  }
  if (state == State::kConfirmed && deadlines.check_in_by != 0) return deadlines.check_in_by;
  if (state == State::kCheckedIn) {
    return deadlines.close_by != 0 ? deadlines.close_by : deadlines.end;
  }
  return std::nullopt;
}

std::optional<Instant> DueTime(const Reservation& reservation) {
  return DueTime(reservation.state, {reservation.hold_expire_time, reservation.check_in_by,
                                     reservation.interval.end, reservation.use.close_by});
}

bool IsEngineering(const Reservation& reservation) {
  return absl::StartsWithIgnoreCase(reservation.purpose, "method development");
}

absl::string_view StateWord(ReservationState state) { return RowOf(state).word; }

}  // namespace labslot
