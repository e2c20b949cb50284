#include "daemon/service/convert/policy_rule.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/calendar.h"
#include "daemon/service/convert/lead.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/numbers.h"
#include "daemon/service/convert/selector.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

// One Read and one Write a kind. Durations that are 0 are those that are not
// set.

DurationRule Read(const v1::DurationRule& proto, absl::string_view path, FieldErrors& errors) {
  const std::string max_path = FieldPath(path, "max");
  DurationRule rule;
  rule.min = DurationFromProto(proto.min(), 0, limits::kLongestRun, FieldPath(path, "min"), errors);
  rule.max = DurationFromProto(proto.max(), 0, limits::kLongestRun, max_path, errors);
  if (proto.min().seconds() == 0 && proto.max().seconds() == 0) {
    errors.Add(path, "must have min, max or both");
  }
  if (rule.max != 0 && rule.max < rule.min) errors.Add(max_path, "must not be less than min");
  return rule;
}

void Write(const DurationRule& rule, v1::Policy& policy) {
  v1::DurationRule& proto = *policy.mutable_duration();
  if (rule.min != 0) ToProto(rule.min, *proto.mutable_min());
  if (rule.max != 0) ToProto(rule.max, *proto.mutable_max());
}

GranularityRule Read(const v1::GranularityRule& proto, absl::string_view path,
                     FieldErrors& errors) {
  const std::string step_path = FieldPath(path, "step");
  GranularityRule rule;
  rule.step = DurationFromProto(proto.step(), 1, limits::kDay, step_path, errors);
  if (limits::kDay % rule.step != 0) {
    errors.Add(step_path, "must divide 24 hours, as 15 or 20 minutes do");
  }
  return rule;
}

void Write(const GranularityRule& rule, v1::Policy& policy) {
  ToProto(rule.step, *policy.mutable_granularity()->mutable_step());
}

SlotRule Read(const v1::SlotRule& proto, absl::string_view path, FieldErrors& errors) {
  const std::string slots_path = FieldPath(path, "slots");
  if (proto.slots().empty()) errors.Add(slots_path, "must have at least one slot");
  return {WeeklyTimesFromProto(proto.slots(), slots_path, errors)};
}

void Write(const SlotRule& rule, v1::Policy& policy) {
  ToProto(rule.slots, *policy.mutable_slots()->mutable_slots());
}

NoticeRule Read(const v1::NoticeRule& proto, absl::string_view path, FieldErrors& errors) {
  NoticeRule rule;
  const size_t before = errors.violations().size();
  rule.create =
      LeadFromProto(proto.create(), Presence::kOptional, FieldPath(path, "create"), errors);
  rule.change =
      LeadFromProto(proto.change(), Presence::kOptional, FieldPath(path, "change"), errors);
  rule.cancel =
      LeadFromProto(proto.cancel(), Presence::kOptional, FieldPath(path, "cancel"), errors);
  const bool says_nothing = rule.create.zero() && rule.change.zero() && rule.cancel.zero();
  if (says_nothing && errors.violations().size() == before) {
    errors.Add(path, "must have a lead for create, change or cancel");
  }
  return rule;
}

void Write(const NoticeRule& rule, v1::Policy& policy) {
  v1::NoticeRule& proto = *policy.mutable_notice();
  if (!rule.create.zero()) ToProto(rule.create, *proto.mutable_create());
  if (!rule.change.zero()) ToProto(rule.change, *proto.mutable_change());
  if (!rule.cancel.zero()) ToProto(rule.cancel, *proto.mutable_cancel());
}

// Horizon, lock and protection have nothing but their lead.
template <typename Rule, typename Proto>
Rule ReadLead(const Proto& proto, absl::string_view path, FieldErrors& errors) {
  return {LeadFromProto(proto.lead(), Presence::kRequired, FieldPath(path, "lead"), errors)};
}

HorizonRule Read(const v1::HorizonRule& proto, absl::string_view path, FieldErrors& errors) {
  return ReadLead<HorizonRule>(proto, path, errors);
}

void Write(const HorizonRule& rule, v1::Policy& policy) {
  ToProto(rule.lead, *policy.mutable_horizon()->mutable_lead());
}

