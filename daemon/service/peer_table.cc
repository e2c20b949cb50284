#include "daemon/service/peer_table.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace labslot::service {
namespace {

std::string LoginOf(uid_t uid) {
  std::array<char, 16384> buffer;
  passwd entry;
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return "";
  }
  return found->pw_name;
}

}  // namespace

std::optional<int> PeerTable::Register(int fd) {
  ucred credentials;
  socklen_t length = sizeof(credentials);
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    ::close(fd);
    return std::nullopt;
  }
  const Peer peer{credentials.uid, LoginOf(credentials.uid)};
  MutexLock lock(mutex_);
  while (true) {
    const auto known = peers_.find(fd);
    const bool is_new = known == peers_.end();
    if (is_new && !MayHaveAnother(peer.uid)) {
      ::close(fd);
      return std::nullopt;
    }
    if (is_new || known->second.uid == peer.uid) {
      if (is_new) ++counts_[peer.uid];
      peers_[fd] = peer;
      return fd;
    }
    // The number was another account's: move on to a higher one.
    const int higher = ::fcntl(fd, F_DUPFD_CLOEXEC, fd + 1);
    ::close(fd);
    if (higher < 0) return std::nullopt;
    fd = higher;
  }
}

bool PeerTable::MayHaveAnother(uid_t uid) const {
  if (uid == 0 || uid == ::getuid()) return true;
  const auto count = counts_.find(uid);
  return count == counts_.end() || count->second < most_;
}

std::optional<PeerTable::Peer> PeerTable::Find(absl::string_view grpc_peer) const {
  int fd = -1;
  if (!absl::ConsumePrefix(&grpc_peer, "fd:") || !absl::SimpleAtoi(grpc_peer, &fd)) {
    return std::nullopt;
  }
  MutexLock lock(mutex_);
  const auto it = peers_.find(fd);
  if (it == peers_.end()) return std::nullopt;
  return it->second;
}

}  // namespace labslot::service
