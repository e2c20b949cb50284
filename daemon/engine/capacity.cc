#include "daemon/engine/capacity.h"

#include <limits>

#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

Interval ExistenceOf(const Asset& asset) {
  const bool retired = asset.state == AssetState::kRetired;
  return {asset.create_time, retired ? asset.retire_time : std::numeric_limits<Instant>::max()};
}

Seconds OutOfServiceWithin(const Catalogue& catalogue, const Asset& asset,
                           const IntervalSet& times) {
  Seconds lost = 0;
  if (times.empty()) return lost;
  const Interval hull = {times.front().start, times.back().end};
  for (const OutOfService& out : OutOfServiceIn(catalogue, asset, hull)) {
    lost += TotalLength(Intersection(times, {out.interval})) * out.quantity;
  }
  return lost;
}

}  // namespace

Seconds CapacityOf(const Catalogue& catalogue, const Quota& quota, const Asset& asset,
                   DayNumber first, DayNumber last) {
  const Site* home = PlaceOf(catalogue, asset, "");
  if (home == nullptr || !quota.share) return 0;
  const absl::TimeZone zone = ZoneOf(*home);
  const Interval days = {StartOfDay(DayOf(first), zone), StartOfDay(DayOf(last) + 1, zone)};
  const Interval period = days.Intersect(ExistenceOf(asset));
  if (period.empty()) return 0;
  IntervalSet times = TimesInRanges(quota.periods, period, zone);
  if (quota.share->base != CapacityBase::kCalendar) {
    times = Intersection(times, OpenTimes(HoursOf(catalogue, asset, *home), period));
  }
  const Seconds all = TotalLength(times) * asset.capacity;
  if (quota.share->base != CapacityBase::kAvailable) return all;
  return all - OutOfServiceWithin(catalogue, asset, times);
}

Seconds CapacityBook::Of(const Catalogue& catalogue, const Quota& quota, const std::string& key,
                         DayNumber first, DayNumber last) {
  const auto [it, is_new] = sums_.try_emplace({quota.id, key, first, last}, 0);
  if (!is_new) return it->second;
  for (const auto& [id, asset] : catalogue.assets()) {
    if (IsOfScope(quota.applies_to, quota.except, catalogue, *asset) &&
        IsOfKey(quota, key, *asset)) {
      it->second += CapacityOf(catalogue, quota, *asset, first, last);
    }
  }
  return it->second;
}

Seconds CapacityBook::LimitOf(const Catalogue& catalogue, const Quota& quota,
                              const std::string& key, DayNumber first, DayNumber last) {
  return PartOf(*quota.share, Of(catalogue, quota, key, first, last));
}

Seconds PartOf(const CapacityShare& share, Seconds capacity) {
  constexpr Seconds kWhole = 100 * 100;
  // In two steps: the product of a large park and a share would not fit.
  return capacity / kWhole * share.hundredths + capacity % kWhole * share.hundredths / kWhole;
}

const char* WordsOf(CapacityBase base) {
  switch (base) {
    case CapacityBase::kCalendar:
      return "calendar hours";
    case CapacityBase::kOpening:
      return "opening hours";
    case CapacityBase::kAvailable:
      return "available hours";
  }
  return "";
}

}  // namespace labslot::engine
