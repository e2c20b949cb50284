#include "daemon/service/access_gate.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "daemon/base/log.h"
#include "daemon/service/convert/fingerprint.h"

namespace labslot::service {
namespace {

// A call without a deadline gets this one.
constexpr absl::Duration kDefaultDeadline = absl::Seconds(30);

absl::Time DeadlineOf(const grpc::ServerContext& context) {
  if (context.deadline() == std::chrono::system_clock::time_point::max()) {
    return absl::Now() + kDefaultDeadline;
  }
  return absl::FromChrono(context.deadline());
}

Error Simple(ErrorKind kind, std::string message) {
  return {kind, std::move(message), "", {}, std::nullopt};
}

Error UnknownToken() {
  return NoValidIdentity(
      "the bearer token is unknown, revoked or expired, or its user is disabled; ask an "
      "administrator for a new one");
}

bool MayAct(const User* user) { return user != nullptr && user->state == UserState::kActive; }

}  // namespace

Result<CallInfo> AccessGate::Admit(const grpc::ServerContext& context, const std::string& method) {
  if (closed_) return Simple(ErrorKind::kDraining, "the daemon is stopping; try again in a moment");
  if (sequencer_.failed()) {
    return Simple(ErrorKind::kDraining, "the store of the daemon has failed; it restarts");
  }
  Result<engine::Principal> principal = Identify(context);
  if (!principal.ok()) return std::move(principal).error();
  return CallInfo{method, std::move(principal).value(), DeadlineOf(context)};
}

Result<engine::Principal> AccessGate::Identify(const grpc::ServerContext& context) const {
  const auto& metadata = context.client_metadata();
  const auto authorization = metadata.find("authorization");
  if (authorization != metadata.end()) {
    return ByToken({authorization->second.data(), authorization->second.length()});
  }
  if (const std::optional<PeerTable::Peer> peer = peers_.Find(context.peer())) {
    return ByPeer(*peer);
  }
  return NoValidIdentity(
      "the call carries no identity; send `authorization: Bearer` with a token, or use the unix "
      "socket");
}

Result<engine::Principal> AccessGate::ByToken(absl::string_view authorization) const {
  constexpr size_t kSchemeLength = 7;
  if (!absl::StartsWithIgnoreCase(authorization, "bearer ")) return UnknownToken();
  const std::string hash = Sha256(authorization.substr(kSchemeLength));
  // Found by its hash: how long that takes says nothing of any secret.
  const engine::Catalogue& catalogue = sequencer_.state().catalogue();
  const Token* token = catalogue.FindTokenByHash(hash);
  if (token == nullptr || token->expire_time <= sequencer_.Now()) return UnknownToken();
  if (!MayAct(catalogue.FindUser(token->user))) return UnknownToken();
  return engine::Principal{token->user};
}

Result<engine::Principal> AccessGate::ByPeer(const PeerTable::Peer& peer) const {
  const User* user = sequencer_.state().catalogue().FindUserByLogin(peer.login);
  if (MayAct(user)) return engine::Principal{user->id};
  if (peer.uid == 0 || peer.uid == ::getuid()) return engine::LocalOperator();
  return NoValidIdentity(absl::StrCat("the login '", peer.login,
                                      "' is not that of an active user; an administrator can set "
                                      "it with the field unix_login"));
}

void AccessGate::Answered(const std::string& method, const engine::Principal& principal,
                          const grpc::Status& status, absl::Duration took) {
  const bool defect = status.error_code() == grpc::StatusCode::INTERNAL ||
                      status.error_code() == grpc::StatusCode::UNKNOWN;
  const LogLevel level = defect ? LogLevel::kError : LogLevel::kDebug;
  if (!IsLogged(level)) return;
  Log(level, absl::StrCat(method, " code=", static_cast<int>(status.error_code()),
                          " ms=", absl::ToDoubleMilliseconds(took), " user=", principal.user));
}

}  // namespace labslot::service
