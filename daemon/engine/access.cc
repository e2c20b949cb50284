#include "daemon/engine/access.h"

#include <algorithm>
#include <variant>

#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

bool IsBuiltIn(const Principal& principal) {
  return principal.user == kDaemonActor || principal.user == kLocalOperator;
}

// The user's record if he may act at all.
const User* ActiveUser(const Catalogue& catalogue, const Principal& principal) {
  const User* user = catalogue.FindUser(principal.user);
  return user != nullptr && user->state == UserState::kActive ? user : nullptr;
}

bool Covers(const Catalogue& catalogue, const Scope& scope, const Asset& asset) {
  switch (scope.kind) {
    case ScopeKind::kPlatform:
      return true;
    case ScopeKind::kAsset:
      return catalogue.IsPartOf(asset, scope.id);
    case ScopeKind::kSite:
      return scope.id == asset.site;
    case ScopeKind::kOrganisation: {
      const Site* site = catalogue.FindSite(asset.site);
      return scope.id == asset.organisation || (site != nullptr && scope.id == site->organisation);
    }
  }
  return false;
}

bool Manages(Role role) { return role == Role::kAdministrator || role == Role::kAssetManager; }

// True if a role that `counts` covers the asset.
bool HasRole(const Catalogue& catalogue, const Principal& principal, const Asset& asset,
             bool (*counts)(Role)) {
  if (IsBuiltIn(principal)) return true;
  const User* user = ActiveUser(catalogue, principal);
  return user != nullptr && std::any_of(user->role_bindings.begin(), user->role_bindings.end(),
                                        [&](const RoleBinding& binding) {
                                          return counts(binding.role) &&
                                                 Covers(catalogue, binding.scope, asset);
                                        });
}

bool ManagesAllItems(const Catalogue& catalogue, const Principal& principal,
                     const Reservation& reservation) {
  return std::all_of(reservation.items.begin(), reservation.items.end(), [&](const auto& item) {
    const Asset* asset = catalogue.FindAsset(item.asset);
    return asset != nullptr && ManagesAsset(catalogue, principal, *asset);
  });
}

bool SettledSome(const Principal& principal, const Reservation& reservation) {
  return std::any_of(reservation.notes.begin(), reservation.notes.end(),
                     [&](const Note& note) { return note.settled_by == principal.user; });
}

}  // namespace

bool IsAdministrator(const Catalogue& catalogue, const Principal& principal) {
  if (IsBuiltIn(principal)) return true;
  const User* user = ActiveUser(catalogue, principal);
  if (user == nullptr) return false;
  const RoleBinding everything{Role::kAdministrator, Scope{}};
  return std::count(user->role_bindings.begin(), user->role_bindings.end(), everything) > 0;
}

bool ManagesAsset(const Catalogue& catalogue, const Principal& principal, const Asset& asset) {
  return HasRole(catalogue, principal, asset, Manages);
}

bool MaySeeFigures(const Catalogue& catalogue, const Principal& principal, const Asset& asset) {
  return HasRole(catalogue, principal, asset,
                 [](Role role) { return Manages(role) || role == Role::kAuditor; });
}

bool ManagesAll(const Catalogue& catalogue, const Principal& principal,
                const std::vector<std::string>& assets) {
  return std::all_of(assets.begin(), assets.end(), [&](const std::string& id) {
    const Asset* asset = catalogue.FindAsset(id);
    return asset != nullptr && ManagesAsset(catalogue, principal, *asset);
  });
}

bool ManagesAnItem(const Catalogue& catalogue, const Principal& principal,
                   const Reservation& reservation) {
  return std::any_of(reservation.items.begin(), reservation.items.end(), [&](const auto& item) {
    const Asset* asset = catalogue.FindAsset(item.asset);
    return asset != nullptr && ManagesAsset(catalogue, principal, *asset);
  });
}

bool MaySee(const Catalogue& catalogue, const Principal& principal,
            const Reservation& reservation) {
  if (IsBuiltIn(principal)) return true;
  if (ActiveUser(catalogue, principal) == nullptr) return false;
  return principal.user == reservation.user ||
         IsMemberOf(catalogue, principal, reservation.organisation) ||
         IsMemberOf(catalogue, principal, reservation.on_behalf_of) ||
         ManagesAnItem(catalogue, principal, reservation) ||
         (reservation.state == ReservationState::kPending &&
          (MayApproveSome(catalogue, principal, reservation) ||
           SettledSome(principal, reservation)));
}

