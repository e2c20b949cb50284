#include "client/explain_rule.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/names.h"
#include "client/output/words.h"
#include "client/rule_words.h"
#include "labslot/v1/policy_service.grpc.pb.h"

namespace labslot::client {
namespace {

constexpr absl::string_view kIndent = "      ";
// Longer lines are hard to read, however wide the terminal is.
constexpr int kLongestLine = 90;
constexpr int kUsualLine = 80;

template <typename Record>
RuleRecord Taken(const absl::StatusOr<Record>& record) {
  if (!record.ok()) return {};
  return {record->display_name(), record->description(), record->approval()};
}

// The text as a sentence.
std::string Sentence(const std::string& text) {
  const std::string words = Printable(text);
  const bool ends = absl::EndsWith(words, ".") || absl::EndsWith(words, "!");
  return absl::StrCat(words, ends ? "" : ".");
}

std::string OverrideText(const v1::Violation& violation) {
  if (violation.overridable_by().empty()) {
    return violation.source().empty() ? "It always holds: nobody can override it."
                                      : "Nobody may override it.";
  }
  return absl::StrCat("It may be overridden by ", ActorsText(violation.overridable_by()),
                      ": the same command with --override \"why\". The reason is kept.");
}

}  // namespace

RuleRecord ReadRule(Session& session, const std::string& name) {
  using Stub = v1::PolicyService::Stub;
  if (CollectionOf(name) == kPolicies) {
    v1::GetPolicyRequest request;
    request.set_name(name);
    return Taken(Read(session, &Stub::GetPolicy, request));
  }
  if (CollectionOf(name) == kQuotas) {
    v1::GetQuotaRequest request;
    request.set_name(name);
    return Taken(Read(session, &Stub::GetQuota, request));
  }
  return {};
}

std::string ExplainRule(Session& session, const v1::Violation& violation) {
  const RuleWords& words = WordsOf(violation.rule());
  const RuleRecord rule = ReadRule(session, violation.source());
  std::string text = std::string(words.what);
  if (!rule.display_name.empty()) {
    absl::StrAppend(&text, " The rule is called \"", Printable(rule.display_name), "\".");
  }
  absl::StrAppend(&text, " Why: ",
                  rule.description.empty() ? std::string(words.why) : Sentence(rule.description));
  absl::StrAppend(&text, " ", OverrideText(violation), " What to do: ", words.next);
  const int columns = session.output.columns();
  return Wrap(text, columns == 0 ? kUsualLine : std::min(columns, kLongestLine), kIndent);
}

ViolationRemark RemarkFor(Session& session) {
  if (!session.explain) return nullptr;
  auto told = std::make_shared<std::set<std::pair<int, std::string>>>();
  return [&session, told](const v1::Violation& violation) -> std::string {
    const bool first = told->insert({violation.rule(), violation.source()}).second;
    return first ? ExplainRule(session, violation) : "";
  };
}

}  // namespace labslot::client
