#include "daemon/engine/unit_book.h"

#include <utility>

namespace labslot::engine {
namespace {

// A plan that is so far behind is not asked for any more.
constexpr size_t kMostChanges = 1000;

}  // namespace

UnitPlan* UnitBook::Find(absl::string_view asset) {
  const auto plan = by_asset_.find(asset);
  return plan == by_asset_.end() ? nullptr : &plan->second;
}

UnitPlan& UnitBook::Put(const std::string& asset, UnitPlan plan) {
  return by_asset_.insert_or_assign(asset, std::move(plan)).first->second;
}

void UnitBook::Doubt() {
  for (auto& [asset, plan] : by_asset_) plan.is_in_doubt = true;
}

void UnitBook::Note(const Occupancy& occupancy, bool left) {
  UnitPlan* plan = Find(occupancy.asset);
  if (plan == nullptr) return;
  plan->changes.push_back({occupancy, left});
  if (plan->changes.size() > kMostChanges) by_asset_.erase(occupancy.asset);
}

}  // namespace labslot::engine
