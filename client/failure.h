#ifndef LABSLOT_CLIENT_FAILURE_H_
#define LABSLOT_CLIENT_FAILURE_H_

// Errors of the daemon, carried through the client as absl::Status with the
// whole google.rpc.Status as a payload.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace labslot::client {

// `message` and `details_bytes` are what gRPC delivered; the bytes are a
// google.rpc.Status, or empty.
absl::Status RemoteFailure(absl::StatusCode code, absl::string_view message,
                           absl::string_view details_bytes);

// What the daemon said, if the status came from it.
std::optional<google::rpc::Status> RemoteStatus(const absl::Status& status);

// ErrorInfo.reason, such as "REFUSED"; empty if there is none.
std::string ErrorReasonOf(const absl::Status& status);

// A value of ErrorInfo.metadata; empty if there is none.
std::string ErrorMetadata(const absl::Status& status, const std::string& key);

// The first detail of that type, if there is one.
template <typename Detail>
std::optional<Detail> DetailOf(const absl::Status& status) {
  const auto remote = RemoteStatus(status);
  if (!remote.has_value()) return std::nullopt;
  for (const auto& any : remote->details()) {
    Detail detail;
    if (any.Is<Detail>() && any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

// The words of a failure for a person, in whole lines without a line break at
// the end. Refusals are not among them: see refusal_text.h.
std::string FailureText(const absl::Status& status);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_FAILURE_H_
