#include "daemon/service/convert/policy.h"

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/calendar.h"
#include "daemon/service/convert/lead.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/policy_rule.h"
#include "daemon/service/convert/selector.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/convert/time.h"

namespace labslot::service {
namespace {

// The rules that nobody breaks: they grant something, or act by the clock.
bool HasNoEffect(const PolicyRule& rule) {
  return std::holds_alternative<ClosedTimeRule>(rule) || std::holds_alternative<GraceRule>(rule) ||
         std::holds_alternative<DisplacementRule>(rule) ||
         std::holds_alternative<OverrunRule>(rule);
}

}  // namespace

Policy PolicyFromProto(const v1::Policy& proto, absl::string_view id, absl::string_view path,
                       FieldErrors& errors) {
  Policy policy;
  policy.id = std::string(id);
  policy.display_name = LineFromProto(proto.display_name(), limits::kMaxNameText,
                                      Presence::kOptional, FieldPath(path, "display_name"), errors);
  policy.description = TextFromProto(proto.description(), limits::kMaxText, Presence::kOptional,
                                     FieldPath(path, "description"), errors);
  const std::string effect_path = FieldPath(path, "effect");
  policy.effect = EffectFromProto(proto.effect(), effect_path, errors);
  policy.applies_to = SelectorsFromProto(proto.applies_to(), FieldPath(path, "applies_to"), errors);
  policy.except = SelectorsFromProto(proto.except(), FieldPath(path, "except"), errors);
  policy.sleeps = WeeklyTimesFromProto(proto.sleeps(), FieldPath(path, "sleeps"), errors);
  policy.periods = DateRangesFromProto(proto.periods(), FieldPath(path, "periods"), errors);
  policy.overriders = ActorsFromProto(proto.overriders(), FieldPath(path, "overriders"), errors);
  policy.approval = ApprovalTermsFromProto(proto.approval(), FieldPath(path, "approval"), errors);
  policy.disabled = proto.disabled();
  policy.rule = PolicyRuleFromProto(proto, path, errors);
  if (HasNoEffect(policy.rule) && policy.effect != Effect::kReject) {
    errors.Add(effect_path, absl::StrCat("must not be set to ", v1::RuleEffect_Name(proto.effect()),
                                         ": nobody can break a rule of this kind"));
  }
  return policy;
}

void ToProto(const Policy& policy, v1::Policy& proto) {
  proto.set_name(NameOf(kPolicies, policy.id));
  proto.set_display_name(policy.display_name);
  proto.set_description(policy.description);
  proto.set_effect(static_cast<v1::RuleEffect>(policy.effect));
  ToProto(policy.applies_to, *proto.mutable_applies_to());
  ToProto(policy.except, *proto.mutable_except());
  ToProto(policy.sleeps, *proto.mutable_sleeps());
  ToProto(policy.periods, *proto.mutable_periods());
  if (!policy.overriders.empty()) ToProto(policy.overriders, *proto.mutable_overriders());
  if (policy.approval != ApprovalTerms{}) ToProto(policy.approval, *proto.mutable_approval());
  proto.set_disabled(policy.disabled);
  RuleToProto(policy.rule, proto);
  ToProto(policy.create_time, *proto.mutable_create_time());
  ToProto(policy.update_time, *proto.mutable_update_time());
  proto.set_etag(EtagOf(policy.revision));
}

}  // namespace labslot::service