LockRule Read(const v1::LockRule& proto, absl::string_view path, FieldErrors& errors) {
  return ReadLead<LockRule>(proto, path, errors);
}

void Write(const LockRule& rule, v1::Policy& policy) {
  ToProto(rule.lead, *policy.mutable_lock()->mutable_lead());
}

BufferRule Read(const v1::BufferRule& proto, absl::string_view path, FieldErrors& errors) {
  BufferRule rule;
  rule.gap = DurationFromProto(proto.gap(), 1, limits::kLongestRun, FieldPath(path, "gap"), errors);
  rule.of_organisation = proto.of_organisation();
  rule.on_any_asset = proto.on_any_asset();
  return rule;
}

void Write(const BufferRule& rule, v1::Policy& policy) {
  v1::BufferRule& proto = *policy.mutable_buffer();
  ToProto(rule.gap, *proto.mutable_gap());
  proto.set_of_organisation(rule.of_organisation);
  proto.set_on_any_asset(rule.on_any_asset);
}

QualificationRule Read(const v1::QualificationRule& proto, absl::string_view path,
                       FieldErrors& errors) {
  return {LineFromProto(proto.qualification(), limits::kMaxNameText, Presence::kRequired,
                        FieldPath(path, "qualification"), errors)};
}

void Write(const QualificationRule& rule, v1::Policy& policy) {
  policy.mutable_qualification()->set_qualification(rule.qualification);
}

CompanionRule Read(const v1::CompanionRule& proto, absl::string_view path, FieldErrors& errors) {
  if (proto.asset().empty() == proto.kind().empty()) {
    errors.Add(path, "must have an asset or a kind, and not both");
  }
  CompanionRule rule;
  rule.asset =
      IdFromName(kAssets, proto.asset(), Presence::kOptional, FieldPath(path, "asset"), errors);
  rule.kind = LineFromProto(proto.kind(), limits::kMaxNameText, Presence::kOptional,
                            FieldPath(path, "kind"), errors);
  rule.quantity = std::max(1, NumberFromProto(proto.quantity(), 0, limits::kMaxCapacity,
                                              FieldPath(path, "quantity"), errors));
  rule.other_reservation_will_do = proto.other_reservation_will_do();
  return rule;
}

void Write(const CompanionRule& rule, v1::Policy& policy) {
  v1::CompanionRule& proto = *policy.mutable_companion();
  proto.set_asset(NameOf(kAssets, rule.asset));
  proto.set_kind(rule.kind);
  proto.set_quantity(rule.quantity);
  proto.set_other_reservation_will_do(rule.other_reservation_will_do);
}

SiteRule Read(const v1::SiteRule& proto, absl::string_view path, FieldErrors& errors) {
  SiteRule rule;
  rule.power_kw =
      MeasureFromProto(proto.power_kw(), 0, kMostPowerKw, FieldPath(path, "power_kw"), errors);
  rule.clearance_m = MeasureFromProto(proto.clearance_m(), 0, kMostClearanceM,
                                      FieldPath(path, "clearance_m"), errors);
  rule.labels = LabelsFromProto(proto.labels(), FieldPath(path, "labels"), errors);
  if (proto.power_kw() == 0 && proto.clearance_m() == 0 && proto.labels().empty()) {
    errors.Add(path, "must have power_kw, clearance_m or labels");
  }
  return rule;
}

void Write(const SiteRule& rule, v1::Policy& policy) {
  v1::SiteRule& proto = *policy.mutable_site();
  proto.set_power_kw(rule.power_kw);
  proto.set_clearance_m(rule.clearance_m);
  ToProto(rule.labels, *proto.mutable_labels());
}

std::vector<Selector> ReadWho(const google::protobuf::RepeatedPtrField<v1::Selector>& protos,
                              absl::string_view path, FieldErrors& errors) {
  if (protos.empty()) errors.Add(path, "must have at least one selector");
  return SelectorsFromProto(protos, path, errors);
}

EligibilityRule Read(const v1::EligibilityRule& proto, absl::string_view path,
                     FieldErrors& errors) {
  return {ReadWho(proto.who(), FieldPath(path, "who"), errors)};
}

