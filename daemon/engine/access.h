#ifndef LABSLOT_DAEMON_ENGINE_ACCESS_H_
#define LABSLOT_DAEMON_ENGINE_ACCESS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/selector.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/parties.h"
#include "daemon/engine/principal.h"
#include "daemon/engine/timeline.h"

namespace labslot::engine {

// Who may do what: every such rule is in this file. What is said of the daemon
// itself and of the local operator holds for all of them: they may everything.
//
// Roles are read from the catalogue at the moment of the decision, so that taking
// one away works at once.

// Administrator of the platform.
bool IsAdministrator(const Catalogue& catalogue, const Principal& principal);

// Administrator or asset manager in a scope that contains the asset: the
// platform, the asset or an ancestor of it, its site, or the organisation
// that owns it or runs its site.
bool ManagesAsset(const Catalogue& catalogue, const Principal& principal, const Asset& asset);

// Manages each of these assets, given by id: may keep their outages and rounds.
bool ManagesAll(const Catalogue& catalogue, const Principal& principal,
                const std::vector<std::string>& assets);

// Manages at least one of the assets of the reservation.
bool ManagesAnItem(const Catalogue& catalogue, const Principal& principal,
                   const Reservation& reservation);

// True if the principal may know of the reservation: its user, members of its
// organisation, managers of an asset of it, administrators, and while it awaits
// approval those who may give it, or gave a part of it.
bool MaySee(const Catalogue& catalogue, const Principal& principal, const Reservation& reservation);

// The same of what is on the timeline of the asset; nothing if the timeline does not tell,
// and the reservation must be read.
std::optional<bool> MaySee(const Catalogue& catalogue, const Principal& principal,
                           const Asset& asset, const Occupant& occupant, const Party& party);

// True if the principal may see figures of the asset's use: its managers and auditors.
bool MaySeeFigures(const Catalogue& catalogue, const Principal& principal, const Asset& asset);

// True if its user keeps all of its assets himself.
bool IsStaff(const Catalogue& catalogue, const Reservation& reservation);

// True if the principal may change or cancel it: its user, managers of all of
// its assets, administrators.
bool MayChange(const Catalogue& catalogue, const Principal& principal,
               const Reservation& reservation);

// True if the principal may make a reservation for that user: himself,
// managers of all the assets, administrators.
bool MayBookFor(const Catalogue& catalogue, const Principal& principal, absl::string_view user,
                const Reservation& reservation);

// True if the principal may settle a note that demands approval: who the rule
// names, else who manages the asset. Administrators always may, lest a request
// be stuck.
bool MayApprove(const Catalogue& catalogue, const Principal& principal, const Note& note);

// True if the principal may settle a note of it that is open.
bool MayApproveSome(const Catalogue& catalogue, const Principal& principal,
                    const Reservation& reservation);

// True if the policy or quota `rule` lets the principal override it for the
// asset.
bool MayOverride(const Catalogue& catalogue, const Principal& principal, absl::string_view rule,
                 absl::string_view asset);

// True if the principal may write a rule about what these selectors pick:
// administrators; and who manages all the assets, if each selector names some.
bool MayWriteRule(const Catalogue& catalogue, const Principal& principal,
                  const std::vector<Selector>& applies_to);

// True if the principal may read the record and the events of the resource.
// Sites, assets, holiday regions and organisations are open to all who are
// known; users and tokens to themselves and administrators.
bool MayRead(const Catalogue& catalogue, const Principal& principal, const Resource& resource);

bool IsMemberOf(const Catalogue& catalogue, const Principal& principal,
                absl::string_view organisation);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_ACCESS_H_
