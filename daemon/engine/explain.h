#ifndef LABSLOT_DAEMON_ENGINE_EXPLAIN_H_
#define LABSLOT_DAEMON_ENGINE_EXPLAIN_H_

#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/error.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/refusal.h"
#include "daemon/engine/decision.h"
#include "daemon/engine/principal.h"
#include "daemon/engine/state.h"

namespace labslot::engine {

// What one rule says of a reservation, broken or not.
struct RuleVerdict {
  bool broken = false;
  Violation rule;
};

struct Explanation {
  std::vector<RuleVerdict> verdicts;  // in the order in which rules are judged
  std::optional<Refusal> refusal;     // if a rule refuses it
  bool needs_approval = false;
};

// Judges one that is there, by the rules as they are now. NOT_FOUND if the
// principal may not see it.
Result<Explanation> ExplainReservation(const State& state, const ReservationSource& reservations,
                                       const Principal& principal, ReservationId id, Instant now);

// Judges one that could be made; the errors are those of CreateReservation,
// but a refusal is part of the explanation.
Result<Explanation> ExplainDraft(const State& state, const ReservationSource& reservations,
                                 const Principal& principal, const Reservation& draft, Instant now);

// One count of a quota.
struct QuotaUsage {
  std::string quota;  // id
  std::string display_name;
  std::string scope;  // in words
  Measure measure = Measure::kTime;
  int64_t limit = 0;
  int64_t used = 0;
  Interval period;  // empty for what is to come
};

// The counts that such a reservation would add to, as they are without it.
// User and organisation of the draft may be empty, as on creation. NOT_FOUND
// for what does not exist; ROLE_REQUIRED where the user is another and the
// principal manages none of the assets.
Result<std::vector<QuotaUsage>> QuotaUsageOf(const State& state, const Principal& principal,
                                             const Reservation& draft, Instant now);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_EXPLAIN_H_
