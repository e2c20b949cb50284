#include "daemon/service/free_busy_source.h"

#include <utility>

namespace labslot::service {

CopiedSource::CopiedSource(const engine::State& state, const std::vector<std::string>& assets,
                           const Interval& period) {
  for (const std::string& asset : assets) {
    Copy(state, asset, period);
    for (const std::string& other : state.catalogue().Related(asset)) Copy(state, other, period);
    if (state.catalogue().FindAsset(asset)->mobile) {
      visits_[asset] = state.itinerary(asset).All();
    }
  }
}

void CopiedSource::Copy(const engine::State& state, const std::string& asset,
                        const Interval& period) {
  const auto [it, inserted] = occupants_.try_emplace(asset);
  if (!inserted) return;
  const engine::Timeline& timeline = state.timeline(asset);
  it->second = timeline.Overlapping(period, timeline.size());
  for (engine::Occupant& occupant : it->second) {
    occupant.party = parties_.NumberOf(state.parties().Get(occupant.party));
  }
}

const engine::Timeline& CopiedSource::TimelineOf(absl::string_view asset) {
  std::unique_ptr<engine::Timeline>& timeline = timelines_[asset];
  if (timeline == nullptr) {
    timeline = std::make_unique<engine::Timeline>();
    for (const engine::Occupant& occupant : occupants_[asset]) timeline->Insert(occupant);
  }
  return *timeline;
}

std::vector<engine::Visit> HistoricSource::VisitsOf(const Asset& asset) {
  auto visits = AllVisits(*view_.snapshot, *view_.catalogue, asset);
  if (visits.ok()) return *std::move(visits);
  status_ = visits.status();
  return {};
}

}  // namespace labslot::service
