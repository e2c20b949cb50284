#include "tests/bench/rules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/bench/child.h"

namespace labslot::bench {
namespace {

// In the text format of protobuf.
constexpr const char* kPolicyTexts[kPolicies] = {
    "duration { min { seconds: 900 } max { seconds: 14400 } }",
    "duration { max { seconds: 7200 } } sleeps { days: SATURDAY window { opens { hours: 0 } "
    "closes { hours: 24 } } }",
    "granularity { step { seconds: 1800 } }",
    "granularity { step { seconds: 900 } }",
    "notice { create { duration { seconds: 3600 } } }",
    "notice { change { days: 1 } cancel { days: 2 } }",
    "horizon { lead { days: 3000 } } effect: RULE_EFFECT_REJECT",
    "horizon { lead { days: 30 } } applies_to { groups: \"groups/others\" }",
    "horizon { lead { days: 60 } } applies_to { organisation_kinds: KIND_LARGE }",
    "lock { lead { days: 1 } }",
    "qualification { qualification: \"microscopy\" }",
    "qualification { qualification: \"safety\" }",
    "site { power_kw: 10 clearance_m: 2.5 }",
    "eligibility { who { organisation_kinds: KIND_SME } who { groups: \"groups/others\" } }",
    "eligibility { who { regions: \"BE\" } }",
    "always {} effect: RULE_EFFECT_NEEDS_APPROVAL applies_to { groups: \"groups/others\" }",
    "hold { max { seconds: 86400 } }",
    "protection { lead { days: 2 } }",
    "reserved { who { organisation_kinds: KIND_SME } until { days: 14 } }",
    "duration { max { seconds: 1000 } } except { organisation_kinds: KIND_SME }",
};

constexpr const char* kQuotaTexts[kQuotas] = {
    "each: USER each: ASSET measure: TIME max_time { seconds: 100000000 } period: WEEK",
    "each: USER measure: TIME max_time { seconds: 1000000000 } period: ROLLING rolling_days: 14",
    "each: ASSET measure: COUNT max_count: 10000000 period: DAY",
    "each: ORGANISATION measure: TIME max_time { seconds: 10000000000 } period: MONTH",
    "each: ORGANISATION each: KIND measure: COUNT max_count: 10000000 period: YEAR",
    "each: PROJECT measure: TIME max_time { seconds: 10000000000 } period: MONTH",
    "each: SITE measure: COUNT max_count: 10000000 period: WEEK",
    "each: USER measure: TIME max_time { seconds: 10000000000 } period: WEEK prime_time { "
    "days: MONDAY window { opens { hours: 8 } closes { hours: 17 } } }",
    "each: ASSET measure: TIME max_time { seconds: 10000000000 } period: WEEK hand_back { days: 7 "
    "}",
    "measure: COUNT max_count: 10000000 period: MONTH counts_no_shows: true",
};

template <typename Rule>
void Read(const std::string& text, Rule& rule) {
  if (!google::protobuf::TextFormat::MergeFromString(text, &rule)) {
    Fail(absl::StrCat("a rule of the bench does not parse: ", text));
  }
  if (rule.applies_to().empty()) rule.add_applies_to();
  for (auto& selector : *rule.mutable_applies_to()) selector.add_asset_kinds(kRuledKind);
}

}  // namespace

void AddRules(v1::Catalogue& catalogue) {
  v1::Group& others = *catalogue.add_groups();
  others.set_name("groups/others");
  others.set_display_name("Others");
  for (int i = 0; i < kPolicies; ++i) {
    v1::Policy& policy = *catalogue.add_policies();
    policy.set_name(absl::StrCat("policies/policy-", i));
    Read(kPolicyTexts[i], policy);
  }
  for (int i = 0; i < kQuotas; ++i) {
    v1::Quota& quota = *catalogue.add_quotas();
    quota.set_name(absl::StrCat("quotas/quota-", i));
    Read(kQuotaTexts[i], quota);
  }
}

}  // namespace labslot::bench
