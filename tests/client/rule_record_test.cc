// The form of groups, policies and quotas in the catalogue file, both ways.

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/output/rule_text.h"
#include "client/yaml/record_reader.h"
#include "client/yaml/record_writer.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::client {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::Catalogue Read(const std::string& text) {
  v1::Catalogue catalogue;
  const absl::Status status = ReadRecord(text, "file.yaml", &catalogue);
  EXPECT_TRUE(status.ok()) << status << "\n" << text;
  return catalogue;
}

std::string Error(const std::string& text) {
  v1::Catalogue catalogue;
  return std::string(ReadRecord(text, "file.yaml", &catalogue).message());
}

v1::Policy Policy(const std::string& text) {
  const v1::Catalogue catalogue = Read("policies:\n  - {name: p, " + text + "}\n");
  return catalogue.policies_size() == 1 ? catalogue.policies(0) : v1::Policy();
}

v1::Quota Quota(const std::string& text) {
  const v1::Catalogue catalogue = Read("quotas:\n  - {name: q, " + text + "}\n");
  return catalogue.quotas_size() == 1 ? catalogue.quotas(0) : v1::Quota();
}

TEST(RuleRecordTest, DisplacementIsARuleThatNeedsNothingSaid) {
  EXPECT_TRUE(Policy("displacement:").has_displacement());
  const v1::Policy policy = Policy(
      "displacement: {priority_gap: 2, least_gain: 1.5, priority_weight: 1, notice_weight: 0.5, "
      "notice: 7d}");
  EXPECT_EQ(policy.displacement().priority_gap(), 2);
  EXPECT_EQ(policy.displacement().least_gain(), 1.5);
  EXPECT_EQ(policy.displacement().notice().days(), 7);
  v1::Policy again;
  ASSERT_TRUE(ReadRecord(WriteRecord(policy), "", &again).ok()) << WriteRecord(policy);
  EXPECT_TRUE(MessageDifferencer::Equals(again, policy)) << WriteRecord(policy);
  EXPECT_THAT(Error("policies: [{name: p, displacement: {gap: 2}}]"),
              HasSubstr("unknown key \"gap\" in DisplacementRule"));
}

TEST(RuleRecordTest, OverrunMayBeWrittenWithNothingSaid) {
  EXPECT_TRUE(Policy("overrun:").has_overrun());
  EXPECT_TRUE(Policy("overrun: {}").has_overrun());
  const v1::Policy policy = Policy("overrun: {ends_for_next: true, close_after: 4h}");
  EXPECT_TRUE(policy.overrun().ends_for_next());
  EXPECT_EQ(policy.overrun().close_after().seconds(), 4 * 3600);
  EXPECT_EQ(WriteRecordInLine(policy.overrun()), "{ends_for_next: true, close_after: 4h}");
  EXPECT_THAT(Error("policies: [{name: p, overrun: {close: 4h}}]"),
              HasSubstr("unknown key \"close\" in OverrunRule. Did you mean close_after?"));
}

TEST(RuleRecordTest, SizesAndAuditorsAreWords) {
  const v1::Catalogue catalogue = Read(
      "organisations: [{name: acme, kind: sme, size_class: small}]\n"
      "users: [{name: carl, role_bindings: [{role: auditor, scope: organisations/acme}]}]\n");
  EXPECT_EQ(catalogue.organisations(0).size_class(), v1::Organisation::SMALL);
  EXPECT_EQ(catalogue.users(0).role_bindings(0).role(), v1::ROLE_AUDITOR);
  EXPECT_THAT(WriteRecord(catalogue), HasSubstr("size_class: small"));
  EXPECT_THAT(WriteRecord(catalogue), HasSubstr("role: auditor"));
}

