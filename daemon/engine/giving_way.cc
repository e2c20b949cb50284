#include "daemon/engine/giving_way.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "daemon/engine/overrun.h"
#include "daemon/engine/packing.h"
#include "daemon/engine/placing.h"
#include "daemon/engine/wait_list.h"

namespace labslot::engine {
namespace {

// The sum over all whom one decision may touch stays below what Pack takes.
constexpr double kGreatestWeight = 1e11;

int64_t UnitSeconds(const Reservation& r) {
  int64_t units = 0;
  for (const ReservationItem& item : r.items) units += item.quantity;
  return units * r.interval.length();
}

int64_t Weighted(const Reservation& r, double weight) {
  const double weighted = static_cast<double>(UnitSeconds(r)) * weight;
  return std::llround(std::clamp(weighted, 1.0, kGreatestWeight));
}

// The part of the notice that is not left, 0 to 1.
double ShortNotice(const Lead& notice, Instant now, Instant start, const absl::TimeZone& zone) {
  if (notice.zero()) return 0;
  const Seconds whole = start - Earlier(start, notice, zone);
  const Seconds left = std::max<Seconds>(0, start - now);
  return left >= whole ? 0 : 1 - static_cast<double>(left) / static_cast<double>(whole);
}

// The search for who gives way.
class Squeezing {
 public:
  Squeezing(const DecisionContext& context, const std::vector<Squeeze>& squeezes)
      : context_(context), squeezes_(squeezes), fixed_(squeezes.size()) {}

  std::optional<std::vector<GivingWay>> Run(
      const std::function<std::optional<int64_t>(const Reservation&)>& harm_of) {
    for (const ReservationId id : Occupying()) {
      const auto reservation = context_.reservations.FindReservation(id);
      if (!reservation) continue;
      const auto harm = harm_of(*reservation);
      if (!harm) {
        AddFixed(*reservation);
      } else if (IsFinal(reservation->state)) {
        // It is over and only torn down: it has nothing to give.
        continue;
      } else if (CannotStay(*reservation)) {
        givers_.push_back({*reservation, *harm});
      } else {
        movable_.push_back({*reservation, *harm});
      }
    }
    if (!FixedFit()) return std::nullopt;
    ChooseAmongMovable();
    SortGivers(givers_);
    return std::move(givers_);
  }

