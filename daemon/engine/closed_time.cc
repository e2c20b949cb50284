#include "daemon/engine/closed_time.h"

#include <algorithm>
#include <variant>

namespace labslot::engine {
namespace {

template <typename Wanted>
bool HasClosedTimeRule(RuleBook& rules, const Subject& subject, Wanted wanted) {
  const auto& policies = rules.For(subject.catalogue, subject.asset).policies;
  return std::any_of(policies.begin(), policies.end(), [&](const Policy* policy) {
    const auto* rule = std::get_if<ClosedTimeRule>(&policy->rule);
    return rule != nullptr && wanted(*rule) &&
           AppliesTo(policy->applies_to, policy->except, subject);
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
