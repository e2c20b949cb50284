#ifndef LABSLOT_DAEMON_ENGINE_UNIT_BOOK_H_
#define LABSLOT_DAEMON_ENGINE_UNIT_BOOK_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/occupancy.h"
#include "daemon/engine/unit_seats.h"

namespace labslot::engine {

// Who came to a pool, or left it.
struct UnitChange {
  Occupancy occupancy;
  bool left = false;
};

// A way to hand out the units of a pool whose units differ, what it follows from, and
// what it does not know yet.
struct UnitPlan {
  UnitSeats seats;
  std::vector<Unit> units;
  std::vector<UnitUse> outages;
  std::vector<UnitChange> changes;
  bool is_in_doubt = false;  // units or outages may be others
};

// The plans of the pools of which it was asked who can have which unit. Not thread-safe.
class UnitBook {
 public:
  // The plan of an asset; null if it has none. Valid until the next change.
  UnitPlan* Find(absl::string_view asset);

  UnitPlan& Put(const std::string& asset, UnitPlan plan);

  // Tells the plan of its asset, if it has one, who came or left.
  void Note(const Occupancy& occupancy, bool left);

  // After a change of an asset or an outage.
  void Doubt();

 private:
  absl::flat_hash_map<std::string, UnitPlan> by_asset_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_UNIT_BOOK_H_