 private:
  // All whom the squeezes touch, by number.
  std::vector<ReservationId> Occupying() const {
    std::vector<ReservationId> ids;
    for (const Squeeze& squeeze : squeezes_) {
      const Timeline& timeline = context_.state.timeline(squeeze.asset);
      for (const Occupant& occupant : timeline.Overlapping(squeeze.interval, timeline.size())) {
        ids.push_back(occupant.reservation);
      }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
  }

  // Visits what the reservation takes of each squeeze.
  template <typename Visitor>
  void VisitUses(const Reservation& reservation, Visitor visit) const {
    for (size_t i = 0; i < squeezes_.size(); ++i) {
      for (const ReservationItem& item : reservation.items) {
        if (item.asset != squeezes_[i].asset) continue;
        const Interval taken = OccupancyOf(reservation, item).Intersect(squeezes_[i].interval);
        if (!taken.empty()) visit(i, taken, item.quantity);
      }
    }
  }

  bool CannotStay(const Reservation& reservation) const {
    bool too_much = false;
    VisitUses(reservation, [&](size_t i, const Interval&, int32_t quantity) {
      too_much = too_much || quantity > squeezes_[i].allowed;
    });
    return too_much;
  }

  void AddFixed(const Reservation& reservation) {
    for (const Occupancy& occupancy : OccupanciesOf(reservation)) {
      for (const Occupant& occupant : OccupantsOf(occupancy)) {
        for (size_t i = 0; i < squeezes_.size(); ++i) {
          if (occupancy.asset != squeezes_[i].asset) continue;
          const Interval taken = occupant.blocked.Intersect(squeezes_[i].interval);
          if (taken.empty()) continue;
          fixed_[i].Insert({reservation.id, taken, occupant.quantity});
        }
      }
    }
  }

  bool FixedFit() const {
    for (size_t i = 0; i < squeezes_.size(); ++i) {
      if (fixed_[i].Peak(squeezes_[i].interval) > std::max(0, squeezes_[i].allowed)) return false;
    }
    return true;
  }

  // Keeps those whose going would do most harm.
  void ChooseAmongMovable() {
    PackingProblem problem = Resources();
    problem.wishes = movable_.size();
    for (size_t m = 0; m < movable_.size(); ++m) {
      PackingOption& option = problem.options.emplace_back();
      option.wish = m;
      option.value = movable_[m].harm;
      option.uses = UsesOf(movable_[m].reservation);
    }
    const Packing kept = Pack(problem, {.nodes = limits::kMaxDisplacementNodes});
    for (size_t m = 0; m < movable_.size(); ++m) {
      if (!kept.chosen[m]) givers_.push_back(std::move(movable_[m]));
    }
  }

  // One for each asset of which something is left to those who can move. Of an
  // asset that must be idle nobody who has it can stay.
  PackingProblem Resources() {
    PackingProblem problem;
    for (size_t i = 0; i < squeezes_.size(); ++i) {
      const Squeeze& squeeze = squeezes_[i];
      const auto added = resources_.try_emplace(squeeze.asset, problem.resources.size());
      const size_t place = added.first->second;
      if (added.second) problem.resources.emplace_back();
      hulls_.resize(problem.resources.size());
      Interval& hull = hulls_[place];
      if (hull.empty()) hull = squeeze.interval;
      if (squeeze.interval.start < hull.end && hull != squeeze.interval) continue;
      hull.end = squeeze.interval.end;
      fixed_[i].VisitSteps(squeeze.interval, [&](const Interval& step, int32_t used) {
        problem.resources[place].capacity.push_back({step, std::max(0, squeeze.allowed) - used});
      });
    }
    return problem;
  }

  std::vector<PackingUse> UsesOf(const Reservation& reservation) const {
    std::vector<PackingUse> uses;
    for (const ReservationItem& item : reservation.items) {
      const auto resource = resources_.find(item.asset);
      if (resource == resources_.end()) continue;
      const Interval taken = OccupancyOf(reservation, item).Intersect(hulls_[resource->second]);
      if (!taken.empty()) uses.push_back({resource->second, taken, item.quantity});
    }
    return uses;
  }

  const DecisionContext& context_;
  const std::vector<Squeeze>& squeezes_;
  std::vector<Timeline> fixed_;  // by squeeze
  std::map<std::string, size_t> resources_;
  std::vector<Interval> hulls_;  // by resource: all its squeezes, which touch
  std::vector<GivingWay> movable_;
  std::vector<GivingWay> givers_;
};

// It has begun, and goes on until the instant; what is in use then is over.
Reservation CutShort(const Reservation& current, Instant ends_at, Instant now) {
  Reservation next = current;
  const Instant end = std::min(current.interval.end, ends_at);
  for (ReservationItem& item : next.items) {
    const Instant clear_at = std::min(OccupancyOf(current, item).end, ends_at);
    item.tear_down = std::max<Seconds>(0, clear_at - end);
  }
  next.interval.end = end;
  const bool is_over = next.state == ReservationState::kCheckedIn && end <= now;
  return is_over ? GivenBack(next, end) : next;
}

Reservation CalledOffFor(const DecisionContext& context, const Reservation& current,
                         const std::string& cause) {
  Reservation next = CalledOff(context, current);
  next.use.freed = 0;  // its holder has not given it up
  next.displaced_by = cause;
  return next;
}

// What is left of it without its slot.
Reservation Displaced(const DecisionContext& context, const Reservation& current,
                      const std::string& cause) {
  Result<Reservation> waiting = Waiting(context, current);
  if (current.state == ReservationState::kHeld || !waiting.ok() ||
      LastStart(current) <= context.now) {
    return CalledOffFor(context, current, cause);
  }
  Reservation next = std::move(waiting).value();
  next.check_in_by = 0;
  next.leaves_slot_free = false;
  next.state_reason = context.reason;
  next.displaced_by = cause;
  for (ReservationItem& item : next.items) item.units.clear();
  // Who had checked in early has to do so again, with what he kept.
  next.use = Use();
  next.returns.clear();
  if (current.state != ReservationState::kOffered) next.state = ReservationState::kDisplaced;
  return next;
}

Hit HitOf(const DecisionContext& context, const Reservation& now, const Reservation& before) {
  const auto hit = [&](HitOutcome outcome, std::string words) {
    return Hit{before.id, outcome, std::move(words)};
  };
  switch (now.state) {
    case ReservationState::kCancelled:
      return hit(HitOutcome::kCancelled,
                 before.state == ReservationState::kHeld
                     ? "its hold was given up"
                     : "it was called off: nothing else would do, and it cannot wait");
    case ReservationState::kWaitlisted:
    case ReservationState::kDisplaced:
      return hit(HitOutcome::kWaitListed, absl::StrCat("it is on the wait list until ",
                                                       WhenAt(context, now, now.hold_expire_time)));
    default:
      break;
  }
  if (now.interval.start == before.interval.start &&
      now.items.front().asset == before.items.front().asset &&
      now.interval.end <= before.interval.end && before.interval.start <= context.now) {
    return hit(HitOutcome::kCutShort,
               absl::StrCat("it had begun and ends at ", WhenAt(context, now, now.interval.end)));
  }
  std::vector<std::string> assets;
  for (const ReservationItem& item : now.items) assets.push_back(NameOf(kAssets, item.asset));
  return hit(HitOutcome::kMoved, absl::StrCat("it was moved to ", absl::StrJoin(assets, ", "), ", ",
                                              WhenAt(context, now, now.interval.start)));
}

}  // namespace

void SortGivers(std::vector<GivingWay>& givers) {
  std::sort(givers.begin(), givers.end(), [](const GivingWay& a, const GivingWay& b) {
    return std::make_pair(-a.reservation.priority, a.reservation.id) <
           std::make_pair(-b.reservation.priority, b.reservation.id);
  });
}

const Reservation* LastVersion(const Decision& decision, ReservationId id) {
  for (auto change = decision.changes.rbegin(); change != decision.changes.rend(); ++change) {
    const auto* reservation = std::get_if<Reservation>(&change->event.resource);
    if (reservation != nullptr && reservation->id == id) return reservation;
  }
  return nullptr;
}

int64_t HarmOf(const DisplacementRule& rule, const Reservation& reservation, Instant now,
               const absl::TimeZone& zone) {
  const double notice = ShortNotice(rule.notice, now, reservation.interval.start, zone);
  return Weighted(reservation, (1 + rule.priority_weight * reservation.priority) *
                                   (1 + rule.notice_weight * notice));
}

int64_t WorthOf(const DisplacementRule& rule, const Reservation& reservation) {
  return Weighted(reservation, 1 + rule.priority_weight * reservation.priority);
}

std::optional<std::vector<GivingWay>> LeastHarm(
    const DecisionContext& context, const std::vector<Squeeze>& squeezes,
    const std::function<std::optional<int64_t>(const Reservation&)>& harm_of) {
  return Squeezing(context, squeezes).Run(harm_of);
}

std::optional<Reservation> KeptBy(const Reservation& current, Instant ends_at, Instant now) {
  const bool begun = current.interval.start <= now && current.interval.start < ends_at &&
                     current.state != ReservationState::kHeld;
  if (!begun) return std::nullopt;
  return CutShort(current, ends_at, now);
}

void TakeAway(const DecisionContext& context, const std::vector<GivingWay>& givers,
              const std::string& cause, Instant ends_at, Rehearsal& rehearsal) {
  for (const GivingWay& giver : givers) {
    const Reservation& current = giver.reservation;
    if (auto kept = KeptBy(current, ends_at, context.now)) {
      rehearsal.Add(context, EventType::kUpdated, *std::move(kept), &current);
      continue;
    }
    Reservation next = Displaced(context, current, cause);
    const EventType type =
        next.state == ReservationState::kCancelled ? EventType::kCancelled : EventType::kDisplaced;
    rehearsal.Add(context, type, std::move(next), &current);
  }
  for (const GivingWay& giver : givers) {
    const Reservation* now = LastVersion(rehearsal.decision(), giver.reservation.id);
    if (now->state != ReservationState::kCompleted) continue;
    TellItIsOver(context, giver.reservation, rehearsal);
  }
}

std::optional<Reservation> Replaced(const DecisionContext& context, const Reservation& displaced) {
  std::optional<Reservation> next = GrantedSomewhere(context, displaced, Preference::kNearest);
  if (next) next->state_reason = context.reason;
  return next;
}

std::vector<Hit> Resettle(const DecisionContext& context, const std::vector<GivingWay>& givers,
                          Rehearsal& rehearsal) {
  std::vector<Hit> hits;
  for (const GivingWay& giver : givers) {
    // A copy: what follows moves the changes.
    const Reservation now = *LastVersion(rehearsal.decision(), giver.reservation.id);
    if (now.state == ReservationState::kDisplaced) {
      if (auto replaced = Replaced(context, now)) {
        rehearsal.Add(context, EventType::kReplaced, *std::move(replaced), &now);
      }
    }
    hits.push_back(HitOf(context, *LastVersion(rehearsal.decision(), giver.reservation.id),
                         giver.reservation));
  }
  return hits;
}

}  // namespace labslot::engine
