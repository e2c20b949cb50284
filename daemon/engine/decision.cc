#include "daemon/engine/decision.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "daemon/engine/approval_decisions.h"
#include "daemon/engine/batch_decisions.h"
#include "daemon/engine/machine_decisions.h"
#include "daemon/engine/outage_decisions.h"
#include "daemon/engine/overrun.h"
#include "daemon/engine/policy_decisions.h"
#include "daemon/engine/record_decisions.h"
#include "daemon/engine/reservation_decisions.h"
#include "daemon/engine/round_decisions.h"
#include "daemon/engine/series_decisions.h"
#include "daemon/engine/use_decisions.h"
#include "daemon/engine/visit_decisions.h"
#include "daemon/engine/wait_list.h"

namespace labslot::engine {

Result<Decision> Decide(State& state, const ReservationSource& reservations, const Command& command,
                        Instant now) {
  const DecisionContext context{
      state, reservations, command.principal, command.reason, command.override_reason, now};
  Result<Decision> decision =
      std::visit([&](const auto& body) { return DecideBody(context, body); }, command.body);
  if (!decision.ok()) return decision;
  Decision whole = std::move(decision).value();
  if (state.has_waiting()) OfferFreedTime(context, whole);
  MindOverdueUse(context, whole);
  return whole;
}

std::string GuardOfAsset(absl::string_view id) { return absl::StrCat("asset/", id); }

}  // namespace labslot::engine
