#include "daemon/engine/rule_book.h"

#include <algorithm>
#include <variant>

#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

template <typename T>
void Collect(const Records<T>& all, const Catalogue& catalogue, const Asset& asset,
             std::vector<RuleOfAsset<T>>& found) {
  for (const auto& [id, rule] : all) {
    if (rule->disabled || !MayMatchAsset(rule->applies_to, catalogue, asset)) continue;
    found.push_back({rule.get(), rule->except.empty() &&
                                     MatchesByAssetAlone(rule->applies_to, catalogue, asset)});
  }
}

}  // namespace

const AssetRules& RuleBook::For(const Catalogue& catalogue, const Asset& asset) {
  std::shared_ptr<AssetRules>& rules = by_asset_[asset.id];
  if (rules == nullptr) {
    rules = std::make_shared<AssetRules>();
    Collect(catalogue.policies(), catalogue, asset, rules->policies);
    Collect(catalogue.quotas(), catalogue, asset, rules->quotas);
    for (const RuleOfAsset<Policy>& policy : rules->policies) {
      if (std::holds_alternative<ClosedTimeRule>(policy.rule->rule)) {
        rules->closed_time.push_back(policy);
      }
    }
  }
  return *rules;
}

bool RuleBook::HasClosedTimeRules(const Catalogue& catalogue) {
  if (!has_closed_time_rules_) {
    const Records<Policy>& policies = catalogue.policies();
    has_closed_time_rules_ = std::any_of(policies.begin(), policies.end(), [](const auto& entry) {
      return std::holds_alternative<ClosedTimeRule>(entry.second->rule);
    });
  }
  return *has_closed_time_rules_;
}

void RuleBook::Forget() {
  by_asset_.clear();
  has_closed_time_rules_.reset();
}

}  // namespace labslot::engine
