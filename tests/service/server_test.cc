#include "daemon/service/server.h"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using ::testing::HasSubstr;

class ServerTest : public ::testing::Test {
 protected:
  absl::Status StartAnother(const ListenOptions& options) {
    return Server::Start(options, running_.life().sequencer, running_.life().feed, running_.store(),
                         running_.workers(), running_.facts())
        .status();
  }

  v1::CreateReservationRequest Wish(const std::string& asset, absl::string_view span) {
    v1::CreateReservationRequest request;
    request.mutable_reservation()->add_items()->set_asset(absl::StrCat("assets/", asset));
    request.mutable_reservation()->mutable_items(0)->set_quantity(1);
    SetInterval(span, *request.mutable_reservation()->mutable_interval());
    return request;
  }

  RunningServer running_;
};

TEST_F(ServerTest, ABookingIsMadeAndRead) {
  running_.Start();
  const auto stub = v1::ReservationService::NewStub(running_.OverTcp());
  v1::Reservation made;
  const grpc::Status status =
      stub->CreateReservation(CallOf("ada").get(), Wish("lab", "mon 9:00-10:00"), &made);
  ASSERT_TRUE(status.ok()) << status.error_message();
  v1::GetReservationRequest get;
  get.set_name(made.name());
  v1::Reservation read;
  ASSERT_TRUE(stub->GetReservation(CallOf("ada").get(), get, &read).ok());
  EXPECT_EQ(read.SerializeAsString(), made.SerializeAsString());
}

// The retry of an ordinary call once ended the process.
TEST_F(ServerTest, TheDeletionOfAUserWithTokensCanBeRepeated) {
  running_.Start();
  const auto stub = v1::DirectoryService::NewStub(running_.OverSocket());
  v1::DeleteUserRequest request;
  request.set_name("users/bob");
  request.set_request_id("r1");
  v1::User first;
  ASSERT_TRUE(stub->DeleteUser(CallOf().get(), request, &first).ok());
  v1::User second;
  ASSERT_TRUE(stub->DeleteUser(CallOf().get(), request, &second).ok());
  EXPECT_EQ(second.SerializeAsString(), first.SerializeAsString());
}

TEST_F(ServerTest, TheSecretOfATokenIsShownOnce) {
  running_.Start();
  const auto stub = v1::DirectoryService::NewStub(running_.OverTcp());
  v1::CreateTokenRequest request;
  request.mutable_token()->set_user("users/ada");
  request.set_request_id("r1");
  v1::Token first;
  const grpc::Status status = stub->CreateToken(CallOf("ada").get(), request, &first);
  ASSERT_TRUE(status.ok()) << status.error_message();
  v1::User who;
  EXPECT_TRUE(stub->WhoAmI(CallWithToken(first.secret()).get(), v1::WhoAmIRequest(), &who).ok());
  v1::Token second;
  ASSERT_TRUE(stub->CreateToken(CallOf("ada").get(), request, &second).ok());
  EXPECT_EQ(second.name(), first.name());
  EXPECT_EQ(second.secret(), "");
}

TEST_F(ServerTest, ManyClientsBookOneSlotOnce) {
  running_.Start();
  std::vector<std::future<bool>> booked;
  for (int i = 0; i < 8; ++i) {
    booked.push_back(std::async(std::launch::async, [&] {
      const auto stub = v1::ReservationService::NewStub(running_.OverSocket());
      v1::Reservation made;
      return stub->CreateReservation(CallOf("ada").get(), Wish("lab", "mon 9:00-10:00"), &made)
          .ok();
    }));
  }
  int count = 0;
  for (std::future<bool>& one : booked) count += one.get() ? 1 : 0;
  EXPECT_EQ(count, 1);
}

