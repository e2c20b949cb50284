#ifndef LABSLOT_CLIENT_RULE_WORDS_H_
#define LABSLOT_CLIENT_RULE_WORDS_H_

#include "absl/strings/string_view.h"
#include "labslot/v1/refusal.pb.h"

namespace labslot::client {

// What a newcomer is told about a rule. Whole sentences, except the title.
struct RuleWords {
  v1::Violation::Rule rule;
  // What people call it, such as "longest duration".
  absl::string_view title;
  // What it demands.
  absl::string_view what;
  // Why there are such rules, where the rule itself does not say.
  absl::string_view why;
  // What to do about it.
  absl::string_view next;
};

// The words of a rule; of one that this client does not know, words that say
// so.
const RuleWords& WordsOf(v1::Violation::Rule rule);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_RULE_WORDS_H_
