#include "client/connection.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "client/failure.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(200);
// Larger than any reply that the daemon sends: an export of 10,000 records.
constexpr int kLargestReply = 64 << 20;
constexpr int kFirstReconnectMs = 200;
constexpr int kLongestReconnectMs = 2000;
constexpr int kLongestConnectMs = 10000;

std::shared_ptr<grpc::Channel> MakeChannel(const ConnectionSettings& settings) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestReply);
  arguments.SetUserAgentPrefix("labslot");
  // A daemon that restarts is back in a moment; the defaults wait for minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  // In spite of its name, how long one attempt may take: a busy machine, or TLS
  // over a long way, needs more than a moment.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kLongestConnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  // A proxy of the environment must not come between us and our own daemon.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, settings.tls ? 1 : 0);
  if (absl::StartsWith(settings.target, "unix:")) {
    // The path of a socket is no authority that servers accept.
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  }
  if (!settings.tls) {
    return grpc::CreateCustomChannel(settings.target, grpc::InsecureChannelCredentials(),
                                     arguments);
  }
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = settings.ca_pem;
  return grpc::CreateCustomChannel(settings.target, grpc::SslCredentials(options), arguments);
}

bool CameFromDaemon(const grpc::Status& status) { return !status.error_details().empty(); }

// True if gRPC could not even connect, so that nothing was sent.
bool NeverConnected(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE && !CameFromDaemon(status) &&
         (absl::StrContains(status.error_message(), "failed to connect") ||
          absl::StrContains(status.error_message(), "onnections to all backends failing") ||
          absl::StrContains(status.error_message(), "DNS resolution failed") ||
          absl::StrContains(status.error_message(), "name resolution") ||
          absl::StrContains(status.error_message(), "empty address list"));
}

// True if the call was ended by neither side's will: a call that reaches a
// daemon just as it closes its connections comes back as CANCELLED.
bool WasCutOff(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::CANCELLED && !CameFromDaemon(status);
}

// True if the daemon may have taken the write, or may take it if asked again.
bool WorthAnotherAttempt(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE || WasCutOff(status) ||
         (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED && !CameFromDaemon(status));
}

bool IsDraining(const absl::Status& status) { return ErrorReasonOf(status) == "DRAINING"; }

}  // namespace

Connection::Connection(ConnectionSettings settings, absl::Duration timeout,
                       const Environment& environment)
    : settings_(std::move(settings)),
      timeout_(timeout),
      sleep_(environment.sleep),
      channel_(MakeChannel(settings_)) {}

void Connection::Prepare(grpc::ClientContext* context, absl::Duration timeout) const {
  if (!settings_.token.empty()) {
    context->AddMetadata("authorization", absl::StrCat("Bearer ", settings_.token));
  }
  if (timeout != absl::InfiniteDuration()) {
    context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(timeout));
  }
}

absl::Status Connection::CallOnce(const Attempt& attempt) const {
  grpc::ClientContext context;
  Prepare(&context, timeout_);
  return Translate(attempt(&context));
}

absl::Status Connection::CallUntilKnown(const std::string& request_id,
                                        const Attempt& attempt) const {
  bool maybe_taken = false;
  absl::Duration pause = kFirstPause;
  for (int i = 1;; ++i) {
    grpc::ClientContext context;
    Prepare(&context, timeout_);
    const grpc::Status status = attempt(&context);
    const absl::Status result = Translate(status);
    const bool unsent = NeverConnected(status) || IsDraining(result);
    if (!WorthAnotherAttempt(status) || request_id.empty()) return result;
    if (NeverConnected(status) && !maybe_taken) return result;
    maybe_taken = maybe_taken || !unsent;
    if (i < kWriteAttempts) {
      sleep_(pause);
      pause *= 2;
      continue;
    }
    if (!maybe_taken) return result;
    return absl::UnavailableError(absl::StrCat(
        "the outcome is unknown: ", Printable(result.message()), "\nIt was sent ", kWriteAttempts,
        " times. It may have been done, or not. Run the same command again with\n  --request-id ",
        request_id, "\nThat does it once, whatever happened before."));
  }
}

absl::Status Connection::Translate(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  if (CameFromDaemon(status)) {
    return RemoteFailure(static_cast<absl::StatusCode>(status.error_code()), status.error_message(),
                         status.error_details());
  }
  if (WasCutOff(status)) {
    return absl::UnavailableError(
        absl::StrCat("the daemon at ", settings_.target, " closed the connection; it may restart"));
  }
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return Unreachable(status);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError(absl::StrCat("no answer from ", settings_.target,
                                                      " within ", absl::FormatDuration(timeout_),
                                                      "; --timeout waits longer"));
    case grpc::StatusCode::UNIMPLEMENTED:
      return absl::UnimplementedError(absl::StrCat("the daemon at ", settings_.target,
                                                   " does not know this call: it is older "
                                                   "than this client, or no labslotd"));
    default:
      return RemoteFailure(static_cast<absl::StatusCode>(status.error_code()),
                           status.error_message(), "");
  }
}

absl::Status Connection::Unreachable(const grpc::Status& status) const {
  absl::string_view path = settings_.target;
  if (absl::ConsumePrefix(&path, "unix:")) {
    while (absl::StartsWith(path, "//")) path.remove_prefix(1);
    std::string why = "nobody listens on this socket";
    if (access(std::string(path).c_str(), F_OK) != 0) {
      why = errno == ENOENT ? "there is no such socket" : std::strerror(errno);
    } else if (access(std::string(path).c_str(), W_OK) != 0) {
      why = "you may not use this socket";
    } else if (!NeverConnected(status)) {
      why = "the connection broke";
    }
    return absl::UnavailableError(
        absl::StrCat("no daemon answers at ", settings_.target, ": ", why,
                     ". Start labslotd, or name another with --server or LABSLOT_SERVER."));
  }
  const bool refused = absl::StrContains(status.error_message(), "refused");
  const absl::string_view why = refused ? "nobody listens there"
                                : settings_.tls
                                    ? "no connection with TLS (is it the right address, and --ca?)"
                                    : "the connection broke (if it wants TLS, give --ca)";
  return absl::UnavailableError(
      absl::StrCat("no daemon answers at ", settings_.target, ": ", why,
                   ". Start labslotd, or name another with --server or LABSLOT_SERVER."));
}

std::string NewRequestId() {
  std::random_device random;
  return absl::StrFormat("%08x-%08x-%08x-%08x", random(), random(), random(), random());
}

}  // namespace labslot::client
