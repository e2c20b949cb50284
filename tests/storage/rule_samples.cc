#include <optional>
#include <vector>

#include "tests/storage/samples.h"

namespace labslot::storage {
namespace {

std::vector<WeeklyWindow> SomeWindows() {
  return {{0x1f, {61200, 115200, {"staff"}}}, {0x60, {0, 86400, {}}}};
}

std::vector<DateRange> SomeDays() {
  return {{absl::CivilDay(1969, 12, 24), absl::CivilDay(1970, 1, 2)},
          {absl::CivilDay(2027, 2, 28), absl::CivilDay(2027, 2, 28)}};
}

Actors SomeActors() { return {{"ada"}, {"partners", "staff"}, true}; }

ApprovalTerms SomeTerms() { return {SomeActors(), 172800, true}; }

Refusal HiddenRefusal() {
  Refusal refusal;
  refusal.violations = {{Rule::kLocalTimeSkipped, "02:30 is skipped", "", "", "", {}}};
  return refusal;
}

}  // namespace

Selector FullSelector() {
  Selector selector;
  selector.organisation_kinds = {OrganisationKind::kSme, OrganisationKind::kOperator};
  selector.organisations = {"maker"};
  selector.regions = {"DE2", "BE10"};
  selector.users = {"ada"};
  selector.groups = {"partners"};
  selector.relations = {Relation::kManager, Relation::kOwner};
  selector.assets = {"rig"};
  selector.asset_kinds = {"lab", "printer"};
  selector.labels = {{"axis", "5"}, {"power", "high"}};
  selector.sites = {"site-1"};
  selector.purposes = {"teaching"};
  selector.activity_classes = {ActivityClass::kEducation, ActivityClass::kContractResearch};
  return selector;
}

std::vector<PolicyRule> FullRules() {
  return {DurationRule{1800, 28800},
          GranularityRule{900},
          SlotRule{SomeWindows()},
          NoticeRule{{1, 3600}, {2, 0}, {0, 7200}},
          HorizonRule{{180, 1}},
          LockRule{{0, 86400}},
          BufferRule{600, true, true},
          QualificationRule{"laser-4"},
          CompanionRule{"crane", "operator", 2, true},
          SiteRule{32.5, 4.25, {{"dock", "north"}, {"gas", "argon"}}},
          EligibilityRule{{FullSelector(), Selector()}},
          ApprovalRule{},
          HoldRule{86400, 172800},
          ProtectionRule{{3, 60}},
          ClosedTimeRule{true},
          ReservedRule{{FullSelector()}, {30, 0}},
          GraceRule{900},
          DisplacementRule{3, 2.5, 0.5, 4, {7, 60}},
          OverrunRule{true, 7200}};
}

std::vector<PolicyRule> EmptyRules() {
  return {DurationRule(),  GranularityRule(),  SlotRule(),        NoticeRule(),
          HorizonRule(),   LockRule(),         BufferRule(),      QualificationRule(),
          CompanionRule(), SiteRule(),         EligibilityRule(), ApprovalRule(),
          HoldRule(),      ProtectionRule(),   ClosedTimeRule(),  ReservedRule(),
          GraceRule(),     DisplacementRule(), OverrunRule()};
}

Policy FullPolicy() {
  Policy policy;
  policy.id = "night-runs";
  policy.display_name = "Night runs";
  policy.description = "not alone";
  policy.rule = CompanionRule{"crane", "operator", 2, true};
  policy.effect = Effect::kNeedsApproval;
  policy.applies_to = {FullSelector(), Selector()};
  policy.except = {FullSelector()};
  policy.sleeps = SomeWindows();
  policy.periods = SomeDays();
  policy.overriders = SomeActors();
  policy.approval = SomeTerms();
  policy.disabled = true;
  policy.create_time = 1795000000;
  policy.update_time = 1795000700;
  policy.revision = 16;
  return policy;
}

Quota FullQuota() {
  Quota quota;
  quota.id = "hours";
  quota.display_name = "20 hours in 2 weeks";
  quota.description = "for all";
  quota.applies_to = {FullSelector()};
  quota.except = {Selector(), FullSelector()};
  quota.each = {Dimension::kGroup, Dimension::kAsset};
  quota.measure = Measure::kCount;
  quota.limit = 72000;
  quota.share = CapacityShare{2013, CapacityBase::kAvailable};
  quota.rule_set = "RDI Framework";
  quota.period = QuotaPeriod::kRolling;
  quota.rolling_days = 14;
  quota.prime_time = SomeWindows();
  quota.periods = SomeDays();
  quota.counts_set_up = true;
  quota.counts_no_shows = true;
  quota.counts_cancelled_within = 86400;
  quota.hand_back = Lead{2, 3600};
  quota.fair_share = true;
  quota.effect = Effect::kWarn;
  quota.overriders = SomeActors();
  quota.approval = SomeTerms();
  quota.disabled = true;
  quota.create_time = 1795000000;
  quota.update_time = 1795000800;
  quota.revision = 17;
  return quota;
}

Refusal FullRefusal() {
  Violation violation{Rule::kQuotaExceeded, "too much", "rig", "20 h", "21 h", {}};
  violation.conflicts = {{7, "rig", {1796000000, 1796003600}, 2}, {0, "hall", {-60, 60}, 0}};
  violation.source = "quotas/hours";
  violation.scope = "each user";
  violation.effect = Effect::kNeedsApproval;
  violation.overridable_by = {"groups/staff", "managers"};
  Alternative alternative;
  alternative.kind = AlternativeKind::kLonger;
  alternative.items = {{"rig", 2, 900, 1800}, {"hall", 1, 0, 0}};
  alternative.interval = {1796007200, 1796014400};
  alternative.site = "site-1";
  alternative.time_zone = "Europe/Brussels";
  alternative.needs_approval = true;
  Refusal refusal = HiddenRefusal();
  refusal.violations.push_back(violation);
  refusal.earliest_start = 0;
  refusal.alternatives = {alternative, Alternative()};
  return refusal;
}

Series FullSeries() {
  Series series;
  series.id = 12;
  series.draft = FullReservation();
  series.draft.id = 0;
  series.draft.interval = {};
  series.recurrence.start = absl::CivilSecond(2026, 11, 30, 9, 30, 5);
  series.recurrence.length = 7200;
  series.recurrence.zone = "Europe/Brussels";
  series.recurrence.rrule = "FREQ=WEEKLY;COUNT=3";
  series.recurrence.extra_days = {absl::CivilDay(2026, 12, 24), absl::CivilDay(1969, 1, 1)};
  series.recurrence.left_out_days = {absl::CivilDay(2026, 12, 7)};
  series.recurrence.repeated_hour = RepeatedHour::kSecond;
  series.contract = {ContractKind::kAtMost, 2, 10};
  series.occurrences = {{absl::CivilDay(2026, 11, 30), {1796027405, 1796034605}, 13, std::nullopt},
                        {absl::CivilDay(2026, 12, 14), {1797237005, 1797244205}, 0, FullRefusal()},
                        {absl::CivilDay(2027, 3, 28), {}, 0, HiddenRefusal()},
                        {absl::CivilDay(2027, 3, 29), {}, 0, Refusal()}};
  series.cancelled = true;
  series.state_reason = "no more money";
  series.create_time = 1795000000;
  series.update_time = 1795000900;
  series.revision = 18;
  return series;
}

}  // namespace labslot::storage
