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
  Request Booking(const Model& model, Instant now);
  void AddChoices(const Model& model, Instant now, Request& request);
  std::optional<Request> AboutOffer(const Model& model);
  std::optional<Request> AboutUse(const Model& model, Instant now);
  void GiveBackSome(const Reservation& reservation, Request& request);
  std::optional<Request> ToCall(const Model& model, Instant now);
  Request AboutReservation(const Model& model, Instant now);
  Request AboutAsset(const Model& model);
  Request AboutFault(const Model& model, Instant now);
  Request AboutUnit(const Model& model, Request request, const std::string& in_use);
  Request AboutCall(const Model& model, Instant now);
  Request NewSeries(const Model& model, Instant now);
  std::optional<Request> AboutSeries(const Model& model, Instant now);
  std::optional<Request> AboutApproval(const Model& model);
  ApprovalTerms SomeTerms();
  Request AboutQuota(const Model& model);
  Quota SomeQuota(const Model& model);
  std::string SomeProject();
  Items SomeItems(const Model& model);
  std::string SomeSite(const Model& model, const Items& items);
  Wanted Some(const std::string& asset, const Thing& thing);
  std::string UnitInUse(const Model& model);
  std::vector<std::string> SomeUnits(const Reservation& reservation);
  Interval SomeTime(Instant now);
  std::string Someone();
  std::string SomeAsset(const Model& model);
  template <typename Map>
  typename Map::const_iterator OneOf(const Map& map);

  std::mt19937_64 random_;
  std::vector<Request> asked_;
  int64_t next_id_ = 1;
  int64_t next_record_ = 1;
};

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_WORKLOAD_H_
