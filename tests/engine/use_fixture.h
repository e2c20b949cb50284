#ifndef LABSLOT_TESTS_ENGINE_USE_FIXTURE_H_
#define LABSLOT_TESTS_ENGINE_USE_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {

// Assets to take into use and to give back: an oven and a press, a mill with a quarter
// of an hour of set-up and half an hour of tear-down, cups that are washed for half an
// hour, rigs that have names, and a line with a cell. Ada, Bob and Cyd book; Mia
// manages everything.
class UseTest : public testing::Test {
 protected:
  UseTest() {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(support::MakeUser("cyd", {"acme"}));
    User mia = support::MakeUser("mia");
    mia.role_bindings = {support::Binding(Role::kAssetManager)};
    world_.Add(mia);
    world_.Add(support::MakeAsset("oven"));
    world_.Add(support::MakeAsset("press"));
    Asset mill = support::MakeAsset("mill");
    mill.set_up = 15 * support::kMinute;
    mill.tear_down = 30 * support::kMinute;
    world_.Add(mill);
    Asset cups = support::MakePool("cups", 3);
    cups.tear_down = 30 * support::kMinute;
    world_.Add(cups);
    Asset rigs = support::MakePool("rigs", 3);
    rigs.units = {{"rig-1", ""}, {"rig-2", ""}, {"rig-3", ""}};
    world_.Add(rigs);
    world_.Add(support::MakeAsset("line"));
    world_.Add(support::MakeChild("cell", "line"));
  }

  void AddPolicy(const std::string& id, PolicyRule rule) {
    Policy policy;
    policy.id = id;
    policy.rule = std::move(rule);
    world_.Add(policy);
  }

  const Reservation& Of(const std::string& label) const {
    return world_.reservation(script_.id(label));
  }

  support::World world_;
  support::Script script_{world_};
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_USE_FIXTURE_H_
