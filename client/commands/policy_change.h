#ifndef LABSLOT_CLIENT_COMMANDS_POLICY_CHANGE_H_
#define LABSLOT_CLIENT_COMMANDS_POLICY_CHANGE_H_

// Trying and applying changes of rules: `policy test`, `policy apply` and
// `calendar edit`.

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/session.h"
#include "labslot/v1/policy_service.pb.h"

namespace labslot::client {

// What happens to bookings that break rules after a change.
struct ExistingOptions {
  // keep, warn or cancel.
  std::string existing = "keep";
  std::string notice;
  std::string reason;
};

// --existing, --notice and --reason.
void AddExistingOptions(CLI::App* command, ExistingOptions* options);

// Fills in what they say.
absl::Status ReadExisting(const ExistingOptions& options, v1::ApplyPolicyRequest* request);

// Tells which bookings a change would break. Changes nothing.
absl::Status TestChange(Session& session, const v1::TestPolicyRequest& request);

// "1 created, 2 unchanged; 3 bookings got a note."
std::string AppliedText(const v1::ApplyPolicyResponse& reply, const WriteFlags& write);
Table AppliedTable(const v1::ApplyPolicyResponse& reply);

// `test` and `apply`.
void AddPolicyChangeCommands(CLI::App& group, Session& session);

// `presets` and `preset`.
void AddPresetCommands(CLI::App& group, Session& session);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_POLICY_CHANGE_H_
