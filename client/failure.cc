#include "client/failure.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "google/rpc/error_details.pb.h"

namespace labslot::client {
namespace {

constexpr char kPayloadName[] = "labslot/google.rpc.Status";

// In place of the message, which repeats them in one long line.
std::string FieldViolationsText(const google::rpc::BadRequest& bad) {
  const auto line = [](const google::rpc::BadRequest::FieldViolation& violation) {
    return absl::StrCat(Printable(violation.field()), ": ", Printable(violation.description()));
  };
  if (bad.field_violations_size() == 1) return line(bad.field_violations(0));
  std::string text = absl::StrCat(bad.field_violations_size(), " things are wrong:");
  for (const auto& violation : bad.field_violations()) {
    absl::StrAppend(&text, "\n  ", line(violation));
  }
  return text;
}

// What this client says may have several lines; what others say stays in one.
std::string MessageText(const absl::Status& status) {
  if (RemoteStatus(status).has_value()) return Printable(status.message());
  return absl::StrJoin(
      absl::StrSplit(status.message(), '\n'), "\n",
      [](std::string* out, absl::string_view line) { absl::StrAppend(out, Printable(line)); });
}

std::string AdviceFor(const absl::Status& status) {
  const std::string reason = ErrorReasonOf(status);
  if (reason == "NO_VALID_IDENTITY") {
    return "\nUse the unix socket as a known login, or give a token: --token-file, LABSLOT_TOKEN, "
           "or a context.";
  }
  if (reason == "ROLE_REQUIRED") {
    const std::string role = ErrorMetadata(status, "role");
    return role.empty() ? "" : absl::StrCat("\nIt takes the role ", EnumWords(role, "ROLE_"), ".");
  }
  if (reason == "ETAG_MISMATCH") return "\nSomebody changed it meanwhile. Look again and repeat.";
  if (reason == "REQUEST_ID_REUSED") return "\nTake a new --request-id, or none.";
  if (reason == "DEFECT") return "\nThis is a defect of the daemon. Please report it.";
  return "";
}

}  // namespace

absl::Status RemoteFailure(absl::StatusCode code, absl::string_view message,
                           absl::string_view details_bytes) {
  absl::Status status(code, message);
  google::rpc::Status details;
  if (!details.ParseFromArray(details_bytes.data(), static_cast<int>(details_bytes.size())) ||
      details.code() == 0) {
    details.Clear();
    details.set_code(static_cast<int>(code));
    details.set_message(std::string(message));
  }
  status.SetPayload(kPayloadName, absl::Cord(details.SerializeAsString()));
  return status;
}

std::optional<google::rpc::Status> RemoteStatus(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadName);
  if (!payload.has_value()) return std::nullopt;
  google::rpc::Status remote;
  if (!remote.ParseFromString(std::string(*payload))) return std::nullopt;
  return remote;
}

std::string ErrorReasonOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return info.has_value() ? info->reason() : "";
}

std::string ErrorMetadata(const absl::Status& status, const std::string& key) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  if (!info.has_value()) return "";
  const auto found = info->metadata().find(key);
  return found == info->metadata().end() ? "" : found->second;
}

std::string FailureText(const absl::Status& status) {
  std::string text = MessageText(status);
  if (text.empty()) text = absl::StatusCodeToString(status.code());
  const auto bad = DetailOf<google::rpc::BadRequest>(status);
  if (bad.has_value() && !bad->field_violations().empty()) text = FieldViolationsText(*bad);
  if (const auto retry = DetailOf<google::rpc::RetryInfo>(status)) {
    const absl::Duration delay = absl::Seconds(retry->retry_delay().seconds()) +
                                 absl::Nanoseconds(retry->retry_delay().nanos());
    absl::StrAppend(&text, "\nTry again in ", LengthText(absl::Ceil(delay, absl::Seconds(1))), ".");
  }
  return absl::StrCat(text, AdviceFor(status));
}

}  // namespace labslot::client
