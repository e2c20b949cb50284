#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/service/convert/lead.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/policy_rule.h"
#include "daemon/service/convert/selector.h"
#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

v1::Policy Legal() {
  v1::Policy proto;
  ToProto(FullPolicy(), proto);
  return proto;
}

void ReadPolicy(const v1::Policy& policy, FieldErrors& errors) {
  PolicyFromProto(policy, "short", "policy", errors);
}

void ReadSelector(const v1::Selector& selector, FieldErrors& errors) {
  SelectorFromProto(selector, "s", errors);
}

TEST(SelectorRules, EveryListHasItsRule) {
  ExpectRules(
      v1::Selector(),
      {
          {"", "", "", ""},
          {"", "regions: 'BE' regions: 'BE2'", "", ""},
          {"", "organisation_kinds: KIND_SME organisation_kinds: KIND_LARGE", "", ""},
          {"", "organisation_kinds: KIND_UNSPECIFIED", "s.organisation_kinds[0]",
           "must be set to one of KIND_SME"},
          {"", "organisation_kinds: 9", "s.organisation_kinds[0]", "there is no value 9"},
          {"", "organisation_kinds: KIND_SME organisation_kinds: KIND_SME",
           "s.organisation_kinds[1]", "listed twice"},
          {"", "organisations: 'imec'", "s.organisations[0]", "must be organisations/{id}"},
          {"", "regions: 'be2'", "s.regions[0]", "NUTS code"},
          {"", "regions: ''", "s.regions[0]", "must be set"},
          {"", "regions: 'BE2' regions: 'BE2'", "s.regions[1]", "listed twice: 'BE2'"},
          {"", "users: 'groups/x'", "s.users[0]", "must be users/{id}"},
          {"", "groups: 'x'", "s.groups[0]", "must be groups/{id}"},
          {"", "relations: RELATION_UNSPECIFIED", "s.relations[0]", "one of OWNER, MANAGER"},
          {"", "relations: 3", "s.relations[0]", "there is no value 3"},
          {"", "assets: 'assets/a' assets: 'assets/a'", "s.assets[1]", "listed twice"},
          {"", "asset_kinds: ''", "s.asset_kinds[0]", "must be set"},
          {"", "asset_kinds: 'a\\nb'", "s.asset_kinds[0]", "one line"},
          {"", "labels { key: ' ' value: '' }", "s.labels[\" \"]", "a key of 1 to 63"},
          {"", "sites: 'assets/x'", "s.sites[0]", "must be sites/{id}"},
          {"", "purposes: ''", "s.purposes[0]", "must be set"},
          {"", "purposes: '\\xFF'", "s.purposes[0]", "well-formed UTF-8"},
          {"", "activity_classes: ACTIVITY_CLASS_UNSPECIFIED", "s.activity_classes[0]",
           "must be set to one of"},
          {"", "activity_classes: 8", "s.activity_classes[0]", "there is no value 8"},
      },
      ReadSelector);
}

