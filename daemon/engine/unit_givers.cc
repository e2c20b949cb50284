#include "daemon/engine/unit_givers.h"

#include <algorithm>
#include <queue>
#include <set>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/unit_uses.h"

namespace labslot::engine {
namespace {

// Sets of places in an ascending list of harms, from the least sum on.
class SetsBySum {
 public:
  explicit SetsBySum(const std::vector<GivingWay>& by_harm) : by_harm_(by_harm) {
    if (!by_harm.empty()) Push({0});
  }

  // The next set; empty if there was none left.
  std::vector<size_t> Next() {
    if (open_.empty()) return {};
    const std::vector<size_t> set = open_.top().second;
    open_.pop();
    // Each set has one parent: the one with its last place moved back, or left out.
    const size_t next = set.back() + 1;
    if (next < by_harm_.size()) {
      std::vector<size_t> longer = set;
      longer.push_back(next);
      Push(std::move(longer));
      std::vector<size_t> moved = set;
      moved.back() = next;
      Push(std::move(moved));
    }
    return set;
  }

 private:
  using Sum = std::pair<int64_t, std::vector<size_t>>;

  void Push(std::vector<size_t> set) {
    int64_t sum = 0;
    for (const size_t place : set) sum += by_harm_[place].harm;
    open_.emplace(sum, std::move(set));
  }

  const std::vector<GivingWay>& by_harm_;
  std::priority_queue<Sum, std::vector<Sum>, std::greater<>> open_;
};

class Search {
 public:
  using HarmOf = std::function<std::optional<int64_t>(const Reservation&)>;

  Search(const DecisionContext& context, const Asset& asset, const Interval& interval,
         const std::vector<UnitUse>& more, Instant ends_at, const HarmOf& harm_of)
      : context_(context),
        asset_(asset),
        seats_(SeatsOf(context.state, asset, context.now)),
        interval_(interval),
        more_(more),
        ends_at_(ends_at),
        harm_of_(harm_of) {}

  // What those who are near cannot do by themselves, they cannot do beside others; so
  // the first set that does for all is the best, unless one was passed over that did
  // for those who are near. Then it is looked further around.
  std::optional<std::vector<GivingWay>> Run() {
    if (FitWithout({})) return std::vector<GivingWay>();
    size_t tries = limits::kMaxGiversTried;
    for (Interval near = interval_;;) {
      GatherMovable(near);
      const Interval further = seats_.ReachAround(near);
      const bool is_all = further == near;
      const Found found = LeastAround(near, is_all, tries);
      if (found.set) return Givers(*found.set);
      if (tries == 0 || is_all) return found.none ? std::nullopt : Sufficient();
      near = further;
    }
  }

 private:
  struct Found {
    std::optional<std::vector<size_t>> set;
    bool none = false;  // it is certain that there is none
  };

  // The least of the sets of those who overlap `near`. Nothing once there is one that
  // may do only with others from further around, if there are any.
  Found LeastAround(const Interval& near, bool is_all, size_t& tries) {
    if (!is_all && MayFitWithout(near, {})) return {};
    SetsBySum sets(movable_);
    for (; tries > 0; --tries) {
      std::vector<size_t> set = sets.Next();
      if (set.empty()) return {std::nullopt, is_all};
      if (!MayFitWithout(near, set)) continue;
      if (FitWithout(set)) return {std::move(set)};
      if (!is_all) return {};
    }
    return {};
  }

  void GatherMovable(const Interval& near) {
    std::set<ReservationId> seen;
    movable_.clear();
    for (const UnitSeats::OwnedUse& use : seats_.Overlapping(near)) {
      if (use.owner == kOutOfService || !seen.insert(use.owner).second) continue;
      const auto reservation = context_.reservations.FindReservation(use.owner);
      if (!reservation || IsFinal(reservation->state)) continue;
      if (const auto harm = harm_of_(*reservation)) movable_.push_back({*reservation, *harm});
    }
    std::sort(movable_.begin(), movable_.end(), [](const GivingWay& a, const GivingWay& b) {
      return std::make_pair(a.harm, a.reservation.id) < std::make_pair(b.harm, b.reservation.id);
    });
    kept_.clear();
    for (const GivingWay& giver : movable_) kept_.push_back(UsesKeptBy(giver.reservation));
  }

