#ifndef LABSLOT_DAEMON_ENGINE_ALLOCATION_H_
#define LABSLOT_DAEMON_ENGINE_ALLOCATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/reservation.h"
#include "daemon/domain/round.h"
#include "daemon/engine/allocation_units.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/packing.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// Planning a round: which of its requests can be granted together for the greatest
// value. The call is gathered from the state, and can then be planned on any
// thread.

// One way to grant a request that passes all rules by itself.
struct CallOption {
  size_t choice = 0;  // 0 as it is, else the place in its choices, from 1
  Interval interval;
  int64_t value = 0;
};

// A request with its ways; none if it cannot be granted whatever becomes of the
// others, and then why.
struct CallRequest {
  Reservation reservation;
  std::vector<CallOption> options;
  std::string why_not;
  int64_t value = 0;  // of what was asked for, or of an option that is worth more
};

// A round as it is now.
struct Call {
  Round round;
  std::vector<CallRequest> requests;  // by number
  // A wish a request, an option each of its ways in the same order.
  PackingProblem problem;
  std::vector<PoolOfCall> pools;  // those whose units differ
};

Call GatherCall(const State& state, const ReservationSource& reservations, const Round& round,
                Instant now);

struct PlannedGrant {
  ReservationId reservation = 0;
  CallOption option;
};

struct PlannedRejection {
  ReservationId reservation = 0;
  std::string reason;
  int64_t value = 0;
};

struct OrganisationShare {
  std::string organisation;  // id, or empty
  int64_t requested = 0;     // value
  int64_t granted = 0;
};

struct AllocationPlan {
  std::vector<PlannedGrant> grants;          // by number
  std::vector<PlannedRejection> rejections;  // by number
  int64_t value = 0;
  int64_t bound = 0;
  PackingMethod method = PackingMethod::kTrivial;
  // Jain's index over the shares of the organisations, and the same of the choice
  // that maximises the sum of these shares instead of the value.
  double fairness = 1;
  int64_t fair_value = 0;
  double fair_fairness = 1;
  std::vector<OrganisationShare> shares;  // by organisation
};

// The most valuable choice. The same call and limits give the same plan, unless a
// limit of time ends the search.
AllocationPlan PlanAllocation(const Call& call, const PackingLimits& limits);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ALLOCATION_H_
