#include "daemon/service/utilisation_service.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/ratios.h"
#include "daemon/engine/use_report.h"
#include "daemon/runtime/rollups.h"
#include "daemon/service/as_of.h"
#include "daemon/service/commands.h"
#include "daemon/service/convert/asset_filter.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/machine_report.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/report_assets.h"
#include "daemon/service/use_changes.h"
#include "daemon/service/use_history.h"
#include "daemon/service/workers.h"
#include "daemon/service/yearly_overview.h"
#include "labslot/v1/utilisation_service.pb.h"

namespace labslot::service {
namespace {

using engine::UseDimension;
using engine::UseState;

struct Report {
  std::vector<std::string> assets;
  engine::UseQuery query;
  std::string zone;  // empty: that of each asset's site
  std::vector<const engine::Ratio*> ratios;
  AsOf as_of;
  Instant now = 0;
  FrozenView view;
  runtime::Rollups* rollups = nullptr;
};

void AddStates(const engine::UseSeconds& use, v1::UtilisationRow& to) {
  to.set_total_seconds(use.total);
  to.set_used_seconds(use[UseState::kUsed]);
  to.set_assumed_seconds(use.assumed);
  to.set_measured_seconds(use.measured);
  to.set_engineering_seconds(use.engineering);
  to.set_overrun_seconds(use[UseState::kOverrun]);
  to.set_changeover_seconds(use[UseState::kChangeover]);
  to.set_travel_seconds(use[UseState::kTravel]);
  to.set_booked_seconds(use[UseState::kBooked]);
  to.set_held_seconds(use[UseState::kHeld]);
  to.set_unplanned_outage_seconds(use[UseState::kUnplannedOutage]);
  to.set_planned_outage_seconds(use[UseState::kPlannedOutage]);
  to.set_idle_seconds(use[UseState::kIdle]);
  to.set_no_show_seconds(use[UseState::kNoShow]);
  to.set_closed_seconds(use[UseState::kClosed]);
  to.set_blocked_seconds(use[UseState::kBlocked]);
  to.set_available_seconds(use[UseState::kAvailable]);
  to.set_booked_open_seconds(use.reserved_open);
}

void AddStatistics(engine::UseStatistics& statistics, v1::UtilisationRow& to) {
  to.set_reservation_count(statistics.reservations);
  to.set_no_show_count(statistics.no_shows);
  to.set_cancelled_count(statistics.cancelled);
  to.set_late_cancelled_count(statistics.late_cancelled);
  to.set_cancelled_seconds(statistics.cancelled_seconds);
  to.set_relet_seconds(statistics.relet_seconds);
  to.set_refused_count(statistics.refused);
  to.set_refused_seconds(statistics.refused_seconds);
  to.set_requested_seconds(statistics.requested_seconds);
  if (statistics.lead_times.empty()) return;
  ToProto(engine::Percentile(statistics.lead_times, 50), *to.mutable_lead_time_median());
  ToProto(engine::Percentile(statistics.lead_times, 95), *to.mutable_lead_time_p95());
}

void AddRow(const Report& report, engine::UseRow row, v1::UtilisationRow& to) {
  ToProto(row.interval, *to.mutable_interval());
  to.set_time_zone(row.time_zone);
  AddStates(row.cell.use, to);
  AddStatistics(row.cell.statistics, to);
  to.set_open_seconds(row.whole.open);
  to.set_base_seconds(row.whole.total);
  if (report.query.bucket == engine::Bucket::kHourOfWeek) to.set_hour_of_week(row.hour_of_week);
  for (const engine::Ratio* ratio : report.ratios) {
    const engine::RatioTerms terms{row.cell.use, row.cell.statistics, row.whole};
    v1::Ratio& added = *to.add_ratios();
    added.set_name(ratio->name);
    added.set_numerator(ratio->numerator(terms));
    added.set_denominator(ratio->denominator(terms));
    added.set_base(ratio->base);
  }
  if (report.query.by_asset_alone()) {
    to.set_asset(row.group.front());
    return;
  }
  for (std::string& value : row.group) to.add_group(std::move(value));
}

constexpr char kTooManyRows[] =
    "makes more than 200000 rows; ask for fewer assets, a shorter period, longer buckets or fewer "
    "dimensions";
static_assert(limits::kMaxReportRows == 200000);

using ReportResponse = LargeResponse<v1::QueryUtilisationResponse>;

absl::StatusOr<Result<ReportResponse>> MakeReport(const Report& report) {
  LABSLOT_ASSIGN_OR_RETURN(const Moment moment,
                           MomentOf(report.as_of, *report.view.snapshot, report.now));
  const auto [revision, now] = moment;
  LABSLOT_ASSIGN_OR_RETURN(const std::unique_ptr<UseHistory> history,
                           UseHistory::Open(report.view, revision, now, report.query.period));
  LABSLOT_ASSIGN_OR_RETURN(const std::vector<engine::Epoch> epochs, history->Epochs());
  runtime::RollupsAt rollups(*report.rollups, report.view.mark);
  const bool is_last = revision == report.view.snapshot->revision() && report.as_of.time == 0;
  engine::UseReport fold(report.query, now, *history, is_last ? &rollups : nullptr);
  for (const std::string& id : report.assets) {
    const std::vector<engine::AssetSpan> spans = engine::SpansOf(epochs, id);
    if (spans.empty()) continue;
    const engine::AssetSpan& last = spans.back();
    fold.Add(spans, report.zone.empty() ? HomeZoneOf(*last.catalogue, *last.asset) : report.zone);
    LABSLOT_RETURN_IF_ERROR(history->status());
  }
  auto made = std::make_unique<OnArena<v1::QueryUtilisationResponse>>();
  v1::QueryUtilisationResponse& response = **made;
  size_t rows = 0;
  fold.VisitRows([&](engine::UseRow row) {
    if (++rows <= limits::kMaxReportRows) AddRow(report, std::move(row), *response.add_rows());
  });
  LABSLOT_RETURN_IF_ERROR(history->status());
  if (rows > limits::kMaxReportRows) {
    return Result<ReportResponse>(InvalidField("interval", kTooManyRows));
  }
  response.set_revision(revision);
  return Result<ReportResponse>(std::move(made));
}

std::vector<UseDimension> DimensionsFromProto(const v1::QueryUtilisationRequest& request,
                                              FieldErrors& errors) {
  constexpr int kMost = 4;
  CheckCount(request.group_by_size(), kMost, "group_by", errors);
  std::vector<UseDimension> dimensions;
  for (int i = 0; i < AtMost(request.group_by_size(), kMost); ++i) {
    const std::string path = ElementPath("group_by", static_cast<size_t>(i));
    const auto dimension =
        EnumFromProto<UseDimension>(request.group_by(i), Presence::kRequired, path, errors);
    if (std::count(dimensions.begin(), dimensions.end(), dimension) > 0) {
      errors.Add(path, "must not name a dimension twice");
    }
    dimensions.push_back(dimension);
  }
  if (dimensions.empty()) dimensions.push_back(UseDimension::kAsset);
  const bool by_label = std::count(dimensions.begin(), dimensions.end(), UseDimension::kLabel) > 0;
  if (by_label == request.label().empty()) {
    errors.Add("label", by_label ? "must be set to the key of the label, with LABEL"
                                 : "must be empty unless rows are grouped by LABEL");
  }
  return dimensions;
}

std::string QuotaFromProto(const DaemonCore& core, const v1::QueryUtilisationRequest& request,
                           const std::vector<UseDimension>& group_by, FieldErrors& errors) {
  const bool by_quota = std::count(group_by.begin(), group_by.end(), UseDimension::kQuota) > 0;
  if (!by_quota) {
    if (!request.quota().empty()) {
      errors.Add("quota", "must be empty unless rows are grouped by QUOTA");
    }
    return "";
  }
  std::string id = IdFromName(kQuotas, request.quota(), Presence::kRequired, "quota", errors);
  if (!id.empty() && core.catalogue().FindQuota(id) == nullptr) {
    errors.Add("quota", absl::StrCat("there is no ", request.quota()));
  }
  return id;
}

std::vector<const engine::Ratio*> RatiosFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& names, FieldErrors& errors) {
  std::vector<const engine::Ratio*> ratios;
  const auto all = [] {
    return absl::StrJoin(engine::Ratios(), ", ", [](std::string* out, const engine::Ratio& ratio) {
      absl::StrAppend(out, ratio.name);
    });
  };
  CheckCount(names.size(), engine::Ratios().size(), "ratios", errors);
  for (int i = 0; i < AtMost(names.size(), engine::Ratios().size()); ++i) {
    const engine::Ratio* ratio = engine::FindRatio(names[i]);
    const bool is_new = std::find(names.begin(), names.begin() + i, names[i]) == names.begin() + i;
    if (!is_new) {
      errors.Add(ElementPath("ratios", static_cast<size_t>(i)), "is named twice");
    } else if (names[i] == "*" && names.size() > 1) {
      errors.Add(ElementPath("ratios", static_cast<size_t>(i)), "means all; name none beside it");
    } else if (names[i] == "*") {
      for (const engine::Ratio& each : engine::Ratios()) ratios.push_back(&each);
    } else if (ratio == nullptr) {
      errors.Add(ElementPath("ratios", static_cast<size_t>(i)),
                 absl::StrCat("there is no ratio ", Quoted(names[i]), "; there are ", all()));
    } else {
      ratios.push_back(ratio);
    }
  }
  return ratios;
}

// Assets in several zones have no common days, unless somebody says whose.
void CheckZone(const DaemonCore& core, FieldErrors& errors, Report& report) {
  const auto& group_by = report.query.group_by;
  const bool by_asset = std::count(group_by.begin(), group_by.end(), UseDimension::kAsset) > 0;
  if (by_asset || !report.zone.empty()) return;
  std::set<std::string> zones;
  for (const std::string& id : report.assets) {
    const engine::Catalogue& catalogue = core.catalogue();
    zones.insert(HomeZoneOf(catalogue, *catalogue.FindAsset(id)));
  }
  if (zones.size() == 1 || report.query.bucket == engine::Bucket::kWhole) {
    report.zone = zones.size() == 1 ? *zones.begin() : "UTC";
  } else if (!zones.empty()) {
    errors.Add("time_zone", absl::StrCat("must be set: the assets are in the zones ",
                                         absl::StrJoin(zones, ", ")));
  }
}

// What those who may see figures only are not told.
std::optional<Error> ApplyPrivacy(const DaemonCore& core, const CallInfo& call, Report& report) {
  const auto& group_by = report.query.group_by;
  if (engine::ManagesAll(core.catalogue(), call.principal, report.assets)) return std::nullopt;
  report.query.masks_market = true;
  if (std::count(group_by.begin(), group_by.end(), UseDimension::kUser) == 0) return std::nullopt;
  return RoleRequired("report by user: it takes a manager of all the assets", kAssetManagerRole);
}

void CheckSize(const Report& report, FieldErrors& errors) {
  const Seconds length = report.query.period.length();
  if (report.query.bucket == engine::Bucket::kHourOfWeek && length > 400 * limits::kDay) {
    errors.Add("interval", "must be at most 400 days with HOUR_OF_WEEK");
  }
  const auto rows =
      static_cast<int64_t>(report.assets.size()) * engine::MostBuckets(length, report.query.bucket);
  if (rows > static_cast<int64_t>(limits::kMaxReportRows)) {
    errors.Add("interval", kTooManyRows);
  }
}

void QueryUtilisation(const DaemonCore& core, const CallInfo& call,
                      const v1::QueryUtilisationRequest& request,
                      const Reply<v1::QueryUtilisationResponse>& reply) {
  FieldErrors errors;
  auto report = std::make_shared<Report>();
  report->now = core.sequencer.Now();
  const std::vector<std::string> named =
      IdsFromNames(kAssets, request.assets(), limits::kMaxAssetsPerQuery, "assets", errors);
  engine::UseQuery& query = report->query;
  query.period =
      IntervalFromProto(request.interval(), limits::kLongestReportPeriod, "interval", errors);
  query.bucket =
      EnumFromProto<engine::Bucket>(request.bucket(), Presence::kOptional, "bucket", errors);
  report->zone = ZoneFromProto(request.time_zone(), Presence::kOptional, "time_zone", errors);
  query.group_by = DimensionsFromProto(request, errors);
  query.label = request.label();
  query.quota = QuotaFromProto(core, request, query.group_by, errors);
  query.lead_times = request.lead_times();
  query.suppress_below =
      NumberFromProto(request.suppress_below(), 0, 1000, "suppress_below", errors);
  report->ratios = RatiosFromProto(request.ratios(), errors);
  const AssetFilter filter = AssetFilterFromProto(request.filter(), errors);
  report->as_of = AsOfFromProto(request, {core.state().head(), report->now}, errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  Result<std::vector<std::string>> assets =
      AssetsOf(core, call, named, filter, engine::MaySeeFigures);
  if (!assets.ok()) return reply.Fail(assets.error());
  report->assets = std::move(assets).value();
  if (const auto error = ApplyPrivacy(core, call, *report)) return reply.Fail(*error);
  CheckSize(*report, errors);
  CheckZone(core, errors, *report);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  report->view = Freeze(core.store, core.sequencer);
  report->rollups = &core.sequencer.rollups();
  RunOnWorker(core, call, reply, [report] { return MakeReport(*report); });
}

void ReportMachineStates(const DaemonCore& core, const CallInfo& call,
                         const v1::ReportMachineStatesRequest& request,
                         const Reply<v1::MachineReport>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  command.body =
      engine::ReportMachineStates{MachineReportFromProto(request.report(), "report", errors)};
  SubmitCommand(core, call, std::move(command), errors, reply,
                [](const runtime::Answer& answer, v1::MachineReport& response) {
                  ToProto(std::get<MachineReport>(answer.result), response);
                });
}

}  // namespace

void AddUtilisationMethods(Methods& methods) {
  methods.Add("QueryUtilisation", QueryUtilisation);
  methods.Add("ListUseChanges", ListUseChanges);
  methods.Add("GetYearlyOverview", GetYearlyOverview);
  methods.Add("ReportMachineStates", ReportMachineStates);
}

}  // namespace labslot::service
