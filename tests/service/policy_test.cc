#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "labslot/v1/policy_service.grpc.pb.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using runtime::Booking;
using runtime::Order;
using ::testing::HasSubstr;

// `code|field`: the code, and the first field that is malformed.
std::string WordOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  google::rpc::BadRequest bad;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&bad)) break;
  }
  return absl::StrCat(status.error_code(), "|",
                      bad.field_violations().empty() ? "" : bad.field_violations(0).field());
}

const std::string kInvalid = absl::StrCat(grpc::StatusCode::INVALID_ARGUMENT, "|");
const std::string kOk = absl::StrCat(grpc::StatusCode::OK, "|");

// Nothing of the lab is longer than an hour.
v1::Policy Short() {
  v1::Policy policy;
  policy.set_name("policies/short");
  policy.mutable_duration()->mutable_max()->set_seconds(3600);
  policy.add_applies_to()->add_assets("assets/lab");
  return policy;
}

v1::Quota TwoRuns() {
  v1::Quota quota;
  quota.set_name("quotas/two");
  quota.set_measure(v1::Quota::COUNT);
  quota.set_max_count(2);
  quota.set_period(v1::Quota::FUTURE);
  quota.add_each(v1::Quota::USER);
  return quota;
}

class PolicyServiceTest : public ::testing::Test {
 protected:
  void Start() {
    running_.Start();
    policies_ = v1::PolicyService::NewStub(running_.OverTcp());
    operator_ = v1::PolicyService::NewStub(running_.OverSocket());
  }

  v1::ListPresetsResponse Presets() {
    v1::ListPresetsResponse response;
    EXPECT_TRUE(
        policies_->ListPresets(CallOf("ada").get(), v1::ListPresetsRequest(), &response).ok());
    return response;
  }

  RunningServer running_;
  std::unique_ptr<v1::PolicyService::Stub> policies_;
  std::unique_ptr<v1::PolicyService::Stub> operator_;
};

