#include "daemon/engine/state.h"

#include <algorithm>
#include <variant>

namespace labslot::engine {
namespace {

bool InUse(const Occupancy& occupancy) {
  return occupancy.state == ReservationState::kCheckedIn && occupancy.quantity > 0;
}

// True of what blocks its slot, and of requests that do not.
bool IsOnTimeline(const Occupancy& occupancy) {
  return occupancy.blocks() || IsBlocking(occupancy.state);
}

bool NeedsUnits(const Occupancy& occupancy) {
  return occupancy.blocks() && (!occupancy.units.empty() || !occupancy.unit_labels.empty());
}

template <typename ByAsset>
const auto& FindOrEmpty(const ByAsset& by_asset, absl::string_view asset) {
  static const auto& empty = *new typename ByAsset::mapped_type();
  const auto it = by_asset.find(asset);
  return it == by_asset.end() ? empty : it->second;
}

template <typename ByReservation>
void EraseFrom(absl::flat_hash_map<std::string, ByReservation>& by_asset,
               const Occupancy& occupancy) {
  const auto it = by_asset.find(occupancy.asset);
  if (it == by_asset.end()) return;
  it->second.erase(occupancy.reservation);
  if (it->second.empty()) by_asset.erase(it);
}

}  // namespace

UnitNeed UnitNeedOf(const Occupancy& occupancy) {
  return {occupancy.units, occupancy.unit_labels, occupancy.blocked().end};
}

std::shared_ptr<const Catalogue> State::ShareCatalogue() const {
  catalogue_->DeriveRelations();
  return catalogue_;
}

Catalogue& State::OwnCatalogue() {
  if (catalogue_.use_count() > 1) catalogue_ = std::make_shared<Catalogue>(*catalogue_);
  return *catalogue_;
}

// What is taken back leaves its reach, which is then wider than need be.
void State::Reach(const Occupancy& occupancy) {
  if (reaches_->Includes(occupancy)) return;
  if (reaches_.use_count() > 1) reaches_ = std::make_shared<Reaches>(*reaches_);
  reaches_->Include(occupancy);
}

const Timeline& State::timeline(absl::string_view asset) const {
  return FindOrEmpty(timelines_, asset);
}

const Itinerary& State::itinerary(absl::string_view asset) const {
  return FindOrEmpty(itineraries_, asset);
}

const absl::btree_set<ReservationId>& State::waiting(absl::string_view asset) const {
  return FindOrEmpty(waiting_, asset);
}

const absl::btree_set<ReservationId>& State::in_use(absl::string_view asset) const {
  return FindOrEmpty(in_use_, asset);
}

const UnitNeeds& State::unit_needs(absl::string_view asset) const {
  return FindOrEmpty(unit_needs_, asset);
}

const Timeline& State::requests(absl::string_view asset) const {
  return FindOrEmpty(requests_, asset);
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
  } else if (IsRecord(event.resource)) {
    ChangeRecord(before, RemovesRecord(event) ? nullptr : &event.resource);
  }
  head_ = event.revision;
  last_time_ = event.time;
}

void State::Revert(const Event& event, const Resource* before) {
  if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
    Vacate(*reservation);
    if (before != nullptr) Occupy(std::get<Reservation>(*before));
  } else if (IsRecord(event.resource)) {
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
  capacities_.Forget();
  const Resource& either = after != nullptr ? *after : *before;
  if (std::holds_alternative<Asset>(either) || std::holds_alternative<Outage>(either)) {
    units_.Doubt();
  }
  if (ChangesWhatIsCounted(before, after)) {
    ledger_is_stale_ = ledger_is_stale_ || !ledger_.idle() || !Ledger(catalogue()).idle();
  }
}

void State::LoadRecord(const Resource& record) { OwnCatalogue().Put(record); }

