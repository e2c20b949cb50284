#include "daemon/engine/availability.h"

#include <utility>

#include "daemon/engine/closed_time.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"

namespace labslot::engine {
namespace {

// The starts at which a span from `before` ahead of the start to `after`
// behind it keeps clear of `busy`.
IntervalSet StartsClearOf(const IntervalSet& busy, Seconds before, Seconds after,
                          const Interval& starts) {
  std::vector<Interval> forbidden;
  forbidden.reserve(busy.size());
  for (const Interval& span : busy) {
    forbidden.push_back({span.start - after + 1, span.end + before});
  }
  // They may overlap, but both ends are in order, and that is enough here.
  return Difference(starts, forbidden);
}

// The starts whose run of `duration` keeps to the opening hours.
IntervalSet StartsInHours(const IntervalSet& open, bool may_span_closed_time, Seconds duration) {
  std::vector<Interval> whole;
  std::vector<Interval> ends;
  for (const Interval& span : open) {
    if (may_span_closed_time) ends.push_back({span.start - duration + 1, span.end - duration + 1});
    whole.push_back({span.start, span.end - duration + 1});
  }
  // The shift by one second makes neighbouring spans touch, so nothing is
  // joined here: runs may not bridge a gap between windows.
  std::vector<Interval> starts;
  for (const Interval& span : whole) {
    if (!span.empty()) starts.push_back(span);
  }
  return may_span_closed_time ? Intersection(open, Union(std::move(ends))) : starts;
}

}  // namespace

OwnOccupant OwnOccupantOn(absl::string_view asset, const Reservation* without) {
  if (without == nullptr || !Blocks(*without)) return {};
  for (const ReservationItem& item : without->items) {
    if (item.asset == asset) {
      return {OccupantOf(OccupancyOfItem(*without, item)), true};
    }
  }
  return {};
}

IntervalSet RelatedTimes(const State& state, const Asset& asset, const Interval& interval,
                         const Reservation* without) {
  std::vector<Interval> busy;
  for (const std::string& other : state.catalogue().Related(asset.id)) {
    const OwnOccupant own = OwnOccupantOn(other, without);
    for (const Interval& span : state.timeline(other).TimesAbove(0, interval, own.get())) {
      busy.push_back(span);
    }
  }
  return Union(std::move(busy));
}

IntervalSet BusyTimes(const State& state, const Asset& asset, int32_t quantity,
                      const Interval& interval, const Reservation* without) {
  if (quantity > asset.capacity) return {interval};
  const OwnOccupant own = OwnOccupantOn(asset.id, without);
  IntervalSet busy =
      ShortTimes(state.catalogue(), asset, state.timeline(asset.id), quantity, interval, own.get());
  const IntervalSet related = RelatedTimes(state, asset, interval, without);
  if (related.empty()) return busy;
  busy.insert(busy.end(), related.begin(), related.end());
  return Union(std::move(busy));
}

IntervalSet FeasibleStarts(const State& state, const Demand& demand, Seconds duration,
                           const Interval& window) {
  return StartFinder(state, demand.wanted, duration, window).Find(demand, window);
}

StartFinder::StartFinder(const State& state, const Reservation& wanted, Seconds duration,
                         const Interval& widest)
    : state_(state),
      wanted_(wanted),
      holder_(state.catalogue(), wanted.user, wanted.organisation),
      duration_(duration),
      widest_(widest) {}

IntervalSet StartFinder::Find(const Demand& demand, const Interval& window) {
  const Interval all = {window.start, window.end - duration_ + 1};
  if (all.empty()) return {};
  IntervalSet starts = {all};
  for (const ReservationItem& item : demand.wanted.items) {
    const Asset* asset = state_.catalogue().FindAsset(item.asset);
    if (asset == nullptr) return {};
    starts = Intersection(starts, FindOn(*asset, item, demand.wanted.site, window, demand.without));
    if (starts.empty()) return starts;
  }
  return starts;
}

IntervalSet StartFinder::FindOn(const Asset& asset, const ReservationItem& item,
                                absl::string_view visited_site, const Interval& window,
                                const Reservation* without) {
  const Interval all = {window.start, window.end - duration_ + 1};
  const Site* place = PlaceOf(state_.catalogue(), asset, visited_site);
  if (all.empty() || place == nullptr || asset.state != AssetState::kActive) return {};
  const IntervalSet busy =
      BusyTimes(state_, asset, item.quantity, window.Widened(item.set_up, item.tear_down), without);
  const IntervalSet clear = StartsClearOf(busy, item.set_up, duration_ + item.tear_down, all);
  return clear.empty() ? clear : Intersection(clear, StartsInHoursOf(asset, *place));
}

const IntervalSet& StartFinder::StartsInHoursOf(const Asset& asset, const Site& place) {
  const Catalogue& catalogue = state_.catalogue();
  const Subject subject = {catalogue, asset,           place,
                           holder_,   wanted_.purpose, wanted_.activity_class};
  const bool spans = SpansClosedTime(state_.rule_book(), subject);
  const auto find = [&] {
    return StartsInHours(OpenTimes(HoursFor(holder_.groups, catalogue, asset, place), widest_),
                         spans, duration_);
  };
  if (asset.calendar) return of_own_calendar_ = find();
  const auto [it, is_new] = by_site_.try_emplace({&place, spans});
  if (is_new) it->second = find();
  return it->second;
}

Instant RoundedUp(Instant instant, const absl::TimeZone& zone) {
  const absl::TimeZone::CivilInfo local = zone.At(absl::FromUnixSeconds(instant));
  const Seconds into_quarter = (local.cs.minute() % 15) * 60 + local.cs.second();
  return into_quarter == 0 ? instant : instant + kStartStep - into_quarter;
}

}  // namespace labslot::engine
