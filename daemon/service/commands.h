#ifndef LABSLOT_DAEMON_SERVICE_COMMANDS_H_
#define LABSLOT_DAEMON_SERVICE_COMMANDS_H_

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "daemon/engine/command.h"
#include "daemon/runtime/sequencer.h"
#include "daemon/service/call.h"
#include "daemon/service/convert/field_errors.h"
#include "daemon/service/convert/fingerprint.h"
#include "daemon/service/convert/text.h"
#include "daemon/service/daemon_core.h"

namespace labslot::service {

// Starts the command of a request: who, and its request_id.
template <typename Request>
engine::Command CommandOf(const CallInfo& call, const Request& request, FieldErrors& errors) {
  engine::Command command;
  command.principal = call.principal;
  command.request_id = RequestIdFromProto(request.request_id(), "request_id", errors);
  if (!command.request_id.empty()) command.fingerprint = RequestFingerprint(call.method, request);
  if constexpr (requires { request.validate_only(); }) {
    command.validate_only = request.validate_only();
  }
  if constexpr (requires { request.reason(); }) {
    command.reason = ReasonFromProto(request.reason(), "reason", errors);
  }
  if constexpr (requires { request.override_reason(); }) {
    command.override_reason = ReasonFromProto(request.override_reason(), "override_reason", errors);
  }
  return command;
}

// A violation if the reason, which this request cannot go without, is missing.
inline void RequireReason(const engine::Command& command, absl::string_view why,
                          FieldErrors& errors) {
  // One that is malformed has its violation already.
  if (command.reason.empty() && errors.ok()) errors.Add("reason", why);
}

// Hands the command over, or fails the call if the request was malformed.
// `respond` turns the answer into the response.
template <typename Response, typename Respond>
void SubmitCommand(const DaemonCore& core, const CallInfo& call, engine::Command command,
                   const FieldErrors& errors, const Reply<Response>& reply, Respond respond) {
  if (!errors.ok()) return reply.Fail(errors.ToError());
  core.sequencer.Submit(
      std::move(command), call.patience,
      [reply, respond = std::move(respond)](const Result<runtime::Answer>& answer) {
        if (!answer.ok()) return reply.Fail(answer.error());
        OnArena<Response> response;
        respond(answer.value(), *response);
        reply.Send(*response);
      });
}

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_COMMANDS_H_
