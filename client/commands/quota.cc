// quota list, show, create, update, delete and usage.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "client/commands/booking.h"
#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/record_commands.h"
#include "client/moment_reader.h"
#include "client/names.h"
#include "client/output/rule_text.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/places.h"
#include "client/time_grammar.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

using v1::PolicyService;
using v1::Quota;
using v1::QuotaUsage;

// The most that one call asks about.
constexpr int kMostAssets = 32;

struct QuotaKind {
  using Stub = v1::PolicyService::Stub;
  using Record = v1::Quota;
  using ListRequest = v1::ListQuotasRequest;
  using ListReply = v1::ListQuotasResponse;
  using GetRequest = v1::GetQuotaRequest;
  using CreateRequest = v1::CreateQuotaRequest;
  using UpdateRequest = v1::UpdateQuotaRequest;
  using DeleteRequest = v1::DeleteQuotaRequest;
  static constexpr char kNoun[] = "quota";
  static constexpr char kOne[] = "a quota";
  static constexpr char kExampleId[] = "sem-two-future";
  static constexpr char kDeleted[] = "deleted";
  static constexpr char kDeleteHelp[] = "Remove a quota; what is booked stays as it is";
  static constexpr absl::string_view kCollection = kQuotas;

  static auto List() { return &Stub::ListQuotas; }
  static auto Get() { return &Stub::GetQuota; }
  static auto Create() { return &Stub::CreateQuota; }
  static auto Update() { return &Stub::UpdateQuota; }
  static auto Delete() { return &Stub::DeleteQuota; }
  static const auto& Records(const ListReply& reply) { return reply.quotas(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_quota_id(id);
    *request->mutable_quota() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_quota(); }
  static std::vector<std::string> CreateExamples() {
    return {
        "labslot quota create sem-two-future \"each=[user, asset]\" max_count=2 period=future "
        "\"applies_to={asset_kinds: sem}\"",
        "labslot quota create twenty-hours each=user max_time=20h rolling=14d",
        "labslot quota create rdi-sem \"applies_to={assets: sem, activity_classes: rental}\" "
        "\"max_share={percent: 20, base: opening}\" period=year \"rule_set=2022/C 414/01\"",
        "labslot quota create turns each=organisation max_time=2000h period=month fair_share=true",
        "labslot quota create shares --file shares.yaml --dry-run"};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot quota update sem-two-future max_count=3 --reason \"summer\"",
            "labslot quota update twenty-hours disabled=true"};
  }
  static Table Rows(const std::vector<Record>& records);
};

std::string EachText(const Quota& quota) {
  if (quota.each().empty()) return "all together";
  std::vector<std::string> words;
  for (const int dimension : quota.each()) {
    words.push_back(EnumWords(Quota::Dimension_Name(static_cast<Quota::Dimension>(dimension)), ""));
  }
  return absl::StrJoin(words, ", ");
}

Table QuotaKind::Rows(const std::vector<Quota>& quotas) {
  Table table;
  table.columns = {{"QUOTA"},
                   {"LIMIT"},
                   {"EACH"},
                   {"EFFECT"},
                   {"APPLIES-TO", Shown::kAlways, false, true},
                   {"EXCEPT", Shown::kWide, false, true},
                   {"OVERRIDERS", Shown::kWide},
                   {"FAIR-SHARE", Shown::kWide},
                   {"RULE-SET", Shown::kWide, false, true},
                   {"STATE", Shown::kWide},
                   {"NAME", Shown::kWide, false, true},
                   {"DESCRIPTION", Shown::kWide, false, true}};
  table.when_empty = "no quotas found; `labslot policy presets` has some to start with";
  for (const Quota& quota : quotas) {
    table.rows.push_back(
        {ShortName(quota.name()), LimitText(quota), EachText(quota),
         quota.disabled() ? "off" : EffectText(quota.effect()), ScopeText(quota.applies_to()),
         quota.except().empty() ? "" : ScopeText(quota.except()),
         OverridersText(quota.overriders()), quota.fair_share() ? "yes" : "", quota.rule_set(),
         quota.disabled() ? "off" : "on", quota.display_name(), quota.description()});
  }
  return table;
}

struct UsageOptions {
  std::string user;
  std::string organisation;
  std::vector<std::string> assets;
  std::string site;
  std::string project;
  std::string activity_class;
  std::string at;
};

// "2" or "12.5 h".
std::string Amount(std::int64_t amount, Quota::Measure measure) {
  return measure == Quota::TIME ? HoursText(absl::Seconds(amount)) : absl::StrCat(amount);
}

// What counts everything to come has no period with an end.
std::string PeriodText(const google::type::Interval& period, absl::TimeZone zone) {
  if (period.end_time().seconds() <= period.start_time().seconds()) return "to come";
  return SpanText(period, zone);
}

