#include "daemon/engine/admission.h"

#include <algorithm>
#include <string>
#include <variant>

#include "daemon/engine/access.h"
#include "daemon/engine/companions.h"
#include "daemon/engine/item_case.h"
#include "daemon/engine/place.h"
#include "daemon/engine/policy_rules.h"
#include "daemon/engine/quota_rules.h"
#include "daemon/engine/standing_rules.h"
#include "daemon/engine/travel_rules.h"
#include "daemon/engine/unit_rules.h"

namespace labslot::engine {
namespace {

// The items of a candidate with what rules ask of them. Refers to the
// candidate.
class Cases {
 public:
  Cases(const State& state, const Candidate& candidate)
      : holder_(state.catalogue(), candidate.reservation.user, candidate.reservation.organisation) {
    const Catalogue& catalogue = state.catalogue();
    cases_.reserve(candidate.reservation.items.size());
    for (const ReservationItem& item : candidate.reservation.items) {
      const Asset& asset = *catalogue.FindAsset(item.asset);
      const Site& place = *PlaceOf(catalogue, asset, candidate.reservation.site);
      cases_.push_back({state, candidate, item, asset, place, ZoneOf(place), holder_});
    }
  }
  Cases(const Cases&) = delete;
  Cases& operator=(const Cases&) = delete;

  const std::vector<ItemCase>& all() const { return cases_; }

