#ifndef LABSLOT_CLIENT_OUTPUT_RULE_TEXT_H_
#define LABSLOT_CLIENT_OUTPUT_RULE_TEXT_H_

// Rules of booking in few words, for tables.

#include <string>

#include "google/protobuf/repeated_field.h"
#include "labslot/v1/policy.pb.h"
#include "labslot/v1/quota.pb.h"
#include "labslot/v1/rule_scope.pb.h"

namespace labslot::client {

// What a policy demands: "duration {max: 4h}", as in the catalogue file.
std::string RuleText(const v1::Policy& policy);

// "20% of opening hours".
std::string ShareText(const v1::CapacityShare& share);

// What a quota allows: "2, future", "20 h, rolling 14 d", "20% of opening hours, year".
std::string LimitText(const v1::Quota& quota);

// "everything", or what its selectors pick, as in the catalogue file:
// "{asset_kinds: [sem]} or {sites: [lommel]}".
std::string ScopeText(const google::protobuf::RepeatedPtrField<v1::Selector>& selectors);

// "reject", "warn" or "needs approval".
std::string EffectText(v1::RuleEffect effect);

// "managers, anna, groups/staff".
std::string OverridersText(const v1::Actors& actors);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_OUTPUT_RULE_TEXT_H_
