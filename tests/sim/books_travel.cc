#include <algorithm>

#include "tests/sim/books.h"
#include "tests/sim/house.h"

// The part of the books about what travels from site to site.

namespace labslot::sim {
namespace {

// It does not go home for less.
constexpr Seconds kStayAtHome = 86400;

bool ByStart(const Stay& a, const Stay& b) { return a.interval.start < b.interval.start; }

}  // namespace

std::string Books::PlaceOf(const Reservation& reservation, const std::string& asset) const {
  return Travels(asset) && !reservation.site.empty() ? reservation.site : SiteOf(things.at(asset));
}

std::vector<Stay> Books::StaysOf(const std::string& asset, ReservationId but) const {
  std::vector<Stay> stays;
  for (const auto& [id, r] : reservations) {
    if (id == but) continue;
    for (const Taken& taken : TakenOf(r)) {
      if (taken.asset == asset) stays.push_back({taken.interval, r.site});
    }
  }
  std::sort(stays.begin(), stays.end(), ByStart);
  return stays;
}

Seconds Books::NeededBetween(const std::string& asset, const Stay& before,
                             const Stay& after) const {
  const Thing& thing = things.at(asset);
  if (!thing.always_home) return WayBetween(before.site, after.site);
  return WayBetween(before.site, thing.home) + WayBetween(thing.home, after.site);
}

// `next` may be null.
bool Books::GoesHomeBehind(const std::string& asset, const Stay& stay, const Stay* next) const {
  const Thing& thing = things.at(asset);
  if (thing.always_home || next == nullptr) return true;
  return next->interval.start - stay.interval.end >=
         WayBetween(stay.site, thing.home) + kStayAtHome + WayBetween(thing.home, next->site);
}

// When it can be at the site of `own` if it may leave from `from` on. Before it is home
// again, or has reached where it goes next, it counts as being where it was.
Instant Books::ArrivesAt(const std::string& asset, const Stay& own, ReservationId but,
                         Instant from) const {
  const Thing& thing = things.at(asset);
  Stay last = {{-kEver, -kEver}, thing.home};
  for (const Stay& stay : StaysOf(asset, but)) {
    if (stay.interval.start < own.interval.start) last = stay;
  }
  std::string site = last.site;
  Instant ready = last.interval.end;
  const Stay* planned = nullptr;
  const std::vector<Stay> all = StaysOf(asset, 0);
  for (const Stay& stay : all) {
    if (planned == nullptr && stay.interval.start >= last.interval.end) planned = &stay;
  }
  const bool has_left = from > last.interval.end && GoesHomeBehind(asset, last, planned);
  if (has_left || thing.always_home) {
    site = thing.home;
    ready += WayBetween(last.site, thing.home);
  }
  const Seconds way = WayBetween(site, own.site);
  return way == 0 ? ready : std::max(from, ready) + way;
}

// From leaving home to being back, with the stay.
Interval Books::TourWith(const std::string& asset, const Stay& own, ReservationId but) const {
  const std::string& home = things.at(asset).home;
  std::vector<Stay> stays = StaysOf(asset, but);
  stays.push_back(own);
  std::sort(stays.begin(), stays.end(), ByStart);
  const auto at_home_behind = [&](size_t i) {
    return stays[i].site == home || stays[i + 1].site == home ||
           GoesHomeBehind(asset, stays[i], &stays[i + 1]);
  };
  size_t first = 0;
  while (stays[first].interval != own.interval) ++first;
  size_t last = first;
  while (first > 0 && !at_home_behind(first - 1)) --first;
  while (last + 1 < stays.size() && !at_home_behind(last)) ++last;
  const Stay* next = last + 1 < stays.size() ? &stays[last + 1] : nullptr;
  // Where it is wanted at home, it need not be back before.
  const Instant back = GoesHomeBehind(asset, stays[last], next)
                           ? stays[last].interval.end + WayBetween(stays[last].site, home)
                           : next->interval.start;
  return {stays[first].interval.start - WayBetween(home, stays[first].site), back};
}

bool Books::GetsThereAndOn(const Reservation& candidate, const Reservation* current,
                           Instant now) const {
  const bool moves = current == nullptr || current->site != candidate.site ||
                     current->interval.start != candidate.interval.start;
  const Instant from = moves ? now : -kEver;  // what stands got its way before
  const ReservationId but = current == nullptr ? 0 : current->id;
  for (const ReservationItem& item : candidate.items) {
    if (!Travels(item.asset)) continue;
    const Stay own = {OccupancyOf(candidate, item), candidate.site};
    if (ArrivesAt(item.asset, own, but, from) > own.interval.start) return false;
    for (const Stay& stay : StaysOf(item.asset, but)) {
      if (stay.interval.start < own.interval.start) continue;
      const Instant on_at = own.interval.end + NeededBetween(item.asset, own, stay);
      if (on_at > stay.interval.start) return false;
    }
  }
  return true;
}

bool Books::IsBackInTime(const Reservation& candidate, const Reservation* current) const {
  const ReservationId but = current == nullptr ? 0 : current->id;
  return std::all_of(candidate.items.begin(), candidate.items.end(), [&](const auto& item) {
    const Thing& thing = things.at(item.asset);
    const Stay own = {OccupancyOf(candidate, item), candidate.site};
    return !Travels(item.asset) || thing.longest_tour == 0 || own.site == thing.home ||
           TourWith(item.asset, own, but).length() <= thing.longest_tour;
  });
}

bool Books::GetsAround(const Reservation& candidate, const Reservation* current,
                       Instant now) const {
  return GetsThereAndOn(candidate, current, now) && IsBackInTime(candidate, current);
}

// Where it could be from then on, and where a tour begins to be short enough.
std::vector<Instant> Books::StartsByWays(const Reservation& next, Instant now) const {
  std::vector<Instant> starts;
  for (const ReservationItem& item : next.items) {
    if (!Travels(item.asset) || next.site.empty()) continue;
    const Thing& thing = things.at(item.asset);
    const Seconds from_home = WayBetween(thing.home, next.site);
    const auto add = [&](Instant there) { starts.push_back(there + item.set_up); };
    for (const char* place : kPlaces) add(now + WayBetween(place, next.site));
    for (const Stay& stay : StaysOf(item.asset, 0)) {
      const Instant home_at = stay.interval.end + WayBetween(stay.site, thing.home);
      add(stay.interval.end + WayBetween(stay.site, next.site));
      add(home_at + from_home);
      add(home_at + kStayAtHome + from_home);
      for (const Instant back : {home_at, stay.interval.start}) {
        add(back - thing.longest_tour + from_home);
      }
    }
  }
  return starts;
}

}  // namespace labslot::sim
