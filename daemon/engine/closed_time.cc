#include "daemon/engine/closed_time.h"

#include <algorithm>
#include <variant>

namespace labslot::engine {
namespace {

template <typename Wanted>
bool HasClosedTimeRule(RuleBook& rules, const Subject& subject, Wanted wanted) {
  if (!rules.HasClosedTimeRules(subject.catalogue)) return false;
  const auto& policies = rules.For(subject.catalogue, subject.asset).closed_time;
  return std::any_of(policies.begin(), policies.end(), [&](const RuleOfAsset<Policy>& policy) {
    return wanted(std::get<ClosedTimeRule>(policy.rule->rule)) && AppliesTo(policy, subject);
  });
}

}  // namespace

bool SpansClosedTime(RuleBook& rules, const Subject& subject) {
  return subject.asset.may_span_closed_time ||
         HasClosedTimeRule(rules, subject, [](const ClosedTimeRule&) { return true; });
}

bool ClosedTimeCounts(RuleBook& rules, const Subject& subject) {
  return !HasClosedTimeRule(rules, subject,
                            [](const ClosedTimeRule& rule) { return !rule.counts; });
}

}  // namespace labslot::engine
