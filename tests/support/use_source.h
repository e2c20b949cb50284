#ifndef LABSLOT_TESTS_SUPPORT_USE_SOURCE_H_
#define LABSLOT_TESTS_SUPPORT_USE_SOURCE_H_

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/use_report.h"
#include "tests/support/world.h"

namespace labslot::support {

// What reports read, from plain records. Refers to what it is made of.
class RecordedUse : public engine::UserSource {
 public:
  // `events` are all of the log.
  RecordedUse(const engine::Catalogue& catalogue,
              const std::map<ReservationId, Reservation>& reservations,
              const std::vector<Event>& events)
      : catalogue_(catalogue), reservations_(reservations), events_(events) {}

  std::vector<Occupancy> Touching(const std::string& asset, const Interval&) override {
    return All(asset);
  }

  std::vector<RefusedRequest> Refused(const std::string& asset, const Interval& period) override {
    std::vector<RefusedRequest> found;
    for (const RefusedRequest& request : refused_) {
      const bool is_in = request.asset == asset && period.Contains(request.run.start);
      if (is_in) found.push_back(request);
    }
    return found;
  }

  void Refuse(RefusedRequest request) { refused_.push_back(std::move(request)); }

  std::vector<Occupancy> All(const std::string& asset) const {
    std::vector<Occupancy> found;
    for (const auto& [id, reservation] : reservations_) {
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
    for (const Event& event : events_) {
      const auto* report = std::get_if<MachineReport>(&event.resource);
      if (report == nullptr || report->asset != asset) continue;
      for (const MachineSpan& span : report->spans) {
        entries.push_back({report->unit, span, report->id});
      }
    }
    return entries;
  }

  std::vector<engine::Visit> Visits(const Asset& asset) override {
    engine::Itinerary itinerary;
    for (const Occupancy& occupancy : All(asset.id)) {
      if (const auto visit = engine::VisitOf(catalogue_, occupancy)) itinerary.Insert(*visit);
    }
    return itinerary.All();
  }

  std::optional<Reservation> FindReservation(ReservationId id) override {
    const auto found = reservations_.find(id);
    if (found == reservations_.end()) return std::nullopt;
    return found->second;
  }

  std::shared_ptr<const Organisation> OrganisationAt(const std::string& id, Instant time) override {
    std::shared_ptr<const Organisation> found;
    for (const Event& event : events_) {
      const auto* organisation = std::get_if<Organisation>(&event.resource);
      if (organisation == nullptr || organisation->id != id || event.time > time) continue;
      found = RemovesRecord(event) ? nullptr : std::make_shared<const Organisation>(*organisation);
    }
    return found;
  }

  std::vector<engine::Epoch> Epochs(const Interval& period) const {
    std::vector<Event> events;
    for (const Event& event : events_) {
      const bool counts = std::holds_alternative<Asset>(event.resource) ||
                          std::holds_alternative<Site>(event.resource) ||
                          std::holds_alternative<HolidayRegion>(event.resource);
      if (counts) events.push_back(event);
    }
    return engine::EpochsOf(catalogue_, events, period);
  }

 private:
  const engine::Catalogue& catalogue_;
  const std::map<ReservationId, Reservation>& reservations_;
  const std::vector<Event>& events_;
  std::vector<RefusedRequest> refused_;
};

// The same of a world.
class WorldUse : public RecordedUse {
 public:
  explicit WorldUse(const World& world)
      : RecordedUse(world.catalogue(), world.reservations(), world.events()) {}
};

}  // namespace labslot::support

#endif  // LABSLOT_TESTS_SUPPORT_USE_SOURCE_H_
