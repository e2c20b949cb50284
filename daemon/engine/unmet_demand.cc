#include "daemon/engine/unmet_demand.h"

#include <algorithm>
#include <tuple>

#include "daemon/base/limits.h"
#include "daemon/engine/granting.h"

namespace labslot::engine {
namespace {

bool IsForWantOfEquipment(const Violation& violation) {
  return violation.rule == Rule::kCapacityExceeded || violation.rule == Rule::kRelatedAssetBusy ||
         violation.rule == Rule::kNoFittingUnit || violation.rule == Rule::kOutOfService ||
         violation.rule == Rule::kTravelDoesNotFit || violation.effect != Effect::kReject;
}

// The request that failed; null if it is none for a reservation.
const CreateReservation* FailedRequest(const CommandBody& body, const Error& error) {
  const auto* batch = std::get_if<CreateReservations>(&body);
  if (batch != nullptr && error.request) return &batch->requests[*error.request];
  return std::get_if<CreateReservation>(&body);
}

}  // namespace

std::vector<RefusedRequest> UnmetDemand(const Catalogue& catalogue, const Command& command,
                                        const Error& error, Instant now) {
  const CreateReservation* create = FailedRequest(command.body, error);
  if (create == nullptr || !error.refusal) return {};
  const auto& violations = error.refusal->violations;
  // What was to begin before now would change the figures of a time that is over.
  if (command.validate_only || create->draft.interval.start < now ||
      !std::all_of(violations.begin(), violations.end(), IsForWantOfEquipment)) {
    return {};
  }
  Reservation wanted = create->draft;
  if (Complete(catalogue, command.principal, wanted)) return {};
  std::vector<RefusedRequest> refused;
  for (const ReservationItem& item : wanted.items) {
    refused.push_back({item.asset, wanted.interval, item.quantity, wanted.user, wanted.organisation,
                       wanted.project, wanted.activity_class, wanted.access_mode, now});
  }
  return refused;
}

std::vector<RefusedRequest> WithoutRetries(std::vector<RefusedRequest> refused) {
  const auto order = [](const RefusedRequest& r) {
    return std::tie(r.user, r.organisation, r.time, r.run.start, r.run.end);
  };
  std::sort(refused.begin(), refused.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::vector<RefusedRequest> kept;
  for (RefusedRequest& next : refused) {
    // They are by holder and time: behind the first that is of another, or too old,
    // there is none.
    const auto end = std::find_if(kept.rbegin(), kept.rend(), [&](const RefusedRequest& known) {
      return known.user != next.user || known.organisation != next.organisation ||
             next.time - known.time > limits::kDay;
    });
    const bool again = std::any_of(kept.rbegin(), end, [&](const RefusedRequest& known) {
      return known.run.Overlaps(next.run);
    });
    if (!again) kept.push_back(std::move(next));
  }
  return kept;
}

}  // namespace labslot::engine