TEST_F(ServerTest, AFullDiskIsToldAndReadsGoOn) {
  running_.Start();
  running_.store().FailNext(absl::ResourceExhaustedError("no space"));
  const auto stub = v1::ReservationService::NewStub(running_.OverSocket());
  v1::Reservation made;
  EXPECT_EQ(stub->CreateReservation(CallOf("ada").get(), Wish("lab", "mon 9:00-10:00"), &made)
                .error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  v1::ListReservationsResponse list;
  EXPECT_TRUE(stub->ListReservations(CallOf().get(), v1::ListReservationsRequest(), &list).ok());
  EXPECT_EQ(list.reservations_size(), 0);
}

TEST_F(ServerTest, ASecondServerOnTheSameSocketIsRefused) {
  running_.Start();
  const absl::Status status = StartAnother(running_.options());
  EXPECT_THAT(std::string(status.message()), HasSubstr("another process listens"));
}

TEST_F(ServerTest, ASecondServerOnTheSamePortIsRefused) {
  running_.Start();
  ListenOptions options = running_.options();
  options.socket += "2";
  options.tcp_address = absl::StrCat("127.0.0.1:", running_.server().tcp_port());
  EXPECT_THAT(std::string(StartAnother(options).message()), HasSubstr("cannot listen"));
}

TEST_F(ServerTest, BeyondThisMachineItTakesTls) {
  running_.Start();
  ListenOptions options = running_.options();
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:7443"}) {
    options.tcp_address = address;
    EXPECT_THAT(std::string(StartAnother(options).message()), HasSubstr("without TLS"));
  }
  options.tls.certificate = "/nowhere/cert.pem";
  EXPECT_THAT(std::string(StartAnother(options).message()), HasSubstr("go together"));
  options.tls.key = "/nowhere/key.pem";
  EXPECT_THAT(std::string(StartAnother(options).message()), HasSubstr("/nowhere/cert.pem"));
}

TEST_F(ServerTest, StopLeavesNoSocketAndMayBeCalledAgain) {
  running_.Start();
  Server& server = running_.server();
  server.Stop();
  server.Stop();
  EXPECT_NE(::access(running_.socket().c_str(), F_OK), 0);
  running_.Stop();
}

// A commit that takes longer than the time for running calls: its answer comes
// when the server is long gone for the caller.
// The report is remembered if it is made.
TEST_F(ServerTest, TheWorkOfACallThatWasGivenUpIsNotDone) {
  running_.Start();
  const auto stub = v1::UtilisationService::NewStub(running_.OverTcp());
  const auto ask = [&](const std::string& month, const std::shared_ptr<grpc::ClientContext>& call) {
    v1::QueryUtilisationRequest request;
    request.add_assets("assets/lab");
    request.set_bucket(v1::QueryUtilisationRequest::MONTH);
    SetInterval(month, *request.mutable_interval());
    v1::QueryUtilisationResponse response;
    return stub->QueryUtilisation(call.get(), request, &response);
  };
  running_.clock().Set(support::At("2027-05-01 12:00"));
  ASSERT_TRUE(ask("2027-03-01 0:00/2027-04-01 0:00", CallOf("mia")).ok());
  const size_t remembered = running_.life().sequencer.rollups().size();
  ASSERT_GT(remembered, 0u);

  // Both workers are busy until the caller has gone.
  std::promise<void> gone;
  const std::shared_future<void> wait(gone.get_future());
  for (int worker = 0; worker < 2; ++worker) {
    ASSERT_TRUE(running_.workers().Run([wait] { wait.wait(); }));
  }
  const std::shared_ptr<grpc::ClientContext> call = CallOf("mia");
  std::thread caller([&] { EXPECT_FALSE(ask("2027-04-01 0:00/2027-05-01 0:00", call).ok()); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  call->TryCancel();
  caller.join();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  running_.Settle();
  gone.set_value();
  running_.Stop();
  EXPECT_EQ(running_.life().sequencer.rollups().size(), remembered);
}

TEST_F(ServerTest, AnAnswerThatComesTooLateForTheCallerDoesNoHarm) {
  running_.Start();
  std::promise<void> caller_gone;
  std::promise<void> committing;
  running_.store().on_commit = [&](const storage::WriteSet&) {
    committing.set_value();
    caller_gone.get_future().wait();
  };
  std::thread caller([&] {
    const auto stub = v1::ReservationService::NewStub(running_.OverSocket());
    v1::Reservation made;
    EXPECT_FALSE(
        stub->CreateReservation(CallOf("ada").get(), Wish("lab", "mon 9:00-10:00"), &made).ok());
    caller_gone.set_value();
  });
  committing.get_future().wait();
  running_.Stop();
  caller.join();
  EXPECT_EQ(running_.life().sequencer.state().timeline("lab").size(), 1u);
}

}  // namespace
}  // namespace labslot::service
