#include <utility>
#include <variant>
#include <vector>

#include "daemon/storage/stored_messages.h"

namespace labslot::storage {
namespace {

// Lists of enumerators. False if one of them is unknown.
template <typename Value, typename List>
void ToStoredEnumerators(const std::vector<Value>& values, List& out) {
  for (const Value value : values) out.Add(static_cast<int>(value));
}

template <typename List, typename Value>
bool ReadEnumerators(const List& list, bool (*is_known)(int), std::vector<Value>& out) {
  for (const int number : list) {
    if (!ReadEnumerator(number, is_known, out.emplace_back())) return false;
  }
  return true;
}

void ToStored(const Lead& lead, stored::Lead& out) {
  out.set_days(lead.days);
  out.set_seconds(lead.seconds);
}

// A lead of nothing is not written.
template <typename Owner>
void AddLead(const Lead& lead, Owner& owner, stored::Lead* (Owner::*add)()) {
  if (!lead.zero()) ToStored(lead, *(owner.*add)());
}

Lead FromStored(const stored::Lead& lead) {
  return {.days = lead.days(), .seconds = lead.seconds()};
}

void ToStored(const Actors& actors, stored::Actors& out) {
  ToStoredWords(actors.users, *out.mutable_users());
  ToStoredWords(actors.groups, *out.mutable_groups());
  out.set_managers(actors.managers);
}

Actors FromStored(const stored::Actors& actors) {
  return {.users = FromStoredWords(actors.users()),
          .groups = FromStoredWords(actors.groups()),
          .managers = actors.managers()};
}

ApprovalTerms FromStored(const stored::ApprovalTerms& terms) {
  return {.approvers = FromStored(terms.approvers()),
          .time_out = terms.time_out(),
          .leaves_slot_free = terms.leaves_slot_free()};
}

// The fields that a policy and a quota share.
template <typename Value, typename Message>
void ToStoredTerms(const Value& value, Message& out) {
  out.set_id(value.id);
  out.set_display_name(value.display_name);
  out.set_description(value.description);
  out.set_effect(static_cast<stored::Effect>(value.effect));
  ToStoredList(value.applies_to, *out.mutable_applies_to());
  ToStoredList(value.except, *out.mutable_except());
  ToStoredList(value.periods, *out.mutable_periods());
  if (!value.overriders.empty()) ToStored(value.overriders, *out.mutable_overriders());
  if (value.approval != ApprovalTerms()) {
    stored::ApprovalTerms& terms = *out.mutable_approval();
    if (!value.approval.approvers.empty()) {
      ToStored(value.approval.approvers, *terms.mutable_approvers());
    }
    terms.set_time_out(value.approval.time_out);
    terms.set_leaves_slot_free(value.approval.leaves_slot_free);
  }
  out.set_disabled(value.disabled);
  out.set_create_time(value.create_time);
  out.set_update_delay(value.update_time - value.create_time);
  out.set_revision(value.revision);
}

// False if they are damaged.
template <typename Message, typename Value>
bool ReadTerms(const Message& message, Value& out) {
  if (!ReadEnumerator(message.effect(), stored::Effect_IsValid, out.effect) ||
      !ReadList(message.applies_to(), out.applies_to) || !ReadList(message.except(), out.except) ||
      !ReadList(message.periods(), out.periods)) {
    return false;
  }
  out.id = message.id();
  out.display_name = message.display_name();
  out.description = message.description();
  out.overriders = FromStored(message.overriders());
  out.approval = FromStored(message.approval());
  out.disabled = message.disabled();
  out.create_time = message.create_time();
  out.update_time = Sum(message.create_time(), message.update_delay());
  out.revision = message.revision();
  return true;
}

// Puts a rule into the oneof of a policy.
struct RuleFiller {
  stored::Policy& out;

