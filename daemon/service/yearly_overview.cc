#include "daemon/service/yearly_overview.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/capacity.h"
#include "daemon/engine/rule_scope.h"
#include "daemon/engine/yearly_overview.h"
#include "daemon/service/as_of.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/report_assets.h"
#include "daemon/service/use_history.h"
#include "daemon/service/workers.h"

namespace labslot::service {
namespace {

using engine::OverviewPart;

struct Asked {
  std::string quota;
  int32_t year = 0;
  AsOf as_of;
  Instant now = 0;
  engine::Principal principal;
  FrozenView view;
};

Interval YearIn(int32_t year, const absl::TimeZone& zone) {
  const absl::CivilYear first(year);
  return {StartOfDay(absl::CivilDay(first), zone), StartOfDay(absl::CivilDay(first + 1), zone)};
}

// The year wherever it is.
Interval YearAnywhere(int32_t year) {
  const Interval year_of_utc = YearIn(year, absl::UTCTimeZone());
  return {year_of_utc.start - limits::kDay, year_of_utc.end + limits::kDay};
}

// The assets that the quota is about; the error tells of the first that is not for the
// caller.
Result<std::vector<std::string>> AssetsInScope(const Asked& asked,
                                               const engine::Catalogue& catalogue,
                                               const Quota& quota) {
  std::vector<std::string> assets;
  for (const auto& [id, asset] : catalogue.assets()) {
    if (!engine::IsOfScope(quota.applies_to, quota.except, catalogue, *asset)) continue;
    if (!engine::MaySeeFigures(*asked.view.catalogue, asked.principal, *asset)) {
      return RoleRequired(
          absl::StrCat("report on ", NameOf(kQuotas, quota.id), ": it is about ",
                       NameOf(kAssets, id), ", and takes an asset manager or auditor of its scope"),
          kAssetManagerRole);
    }
    assets.push_back(id);
  }
  return assets;
}

// One fold for each zone and each span of days of the quota there.
class Folds {
 public:
  Folds(const Quota& quota, int32_t year, Instant now, UseHistory& history)
      : quota_(quota), year_(year), now_(now), history_(history) {}

  void Add(const std::vector<engine::AssetSpan>& spans) {
    const engine::AssetSpan& last = spans.back();
    const std::string time_zone = HomeZoneOf(*last.catalogue, *last.asset);
    for (auto& fold : In(time_zone)) fold->Add(spans, time_zone);
  }

  engine::YearlyOverview Overview() {
    engine::YearlyOverview overview;
    for (auto& [zone, folds] : by_zone_) {
      for (auto& fold : folds) overview.Add(fold->Rows());
    }
    return overview;
  }

 private:
  using OfZone = std::vector<std::unique_ptr<engine::UseReport>>;

  OfZone& In(const std::string& time_zone) {
    const auto [it, is_new] = by_zone_.try_emplace(time_zone);
    if (!is_new) return it->second;
    const absl::TimeZone zone = FindTimeZone(time_zone).value_or(absl::UTCTimeZone());
    for (const Interval& days : TimesInRanges(quota_.periods, YearIn(year_, zone), zone)) {
      engine::UseQuery query;
      query.period = days;
      query.group_by = engine::OverviewDimensions();
      query.quota = quota_.id;
      it->second.push_back(std::make_unique<engine::UseReport>(std::move(query), now_, history_));
    }
    return it->second;
  }

