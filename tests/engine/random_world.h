#ifndef LABSLOT_TESTS_ENGINE_RANDOM_WORLD_H_
#define LABSLOT_TESTS_ENGINE_RANDOM_WORLD_H_

#include <random>
#include <string>
#include <vector>

#include "tests/support/world.h"

namespace labslot::engine {

// A small, crowded world in which random things happen: a line with cells, a
// pool, seats, a group, changeover, a mobile asset; two sites in two zones,
// one with office hours. Requests are on a grid of ten minutes over two days,
// so that most of them meet others. The same seed gives the same life.
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed);

  // One random command; most are refused.
  void Step();

  // A random draft and a random change of something that exists.
  Reservation AnyDraft();
  Interval AnyInterval();
  const std::string& AnyAsset();
  // An existing reservation, of any state; 0 if there is none.
  ReservationId AnyReservation();

  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  support::World& world() { return world_; }
  const support::World& world() const { return world_; }
  const std::vector<std::string>& assets() const { return assets_; }

 private:
  support::World world_;
  std::mt19937 random_;
  std::vector<std::string> assets_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_RANDOM_WORLD_H_