TEST_F(PolicyServiceTest, ARecordIsMadeReadChangedListedAndRemoved) {
  Start();
  v1::CreatePolicyRequest create;
  create.set_policy_id("short");
  *create.mutable_policy() = Short();
  v1::Policy policy;
  ASSERT_EQ(WordOf(operator_->CreatePolicy(CallOf().get(), create, &policy)), kOk);
  v1::UpdatePolicyRequest update;
  update.mutable_policy()->set_name("policies/short");
  update.mutable_policy()->mutable_granularity()->mutable_step()->set_seconds(900);
  update.mutable_update_mask()->add_paths("granularity");
  ASSERT_EQ(WordOf(operator_->UpdatePolicy(CallOf().get(), update, &policy)), kOk);
  EXPECT_EQ(policy.rule_case(), v1::Policy::kGranularity);
  v1::GetPolicyRequest get;
  get.set_name("policies/short");
  v1::Policy read;
  ASSERT_EQ(WordOf(policies_->GetPolicy(CallOf("eve").get(), get, &read)), kOk);
  EXPECT_EQ(read.SerializeAsString(), policy.SerializeAsString());
  v1::CreateQuotaRequest quota;
  quota.set_quota_id("two");
  *quota.mutable_quota() = TwoRuns();
  v1::Quota made;
  ASSERT_EQ(WordOf(operator_->CreateQuota(CallOf().get(), quota, &made)), kOk);
  v1::ListQuotasResponse quotas;
  ASSERT_EQ(WordOf(policies_->ListQuotas(CallOf("eve").get(), v1::ListQuotasRequest(), &quotas)),
            kOk);
  ASSERT_EQ(quotas.quotas_size(), 1);
  EXPECT_EQ(quotas.quotas(0).name(), "quotas/two");
  v1::DeletePolicyRequest remove;
  remove.set_name("policies/short");
  ASSERT_EQ(WordOf(operator_->DeletePolicy(CallOf().get(), remove, &policy)), kOk);
  EXPECT_EQ(policies_->GetPolicy(CallOf("eve").get(), get, &read).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(PolicyServiceTest, AnImportTakesWhatAnExportGives) {
  Start();
  const auto catalogue = v1::CatalogueService::NewStub(running_.OverSocket());
  v1::ImportCatalogueRequest import;
  v1::Group& group = *import.mutable_catalogue()->add_groups();
  group.set_name("groups/staff");
  group.add_users("users/ada");
  *import.mutable_catalogue()->add_policies() = Short();
  import.mutable_catalogue()->mutable_policies(0)->add_except()->add_groups("groups/staff");
  *import.mutable_catalogue()->add_quotas() = TwoRuns();
  v1::ImportCatalogueResponse done;
  const grpc::Status status = catalogue->ImportCatalogue(CallOf().get(), import, &done);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(done.created_count(), 3);
  v1::ExportCatalogueResponse exported;
  ASSERT_TRUE(
      catalogue->ExportCatalogue(CallOf().get(), v1::ExportCatalogueRequest(), &exported).ok());
  EXPECT_EQ(exported.catalogue().groups_size(), 1);
  EXPECT_EQ(exported.catalogue().policies_size(), 1);
  EXPECT_EQ(exported.catalogue().quotas_size(), 1);
  *import.mutable_catalogue() = exported.catalogue();
  ASSERT_TRUE(catalogue->ImportCatalogue(CallOf().get(), import, &done).ok());
  EXPECT_EQ(done.created_count() + done.updated_count(), 0);
}

TEST_F(PolicyServiceTest, ATestTellsWhatAChangeWouldBreakAndChangesNothing) {
  running_.Must(Order(Booking("lab", "mon 9:00-11:00")));
  running_.Must(Order(Booking("lab", "tue 9:00-10:00")));
  Start();
  v1::TestPolicyRequest request;
  *request.mutable_changes()->add_policies() = Short();
  v1::TestPolicyResponse response;
  ASSERT_EQ(WordOf(policies_->TestPolicy(CallOf("mia").get(), request, &response)), kOk);
  EXPECT_EQ(response.judged_count(), 2);
  EXPECT_EQ(response.broken_count(), 1);
  ASSERT_EQ(response.broken_size(), 1);
  EXPECT_EQ(response.broken(0).violations(0).rule(), v1::Violation::TOO_LONG);
  EXPECT_EQ(response.broken(0).violations(0).source(), "policies/short");
  SetInterval("tue 0:00-12:00", *request.mutable_interval());
  ASSERT_EQ(WordOf(policies_->TestPolicy(CallOf("mia").get(), request, &response)), kOk);
  EXPECT_EQ(response.broken_count(), 0);
  EXPECT_EQ(policies_->TestPolicy(CallOf("eve").get(), request, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::ListPoliciesResponse list;
  ASSERT_TRUE(policies_->ListPolicies(CallOf("mia").get(), v1::ListPoliciesRequest(), &list).ok());
  EXPECT_EQ(list.policies_size(), 0);
}

TEST_F(PolicyServiceTest, AppliedPoliciesDoWithReservationsAsTold) {
  running_.Must(Order(Booking("lab", "mon 9:00-11:00")));
  Start();
  v1::ApplyPolicyRequest request;
  *request.mutable_changes()->add_policies() = Short();
  request.set_existing(v1::ApplyPolicyRequest::WARN);
  v1::ApplyPolicyResponse response;
  ASSERT_EQ(WordOf(policies_->ApplyPolicy(CallOf("mia").get(), request, &response)), kOk);
  EXPECT_EQ(response.created_count(), 1);
  EXPECT_EQ(response.warned_count(), 1);
  EXPECT_EQ(response.cancelled_count(), 0);
  v1::ApplyPolicyRequest remove;
  remove.add_removals("policies/short");
  ASSERT_EQ(WordOf(policies_->ApplyPolicy(CallOf("mia").get(), remove, &response)), kOk);
  EXPECT_EQ(response.removed_count(), 1);
  request.set_existing(v1::ApplyPolicyRequest::CANCEL);
  request.set_reason("too long");
  ASSERT_EQ(WordOf(policies_->ApplyPolicy(CallOf("mia").get(), request, &response)), kOk);
  EXPECT_EQ(response.cancelled_count(), 1);
}

TEST_F(PolicyServiceTest, AMalformedChangeIsToldByItsField) {
  Start();
  struct Row {
    const char* field;
    std::function<void(v1::ApplyPolicyRequest&)> spoil;
  };
  const Row rows[] = {
      {"changes", [](auto& request) { request.clear_changes(); }},
      {"changes.policies[0].name",
       [](auto& request) { request.mutable_changes()->mutable_policies(0)->set_name("x"); }},
      {"changes.policies[0].rule",
       [](auto& request) { request.mutable_changes()->mutable_policies(0)->clear_duration(); }},
      {"changes",
       [](auto& request) {
         for (size_t i = 0; i < limits::kMaxPolicyChanges; ++i) {
           *request.mutable_changes()->add_policies() = Short();
         }
       }},
      {"removals[0]", [](auto& request) { request.add_removals("assets/lab"); }},
      {"removals[1]",
       [](auto& request) {
         request.add_removals("quotas/a");
         request.add_removals("quotas/a");
       }},
      {"removals",
       [](auto& request) {
         for (size_t i = 0; i <= limits::kMaxPolicyChanges; ++i) {
           request.add_removals(absl::StrCat("quotas/q", i));
         }
       }},
      {"existing",
       [](auto& request) {
         request.set_existing(static_cast<v1::ApplyPolicyRequest::Existing>(9));
       }},
      {"reason", [](auto& request) { request.set_existing(v1::ApplyPolicyRequest::CANCEL); }},
      {"notice", [](auto& request) { request.mutable_notice()->set_seconds(60); }},
      {"notice", [](auto& request) { request.mutable_notice()->set_seconds(-1); }},
  };
  for (const Row& row : rows) {
    v1::ApplyPolicyRequest request;
    *request.mutable_changes()->add_policies() = Short();
    row.spoil(request);
    v1::ApplyPolicyResponse response;
    EXPECT_EQ(WordOf(operator_->ApplyPolicy(CallOf().get(), request, &response)),
              absl::StrCat(kInvalid, row.field));
  }
}

TEST_F(PolicyServiceTest, UsageIsToldToItsUserAndToManagers) {
  running_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  Start();
  v1::CreateQuotaRequest create;
  create.set_quota_id("two");
  *create.mutable_quota() = TwoRuns();
  v1::Quota quota;
  ASSERT_EQ(WordOf(operator_->CreateQuota(CallOf().get(), create, &quota)), kOk);
  v1::QueryQuotaUsageRequest request;
  request.add_assets("assets/lab");
  SetInterval("tue 9:00-10:00", *request.mutable_interval());
  v1::QueryQuotaUsageResponse response;
  ASSERT_EQ(WordOf(policies_->QueryQuotaUsage(CallOf("ada").get(), request, &response)), kOk);
  ASSERT_EQ(response.usages_size(), 1);
  EXPECT_EQ(response.usages(0).quota(), "quotas/two");
  EXPECT_EQ(response.usages(0).limit(), 2);
  EXPECT_EQ(response.usages(0).used(), 1);
  EXPECT_EQ(response.usages(0).measure(), v1::Quota::COUNT);
  request.set_user("users/ada");
  EXPECT_EQ(WordOf(policies_->QueryQuotaUsage(CallOf("mia").get(), request, &response)), kOk);
  EXPECT_EQ(policies_->QueryQuotaUsage(CallOf("bob").get(), request, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  request.clear_assets();
  EXPECT_EQ(WordOf(policies_->QueryQuotaUsage(CallOf("ada").get(), request, &response)),
            kInvalid + "assets");
}

// Found by random requests: the error named `reservation.user`, which such a
// request does not have.
TEST_F(PolicyServiceTest, UsageOfNobodyNamesTheFieldOfItsOwnRequest) {
  Start();
  v1::QueryQuotaUsageRequest request;
  request.add_assets("assets/lab");
  SetInterval("tue 9:00-10:00", *request.mutable_interval());
  v1::QueryQuotaUsageResponse response;
  EXPECT_EQ(WordOf(operator_->QueryQuotaUsage(CallOf().get(), request, &response)),
            kInvalid + "user");
}

// Gives each parameter that has no default a value, or fails.
TEST_F(PolicyServiceTest, EveryPresetIsWrittenOutAsAnImportTakesIt) {
  Start();
  const auto catalogue = v1::CatalogueService::NewStub(running_.OverSocket());
  int expanded = 0;
  const v1::ListPresetsResponse presets = Presets();
  for (const v1::Preset& preset : presets.presets()) {
    v1::ExpandPresetRequest request;
    request.set_preset(preset.preset());
    request.mutable_applies_to()->add_assets("assets/lab");
    v1::ExpandPresetResponse response;
    const grpc::Status status = policies_->ExpandPreset(CallOf("eve").get(), request, &response);
    // Some must be told whom they are for; that is said by the parameter.
    if (!status.ok()) {
      EXPECT_THAT(WordOf(status), HasSubstr(kInvalid + "parameters[")) << preset.preset();
      continue;
    }
    ++expanded;
    v1::ImportCatalogueRequest import;
    *import.mutable_catalogue() = response.changes();
    v1::ImportCatalogueResponse done;
    const grpc::Status imported = catalogue->ImportCatalogue(CallOf().get(), import, &done);
    EXPECT_TRUE(imported.ok()) << preset.preset() << ": " << imported.error_message();
    EXPECT_GT(done.created_count(), 0) << preset.preset();
  }
  EXPECT_GT(expanded, 0);
}

TEST_F(PolicyServiceTest, APresetThatCannotBeWrittenOutSaysWhy) {
  Start();
  v1::ExpandPresetRequest request;
  v1::ExpandPresetResponse response;
  EXPECT_EQ(WordOf(policies_->ExpandPreset(CallOf("eve").get(), request, &response)),
            kInvalid + "preset");
  request.set_preset("no-such");
  EXPECT_EQ(policies_->ExpandPreset(CallOf("eve").get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  request.set_preset("nano-facility");
  request.mutable_applies_to()->add_assets("lab");
  EXPECT_EQ(WordOf(policies_->ExpandPreset(CallOf("eve").get(), request, &response)),
            kInvalid + "applies_to.assets[0]");
  request.mutable_applies_to()->set_assets(0, "assets/lab");
  (*request.mutable_parameters())["no such"] = "1";
  EXPECT_EQ(WordOf(policies_->ExpandPreset(CallOf("eve").get(), request, &response)),
            kInvalid + "parameters[\"no such\"]");
  request.clear_parameters();
  request.set_id_prefix("Mine");
  EXPECT_EQ(WordOf(policies_->ExpandPreset(CallOf("eve").get(), request, &response)),
            kInvalid + "id_prefix");
  request.set_id_prefix(std::string(limits::kMaxIdLength, 'a'));
  EXPECT_EQ(WordOf(policies_->ExpandPreset(CallOf("eve").get(), request, &response)),
            kInvalid + "id_prefix");
  request.set_id_prefix("mine");
  ASSERT_EQ(WordOf(policies_->ExpandPreset(CallOf("eve").get(), request, &response)), kOk);
  for (const v1::Policy& policy : response.changes().policies()) {
    EXPECT_THAT(policy.name(), ::testing::StartsWith("policies/mine"));
    EXPECT_EQ(policy.etag(), "");
    EXPECT_FALSE(policy.has_create_time());
  }
}

}  // namespace
}  // namespace labslot::service