  const Quota& quota_;
  const int32_t year_;
  const Instant now_;
  UseHistory& history_;
  std::map<std::string, OfZone> by_zone_;
};

void AddRow(const engine::YearlyOverview::Key& key, const OverviewPart& part,
            v1::YearlyOverview& response) {
  const auto& [asset, activity, counted, currency] = key;
  v1::YearlyOverview::Row& row = *response.add_rows();
  row.set_asset(asset);
  v1::Reservation::ActivityClass activity_class = v1::Reservation::ACTIVITY_CLASS_UNSPECIFIED;
  v1::Reservation::ActivityClass_Parse(absl::StrCat("ACTIVITY_CLASS_", activity), &activity_class);
  row.set_activity_class(activity_class);
  row.set_counted(counted);
  row.set_used_seconds(part.used);
  row.set_booked_seconds(part.booked);
  row.set_currency_code(currency);
  row.set_cost(engine::MoneyOf(part.cost));
  row.set_revenue(engine::MoneyOf(part.revenue));
}

void AddShare(const std::string& method, double counted, double whole, const std::string& currency,
              v1::YearlyOverview& response) {
  v1::YearlyOverview::Share& share = *response.add_shares();
  share.set_method(method);
  share.set_counted(counted);
  share.set_whole(whole);
  share.set_currency_code(currency);
}

void AddShares(const engine::YearlyOverview& overview, v1::YearlyOverview& response) {
  OverviewPart whole;
  OverviewPart counted;
  std::map<std::string, std::pair<OverviewPart, OverviewPart>> by_currency;
  for (const auto& [key, part] : overview.rows) {
    auto& [counted_there, whole_there] = by_currency[std::get<3>(key)];
    whole += part;
    whole_there += part;
    if (!std::get<2>(key)) continue;
    counted += part;
    counted_there += part;
  }
  const auto time = static_cast<double>(counted.used + counted.booked);
  for (const auto& [base, capacity] : overview.capacity) {
    AddShare(engine::WordsOf(base), time, static_cast<double>(capacity), "", response);
  }
  AddShare("used hours", time, static_cast<double>(whole.used + whole.booked), "", response);
  for (const auto& [currency, parts] : by_currency) {
    if (currency.empty()) continue;
    const auto& [of_counted, of_all] = parts;
    AddShare("cost", engine::MoneyOf(of_counted.cost), engine::MoneyOf(of_all.cost), currency,
             response);
    AddShare("revenue", engine::MoneyOf(of_counted.revenue), engine::MoneyOf(of_all.revenue),
             currency, response);
  }
}

void AddAdmissible(const Quota& quota, const engine::YearlyOverview& overview,
                   v1::YearlyOverview& response) {
  v1::CapacityShare& admissible = *response.mutable_admissible();
  admissible.set_percent(FromHundredths(quota.share->hundredths));
  admissible.set_base(static_cast<v1::CapacityShare::Base>(quota.share->base));
  const auto capacity = overview.capacity.find(quota.share->base);
  if (capacity == overview.capacity.end()) return;
  response.set_admissible_seconds(engine::PartOf(*quota.share, capacity->second));
}

absl::StatusOr<Result<v1::YearlyOverview>> MakeOverview(const Asked& asked) {
  LABSLOT_ASSIGN_OR_RETURN(const Moment moment,
                           MomentOf(asked.as_of, *asked.view.snapshot, asked.now));
  LABSLOT_ASSIGN_OR_RETURN(
      const std::unique_ptr<UseHistory> history,
      UseHistory::Open(asked.view, moment.revision, moment.now, YearAnywhere(asked.year)));
  const Quota* quota = history->catalogue().FindQuota(asked.quota);
  if (quota == nullptr) return Result<v1::YearlyOverview>(NotFound(NameOf(kQuotas, asked.quota)));
  if (!quota->share) {
    return Result<v1::YearlyOverview>(InvalidField(
        "quota", absl::StrCat("must have max_share; ", NameOf(kQuotas, asked.quota), " limits ",
                              "time or bookings, not a share of capacity")));
  }
  Result<std::vector<std::string>> assets = AssetsInScope(asked, history->catalogue(), *quota);
  if (!assets.ok()) return Result<v1::YearlyOverview>(std::move(assets).error());
  LABSLOT_ASSIGN_OR_RETURN(const std::vector<engine::Epoch> epochs, history->Epochs());
  Folds folds(*quota, asked.year, moment.now, *history);
  for (const std::string& id : assets.value()) {
    const std::vector<engine::AssetSpan> spans = engine::SpansOf(epochs, id);
    if (!spans.empty()) folds.Add(spans);
    LABSLOT_RETURN_IF_ERROR(history->status());
  }
  const engine::YearlyOverview overview = folds.Overview();
  LABSLOT_RETURN_IF_ERROR(history->status());
  v1::YearlyOverview response;
  response.set_quota(NameOf(kQuotas, quota->id));
  response.set_display_name(quota->display_name);
  response.set_rule_set(quota->rule_set);
  response.set_year(asked.year);
  response.set_revision(moment.revision);
  AddAdmissible(*quota, overview, response);
  AddShares(overview, response);
  for (const auto& [key, part] : overview.rows) AddRow(key, part, response);
  return Result<v1::YearlyOverview>(std::move(response));
}

}  // namespace

void GetYearlyOverview(const DaemonCore& core, const CallInfo& call,
                       const v1::GetYearlyOverviewRequest& request,
                       const Reply<v1::YearlyOverview>& reply) {
  constexpr int32_t kFirstYear = 1971;
  constexpr int32_t kLastYear = 2199;
  FieldErrors errors;
  auto asked = std::make_shared<Asked>();
  asked->now = core.sequencer.Now();
  asked->principal = call.principal;
  asked->quota = IdFromName(kQuotas, request.quota(), Presence::kRequired, "quota", errors);
  asked->as_of = AsOfFromProto(request, {core.state().head(), asked->now}, errors);
  asked->year = request.year() == 0
                    ? static_cast<int32_t>(LocalDay(asked->now, absl::UTCTimeZone()).year())
                    : NumberFromProto(request.year(), kFirstYear, kLastYear, "year", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  asked->view = Freeze(core.store, core.sequencer);
  RunOnWorker(core, call, reply, [asked] { return MakeOverview(*asked); });
}

}  // namespace labslot::service
