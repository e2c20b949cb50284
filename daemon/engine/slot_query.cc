#include "daemon/engine/slot_query.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/travel_time.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

// What a query asks of sites, found once for each of them. Refers to both.
class Sites {
 public:
  Sites(const Catalogue& catalogue, const SlotQuery& query)
      : catalogue_(catalogue), query_(query), from_(catalogue.FindSite(query.from_site)) {}

  bool InRegion(const Asset& asset) { return query_.region.empty() || Find(asset.site).in_region; }

  std::optional<Seconds> TravelTo(const Asset& asset) {
    if (from_ == nullptr) return std::nullopt;
    const bool visits = asset.mobile && !query_.site.empty();
    return Find(visits ? query_.site : asset.site).travel;
  }

 private:
  struct Answer {
    bool in_region = false;
    std::optional<Seconds> travel;
  };

  const Answer& Find(absl::string_view id) {
    const auto [it, is_new] = answers_.try_emplace(id);
    const Site* site = is_new ? catalogue_.FindSite(id) : nullptr;
    if (site != nullptr) {
      it->second.in_region = absl::StartsWith(site->region, query_.region);
      if (from_ != nullptr) it->second.travel = TravelTimeOfPeople(*from_, *site);
    }
    return it->second;
  }

  const Catalogue& catalogue_;
  const SlotQuery& query_;
  const Site* from_;  // null: not asked
  absl::flat_hash_map<absl::string_view, Answer> answers_;
};

bool Matches(const SlotQuery& query, const Asset& asset) {
  if (asset.state != AssetState::kActive) return false;
  if (!asset.mobile && !query.site.empty() && asset.site != query.site) return false;
  return HasLabels(query.labels, asset.labels);
}

}  // namespace

std::vector<SlotCandidate> CandidatesOf(const Catalogue& catalogue, const SlotQuery& query) {
  std::vector<SlotCandidate> candidates;
  Sites sites(catalogue, query);
  const auto look_at = [&](const Asset& asset) {
    if (!Matches(query, asset) || !sites.InRegion(asset)) return;
    const std::optional<Seconds> travel = sites.TravelTo(asset);
    if (query.max_travel && (!travel || *travel > *query.max_travel)) return;
    candidates.push_back({&asset, travel});
  };
  if (!query.kind.empty()) {
    for (const Asset* asset : catalogue.AssetsOfKind(query.kind)) look_at(*asset);
  } else {
    for (const auto& [id, asset] : catalogue.assets()) look_at(*asset);
  }
  return candidates;
}

}  // namespace labslot::engine
