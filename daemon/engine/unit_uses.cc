#include "daemon/engine/unit_uses.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/findings.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/rule_scope.h"

namespace labslot::engine {
namespace {

IntervalSet TimesWithoutAny(const Catalogue& catalogue, const Asset& asset,
                            const Interval& period) {
  std::vector<Interval> times;
  for (const OutOfService& out : OutOfServiceIn(catalogue, asset, period)) {
    if (out.quantity >= asset.capacity) times.push_back(out.interval);
  }
  return Union(std::move(times));
}

std::vector<std::string> NamesOf(const std::vector<Unit>& units) {
  std::vector<std::string> names;
  for (const Unit& unit : units) names.push_back(unit.id);
  return names;
}

// What is out of service from `now` on, each named unit once at a time, and all of them
// where outages take as many as there are, or more.
std::vector<UnitUse> OutagesOfParts(const Catalogue& catalogue, const Asset& asset, Instant now) {
  const Interval period = {now, kNever};
  const IntervalSet without_any = TimesWithoutAny(catalogue, asset, period);
  std::vector<UnitUse> uses;
  for (const Interval& times : without_any) {
    uses.push_back(UseOf(asset, times, asset.capacity, {}, NamesOf(asset.units)));
  }
  std::map<std::string, std::vector<Interval>> by_unit;
  for (const auto& outage : catalogue.OutagesOf(asset.id)) {
    const Interval out = outage->interval.Intersect(period);
    if (IsOfAll(*outage, asset) || out.empty()) continue;
    for (const Interval& part : Difference(out, without_any)) {
      for (const std::string& unit : outage->units) by_unit[unit].push_back(part);
      if (outage->units.empty()) uses.push_back(UseOf(asset, part, outage->quantity, {}, {}));
    }
  }
  for (auto& [unit, intervals] : by_unit) {
    for (const Interval& interval : Union(std::move(intervals))) {
      uses.push_back(UseOf(asset, interval, 1, {}, {unit}));
    }
  }
  return uses;
}

// Who has a unit that goes out of service needs another one.
void LoseUnits(const std::vector<UnitUse>& outages, UnitUse& use) {
  for (const UnitUse& outage : outages) {
    if (use.held.empty()) return;
    if (!outage.interval.Overlaps(use.interval)) continue;
    for (const size_t unit : outage.held) {
      use.held.erase(std::remove(use.held.begin(), use.held.end(), unit), use.held.end());
    }
  }
}

const UnitNeed& AnyUnit() {
  static const UnitNeed& any = *new UnitNeed();
  return any;
}

// What an occupant asks for. Of a part that was given back it does not matter any more.
const UnitNeed& NeedOf(const UnitNeed& need, const Occupant& occupant) {
  if (need.until != occupant.blocked.end) return AnyUnit();
  const size_t held = need.units.size();
  return held == 0 || held == static_cast<size_t>(occupant.quantity) ? need : AnyUnit();
}

UnitUse UseBy(const Asset& asset, const Occupant& occupant, const UnitNeed& all,
              const std::vector<UnitUse>& outages) {
  const UnitNeed& need = NeedOf(all, occupant);
  UnitUse use = UseOf(asset, occupant.blocked, occupant.quantity, need.labels, need.units);
  LoseUnits(outages, use);
  return use;
}

void Put(const Asset& asset, const Occupant& occupant, const UnitNeed& all, UnitPlan& plan) {
  if (IsFinal(occupant.state)) return;
  plan.seats.Put(occupant.reservation, UseBy(asset, occupant, all, plan.outages));
}

// Puts those of who blocks the asset whose needs are wanted.
template <typename Wanted>
void PutAll(const State& state, const Asset& asset, Instant now, Wanted wanted, UnitPlan& plan) {
  const Timeline& timeline = state.timeline(asset.id);
  const UnitNeeds& needs = state.unit_needs(asset.id);
  for (const Occupant& occupant : timeline.Overlapping({now, kNever}, timeline.size())) {
    const auto found = needs.find(occupant.reservation);
    const UnitNeed& need = found == needs.end() ? AnyUnit() : found->second;
    if (wanted(need)) Put(asset, occupant, need, plan);
  }
}

void PutOutages(UnitPlan& plan) {
  for (const UnitUse& outage : plan.outages) plan.seats.Put(kOutOfService, outage);
}

UnitPlan NewPlan(const State& state, const Catalogue& catalogue, const Asset& asset, Instant now) {
  UnitPlan plan = {
      UnitSeats(asset.units.size()), asset.units, OutagesOfParts(catalogue, asset, now), {}, false};
  PutOutages(plan);
  const auto everybody = [](const UnitNeed&) { return true; };
  PutAll(state, asset, now, everybody, plan);
  plan.seats.Settle(now);
  return plan;
}

void Make(const Asset& asset, const UnitChange& change, UnitPlan& plan) {
  const Occupancy& occupancy = change.occupancy;
  if (change.left) return plan.seats.Remove(occupancy.reservation);
  const UnitNeed need = UnitNeedOf(occupancy);
  for (const Occupant& occupant : OccupantsOf(occupancy)) Put(asset, occupant, need, plan);
}

void ForgetBefore(Instant now, std::vector<UnitUse>& outages) {
  for (UnitUse& outage : outages) outage.interval = outage.interval.Intersect({now, kNever});
  const auto is_over = [](const UnitUse& outage) { return outage.interval.empty(); };
  outages.erase(std::remove_if(outages.begin(), outages.end(), is_over), outages.end());
}

// Who holds a unit may lose it by that, or have it back.
void ChangeOutages(const State& state, const Asset& asset, Instant now, UnitPlan& plan) {
  plan.seats.Remove(kOutOfService);
  PutOutages(plan);
  const auto holds = [](const UnitNeed& need) { return !need.units.empty(); };
  for (const auto& [reservation, need] : state.unit_needs(asset.id)) {
    if (holds(need)) plan.seats.Remove(reservation);
  }
  PutAll(state, asset, now, holds, plan);
}

// Makes a plan follow from the units and outages there are. False if that takes a new one.
bool Renew(const State& state, const Asset& asset, Instant now, UnitPlan& plan) {
  if (plan.units != asset.units) return false;
  ForgetBefore(now, plan.outages);
  std::vector<UnitUse> outages = OutagesOfParts(state.catalogue(), asset, now);
  if (outages == plan.outages) return true;
  plan.outages = std::move(outages);
  ChangeOutages(state, asset, now, plan);
  plan.seats.Settle(now);
  return !plan.seats.has_unproven();
}

// As it is now.
const UnitPlan& PlanOf(const State& state, const Asset& asset, Instant now) {
  UnitPlan* plan = state.unit_book().Find(asset.id);
  const auto anew = [&]() -> const UnitPlan& {
    return state.unit_book().Put(asset.id, NewPlan(state, state.catalogue(), asset, now));
  };
  // What a plan forgot is still known to the state.
  if (plan == nullptr || now < plan->seats.settled_at()) return anew();
  for (const UnitChange& change : plan->changes) Make(asset, change, *plan);
  plan->changes.clear();
  if (std::exchange(plan->is_in_doubt, false) && !Renew(state, asset, now, *plan)) return anew();
  plan->seats.Settle(now);
  return *plan;
}

}  // namespace

bool UnitsMatter(const State& state, const Asset& asset, const Labels& wanted, Instant now) {
  if (!wanted.empty()) return true;
  const UnitNeeds& needs = state.unit_needs(asset.id);
  const auto asks = [](const auto& need) { return !need.second.labels.empty(); };
  if (std::any_of(needs.begin(), needs.end(), asks)) return true;
  const auto& outages = state.catalogue().OutagesOf(asset.id);
  return std::any_of(outages.begin(), outages.end(), [&](const auto& outage) {
    return !outage->units.empty() && outage->interval.end > now;
  });
}

UnitUse UseOf(const Asset& asset, const Interval& blocked, int32_t quantity, const Labels& labels,
              const std::vector<std::string>& held) {
  UnitUse use = {
      blocked, static_cast<size_t>(std::max(0, quantity)), UnitSet(asset.units.size()), {}};
  for (size_t i = 0; i < asset.units.size(); ++i) {
    if (HasLabels(labels, asset.units[i].labels)) use.fitting.Add(i);
    const bool has_it = std::find(held.begin(), held.end(), asset.units[i].id) != held.end();
    if (has_it && use.held.size() < use.count) use.held.push_back(i);
  }
  return use;
}

std::vector<UnitUse> UsesOf(const State& state, const Asset& asset, const Occupancy& occupancy,
                            Instant now) {
  const std::vector<UnitUse>& outages = PlanOf(state, asset, now).outages;
  const UnitNeed need = UnitNeedOf(occupancy);
  std::vector<UnitUse> uses;
  for (const Occupant& occupant : OccupantsOf(occupancy)) {
    if (IsFinal(occupant.state)) continue;
    UnitUse use = UseBy(asset, occupant, need, outages);
    use.interval = use.interval.Intersect({now, kNever});
    if (!use.interval.empty()) uses.push_back(std::move(use));
  }
  return uses;
}

const UnitSeats& SeatsOf(const State& state, const Asset& asset, Instant now) {
  return PlanOf(state, asset, now).seats;
}

UnitSeats SeatsAsIf(const State& state, const Catalogue& catalogue, const Asset& asset,
                    Instant now) {
  return NewPlan(state, catalogue, asset, now).seats;
}

UnitFit FitWith(const State& state, const Asset& asset, UnitUse more, Instant now,
                const UnitSeats::Owners& without) {
  const UnitPlan& plan = PlanOf(state, asset, now);
  LoseUnits(plan.outages, more);
  return plan.seats.FitWith(more.interval, {more}, without);
}

IntervalSet MisfitTimes(const State& state, const Catalogue& catalogue, const Asset& asset,
                        Instant now) {
  const UnitSeats seats = SeatsAsIf(state, catalogue, asset, now);
  std::vector<Interval> misfits;
  for (const UnitSeats::OwnedUse& owned : seats.WithoutUnits({now, kNever})) {
    misfits.push_back(seats.ChainAround(owned.use.interval));
  }
  return Union(std::move(misfits));
}

std::string LabelsInWords(const Labels& labels) {
  return absl::StrJoin(labels, ", ", [](std::string* out, const auto& label) {
    absl::StrAppend(out, label.first, ": ", label.second);
  });
}

}  // namespace labslot::engine
