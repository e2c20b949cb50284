#include "daemon/engine/explain.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/domain/names.h"
#include "daemon/engine/access.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/granting.h"
#include "daemon/engine/masking.h"
#include "daemon/engine/standing_rules.h"

namespace labslot::engine {
namespace {

Explanation Explain(const State& state, const ReservationSource& reservations,
                    const Principal& principal, const Candidate& candidate) {
  Explanation explanation;
  std::vector<Violation> broken;
  bool refused = false;
  for (RuleFinding& finding : JudgeAll(state, candidate)) {
    if (finding.broken) {
      refused = refused || finding.rule.effect == Effect::kReject;
      explanation.needs_approval =
          explanation.needs_approval || finding.rule.effect == Effect::kNeedsApproval;
      broken.push_back(finding.rule);
    } else {
      // The words of a rule are those of its breach.
      finding.rule.message.clear();
    }
    std::vector<Violation> masked = {std::move(finding.rule)};
    Mask(state.catalogue(), reservations, principal, masked);
    explanation.verdicts.push_back({finding.broken, std::move(masked.front())});
  }
  if (refused) {
    explanation.refusal = RefusalFor(state, reservations, principal, candidate, std::move(broken),
                                     /*with_ways_out=*/!candidate.stands);
  }
  return explanation;
}

// The draft as it would be judged, or why it cannot be.
Result<Reservation> Completed(const State& state, const Principal& principal,
                              const Reservation& draft) {
  Reservation r = draft;
  if (auto error = Complete(state.catalogue(), principal, r)) return *std::move(error);
  if (auto error = Unsound(state.catalogue(), principal, r)) return *std::move(error);
  TakeOverTerms(state.catalogue(), nullptr, r);
  return r;
}

}  // namespace

Result<Explanation> ExplainReservation(const State& state, const ReservationSource& reservations,
                                       const Principal& principal, ReservationId id, Instant now) {
  const std::optional<Reservation> found = reservations.FindReservation(id);
  if (!found || !MaySee(state.catalogue(), principal, *found)) return NotFound(NameOf(id));
  Candidate candidate{*found, &*found, now};
  candidate.stands = true;
  return Explain(state, reservations, principal, candidate);
}

Result<Explanation> ExplainDraft(const State& state, const ReservationSource& reservations,
                                 const Principal& principal, const Reservation& draft,
                                 Instant now) {
  Result<Reservation> completed = Completed(state, principal, draft);
  if (!completed.ok()) return std::move(completed).error();
  return Explain(state, reservations, principal, {completed.value(), nullptr, now});
}

Result<std::vector<QuotaUsage>> QuotaUsageOf(const State& state, const Principal& principal,
                                             const Reservation& draft, Instant now) {
  Reservation r = draft;
  if (auto error = Complete(state.catalogue(), principal, r, "user")) return *std::move(error);
  if (auto error = UnknownOrForbidden(state.catalogue(), principal, r)) return *std::move(error);
  if (IsForAnotherOrganisation({r, nullptr, now}, state.catalogue())) {
    return InvalidField("organisation",
                        absl::StrCat("must be one of those of ", NameOf(kUsers, r.user)));
  }
  TakeOverTerms(state.catalogue(), nullptr, r);
  std::vector<QuotaUsage> usages;
  for (QuotaUse& use : QuotaUses(state, {r, nullptr, now})) {
    const Quota& quota = *use.quota;
    usages.push_back({quota.id, quota.display_name, std::move(use.scope), quota.measure, use.limit,
                      use.others, use.period});
  }
  return usages;
}

}  // namespace labslot::engine