std::optional<bool> MaySee(const Catalogue& catalogue, const Principal& principal,
                           const Asset& asset, const Occupant& occupant, const Party& party) {
  if (IsBuiltIn(principal)) return true;
  if (ActiveUser(catalogue, principal) == nullptr) return false;
  if (principal.user == party.user || IsMemberOf(catalogue, principal, party.organisation) ||
      ManagesAsset(catalogue, principal, asset)) {
    return true;
  }
  if (occupant.plain && occupant.state != ReservationState::kPending) return false;
  return std::nullopt;
}

bool IsStaff(const Catalogue& catalogue, const Reservation& reservation) {
  return ManagesAllItems(catalogue, Principal{reservation.user}, reservation);
}

bool MayChange(const Catalogue& catalogue, const Principal& principal,
               const Reservation& reservation) {
  return MayBookFor(catalogue, principal, reservation.user, reservation);
}

bool MayBookFor(const Catalogue& catalogue, const Principal& principal, absl::string_view user,
                const Reservation& reservation) {
  if (IsAdministrator(catalogue, principal)) return true;
  if (ActiveUser(catalogue, principal) == nullptr) return false;
  return principal.user == user || ManagesAllItems(catalogue, principal, reservation);
}

bool MayApprove(const Catalogue& catalogue, const Principal& principal, const Note& note) {
  if (IsAdministrator(catalogue, principal)) return true;
  const Asset* asset = catalogue.FindAsset(note.asset);
  const RuleTerms terms = TermsOf(catalogue, note.source);
  if (terms.approval == nullptr || terms.approval->approvers.empty()) {
    return asset != nullptr && ManagesAsset(catalogue, principal, *asset);
  }
  return ActiveUser(catalogue, principal) != nullptr &&
         IsOneOf(catalogue, principal, terms.approval->approvers, asset);
}

bool MayApproveSome(const Catalogue& catalogue, const Principal& principal,
                    const Reservation& reservation) {
  return std::any_of(reservation.notes.begin(), reservation.notes.end(), [&](const Note& note) {
    return IsOpenRequest(note) && MayApprove(catalogue, principal, note);
  });
}

bool MayOverride(const Catalogue& catalogue, const Principal& principal, absl::string_view rule,
                 absl::string_view asset) {
  const RuleTerms terms = TermsOf(catalogue, rule);
  return terms.overriders != nullptr &&
         IsOneOf(catalogue, principal, *terms.overriders, catalogue.FindAsset(asset));
}

bool MayWriteRule(const Catalogue& catalogue, const Principal& principal,
                  const std::vector<Selector>& applies_to) {
  if (IsAdministrator(catalogue, principal)) return true;
  return !applies_to.empty() &&
         std::all_of(applies_to.begin(), applies_to.end(), [&](const Selector& selector) {
           return !selector.assets.empty() &&
                  std::all_of(
                      selector.assets.begin(), selector.assets.end(), [&](const std::string& id) {
                        const Asset* asset = catalogue.FindAsset(id);
                        return asset != nullptr && ManagesAsset(catalogue, principal, *asset);
                      });
         });
}

bool MayRead(const Catalogue& catalogue, const Principal& principal, const Resource& resource) {
  if (const auto* reservation = std::get_if<Reservation>(&resource)) {
    return MaySee(catalogue, principal, *reservation);
  }
  if (const auto* series = std::get_if<Series>(&resource)) {
    return MaySee(catalogue, principal, series->draft);
  }
  if (const auto* user = std::get_if<User>(&resource)) {
    return user->id == principal.user || IsAdministrator(catalogue, principal);
  }
  if (const auto* report = std::get_if<MachineReport>(&resource)) {
    const Asset* asset = catalogue.FindAsset(report->asset);
    return asset != nullptr && MaySeeFigures(catalogue, principal, *asset);
  }
  if (const auto* token = std::get_if<Token>(&resource)) {
    return token->user == principal.user || IsAdministrator(catalogue, principal);
  }
  return true;
}

bool IsMemberOf(const Catalogue& catalogue, const Principal& principal,
                absl::string_view organisation) {
  const User* user = ActiveUser(catalogue, principal);
  if (user == nullptr || organisation.empty()) return false;
  return std::find(user->organisations.begin(), user->organisations.end(), organisation) !=
         user->organisations.end();
}

}  // namespace labslot::engine
