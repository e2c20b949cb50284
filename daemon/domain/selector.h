#ifndef LABSLOT_DAEMON_DOMAIN_SELECTOR_H_
#define LABSLOT_DAEMON_DOMAIN_SELECTOR_H_

#include <string>
#include <vector>

#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/reservation.h"

namespace labslot {

// How the holder of a reservation stands to the asset.
enum class Relation {
  kOwner = 1,    // it is for the organisation that owns the asset
  kManager = 2,  // its user manages the asset
};

// Whom and what a rule is about. A list that is empty says nothing; of one that
// is not, one entry must fit; all lists together must fit. See the API's
// Selector for the meaning of each.
struct Selector {
  std::vector<OrganisationKind> organisation_kinds;
  std::vector<std::string> organisations;
  std::vector<std::string> regions;  // NUTS codes; a shorter one means all within
  std::vector<std::string> users;
  std::vector<std::string> groups;
  std::vector<Relation> relations;
  std::vector<std::string> assets;  // or an ancestor of it
  std::vector<std::string> asset_kinds;
  Labels labels;                   // the asset carries them all
  std::vector<std::string> sites;  // the place of the run
  std::vector<std::string> purposes;
  std::vector<ActivityClass> activity_classes;
  friend bool operator==(const Selector&, const Selector&) = default;
};

// Who may do something about a rule.
struct Actors {
  std::vector<std::string> users;
  std::vector<std::string> groups;
  bool managers = false;  // those who manage the asset
  bool empty() const { return users.empty() && groups.empty() && !managers; }
  friend bool operator==(const Actors&, const Actors&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_SELECTOR_H_