  UnitSeats::Owners Owners(const std::vector<size_t>& set) const {
    UnitSeats::Owners owners;
    for (const size_t place : set) owners.insert(movable_[place].reservation.id);
    return owners;
  }

  // What somebody who gives way still needs for a while.
  std::vector<UnitUse> UsesKeptBy(const Reservation& giver) const {
    std::vector<UnitUse> uses;
    const auto kept = KeptBy(giver, ends_at_, context_.now);
    if (!kept) return uses;
    for (const Occupancy& occupancy : OccupanciesOf(*kept)) {
      if (occupancy.asset != asset_.id) continue;
      for (UnitUse& use : UsesOf(context_.state, asset_, occupancy, context_.now)) {
        uses.push_back(std::move(use));
      }
    }
    return uses;
  }

  // What is to have units if those of the set give way.
  std::vector<UnitUse> MoreBeside(const std::vector<size_t>& set) const {
    std::vector<UnitUse> more = more_;
    for (const size_t place : set)
      more.insert(more.end(), kept_[place].begin(), kept_[place].end());
    return more;
  }

  // What is torn down takes no unit in particular, but one of their number.
  bool AreEnoughWithout(const std::vector<size_t>& set) const {
    int32_t quantity = 0;
    for (const UnitUse& use : more_) quantity += static_cast<int32_t>(use.count);
    if (quantity == 0) return true;
    const UnitSeats::Owners gone = Owners(set);
    const Timeline& timeline = context_.state.timeline(asset_.id);
    Timeline left;
    for (const Occupant& occupant : timeline.Overlapping(interval_, timeline.size())) {
      if (!gone.contains(occupant.reservation)) left.Insert(occupant);
    }
    return ShortTimes(context_.catalogue(), asset_, left, quantity, interval_).empty();
  }

  // By those alone who are near.
  bool MayFitWithout(const Interval& near, const std::vector<size_t>& set) const {
    return AreEnoughWithout(set) &&
           seats_.FitAround(near, MoreBeside(set), Owners(set)) != UnitFit::kDoesNotFit;
  }

  bool FitWithout(const std::vector<size_t>& set) const {
    if (!AreEnoughWithout(set)) return false;
    const std::vector<UnitUse> more = MoreBeside(set);
    Interval around = interval_;
    for (const UnitUse& use : more) around = around.Hull(use.interval);
    return seats_.FitWith(around, more, Owners(set)) == UnitFit::kFits;
  }

  // All of them, less those who can stay after all: who would be harmed most first.
  std::optional<std::vector<GivingWay>> Sufficient() const {
    std::vector<size_t> set;
    for (size_t place = 0; place < movable_.size(); ++place) set.push_back(place);
    if (!FitWithout(set)) return std::nullopt;
    for (size_t i = set.size(); i-- > 0;) {
      std::vector<size_t> fewer = set;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (FitWithout(fewer)) set = std::move(fewer);
    }
    return Givers(set);
  }

  std::vector<GivingWay> Givers(const std::vector<size_t>& set) const {
    std::vector<GivingWay> givers;
    for (const size_t place : set) givers.push_back(movable_[place]);
    return givers;
  }

  const DecisionContext& context_;
  const Asset& asset_;
  // A copy: what others are asked for meanwhile may change the state.
  const UnitSeats seats_;
  const Interval interval_;
  const std::vector<UnitUse>& more_;
  const Instant ends_at_;
  const HarmOf& harm_of_;
  std::vector<GivingWay> movable_;          // by harm
  std::vector<std::vector<UnitUse>> kept_;  // by place in `movable_`
};

}  // namespace

std::optional<std::vector<GivingWay>> LeastHarmOnUnits(
    const DecisionContext& context, const Asset& asset, const Interval& interval,
    const std::vector<UnitUse>& more, Instant ends_at,
    const std::function<std::optional<int64_t>(const Reservation&)>& harm_of) {
  return Search(context, asset, interval, more, ends_at, harm_of).Run();
}

}  // namespace labslot::engine
