// policy list, show, create, update and delete.

#include <string>
#include <utility>
#include <vector>

#include "client/commands/commands.h"
#include "client/commands/common.h"
#include "client/commands/policy_change.h"
#include "client/commands/record_commands.h"
#include "client/names.h"
#include "client/output/rule_text.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

struct PolicyKind {
  using Stub = v1::PolicyService::Stub;
  using Record = v1::Policy;
  using ListRequest = v1::ListPoliciesRequest;
  using ListReply = v1::ListPoliciesResponse;
  using GetRequest = v1::GetPolicyRequest;
  using CreateRequest = v1::CreatePolicyRequest;
  using UpdateRequest = v1::UpdatePolicyRequest;
  using DeleteRequest = v1::DeletePolicyRequest;
  static constexpr char kNoun[] = "policy";
  static constexpr char kOne[] = "a policy";
  static constexpr char kExampleId[] = "sem-max-4h";
  static constexpr char kDeleted[] = "deleted";
  static constexpr char kDeleteHelp[] = "Remove a policy; what is booked stays as it is";
  static constexpr absl::string_view kCollection = kPolicies;

  static auto List() { return &Stub::ListPolicies; }
  static auto Get() { return &Stub::GetPolicy; }
  static auto Create() { return &Stub::CreatePolicy; }
  static auto Update() { return &Stub::UpdatePolicy; }
  static auto Delete() { return &Stub::DeletePolicy; }
  static const auto& Records(const ListReply& reply) { return reply.policies(); }
  static void SetCreate(const std::string& id, Record record, CreateRequest* request) {
    request->set_policy_id(id);
    *request->mutable_policy() = std::move(record);
  }
  static Record* UpdateTarget(UpdateRequest* request) { return request->mutable_policy(); }
  static std::vector<std::string> CreateExamples() {
    return {
        "labslot policy create sem-max-4h \"duration={max: 4h}\" \"applies_to={asset_kinds: "
        "sem}\" overriders=managers",
        "labslot policy create laser-training qualification=laser-4 \"applies_to={labels: "
        "{safety: laser-4}}\" description=\"Lasers blind.\"",
        "labslot policy create night --file night.yaml --dry-run"};
  }
  static std::vector<std::string> UpdateExamples() {
    return {"labslot policy update sem-max-4h \"duration={max: 6h}\" --reason \"agreed in May\"",
            "labslot policy update sem-max-4h disabled=true"};
  }
  static Table Rows(const std::vector<Record>& records);
};

Table PolicyKind::Rows(const std::vector<v1::Policy>& policies) {
  Table table;
  table.columns = {{"POLICY"},
                   {"RULE", Shown::kAlways, false, true},
                   {"EFFECT"},
                   {"APPLIES-TO", Shown::kAlways, false, true},
                   {"EXCEPT", Shown::kWide, false, true},
                   {"OVERRIDERS", Shown::kWide},
                   {"STATE", Shown::kWide},
                   {"NAME", Shown::kWide, false, true},
                   {"DESCRIPTION", Shown::kWide, false, true}};
  table.when_empty = "no policies found; `labslot policy presets` has some to start with";
  for (const v1::Policy& policy : policies) {
    table.rows.push_back({ShortName(policy.name()), RuleText(policy),
                          policy.disabled() ? "off" : EffectText(policy.effect()),
                          ScopeText(policy.applies_to()),
                          policy.except().empty() ? "" : ScopeText(policy.except()),
                          OverridersText(policy.overriders()), policy.disabled() ? "off" : "on",
                          policy.display_name(), policy.description()});
  }
  return table;
}

}  // namespace

void AddPolicyCommands(CLI::App& root, Session& session) {
  CLI::App* group = AddRecordCommands<PolicyKind>(root, session, "Rules of booking as data");
  AddPlainList<PolicyKind>(*group, session);
  AddPolicyChangeCommands(*group, session);
  AddPresetCommands(*group, session);
}

}  // namespace labslot::client
