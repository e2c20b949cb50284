#ifndef LABSLOT_DAEMON_SERVICE_PEER_TABLE_H_
#define LABSLOT_DAEMON_SERVICE_PEER_TABLE_H_

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "daemon/base/mutex.h"

namespace labslot::service {

// Who is behind each connection of the unix socket. gRPC calls such a
// connection `fd:N`, by its descriptor, and says nothing more of it. So that a
// call which outlives its connection is never taken for another's, a
// descriptor number belongs to one account for the life of the process.
// Thread-safe.
class PeerTable {
 public:
  struct Peer {
    uid_t uid = 0;
    std::string login;  // empty if the account has no name
  };

  // `most` descriptors may belong to one account, so that no account can take
  // them all from the others. Root and the daemon's own account are not bound.
  explicit PeerTable(size_t most) : most_(most) {}

  // Reads who is at the other end of the connected unix socket `fd`, and gives
  // a descriptor for it that is recorded as theirs: `fd` itself, or a
  // duplicate in place of it. Nothing if that fails, or if they have too many;
  // then `fd` is closed.
  std::optional<int> Register(int fd);

  // Who is behind what gRPC calls the peer of a call; nothing if it is not a
  // connection of the unix socket.
  std::optional<Peer> Find(absl::string_view grpc_peer) const;

 private:
  bool MayHaveAnother(uid_t uid) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t most_;
  mutable Mutex mutex_;
  absl::flat_hash_map<int, Peer> peers_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<uid_t, size_t> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_PEER_TABLE_H_
