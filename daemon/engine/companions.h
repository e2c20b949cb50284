#ifndef LABSLOT_DAEMON_ENGINE_COMPANIONS_H_
#define LABSLOT_DAEMON_ENGINE_COMPANIONS_H_

#include <string>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// Assets that are reserved with others: an operator, an area, an accessory.

// True if the asset is what the rule asks for.
bool IsCompanion(const CompanionRule& rule, const Asset& asset);

// `2 of assets/operator`.
std::string CompanionWords(const CompanionRule& rule);

// Where the companion of a reservation can be: in itself, or in others of its
// user if that will do. Refers to the reservation and the state.
class CompanionSearch {
 public:
  // `current` is left out of account: the reservation as it is now, or null.
  CompanionSearch(const State& state, const CompanionRule& rule, const Reservation& reservation,
                  const Reservation* current)
      : state_(state), rule_(rule), reservation_(reservation), current_(current) {}

  // True if there is enough of it for all of the run.
  bool Covers(const Interval& run) const;

  // The next start of a run of the companion; kNever if there is none, or if it
  // must be in the same reservation.
  Instant NextStart(Instant after) const;

 private:
  bool HasItem() const;
  std::vector<Ledger::Held> Elsewhere(const Interval& interval) const;

  const State& state_;
  const CompanionRule& rule_;
  const Reservation& reservation_;
  const Reservation* current_;
};

// Judges whether others of the user's reservations rely on an asset of this one
// as it is, and would lose their companion by the change or the cancelling.
// `first` is the case of any item.
void ApplyCompanionNeeds(const ItemCase& first, Findings& findings);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_COMPANIONS_H_
