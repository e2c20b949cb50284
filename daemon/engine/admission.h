#ifndef LABSLOT_DAEMON_ENGINE_ADMISSION_H_
#define LABSLOT_DAEMON_ENGINE_ADMISSION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/domain/refusal.h"
#include "daemon/domain/reservation.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/state.h"
#include "daemon/engine/used_part.h"

namespace labslot::engine {

// The rules of booking, one function each: those that always hold in
// standing_rules.cc and travel_rules.cc, those made as data in policy_rules.cc and quota_rules.cc.
// Here they come together, in the order in which a refusal lists them. Every
// path that grants a slot goes through here: create, update, series, dry run,
// alternatives, slots found.

// A reservation to be judged: as it would be stored, with the set-up and
// tear-down of its items filled in. All references must exist.
struct Candidate {
  const Reservation& reservation;
  // The reservation as it is now, when it is being changed; its own slot does
  // not stand in the way. Null for a new one.
  const Reservation* current = nullptr;
  Instant now = 0;
  // How long it is to be held; 0 if it is not a new hold.
  Seconds hold_for = 0;
  // False if somebody else than its user asks.
  bool by_its_user = true;
  // True for what stands already: rules about the moment of booking are left
  // out.
  bool stands = false;
};

// The first two items that exclude each other (by index, the later one first),
// because one is a part of the other or they share an exclusion group; nothing
// if all can be had together. Such a reservation passes at no time.
std::optional<std::pair<size_t, size_t>> ItemsThatExclude(
    const Catalogue& catalogue, const std::vector<ReservationItem>& items);

// What all rules together come to.
struct Assessment {
  bool refused = false;
  bool needs_approval = false;
  // No rule had anything to say, not even a warning.
  bool clean = true;
  // If refused: no start before this passes; kNever if only another request
  // would.
  Instant retry_at = kNever;
};

// Judges a candidate as quickly as the state allows. Stops at the first rule
// that refuses it; unless `wants_retry`: then retry_at takes them all in.
Assessment Assess(const State& state, const Candidate& candidate, bool wants_retry = false);

// True if no rule refuses it. It may still need approval.
bool Passes(const State& state, const Candidate& candidate);

// All the rules that are broken, with what each does. Conflicts name their
// reservations: mask them before they leave the engine.
std::vector<Violation> Judge(const State& state, const Candidate& candidate);

// All the rules that apply, broken or not.
std::vector<RuleFinding> JudgeAll(const State& state, const Candidate& candidate);

// The rules as data that stand against cancelling a reservation.
std::vector<Violation> JudgeCancelling(const State& state, const Candidate& candidate);

// How much of a quota is used, in one of the counts that a candidate adds to.
struct QuotaUse {
  const Quota* quota = nullptr;
  std::string scope;  // in words, such as `users/anna on assets/sem, week from 2027-03-01`
  Interval period;    // the fullest that it adds to; begins now and is empty for all to come
  int64_t limit = 0;
  int64_t others = 0;  // used in that period without this reservation
  int64_t wanted = 0;  // what the candidate takes of it
  int64_t own = 0;     // what the reservation takes of it as it is now
};

// The counts of quotas that a candidate adds to.
std::vector<QuotaUse> QuotaUses(const State& state, const Candidate& candidate);

// The same in every period that it adds to.
std::vector<QuotaUse> QuotaUsesByPeriod(const State& state, const Candidate& candidate);

// How much is used of what fair-share quotas give the candidate, as FairSharePartOf of
// quota_rules.h says: who has used less goes first.
UsedPart FairSharePart(const State& state, const Candidate& candidate);

// The rule that lets the candidate displace others on the asset of an item: of
// those that apply, the one that asks for least. Nothing if there is none.
std::optional<DisplacementRule> DisplacementRuleFor(const State& state, const Candidate& candidate,
                                                    absl::string_view asset);

// What becomes of the reservation if it is in use beyond its end: of the policies
// that apply the strictest.
OverrunRule OverrunRuleFor(const State& state, const Reservation& reservation);

// When a reservation that is granted now is lost if nobody checks in; 0 for
// never. What is granted when the grace is over has it anew from now on. Who keeps
// the assets himself loses nothing.
Instant CheckInBy(const State& state, const Reservation& reservation, Instant now);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ADMISSION_H_
