#include "daemon/engine/displacement.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/place.h"
#include "daemon/engine/unit_givers.h"
#include "daemon/engine/wait_list.h"

namespace labslot::engine {
namespace {

std::string Hours(int64_t weighted_seconds) {
  return absl::StrFormat("%.1f", static_cast<double>(weighted_seconds) / 3600);
}

// Makes a plan, each step only if those before it let it.
class Planner {
 public:
  Planner(const DecisionContext& context, const Reservation& request, Seconds hold_for,
          const Refusal& refusal)
      : context_(context), request_(request), hold_for_(hold_for) {
    plan_.refusal = refusal;
    for (const ReservationItem& item : request_.items) {
      const Asset& asset = *context_.catalogue().FindAsset(item.asset);
      if (UnitsMatter(context_.state, asset, item.unit_labels, context_.now)) {
        unit_pools_.insert(item.asset);
      }
    }
  }

  DisplacementPlan Run() {
    if (!FindRule()) return std::move(plan_);
    plan_.worth = WorthOf(rule_, request_);
    auto givers = LeastHarm(context_, Squeezes(), [&](const Reservation& r) { return Harm(r); });
    if (givers && !AddThoseOnUnits(*givers)) givers.reset();
    if (!givers) {
      Refuse("what stands in the way is firm, in use, protected, or not of a lower priority",
             absl::StrCat("a priority lower by ", rule_.priority_gap), "not all may be displaced");
      return std::move(plan_);
    }
    plan_.givers = *std::move(givers);
    for (const GivingWay& giver : plan_.givers) plan_.harm += giver.harm;
    if (IsWorthIt()) Rehearse();
    return std::move(plan_);
  }

 private:
  Candidate AsCandidate() const { return {request_, nullptr, context_.now, hold_for_}; }

  bool UnitsMatterFor(const ReservationItem& item) const {
    return unit_pools_.contains(item.asset);
  }

  // Each asset on which others stand in the way has to have a rule that lets the
  // request displace them; harm is weighed by that of the first one.
  bool FindRule() {
    bool found = false;
    for (const ReservationItem& item : request_.items) {
      const Asset& asset = *context_.catalogue().FindAsset(item.asset);
      const IntervalSet busy =
          BusyTimes(context_.state, asset, item.quantity, OccupancyOf(request_, item), nullptr);
      if (busy.empty() && !UnitsMatterFor(item)) continue;
      const auto rule = DisplacementRuleFor(context_.state, AsCandidate(), item.asset);
      if (!rule) {
        Refuse(absl::StrCat("no policy lets this request displace others on ", asset.display_name),
               "a policy with a displacement rule", "none");
        return false;
      }
      if (!found) rule_ = *rule;
      found = true;
      gaps_[item.asset] = rule->priority_gap;
    }
    if (!found) Refuse("what stands in the way cannot be displaced", "other reservations", "ways");
    return found;
  }

  // The request takes its quantity of what is in service, and wants those assets
  // idle that it cannot share with. Pools whose units matter are left to
  // AddThoseOnUnits.
  std::vector<Squeeze> Squeezes() const {
    std::vector<Squeeze> squeezes;
    for (const ReservationItem& item : request_.items) {
      const Interval blocked = OccupancyOf(request_, item);
      const Asset& asset = *context_.catalogue().FindAsset(item.asset);
      if (!UnitsMatterFor(item)) {
        VisitService(context_.catalogue(), asset, blocked,
                     [&](const Interval& part, int32_t in_service) {
                       squeezes.push_back({item.asset, part, in_service - item.quantity});
                     });
      }
      for (const std::string& other : context_.catalogue().Related(item.asset)) {
        squeezes.push_back({other, blocked, 0});
      }
    }
    return squeezes;
  }

