#include "daemon/service/unix_listener.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/service/peer_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/temp_folder.h"

namespace labslot::service {
namespace {

using ::testing::HasSubstr;

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// A connected socket, or -1.
int Connect(const std::string& path) {
  const sockaddr_un address = AddressOf(path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  ::close(fd);
  return -1;
}

class UnixListenerTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<UnixListener>> Listen(const std::string& path) {
    return UnixListener::Listen(path, [](int fd) { ::close(fd); });
  }
  std::string Refusal(const std::string& path) {
    return std::string(Listen(path).status().message());
  }

  storage::TempFolder folder_;
  const std::string path_ = folder_.Below("socket");
};

TEST_F(UnixListenerTest, ConnectionsAreHandedOver) {
  std::promise<int> accepted;
  const auto listener = UnixListener::Listen(path_, [&](int fd) { accepted.set_value(fd); });
  ASSERT_TRUE(listener.ok()) << listener.status();
  const int client = Connect(path_);
  const int server = accepted.get_future().get();
  ASSERT_EQ(::write(client, "x", 1), 1);
  pollfd readable = {server, POLLIN, 0};
  ::poll(&readable, 1, -1);
  char byte = 0;
  EXPECT_EQ(::read(server, &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  ::close(client);
  ::close(server);
}

TEST_F(UnixListenerTest, EverybodyMayConnect) {
  const auto listener = Listen(path_);
  struct stat status;
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0666u);
}

TEST_F(UnixListenerTest, TheSocketGoesWithTheListener) {
  { const auto listener = Listen(path_); }
  EXPECT_NE(::access(path_.c_str(), F_OK), 0);
}

TEST_F(UnixListenerTest, ASocketThatWasLeftOverIsReplaced) {
  const sockaddr_un address = AddressOf(path_);
  const int dead = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ::close(dead);
  const auto listener = Listen(path_);
  ASSERT_TRUE(listener.ok()) << listener.status();
  const int client = Connect(path_);
  EXPECT_GE(client, 0);
  ::close(client);
}

TEST_F(UnixListenerTest, ASocketInUseIsLeftAlone) {
  const auto first = Listen(path_);
  EXPECT_THAT(Refusal(path_), HasSubstr("another process listens"));
  const int client = Connect(path_);
  EXPECT_GE(client, 0);
  ::close(client);
}

TEST_F(UnixListenerTest, WhatIsNoSocketIsLeftAlone) {
  std::ofstream(path_) << "precious";
  EXPECT_THAT(Refusal(path_), HasSubstr("is not a socket"));
  std::string content;
  std::ifstream(path_) >> content;
  EXPECT_EQ(content, "precious");
  EXPECT_THAT(Refusal(folder_.path()), HasSubstr("is not a socket"));
  ASSERT_EQ(::symlink("nowhere", folder_.Below("link").c_str()), 0);
  EXPECT_THAT(Refusal(folder_.Below("link")), HasSubstr("is not a socket"));
}

TEST_F(UnixListenerTest, APathThatIsTooLongIsRefused) {
  const size_t longest = sizeof(sockaddr_un::sun_path) - 1;
  const std::string prefix = folder_.Below("");
  EXPECT_TRUE(Listen(prefix + std::string(longest - prefix.size(), 'x')).ok());
  EXPECT_THAT(Refusal(prefix + std::string(longest - prefix.size() + 1, 'x')),
              HasSubstr("longer than"));
}

TEST_F(UnixListenerTest, AFolderThatDoesNotExistIsSaid) {
  EXPECT_THAT(Refusal(folder_.Below("no/socket")), HasSubstr("No such file"));
}

class PeerTableTest : public ::testing::Test {
 protected:
  static std::string PeerOf(int fd) { return absl::StrCat("fd:", fd); }

  static constexpr size_t kMost = 100;

  // Both ends of a connection of this process with itself.
  static std::pair<int, int> Connection() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    return {ends[0], ends[1]};
  }

  PeerTable table_{kMost};
};

TEST_F(PeerTableTest, TheOtherEndIsKnownByItsAccount) {
  const auto [mine, other] = Connection();
  ASSERT_EQ(table_.Register(mine), mine);
  const auto peer = table_.Find(PeerOf(mine));
  ASSERT_TRUE(peer.has_value());
  EXPECT_EQ(peer->uid, ::getuid());
  EXPECT_EQ(peer->login, ::getpwuid(::getuid())->pw_name);
  ::close(mine);
  ::close(other);
}

TEST_F(PeerTableTest, OthersAreUnknown) {
  const auto [mine, other] = Connection();
  ASSERT_TRUE(table_.Register(mine).has_value());
  for (const std::string& peer :
       {PeerOf(other), std::string("ipv4:127.0.0.1:99"), std::string("unix:"), std::string("fd:"),
        std::string(""), absl::StrCat("fd:", mine, "x"), absl::StrCat("xfd:", mine)}) {
    EXPECT_FALSE(table_.Find(peer).has_value()) << peer;
  }
  ::close(mine);
  ::close(other);
}

TEST_F(PeerTableTest, ANumberIsUsedAgainByTheSameAccount) {
  const auto [mine, other] = Connection();
  ASSERT_EQ(table_.Register(mine), mine);
  ::close(mine);
  ::close(other);
  const auto [again, other_again] = Connection();
  ASSERT_EQ(again, mine);
  EXPECT_EQ(table_.Register(again), again);
  ::close(again);
  ::close(other_again);
}

TEST_F(PeerTableTest, WhatIsNoSocketIsClosed) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  EXPECT_EQ(table_.Register(pipe[0]), std::nullopt);
  EXPECT_EQ(::close(pipe[0]), -1);
  ::close(pipe[1]);
}

// With real connections of two accounts.
class PeersOfTwoAccountsTest : public ::testing::Test {
 protected:
  static constexpr uid_t kNobody = 65534;
  static constexpr int kMost = 10;

