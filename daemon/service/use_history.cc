#include "daemon/service/use_history.h"

#include <algorithm>
#include <limits>
#include <set>

#include "daemon/base/limits.h"
#include "daemon/base/status_macros.h"
#include "daemon/service/history.h"
#include "daemon/storage/machine_states.h"
#include "daemon/storage/record_history.h"
#include "daemon/storage/records.h"
#include "daemon/storage/refused_requests.h"

namespace labslot::service {
namespace {

bool ByStart(const Occupancy& a, const Occupancy& b) {
  return std::make_pair(a.run.start, a.reservation) < std::make_pair(b.run.start, b.reservation);
}

}  // namespace

absl::StatusOr<std::unique_ptr<UseHistory>> UseHistory::Open(const FrozenView& view, Revision as_of,
                                                             Instant until,
                                                             const Interval& period) {
  std::unique_ptr<UseHistory> history(new UseHistory(view, as_of, until, period));
  if (as_of < view.snapshot->revision()) LABSLOT_RETURN_IF_ERROR(history->TakeBackWhatFollowed());
  return history;
}

absl::Status UseHistory::TakeBackWhatFollowed() {
  std::set<std::string> seen;
  auto catalogue = std::make_shared<engine::Catalogue>(*catalogue_);
  absl::Status result;
  const auto take_back = [&](const Event& event) -> absl::Status {
    if (std::holds_alternative<MachineReport>(event.resource)) return absl::OkStatus();
    const std::string key = storage::KeyOf(event.resource);
    if (!seen.insert(key).second) return absl::OkStatus();
    LABSLOT_ASSIGN_OR_RETURN(const std::optional<Event> before,
                             storage::LastEventOf(snapshot_, key, as_of_));
    const bool was = before && !RemovesRecord(*before);
    if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
      auto& image = changed_[reservation->id];
      if (was) image = std::get<Reservation>(before->resource);
    } else if (IsRecord(event.resource)) {
      was ? catalogue->Put(before->resource) : catalogue->Remove(event.resource);
    }
    return absl::OkStatus();
  };
  LABSLOT_RETURN_IF_ERROR(storage::VisitEvents(snapshot_, as_of_, [&](const Event& event) {
    result = take_back(event);
    return result.ok();
  }));
  LABSLOT_RETURN_IF_ERROR(result);
  for (const auto& [id, reservation] : changed_) {
    if (!reservation) continue;
    for (Occupancy& occupancy : OccupanciesOf(*reservation)) {
      changed_by_asset_[occupancy.asset].push_back(std::move(occupancy));
    }
  }
  catalogue->DeriveRelations();
  catalogue_ = std::move(catalogue);
  return absl::OkStatus();
}

// True if an asset, or what its hours follow from, is not as it was when the period
// began.
absl::StatusOr<bool> UseHistory::ChangedInPeriod() const {
  const auto changed = [&](const auto& records) {
    return std::any_of(records.begin(), records.end(), [&](const auto& entry) {
      return entry.second->update_time > period_.start;
    });
  };
  if (changed(catalogue_->assets()) || changed(catalogue_->sites())) return true;
  for (const auto& [id, region] : catalogue_->holiday_regions()) {
    LABSLOT_ASSIGN_OR_RETURN(const std::optional<Event> event,
                             storage::ReadEvent(snapshot_, region->revision));
    if (!event || event->time > period_.start) return true;
  }
  return false;
}

absl::StatusOr<std::vector<engine::Epoch>> UseHistory::Epochs() const {
  LABSLOT_ASSIGN_OR_RETURN(const bool changed, ChangedInPeriod());
  if (!changed) return std::vector<engine::Epoch>{{period_, catalogue_}};
  std::vector<Event> events;
  for (const storage::Collection collection :
       {storage::Collection::kAssets, storage::Collection::kSites,
        storage::Collection::kHolidayRegions}) {
    LABSLOT_ASSIGN_OR_RETURN(std::vector<Event> some,
                             storage::EventsOf(snapshot_, collection, as_of_));
    std::move(some.begin(), some.end(), std::back_inserter(events));
  }
  std::sort(events.begin(), events.end(),
            [](const Event& a, const Event& b) { return a.revision < b.revision; });
  return engine::EpochsOf(*catalogue_, events, period_);
}