TEST(RuleRecordTest, APolicyIsWrittenAsPeopleSpeak) {
  const v1::Policy policy = Policy(
      "duration: {max: 4h}, applies_to: {asset_kinds: sem, organisation_kinds: [sme, research]}, "
      "except: [{relations: manager}, {users: anna}], effect: needs_approval, "
      "sleeps: [\"mon-wed,fri 17:00-08:00\", {days: sat-sun, hours: \"00:00-24:00\"}], "
      "periods: 2027-02-01..2027-05-28, overriders: managers, "
      "approval: {approvers: [managers, users/bob, groups/safety], time_out: 2d}");
  EXPECT_EQ(policy.name(), "policies/p");
  EXPECT_EQ(policy.duration().max().seconds(), 4 * 3600);
  ASSERT_EQ(policy.applies_to_size(), 1);
  EXPECT_THAT(policy.applies_to(0).asset_kinds(), ElementsAre("sem"));
  EXPECT_EQ(policy.applies_to(0).organisation_kinds(1), v1::Organisation::KIND_RESEARCH);
  EXPECT_EQ(policy.except(0).relations(0), v1::Selector::MANAGER);
  EXPECT_EQ(policy.except(1).users(0), "users/anna");
  EXPECT_EQ(policy.effect(), v1::RULE_EFFECT_NEEDS_APPROVAL);
  ASSERT_EQ(policy.sleeps_size(), 2);
  EXPECT_EQ(policy.sleeps(0).days_size(), 4);
  EXPECT_EQ(policy.sleeps(0).window().closes().hours(), 8);
  EXPECT_EQ(policy.sleeps(1).days_size(), 2);
  EXPECT_EQ(policy.periods(0).end_date().day(), 28);
  EXPECT_TRUE(policy.overriders().managers());
  EXPECT_TRUE(policy.approval().approvers().managers());
  EXPECT_THAT(policy.approval().approvers().users(), ElementsAre("users/bob"));
  EXPECT_THAT(policy.approval().approvers().groups(), ElementsAre("groups/safety"));
  EXPECT_EQ(policy.approval().time_out().seconds(), 2 * 86400);
}

TEST(RuleRecordTest, ARuleWithOneValueIsWrittenAsThatValue) {
  EXPECT_EQ(Policy("granularity: 15m").granularity().step().seconds(), 900);
  EXPECT_EQ(Policy("horizon: 90d").horizon().lead().days(), 90);
  EXPECT_EQ(Policy("horizon: {lead: 2w}").horizon().lead().days(), 14);
  EXPECT_EQ(Policy("lock: 2d3h").lock().lead().days(), 2);
  EXPECT_EQ(Policy("lock: 2d3h").lock().lead().duration().seconds(), 3 * 3600);
  EXPECT_EQ(Policy("buffer: 30m").buffer().gap().seconds(), 1800);
  EXPECT_EQ(Policy("qualification: laser-4").qualification().qualification(), "laser-4");
  EXPECT_EQ(Policy("protection: 12h").protection().lead().duration().seconds(), 12 * 3600);
  EXPECT_EQ(Policy("grace: 15m").grace().grace().seconds(), 900);
  EXPECT_EQ(Policy("slots: [\"mon-fri 08:00-12:00\", \"sat 08:00-10:00\"]").slots().slots_size(),
            2);
  EXPECT_EQ(Policy("slots: \"mon-fri 08:00-12:00\"").slots().slots(0).days_size(), 5);
  EXPECT_EQ(Policy("companion: {asset: operator}").companion().asset(), "assets/operator");
  EXPECT_EQ(Policy("reserved: {who: {groups: partners}, until: 14d}").reserved().until().days(),
            14);
  EXPECT_EQ(Policy("eligibility: {who: {regions: BE2}}").eligibility().who(0).regions(0), "BE2");
  EXPECT_TRUE(Policy("always: {}").has_always());
  EXPECT_TRUE(Read("policies:\n  - name: p\n    always:\n").policies(0).has_always());
  EXPECT_TRUE(Policy("closed_time: {}").has_closed_time());
}

