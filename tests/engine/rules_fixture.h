#ifndef LABSLOT_TESTS_ENGINE_RULES_FIXTURE_H_
#define LABSLOT_TESTS_ENGINE_RULES_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {

// A selector that says one thing: Pick(&Selector::assets, {"oven"}).
template <typename T>
Selector Pick(std::vector<T> Selector::*list, std::type_identity_t<std::vector<T>> entries) {
  Selector selector;
  selector.*list = std::move(entries);
  return selector;
}

// A policy about everything that rejects.
inline Policy MakePolicy(const std::string& id, PolicyRule rule) {
  Policy policy;
  policy.id = id;
  policy.display_name = id;
  policy.rule = std::move(rule);
  return policy;
}

inline Policy WithEffect(Policy policy, Effect effect) {
  policy.effect = effect;
  return policy;
}

inline Policy About(Policy policy, Selector selector) {
  policy.applies_to.push_back(std::move(selector));
  return policy;
}

// A policy that `always` is: every request breaks it.
inline Policy Always(const std::string& id, Effect effect) {
  return WithEffect(MakePolicy(id, ApprovalRule{}), effect);
}

inline Actors TheseUsers(std::vector<std::string> users) {
  Actors actors;
  actors.users = std::move(users);
  return actors;
}

inline Actors TheManagers() {
  Actors actors;
  actors.managers = true;
  return actors;
}

// Round the clock at lommel: `oven` and `press`, and the pool `rigs` of three.
// Of acme are ada and bob; of beta, a small firm, is eve. mia manages all
// assets, max administers the platform. It is Sunday 2027-02-28 12:00.
class RulesTest : public testing::Test {
 protected:
  RulesTest() {
    Organisation beta = support::MakeOrganisation("beta");
    beta.kind = OrganisationKind::kSme;
    beta.region = "BE211";
    world_.Add(beta);
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(support::MakeUser("eve", {"beta"}));
    AddUserWithRole("mia", Role::kAssetManager);
    AddUserWithRole("max", Role::kAdministrator);
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeAsset("oven"));
    world_.Add(support::MakeAsset("press"));
    world_.Add(support::MakePool("rigs", 3));
  }

  void AddUserWithRole(const std::string& id, Role role) {
    User user = support::MakeUser(id);
    user.role_bindings.push_back(support::Binding(role));
    world_.Add(user);
  }

  void AddGroup(const std::string& id, std::vector<std::string> users,
                std::vector<std::string> organisations = {}) {
    Group group;
    group.id = id;
    group.display_name = id;
    group.users = std::move(users);
    group.organisations = std::move(organisations);
    world_.Add(group);
  }

  // A fixed asset at a site of its own that is open on working days from 8 to 17.
  void AddAssetOpenInOfficeHours(const std::string& asset) {
    Site site = support::MakeSite("office");
    site.calendar = support::Office();
    world_.Add(site);
    world_.Add(support::MakeAsset(asset, "office"));
  }

  void Disable(const std::string& policy) {
    UpdateRecord<Policy> update;
    update.id = policy;
    update.patch = [](const Policy& current) {
      Policy changed = current;
      changed.disabled = true;
      return Result<Policy>(changed);
    };
    ASSERT_TRUE(world_.Run(update).ok());
  }

  const Reservation& Of(const std::string& label) const {
    return world_.reservation(script_.id(label));
  }

  support::World world_;
  support::Script script_{world_};
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_RULES_FIXTURE_H_
