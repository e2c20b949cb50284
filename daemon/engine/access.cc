#include "daemon/engine/access.h"

#include <algorithm>
#include <variant>

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

bool IsAncestorOrSelf(const Catalogue& catalogue, absl::string_view ancestor, const Asset& asset) {
  const Asset* current = &asset;
  // A draft may hold a circle until it is refused: the count ends it.
  for (size_t depth = 0; current != nullptr && depth <= catalogue.assets().size(); ++depth) {
    if (current->id == ancestor) return true;
    current = catalogue.FindAsset(current->parent);
  }
  return false;
}

bool Covers(const Catalogue& catalogue, const Scope& scope, const Asset& asset) {
  switch (scope.kind) {
    case ScopeKind::kPlatform:
      return true;
    case ScopeKind::kAsset:
      return IsAncestorOrSelf(catalogue, scope.id, asset);
    case ScopeKind::kSite:
      return scope.id == asset.site;
    case ScopeKind::kOrganisation: {
      const Site* site = catalogue.FindSite(asset.site);
      return scope.id == asset.organisation || (site != nullptr && scope.id == site->organisation);
    }
  }
  return false;
}

bool ManagesAllItems(const Catalogue& catalogue, const Principal& principal,
                     const Reservation& reservation) {
  return std::all_of(reservation.items.begin(), reservation.items.end(), [&](const auto& item) {
    const Asset* asset = catalogue.FindAsset(item.asset);
    return asset != nullptr && ManagesAsset(catalogue, principal, *asset);
  });
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
  if (IsBuiltIn(principal)) return true;
  const User* user = ActiveUser(catalogue, principal);
  if (user == nullptr) return false;
  return std::any_of(
      user->role_bindings.begin(), user->role_bindings.end(), [&](const RoleBinding& binding) {
        return binding.role != Role::kMember && Covers(catalogue, binding.scope, asset);
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
         ManagesAnItem(catalogue, principal, reservation);
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

bool MayRead(const Catalogue& catalogue, const Principal& principal, const Resource& resource) {
  if (const auto* reservation = std::get_if<Reservation>(&resource)) {
    return MaySee(catalogue, principal, *reservation);
  }
  if (const auto* user = std::get_if<User>(&resource)) {
    return user->id == principal.user || IsAdministrator(catalogue, principal);
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
