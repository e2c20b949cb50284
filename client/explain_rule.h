#ifndef LABSLOT_CLIENT_EXPLAIN_RULE_H_
#define LABSLOT_CLIENT_EXPLAIN_RULE_H_

#include <string>

#include "client/refusal_text.h"
#include "client/session.h"
#include "labslot/v1/refusal.pb.h"
#include "labslot/v1/rule_scope.pb.h"

namespace labslot::client {

// What a policy or a quota says of itself.
struct RuleRecord {
  std::string display_name;
  std::string description;
  v1::ApprovalTerms approval;
};

// Reads `policies/{id}` or `quotas/{id}`. Everything is empty if there is none
// or the daemon does not answer.
RuleRecord ReadRule(Session& session, const std::string& name);

// A reason in words for a newcomer: what the rule is, why it is there, who may
// override it and how, and what to do. An indented paragraph in whole lines.
std::string ExplainRule(Session& session, const v1::Violation& violation);

// What goes behind the reasons of a refusal: nothing, or with --explain the
// paragraph of each rule, once.
ViolationRemark RemarkFor(Session& session);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_EXPLAIN_RULE_H_
