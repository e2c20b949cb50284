#include "daemon/service/report_assets.h"

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/place.h"

namespace labslot::service {

Result<std::vector<std::string>> AssetsOf(const DaemonCore& core, const CallInfo& call,
                                          const std::vector<std::string>& named,
                                          const AssetFilter& filter, MayReport may) {
  const engine::Catalogue& catalogue = core.catalogue();
  std::vector<std::string> assets;
  bool may_some = engine::IsAdministrator(catalogue, call.principal);
  const auto add = [&](const Asset& asset) {
    if (Matches(filter, asset, catalogue.FindSite(asset.site))) assets.push_back(asset.id);
  };
  for (const std::string& id : named) {
    const Asset* asset = catalogue.FindAsset(id);
    if (asset == nullptr) return NotFound(NameOf(kAssets, id));
    if (!may(catalogue, call.principal, *asset)) {
      return RoleRequired(absl::StrCat("report on ", NameOf(kAssets, id),
                                       ": it takes an asset manager or auditor of its scope"),
                          kAssetManagerRole);
    }
    add(*asset);
  }
  if (!named.empty()) return assets;
  for (const auto& [id, asset] : catalogue.assets()) {
    if (!may(catalogue, call.principal, *asset)) continue;
    may_some = true;
    add(*asset);
  }
  if (!may_some) {
    return RoleRequired("report on any asset: it takes an asset manager or an auditor",
                        kAssetManagerRole);
  }
  return assets;
}

std::string HomeZoneOf(const engine::Catalogue& catalogue, const Asset& asset) {
  return engine::PlaceOf(catalogue, asset, "")->time_zone;
}

}  // namespace labslot::service
