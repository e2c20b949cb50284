#include "daemon/engine/state.h"

#include <algorithm>
#include <variant>

namespace labslot::engine {

std::shared_ptr<const Catalogue> State::ShareCatalogue() const {
  catalogue_->DeriveRelations();
  return catalogue_;
}

Catalogue& State::OwnCatalogue() {
  if (catalogue_.use_count() > 1) catalogue_ = std::make_shared<Catalogue>(*catalogue_);
  return *catalogue_;
}

const Timeline& State::timeline(absl::string_view asset) const {
  static const Timeline& empty = *new Timeline();
  const auto it = timelines_.find(asset);
  return it == timelines_.end() ? empty : it->second;
}

int64_t State::live_occupancy_count() const {
  int64_t count = 0;
  for (const auto& [asset, timeline] : timelines_) count += static_cast<int64_t>(timeline.size());
  return count;
}

void State::Apply(const Event& event, const Resource* before) {
  if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
    if (before != nullptr) Vacate(std::get<Reservation>(*before));
    Occupy(*reservation);
  } else if (RemovesRecord(event)) {
    OwnCatalogue().Remove(event.resource);
  } else {
    OwnCatalogue().Put(event.resource);
  }
  head_ = event.revision;
  last_time_ = event.time;
}

void State::Revert(const Event& event, const Resource* before) {
  if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
    Vacate(*reservation);
    if (before != nullptr) Occupy(std::get<Reservation>(*before));
  } else if (before != nullptr) {
    OwnCatalogue().Put(*before);
  } else {
    OwnCatalogue().Remove(event.resource);
  }
  // The time stays: it may have been seen, and it never runs backwards.
  head_ = event.revision - 1;
}

void State::LoadRecord(const Resource& record) { OwnCatalogue().Put(record); }

void State::LoadOccupancy(const Occupancy& occupancy) {
  if (!IsBlocking(occupancy.state)) return;
  timelines_[occupancy.asset].Insert(OccupantOf(occupancy));
  if (occupancy.state == ReservationState::kHeld) {
    holds_.insert({occupancy.hold_expire_time, occupancy.reservation});
  }
}

void State::FinishLoad(Revision head, Instant last_time, Instant forgotten_before) {
  forgotten_before_ = forgotten_before;
  head_ = head;
  last_time_ = last_time;
}

void State::Occupy(const Reservation& reservation) {
  for (const ReservationItem& item : reservation.items) {
    LoadOccupancy(OccupancyOfItem(reservation, item));
  }
}

void State::Vacate(const Reservation& reservation) {
  if (!IsBlocking(reservation.state)) return;
  holds_.erase({reservation.hold_expire_time, reservation.id});
  for (const ReservationItem& item : reservation.items) {
    timelines_[item.asset].Erase(OccupantOf(OccupancyOfItem(reservation, item)));
  }
}

void State::ForgetBefore(Instant instant) {
  forgotten_before_ = std::max(forgotten_before_, instant);
  for (auto it = timelines_.begin(); it != timelines_.end();) {
    it->second.ForgetBefore(instant);
    if (it->second.empty()) {
      timelines_.erase(it++);
    } else {
      ++it;
    }
  }
}

}  // namespace labslot::engine
