#ifndef LABSLOT_TESTS_SIM_WORKLOAD_H_
#define LABSLOT_TESTS_SIM_WORKLOAD_H_

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "tests/sim/model.h"
#include "tests/sim/request.h"

namespace labslot::sim {

// The assets of the simulated house at its beginning.
std::map<std::string, Thing> HouseThings();

// What clients ask, at random: few assets and a coarse grid, so that requests
// meet; repetitions of what was asked before, with the same body or, wrongly,
// with another.
class Workload {
 public:
  explicit Workload(uint64_t seed) : random_(seed) {}

  // The next request, made from what clients can know.
  Request Next(const Model& model, Instant now);

  uint64_t Roll(uint64_t sides) { return random_() % sides; }

 private:
  Request Fresh(const Model& model, Instant now);
  std::optional<Request> AboutOffer(const Model& model);
  Request AboutReservation(const Model& model, Instant now);
  Request AboutAsset(const Model& model);
  Items SomeItems(const Model& model);
  Interval SomeTime(Instant now);
  std::string Someone();

  std::mt19937_64 random_;
  std::vector<Request> asked_;
  int64_t next_id_ = 1;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_WORKLOAD_H_