void Write(const EligibilityRule& rule, v1::Policy& policy) {
  ToProto(rule.who, *policy.mutable_eligibility()->mutable_who());
}

ApprovalRule Read(const v1::ApprovalRule&, absl::string_view, FieldErrors&) { return {}; }

void Write(const ApprovalRule&, v1::Policy& policy) { policy.mutable_always(); }

HoldRule Read(const v1::HoldRule& proto, absl::string_view path, FieldErrors& errors) {
  HoldRule rule;
  rule.max =
      DurationFromProto(proto.max(), 0, limits::kLongestHold, FieldPath(path, "max"), errors);
  rule.ends_before_start = DurationFromProto(proto.ends_before_start(), 0, limits::kLongestRun,
                                             FieldPath(path, "ends_before_start"), errors);
  if (proto.max().seconds() == 0 && proto.ends_before_start().seconds() == 0) {
    errors.Add(path, "must have max, ends_before_start or both");
  }
  return rule;
}

void Write(const HoldRule& rule, v1::Policy& policy) {
  v1::HoldRule& proto = *policy.mutable_hold();
  if (rule.max != 0) ToProto(rule.max, *proto.mutable_max());
  if (rule.ends_before_start != 0) {
    ToProto(rule.ends_before_start, *proto.mutable_ends_before_start());
  }
}

ProtectionRule Read(const v1::ProtectionRule& proto, absl::string_view path, FieldErrors& errors) {
  return ReadLead<ProtectionRule>(proto, path, errors);
}

void Write(const ProtectionRule& rule, v1::Policy& policy) {
  ToProto(rule.lead, *policy.mutable_protection()->mutable_lead());
}

ClosedTimeRule Read(const v1::ClosedTimeRule& proto, absl::string_view, FieldErrors&) {
  return {proto.counts()};
}

void Write(const ClosedTimeRule& rule, v1::Policy& policy) {
  policy.mutable_closed_time()->set_counts(rule.counts);
}

ReservedRule Read(const v1::ReservedRule& proto, absl::string_view path, FieldErrors& errors) {
  return {ReadWho(proto.who(), FieldPath(path, "who"), errors),
          LeadFromProto(proto.until(), Presence::kRequired, FieldPath(path, "until"), errors)};
}

void Write(const ReservedRule& rule, v1::Policy& policy) {
  v1::ReservedRule& proto = *policy.mutable_reserved();
  ToProto(rule.who, *proto.mutable_who());
  ToProto(rule.until, *proto.mutable_until());
}

GraceRule Read(const v1::GraceRule& proto, absl::string_view path, FieldErrors& errors) {
  return {
      DurationFromProto(proto.grace(), 1, limits::kLongestRun, FieldPath(path, "grace"), errors)};
}

void Write(const GraceRule& rule, v1::Policy& policy) {
  ToProto(rule.grace, *policy.mutable_grace()->mutable_grace());
}

// Zeros of gap and gain mean what is usual.
DisplacementRule Read(const v1::DisplacementRule& proto, absl::string_view path,
                      FieldErrors& errors) {
  constexpr double kMost = 1000;
  DisplacementRule rule;
  if (proto.priority_gap() != 0) {
    rule.priority_gap = NumberFromProto(proto.priority_gap(), 1, limits::kMaxPriority,
                                        FieldPath(path, "priority_gap"), errors);
  }
  if (proto.least_gain() != 0) {
    rule.least_gain =
        MeasureFromProto(proto.least_gain(), 1, kMost, FieldPath(path, "least_gain"), errors);
  }
  rule.priority_weight = MeasureFromProto(proto.priority_weight(), 0, kMost,
                                          FieldPath(path, "priority_weight"), errors);
  rule.notice_weight =
      MeasureFromProto(proto.notice_weight(), 0, kMost, FieldPath(path, "notice_weight"), errors);
  rule.notice =
      LeadFromProto(proto.notice(), Presence::kOptional, FieldPath(path, "notice"), errors);
  return rule;
}

