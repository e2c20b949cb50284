#include "daemon/engine/allocation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "daemon/base/limits.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/fairness.h"
#include "daemon/engine/outages.h"
#include "daemon/engine/placing.h"
#include "daemon/engine/round_decisions.h"
#include "daemon/engine/unit_uses.h"
#include "daemon/engine/wait_list.h"

namespace labslot::engine {
namespace {

// Turns a round into wishes, options and what they share.
class Gatherer {
 public:
  Gatherer(const State& state, const Round& round, Instant now)
      : state_(state), round_(round), now_(now) {
    call_.round = round;
  }

  Call Run(std::vector<Reservation> requests) {
    AddResources();
    for (Reservation& request : requests) Add(std::move(request));
    call_.problem.wishes = call_.requests.size();
    for (auto& [id, pool] : pools_) {
      if (!UnitsMatter(pool)) continue;
      AddUnitRows(pool, Reach(), call_.problem);
      call_.pools.push_back(std::move(pool));
    }
    for (auto* budgets : {&by_organisation_, &by_user_, &by_quota_}) {
      for (auto& [key, budget] : *budgets) call_.problem.budgets.push_back(std::move(budget));
    }
    return std::move(call_);
  }

 private:
  // What is left of each asset, and what excludes each other.
  void AddResources() {
    for (const std::string& id : round_.assets) {
      const Asset& asset = *state_.catalogue().FindAsset(id);
      resources_[id] = call_.problem.resources.size();
      PackingResource& resource = call_.problem.resources.emplace_back();
      VisitService(state_.catalogue(), asset, Reach(),
                   [&](const Interval& part, int32_t in_service) {
                     state_.timeline(id).VisitSteps(part, [&](const Interval& step, int32_t used) {
                       resource.capacity.push_back({step, std::max(0, in_service - used)});
                     });
                   });
    }
    for (const std::string& id : round_.assets) AddPool(*state_.catalogue().FindAsset(id));
    for (const std::string& id : round_.assets) {
      for (const std::string& other : state_.catalogue().Related(id)) {
        if (id > other || resources_.count(other) == 0) continue;
        const int32_t capacity = std::max(state_.catalogue().FindAsset(id)->capacity,
                                          state_.catalogue().FindAsset(other)->capacity);
        exclusions_[{id, other}] = call_.problem.resources.size();
        call_.problem.resources.push_back({{{Reach(), capacity}}});
      }
    }
  }

  void AddPool(const Asset& asset) {
    if (asset.units.empty()) return;
    PoolOfCall& pool = pools_[asset.id];
    pool.units = asset.units.size();
    const UnitSeats seats = SeatsAsIf(state_, state_.catalogue(), asset, now_);
    for (UnitSeats::OwnedUse& owned : seats.Overlapping(seats.ChainAround(Reach()))) {
      pool.fixed.push_back(std::move(owned.use));
    }
    LeaveOutMisfits(pool);
  }

  Interval Reach() const {
    return round_.interval.Widened(limits::kLongestChangeover, limits::kLongestChangeover);
  }

  void Add(Reservation reservation) {
    CallRequest request;
    request.reservation = std::move(reservation);
    const Reservation& r = request.reservation;
    request.value = ValueOf(r);
    for (size_t choice = 0; choice <= r.choices.size(); ++choice) {
      const Reservation variant = choice == 0 ? r : WithChoice(state_.catalogue(), r, choice - 1);
      const Candidate candidate = {variant, nullptr, now_};
      if (!IsAboutAll(variant)) continue;
      if (!Passes(state_, candidate)) {
        if (choice == 0) request.why_not = Judge(state_, candidate).front().message;
        continue;
      }
      request.options.push_back({choice, variant.interval, ValueOf(variant)});
      request.value = std::max(request.value, request.options.back().value);
      AddOption(variant, candidate);
    }
    call_.requests.push_back(std::move(request));
  }

  // A round that was changed by an earlier daemon may have left some out.
  bool IsAboutAll(const Reservation& variant) const {
    return std::all_of(variant.items.begin(), variant.items.end(),
                       [&](const auto& item) { return resources_.contains(item.asset); });
  }

  void AddOption(const Reservation& variant, const Candidate& candidate) {
    const size_t index = call_.problem.options.size();
    PackingOption& option = call_.problem.options.emplace_back();
    option.wish = call_.requests.size();
    option.value = ValueOf(variant);
    int64_t unit_seconds = 0;
    for (const ReservationItem& item : variant.items) {
      const Interval taken = OccupancyOf(variant, item);
      option.uses.push_back({resources_.at(item.asset), taken, item.quantity});
      const auto pool = pools_.find(item.asset);
      if (pool != pools_.end()) {
        pool->second.by_option[index] = UseOf(*state_.catalogue().FindAsset(item.asset), taken,
                                              item.quantity, item.unit_labels, {});
      }
      for (const auto& [pair, resource] : exclusions_) {
        if (pair.first != item.asset && pair.second != item.asset) continue;
        option.uses.push_back({resource, taken, TakenOfPair(item, resource)});
      }
      unit_seconds += item.quantity * variant.interval.length();
    }
    if (round_.organisation_limit > 0) {
      PackingBudget& budget = by_organisation_[variant.organisation];
      budget.limit = round_.organisation_limit;
      budget.weights.push_back({index, unit_seconds});
    }
    if (round_.user_limit > 0) {
      PackingBudget& budget = by_user_[variant.user];
      budget.limit = round_.user_limit;
      budget.weights.push_back({index, 1});
    }
    for (const QuotaUse& use : QuotaUsesByPeriod(state_, candidate)) AddQuota(use, index);
  }

