#include "tests/bench/null_server.h"

#include <cstdio>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/async_unary_call.h"
#include "labslot/v1/admin_service.grpc.pb.h"
#include "tests/bench/child.h"

namespace labslot::bench {
namespace {

// As many as the most calls in flight, so that none waits for a place.
constexpr int kWaiting = 256;

class NullCall {
 public:
  NullCall(v1::AdminService::AsyncService& service, grpc::ServerCompletionQueue& queue)
      : service_(service), queue_(queue), writer_(&context_) {
    service_.RequestGetServerInfo(&context_, &request_, &writer_, &queue_, &queue_, this);
  }

  void Proceed(bool ok) {
    if (answered_ || !ok) {
      delete this;
      return;
    }
    answered_ = true;
    new NullCall(service_, queue_);
    v1::ServerInfo response;
    response.set_version("0.1.0");
    response.mutable_now()->set_seconds(1800000000);
    response.set_revision(1000);
    writer_.Finish(response, grpc::Status::OK, this);
  }

 private:
  v1::AdminService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  v1::GetServerInfoRequest request_;
  grpc::ServerAsyncResponseWriter<v1::ServerInfo> writer_;
  bool answered_ = false;
};

}  // namespace

int RunNullServer(const std::string& socket, const std::string& port_file) {
  v1::AdminService::AsyncService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.AddListeningPort(absl::StrCat("unix:", socket), grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) Fail("the null server cannot listen");
  for (int i = 0; i < kWaiting; ++i) new NullCall(service, *queue);
  std::ofstream(port_file + ".new") << port << "\n";
  std::rename((port_file + ".new").c_str(), port_file.c_str());
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<NullCall*>(tag)->Proceed(ok);
  return 0;
}

}  // namespace labslot::bench
