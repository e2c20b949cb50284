#include "tests/engine/travel_model.h"

#include <algorithm>

#include "daemon/base/limits.h"
#include "daemon/domain/travel_time.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

bool ByStart(const Visit& a, const Visit& b) { return a.blocked.start < b.blocked.start; }

}  // namespace

TravelModel::TravelModel(const Catalogue& catalogue, const std::string& asset)
    : catalogue_(catalogue), asset_(*catalogue.FindAsset(asset)) {}

std::vector<Visit> TravelModel::Stays(const support::World& world) const {
  std::vector<Visit> stays;
  for (const auto& [id, reservation] : world.reservations()) {
    const bool there = Blocks(reservation) || reservation.state == ReservationState::kCompleted;
    for (const ReservationItem& item : reservation.items) {
      if (!there || item.asset != asset_.id) continue;
      stays.push_back({id, OccupancyOf(reservation, item), reservation.site});
    }
  }
  std::sort(stays.begin(), stays.end(), ByStart);
  return stays;
}

Seconds TravelModel::Way(const std::string& from, const std::string& to) const {
  const auto [found, is_new] = ways_.insert({{from, to}, 0});
  if (is_new) {
    found->second =
        TravelTimeBetween(*catalogue_.FindSite(from), *catalogue_.FindSite(to), asset_.travel);
  }
  return found->second;
}

bool TravelModel::IsHomeBetween(const Visit& before, const Visit& after) const {
  const Seconds both = Way(before.site, asset_.site) + Way(asset_.site, after.site);
  const Seconds gap = after.blocked.start - before.blocked.end;
  switch (asset_.travel.between) {
    case Between::kAlwaysHome:
      return true;
    case Between::kStays:
      return false;
    case Between::kHomeIfTime:
      return gap - both >= support::kDay;
  }
  return false;
}

Seconds TravelModel::Needed(const std::string& from, const std::string& to) const {
  const Seconds over_home = Way(from, asset_.site) + Way(asset_.site, to);
  switch (asset_.travel.between) {
    case Between::kAlwaysHome:
      return over_home;
    case Between::kStays:
      return Way(from, to);
    case Between::kHomeIfTime:
      return std::min(Way(from, to), over_home + support::kDay);
  }
  return 0;
}

bool TravelModel::Fits(const Visit& before, const Visit& after) const {
  return before.blocked.end + Needed(before.site, after.site) <= after.blocked.start;
}

std::vector<Leg> TravelModel::Legs(const std::vector<Visit>& stays) const {
  std::vector<Leg> legs = AllLegs(stays);
  legs.erase(
      std::remove_if(legs.begin(), legs.end(), [](const Leg& leg) { return leg.interval.empty(); }),
      legs.end());
  return legs;
}

std::vector<Leg> TravelModel::AllLegs(const std::vector<Visit>& stays) const {
  const std::string& home = asset_.site;
  std::vector<Leg> legs;
  const auto leave = [&](const std::string& from, const std::string& to, Instant start) {
    legs.push_back({from, to, {start, start + Way(from, to)}});
  };
  // What fitted in two parts may not fit in one; then it takes what time there is.
  const auto arrive = [&](const std::string& from, const std::string& to, Instant end,
                          Instant earliest) {
    legs.push_back({from, to, {std::max(earliest, end - Way(from, to)), end}});
  };
  for (size_t i = 0; i < stays.size(); ++i) {
    const Visit& stay = stays[i];
    if (i == 0) {
      arrive(home, stay.site, stay.blocked.start, limits::kEarliestInstant);
    } else if (IsHomeBetween(stays[i - 1], stay)) {
      leave(stays[i - 1].site, home, stays[i - 1].blocked.end);
      legs.back().interval.end = std::min(legs.back().interval.end, stay.blocked.start);
      arrive(home, stay.site, stay.blocked.start, legs.back().interval.end);
    } else {
      arrive(stays[i - 1].site, stay.site, stay.blocked.start, stays[i - 1].blocked.end);
    }
  }
  if (!stays.empty() && asset_.travel.between != Between::kStays) {
    leave(stays.back().site, home, stays.back().blocked.end);
  }
  return legs;
}

std::optional<std::string> TravelModel::PlaceAt(const std::vector<Visit>& stays,
                                                Instant instant) const {
  std::string place = asset_.site;
  Instant since = limits::kEarliestInstant;
  for (const Visit& stay : stays) {
    if (stay.blocked.start > instant || stay.blocked.start < since) continue;
    place = stay.site;
    since = stay.blocked.start;
  }
  for (const Leg& leg : AllLegs(stays)) {
    if (leg.interval.start < instant && instant < leg.interval.end) return std::nullopt;
    if (leg.interval.end > instant || leg.interval.end < since) continue;
    place = leg.to;
    since = leg.interval.end;
  }
  return place;
}

std::vector<Interval> TravelModel::Tours(const std::vector<Visit>& stays) const {
  const std::string& home = asset_.site;
  std::vector<Interval> tours;
  bool away = false;
  for (size_t i = 0; i < stays.size(); ++i) {
    const Visit& stay = stays[i];
    if (away && IsHomeBetween(stays[i - 1], stay)) {
      tours.back().end = stays[i - 1].blocked.end + Way(stays[i - 1].site, home);
      away = false;
    }
    if (stay.site == home) {
      if (away) tours.back().end = stay.blocked.start;
      away = false;
    } else if (!away) {
      tours.push_back({stay.blocked.start - Way(home, stay.site), 0});
      away = true;
    }
  }
  if (away) tours.back().end = stays.back().blocked.end + Way(stays.back().site, home);
  return tours;
}

bool TravelModel::ReachesFromNow(const Visit& own, const std::vector<Visit>& planned, Instant now,
                                 bool& unsure) const {
  const auto place = PlaceAt(planned, now);
  if (!place) {
    unsure = true;
    return true;
  }
  // What is on the spot may begin at once, though its set-up should have begun.
  const Seconds needed = Needed(*place, own.site);
  return needed == 0 || now + needed <= own.blocked.start;
}

TravelModel::Verdict TravelModel::Judge(std::vector<Visit> others, const Visit& own,
                                        const std::vector<Visit>& planned, Instant now) const {
  Verdict verdict;
  const Visit* before = nullptr;
  const Visit* after = nullptr;
  for (const Visit& other : others) {
    if (other.blocked.Overlaps(own.blocked)) verdict.overlaps = true;
    if (other.blocked.end <= own.blocked.start) before = &other;
    if (other.blocked.start >= own.blocked.end && after == nullptr) after = &other;
  }
  if (verdict.overlaps) return verdict;
  if (before != nullptr && !Fits(*before, own)) verdict.travel = false;
  if (after != nullptr && !Fits(own, *after)) verdict.travel = false;
  if (before == nullptr || before->blocked.end <= now) {
    verdict.travel &= ReachesFromNow(own, planned, now, verdict.unsure);
  }
  others.push_back(own);
  std::sort(others.begin(), others.end(), ByStart);
  for (const Interval& tour : Tours(others)) {
    const bool limited = asset_.travel.longest_tour > 0;
    if (!limited || !tour.Contains(own.blocked)) continue;
    verdict.tour &= tour.length() <= asset_.travel.longest_tour;
  }
  return verdict;
}

}  // namespace labslot::engine