TEST(RuleRecordTest, AQuotaSaysOnlyItsLimit) {
  const v1::Quota count = Quota("each: [user, asset], max_count: 2, period: future");
  EXPECT_EQ(count.name(), "quotas/q");
  EXPECT_EQ(count.measure(), v1::Quota::COUNT);
  EXPECT_THAT(count.each(), ElementsAre(v1::Quota::USER, v1::Quota::ASSET));
  EXPECT_EQ(count.period(), v1::Quota::FUTURE);
  const v1::Quota time = Quota("each: user, max_time: 20h, rolling: 2w, hand_back: 14d");
  EXPECT_EQ(time.measure(), v1::Quota::TIME);
  EXPECT_EQ(time.period(), v1::Quota::ROLLING);
  EXPECT_EQ(time.rolling_days(), 14);
  EXPECT_EQ(time.hand_back().days(), 14);
  EXPECT_FALSE(time.fair_share());
  EXPECT_TRUE(Quota("each: user, max_time: 20h, period: week, fair_share: true").fair_share());
}

TEST(RuleRecordTest, AQuotaMayLimitAShareOfTheCapacity) {
  const v1::Quota quota = Quota(
      "max_share: {percent: 12.5, base: calendar}, period: year, rule_set: \"2022/C 414/01\", "
      "applies_to: {assets: sem, activity_classes: [rental, service]}");
  EXPECT_EQ(quota.measure(), v1::Quota::TIME);
  EXPECT_EQ(quota.max_share().percent(), 12.5);
  EXPECT_EQ(quota.max_share().base(), v1::CapacityShare::CALENDAR);
  EXPECT_EQ(quota.rule_set(), "2022/C 414/01");
  const std::string text = WriteRecord(quota);
  EXPECT_THAT(text, HasSubstr("max_share:\n  percent: 12.5\n  base: calendar\n"));
  EXPECT_THAT(text, HasSubstr("rule_set: \"2022/C 414/01\"\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("measure")));
  EXPECT_EQ(LimitText(quota), "12.5% of calendar hours, year");
  v1::Quota update;
  std::vector<std::string> paths;
  ASSERT_TRUE(ApplyAssignments({"max_share={percent: 20, base: AVAILABLE}"}, &update, &paths).ok());
  EXPECT_THAT(paths, ElementsAre("max_share"));
  EXPECT_EQ(update.max_share().base(), v1::CapacityShare::AVAILABLE);
  EXPECT_THAT(Error("quotas: [{max_share: {percent: 20, base: open}}]"),
              HasSubstr("expected calendar, opening or available, found \"open\""));
  EXPECT_THAT(Error("quotas: [{max_share: {percent: a fifth}}]"),
              HasSubstr("expected a number for percent, found \"a fifth\""));
}

TEST(RuleRecordTest, GroupsQualificationsAndWindowsForGroups) {
  const v1::Catalogue catalogue = Read(
      "groups: [{name: partners, organisations: [a, b], users: c}]\n"
      "users: [{name: anna, qualifications: [laser-4, {name: safety, expires: "
      "2027-12-31T00:00:00Z}]}]\n"
      "sites: [{name: x, calendar: {weekly_windows: [\"sat 08:00-12:00 groups=staff,crew\", "
      "{groups: staff, days: sun, hours: \"09:00-10:00\"}], exceptions: [{dates: 2027-05-15, "
      "windows: [{hours: \"10:00-16:00\", groups: staff}, \"16:00-18:00\"]}]}}]\n");
  EXPECT_EQ(catalogue.groups(0).name(), "groups/partners");
  EXPECT_THAT(catalogue.groups(0).organisations(),
              ElementsAre("organisations/a", "organisations/b"));
  EXPECT_THAT(catalogue.groups(0).users(), ElementsAre("users/c"));
  EXPECT_EQ(catalogue.users(0).qualifications(0).name(), "laser-4");
  EXPECT_TRUE(catalogue.users(0).qualifications(1).has_expire_time());
  const v1::Calendar& calendar = catalogue.sites(0).calendar();
  EXPECT_THAT(calendar.weekly_windows(0).window().groups(),
              ElementsAre("groups/staff", "groups/crew"));
  EXPECT_THAT(calendar.weekly_windows(1).window().groups(), ElementsAre("groups/staff"));
  EXPECT_EQ(calendar.weekly_windows(1).window().opens().hours(), 9);
  EXPECT_THAT(calendar.exceptions(0).windows(0).groups(), ElementsAre("groups/staff"));
  EXPECT_EQ(calendar.exceptions(0).windows_size(), 2);
}

TEST(RuleRecordTest, WhatIsMalformedIsToldWithItsLine) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"policies:\n  - duration: {max: 4h}\n    horizon: 3d\n",
       "file.yaml:3: \"horizon\" beside \"duration\": a Policy has one rule"},
      {"policies:\n  - overriders: anna\n",
       "file.yaml:2: expected managers, users/... or groups/..., found \"anna\""},
      {"policies:\n  - overriders: [managers, sites/x]\n", "found \"sites/x\""},
      {"policies:\n  - horizon: soon\n", "expected a distance in time such as 30d, 2d3h or 12h"},
      {"policies:\n  - periods: 2027-01-01..2027-02-01..2027-03-01\n", "expected one date, or two"},
      {"policies:\n  - sleeps: mon-fri\n", "expected days and hours such as"},
      {"policies:\n  - sleeps: \"mon-fri late\"\n", "expected hours such as"},
      {"policies:\n  - effect: refuse\n", "expected reject, warn or needs_approval"},
      {"policies:\n  - aplies_to: {}\n", "Did you mean applies_to?"},
      {"quotas:\n  - rolling: 12h\n", "expected a number of days such as 14d"},
      {"quotas:\n  - each: person\n", "expected asset, kind, site, user, organisation"},
  };
  for (const auto& [text, error] : table) EXPECT_THAT(Error(text), HasSubstr(error)) << text;
}