  // Of a pair that excludes each other an exclusive asset takes all; units of a pool
  // take one each, so that they do not exclude each other.
  int32_t TakenOfPair(const ReservationItem& item, size_t resource) const {
    const int32_t all = call_.problem.resources[resource].capacity.front().second;
    return state_.catalogue().FindAsset(item.asset)->capacity == all ? item.quantity : all;
  }

  // Quotas that refuse are budgets of the choice.
  void AddQuota(const QuotaUse& use, size_t option) {
    if (use.quota->effect != Effect::kReject) return;
    PackingBudget& budget = by_quota_[use.quota->id + "\n" + use.scope];
    budget.limit = std::max<int64_t>(0, use.limit - use.others);
    budget.weights.push_back({option, use.wanted});
  }

  const State& state_;
  const Round& round_;
  const Instant now_;
  Call call_;
  std::map<std::string, size_t> resources_;
  std::map<std::string, PoolOfCall> pools_;
  std::map<std::pair<std::string, std::string>, size_t> exclusions_;
  std::map<std::string, PackingBudget> by_organisation_;
  std::map<std::string, PackingBudget> by_user_;
  std::map<std::string, PackingBudget> by_quota_;
};

// What a choice gives each organisation.
std::vector<OrganisationShare> SharesOf(const Call& call, const Packing& packing) {
  std::map<std::string, OrganisationShare> shares;
  for (size_t i = 0; i < call.requests.size(); ++i) {
    const CallRequest& request = call.requests[i];
    OrganisationShare& share = shares[request.reservation.organisation];
    share.organisation = request.reservation.organisation;
    share.requested += request.value;
    if (packing.chosen[i]) share.granted += call.problem.options[*packing.chosen[i]].value;
  }
  std::vector<OrganisationShare> list;
  for (auto& [id, share] : shares) list.push_back(std::move(share));
  return list;
}

double FairnessOf(const std::vector<OrganisationShare>& shares) {
  std::vector<double> parts;
  for (const OrganisationShare& share : shares) {
    parts.push_back(static_cast<double>(share.granted) / static_cast<double>(share.requested));
  }
  return JainIndex(parts);
}

// The choice that maximises the sum of the shares of the organisations.
Packing FairPacking(const Call& call, const std::vector<OrganisationShare>& shares,
                    const PackingLimits& limits) {
  constexpr double kWhole = 1e9;
  std::map<std::string, int64_t> requested;
  for (const OrganisationShare& share : shares) requested[share.organisation] = share.requested;
  PackingProblem problem = call.problem;
  for (PackingOption& option : problem.options) {
    const std::string& organisation = call.requests[option.wish].reservation.organisation;
    option.value = std::llround(kWhole * static_cast<double>(option.value) /
                                static_cast<double>(requested[organisation]));
  }
  return PackOnUnits(problem, call.pools, limits);
}

// Why a request that could be granted by itself is not: `options` of it begin at
// `first`, and `without_budgets` is the problem without limits and quotas.
std::string WhyRejected(const Call& call, const PackingProblem& without_budgets,
                        const Packing& packing, size_t wish, size_t first, size_t options) {
  std::vector<std::optional<size_t>> chosen = packing.chosen;
  for (size_t option = first; option < first + options; ++option) {
    chosen[wish] = option;
    if (Fits(without_budgets, chosen) && UnitsDoFor(call.pools, chosen)) {
      return "a limit of the round or a quota lets no more be granted to its organisation or user";
    }
  }
  return "its time was given to requests that are worth more together";
}

int64_t ValueOfChoice(const Call& call, const Packing& packing) {
  int64_t value = 0;
  for (const auto& option : packing.chosen) {
    if (option) value += call.problem.options[*option].value;
  }
  return value;
}

}  // namespace

Call GatherCall(const State& state, const ReservationSource& reservations, const Round& round,
                Instant now) {
  return Gatherer(state, round, now).Run(RequestsOf(state, reservations, round));
}

AllocationPlan PlanAllocation(const Call& call, const PackingLimits& limits) {
  AllocationPlan plan;
  const Packing best = PackOnUnits(call.problem, call.pools, limits);
  plan.value = best.value;
  plan.bound = best.bound;
  plan.method = best.method;
  PackingProblem without_budgets = call.problem;
  without_budgets.budgets.clear();
  size_t first = 0;  // option of the request
  for (size_t i = 0; i < call.requests.size(); ++i) {
    const CallRequest& request = call.requests[i];
    const ReservationId id = request.reservation.id;
    const size_t options = request.options.size();
    if (best.chosen[i]) {
      plan.grants.push_back({id, request.options[*best.chosen[i] - first]});
    } else {
      plan.rejections.push_back({id,
                                 options > 0
                                     ? WhyRejected(call, without_budgets, best, i, first, options)
                                     : request.why_not,
                                 request.value});
    }
    first += options;
  }
  plan.shares = SharesOf(call, best);
  plan.fairness = FairnessOf(plan.shares);
  const Packing fair = FairPacking(call, plan.shares, limits);
  plan.fair_value = ValueOfChoice(call, fair);
  plan.fair_fairness = FairnessOf(SharesOf(call, fair));
  return plan;
}

}  // namespace labslot::engine