TEST(SelectorRules, ThereIsAMostOfEntriesAndOfSelectors) {
  v1::Selector selector;
  for (size_t i = 0; i < limits::kMaxSelectorEntries; ++i) {
    selector.add_asset_kinds(absl::StrCat("k", i));
    selector.add_users(absl::StrCat("users/u", i));
  }
  FieldErrors errors;
  ReadSelector(selector, errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  selector.add_asset_kinds("more");
  selector.add_users("users/more");
  ReadSelector(selector, errors);
  EXPECT_EQ(Told(errors),
            "s.users: must have at most 200 elements, not 201\n"
            "s.asset_kinds: must have at most 200 elements, not 201\n");
  v1::Policy policy = Legal();
  policy.clear_except();
  for (size_t i = 0; i <= limits::kMaxSelectors; ++i) policy.add_except();
  FieldErrors of_policy;
  ReadPolicy(policy, of_policy);
  EXPECT_EQ(Told(of_policy), "policy.except: must have at most 32 elements, not 33\n");
}

TEST(PolicyRules, EveryFieldHasItsRule) {
  const std::string day = "start_date { year: 2027 month: 5 day: 2 } ";
  ExpectRules(
      Legal(),
      {
          {"", "", "", ""},
          {"", "name: '?' etag: '?' create_time { nanos: 7 }", "", ""},
          {"effect", "", "", ""},
          {"applies_to", "", "", ""},
          {"sleeps", "", "", ""},
          {"overriders", "", "", ""},
          {"approval", "", "", ""},
          {"", "display_name: 'a\\nb'", "policy.display_name", "one line"},
          {"", "description: '\\x01'", "policy.description", "control characters"},
          {"", "effect: 4", "policy.effect", "there is no value 4"},
          {"", "applies_to { users: 'x' }", "policy.applies_to[1].users[0]", "users/{id}"},
          {"", "except { sites: 'x' }", "policy.except[2].sites[0]", "sites/{id}"},
          {"", "sleeps { window { opens {} closes {} } }", "policy.sleeps[1].days", "one day"},
          {"", "sleeps { days: MONDAY window { opens {} closes {} groups: 'groups/a' } }",
           "policy.sleeps[1].window.groups", "must be empty here"},
          {"", "periods { " + day + "}", "", ""},
          {"", "periods {}", "policy.periods[2].start_date", "must be set"},
          {"", "periods { " + day + "end_date { year: 2027 month: 5 day: 1 } }",
           "policy.periods[2].end_date", "must not be before start_date"},
          {"", "overriders { users: 'mia' }", "policy.overriders.users[1]", "users/{id}"},
          {"", "overriders { groups: 'users/a' }", "policy.overriders.groups[1]", "groups/{id}"},
          {"", "approval { approvers { users: 'x' } }", "policy.approval.approvers.users[1]",
           "users/{id}"},
          {"", "approval { time_out { seconds: -1 } }", "policy.approval.time_out",
           "0 seconds to 1830 days"},
      },
      ReadPolicy);
}

TEST(PolicyRules, ThereIsAMostOfPeriods) {
  v1::Policy policy = Legal();
  for (size_t i = 0; i < limits::kMaxDateRanges; ++i) *policy.add_periods() = policy.periods(0);
  FieldErrors errors;
  ReadPolicy(policy, errors);
  EXPECT_EQ(Told(errors), "policy.periods: must have at most 100 elements, not 102\n");
}

TEST(PolicyRules, OneKindOfRuleMustBeSet) {
  v1::Policy policy = Legal();
  policy.clear_duration();
  FieldErrors errors;
  ReadPolicy(policy, errors);
  ASSERT_EQ(errors.violations().size(), 1u);
  EXPECT_EQ(errors.violations()[0].field, "policy.rule");
  for (const std::string& field : PolicyRuleFields()) {
    EXPECT_THAT(errors.violations()[0].description, ::testing::HasSubstr(field));
  }
}

// What nobody can break has no effect to set.
TEST(PolicyRules, AnEffectIsForRulesThatCanBeBroken) {
  for (const char* kind : {"closed_time {}", "grace { grace { seconds: 900 } }"}) {
    for (const char* effect : {"", "RULE_EFFECT_REJECT", "RULE_EFFECT_WARN"}) {
      v1::Policy policy;
      Apply({"", kind, "", ""}, policy);
      if (*effect != '\0') Apply({"", absl::StrCat("effect: ", effect), "", ""}, policy);
      FieldErrors errors;
      ReadPolicy(policy, errors);
      const bool legal = std::string(effect) != "RULE_EFFECT_WARN";
      EXPECT_EQ(errors.ok(), legal) << kind << effect << Told(errors);
      if (!legal) {
        EXPECT_EQ(errors.violations()[0].field, "policy.effect");
      }
    }
  }
}

// Each row is a policy of its own kind.
TEST(PolicyRules, EveryKindHasItsRules) {
  const std::string week = "days: MONDAY window { opens {} closes { hours: 8 } ";
  const std::string zero_lead = "must be set: days, a duration, or both";
  ExpectRules(
      v1::Policy(),
      {
          {"", "duration { min { seconds: 60 } }", "", ""},
          {"", "duration { max { seconds: 31622400 } }", "", ""},
          {"", "duration { min { seconds: 60 } max { seconds: 60 } }", "", ""},
          {"", "duration {}", "policy.duration", "must have min, max or both"},
          {"", "duration { min {} max {} }", "policy.duration", "must have min, max or both"},
          {"", "duration { min { seconds: 60 } max { seconds: 59 } }", "policy.duration.max",
           "must not be less than min"},
          {"", "duration { max { seconds: 31622401 } }", "policy.duration.max", "366 days"},
          {"", "duration { min { seconds: -1 } }", "policy.duration.min", "0 seconds to 366"},
          {"", "granularity { step { seconds: 900 } }", "", ""},
          {"", "granularity { step { seconds: 86400 } }", "", ""},
          {"", "granularity {}", "policy.granularity.step", "1 second to 1 day"},
          {"", "granularity { step { seconds: 86401 } }", "policy.granularity.step", "1 day"},
          {"", "granularity { step { seconds: 420 } }", "policy.granularity.step",
           "must divide 24 hours"},
          {"", "slots { slots { " + week + "} } }", "", ""},
          {"", "slots {}", "policy.slots.slots", "at least one slot"},
          {"", "slots { slots { " + week + "groups: 'groups/a' } } }",
           "policy.slots.slots[0].window.groups", "must be empty here"},
          {"", "notice { cancel { days: 1 } }", "", ""},
          {"", "notice {}", "policy.notice", "a lead for create, change or cancel"},
          {"", "notice { create { days: -1 } }", "policy.notice.create.days", "0 to 3660"},
          {"", "horizon { lead { days: 3660 duration { seconds: 1 } } }", "", ""},
          {"", "horizon {}", "policy.horizon.lead", zero_lead},
          {"", "horizon { lead { days: 3661 } }", "policy.horizon.lead.days", "0 to 3660"},
          {"", "horizon { lead { duration { seconds: -1 } } }", "policy.horizon.lead.duration",
           "0 seconds to 3660 days"},
          {"", "lock { lead { duration { seconds: 60 } } }", "", ""},
          {"", "lock { lead {} }", "policy.lock.lead", zero_lead},
          {"", "lock { lead { duration { nanos: 5 } } }", "policy.lock.lead.duration",
           "whole seconds"},
          {"", "buffer { gap { seconds: 1 } }", "", ""},
          {"", "buffer {}", "policy.buffer.gap", "1 second to 366 days"},
          {"", "qualification { qualification: 'laser-4' }", "", ""},
          {"", "qualification {}", "policy.qualification.qualification", "must be set"},
          {"", "qualification { qualification: 'a\\nb' }", "policy.qualification.qualification",
           "one line"},
          {"", "companion { asset: 'assets/crane' }", "", ""},
          {"", "companion { kind: 'operator' quantity: 100000 }", "", ""},
          {"", "companion {}", "policy.companion", "an asset or a kind, and not both"},
          {"", "companion { asset: 'assets/a' kind: 'b' }", "policy.companion", "not both"},
          {"", "companion { asset: 'crane' }", "policy.companion.asset", "assets/{id}"},
          {"", "companion { kind: 'a' quantity: -1 }", "policy.companion.quantity", "0 to 100000"},
          {"", "site { power_kw: 0.5 }", "", ""},
          {"", "site { labels { key: 'a' value: 'b' } }", "", ""},
          {"", "site {}", "policy.site", "power_kw, clearance_m or labels"},
          {"", "site { power_kw: nan }", "policy.site.power_kw", "must be 0 to 100000"},
          {"", "site { clearance_m: 1001 }", "policy.site.clearance_m", "must be 0 to 1000"},
          {"", "eligibility { who {} }", "", ""},
          {"", "eligibility {}", "policy.eligibility.who", "at least one selector"},
          {"", "eligibility { who { users: 'x' } }", "policy.eligibility.who[0].users[0]",
           "users/{id}"},
          {"", "always {}", "", ""},
          {"", "hold { max { seconds: 604800 } }", "", ""},
          {"", "hold { ends_before_start { seconds: 60 } }", "", ""},
          {"", "hold {}", "policy.hold", "max, ends_before_start or both"},
          {"", "hold { max { seconds: 604801 } }", "policy.hold.max", "7 days"},
          {"", "protection { lead { days: 7 } }", "", ""},
          {"", "protection {}", "policy.protection.lead", zero_lead},
          {"", "closed_time { counts: true }", "", ""},
          {"", "reserved { who {} until { days: 14 } }", "", ""},
          {"", "reserved { until { days: 14 } }", "policy.reserved.who", "one selector"},
          {"", "reserved { who {} }", "policy.reserved.until", zero_lead},
          {"", "grace { grace { seconds: 900 } }", "", ""},
          {"", "grace {}", "policy.grace.grace", "1 second to 366 days"},
      },
      ReadPolicy);
}

TEST(PolicyRules, AQuantityOfZeroIsOne) {
  v1::Policy policy;
  policy.mutable_companion()->set_kind("operator");
  FieldErrors errors;
  const Policy read = PolicyFromProto(policy, "ask", "policy", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  EXPECT_EQ(std::get<CompanionRule>(read.rule).quantity, 1);
  EXPECT_EQ(read.effect, Effect::kReject);
}

}  // namespace
}  // namespace labslot::service