  void SetUp() override {
    if (::getuid() != 0) GTEST_SKIP() << "only root can act as another account";
    ::chmod(folder_.path().c_str(), 0755);
    auto listener =
        UnixListener::Listen(path_, [this](int fd) { accepted_.set_value(table_.Register(fd)); });
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }

  // Which numbers are free for connections must not depend on when a pipe of the test
  // is closed.
  static void MoveUp(int& fd) {
    constexpr int kOutOfTheWay = 500;
    const int low = std::exchange(fd, ::fcntl(fd, F_DUPFD_CLOEXEC, kOutOfTheWay));
    EXPECT_GE(fd, kOutOfTheWay);
    ::close(low);
  }

  // Connects as the account. The number of the connection here.
  int ConnectAs(uid_t uid) {
    accepted_ = std::promise<std::optional<int>>();
    int hang_up[2];
    EXPECT_EQ(::pipe(hang_up), 0);
    MoveUp(hang_up[0]);
    MoveUp(hang_up[1]);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(hang_up[1]);
      if (::setuid(uid) != 0 || Connect(path_) < 0) ::_exit(1);
      char byte;
      ::_exit(::read(hang_up[0], &byte, 1) == 0 ? 0 : 1);
    }
    ::close(hang_up[0]);
    children_.push_back({child, hang_up[1]});
    return accepted_.get_future().get().value_or(-1);
  }

  void TearDown() override {
    // All of them first: a later child holds the pipes of the earlier ones.
    for (const auto& [child, hang_up] : children_) ::close(hang_up);
    for (const auto& [child, hang_up] : children_) {
      int status = 0;
      ::waitpid(child, &status, 0);
      EXPECT_EQ(status, 0);
    }
    listener_.reset();  // now that no child holds its pipe any more
  }

  storage::TempFolder folder_;
  const std::string path_ = folder_.Below("socket");
  PeerTable table_{kMost};
  std::promise<std::optional<int>> accepted_;
  std::unique_ptr<UnixListener> listener_;
  std::vector<std::pair<pid_t, int>> children_;
};

TEST_F(PeersOfTwoAccountsTest, EachIsKnownAsItself) {
  const int root = ConnectAs(0);
  const int nobody = ConnectAs(kNobody);
  ASSERT_GE(root, 0);
  ASSERT_GE(nobody, 0);
  EXPECT_EQ(table_.Find(absl::StrCat("fd:", root))->uid, 0u);
  EXPECT_EQ(table_.Find(absl::StrCat("fd:", nobody))->uid, kNobody);
  EXPECT_EQ(table_.Find(absl::StrCat("fd:", nobody))->login, "nobody");
}

// A call may outlive its connection; were the number given to another account,
// the call would be taken for theirs.
TEST_F(PeersOfTwoAccountsTest, ANumberIsNeverUsedAgainByAnotherAccount) {
  const int root = ConnectAs(0);
  ASSERT_GE(root, 0);
  ::close(root);
  const int nobody = ConnectAs(kNobody);
  ASSERT_GE(nobody, 0);
  EXPECT_NE(nobody, root);
  EXPECT_EQ(table_.Find(absl::StrCat("fd:", root))->uid, 0u);
  EXPECT_EQ(table_.Find(absl::StrCat("fd:", nobody))->uid, kNobody);
  ::close(nobody);
  EXPECT_EQ(ConnectAs(0), root);
}

// Were there no bound, one account could own all numbers for good.
TEST_F(PeersOfTwoAccountsTest, OneAccountCannotTakeTheNumbersFromTheOthers) {
  for (int i = 0; i < kMost; ++i) ASSERT_GE(ConnectAs(kNobody), 0);
  EXPECT_EQ(ConnectAs(kNobody), -1);
  EXPECT_GE(ConnectAs(kNobody - 1), 0);
  EXPECT_GE(ConnectAs(0), 0);
}

}  // namespace
}  // namespace labslot::service
