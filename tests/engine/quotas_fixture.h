#ifndef LABSLOT_TESTS_ENGINE_QUOTAS_FIXTURE_H_
#define LABSLOT_TESTS_ENGINE_QUOTAS_FIXTURE_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/admission.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/world.h"

namespace labslot::engine {

inline Quota TimeQuota(Seconds limit, QuotaPeriod period, std::vector<Dimension> each = {}) {
  Quota quota;
  quota.id = "quota";
  quota.display_name = "The quota";
  quota.measure = Measure::kTime;
  quota.limit = limit;
  quota.period = period;
  quota.each = std::move(each);
  return quota;
}

inline Quota CountQuota(int64_t limit, QuotaPeriod period, std::vector<Dimension> each = {}) {
  Quota quota = TimeQuota(limit, period, std::move(each));
  quota.measure = Measure::kCount;
  return quota;
}

inline Quota Rolling(Quota quota, int32_t days) {
  quota.period = QuotaPeriod::kRolling;
  quota.rolling_days = days;
  return quota;
}

inline Selector Kinds(std::vector<std::string> kinds) {
  Selector selector;
  selector.asset_kinds = std::move(kinds);
  return selector;
}

inline Selector Groups(std::vector<std::string> groups) {
  Selector selector;
  selector.groups = std::move(groups);
  return selector;
}

inline Policy MakePolicy(const std::string& id, const PolicyRule& rule) {
  Policy policy;
  policy.id = id;
  policy.display_name = id;
  policy.rule = rule;
  return policy;
}

// Everything is open round the clock, and has room enough that quotas alone
// refuse. ada and bob are of acme, eve is of beta, ada of both; mia manages all.
class QuotasTest : public testing::Test {
 protected:
  QuotasTest() : script_(world_) {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeSite("tartu", "Europe/Tallinn"));
    world_.Add(support::MakeOrganisation("beta"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(support::MakeUser("eve", {"beta"}));
    User ada = support::MakeUser("ada", {"acme", "beta"});
    (void)world_.Replace(ada);
    User mia = support::MakeUser("mia", {"acme"});
    mia.role_bindings = {support::Binding(Role::kAssetManager)};
    world_.Add(mia);
    world_.Add(support::MakePool("rig", 20));
    for (const char* id : {"sem", "sem-2"}) {
      Asset sem = support::MakePool(id, 20);
      sem.kind = "sem";
      world_.Add(sem);
    }
    world_.Add(support::MakePool("mill", 20, "tartu"));
    Asset truck = support::MakePool("truck", 20);
    truck.mobile = true;
    world_.Add(truck);
  }

  // Adds the record, or puts it in the place of the one of that name.
  void Put(const Resource& record) {
    const auto put = world_.Run(ImportRecords{{record}});
    EXPECT_TRUE(put.ok()) << (put.ok() ? "" : support::Describe(put.error()));
  }

  void PutGroup(const std::string& id, std::vector<std::string> users,
                std::vector<std::string> organisations) {
    Group group;
    group.id = id;
    group.display_name = id;
    group.users = std::move(users);
    group.organisations = std::move(organisations);
    Put(group);
  }

  // What the quota says of a booking that could be made; nothing if it passes.
  std::optional<Violation> Broken(Reservation draft, const std::string& source = "quotas/quota") {
    if (draft.user.empty()) draft.user = "ada";
    if (draft.organisation.empty()) draft.organisation = "acme";
    for (Violation& violation : Judge(world_.state(), {.reservation = draft, .now = world_.now})) {
      if (violation.rule == Rule::kQuotaExceeded && violation.source == source) return violation;
    }
    return std::nullopt;
  }

  support::World world_;
  support::Script script_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_QUOTAS_FIXTURE_H_
