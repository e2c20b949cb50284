#ifndef LABSLOT_DAEMON_ENGINE_DISPLACEMENT_H_
#define LABSLOT_DAEMON_ENGINE_DISPLACEMENT_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/engine/decision_context.h"
#include "daemon/engine/giving_way.h"

namespace labslot::engine {

// Requests that take the place of others: only as a policy with a DisplacementRule
// lets them, only of what has a lower priority and is not firm, begun, checked in
// or protected, with the least sum of harm, and only if the request is worth that.

// Who would have to give way, and what would become of it all.
struct DisplacementPlan {
  std::vector<GivingWay> givers;  // as they are
  std::vector<Hit> hits;          // of each, in the same order
  int64_t harm = 0;               // weighted unit-seconds
  int64_t worth = 0;              // the same, of the request
  // What makes it so; nothing if the request is refused, and then why.
  std::optional<Decision> decision;
  std::optional<Refusal> refusal;
};

// Plans to admit a request that was refused for `refusal`, which must be for others
// only. Changes nothing. The request is completed and has set-up and tear-down.
DisplacementPlan PlanDisplacement(const DecisionContext& context, const Reservation& request,
                                  Seconds hold_for, const Refusal& refusal);

// The decision of the plan, or the refusal as an error.
Result<Decision> Displace(const DecisionContext& context, const Reservation& request,
                          Seconds hold_for, const Refusal& refusal);

// One who would have to give way.
struct PlannedDisplacement {
  Hit hit;
  int64_t harm = 0;   // weighted unit-seconds
  Reservation after;  // as it would be
};

// What would become of a draft if it were sent with OnConflict::kDisplace.
struct PlannedAdmission {
  std::optional<Reservation> reservation;  // nothing if it would be refused
  std::optional<Refusal> refusal;
  std::vector<PlannedDisplacement> displaced;  // masked
  int64_t harm = 0;
  int64_t worth = 0;
};

// The error is of a draft that is malformed, or that the caller may not book.
Result<PlannedAdmission> PlanAdmission(const DecisionContext& context, const Reservation& draft);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_DISPLACEMENT_H_