std::vector<Occupancy> UseHistory::Occupancies(const std::string& asset, const Interval* touching) {
  std::vector<Occupancy> occupancies;
  const auto add = [&](const Occupancy& occupancy) {
    if (!changed_.contains(occupancy.reservation)) occupancies.push_back(occupancy);
  };
  const absl::Status read =
      touching != nullptr
          ? VisitTouching(snapshot_, asset, view_.reaches->Of(asset), *touching, add)
          : storage::VisitOccupancies(snapshot_, asset, std::numeric_limits<Instant>::min(),
                                      std::numeric_limits<Instant>::max(),
                                      [&](const Occupancy& occupancy) {
                                        add(occupancy);
                                        return true;
                                      });
  if (status_.ok()) status_ = read;
  const auto changed = changed_by_asset_.find(asset);
  if (changed == changed_by_asset_.end()) return occupancies;
  for (const Occupancy& occupancy : changed->second) {
    if (touching == nullptr || occupancy.Reach().Overlaps(*touching))
      occupancies.push_back(occupancy);
  }
  std::sort(occupancies.begin(), occupancies.end(), ByStart);
  return occupancies;
}

std::vector<Occupancy> UseHistory::Touching(const std::string& asset, const Interval& period) {
  return Occupancies(asset, &period);
}

std::vector<RefusedRequest> UseHistory::Refused(const std::string& asset, const Interval& period) {
  std::vector<RefusedRequest> refused;
  const absl::Status read = storage::VisitRefused(snapshot_, asset, period.start, period.end,
                                                  [&](const RefusedRequest& request) {
                                                    if (request.time <= until_)
                                                      refused.push_back(request);
                                                  });
  if (status_.ok()) status_ = read;
  return refused;
}

std::vector<MachineEntry> UseHistory::MachineStates(const std::string& asset,
                                                    const Interval& period) {
  std::vector<MachineEntry> entries;
  const absl::Status read =
      storage::VisitMachineStates(snapshot_, asset, period, [&](const MachineEntry& entry) {
        if (entry.revision <= as_of_) entries.push_back(entry);
      });
  if (status_.ok()) status_ = read;
  return entries;
}

std::vector<engine::Visit> UseHistory::Visits(const Asset& asset) {
  engine::Itinerary itinerary;
  for (const Occupancy& occupancy : Occupancies(asset.id, nullptr)) {
    const auto visit = engine::VisitOf(*catalogue_, occupancy);
    if (visit) itinerary.Insert(*visit);
  }
  return itinerary.All();
}

std::optional<Reservation> UseHistory::FindReservation(ReservationId id) {
  const auto changed = changed_.find(id);
  if (changed != changed_.end()) return changed->second;
  absl::StatusOr<std::optional<Reservation>> read = storage::ReadReservation(snapshot_, id);
  if (read.ok()) return *std::move(read);
  if (status_.ok()) status_ = read.status();
  return std::nullopt;
}

absl::Status UseHistory::ReadOrganisations() {
  organisations_.emplace();
  LABSLOT_ASSIGN_OR_RETURN(
      const std::vector<Event> events,
      storage::EventsOf(snapshot_, storage::Collection::kOrganisations, as_of_));
  for (const Event& event : events) {
    const auto& organisation = std::get<Organisation>(event.resource);
    (*organisations_)[organisation.id].emplace_back(
        event.time,
        RemovesRecord(event) ? nullptr : std::make_shared<const Organisation>(organisation));
  }
  return absl::OkStatus();
}

std::shared_ptr<const Organisation> UseHistory::OrganisationAt(const std::string& id,
                                                               Instant time) {
  if (!organisations_) {
    const absl::Status read = ReadOrganisations();
    if (status_.ok()) status_ = read;
  }
  const auto found = organisations_->find(id);
  if (found == organisations_->end()) return nullptr;
  const Versions& versions = found->second;
  const auto behind =
      std::upper_bound(versions.begin(), versions.end(), time,
                       [](Instant at, const auto& version) { return at < version.first; });
  return behind == versions.begin() ? versions.front().second : std::prev(behind)->second;
}

}  // namespace labslot::service
