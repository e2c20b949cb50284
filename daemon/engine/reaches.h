#ifndef LABSLOT_DAEMON_ENGINE_REACHES_H_
#define LABSLOT_DAEMON_ENGINE_REACHES_H_

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/domain/occupancy.h"

namespace labslot::engine {

// How far the occupancies of each asset reach at most from the start of their run. What
// is stored by that start is found with it: a run may be a year long, but few assets
// have one that is.
class Reaches {
 public:
  struct Reach {
    Seconds before = 0;
    Seconds behind = 0;
    friend bool operator==(const Reach&, const Reach&) = default;
  };

  // That of what is included, or more. Nothing reaches anywhere on an unknown asset.
  Reach Of(absl::string_view asset) const {
    const auto found = by_asset_.find(asset);
    return found == by_asset_.end() ? Reach() : found->second;
  }

  bool Includes(const Occupancy& occupancy) const {
    const auto found = by_asset_.find(occupancy.asset);
    return found != by_asset_.end() && found->second == Wider(found->second, occupancy);
  }

  void Include(const Occupancy& occupancy) {
    Reach& reach = by_asset_[occupancy.asset];
    reach = Wider(reach, occupancy);
  }

 private:
  static Reach Wider(const Reach& reach, const Occupancy& occupancy) {
    const Interval all = occupancy.Reach();
    return {std::max(reach.before, occupancy.run.start - all.start),
            std::max(reach.behind, all.end - occupancy.run.start)};
  }

  absl::flat_hash_map<std::string, Reach> by_asset_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_REACHES_H_
