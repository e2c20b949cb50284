#include "daemon/runtime/rollups.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace labslot::runtime {

void Rollups::Note(const engine::Change& change) {
  const Event& event = change.event;
  const MutexLock lock(mutex_);
  if (const auto* reservation = std::get_if<Reservation>(&event.resource)) {
    TouchOccupancies(*reservation, event);
    if (change.before) TouchOccupancies(std::get<Reservation>(*change.before), event);
  } else if (const auto* outage = std::get_if<Outage>(&event.resource)) {
    Touch(outage->asset, outage->interval, event.revision);
    if (!change.before) return;
    const auto& before = std::get<Outage>(*change.before);
    Touch(before.asset, before.interval, event.revision);
  } else if (const auto* report = std::get_if<MachineReport>(&event.resource)) {
    Touch(report->asset, {report->spans.front().interval.start, report->spans.back().interval.end},
          event.revision);
  }
}

void Rollups::TouchOccupancies(const Reservation& reservation, const Event& event) {
  Seconds set_up = 0;
  for (const ReservationItem& item : reservation.items) set_up = std::max(set_up, item.set_up);
  // What is to come is in no month that is over.
  if (reservation.interval.start - set_up >= std::max(event.time, kept_up_to_)) return;
  for (const Occupancy& occupancy : OccupanciesOf(reservation)) {
    Touch(occupancy.asset, occupancy.Reach(), event.revision);
  }
}

void Rollups::Touch(const std::string& asset, const Interval& touched, Revision revision) {
  OfAsset& of_asset = assets_[asset];
  of_asset.last_change = revision;
  Drop(of_asset, touched);
  for (const std::string& other : of_asset.dependants) {
    const auto found = assets_.find(other);
    if (found != assets_.end()) Drop(found->second, touched);
  }
}

void Rollups::Drop(OfAsset& of_asset, const Interval& touched) {
  size_ -= std::erase_if(of_asset.months, [&](const auto& entry) {
    return entry.second.depends_on.Overlaps(touched);
  });
}

Revision Rollups::LastChange(const std::string& asset) const {
  const auto found = assets_.find(asset);
  return found == assets_.end() ? 0 : found->second.last_change;
}

std::optional<engine::UseCell> Rollups::Find(const std::string& asset, const Interval& month,
                                             Revision revision) const {
  const MutexLock lock(mutex_);
  const auto of_asset = assets_.find(asset);
  if (of_asset == assets_.end()) return std::nullopt;
  const auto found = of_asset->second.months.find(month.start);
  if (found == of_asset->second.months.end()) return std::nullopt;
  const Entry& entry = found->second;
  // One that is later than the snapshot may show what came behind it.
  if (entry.month != month || entry.revision > revision) return std::nullopt;
  return entry.cell;
}

void Rollups::Keep(const std::string& asset, const Interval& month, const Interval& depends_on,
                   const std::set<std::string>& related, Revision revision,
                   const engine::UseCell& cell) {
  const MutexLock lock(mutex_);
  if (size_ >= kMost || LastChange(asset) > revision) return;
  for (const std::string& other : related) {
    if (LastChange(other) > revision) return;
  }
  for (const std::string& other : related) assets_[other].dependants.insert(asset);
  const auto [it, is_new] =
      assets_[asset].months.insert_or_assign(month.start, Entry{month, depends_on, revision, cell});
  kept_up_to_ = std::max(kept_up_to_, depends_on.end);
  if (is_new) ++size_;
}

size_t Rollups::size() const {
  const MutexLock lock(mutex_);
  return size_;
}

}  // namespace labslot::runtime
