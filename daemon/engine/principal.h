#ifndef LABSLOT_DAEMON_ENGINE_PRINCIPAL_H_
#define LABSLOT_DAEMON_ENGINE_PRINCIPAL_H_

#include <string>

#include "daemon/domain/event.h"

namespace labslot::engine {

// Who asks. Every command and every query carries one.
struct Principal {
  // User id, kLocalOperator or kDaemonActor.
  std::string user;

  friend bool operator==(const Principal&, const Principal&) = default;
};

// Who reaches the daemon with the system identity that the daemon itself runs
// under, or as root: whoever can read the store's files may administer it. An
// administrator without a record, so that an empty store can be set up. Not a
// legal user id.
inline constexpr char kLocalOperator[] = "@operator";

inline Principal DaemonPrincipal() { return {kDaemonActor}; }
inline Principal LocalOperator() { return {kLocalOperator}; }

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PRINCIPAL_H_
