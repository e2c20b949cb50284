#ifndef LABSLOT_DAEMON_DOMAIN_RESERVATION_H_
#define LABSLOT_DAEMON_DOMAIN_RESERVATION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"
#include "daemon/domain/rates.h"
#include "daemon/domain/rule.h"

namespace labslot {

// The number in `reservations/1042`: the revision of the event that created
// it, hence unique, never used again, and rising with time.
using ReservationId = int64_t;

// The number in `series/1041`, made like that of a reservation.
using SeriesId = int64_t;

enum class ReservationState {
  kHeld = 1,
  kPending = 2,
  kConfirmed = 3,
  kCheckedIn = 4,
  kCompleted = 5,
  kWaitlisted = 6,
  kOffered = 7,
  kDisplaced = 8,
  kRejected = 9,
  kCancelled = 10,
  kExpired = 11,
  kNoShow = 12,
};

// What is not clear about a use. Numbers are those of the API.
enum class Problem { kNone = 0, kForgottenCheckOut = 1 };

// How access was given. Numbers are those of the API.
enum class AccessMode { kUnspecified = 0, kExcellence = 1, kMarket = 2, kWide = 3 };

// One asset of a reservation. Set-up and tear-down are those of the asset at
// the time of booking, so that a later change of the asset never makes two
// granted reservations overlap; so is the rate.
struct ReservationItem {
  std::string asset;
  int32_t quantity = 1;
  Seconds set_up = 0;
  Seconds tear_down = 0;
  std::vector<std::string> units = {};  // of a pool that names them, once checked in
  Rate rate = {};
  std::map<std::string, std::string> unit_labels = {};  // only units with all of these will do

  friend bool operator==(const ReservationItem&, const ReservationItem&) = default;
};

enum class NoteKind {
  kWarning = 1,
  kNeedsApproval = 2,
  kOverridden = 3,
};

// What a rule had to say about a reservation that was granted all the same:
// its decision trail.
struct Note {
  NoteKind kind = NoteKind::kWarning;
  Rule rule = Rule::kCapacityExceeded;
  std::string source;  // `policies/x`, `quotas/x`, or empty
  std::string asset;   // id, or empty
  std::string message;
  std::string settled_by;  // user id of who approved or overrode it, or empty
  friend bool operator==(const Note&, const Note&) = default;
};

// True if the note demands an approval that nobody gave yet.
inline bool IsOpenRequest(const Note& note) {
  return note.kind == NoteKind::kNeedsApproval && note.settled_by.empty();
}

// A part of a reservation that was given back before the rest.
struct Return {
  ReservationItem item;  // what it was, with the quantity given back
  Instant time = 0;
  friend bool operator==(const Return&, const Return&) = default;
};

// What happened to a reservation in the end. Times of use are the account; what
// was granted, and what is free for others, do not depend on them.
struct Use {
  Instant check_in = 0;   // 0: nobody came yet
  Instant check_out = 0;  // 0: not over
  Instant freed = 0;      // its slot is free from then on, tear-down not counted; 0: at the end
  Instant close_by = 0;   // overdue: the clock closes it then; 0: not overdue
  Problem problem = Problem::kNone;
  friend bool operator==(const Use&, const Use&) = default;
};

// Another way to fulfil a request. What is empty is as the reservation says.
struct Choice {
  std::vector<ReservationItem> items;
  Interval interval;
  friend bool operator==(const Choice&, const Choice&) = default;
};

// See the API's Reservation for the meaning of each field.
struct Reservation {
  ReservationId id = 0;
  std::string display_name;
  std::vector<ReservationItem> items;
  Interval interval;  // the run
  std::string site;
  std::string user;
  std::string organisation;
  ReservationState state = ReservationState::kConfirmed;
  // Of kHeld, kPending, kOffered, kWaitlisted and kDisplaced, else 0.
  Instant hold_expire_time = 0;
  std::string purpose;
  std::string project;
  int32_t priority = 0;
  ActivityClass activity_class = ActivityClass::kUnspecified;
  int32_t attendees = 0;
  bool confidential = false;
  std::map<std::string, std::string> labels;
  std::string state_reason;
  SeriesId series = 0;        // 0: none
  absl::CivilDay occurrence;  // of a series: its day, whatever became of it
  std::vector<Note> notes;
  bool leaves_slot_free = false;  // of kPending: does not block
  Instant check_in_by = 0;        // of kConfirmed: lost if not used by then; 0: never
  Interval window;                // where the run may lie instead; empty: nowhere else
  std::vector<Choice> choices;
  bool like_assets = false;
  bool firm = false;
  std::string displaced_by;  // name of a reservation or an outage, or empty
  std::string round;         // id, or empty
  int64_t value = 0;         // in its round; 0: WorthOf says it
  AccessMode access_mode = AccessMode::kUnspecified;
  std::string on_behalf_of;  // organisation id, or empty
  std::string funding;
  std::string activity_reason;
  std::vector<std::string> rule_sets;  // of funding, that held when it was classed
  Use use;
  std::vector<Return> returns;
  Instant create_time = 0;
  Instant update_time = 0;
  int64_t revision = 0;
  friend bool operator==(const Reservation&, const Reservation&) = default;
};

// True of a request that awaits the outcome of its round: it blocks and counts for
// nothing until then.
bool Competes(const Reservation& reservation);

// What an item occupies of its asset: set-up + run + tear-down.
inline Interval OccupancyOf(const Reservation& reservation, const ReservationItem& item) {
  return reservation.interval.Widened(item.set_up, item.tear_down);
}

// True in the states that occupy the slot.
bool IsBlocking(ReservationState state);

// True if the reservation occupies its slot.
inline bool Blocks(const Reservation& reservation) {
  return IsBlocking(reservation.state) && !reservation.leaves_slot_free;
}

// What the clock goes by.
struct Deadlines {
  Instant hold_expire_time = 0;
  Instant check_in_by = 0;
  Instant end = 0;  // of the run
  Instant close_by = 0;
};

// When the clock looks after the reservation, if it does: a hold, a request, an
// offer or a wait runs out, nobody came, or nobody checked out.
std::optional<Instant> DueTime(ReservationState state, const Deadlines& deadlines);
std::optional<Instant> DueTime(const Reservation& reservation);

// True of method development, which SEMI E10 does not count as production.
bool IsEngineering(const Reservation& reservation);

// True in the states that stand on the wait list.
inline bool Waits(ReservationState state) {
  return state == ReservationState::kWaitlisted || state == ReservationState::kDisplaced;
}

// True in the states from which no way leads on.
bool IsFinal(ReservationState state);

// True if the life cycle has a transition between the two.
bool MayBecome(ReservationState from, ReservationState to);

// The word for people, such as `confirmed`.
absl::string_view StateWord(ReservationState state);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_RESERVATION_H_
