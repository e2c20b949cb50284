#ifndef LABSLOT_DAEMON_ENGINE_RULE_SCOPE_H_
#define LABSLOT_DAEMON_ENGINE_RULE_SCOPE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/selector.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/principal.h"

namespace labslot::engine {

// One asset of a reservation with who has it: what selectors are held against.
// An empty user or organisation is nobody's.
struct Subject {
  const Catalogue& catalogue;
  const Asset& asset;
  const Site& place;
  absl::string_view user;
  absl::string_view organisation;
  absl::string_view purpose;
  ActivityClass activity_class = ActivityClass::kUnspecified;
};

bool Matches(const Selector& selector, const Subject& subject);

// True if one of `applies_to` fits (or there is none), and none of `except`.
bool AppliesTo(const std::vector<Selector>& applies_to, const std::vector<Selector>& except,
               const Subject& subject);

// False if a selector can never fit the asset, whoever books it wherever: what
// is left need not be looked at again and again.
bool MayMatchAsset(const std::vector<Selector>& applies_to, const Catalogue& catalogue,
                   const Asset& asset);

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
