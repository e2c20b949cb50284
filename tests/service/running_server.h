#ifndef LABSLOT_TESTS_SERVICE_RUNNING_SERVER_H_
#define LABSLOT_TESTS_SERVICE_RUNNING_SERVER_H_

#include <memory>
#include <string>

#include "daemon/domain/names.h"
#include "daemon/runtime/worker_pool.h"
#include "daemon/service/server.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "labslot/v1/availability_service.grpc.pb.h"
#include "labslot/v1/catalogue_service.grpc.pb.h"
#include "labslot/v1/change_service.grpc.pb.h"
#include "labslot/v1/directory_service.grpc.pb.h"
#include "labslot/v1/reservation_service.grpc.pb.h"
#include "labslot/v1/utilisation_service.grpc.pb.h"
#include "tests/runtime/life.h"
#include "tests/storage/temp_folder.h"

namespace labslot::service {

// A server in this process over a store in memory, on a unix socket and on a
// port of the loopback. It holds the small lab, and besides the users `eve` of
// no organisation and `mia` who manages all assets. Everyone's token is
// `secret-of-{user}`.
class RunningServer {
 public:
  explicit RunningServer(size_t feed_capacity = 1000);
  ~RunningServer() { Stop(); }

  ManualClock& clock() { return lab_.clock; }
  runtime::ScriptedStore& store() { return lab_.store; }

  // Runs a command as the local operator, without gRPC, before or after Start.
  // Ends the test program if it fails.
  runtime::Answer Must(engine::Command command);

  void Start();
  void Stop();

  // Waits until the loop has done all that it was given so far.
  void Settle();

  std::string socket() const { return folder_.Below("labslotd.sock"); }
  ListenOptions options() const;
  Server& server() { return *server_; }
  runtime::Life& life() { return life_; }
  runtime::WorkerPool& workers() { return *workers_; }
  const ServerFacts& facts() const { return facts_; }

  std::shared_ptr<grpc::Channel> OverSocket() const;
  std::shared_ptr<grpc::Channel> OverTcp() const;

 private:
  storage::TempFolder folder_;
  runtime::SmallLab lab_;
  runtime::Life life_;
  std::unique_ptr<runtime::WorkerPool> workers_;  // of one start
  ServerFacts facts_;
  std::unique_ptr<Server> server_;
};

// The context of one call with a deadline that only a hang reaches. With the
// token of a user unless `user` is empty.
std::unique_ptr<grpc::ClientContext> CallOf(const std::string& user = "");
std::unique_ptr<grpc::ClientContext> CallWithToken(const std::string& secret);

// One unary call; `rpc` is the method of the stub.
template <typename Stub, typename Request, typename Response>
grpc::Status Call(Stub& stub,
                  grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                  const std::string& user, const Request& request, Response& response) {
  return (stub.*rpc)(CallOf(user).get(), request, &response);
}

// `span` as support::Span reads it.
void SetInterval(absl::string_view span, google::type::Interval& interval);

}  // namespace labslot::service

#endif  // LABSLOT_TESTS_SERVICE_RUNNING_SERVER_H_
