#include "client/places.h"

#include "labslot/v1/catalogue_service.grpc.pb.h"

namespace labslot::client {

using v1::CatalogueService;

absl::StatusOr<v1::Asset> GetAsset(Session& session, const std::string& name) {
  v1::GetAssetRequest request;
  request.set_name(name);
  return Read(session, &CatalogueService::Stub::GetAsset, request);
}

absl::StatusOr<v1::Site> GetSite(Session& session, const std::string& name) {
  v1::GetSiteRequest request;
  request.set_name(name);
  return Read(session, &CatalogueService::Stub::GetSite, request);
}

absl::StatusOr<absl::TimeZone> ZoneOfAsset(Session& session, const std::string& asset,
                                           const std::string& visited_site) {
  const absl::StatusOr<v1::Asset> found = GetAsset(session, asset);
  if (!found.ok()) return found.status();
  const bool visits = found->mobile() && !visited_site.empty();
  const std::string place = visits ? visited_site : found->site();
  if (place.empty()) return session.ZoneFor("");
  const absl::StatusOr<v1::Site> site = GetSite(session, place);
  if (!site.ok()) return site.status();
  absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(site->time_zone());
  if (zone.ok()) session.place_zone = *zone;
  return zone;
}

absl::StatusOr<TimeContext> TimesOfAsset(Session& session, const std::string& asset,
                                         const std::string& visited_site) {
  const absl::StatusOr<absl::TimeZone> zone = ZoneOfAsset(session, asset, visited_site);
  if (!zone.ok()) return zone.status();
  return TimeContext{session.environment.now(), *zone};
}

absl::TimeZone ZoneCache::Of(const std::string& asset) {
  const auto [entry, is_new] = zones_.try_emplace(asset, session_.environment.local_zone);
  if (!is_new) return entry->second;
  const absl::StatusOr<absl::TimeZone> zone = ZoneOfAsset(session_, asset, "");
  if (zone.ok()) entry->second = *zone;
  return entry->second;
}

absl::StatusOr<TimeContext> TimesOfNoPlace(Session& session) {
  const absl::StatusOr<absl::TimeZone> zone = session.ZoneFor("");
  if (!zone.ok()) return zone.status();
  return TimeContext{session.environment.now(), *zone};
}

}  // namespace labslot::client
