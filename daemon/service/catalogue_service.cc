#include "daemon/service/catalogue_service.h"

#include <string>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/service/catalogue_records.h"
#include "daemon/service/record_methods.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::service {
namespace {

void ListAssets(const DaemonCore& core, const CallInfo& call, const v1::ListAssetsRequest& request,
                const Reply<v1::ListAssetsResponse>& reply) {
  FieldErrors errors;
  const std::string kind =
      LineFromProto(request.kind(), limits::kMaxNameText, Presence::kOptional, "kind", errors);
  const std::string site = IdFromName(kSites, request.site(), Presence::kOptional, "site", errors);
  const bool show_retired = request.show_retired();
  ListAccepted<Asset>(core, call, request, reply, errors, [&](const Asset& asset) {
    return (show_retired || asset.state == AssetState::kActive) &&
           (kind.empty() || asset.kind == kind) && (site.empty() || asset.site == site);
  });
}

void ListOutages(const DaemonCore& core, const CallInfo& call,
                 const v1::ListOutagesRequest& request,
                 const Reply<v1::ListOutagesResponse>& reply) {
  FieldErrors errors;
  const std::string asset =
      IdFromName(kAssets, request.asset(), Presence::kOptional, "asset", errors);
  const Instant now = core.sequencer.Now();
  ListAccepted<Outage>(core, call, request, reply, errors, [&](const Outage& outage) {
    return (asset.empty() || outage.asset == asset) &&
           (request.show_past() || outage.interval.end > now);
  });
}

void ImportCatalogue(const DaemonCore& core, const CallInfo& call,
                     const v1::ImportCatalogueRequest& request,
                     const Reply<v1::ImportCatalogueResponse>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::ImportRecords import;
  import.records =
      RecordsFromProto(request.catalogue(), limits::kMaxImportRecords, "catalogue", errors);
  command.body = std::move(import);
  SubmitCommand(core, call, std::move(command), errors, reply,
                [](const runtime::Answer& answer, v1::ImportCatalogueResponse& response) {
                  response.set_created_count(answer.created_count);
                  response.set_updated_count(answer.updated_count);
                  response.set_unchanged_count(answer.unchanged_count);
                });
}

void ExportCatalogue(const DaemonCore& core, const CallInfo& call,
                     const v1::ExportCatalogueRequest&,
                     const Reply<v1::ExportCatalogueResponse>& reply) {
  const engine::Catalogue& from = core.catalogue();
  v1::ExportCatalogueResponse response;
  v1::Catalogue& to = *response.mutable_catalogue();
  for (const auto& [id, region] : from.holiday_regions())
    ToProto(*region, *to.add_holiday_regions());
  for (const auto& [id, org] : from.organisations()) ToProto(*org, *to.add_organisations());
  for (const auto& [id, site] : from.sites()) ToProto(*site, *to.add_sites());
  for (const auto& [id, asset] : from.assets()) {
    if (asset->state == AssetState::kActive) ToProto(*asset, *to.add_assets());
  }
  for (const auto& [id, group] : from.groups()) {
    if (engine::MayRead(from, call.principal, *group)) ToProto(*group, *to.add_groups());
  }
  for (const auto& [id, policy] : from.policies()) ToProto(*policy, *to.add_policies());
  for (const auto& [id, quota] : from.quotas()) ToProto(*quota, *to.add_quotas());
  if (engine::IsAdministrator(from, call.principal)) {
    for (const auto& [id, user] : from.users()) {
      if (user->state == UserState::kActive) ToProto(*user, *to.add_users());
    }
  }
  reply.Send(response);
}

}  // namespace

void AddCatalogueMethods(Methods& methods) {
  methods.Add("GetSite", GetRecord<Site, v1::GetSiteRequest>);
  methods.Add("ListSites", ListRecords<Site, v1::ListSitesRequest, v1::ListSitesResponse>);
  methods.Add("CreateSite", CreateRecord<Site, v1::CreateSiteRequest>);
  methods.Add("UpdateSite", UpdateRecord<Site, v1::UpdateSiteRequest>);
  methods.Add("DeleteSite", DeleteRecord<Site, v1::DeleteSiteRequest>);
  methods.Add("GetAsset", GetRecord<Asset, v1::GetAssetRequest>);
  methods.Add("ListAssets", ListAssets);
  methods.Add("CreateAsset", CreateRecord<Asset, v1::CreateAssetRequest>);
  methods.Add("UpdateAsset", UpdateRecord<Asset, v1::UpdateAssetRequest>);
  methods.Add("DeleteAsset", DeleteRecord<Asset, v1::DeleteAssetRequest>);
  methods.Add("GetHolidayRegion", GetRecord<HolidayRegion, v1::GetHolidayRegionRequest>);
  methods.Add(
      "ListHolidayRegions",
      ListRecords<HolidayRegion, v1::ListHolidayRegionsRequest, v1::ListHolidayRegionsResponse>);
  methods.Add("CreateHolidayRegion", CreateRecord<HolidayRegion, v1::CreateHolidayRegionRequest>);
  methods.Add("UpdateHolidayRegion", UpdateRecord<HolidayRegion, v1::UpdateHolidayRegionRequest>);
  methods.Add("DeleteHolidayRegion", DeleteRecord<HolidayRegion, v1::DeleteHolidayRegionRequest>);
  methods.Add("GetOutage", GetRecord<Outage, v1::GetOutageRequest>);
  methods.Add("ListOutages", ListOutages);
  methods.Add("CreateOutage", CreateRecord<Outage, v1::CreateOutageRequest>);
  methods.Add("UpdateOutage", UpdateRecord<Outage, v1::UpdateOutageRequest>);
  methods.Add("DeleteOutage", DeleteRecord<Outage, v1::DeleteOutageRequest>);
  methods.Add("ImportCatalogue", ImportCatalogue);
  methods.Add("ExportCatalogue", ExportCatalogue);
}

}  // namespace labslot::service