void State::LoadPastOccupancy(const Occupancy& occupancy) {
  Reach(occupancy);
  const auto visit = VisitOf(catalogue(), occupancy);
  if (visit) itineraries_[occupancy.asset].Insert(*visit);
  if (occupancy.has_problem) problems_.insert(occupancy.reservation);
}

void State::LoadOccupancy(const Occupancy& occupancy) {
  LoadPastOccupancy(occupancy);
  if (const std::optional<Instant> due = DueTime(occupancy)) {
    dues_.insert({*due, occupancy.reservation});
  }
  if (Waits(occupancy.state)) {
    waiting_[occupancy.asset].insert(occupancy.reservation);
  }
  if (InUse(occupancy)) in_use_[occupancy.asset].insert(occupancy.reservation);
  if (NeedsUnits(occupancy)) {
    unit_needs_[occupancy.asset][occupancy.reservation] = UnitNeedOf(occupancy);
  }
  if (occupancy.blocks()) units_.Note(occupancy, false);
  if (!IsOnTimeline(occupancy)) return;
  Timeline& timeline = (occupancy.blocks() ? timelines_ : requests_)[occupancy.asset];
  const uint32_t party = parties_.NumberOf(PartyOf(occupancy));
  for (const Occupant& occupant : OccupantsOf(occupancy, party)) timeline.Insert(occupant);
}

void State::FinishLoad(Revision head, Instant last_time, Instant forgotten_before) {
  forgotten_before_ = forgotten_before;
  for (auto& [asset, itinerary] : itineraries_) itinerary.ForgetBefore(forgotten_before);
  head_ = head;
  last_time_ = last_time;
}

void State::BeginLedger() {
  rules_.Forget();
  capacities_.Forget();
  ledger_ = Ledger(catalogue());
  ledger_is_stale_ = false;
}

void State::Count(const Occupancy& occupancy) { ledger_.Add(catalogue(), rules_, occupancy); }

void State::Occupy(const Reservation& reservation) {
  LoadChoices(reservation);
  for (const Occupancy& occupancy : OccupanciesOf(reservation)) {
    LoadOccupancy(occupancy);
    if (!ledger_is_stale_) Count(occupancy);
  }
}

void State::LoadChoices(const Reservation& waiting) {
  const bool has_choice = std::any_of(waiting.choices.begin(), waiting.choices.end(),
                                      [](const Choice& choice) { return !choice.items.empty(); });
  if (has_choice && Waits(waiting.state)) waiting_with_choices_.insert(waiting.id);
}

void State::Vacate(const Reservation& reservation) {
  waiting_with_choices_.erase(reservation.id);
  for (const Occupancy& occupancy : OccupanciesOf(reservation)) VacateAsset(occupancy);
}

void State::VacateAsset(const Occupancy& occupancy) {
  if (!ledger_is_stale_) ledger_.Remove(catalogue(), rules_, occupancy);
  const auto visit = VisitOf(catalogue(), occupancy);
  if (visit) itineraries_[occupancy.asset].Erase(*visit);
  if (occupancy.has_problem) problems_.erase(occupancy.reservation);
  if (const std::optional<Instant> due = DueTime(occupancy)) {
    dues_.erase({*due, occupancy.reservation});
  }
  if (Waits(occupancy.state)) EraseFrom(waiting_, occupancy);
  if (InUse(occupancy)) EraseFrom(in_use_, occupancy);
  if (NeedsUnits(occupancy)) EraseFrom(unit_needs_, occupancy);
  if (occupancy.blocks()) units_.Note(occupancy, true);
  if (!IsOnTimeline(occupancy)) return;
  auto& timelines = occupancy.blocks() ? timelines_ : requests_;
  for (const Occupant& occupant : OccupantsOf(occupancy)) {
    timelines[occupancy.asset].Erase(occupant);
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
  absl::erase_if(unit_needs_, [&](auto& entry) {
    absl::erase_if(entry.second, [&](const auto& need) { return need.second.until <= instant; });
    return entry.second.empty();
  });
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
