#include "daemon/engine/policy_case.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"

namespace labslot::engine {

IntervalSet PolicyCase::AwakeTimes(const Interval& within) const {
  IntervalSet times = TimesInRanges(policy.periods, within, c.zone);
  if (policy.sleeps.empty()) return times;
  return Intersection(times, Difference(within, TimesInWindows(policy.sleeps, within, c.zone)));
}

Instant PolicyCase::WhenAsleep() const {
  if (policy.sleeps.empty() && policy.periods.empty()) return kNever;
  return run().start + std::max<Seconds>(1, TotalLength(AwakeTimes()));
}

void PolicyCase::Report(Findings& findings, Rule rule, const std::string& words, std::string limit,
                        std::string found, std::vector<Conflict> conflicts) const {
  Violation violation;
  violation.rule = rule;
  violation.message =
      absl::StrCat(words, " (", policy.display_name.empty() ? policy.id : policy.display_name,
                   policy.description.empty() ? "" : absl::StrCat(": ", policy.description), ")");
  violation.asset = c.asset.id;
  violation.limit = std::move(limit);
  violation.found = std::move(found);
  violation.conflicts = std::move(conflicts);
  violation.source = NameOf(kPolicies, policy.id);
  violation.overridable_by = NamesOf(policy.overriders);
  findings.Add(std::move(violation));
}

}  // namespace labslot::engine
