#ifndef LABSLOT_TESTS_ENGINE_QUOTA_LIFE_H_
#define LABSLOT_TESTS_ENGINE_QUOTA_LIFE_H_

#include <cstddef>
#include <functional>
#include <random>
#include <string>

#include "tests/support/world.h"

namespace labslot::engine {

// A month around a switch of summer time, in a catalogue of three zones with
// room enough that quotas alone refuse. Half of the lives pass in spring.
class QuotaLife {
 public:
  explicit QuotaLife(unsigned seed);

  // Sees what is to be booked or changed (`current` is null, or as it is now),
  // and returns true if that is refused.
  using Judged = std::function<bool(const Reservation& candidate, const Reservation* current)>;

  // One random thing happens. What is booked or changed is judged first, and
  // done unless it is refused.
  void Step(const Judged& judged);

  const support::World& world() const { return world_; }
  const Catalogue& catalogue() const { return world_.catalogue(); }

 private:
  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }
  bool OneIn(unsigned n) { return Roll(n) == 0; }
  template <typename T, size_t kSize>
  T Pick(const T (&list)[kSize]) {
    return list[Roll(kSize)];
  }

  void AddPeopleAndPlaces();
  void AddAssets();
  Selector AnySelector();
  Quota AnyQuota(const std::string& id);
  void MeasureAnything(Quota& quota);
  void PassTime();
  void ChangeCatalogue();
  void ChangeAnAsset();
  Interval AnyInterval(const std::string& asset);
  Reservation AnyDraft();
  Reservation ChangedAtRandom(const Reservation& current);
  ReservationId AnyReservation();
  void Try(CommandBody body) { (void)world_.Run({"mia"}, std::move(body)); }

  std::mt19937 random_;
  support::World world_;
  Instant switch_ = 0;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_QUOTA_LIFE_H_