Table UsageTable(const v1::QueryQuotaUsageResponse& reply, absl::TimeZone zone) {
  Table table;
  table.columns = {{"QUOTA"},
                   {"LIMIT", Shown::kAlways, true},
                   {"USED", Shown::kAlways, true},
                   {"LEFT", Shown::kAlways, true},
                   {"PERIOD", Shown::kPeople, false, false, true},
                   {"START", Shown::kSheet},
                   {"END", Shown::kSheet},
                   {"ZONE"},
                   {"COUNTED", Shown::kAlways, false, false, true},
                   {"NAME", Shown::kWide}};
  table.when_empty = "no quota applies";
  for (const QuotaUsage& usage : reply.usages()) {
    const google::type::Interval& period = usage.period();
    const auto edge = [&](bool has, const google::protobuf::Timestamp& time) {
      return has ? SheetTime(ToTime(time), zone) : "";
    };
    table.rows.push_back(
        {ShortName(usage.quota()), Amount(usage.limit(), usage.measure()),
         Amount(usage.used(), usage.measure()),
         Amount(std::max<std::int64_t>(0, usage.limit() - usage.used()), usage.measure()),
         PeriodText(period, zone), edge(period.has_start_time(), period.start_time()),
         edge(period.has_end_time(), period.end_time()), zone.name(), usage.scope(),
         usage.display_name()});
  }
  return table;
}

// All assets, where that is no more than one call asks about.
absl::Status AddAllAssets(Session& session, v1::QueryQuotaUsageRequest* request) {
  v1::ListAssetsRequest list;
  list.set_page_size(kMostAssets + 1);
  const absl::StatusOr<v1::ListAssetsResponse> reply =
      Read(session, &v1::CatalogueService::Stub::ListAssets, list);
  if (!reply.ok()) return reply.status();
  if (reply->assets_size() > kMostAssets) {
    return absl::InvalidArgumentError("say of which assets, with --asset");
  }
  for (const v1::Asset& asset : reply->assets()) request->add_assets(asset.name());
  return absl::OkStatus();
}

// The run whose periods are asked for: a range, a whole day, or an hour from a
// moment; the rest of today if nothing is said.
absl::StatusOr<TimeRange> RunOf(const std::string& text, const TimeContext& times) {
  if (text.empty()) {
    const absl::CivilDay today(times.zone.At(times.now).cs);
    return TimeRange{times.now, StartOfDay(today + 1, times.zone)};
  }
  const absl::StatusOr<TimeRange> range = ParseRange(text, times, BareDay::kIsWholeDay);
  if (range.ok() || LooksLikeRange(text)) return range;
  const absl::StatusOr<absl::Time> moment = ParseMoment(text, times);
  if (!moment.ok()) return moment.status();
  return TimeRange{*moment, *moment + absl::Hours(1)};
}

absl::Status Usage(Session& session, const UsageOptions& options) {
  v1::QueryQuotaUsageRequest request;
  request.set_user(FullName(kUsers, options.user));
  request.set_organisation(FullName(kOrganisations, options.organisation));
  request.set_site(FullName(kSites, options.site));
  request.set_project(options.project);
  v1::Reservation use;
  if (absl::Status status = ReadClass(options.activity_class, &use); !status.ok()) return status;
  request.set_activity_class(use.activity_class());
  for (const std::string& asset : options.assets) request.add_assets(FullName(kAssets, asset));
  if (options.assets.empty()) {
    if (absl::Status status = AddAllAssets(session, &request); !status.ok()) return status;
  }
  if (request.assets().empty()) return absl::NotFoundError("there are no assets");
  const absl::StatusOr<TimeContext> times =
      TimesOfAsset(session, request.assets(0), request.site());
  if (!times.ok()) return times.status();
  const absl::StatusOr<TimeRange> run = RunOf(options.at, *times);
  if (!run.ok()) return run.status();
  *request.mutable_interval() = ToInterval(run->start, run->end);
  const absl::StatusOr<v1::QueryQuotaUsageResponse> reply =
      Read(session, &PolicyService::Stub::QueryQuotaUsage, request);
  if (!reply.ok()) return reply.status();
  return session.output.Show(*reply, UsageTable(*reply, times->zone));
}

void AddUsage(CLI::App& group, Session& session) {
  CLI::App* usage =
      AddCommand(group, "usage", "How much of the quotas is used and left",
                 {"labslot quota usage --asset sem", "labslot quota usage --user bob --asset sem",
                  "labslot quota usage --org acme --asset sem --asset tem --at \"next mon\""});
  auto options = std::make_shared<UsageOptions>();
  usage->add_option("--user", options->user, "Whose (default: yours)")->type_name("USER");
  usage->add_option("--org", options->organisation, "For which organisation (default: the first)")
      ->type_name("ORG");
  usage
      ->add_option("--asset", options->assets,
                   "On this asset; may be repeated (default: all, if they are few)")
      ->type_name("ASSET")
      ->allow_extra_args(false);
  usage->add_option("--site", options->site, "At this site, for a mobile asset")->type_name("SITE");
  usage->add_option("--project", options->project, "For this project");
  usage->add_option("--class", options->activity_class, "For this activity class")
      ->type_name("CLASS");
  usage->add_option("--at", options->at, "In the periods of this time (default: today)")
      ->type_name("TIME");
  usage->callback([&session, options] {
    session.action = [&session, options] { return Usage(session, *options); };
  });
}

}  // namespace

void AddQuotaCommands(CLI::App& root, Session& session) {
  CLI::App* group =
      AddRecordCommands<QuotaKind>(root, session, "Limits on how much may be reserved");
  AddPlainList<QuotaKind>(*group, session);
  AddUsage(*group, session);
}

}  // namespace labslot::client
