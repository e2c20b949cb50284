#ifndef LABSLOT_TESTS_ENGINE_USE_SOURCE_H_
#define LABSLOT_TESTS_ENGINE_USE_SOURCE_H_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/use_report.h"
#include "tests/support/world.h"

namespace labslot::engine {

// What reports read, from the records and events of a world.
class WorldSource : public UserSource {
 public:
  explicit WorldSource(const support::World& world) : world_(world) {}

  std::vector<Occupancy> Touching(const std::string& asset, const Interval&) override {
    return All(asset);
  }

  std::vector<RefusedRequest> Refused(const std::string&, const Interval&) override { return {}; }

  std::vector<Occupancy> All(const std::string& asset) const {
    std::vector<Occupancy> found;
    for (const auto& [id, reservation] : world_.reservations()) {
      for (Occupancy& occupancy : OccupanciesOf(reservation)) {
        if (occupancy.asset == asset) found.push_back(std::move(occupancy));
      }
    }
    std::stable_sort(found.begin(), found.end(), [](const Occupancy& a, const Occupancy& b) {
      return a.run.start < b.run.start;
    });
    return found;
  }

  std::vector<MachineEntry> MachineStates(const std::string& asset, const Interval&) override {
    std::vector<MachineEntry> entries;
    for (const Event& event : world_.events()) {
      const auto* report = std::get_if<MachineReport>(&event.resource);
      if (report == nullptr || report->asset != asset) continue;
      for (const MachineSpan& span : report->spans) {
        entries.push_back({report->unit, span, report->id});
      }
    }
    return entries;
  }

  std::vector<Visit> Visits(const Asset& asset) override {
    Itinerary itinerary;
    for (const Occupancy& occupancy : All(asset.id)) {
      if (const auto visit = VisitOf(world_.catalogue(), occupancy)) itinerary.Insert(*visit);
    }
    return itinerary.All();
  }

  std::optional<Reservation> FindReservation(ReservationId id) override {
    return world_.FindReservation(id);
  }

  std::shared_ptr<const Organisation> OrganisationAt(const std::string& id, Instant time) override {
    std::shared_ptr<const Organisation> found;
    for (const Event& event : world_.events()) {
      const auto* organisation = std::get_if<Organisation>(&event.resource);
      if (organisation == nullptr || organisation->id != id || event.time > time) continue;
      found = RemovesRecord(event) ? nullptr : std::make_shared<const Organisation>(*organisation);
    }
    return found;
  }

  std::vector<Epoch> Epochs(const Interval& period) const {
    std::vector<Event> events;
    for (const Event& event : world_.events()) {
      const bool counts = std::holds_alternative<Asset>(event.resource) ||
                          std::holds_alternative<Site>(event.resource) ||
                          std::holds_alternative<HolidayRegion>(event.resource);
      if (counts) events.push_back(event);
    }
    return EpochsOf(world_.catalogue(), events, period);
  }

 private:
  const support::World& world_;
};

}  // namespace labslot::engine

#endif  // LABSLOT_TESTS_ENGINE_USE_SOURCE_H_
