#include "daemon/engine/itinerary.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "daemon/base/limits.h"
#include "daemon/domain/travel_time.h"

namespace labslot::engine {
namespace {

// It is not worth going home for less than this.
constexpr Seconds kShortestStayAtHome = limits::kDay;

void AddLeg(const std::string& from, const std::string& to, const Interval& interval,
            std::vector<Leg>& legs) {
  if (!interval.empty()) legs.push_back({from, to, interval});
}

}  // namespace

std::optional<Visit> VisitOf(const Catalogue& catalogue, const Occupancy& occupancy) {
  const bool happens = occupancy.blocks() || occupancy.state == ReservationState::kCompleted;
  if (occupancy.site.empty() || !happens) return std::nullopt;
  const Asset* asset = catalogue.FindAsset(occupancy.asset);
  if (asset == nullptr || !asset->mobile) return std::nullopt;
  const bool is_returned = occupancy.quantity == 0;  // before the rest of its reservation
  const Interval there =
      is_returned ? occupancy.blocked(occupancy.returns.back()) : occupancy.blocked();
  if (there.empty()) return std::nullopt;
  return Visit{occupancy.reservation, there, occupancy.site};
}

void Itinerary::Insert(Visit visit) {
  const std::pair<Instant, ReservationId> key = {visit.blocked.start, visit.reservation};
  visits_.insert_or_assign(key, std::move(visit));
}

void Itinerary::Erase(const Visit& visit) {
  visits_.erase({visit.blocked.start, visit.reservation});
}

const Visit* Itinerary::LastBefore(Instant instant, ReservationId without) const {
  for (auto it = visits_.lower_bound({instant, 0}); it != visits_.begin();) {
    --it;
    if (it->second.reservation != without) return &it->second;
  }
  return nullptr;
}

const Visit* Itinerary::FirstFrom(Instant instant, ReservationId without) const {
  for (auto it = visits_.lower_bound({instant, 0}); it != visits_.end(); ++it) {
    if (it->second.reservation != without) return &it->second;
  }
  return nullptr;
}

std::vector<Visit> Itinerary::All() const {
  std::vector<Visit> all;
  all.reserve(visits_.size());
  for (const auto& [key, visit] : visits_) all.push_back(visit);
  return all;
}

void Itinerary::ForgetBefore(Instant instant) {
  while (visits_.size() > 1 && std::next(visits_.begin())->second.blocked.end <= instant) {
    visits_.erase(visits_.begin());
  }
}

Seconds Ways::Between(const std::string& from, const std::string& to) const {
  const Site* a = catalogue_.FindSite(from);
  const Site* b = catalogue_.FindSite(to);
  return a == nullptr || b == nullptr ? 0 : TravelTimeBetween(*a, *b, asset_.travel);
}

bool Ways::GoesHomeBetween(const Visit& before, const Visit* after) const {
  switch (asset_.travel.between) {
    case labslot::Between::kStays:
      return false;
    case labslot::Between::kAlwaysHome:
      return true;
    case labslot::Between::kHomeIfTime:
      break;
  }
  return after == nullptr || after->blocked.start >= StartAfterHome(before, after->site);
}

Instant Ways::StartAfterHome(const Visit& before, const std::string& to) const {
  if (asset_.travel.between == labslot::Between::kStays) return std::numeric_limits<Instant>::max();
  return before.blocked.end + ToHome(before.site) + kShortestStayAtHome + FromHome(to);
}

Seconds Ways::NeededBetween(const std::string& from, const std::string& to) const {
  if (asset_.travel.between == labslot::Between::kAlwaysHome) return ToHome(from) + FromHome(to);
  return Between(from, to);
}

std::vector<Leg> LegsOf(const Ways& ways, const std::vector<Visit>& visits) {
  std::vector<Leg> legs;
  const std::string& home = ways.asset().site;
  // A way that fitted in two parts may not fit in one, because of rests: then it
  // takes what time there is.
  const auto arriving_at = [&](const std::string& from, const Visit& visit, Instant earliest) {
    const Instant start = visit.blocked.start;
    const Instant leaves = start - ways.Between(from, visit.site);
    AddLeg(from, visit.site, {std::max(leaves, earliest), start}, legs);
  };
  const Visit* before = nullptr;
  for (const Visit& visit : visits) {
    const bool from_home = before == nullptr || ways.GoesHomeBetween(*before, &visit);
    Instant earliest = std::numeric_limits<Instant>::min();
    if (before != nullptr) {
      earliest = before->blocked.end;
      if (from_home) {
        const Instant home_at = std::min(earliest + ways.ToHome(before->site), visit.blocked.start);
        AddLeg(before->site, home, {earliest, home_at}, legs);
        earliest = home_at;
      }
    }
    arriving_at(from_home ? home : before->site, visit, earliest);
    before = &visit;
  }
  if (before != nullptr && ways.GoesHomeBetween(*before, nullptr)) {
    const Instant left = before->blocked.end;
    AddLeg(before->site, home, {left, left + ways.ToHome(before->site)}, legs);
  }
  return legs;
}

}  // namespace labslot::engine
