#include "daemon/service/utilisation_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/place.h"
#include "daemon/engine/utilisation.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/history.h"
#include "daemon/service/workers.h"
#include "labslot/v1/utilisation_service.pb.h"

namespace labslot::service {
namespace {

struct Report {
  std::vector<std::string> assets;
  Interval period;
  engine::Bucket bucket = engine::Bucket::kWhole;
  std::string zone;  // empty: that of each asset's site
  std::shared_ptr<const engine::Catalogue> catalogue;
  std::unique_ptr<const storage::Snapshot> snapshot;
};

void AddRow(const engine::UtilisationRow& row, const std::string& asset, const std::string& zone,
            v1::QueryUtilisationResponse& response) {
  v1::UtilisationRow& to = *response.add_rows();
  to.set_asset(NameOf(kAssets, asset));
  ToProto(row.interval, *to.mutable_interval());
  to.set_time_zone(zone);
  to.set_total_seconds(row.total);
  to.set_booked_seconds(row.booked);
  to.set_held_seconds(row.held);
  to.set_changeover_seconds(row.changeover);
  to.set_travel_seconds(row.travel);
  to.set_planned_outage_seconds(row.planned_outage);
  to.set_unplanned_outage_seconds(row.unplanned_outage);
  to.set_blocked_seconds(row.blocked);
  to.set_closed_seconds(row.closed);
  to.set_available_seconds(row.available);
  to.set_booked_open_seconds(row.booked_open);
  to.set_open_seconds(row.open);
}

// The part of the period in which the asset existed.
Interval ExistenceIn(const Asset& asset, const Interval& period) {
  const Instant end =
      asset.state == AssetState::kRetired ? asset.retire_time : limits::kLatestInstant;
  return Interval{asset.create_time, end}.Intersect(period);
}

// When a mobile asset was on its way.
absl::StatusOr<IntervalSet> TravelOf(const Report& report, const Asset& asset,
                                     const Interval& period) {
  if (!asset.mobile) return IntervalSet();
  LABSLOT_ASSIGN_OR_RETURN(const std::vector<engine::Visit> visits,
                           AllVisits(*report.snapshot, *report.catalogue, asset));
  std::vector<Interval> spans;
  for (const engine::Leg& leg : engine::LegsOf(engine::Ways(*report.catalogue, asset), visits)) {
    spans.push_back(leg.interval.Intersect(period));
  }
  return Union(std::move(spans));
}

absl::Status AddAsset(const Report& report, const Asset& asset, HistoricTimelines& timelines,
                      v1::QueryUtilisationResponse& response) {
  const Interval period = ExistenceIn(asset, report.period);
  if (period.empty()) return absl::OkStatus();
  const Site& site = *engine::PlaceOf(*report.catalogue, asset, "");
  const std::string zone = report.zone.empty() ? site.time_zone : report.zone;
  engine::AssetRecord record;
  record.capacity = asset.capacity;
  std::vector<Interval> blocked;
  for (const std::string& other : report.catalogue->Related(asset.id)) {
    for (const Interval& span : timelines.Of(other).TimesAbove(0, period)) blocked.push_back(span);
  }
  record.blocked = Union(std::move(blocked));
  LABSLOT_RETURN_IF_ERROR(
      VisitTouching(*report.snapshot, asset.id, period,
                    [&](const Occupancy& occupancy) { record.occupancies.push_back(occupancy); }));
  LABSLOT_ASSIGN_OR_RETURN(record.travel, TravelOf(report, asset, period));
  record.out_of_service = engine::OutOfServiceIn(*report.catalogue, asset, period);
  record.open = engine::OpenTimesOf(*report.catalogue, asset, record.occupancies, period);
  const absl::TimeZone buckets_in = FindTimeZone(zone).value_or(absl::UTCTimeZone());
  for (const engine::UtilisationRow& row :
       engine::AccountFor(record, engine::BucketsOf(period, report.bucket, buckets_in))) {
    AddRow(row, asset.id, zone, response);
  }
  return timelines.status();
}

absl::StatusOr<v1::QueryUtilisationResponse> MakeReport(const Report& report) {
  v1::QueryUtilisationResponse response;
  HistoricTimelines timelines(*report.snapshot, report.period);
  for (const std::string& id : report.assets) {
    LABSLOT_RETURN_IF_ERROR(
        AddAsset(report, *report.catalogue->FindAsset(id), timelines, response));
  }
  response.set_revision(report.snapshot->revision());
  return response;
}

// The assets to report on: those named, or all that the caller manages.
Result<std::vector<std::string>> AssetsOf(const DaemonCore& core, const CallInfo& call,
                                          std::vector<std::string> named) {
  const engine::Catalogue& catalogue = core.catalogue();
  for (const std::string& id : named) {
    const Asset* asset = catalogue.FindAsset(id);
    if (asset == nullptr) return NotFound(NameOf(kAssets, id));
    if (!engine::ManagesAsset(catalogue, call.principal, *asset)) {
      return RoleRequired(absl::StrCat("report on ", NameOf(kAssets, id),
                                       ": it takes an asset manager of its scope"),
                          kAssetManagerRole);
    }
  }
  if (!named.empty()) return named;
  for (const auto& [id, asset] : catalogue.assets()) {
    if (engine::ManagesAsset(catalogue, call.principal, *asset)) named.push_back(id);
  }
  if (named.empty() && !engine::IsAdministrator(catalogue, call.principal)) {
    return RoleRequired("report on any asset: it takes an asset manager", kAssetManagerRole);
  }
  return named;
}

// An upper bound of the rows that a report will have.
size_t RowsOf(const Report& report) {
  const Seconds length = report.bucket == engine::Bucket::kDay     ? limits::kDay
                         : report.bucket == engine::Bucket::kWeek  ? 7 * limits::kDay
                         : report.bucket == engine::Bucket::kMonth ? 28 * limits::kDay
                                                                   : report.period.length();
  return report.assets.size() * static_cast<size_t>(report.period.length() / length + 2);
}

void QueryUtilisation(const DaemonCore& core, const CallInfo& call,
                      const v1::QueryUtilisationRequest& request,
                      const Reply<v1::QueryUtilisationResponse>& reply) {
  FieldErrors errors;
  auto report = std::make_shared<Report>();
  std::vector<std::string> named =
      IdsFromNames(kAssets, request.assets(), limits::kMaxAssetsPerQuery, "assets", errors);
  report->period =
      IntervalFromProto(request.interval(), limits::kLongestReportPeriod, "interval", errors);
  if (request.bucket() != v1::QueryUtilisationRequest::BUCKET_UNSPECIFIED) {
    report->bucket =
        EnumFromProto<engine::Bucket>(request.bucket(), Presence::kOptional, "bucket", errors);
  }
  report->zone = ZoneFromProto(request.time_zone(), Presence::kOptional, "time_zone", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  Result<std::vector<std::string>> assets = AssetsOf(core, call, std::move(named));
  if (!assets.ok()) return reply.Fail(assets.error());
  report->assets = std::move(assets).value();
  if (RowsOf(*report) > limits::kMaxReportRows) {
    errors.Add("interval", absl::StrCat("makes more than ", limits::kMaxReportRows,
                                        " rows; ask for fewer assets, a shorter period or "
                                        "longer buckets"));
    return reply.Fail(errors.ToError());
  }
  report->catalogue = core.state().ShareCatalogue();
  report->snapshot = core.store.TakeSnapshot();
  RunOnWorker(core, call, reply, [report] { return MakeReport(*report); });
}

}  // namespace

void AddUtilisationMethods(Methods& methods) { methods.Add("QueryUtilisation", QueryUtilisation); }

}  // namespace labslot::service
