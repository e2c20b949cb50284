#ifndef LABSLOT_TESTS_SUPPORT_SCRIPT_H_
#define LABSLOT_TESTS_SUPPORT_SCRIPT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/world.h"

namespace labslot::support {

// Runs a table of requests, one line each, against a world, and returns the
// lines whose outcome is not the one written behind the arrow. Empty lines and
// lines that begin with # are skipped.
//
//   r1: book rig*2, oven @ mon 9:00-10:30 for bob of acme at gent hold 900 -> ok
//   move r1 @ mon 10:00-11:00                        -> ok
//   items r1 rig*3                                   -> quantity_above_capacity rig
//   cancel r1 by bob                                 -> not_found
//   confirm r1 | expire r1 | checkin r1              -> ok
//   approve r1 by mia | reject r1 by mia             -> ok
//   now mon 9:30
//
//   accept r1 | wake                                 -> ok
//   see r1                                           -> offered mon 09:00-10:00 until sun 13:00
//
//   where r1                                         -> press confirmed mon 09:00-12:00
//   checkin r1 units rigs=rig-1+rig-2                -> ok
//   r9: book rigs*2[eds+hot] @ mon 9:00-12:00        -> no_fitting_unit rigs [r1]
//   outage o1 rigs*2 @ mon 9:00-12:00 planned yes    -> ok: r1 moved, r2 wait-listed
//   mend o1 @ mon 9:00-10:00 | mend o1               -> ok: r1 moved, r2 wait-listed
//   checkout r1 parts rigs*2+oven units rig-1+rig-2  -> ok
//   clock mon 12:00
//   use r1                                           -> checked in, in mon 09:00, rigs*2 back mon
//   10:00, overdue until mon 15:00
//
// `clock` sets the time as `now` does and ends what is due; `use` tells what happened to a
// reservation: `in`, `back`, `out`, `freed`, `overdue until`, `forgotten`, `warned`.
// An outage has `open yes`, `units rig-1+rig-2` and `by`; its outcome are its hits so
// far. `mend` gives it another interval, or takes it back. `wake` offers what is free to those who
// wait, as the daemon does after a change of records. `book` words after the time, in any order:
// `by` who asks (else ada), `for` the user, `of` the organisation, `at` the site, `hold` seconds,
// `people` n, `purpose`, `project`, `class` (education or rental), `because` to override rules,
// `wait yes`, `displace yes`, `nearest yes`, `within mon` or `within mon..wed` (the window), `or
// press` (another choice), `like yes`, `firm yes`, `priority` n, `round` and `value`. What is
// granted is `ok`, `pending` or `wait-listed`, then `, warned RULE` and
// `, overrode RULE` for each such note.
// A refusal is the list of its rules with asset and conflicts:
//   capacity_exceeded rig [r1 r2]; outside_opening_hours oven
// A conflict that is masked shows as `?`. Other errors are one word, with the
// fields of `invalid`.
class Script {
 public:
  // Spans are read in `zone`.
  explicit Script(World& world, std::string zone = "Europe/Brussels")
      : world_(world), zone_(std::move(zone)) {}

  // The lines that came out otherwise, each with what came out; empty if all
  // is as written.
  std::vector<std::string> Run(absl::string_view table);

  ReservationId id(const std::string& label) const { return ids_.at(label); }

 private:
  std::string Outcome(absl::string_view request);
  std::string Book(const std::string& label, absl::string_view text);
  std::string Change(const std::string& verb, absl::string_view text);
  std::string TakeOut(absl::string_view text);
  std::string Mend(absl::string_view text);
  std::string HitsOf(const Result<engine::Decision>& decided) const;
  std::string Clock(Instant instant) const;
  std::string Seen(const Reservation& reservation) const;
  std::string UseOf(const Reservation& reservation) const;
  std::string Word(const Error& error) const;
  std::string Word(const Reservation& granted) const;
  std::string LabelOf(ReservationId id) const;
  ReservationId IdOf(const std::string& label) const;

  World& world_;
  std::string zone_;
  std::map<std::string, ReservationId> ids_;
};

// The word of a rule, such as `capacity_exceeded`.
std::string RuleWord(Rule rule);

// The word of an error, such as `not_found`; a refusal is `refused`.
std::string ErrorWord(ErrorKind kind);

}  // namespace labslot::support

#endif  // LABSLOT_TESTS_SUPPORT_SCRIPT_H_
