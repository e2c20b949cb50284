#ifndef LABSLOT_CLIENT_COMMANDS_ROUND_PLAN_H_
#define LABSLOT_CLIENT_COMMANDS_ROUND_PLAN_H_

// How the plan of a round is read, shown and applied.

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/session.h"
#include "labslot/v1/planning_service.pb.h"

namespace labslot::client {

// `plan`, `clear` and `apply`, in the group `round`.
void AddRoundPlanCommands(CLI::App& group, Session& session);

// Reads `rounds/{id}`.
absl::StatusOr<v1::Round> GetRound(Session& session, const std::string& id);

// The round, for people: a headline and its lines.
std::string RoundText(const v1::Round& round, absl::TimeZone zone);

// One row, in the zone of its assets.
Table RoundTable(const v1::Round& round, absl::TimeZone zone);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_ROUND_PLAN_H_