  void operator()(const DurationRule& v) const {
    stored::DurationRule& rule = *out.mutable_duration();
    rule.set_min(v.min);
    rule.set_max(v.max);
  }
  void operator()(const GranularityRule& v) const { out.mutable_granularity()->set_step(v.step); }
  void operator()(const SlotRule& v) const {
    ToStoredList(v.slots, *out.mutable_slots()->mutable_slots());
  }
  void operator()(const NoticeRule& v) const {
    stored::NoticeRule& rule = *out.mutable_notice();
    AddLead(v.create, rule, &stored::NoticeRule::mutable_create);
    AddLead(v.change, rule, &stored::NoticeRule::mutable_change);
    AddLead(v.cancel, rule, &stored::NoticeRule::mutable_cancel);
  }
  void operator()(const HorizonRule& v) const {
    AddLead(v.lead, *out.mutable_horizon(), &stored::HorizonRule::mutable_lead);
  }
  void operator()(const LockRule& v) const {
    AddLead(v.lead, *out.mutable_lock(), &stored::LockRule::mutable_lead);
  }
  void operator()(const BufferRule& v) const {
    stored::BufferRule& rule = *out.mutable_buffer();
    rule.set_gap(v.gap);
    rule.set_of_organisation(v.of_organisation);
    rule.set_on_any_asset(v.on_any_asset);
  }
  void operator()(const QualificationRule& v) const {
    out.mutable_qualification()->set_qualification(v.qualification);
  }
  void operator()(const CompanionRule& v) const {
    stored::CompanionRule& rule = *out.mutable_companion();
    rule.set_asset(v.asset);
    rule.set_kind(v.kind);
    rule.set_more_units(v.quantity - 1);
    rule.set_other_reservation_will_do(v.other_reservation_will_do);
  }
  void operator()(const SiteRule& v) const {
    stored::SiteRule& rule = *out.mutable_site();
    rule.set_power_kw(v.power_kw);
    rule.set_clearance_m(v.clearance_m);
    ToStoredLabels(v.labels, *rule.mutable_labels());
  }
  void operator()(const EligibilityRule& v) const {
    ToStoredList(v.who, *out.mutable_eligibility()->mutable_who());
  }
  void operator()(const ApprovalRule&) const { out.mutable_always(); }
  void operator()(const HoldRule& v) const {
    stored::HoldRule& rule = *out.mutable_hold();
    rule.set_max(v.max);
    rule.set_ends_before_start(v.ends_before_start);
  }
  void operator()(const ProtectionRule& v) const {
    AddLead(v.lead, *out.mutable_protection(), &stored::ProtectionRule::mutable_lead);
  }
  void operator()(const ClosedTimeRule& v) const {
    out.mutable_closed_time()->set_counts(v.counts);
  }
  void operator()(const ReservedRule& v) const {
    stored::ReservedRule& rule = *out.mutable_reserved();
    ToStoredList(v.who, *rule.mutable_who());
    AddLead(v.until, rule, &stored::ReservedRule::mutable_until);
  }
  void operator()(const GraceRule& v) const { out.mutable_grace()->set_grace(v.grace); }
  void operator()(const DisplacementRule& v) const {
    stored::DisplacementRule& rule = *out.mutable_displacement();
    rule.set_priority_gap(v.priority_gap);
    rule.set_least_gain(v.least_gain);
    rule.set_priority_weight(v.priority_weight);
    rule.set_notice_weight(v.notice_weight);
    AddLead(v.notice, rule, &stored::DisplacementRule::mutable_notice);
  }
  void operator()(const OverrunRule& v) const {
    stored::OverrunRule& rule = *out.mutable_overrun();
    rule.set_ends_for_next(v.ends_for_next);
    rule.set_close_after(v.close_after);
  }
};

SlotRule FromStored(const stored::SlotRule& rule) {
  SlotRule result;
  ReadList(rule.slots(), result.slots);
  return result;
}

NoticeRule FromStored(const stored::NoticeRule& rule) {
  return {.create = FromStored(rule.create()),
          .change = FromStored(rule.change()),
          .cancel = FromStored(rule.cancel())};
}

BufferRule FromStored(const stored::BufferRule& rule) {
  return {.gap = rule.gap(),
          .of_organisation = rule.of_organisation(),
          .on_any_asset = rule.on_any_asset()};
}

CompanionRule FromStored(const stored::CompanionRule& rule) {
  return {.asset = rule.asset(),
          .kind = rule.kind(),
          .quantity = Sum(rule.more_units(), 1),
          .other_reservation_will_do = rule.other_reservation_will_do()};
}

SiteRule FromStored(const stored::SiteRule& rule) {
  return {.power_kw = rule.power_kw(),
          .clearance_m = rule.clearance_m(),
          .labels = FromStoredLabels(rule.labels())};
}

std::optional<PolicyRule> FromStored(const stored::EligibilityRule& rule) {
  EligibilityRule result;
  if (!ReadList(rule.who(), result.who)) return std::nullopt;
  return result;
}

std::optional<PolicyRule> FromStored(const stored::ReservedRule& rule) {
  ReservedRule result;
  if (!ReadList(rule.who(), result.who)) return std::nullopt;
  result.until = FromStored(rule.until());
  return result;
}

DisplacementRule FromStored(const stored::DisplacementRule& rule) {
  return {.priority_gap = rule.priority_gap(),
          .least_gain = rule.least_gain(),
          .priority_weight = rule.priority_weight(),
          .notice_weight = rule.notice_weight(),
          .notice = FromStored(rule.notice())};
}

std::optional<PolicyRule> RuleOf(const stored::Policy& policy) {
  switch (policy.rule_case()) {
    case stored::Policy::kDuration:
      return DurationRule{.min = policy.duration().min(), .max = policy.duration().max()};
    case stored::Policy::kGranularity:
      return GranularityRule{.step = policy.granularity().step()};
    case stored::Policy::kSlots:
      return FromStored(policy.slots());
    case stored::Policy::kNotice:
      return FromStored(policy.notice());
    case stored::Policy::kHorizon:
      return HorizonRule{.lead = FromStored(policy.horizon().lead())};
    case stored::Policy::kLock:
      return LockRule{.lead = FromStored(policy.lock().lead())};
    case stored::Policy::kBuffer:
      return FromStored(policy.buffer());
    case stored::Policy::kQualification:
      return QualificationRule{.qualification = policy.qualification().qualification()};
    case stored::Policy::kCompanion:
      return FromStored(policy.companion());
    case stored::Policy::kSite:
      return FromStored(policy.site());
    case stored::Policy::kEligibility:
      return FromStored(policy.eligibility());
    case stored::Policy::kAlways:
      return ApprovalRule();
    case stored::Policy::kHold:
      return HoldRule{.max = policy.hold().max(),
                      .ends_before_start = policy.hold().ends_before_start()};
    case stored::Policy::kProtection:
      return ProtectionRule{.lead = FromStored(policy.protection().lead())};
    case stored::Policy::kClosedTime:
      return ClosedTimeRule{.counts = policy.closed_time().counts()};
    case stored::Policy::kReserved:
      return FromStored(policy.reserved());
    case stored::Policy::kGrace:
      return GraceRule{.grace = policy.grace().grace()};
    case stored::Policy::kDisplacement:
      return FromStored(policy.displacement());
    case stored::Policy::kOverrun:
      return OverrunRule{.ends_for_next = policy.overrun().ends_for_next(),
                         .close_after = policy.overrun().close_after()};
    case stored::Policy::RULE_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void ToStored(const DateRange& range, stored::DateRange& out) {
  out.set_first_day(ToStoredDay(range.first));
  out.set_more_days(static_cast<int32_t>(range.last - range.first));
}

DateRange FromStored(const stored::DateRange& range) {
  const absl::CivilDay first = FromStoredDay(range.first_day());
  return {.first = first, .last = first + range.more_days()};
}

void ToStored(const Selector& selector, stored::Selector& out) {
  ToStoredEnumerators(selector.organisation_kinds, *out.mutable_organisation_kinds());
  ToStoredWords(selector.organisations, *out.mutable_organisations());
  ToStoredWords(selector.regions, *out.mutable_regions());
  ToStoredWords(selector.users, *out.mutable_users());
  ToStoredWords(selector.groups, *out.mutable_groups());
  ToStoredEnumerators(selector.relations, *out.mutable_relations());
  ToStoredWords(selector.assets, *out.mutable_assets());
  ToStoredWords(selector.asset_kinds, *out.mutable_asset_kinds());
  ToStoredLabels(selector.labels, *out.mutable_labels());
  ToStoredWords(selector.sites, *out.mutable_sites());
  ToStoredWords(selector.purposes, *out.mutable_purposes());
  ToStoredEnumerators(selector.activity_classes, *out.mutable_activity_classes());
}

std::optional<Selector> FromStored(const stored::Selector& selector) {
  Selector result;
  if (!ReadEnumerators(selector.organisation_kinds(), stored::OrganisationKind_IsValid,
                       result.organisation_kinds) ||
      !ReadEnumerators(selector.relations(), stored::Relation_IsValid, result.relations)) {
    return std::nullopt;
  }
  for (const int number : selector.activity_classes()) {
    // 0 is a class of its own here: not told.
    if (!stored::ActivityClass_IsValid(number)) return std::nullopt;
    result.activity_classes.push_back(static_cast<ActivityClass>(number));
  }
  result.organisations = FromStoredWords(selector.organisations());
  result.regions = FromStoredWords(selector.regions());
  result.users = FromStoredWords(selector.users());
  result.groups = FromStoredWords(selector.groups());
  result.assets = FromStoredWords(selector.assets());
  result.asset_kinds = FromStoredWords(selector.asset_kinds());
  result.labels = FromStoredLabels(selector.labels());
  result.sites = FromStoredWords(selector.sites());
  result.purposes = FromStoredWords(selector.purposes());
  return result;
}

void ToStored(const Policy& policy, stored::Policy& out) {
  ToStoredTerms(policy, out);
  std::visit(RuleFiller{out}, policy.rule);
  ToStoredList(policy.sleeps, *out.mutable_sleeps());
}

std::optional<Policy> FromStored(const stored::Policy& policy) {
  Policy result;
  std::optional<PolicyRule> rule = RuleOf(policy);
  if (!rule || !ReadTerms(policy, result) || !ReadList(policy.sleeps(), result.sleeps)) {
    return std::nullopt;
  }
  result.rule = *std::move(rule);
  return result;
}

void ToStored(const Quota& quota, stored::Quota& out) {
  ToStoredTerms(quota, out);
  ToStoredEnumerators(quota.each, *out.mutable_each());
  out.set_measure(static_cast<stored::Measure>(quota.measure));
  out.set_limit(quota.limit);
  out.set_period(static_cast<stored::QuotaPeriod>(quota.period));
  out.set_rolling_days(quota.rolling_days);
  ToStoredList(quota.prime_time, *out.mutable_prime_time());
  out.set_counts_set_up(quota.counts_set_up);
  out.set_counts_no_shows(quota.counts_no_shows);
  out.set_counts_cancelled_within(quota.counts_cancelled_within);
  if (quota.hand_back) ToStored(*quota.hand_back, *out.mutable_hand_back());
  if (quota.share) {
    out.set_share(quota.share->hundredths);
    out.set_share_base(static_cast<stored::CapacityBase>(quota.share->base));
  }
  out.set_rule_set(quota.rule_set);
  out.set_fair_share(quota.fair_share);
}

std::optional<Quota> FromStored(const stored::Quota& quota) {
  Quota result;
  if (!ReadTerms(quota, result) ||
      !ReadEnumerators(quota.each(), stored::Dimension_IsValid, result.each) ||
      !ReadEnumerator(quota.measure(), stored::Measure_IsValid, result.measure) ||
      !ReadEnumerator(quota.period(), stored::QuotaPeriod_IsValid, result.period) ||
      !ReadList(quota.prime_time(), result.prime_time)) {
    return std::nullopt;
  }
  result.limit = quota.limit();
  result.rolling_days = quota.rolling_days();
  result.counts_set_up = quota.counts_set_up();
  result.counts_no_shows = quota.counts_no_shows();
  result.counts_cancelled_within = quota.counts_cancelled_within();
  if (quota.has_hand_back()) result.hand_back = FromStored(quota.hand_back());
  if (quota.share() != 0) {
    result.share.emplace().hundredths = quota.share();
    if (!ReadEnumerator(quota.share_base(), stored::CapacityBase_IsValid, result.share->base)) {
      return std::nullopt;
    }
  }
  result.rule_set = quota.rule_set();
  result.fair_share = quota.fair_share();
  return result;
}

}  // namespace labslot::storage
