#include "client/places.h"

#include "absl/strings/str_cat.h"
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

absl::StatusOr<std::string> WallClockOf(Session& session, const std::string& asset,
                                        const std::string& visited_site) {
  const absl::StatusOr<v1::Asset> found = GetAsset(session, asset);
  if (!found.ok()) return found.status();
  const bool visits = found->mobile() && !visited_site.empty();
  const std::string place = visits ? visited_site : found->site();
  if (place.empty()) return std::string();
  const absl::StatusOr<v1::Site> site = GetSite(session, place);
  if (!site.ok()) return site.status();
  return site->time_zone();
}

absl::Status KeepsWallClock(const Session& session, const std::string& wall_clock) {
  if (!session.zone.has_value() || *session.zone == wall_clock) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("a series keeps the wall clock of its place, ",
                                                 wall_clock,
                                                 "; say its times by that, without --zone"));
}

absl::StatusOr<absl::TimeZone> ZoneOfAsset(Session& session, const std::string& asset,
                                           const std::string& visited_site) {
  const absl::StatusOr<std::string> wall_clock = WallClockOf(session, asset, visited_site);
  if (!wall_clock.ok()) return wall_clock.status();
  absl::StatusOr<absl::TimeZone> zone = session.ZoneFor(*wall_clock);
  if (zone.ok() && !wall_clock->empty()) session.place_zone = *zone;
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
