#include <memory>
#include <string>

#include "daemon/runtime/worker_pool.h"
#include "daemon/service/daemon_core.h"
#include "daemon/service/methods.h"
#include "daemon/service/raw_service.h"
#include "daemon/service/reservation_service.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "labslot/v1/reservation_service.grpc.pb.h"
#include "tests/runtime/life.h"

namespace labslot::service {
namespace {

using runtime::Booking;
using runtime::Sequencer;

class NoGate : public Gate {
 public:
  Result<CallInfo> Admit(const grpc::ServerContext&, const std::string&) override {
    return CallInfo();
  }
  void Answered(const std::string&, const engine::Principal&, const grpc::Status&,
                absl::Duration) override {}
};

// The handlers before a queue of which ada has all places that are hers.
class FullQueueTest : public testing::Test {
 protected:
  FullQueueTest() {
    AddReservationMethods(methods_);
    for (size_t i = 0; i < Sequencer::kMaxQueuedOfUser; ++i) {
      life_.Submit(runtime::OrderOf("ada", Booking("lab", "mon 9:00-10:00")));
    }
  }

  // A queue must be empty when it goes.
  ~FullQueueTest() override {
    loop_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (loop_.queue()->Next(&tag, &ok)) continue;
  }

  // What comes of bytes that are no request.
  grpc::StatusCode Call(const std::string& method, const std::string& user) {
    const std::string name = "/labslot.v1.ReservationService/" + method;
    const CallInfo info{name, engine::Principal{user}, absl::InfiniteFuture()};
    const grpc::Slice nonsense("\xff\xff\xff");
    grpc::StatusCode code = grpc::StatusCode::OK;
    EXPECT_TRUE(methods_.Serve(info, grpc::ByteBuffer(&nonsense, 1),
                               [&](const google::protobuf::Message&, const grpc::Status& status) {
                                 code = status.error_code();
                               }));
    return code;
  }

  runtime::SmallLab lab_;
  runtime::Life life_{lab_.store, lab_.clock};
  runtime::WorkerPool workers_{1, 1};
  EventLoop loop_{grpc::ServerBuilder().AddCompletionQueue()};
  ServerFacts facts_;
  DaemonCore core_{life_.sequencer, life_.feed, lab_.store, workers_, loop_, facts_};
  NoGate gate_;
  RawServiceOf<::labslot::v1::ReservationService> service_;
  Methods methods_{service_, core_, gate_};
};

TEST_F(FullQueueTest, ACommandIsTurnedAwayBeforeItIsRead) {
  EXPECT_EQ(Call("CreateReservation", "ada"), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(FullQueueTest, ThoseOfOthersAreRead) {
  EXPECT_EQ(Call("CreateReservation", "bob"), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(FullQueueTest, WhatIsNotQueuedIsRead) {
  EXPECT_EQ(Call("GetReservation", "ada"), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace labslot::service
