#include "daemon/engine/outages.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace labslot::engine {
namespace {

// An outage that takes something of the asset, and whether it takes all of it.
struct Taking {
  const Outage* outage;
  bool all;
};

void AddOverlapping(const Catalogue& catalogue, const Asset& asset, const Interval& interval,
                    bool only_of_all, std::vector<Taking>& takings) {
  for (const auto& outage : catalogue.OutagesOf(asset.id)) {
    if (!outage->interval.Overlaps(interval)) continue;
    const bool all = IsOfAll(*outage, asset);
    if (all || !only_of_all) takings.push_back({outage.get(), all});
  }
}

std::vector<Taking> TakingsFrom(const Catalogue& catalogue, const Asset& asset,
                                const Interval& interval) {
  std::vector<Taking> takings;
  AddOverlapping(catalogue, asset, interval, false, takings);
  for (const std::string& id : RelativesOf(catalogue, asset)) {
    AddOverlapping(catalogue, *catalogue.FindAsset(id), interval, true, takings);
  }
  return takings;
}

// What the takings that `counts` picks take at an instant.
template <typename Counts>
int32_t TakenAt(Instant instant, const std::vector<Taking>& takings, int32_t capacity,
                Counts counts) {
  int32_t taken = 0;
  std::set<absl::string_view> units;
  for (const Taking& taking : takings) {
    const Outage& outage = *taking.outage;
    if (!outage.interval.Contains(instant) || !counts(outage)) continue;
    if (taking.all) return capacity;
    units.insert(outage.units.begin(), outage.units.end());
    if (outage.units.empty()) taken += outage.quantity;
  }
  return std::min(capacity, taken + static_cast<int32_t>(units.size()));
}

}  // namespace

bool IsOfAll(const Outage& outage, const Asset& asset) {
  return outage.quantity == 0 || outage.quantity >= asset.capacity;
}

std::vector<std::string> RelativesOf(const Catalogue& catalogue, const Asset& asset) {
  std::vector<std::string> relatives;
  for (const std::string& id : catalogue.Related(asset.id)) {
    const bool is_relative =
        catalogue.IsPartOf(*catalogue.FindAsset(id), asset.id) || catalogue.IsPartOf(asset, id);
    if (is_relative) relatives.push_back(id);
  }
  return relatives;
}

std::vector<OutOfService> OutOfServiceIn(const Catalogue& catalogue, const Asset& asset,
                                         const Interval& interval) {
  std::vector<OutOfService> spans;
  if (catalogue.outages().empty() || interval.empty()) return spans;
  const std::vector<Taking> takings = TakingsFrom(catalogue, asset, interval);
  std::set<Instant> turns;
  for (const Taking& taking : takings) {
    const Interval part = taking.outage->interval.Intersect(interval);
    turns.insert({part.start, part.end});
  }
  for (auto turn = turns.begin(); turn != turns.end() && std::next(turn) != turns.end(); ++turn) {
    const int32_t quantity =
        TakenAt(*turn, takings, asset.capacity, [](const Outage&) { return true; });
    if (quantity == 0) continue;
    const int32_t unplanned =
        TakenAt(*turn, takings, asset.capacity, [](const Outage& o) { return !o.planned; });
    spans.push_back({{*turn, *std::next(turn)}, quantity, quantity - unplanned});
  }
  return spans;
}

IntervalSet ShortTimes(const Catalogue& catalogue, const Asset& asset, const Timeline& timeline,
                       int32_t quantity, const Interval& interval, const Occupant* without) {
  if (catalogue.outages().empty()) {
    return timeline.TimesAbove(asset.capacity - quantity, interval, without);
  }
  std::vector<Interval> times;
  VisitService(catalogue, asset, interval, [&](const Interval& part, int32_t in_service) {
    for (const Interval& span : timeline.TimesAbove(in_service - quantity, part, without)) {
      times.push_back(span);
    }
  });
  return Union(std::move(times));
}

IntervalSet OverbookedTimes(const Catalogue& catalogue, const Asset& asset,
                            const Timeline& timeline, const Interval& interval) {
  std::vector<Interval> times = timeline.TimesAbove(asset.capacity, interval);
  for (const OutOfService& out : OutOfServiceIn(catalogue, asset, interval)) {
    Timeline live;
    for (const Occupant& occupant : timeline.Overlapping(out.interval, timeline.size())) {
      if (!IsFinal(occupant.state)) live.Insert(occupant);
    }
    for (const Interval& span : live.TimesAbove(asset.capacity - out.quantity, out.interval)) {
      times.push_back(span);
    }
  }
  return Union(std::move(times));
}

}  // namespace labslot::engine