// One of everything, each field with a value of its own.
constexpr char kEverything[] = R"(
groups:
  - {name: partners, display_name: Partners, description: why, organisations: [a], users: [c]}
users:
  - {name: anna, qualifications: [laser-4, {name: safety, expires: 2027-12-31T00:00:00Z}]}
sites:
  - name: x
    calendar:
      weekly_windows: ["sat 08:00-12:00 groups=staff", "mon-fri 08:00-17:00"]
      exceptions:
        - {dates: 2027-05-15, windows: [{hours: "10:00-16:00", groups: staff}, "16:00-18:00"]}
policies:
  - name: one
    display_name: One
    description: "because: \"so\""
    effect: warn
    applies_to:
      - {organisation_kinds: [sme], organisations: [a], regions: [BE2], users: [u], groups: [g],
         relations: [owner], assets: [sem], asset_kinds: [k], labels: {a: "1"}, sites: [s],
         purposes: [Teaching], activity_classes: [contract-research]}
    except: {relations: manager}
    sleeps: ["mon-fri 17:00-08:00", "sat-sun 00:00-24:00"]
    periods: [2027-02-01..2027-05-28, 2027-06-30]
    overriders: [managers, users/u, groups/g]
    approval: {approvers: managers, time_out: 36h, leaves_slot_free: true}
    disabled: true
    duration: {min: 30m, max: 4h}
  - {name: granularity, granularity: 15m}
  - {name: slots, slots: ["mon-fri 08:00-12:00", "mon-fri 13:00-17:00"]}
  - {name: notice, notice: {create: 2d, change: 1d12h, cancel: 45m}}
  - {name: horizon, horizon: 90d}
  - {name: lock, lock: 2d3h}
  - {name: buffer, buffer: 30m}
  - {name: buffer-two, buffer: {gap: 30m, of_organisation: true, on_any_asset: true}}
  - {name: qualification, qualification: laser-4}
  - {name: companion, companion: {asset: operator, quantity: 2, other_reservation_will_do: true}}
  - {name: site, site: {power_kw: 32.5, clearance_m: 4, labels: {water: "yes"}}}
  - {name: eligibility, eligibility: {who: [{regions: BE}, {groups: g}]}}
  - {name: always, effect: needs_approval, always: {}}
  - {name: hold, hold: {max: 2h, ends_before_start: 1h}}
  - {name: protection, protection: 1d}
  - {name: closed, closed_time: {counts: true}}
  - {name: closed-two, closed_time: {}}
  - {name: reserved, reserved: {who: {groups: partners}, until: 14d}}
  - {name: grace, grace: 15m}
  - {name: overrun, overrun: {ends_for_next: true, close_after: 90m}}
  - {name: overrun-two, overrun: }
