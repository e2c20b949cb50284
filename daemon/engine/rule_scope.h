#ifndef LABSLOT_DAEMON_ENGINE_RULE_SCOPE_H_
#define LABSLOT_DAEMON_ENGINE_RULE_SCOPE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/selector.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/principal.h"
#include "daemon/engine/rule_book.h"

namespace labslot::engine {

// Who has a reservation, with what selectors ask of him, looked up once. Refers
// to the catalogue and to the strings that it is made of. An empty user or
// organisation is nobody's.
struct Holder {
  Holder(const Catalogue& catalogue, absl::string_view holding_user,
         absl::string_view for_organisation);

  bool IsIn(absl::string_view group) const;

  absl::string_view user;
  absl::string_view organisation;
  const Organisation* record;       // of the organisation; null if there is none
  std::vector<std::string> groups;  // ids, in order
};

// One asset of a reservation with who has it: what selectors are held against.
struct Subject {
  const Catalogue& catalogue;
  const Asset& asset;
  const Site& place;
  const Holder& holder;
  absl::string_view purpose;
  ActivityClass activity_class = ActivityClass::kUnspecified;
};

bool Matches(const Selector& selector, const Subject& subject);

// True if all of `wanted` are among the labels, with the same values.
bool HasLabels(const Labels& wanted, const Labels& labels);

// True if one of `applies_to` fits (or there is none), and none of `except`.
bool AppliesTo(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Subject& subject);

template <typename T>
bool AppliesTo(const RuleOfAsset<T>& rule, const Subject& subject) {
  return rule.for_all || AppliesTo(rule.rule->applies_to, rule.rule->except, subject);
}

// True if the selectors fit the asset whoever books it, wherever and for what.
bool MatchesByAssetAlone(const std::vector<Selector>& applies_to, const Catalogue& catalogue,
                         const Asset& asset);

// False if a selector can never fit the asset, whoever books it wherever: what
// is left need not be looked at again and again.
bool MayMatchAsset(const std::vector<Selector>& applies_to, const Catalogue& catalogue,
                   const Asset& asset);

// True if the asset is one of those whose capacity the selectors are about: what it is
// and where it is at home fits one of `applies_to`, and none of `except` takes it out,
// whoever books it.
bool IsOfScope(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Catalogue& catalogue, const Asset& asset);

// True if the principal is one of the actors, as far as the asset is concerned.
bool IsOneOf(const Catalogue& catalogue, const Principal& principal, const Actors& actors,
             const Asset* asset);

// The terms of the policy or quota of that name; null members if it is gone.
struct RuleTerms {
  const Actors* overriders = nullptr;
  const ApprovalTerms* approval = nullptr;
};
RuleTerms TermsOf(const Catalogue& catalogue, absl::string_view name);

// The actors by name: `users/x`, `groups/x`, `managers`.
std::vector<std::string> NamesOf(const Actors& actors);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_RULE_SCOPE_H_