  // Adds those who have to give way on pools whose units matter, beside those who do
  // already. False if what is left there does not do.
  bool AddThoseOnUnits(std::vector<GivingWay>& givers) const {
    const DaemonContext daemon(context_, "");
    Decision cleared;
    Rehearsal rehearsal(context_.state, cleared);
    TakeAway(daemon.get(), givers, "", kNever, rehearsal);
    for (const ReservationItem& item : request_.items) {
      const Asset& asset = *context_.catalogue().FindAsset(item.asset);
      if (!UnitsMatterFor(item)) continue;
      const Interval blocked = OccupancyOf(request_, item).Intersect({context_.now, kNever});
      const auto more = LeastHarmOnUnits(
          context_, asset, blocked, {UseOf(asset, blocked, item.quantity, item.unit_labels, {})},
          kNever, [&](const Reservation& r) { return Harm(r); });
      if (!more) return false;
      TakeAway(daemon.get(), *more, "", kNever, rehearsal);
      givers.insert(givers.end(), more->begin(), more->end());
    }
    SortGivers(givers);
    return true;
  }

  std::optional<int64_t> Harm(const Reservation& r) const {
    const bool movable = !r.firm && r.state != ReservationState::kCheckedIn && !IsFinal(r.state) &&
                         r.interval.start > context_.now &&
                         r.priority + GapTo(r) <= request_.priority && !IsProtected(r);
    if (!movable) return std::nullopt;
    const Asset& asset = *context_.catalogue().FindAsset(r.items.front().asset);
    const absl::TimeZone zone = ZoneOf(*PlaceOf(context_.catalogue(), asset, r.site));
    return HarmOf(rule_, r, context_.now, zone);
  }

  // The greatest that the rules of those assets demand on which it stands in the way.
  int32_t GapTo(const Reservation& r) const {
    const auto stands_in_the_way = [&](const std::string& asset) {
      const std::vector<std::string>& related = context_.catalogue().Related(asset);
      return std::any_of(r.items.begin(), r.items.end(), [&](const auto& item) {
        return item.asset == asset ||
               std::find(related.begin(), related.end(), item.asset) != related.end();
      });
    };
    std::optional<int32_t> gap;
    for (const auto& [asset, demanded] : gaps_) {
      if (stands_in_the_way(asset)) gap = std::max(gap.value_or(demanded), demanded);
    }
    return gap.value_or(rule_.priority_gap);
  }

  // By a rule, or because another reservation relies on it.
  bool IsProtected(const Reservation& r) const {
    const Reservation gone = CalledOff(context_, r);
    const Candidate leaving = {gone, &r, context_.now, 0, false};
    const std::vector<Violation> violations = JudgeCancelling(context_.state, leaving);
    return std::any_of(violations.begin(), violations.end(), [](const Violation& v) {
      return v.effect != Effect::kWarn &&
             (v.rule == Rule::kProtected || v.rule == Rule::kCompanionNeeded);
    });
  }

  bool IsWorthIt() {
    if (static_cast<double>(plan_.worth) >= rule_.least_gain * static_cast<double>(plan_.harm)) {
      return true;
    }
    Refuse(absl::StrCat(
               "displacing ", plan_.givers.size() == 1 ? "it" : "them", " would do a harm of ",
               Hours(plan_.harm), " weighted hours, and the request is worth ", Hours(plan_.worth),
               "; it must be worth ", absl::StrFormat("%g", rule_.least_gain), " times as much"),
           absl::StrCat(absl::StrFormat("%g", rule_.least_gain), " times the harm"),
           absl::StrFormat("%.2f times",
                           static_cast<double>(plan_.worth) / static_cast<double>(plan_.harm)));
    return false;
  }

  void Refuse(std::string message, std::string limit, std::string found) {
    plan_.refusal->violations.push_back({Rule::kMayNotDisplace,
                                         std::move(message),
                                         request_.items.front().asset,
                                         std::move(limit),
                                         std::move(found),
                                         {}});
  }

