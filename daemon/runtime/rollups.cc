#include "daemon/runtime/rollups.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "daemon/base/limits.h"

namespace labslot::runtime {

Rollups::Mark Rollups::mark() const {
  const MutexLock lock(mutex_);
  return mark_;
}

void Rollups::Note(const engine::Change& change) {
  const Resource& after = change.event.resource;
  const Resource* before = change.before_or_null();
  const MutexLock lock(mutex_);
  ++mark_;
  if (const auto* reservation = std::get_if<Reservation>(&after)) {
    TouchReservation(*reservation);
    if (before != nullptr) TouchReservation(std::get<Reservation>(*before));
  } else if (const auto* outage = std::get_if<Outage>(&after)) {
    Touch(outage->asset, outage->interval);
    if (before == nullptr) return;
    const auto& earlier = std::get<Outage>(*before);
    Touch(earlier.asset, earlier.interval);
  } else if (const auto* report = std::get_if<MachineReport>(&after)) {
    Touch(report->asset, {report->spans.front().interval.start, report->spans.back().interval.end});
  } else if (IsRecord(after)) {
    ForgetWhatIsToCome();
  }
}

// Who tried again is looked for in a month, so others of it may count or not.
void Rollups::Note(const RefusedRequest& refused) {
  constexpr Seconds kMonth = 31 * limits::kDay;
  const MutexLock lock(mutex_);
  ++mark_;
  Touch(refused.asset, {refused.run.start - kMonth, refused.run.start + kMonth});
}

void Rollups::TouchReservation(const Reservation& reservation) {
  for (const Occupancy& occupancy : OccupanciesOf(reservation)) {
    Touch(occupancy.asset, occupancy.Reach());
  }
}

void Rollups::Touch(const std::string& asset, const Interval& touched) {
  const auto is_wrong = [&](const Entry& entry) { return entry.depends_on.Overlaps(touched); };
  OfAsset& of_asset = assets_[asset];
  of_asset.last_change = mark_;
  Drop(of_asset, is_wrong);
  for (const std::string& other : of_asset.dependants) {
    const auto found = assets_.find(other);
    if (found != assets_.end()) Drop(found->second, is_wrong);
  }
}

// Records hold from their change on: of what is over nothing follows from it.
void Rollups::ForgetWhatIsToCome() {
  last_change_of_records_ = mark_;
  for (auto& [id, of_asset] : assets_) {
    Drop(of_asset, [](const Entry& entry) { return entry.part.to_come; });
  }
}

template <typename IsWrong>
void Rollups::Drop(OfAsset& of_asset, const IsWrong& is_wrong) {
  size_ -= std::erase_if(of_asset.parts, is_wrong);
}

Rollups::Mark Rollups::LastChange(const std::string& asset) const {
  const auto found = assets_.find(asset);
  return found == assets_.end() ? 0 : found->second.last_change;
}

void Rollups::Visit(const std::string& asset, absl::Span<const engine::MonthPart> parts, Mark mark,
                    const engine::UseMemory::Visitor& visitor) const {
  const MutexLock lock(mutex_);
  const auto of_asset = assets_.find(asset);
  if (of_asset == assets_.end()) return;
  auto entry = of_asset->second.parts.begin();
  const auto end = of_asset->second.parts.end();
  for (size_t i = 0; i < parts.size(); ++i) {
    entry = std::find_if(entry, end, [&](const Entry& e) {
      return e.part.interval.start >= parts[i].interval.start;
    });
    if (entry == end) return;
    // One that is later than the snapshot may show what came behind it.
    if (entry->part == parts[i] && entry->mark <= mark) visitor(i, entry->cell);
  }
}

void Rollups::Keep(const std::string& asset, const engine::MonthPart& part,
                   const Interval& depends_on, const std::set<std::string>& related, Mark mark,
                   const engine::UseCell& cell) {
  const MutexLock lock(mutex_);
  if (size_ >= kMost || LastChange(asset) > mark) return;
  if (part.to_come && last_change_of_records_ > mark) return;
  for (const std::string& other : related) {
    if (LastChange(other) > mark) return;
  }
  for (const std::string& other : related) assets_[other].dependants.insert(asset);
  OfAsset& of_asset = assets_[asset];
  // Of days before, when another part of the month was over.
  Drop(of_asset, [&](const Entry& entry) { return entry.part.interval.Overlaps(part.interval); });
  const auto behind = std::find_if(
      of_asset.parts.begin(), of_asset.parts.end(),
      [&](const Entry& entry) { return entry.part.interval.start > part.interval.start; });
  of_asset.parts.insert(behind, Entry{part, depends_on, mark, cell});
  ++size_;
}

size_t Rollups::size() const {
  const MutexLock lock(mutex_);
  return size_;
}

}  // namespace labslot::runtime
