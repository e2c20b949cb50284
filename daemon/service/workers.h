#ifndef LABSLOT_DAEMON_SERVICE_WORKERS_H_
#define LABSLOT_DAEMON_SERVICE_WORKERS_H_

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "daemon/service/call.h"
#include "daemon/service/daemon_core.h"
#include "daemon/service/wire.h"

namespace labslot::service {

// What callers are told when too many long jobs wait.
inline Error TooManyJobs() {
  return {ErrorKind::kOverloaded,
          "too many long requests at once; try again in a moment",
          "",
          {},
          std::nullopt};
}

// A response of many parts.
template <typename Response>
using LargeResponse = std::unique_ptr<OnArena<Response>>;

// Answers with what a job came to. A job that can find a mistake of the caller's
// returns a Result within.
template <typename Response>
void Conclude(const Reply<Response>& reply, const absl::StatusOr<Response>& response) {
  response.ok() ? reply.Send(*response) : reply.Fail(response.status());
}
template <typename Response>
void Conclude(const Reply<Response>& reply, const absl::StatusOr<Result<Response>>& response) {
  if (!response.ok()) return reply.Fail(response.status());
  response->ok() ? reply.Send(response->value()) : reply.Fail(response->error());
}

template <typename Response>
void Conclude(const Reply<Response>& reply,
              const absl::StatusOr<Result<LargeResponse<Response>>>& response) {
  if (!response.ok()) return reply.Fail(response.status());
  response->ok() ? reply.Send(**response->value()) : reply.Fail(response->error());
}

// Answers the call with what `job` returns, an absl::StatusOr of the response or
// of its Result, off the loop's thread. The job must not touch the state of the
// daemon, only what it was given.
template <typename Response, typename Job>
void RunOnWorker(const DaemonCore& core, const CallInfo& call, const Reply<Response>& reply,
                 Job job) {
  const bool queued = core.workers.Run([reply, patience = call.patience, job = std::move(job)] {
    // Nobody waits for it any more.
    if (patience.IsOver()) return reply.Fail(TooManyJobs());
    Conclude(reply, job());
  });
  if (!queued) reply.Fail(TooManyJobs());
}

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_WORKERS_H_
