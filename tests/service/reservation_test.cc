#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using runtime::Booking;
using runtime::Order;

class ReservationMethodsTest : public ::testing::Test {
 protected:
  ReservationMethodsTest() {
    running_.Start();
    stub_ = v1::ReservationService::NewStub(running_.OverTcp());
  }

  RunningServer running_;
  std::unique_ptr<v1::ReservationService::Stub> stub_;
};

TEST_F(ReservationMethodsTest, ATurnedDownRequestTakesAReason) {
  v1::RejectReservationRequest request;
  request.set_name("reservations/1");
  v1::Reservation response;
  const grpc::Status status = stub_->RejectReservation(CallOf("mia").get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(absl::StrContains(status.error_message(), "reason must be set"))
      << status.error_message();
}

TEST_F(ReservationMethodsTest, AnExplanationIsOfOneReservation) {
  v1::ExplainRequest request;
  v1::ExplainResponse response;
  EXPECT_EQ(stub_->Explain(CallOf("ada").get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  const ReservationId id = runtime::IdOf(running_.Must(Order(Booking("lab", "mon 9:00-10:00"))));
  request.set_name(absl::StrCat("reservations/", id));
  ASSERT_TRUE(stub_->Explain(CallOf("ada").get(), request, &response).ok());
  EXPECT_FALSE(response.has_refusal());
  EXPECT_EQ(stub_->Explain(CallOf("eve").get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  v1::Reservation& draft = *request.mutable_reservation();
  EXPECT_EQ(stub_->Explain(CallOf("ada").get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  draft.add_items()->set_asset("assets/lab");
  SetInterval("mon 9:00-10:00", *draft.mutable_interval());
  ASSERT_TRUE(stub_->Explain(CallOf("ada").get(), request, &response).ok());
  ASSERT_TRUE(response.has_refusal());
  EXPECT_EQ(response.refusal().violations(0).rule(), v1::Violation::CAPACITY_EXCEEDED);
}

// What may be booked tells of whom it is asked.
TEST_F(ReservationMethodsTest, SlotsForOthersAreForManagers) {
  const auto stub = v1::AvailabilityService::NewStub(running_.OverTcp());
  v1::FindSlotsRequest request;
  request.add_items()->set_asset("assets/lab");
  request.mutable_duration()->set_seconds(3600);
  SetInterval("mon 9:00-17:00", *request.mutable_interval());
  v1::FindSlotsResponse response;
  const auto code = [&](const std::string& user) {
    return stub->FindSlots(CallOf(user).get(), request, &response).error_code();
  };
  EXPECT_EQ(code("eve"), grpc::StatusCode::OK);
  request.set_user("users/ada");
  EXPECT_EQ(code("ada"), grpc::StatusCode::OK);
  EXPECT_EQ(code("mia"), grpc::StatusCode::OK);
  EXPECT_EQ(code("eve"), grpc::StatusCode::PERMISSION_DENIED);
  request.set_user("users/nobody");
  EXPECT_EQ(code("eve"), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(code("mia"), grpc::StatusCode::NOT_FOUND);
  request.clear_user();
  request.set_organisation("organisations/nowhere");
  EXPECT_EQ(code("ada"), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace labslot::service
