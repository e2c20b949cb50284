#ifndef LABSLOT_DAEMON_ENGINE_POLICY_CASE_H_
#define LABSLOT_DAEMON_ENGINE_POLICY_CASE_H_

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/item_case.h"

namespace labslot::engine {

// A policy that applies to an item.
struct PolicyCase {
  const ItemCase& c;
  const Policy& policy;

  const Interval& run() const { return c.run(); }
  const Candidate& candidate() const { return c.candidate; }
  const Reservation& reservation() const { return c.candidate.reservation; }

  // The time of the run in which the policy holds.
  IntervalSet AwakeTimes() const { return AwakeTimes(run()); }
  IntervalSet AwakeTimes(const Interval& within) const;

  // The next start that can mend what only sleep could: the run must get out of
  // all the time in which the policy holds.
  Instant WhenAsleep() const;

  // A start before which the policy is not met: `by_rule`, unless it sleeps.
  Instant Retry(Instant by_rule = kNever) const { return std::min(by_rule, WhenAsleep()); }

  // Adds the words of the rule judged last.
  void Report(Findings& findings, Rule rule, const std::string& words, std::string limit,
              std::string found, std::vector<Conflict> conflicts = {}) const;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_POLICY_CASE_H_
