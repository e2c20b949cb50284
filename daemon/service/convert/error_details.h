#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_ERROR_DETAILS_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_ERROR_DETAILS_H_

#include <cstddef>

#include "daemon/domain/error.h"
#include "google/rpc/status.pb.h"

namespace labslot::service {

// Details travel in response headers, of which clients by default accept 8 KiB
// in all. There, details are base64 (4/3) and messages percent-encoded (up to 3).
inline constexpr size_t kMaxDetailBytes = 4608;
inline constexpr size_t kMaxStatusMessageBytes = 512;

// The status that tells a caller of `error`: code as error_reason.proto has
// it, message, ErrorInfo, and BadRequest, Refusal or RetryInfo where they
// belong. `error.resource` goes into the metadata as `resource`; of
// kRoleRequired it is the `role`, of kRevisionAhead the `head_revision`.
//
// What is too large is cut to kMaxDetailBytes, the least useful first:
// conflicts and who may override, then alternatives, then further violations.
// The first of each is kept for as long as there is room.
google::rpc::Status RpcStatusOf(const Error& error);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_ERROR_DETAILS_H_
