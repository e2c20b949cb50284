#include "daemon/service/policy_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/engine/explain.h"
#include "daemon/engine/presets.h"
#include "daemon/service/catalogue_records.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/selector.h"
#include "daemon/service/convert/time.h"
#include "daemon/service/record_methods.h"
#include "daemon/service/test_policy.h"
#include "labslot/v1/policy_service.pb.h"

namespace labslot::service {
namespace {

// The reservation whose counts are asked for.
Reservation UsageDraftFromProto(const v1::QueryQuotaUsageRequest& request, FieldErrors& errors) {
  Reservation draft;
  draft.user = IdFromName(kUsers, request.user(), Presence::kOptional, "user", errors);
  draft.organisation = IdFromName(kOrganisations, request.organisation(), Presence::kOptional,
                                  "organisation", errors);
  if (request.assets().empty()) errors.Add("assets", "must name at least one asset");
  for (std::string& id :
       IdsFromNames(kAssets, request.assets(), limits::kMaxItems, "assets", errors)) {
    draft.items.push_back({std::move(id)});
  }
  draft.site = IdFromName(kSites, request.site(), Presence::kOptional, "site", errors);
  draft.project = LineFromProto(request.project(), limits::kMaxNameText, Presence::kOptional,
                                "project", errors);
  draft.interval = IntervalFromProto(request.interval(), limits::kLongestRun, "interval", errors);
  draft.activity_class = EnumFromProto<ActivityClass>(request.activity_class(), Presence::kOptional,
                                                      "activity_class", errors);
  return draft;
}

void QueryQuotaUsage(const DaemonCore& core, const CallInfo& call,
                     const v1::QueryQuotaUsageRequest& request,
                     const Reply<v1::QueryQuotaUsageResponse>& reply) {
  FieldErrors errors;
  const Reservation draft = UsageDraftFromProto(request, errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const Result<std::vector<engine::QuotaUsage>> usages =
      engine::QuotaUsageOf(core.state(), call.principal, draft, core.sequencer.Now());
  if (!usages.ok()) return reply.Fail(usages.error());
  v1::QueryQuotaUsageResponse response;
  for (const engine::QuotaUsage& usage : usages.value()) {
    v1::QuotaUsage& added = *response.add_usages();
    added.set_quota(NameOf(kQuotas, usage.quota));
    added.set_display_name(usage.display_name);
    added.set_scope(usage.scope);
    added.set_limit(usage.limit);
    added.set_used(usage.used);
    added.set_measure(static_cast<v1::Quota::Measure>(usage.measure));
    ToProto(usage.period.start, *added.mutable_period()->mutable_start_time());
    // What is to come has no end.
    if (!usage.period.empty()) {
      ToProto(usage.period.end, *added.mutable_period()->mutable_end_time());
    }
  }
  reply.Send(response);
}

void ApplyPolicy(const DaemonCore& core, const CallInfo& call,
                 const v1::ApplyPolicyRequest& request,
                 const Reply<v1::ApplyPolicyResponse>& reply) {
  FieldErrors errors;
  engine::Command command = CommandOf(call, request, errors);
  engine::ApplyPolicy body;
  if (request.existing() != v1::ApplyPolicyRequest::EXISTING_UNSPECIFIED) {
    body.existing = EnumFromProto<engine::Existing>(request.existing(), Presence::kOptional,
                                                    "existing", errors);
  }
  body.notice = DurationFromProto(request.notice(), 0, limits::kHorizon, "notice", errors);
  if (body.existing == engine::Existing::kCancel) {
    RequireReason(command, "must be set: holders are told why their reservations are cancelled",
                  errors);
  } else if (body.notice != 0) {
    errors.Add("notice", "must not be set unless existing is CANCEL");
  }
  engine::RuleChange change = RuleChangeFromProto(request.changes(), request.removals(), errors);
  body.records = std::move(change.records);
  body.removals = std::move(change.removals);
  command.body = std::move(body);
  SubmitCommand(core, call, std::move(command), errors, reply,
                [](const runtime::Answer& answer, v1::ApplyPolicyResponse& response) {
                  response.set_created_count(answer.created_count);
                  response.set_updated_count(answer.updated_count);
                  response.set_removed_count(answer.removed_count);
                  response.set_unchanged_count(answer.unchanged_count);
                  response.set_warned_count(answer.warned_count);
                  response.set_cancelled_count(answer.cancelled_count);
                });
}

void ListPresets(const DaemonCore&, const CallInfo&, const v1::ListPresetsRequest&,
                 const Reply<v1::ListPresetsResponse>& reply) {
  v1::ListPresetsResponse response;
  for (const engine::Preset& preset : engine::Presets()) {
    v1::Preset& added = *response.add_presets();
    added.set_preset(preset.name);
    added.set_display_name(preset.display_name);
    added.set_description(preset.description);
    for (const engine::PresetParameter& parameter : preset.parameters) {
      v1::PresetParameter& value = *added.add_parameters();
      value.set_key(parameter.key);
      value.set_description(parameter.description);
      value.set_default_value(parameter.default_value);
    }
  }
  reply.Send(response);
}

// Adds a rule of a preset, without what only a record has. Returns false if its
// name is not legal.
template <typename Rule, typename Proto>
bool AddRule(const Rule& rule, Proto& to) {
  ToProto(rule, to);
  to.clear_create_time();
  to.clear_update_time();
  to.clear_etag();
  return IsLegalId(rule.id);
}

void ExpandPreset(const DaemonCore&, const CallInfo&, const v1::ExpandPresetRequest& request,
                  const Reply<v1::ExpandPresetResponse>& reply) {
  FieldErrors errors;
  const std::string preset =
      LineFromProto(request.preset(), limits::kMaxNameText, Presence::kRequired, "preset", errors);
  const Selector applies_to = SelectorFromProto(request.applies_to(), "applies_to", errors);
  const std::string prefix =
      request.id_prefix().empty() ? preset : IdFromProto(request.id_prefix(), "id_prefix", errors);
  const std::map<std::string, std::string> parameters =
      LabelsFromProto(request.parameters(), "parameters", errors);
  if (!errors.ok()) return reply.Fail(errors.ToError());
  const Result<engine::PresetRules> rules =
      engine::ExpandPreset(preset, applies_to, prefix, parameters);
  if (!rules.ok()) return reply.Fail(rules.error());
  v1::ExpandPresetResponse response;
  v1::Catalogue& changes = *response.mutable_changes();
  bool legal = true;
  for (const Policy& policy : rules.value().policies) {
    legal = AddRule(policy, *changes.add_policies()) && legal;
  }
  for (const Quota& quota : rules.value().quotas) {
    legal = AddRule(quota, *changes.add_quotas()) && legal;
  }
  if (!legal) {
    errors.Add("id_prefix", absl::StrCat("must be shorter: ids have at most ", limits::kMaxIdLength,
                                         " characters"));
    return reply.Fail(errors.ToError());
  }
  reply.Send(response);
}

}  // namespace

void AddPolicyMethods(Methods& methods) {
  methods.Add("GetPolicy", GetRecord<Policy, v1::GetPolicyRequest>);
  methods.Add("ListPolicies",
              ListRecords<Policy, v1::ListPoliciesRequest, v1::ListPoliciesResponse>);
  methods.Add("CreatePolicy", CreateRecord<Policy, v1::CreatePolicyRequest>);
  methods.Add("UpdatePolicy", UpdateRecord<Policy, v1::UpdatePolicyRequest>);
  methods.Add("DeletePolicy", DeleteRecord<Policy, v1::DeletePolicyRequest>);
  methods.Add("GetQuota", GetRecord<Quota, v1::GetQuotaRequest>);
  methods.Add("ListQuotas", ListRecords<Quota, v1::ListQuotasRequest, v1::ListQuotasResponse>);
  methods.Add("CreateQuota", CreateRecord<Quota, v1::CreateQuotaRequest>);
  methods.Add("UpdateQuota", UpdateRecord<Quota, v1::UpdateQuotaRequest>);
  methods.Add("DeleteQuota", DeleteRecord<Quota, v1::DeleteQuotaRequest>);
  methods.Add("QueryQuotaUsage", QueryQuotaUsage);
  methods.Add("TestPolicy", TestPolicy);
  methods.Add("ApplyPolicy", ApplyPolicy);
  methods.Add("ListPresets", ListPresets);
  methods.Add("ExpandPreset", ExpandPreset);
}

}  // namespace labslot::service
