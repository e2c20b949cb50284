#ifndef LABSLOT_DAEMON_ENGINE_HORIZONS_H_
#define LABSLOT_DAEMON_ENGINE_HORIZONS_H_

#include <vector>

#include "daemon/engine/policy_case.h"

namespace labslot::engine {

// How far ahead an item may be booked. Of all horizons that apply the longest
// wins. What ends no later than it did is not judged again.
class Horizons {
 public:
  void Consider(const PolicyCase& p, const HorizonRule& rule);

  // One that applies, but sleeps during the run.
  void ConsiderAsleep(const Policy* policy) { asleep_.push_back(policy); }

  void Apply(const ItemCase& c, Findings& findings) const;

 private:
  Instant WhenAnotherWakes(const ItemCase& c) const;

  const Policy* longest_ = nullptr;
  const HorizonRule* rule_ = nullptr;
  Instant latest_ = 0;
  std::vector<const Policy*> asleep_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_HORIZONS_H_
