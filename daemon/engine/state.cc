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

const Itinerary& State::itinerary(absl::string_view asset) const {
  static const Itinerary& empty = *new Itinerary();
  const auto it = itineraries_.find(asset);
  return it == itineraries_.end() ? empty : it->second;
}

const absl::btree_set<ReservationId>& State::waiting(absl::string_view asset) const {
  static const auto& nobody = *new absl::btree_set<ReservationId>();
  const auto it = waiting_.find(asset);
  return it == waiting_.end() ? nobody : it->second;
}

const Timeline& State::requests(absl::string_view asset) const {
  static const Timeline& empty = *new Timeline();
  const auto it = requests_.find(asset);
  return it == requests_.end() ? empty : it->second;
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
  } else if (!std::holds_alternative<Series>(event.resource)) {
    ChangeRecord(before, RemovesRecord(event) ? nullptr : &event.resource);
  }
  head_ = event.revision;
  last_time_ = event.time;
}

void State::Revert(const Event& event, const Resource* before) {
  if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
    Vacate(*reservation);
    if (before != nullptr) Occupy(std::get<Reservation>(*before));
  } else if (!std::holds_alternative<Series>(event.resource)) {
    ChangeRecord(RemovesRecord(event) ? nullptr : &event.resource, before);
  }
  // The time stays: it may have been seen, and it never runs backwards.
  head_ = event.revision - 1;
}

// One of the two may be null.
void State::ChangeRecord(const Resource* before, const Resource* after) {
  if (after != nullptr) {
    OwnCatalogue().Put(*after);
  } else {
    OwnCatalogue().Remove(*before);
  }
  rules_.Forget();
  if (ChangesWhatIsCounted(before, after)) {
    ledger_is_stale_ = ledger_is_stale_ || !ledger_.idle() || !Ledger(catalogue()).idle();
  }
}

void State::LoadRecord(const Resource& record) { OwnCatalogue().Put(record); }

void State::LoadPastOccupancy(const Occupancy& occupancy) {
  const auto visit = VisitOf(catalogue(), occupancy);
  if (visit) itineraries_[occupancy.asset].Insert(*visit);
}

void State::LoadOccupancy(const Occupancy& occupancy) {
  LoadPastOccupancy(occupancy);
  if (const std::optional<Instant> due = DueTime(occupancy)) {
    dues_.insert({*due, occupancy.reservation});
  }
  if (Waits(occupancy.state)) {
    waiting_[occupancy.asset].insert(occupancy.reservation);
  }
  if (!IsBlocking(occupancy.state)) return;
  auto& timelines = occupancy.blocks() ? timelines_ : requests_;
  timelines[occupancy.asset].Insert(OccupantOf(occupancy));
}

void State::FinishLoad(Revision head, Instant last_time, Instant forgotten_before) {
  forgotten_before_ = forgotten_before;
  for (auto& [asset, itinerary] : itineraries_) itinerary.ForgetBefore(forgotten_before);
  head_ = head;
  last_time_ = last_time;
}

void State::BeginLedger() {
  rules_.Forget();
  ledger_ = Ledger(catalogue());
  ledger_is_stale_ = false;
}

void State::Count(const Occupancy& occupancy) { ledger_.Add(catalogue(), rules_, occupancy); }

void State::Occupy(const Reservation& reservation) {
  for (const ReservationItem& item : reservation.items) {
    const Occupancy occupancy = OccupancyOfItem(reservation, item);
    LoadOccupancy(occupancy);
    if (!ledger_is_stale_) Count(occupancy);
  }
}

void State::Vacate(const Reservation& reservation) {
  for (const ReservationItem& item : reservation.items) {
    const Occupancy occupancy = OccupancyOfItem(reservation, item);
    if (!ledger_is_stale_) ledger_.Remove(catalogue(), rules_, occupancy);
    const auto visit = VisitOf(catalogue(), occupancy);
    if (visit) itineraries_[item.asset].Erase(*visit);
    if (const std::optional<Instant> due = DueTime(occupancy)) dues_.erase({*due, reservation.id});
    if (Waits(occupancy.state)) {
      auto& waiting = waiting_[item.asset];
      waiting.erase(reservation.id);
      if (waiting.empty()) waiting_.erase(item.asset);
    }
    if (!IsBlocking(occupancy.state)) continue;
    auto& timelines = occupancy.blocks() ? timelines_ : requests_;
    timelines[item.asset].Erase(OccupantOf(occupancy));
  }
}

void State::ForgetBefore(Instant instant) {
  forgotten_before_ = std::max(forgotten_before_, instant);
  for (auto* timelines : {&timelines_, &requests_}) {
    absl::erase_if(*timelines, [&](auto& entry) {
      entry.second.ForgetBefore(instant);
      return entry.second.empty();
    });
  }
  for (auto& [asset, itinerary] : itineraries_) itinerary.ForgetBefore(instant);
  ledger_.ForgetBefore(last_time_);
}

Trial::~Trial() {
  for (auto it = done_.rbegin(); it != done_.rend(); ++it) {
    state_.Revert(it->first, it->second ? &*it->second : nullptr);
  }
  state_.head_ = head_;
  state_.last_time_ = last_time_;
}

void Trial::Apply(const Event& event, const Resource* before) {
  state_.Apply(event, before);
  done_.emplace_back(event, before == nullptr ? std::nullopt : std::optional<Resource>(*before));
}

}  // namespace labslot::engine
