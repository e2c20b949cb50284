#ifndef LABSLOT_TESTS_ENGINE_RULED_WORLD_H_
#define LABSLOT_TESTS_ENGINE_RULED_WORLD_H_

#include <random>
#include <string>
#include <vector>

#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "tests/support/world.h"

namespace labslot::engine {

// A small, crowded world with random rules of booking: assets of all kinds of
// capacity at two sites in two zones, with opening hours, some of them for a
// group; three users of two organisations. Everything lies on quarters of an
// hour, some of it around a switch of summer time. The same seed gives the
// same world.
class RuledWorld {
 public:
  explicit RuledWorld(unsigned seed);

  // A request of one of the users, so many quarters of an hour long; now and
  // then it starts between them.
  Reservation AnyRequest();

  const support::World& world() const { return world_; }
  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

 private:
  template <typename T>
  const T& OneOf(const std::vector<T>& list) {
    return list[Roll(static_cast<unsigned>(list.size()))];
  }
  Seconds Quarters(unsigned least, unsigned sides);

  void AddPlaces();
  void AddAssets();
  void AddPeople();
  void AddPolicies();
  void AddQuotas();
  void BookALot(int requests);
  Reservation AnyDraft();

  Selector AnyAssets();
  Selector AnyHolders();
  std::vector<WeeklyWindow> AnyWindows();
  Lead AnyLead(unsigned days);
  PolicyRule AnyRule(unsigned kind);
  Effect AnyEffect();

  support::World world_;
  std::mt19937 random_;
  std::vector<std::string> assets_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_RULED_WORLD_H_
