#ifndef LABSLOT_TESTS_ENGINE_TRAVEL_MODEL_H_
#define LABSLOT_TESTS_ENGINE_TRAVEL_MODEL_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/itinerary.h"
#include "tests/support/world.h"

namespace labslot::engine {

// How a mobile asset travels, as the API tells it, in the plainest way there is:
// everything is walked through from the first stay to the last.
class TravelModel {
 public:
  // Of the asset as it is now. Refers to the catalogue.
  TravelModel(const Catalogue& catalogue, const std::string& asset);

  // The visits that a world's reservations make, by start.
  std::vector<Visit> Stays(const support::World& world) const;

  Seconds Way(const std::string& from, const std::string& to) const;

  // True if there is time for the way from the end of one to the start of the
  // next.
  bool Fits(const Visit& before, const Visit& after) const;
  // The least time between the two that fits.
  Seconds Needed(const std::string& from, const std::string& to) const;

  std::vector<Leg> Legs(const std::vector<Visit>& stays) const;

  // Where it stands; nothing while it is on its way.
  std::optional<std::string> PlaceAt(const std::vector<Visit>& stays, Instant instant) const;

  // From leaving home to coming back; of the last one that does not come back, up
  // to when it could.
  std::vector<Interval> Tours(const std::vector<Visit>& stays) const;

  struct Verdict {
    bool overlaps = false;
    bool travel = true;  // fits
    bool tour = true;    // is short enough
    bool unsure = false;
    bool passes() const { return !overlaps && travel && tour; }
  };
  // Whether `own` may stand with the others at `now`. `planned` are all as they
  // are planned until now, from which follows where the asset is. Unsure where it
  // is on its way just now: no contract says from where it turns.
  Verdict Judge(std::vector<Visit> others, const Visit& own, const std::vector<Visit>& planned,
                Instant now) const;

  const Asset& asset() const { return asset_; }

 private:
  // With those that take no time.
  std::vector<Leg> AllLegs(const std::vector<Visit>& stays) const;
  bool IsHomeBetween(const Visit& before, const Visit& after) const;
  bool ReachesFromNow(const Visit& own, const std::vector<Visit>& planned, Instant now,
                      bool& unsure) const;

  const Catalogue& catalogue_;
  const Asset asset_;
  mutable std::map<std::pair<std::string, std::string>, Seconds> ways_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_TRAVEL_MODEL_H_