quotas:
  - name: count
    each: [asset, kind, site, user, organisation, project, group]
    max_count: 2
    period: future
    prime_time: "mon-fri 08:00-17:00"
    periods: 2027-02-01..2027-05-28
    effect: needs_approval
    overriders: managers
    approval: {approvers: groups/g}
  - name: time
    applies_to: {assets: sem}
    except: {users: u}
    max_time: 20h
    rolling: 14d
    counts_set_up: true
    counts_no_shows: true
    counts_cancelled_within: 12h
    hand_back: 2d3h
    disabled: true
  - name: share
    applies_to: {activity_classes: [rental]}
    max_share: {percent: 20, base: opening}
    period: year
    rule_set: "RDI: 2022"
    fair_share: true
  - {name: odd-share, measure: time, max_share: {percent: 5, base: available}, max_count: 3}
  - {name: odd, measure: time, max_time: 1h, max_count: 3, period: week, rolling_days: 3}
)";

TEST(RuleRecordTest, WhatIsExportedIsImportedAsTheSame) {
  const v1::Catalogue catalogue = Read(kEverything);
  const std::string text = WriteRecord(catalogue);
  const v1::Catalogue again = Read(text);
  std::string difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(catalogue, again)) << difference << text;
  EXPECT_EQ(WriteRecord(again), text);
}

TEST(RuleRecordTest, AnExportIsAsShortAsWhatPeopleWrite) {
  const std::string text = WriteRecord(Read(kEverything));
  for (const std::string line :
       {"horizon: 90d", "lock: 2d3h", "buffer: 30m", "qualification: \"laser-4\"", "grace: 15m",
        "granularity: 15m", "overriders: managers", "overriders: [managers, users/u, groups/g]",
        "always: {}", "rolling: 14d", "periods:\n      - 2027-02-01..2027-05-28",
        "relations: [owner]", "groups: [staff]", "cancel: 45m", "change: 1d12h"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, ::testing::Not(HasSubstr("measure: count")));
}

TEST(RuleRecordTest, AssignmentsNameTheFieldsOfTheApi) {
  v1::Quota quota;
  std::vector<std::string> paths;
  const absl::Status status =
      ApplyAssignments({"rolling=14d", "each=user", "applies_to={assets: sem}"}, &quota, &paths);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(paths, ElementsAre("period", "rolling_days", "each", "applies_to"));
  EXPECT_EQ(quota.rolling_days(), 14);
  EXPECT_EQ(quota.applies_to(0).assets(0), "assets/sem");
  v1::Policy policy;
  paths.clear();
  EXPECT_TRUE(ApplyAssignments({"horizon=30d", "overriders=managers"}, &policy, &paths).ok());
  EXPECT_THAT(paths, ElementsAre("horizon", "overriders"));
  EXPECT_EQ(policy.horizon().lead().days(), 30);
}

TEST(RuleRecordTest, InOneLineARuleIsAShortText) {
  EXPECT_EQ(WriteRecordInLine(Policy("duration: {min: 30m, max: 4h}").duration()),
            "{min: 30m, max: 4h}");
  EXPECT_EQ(WriteRecordInLine(Policy("horizon: 90d").horizon()), "90d");
  v1::Selector selector;
  for (int i = 0; i < 40; ++i) selector.add_assets("assets/asset-" + std::to_string(i));
  EXPECT_EQ(WriteRecordInLine(selector).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace labslot::client
