#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_POLICY_RULE_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_POLICY_RULE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/policy.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// The fields of v1::Policy that its rule can be in, such as `duration`.
const std::vector<std::string>& PolicyRuleFields();

// Reads the `rule` of a policy; one must be set. `path` is the policy's.
PolicyRule PolicyRuleFromProto(const v1::Policy& proto, absl::string_view path,
                               FieldErrors& errors);
void RuleToProto(const PolicyRule& rule, v1::Policy& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_POLICY_RULE_H_
