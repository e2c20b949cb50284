#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_STATUS_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_STATUS_H_

#include "absl/status/status.h"
#include "daemon/domain/error.h"
#include "grpcpp/support/status.h"

namespace labslot::service {

// The gRPC status of a failed request, with a serialised google.rpc.Status as
// its details.
grpc::Status GrpcStatusOf(const Error& error);

// The gRPC status of a failure below the engine, such as of the store. It is
// INTERNAL with reason DEFECT: paths and causes are for the log, not for
// callers. INVALID_ARGUMENT alone is for the caller, from a job that found the
// request to ask for too much. `status` must not be OK.
grpc::Status GrpcStatusOf(const absl::Status& status);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_STATUS_H_
