#include "daemon/engine/unit_givers.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "daemon/base/limits.h"

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
  Search(const Asset& asset, std::vector<PoolUse> uses, const std::vector<UnitUse>& more)
      : asset_(asset), uses_(std::move(uses)), more_(more) {}

  void GatherMovable(const DecisionContext& context,
                     const std::function<std::optional<int64_t>(const Reservation&)>& harm_of) {
    for (const PoolUse& use : uses_) {
      const auto reservation = context.reservations.FindReservation(use.reservation);
      if (!reservation || IsFinal(reservation->state) || IsMovable(use.reservation)) continue;
      if (const auto harm = harm_of(*reservation)) movable_.push_back({*reservation, *harm});
    }
    std::sort(movable_.begin(), movable_.end(), [](const GivingWay& a, const GivingWay& b) {
      return std::make_pair(a.harm, a.reservation.id) < std::make_pair(b.harm, b.reservation.id);
    });
  }

  std::optional<std::vector<GivingWay>> Run() {
    if (FitWithout({})) return std::vector<GivingWay>();
    SetsBySum sets(movable_);
    for (size_t tried = 0; tried < limits::kMaxGiversTried; ++tried) {
      const std::vector<size_t> set = sets.Next();
      if (set.empty()) return std::nullopt;
      if (FitWithout(set)) return Givers(set);
    }
    return Sufficient();
  }

 private:
  bool IsMovable(ReservationId id) const {
    return std::any_of(movable_.begin(), movable_.end(),
                       [&](const GivingWay& known) { return known.reservation.id == id; });
  }

  bool FitWithout(const std::vector<size_t>& set) const {
    std::vector<PoolUse> left;
    for (const PoolUse& use : uses_) {
      const bool goes = std::any_of(set.begin(), set.end(), [&](size_t place) {
        return movable_[place].reservation.id == use.reservation;
      });
      if (!goes) left.push_back(use);
    }
    return FitUses(asset_, left, more_) == UnitFit::kFits;
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

  const Asset& asset_;
  const std::vector<PoolUse> uses_;
  const std::vector<UnitUse>& more_;
  std::vector<GivingWay> movable_;  // by harm
};

}  // namespace

std::optional<std::vector<GivingWay>> LeastHarmOnUnits(
    const DecisionContext& context, const Asset& asset, const Interval& interval,
    const std::vector<UnitUse>& more,
    const std::function<std::optional<int64_t>(const Reservation&)>& harm_of) {
  Search search(
      asset, UsesAround(context.state, context.catalogue(), asset, interval, context.now, 0), more);
  search.GatherMovable(context, harm_of);
  return search.Run();
}

}  // namespace labslot::engine