void Write(const DisplacementRule& rule, v1::Policy& policy) {
  v1::DisplacementRule& proto = *policy.mutable_displacement();
  proto.set_priority_gap(rule.priority_gap);
  proto.set_least_gain(rule.least_gain);
  proto.set_priority_weight(rule.priority_weight);
  proto.set_notice_weight(rule.notice_weight);
  if (!rule.notice.zero()) ToProto(rule.notice, *proto.mutable_notice());
}

OverrunRule Read(const v1::OverrunRule& proto, absl::string_view path, FieldErrors& errors) {
  OverrunRule rule;
  rule.ends_for_next = proto.ends_for_next();
  if (proto.has_close_after()) {
    rule.close_after = DurationFromProto(proto.close_after(), 1, limits::kLongestOverrun,
                                         FieldPath(path, "close_after"), errors);
  }
  return rule;
}

void Write(const OverrunRule& rule, v1::Policy& policy) {
  v1::OverrunRule& proto = *policy.mutable_overrun();
  proto.set_ends_for_next(rule.ends_for_next);
  ToProto(rule.close_after, *proto.mutable_close_after());
}

}  // namespace

const std::vector<std::string>& PolicyRuleFields() {
  static const std::vector<std::string>& fields = *[] {
    auto* names = new std::vector<std::string>();
    const auto& rule = *v1::Policy::descriptor()->FindOneofByName("rule");
    for (int i = 0; i < rule.field_count(); ++i) names->push_back(rule.field(i)->name());
    return names;
  }();
  return fields;
}

PolicyRule PolicyRuleFromProto(const v1::Policy& proto, absl::string_view path,
                               FieldErrors& errors) {
  switch (proto.rule_case()) {
    case v1::Policy::kDuration:
      return Read(proto.duration(), FieldPath(path, "duration"), errors);
    case v1::Policy::kGranularity:
      return Read(proto.granularity(), FieldPath(path, "granularity"), errors);
    case v1::Policy::kSlots:
      return Read(proto.slots(), FieldPath(path, "slots"), errors);
    case v1::Policy::kNotice:
      return Read(proto.notice(), FieldPath(path, "notice"), errors);
    case v1::Policy::kHorizon:
      return Read(proto.horizon(), FieldPath(path, "horizon"), errors);
    case v1::Policy::kLock:
      return Read(proto.lock(), FieldPath(path, "lock"), errors);
    case v1::Policy::kBuffer:
      return Read(proto.buffer(), FieldPath(path, "buffer"), errors);
    case v1::Policy::kQualification:
      return Read(proto.qualification(), FieldPath(path, "qualification"), errors);
    case v1::Policy::kCompanion:
      return Read(proto.companion(), FieldPath(path, "companion"), errors);
    case v1::Policy::kSite:
      return Read(proto.site(), FieldPath(path, "site"), errors);
    case v1::Policy::kEligibility:
      return Read(proto.eligibility(), FieldPath(path, "eligibility"), errors);
    case v1::Policy::kAlways:
      return Read(proto.always(), FieldPath(path, "always"), errors);
    case v1::Policy::kHold:
      return Read(proto.hold(), FieldPath(path, "hold"), errors);
    case v1::Policy::kProtection:
      return Read(proto.protection(), FieldPath(path, "protection"), errors);
    case v1::Policy::kClosedTime:
      return Read(proto.closed_time(), FieldPath(path, "closed_time"), errors);
    case v1::Policy::kReserved:
      return Read(proto.reserved(), FieldPath(path, "reserved"), errors);
    case v1::Policy::kGrace:
      return Read(proto.grace(), FieldPath(path, "grace"), errors);
    case v1::Policy::kDisplacement:
      return Read(proto.displacement(), FieldPath(path, "displacement"), errors);
    case v1::Policy::kOverrun:
      return Read(proto.overrun(), FieldPath(path, "overrun"), errors);
    case v1::Policy::RULE_NOT_SET:
      break;
  }
  errors.Add(FieldPath(path, "rule"),
             absl::StrCat("must be set: one of ", absl::StrJoin(PolicyRuleFields(), ", ")));
  return {};
}

void RuleToProto(const PolicyRule& rule, v1::Policy& proto) {
  std::visit([&](const auto& kind) { Write(kind, proto); }, rule);
}

}  // namespace labslot::service