 private:
  const Holder holder_;
  std::vector<ItemCase> cases_;
};

// What stands against giving up what is there, by the rules of what is there: a change
// may lead to where they do not hold.
void ApplyChangeRules(const State& state, const Candidate& candidate, Findings& findings) {
  const Reservation* current = candidate.current;
  if (current == nullptr || candidate.stands || current->interval.start <= candidate.now) return;
  const Candidate as_it_is = {*current, current, candidate.now, 0, candidate.by_its_user};
  const Cases cases(state, as_it_is);
  for (const ItemCase& c : cases.all()) ApplyChangePolicies(c, candidate.reservation, findings);
}

void ApplyRules(const State& state, const Candidate& candidate, bool to_the_end,
                Findings& findings) {
  const Cases cases(state, candidate);
  ApplyReservationRules(cases.all().front(), findings);
  ApplyChangeRules(state, candidate, findings);
  // Who does not belong to an organisation does not learn what it has, and has left.
  const bool is_stranger = IsForAnotherOrganisation(candidate, state.catalogue());
  for (const ItemCase& c : cases.all()) {
    ApplyItemRules(c, findings);
    ApplyCapacityRules(c, findings);
    ApplyUnitRules(c, findings);
    ApplyTravelRules(c, findings);
    if (findings.settled() && !to_the_end) return;
    if (!is_stranger) ApplyPolicies(c, findings);
    if (findings.settled() && !to_the_end) return;
  }
  if (is_stranger) return;
  ApplyCompanionNeeds(cases.all().front(), findings);
  ApplyQuotas(cases.all(), findings);
}

std::vector<Violation> Violations(std::vector<RuleFinding> findings) {
  std::vector<Violation> violations;
  violations.reserve(findings.size());
  for (RuleFinding& finding : findings) violations.push_back(std::move(finding.rule));
  return violations;
}

}  // namespace

std::optional<std::pair<size_t, size_t>> ItemsThatExclude(
    const Catalogue& catalogue, const std::vector<ReservationItem>& items) {
  for (size_t i = 1; i < items.size(); ++i) {
    const std::vector<std::string>& related = catalogue.Related(items[i].asset);
    for (size_t j = 0; j < i; ++j) {
      if (std::find(related.begin(), related.end(), items[j].asset) != related.end()) {
        return std::make_pair(i, j);
      }
    }
  }
  return std::nullopt;
}

Assessment Assess(const State& state, const Candidate& candidate, bool wants_retry) {
  if (ItemsThatExclude(state.catalogue(), candidate.reservation.items)) {
    return {true, false, false, kNever};
  }
  Findings findings(Findings::Reader::kNobody);
  ApplyRules(state, candidate, wants_retry, findings);
  return {findings.refused(), findings.needs_approval(), findings.clean(), findings.retry_at()};
}

bool Passes(const State& state, const Candidate& candidate) {
  return !Assess(state, candidate).refused;
}

std::vector<Violation> Judge(const State& state, const Candidate& candidate) {
  Findings findings(Findings::Reader::kViolations);
  ApplyRules(state, candidate, true, findings);
  return Violations(findings.Take());
}

std::vector<RuleFinding> JudgeAll(const State& state, const Candidate& candidate) {
  Findings findings(Findings::Reader::kAll);
  ApplyRules(state, candidate, true, findings);
  return findings.Take();
}

std::vector<Violation> JudgeCancelling(const State& state, const Candidate& candidate) {
  Findings findings(Findings::Reader::kViolations);
  const Cases cases(state, candidate);
  for (const ItemCase& c : cases.all()) ApplyCancelPolicies(c, findings);
  ApplyCompanionNeeds(cases.all().front(), findings);
  return Violations(findings.Take());
}

std::vector<QuotaUse> QuotaUses(const State& state, const Candidate& candidate) {
  if (IsForAnotherOrganisation(candidate, state.catalogue())) return {};
  return QuotaUsesOf(Cases(state, candidate).all());
}

UsedPart FairSharePart(const State& state, const Candidate& candidate) {
  return FairSharePartOf(Cases(state, candidate).all());
}

std::vector<QuotaUse> QuotaUsesByPeriod(const State& state, const Candidate& candidate) {
  return QuotaUsesByPeriodOf(Cases(state, candidate).all());
}

std::optional<DisplacementRule> DisplacementRuleFor(const State& state, const Candidate& candidate,
                                                    absl::string_view asset) {
  const Cases cases(state, candidate);
  std::optional<DisplacementRule> mildest;
  for (const ItemCase& c : cases.all()) {
    if (c.asset.id != asset) continue;
    for (const RuleOfAsset<Policy>& policy : state.rules(c.asset).policies) {
      const auto* rule = std::get_if<DisplacementRule>(&policy.rule->rule);
      if (rule == nullptr || !AppliesTo(policy, c.subject()) || !IsAwake(*policy.rule, c)) continue;
      const auto demands = [](const DisplacementRule& r) {
        return std::make_pair(r.priority_gap, r.least_gain);
      };
      if (!mildest || demands(*rule) < demands(*mildest)) mildest = *rule;
    }
  }
  return mildest;
}

OverrunRule OverrunRuleFor(const State& state, const Reservation& reservation) {
  const Candidate candidate{reservation};
  const Cases cases(state, candidate);
  std::optional<OverrunRule> strictest;
  for (const ItemCase& c : cases.all()) {
    for (const RuleOfAsset<Policy>& policy : state.rules(c.asset).policies) {
      const auto* rule = std::get_if<OverrunRule>(&policy.rule->rule);
      if (rule == nullptr || !AppliesTo(policy, c.subject()) || !IsAwake(*policy.rule, c)) continue;
      if (!strictest) strictest = *rule;
      strictest->ends_for_next = strictest->ends_for_next || rule->ends_for_next;
      strictest->close_after = std::min(strictest->close_after, rule->close_after);
    }
  }
  return strictest.value_or(OverrunRule());
}

Instant CheckInBy(const State& state, const Reservation& reservation, Instant now) {
  if (IsStaff(state.catalogue(), reservation)) return 0;
  const Candidate candidate{reservation};
  const Cases cases(state, candidate);
  Instant by = 0;
  for (const ItemCase& c : cases.all()) {
    for (const RuleOfAsset<Policy>& policy : state.rules(c.asset).policies) {
      const auto* rule = std::get_if<GraceRule>(&policy.rule->rule);
      if (rule == nullptr || !AppliesTo(policy, c.subject())) continue;
      if (!IsAwake(*policy.rule, c)) continue;
      const Instant usual = reservation.interval.start + rule->grace;
      const Instant end = usual > now ? usual : now + rule->grace;
      by = by == 0 ? end : std::min(by, end);
    }
  }
  // Who is late in a run that is over has lost nothing.
  return by >= reservation.interval.end ? 0 : by;
}

}  // namespace labslot::engine
