#include "tests/service/running_server.h"

#include <chrono>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/base/log.h"
#include "daemon/service/convert/fingerprint.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {

using runtime::Order;

RunningServer::RunningServer(size_t feed_capacity) : life_(lab_.store, lab_.clock, feed_capacity) {
  User mia = support::MakeUser("mia");
  mia.role_bindings = {support::Binding(Role::kAssetManager)};
  engine::ImportRecords users;
  users.records = {support::MakeUser("eve"), mia};
  Must(Order(users));
  for (const char* user : {"ada", "bob", "eve", "mia"}) {
    Token token;
    token.id = absl::StrCat("t-", user);
    token.user = user;
    token.secret_sha256 = Sha256(absl::StrCat("secret-of-", user));
    Must(Order(engine::CreateRecord{token}));
  }
}

runtime::Answer RunningServer::Must(engine::Command command) {
  if (server_ == nullptr) return life_.Must(std::move(command));
  std::promise<runtime::Answer> done;
  server_->Post([&] { done.set_value(life_.Must(std::move(command))); });
  return done.get_future().get();
}

ListenOptions RunningServer::options() const {
  ListenOptions options;
  options.socket = socket();
  options.tcp_address = "127.0.0.1:0";
  return options;
}

void RunningServer::Start() {
  workers_ = std::make_unique<runtime::WorkerPool>(2, 256);
  auto server =
      Server::Start(options(), life_.sequencer, life_.feed, lab_.store, *workers_, facts_);
  if (!server.ok()) Die(absl::StrCat("the test's server: ", server.status().message()));
  server_ = *std::move(server);
}

void RunningServer::Stop() {
  if (server_ != nullptr) server_->Stop();
  server_.reset();
}

void RunningServer::Settle() {
  // The first task runs after what came before it, the second after the drain
  // that follows.
  for (int i = 0; i < 2; ++i) {
    std::promise<void> done;
    server_->Post([&] { done.set_value(); });
    done.get_future().wait();
  }
}

std::shared_ptr<grpc::Channel> RunningServer::OverSocket() const {
  return grpc::CreateChannel(absl::StrCat("unix:", socket()), grpc::InsecureChannelCredentials());
}

std::shared_ptr<grpc::Channel> RunningServer::OverTcp() const {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->tcp_port()),
                             grpc::InsecureChannelCredentials());
}

std::unique_ptr<grpc::ClientContext> CallWithToken(const std::string& secret) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  context->set_wait_for_ready(true);
  if (!secret.empty()) context->AddMetadata("authorization", absl::StrCat("Bearer ", secret));
  return context;
}

std::unique_ptr<grpc::ClientContext> CallOf(const std::string& user) {
  return CallWithToken(user.empty() ? "" : absl::StrCat("secret-of-", user));
}

void SetInterval(absl::string_view span, google::type::Interval& interval) {
  const Interval value = support::Span(span);
  interval.mutable_start_time()->set_seconds(value.start);
  interval.mutable_end_time()->set_seconds(value.end);
}

}  // namespace labslot::service
