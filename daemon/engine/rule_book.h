#ifndef LABSLOT_DAEMON_ENGINE_RULE_BOOK_H_
#define LABSLOT_DAEMON_ENGINE_RULE_BOOK_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/engine/catalogue.h"

namespace labslot::engine {

// The rules as data that can hold for bookings of one asset: switched on, and
// about such an asset. For whom and where is seen at each request.
template <typename T>
struct RuleOfAsset {
  const T* rule = nullptr;
  bool for_all = false;  // whoever books, wherever: no need to look at selectors again
};

struct AssetRules {
  std::vector<RuleOfAsset<Policy>> policies;     // by id
  std::vector<RuleOfAsset<Policy>> closed_time;  // those of them with a ClosedTimeRule
  std::vector<RuleOfAsset<Quota>> quotas;        // by id
  bool empty() const { return policies.empty() && quotas.empty(); }
};

// Finds them once for each asset, however many rules there are. Not
// thread-safe.
class RuleBook {
 public:
  // The rules for an asset of the catalogue. Valid until the catalogue changes
  // and Forget is called.
  const AssetRules& For(const Catalogue& catalogue, const Asset& asset);

  // False if no asset has a ClosedTimeRule.
  bool HasClosedTimeRules(const Catalogue& catalogue);

  // After a change of the catalogue.
  void Forget();

 private:
  absl::flat_hash_map<std::string, std::shared_ptr<AssetRules>> by_asset_;
  std::optional<bool> has_closed_time_rules_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RULE_BOOK_H_
