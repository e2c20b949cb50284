#ifndef LABSLOT_DAEMON_SERVICE_ACCESS_GATE_H_
#define LABSLOT_DAEMON_SERVICE_ACCESS_GATE_H_

#include <atomic>
#include <string>

#include "daemon/runtime/sequencer.h"
#include "daemon/service/call.h"
#include "daemon/service/peer_table.h"

namespace labslot::service {

// The gate of the daemon. A caller is, in this order:
//   1. whom a bearer token stands for (`authorization: Bearer {secret}`);
//   2. on the unix socket, the user whose `unix_login` the peer's login name
//      is; or, for root and for the account that the daemon runs under, the
//      local operator;
//   3. nobody, and turned away.
// Authorisation by object is the engine's; see engine/access.h.
class AccessGate : public Gate {
 public:
  // Both must outlive the gate.
  AccessGate(const runtime::Sequencer& sequencer, const PeerTable& peers)
      : sequencer_(sequencer), peers_(peers) {}

  Result<CallInfo> Admit(const grpc::ServerContext& context, const std::string& method) override;
  void Answered(const std::string& method, const engine::Principal& principal,
                const grpc::Status& status, absl::Duration took) override;

  // From now on new calls are turned away. Thread-safe.
  void Close() { closed_ = true; }

 private:
  Result<engine::Principal> Identify(const grpc::ServerContext& context) const;
  Result<engine::Principal> ByToken(absl::string_view authorization) const;
  Result<engine::Principal> ByPeer(const PeerTable::Peer& peer) const;

  const runtime::Sequencer& sequencer_;
  const PeerTable& peers_;
  std::atomic<bool> closed_ = false;
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_ACCESS_GATE_H_