  void Rehearse() {
    // It is created behind those who make room for it.
    const ReservationId id = context_.state.head() + 1 + static_cast<int64_t>(plan_.givers.size());
    const DaemonContext daemon(context_, absl::StrCat("gave way to ", NameOf(id),
                                                      ", which has priority ", request_.priority));
    const DecisionContext& clearing = daemon.get();
    Decision decision;
    Rehearsal rehearsal(context_.state, decision);
    TakeAway(clearing, plan_.givers, NameOf(id), kNever, rehearsal);
    Result<Reservation> granted = Grant(context_, request_, nullptr, hold_for_);
    if (!granted.ok()) {
      plan_.refusal = granted.error().refusal;
      return;
    }
    if (granted.value().leaves_slot_free) {
      Refuse("it would leave its slot free until it is approved, so nobody gives way for it",
             "an approval that blocks the slot, or none", "one that leaves it free");
      return;
    }
    rehearsal.Add(context_, EventType::kCreated, std::move(granted).value(), nullptr);
    decision.result = decision.changes.back().event.resource;
    plan_.hits = Resettle(clearing, plan_.givers, rehearsal);
    plan_.decision = decision;
    plan_.refusal.reset();
  }

  const DecisionContext& context_;
  const Reservation& request_;
  const Seconds hold_for_;
  // Before anybody gives way: whoever asked for something may be among those.
  std::set<std::string> unit_pools_;
  DisplacementRule rule_;                // of the first asset on which others are
  std::map<std::string, int32_t> gaps_;  // by asset on which others are
  DisplacementPlan plan_;
};

// What the caller may know of one who gives way.
PlannedDisplacement Planned(const DecisionContext& context, const DisplacementPlan& plan,
                            size_t giver) {
  const Reservation& before = plan.givers[giver].reservation;
  PlannedDisplacement planned = {plan.hits[giver], plan.givers[giver].harm, before};
  if (const Reservation* after = LastVersion(*plan.decision, before.id)) planned.after = *after;
  if (MaySee(context.catalogue(), context.principal, before)) return planned;
  planned.hit.reservation = 0;
  planned.hit.message.clear();
  return planned;
}

}  // namespace

DisplacementPlan PlanDisplacement(const DecisionContext& context, const Reservation& request,
                                  Seconds hold_for, const Refusal& refusal) {
  return Planner(context, request, hold_for, refusal).Run();
}

Result<Decision> Displace(const DecisionContext& context, const Reservation& request,
                          Seconds hold_for, const Refusal& refusal) {
  DisplacementPlan plan = PlanDisplacement(context, request, hold_for, refusal);
  if (!plan.decision) return Refused(*std::move(plan.refusal));
  return *std::move(plan.decision);
}

Result<PlannedAdmission> PlanAdmission(const DecisionContext& context, const Reservation& draft) {
  Reservation request = draft;
  if (auto error = Complete(context.catalogue(), context.principal, request)) {
    return *std::move(error);
  }
  if (auto error = Unsound(context.catalogue(), context.principal, request)) {
    return *std::move(error);
  }
  TakeOverTerms(context.catalogue(), nullptr, request);
  PlannedAdmission admission;
  Result<Reservation> granted = Grant(context, request, nullptr, 0);
  if (granted.ok()) {
    admission.reservation = std::move(granted).value();
    return admission;
  }
  if (granted.error().kind != ErrorKind::kRefused) return std::move(granted).error();
  admission.refusal = granted.error().refusal;
  if (!IsForOthersOnly(*admission.refusal)) return admission;
  const DisplacementPlan plan = PlanDisplacement(context, request, 0, *admission.refusal);
  admission.refusal = plan.refusal;
  admission.harm = plan.harm;
  admission.worth = plan.worth;
  if (!plan.decision) return admission;
  admission.reservation = std::get<Reservation>(plan.decision->result);
  for (size_t i = 0; i < plan.givers.size(); ++i) {
    admission.displaced.push_back(Planned(context, plan, i));
  }
  return admission;
}

}  // namespace labslot::engine
