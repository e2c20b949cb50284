#include "client/output/rule_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/names.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/yaml/record_writer.h"

namespace labslot::client {
namespace {

// As in the catalogue file, but for the quotes: it is not read back.
std::string InLine(const google::protobuf::Message& message) {
  return absl::StrReplaceAll(WriteRecordInLine(message), {{"\"", ""}});
}

}  // namespace

std::string RuleText(const v1::Policy& policy) {
  const auto* oneof = policy.GetDescriptor()->FindOneofByName("rule");
  const auto* rule = policy.GetReflection()->GetOneofFieldDescriptor(policy, oneof);
  if (rule == nullptr) return "";
  return absl::StrCat(rule->name(), " ", InLine(policy.GetReflection()->GetMessage(policy, rule)));
}

std::string ShareText(const v1::CapacityShare& share) {
  return absl::StrCat(share.percent(), "% of ",
                      EnumWords(v1::CapacityShare::Base_Name(share.base()), ""), " hours");
}

std::string LimitText(const v1::Quota& quota) {
  const std::string limit = quota.has_max_share() ? ShareText(quota.max_share())
                            : quota.measure() == v1::Quota::TIME
                                ? HoursText(ToDuration(quota.max_time()))
                                : absl::StrCat(quota.max_count());
  std::string period = EnumWords(v1::Quota::Period_Name(quota.period()), "PERIOD_");
  if (quota.period() == v1::Quota::ROLLING) {
    absl::StrAppend(&period, " ", quota.rolling_days(), " d");
  }
  return absl::StrCat(limit, ", ", period);
}

std::string ScopeText(const google::protobuf::RepeatedPtrField<v1::Selector>& selectors) {
  if (selectors.empty()) return "everything";
  return absl::StrJoin(selectors, " or ", [](std::string* out, const v1::Selector& selector) {
    absl::StrAppend(out, InLine(selector));
  });
}

std::string EffectText(v1::RuleEffect effect) {
  if (effect == v1::RULE_EFFECT_UNSPECIFIED) return "reject";
  return EnumWords(v1::RuleEffect_Name(effect), "RULE_EFFECT_");
}

std::string OverridersText(const v1::Actors& actors) {
  std::vector<std::string> words;
  if (actors.managers()) words.push_back("managers");
  for (const std::string& user : actors.users()) words.push_back(ShortName(user));
  for (const std::string& group : actors.groups()) words.push_back(group);
  return absl::StrJoin(words, ", ");
}

}  // namespace labslot::client
