#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "daemon/service/convert/fingerprint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using runtime::Booking;
using runtime::Order;

class AccessTest : public ::testing::Test {
 protected:
  AccessTest() { running_.Start(); }

  // Who the caller is, or the code and message of the refusal.
  std::string WhoIs(const std::shared_ptr<grpc::Channel>& channel,
                    std::unique_ptr<grpc::ClientContext> context) {
    const auto stub = v1::DirectoryService::NewStub(channel);
    v1::User user;
    const grpc::Status status = stub->WhoAmI(context.get(), v1::WhoAmIRequest(), &user);
    if (!status.ok()) return absl::StrCat(status.error_code(), " ", status.error_message());
    return user.name().empty() ? user.display_name() : user.name();
  }

  RunningServer running_;
};

const std::string kUnauthenticated = absl::StrCat(grpc::StatusCode::UNAUTHENTICATED);

TEST_F(AccessTest, ACallOverTcpWithoutIdentityIsTurnedAway) {
  EXPECT_THAT(WhoIs(running_.OverTcp(), CallOf()), ::testing::StartsWith(kUnauthenticated));
}

TEST_F(AccessTest, ATokenSaysWhoCalls) {
  EXPECT_EQ(WhoIs(running_.OverTcp(), CallOf("ada")), "users/ada");
  EXPECT_EQ(WhoIs(running_.OverTcp(), CallOf("bob")), "users/bob");
}

TEST_F(AccessTest, ATokenGoesBeforeTheIdentityOfTheSocket) {
  EXPECT_EQ(WhoIs(running_.OverSocket(), CallOf("ada")), "users/ada");
}

TEST_F(AccessTest, TheAccountOfTheDaemonIsTheLocalOperator) {
  EXPECT_EQ(WhoIs(running_.OverSocket(), CallOf()), "local operator");
}

// A wrong token does not fall back to the socket, and nobody learns what was
// wrong with it.
TEST_F(AccessTest, ATokenThatIsNotGoodIsTurnedAwayAlikeWhateverItLacks) {
  running_.Must(Order(engine::DeleteRecord{kTokens, "t-ada", 0}));
  running_.Must(Order(engine::DeleteRecord{kUsers, "bob", 0}));
  Token brief;
  brief.id = "t-brief";
  brief.user = "eve";
  brief.secret_sha256 = Sha256("brief");
  brief.expire_time = running_.clock().Now() + 60;
  running_.Must(Order(engine::CreateRecord{brief}));
  EXPECT_EQ(WhoIs(running_.OverTcp(), CallWithToken("brief")), "users/eve");
  running_.clock().Advance(60);
  const std::string unknown = WhoIs(running_.OverTcp(), CallWithToken("no such secret"));
  EXPECT_THAT(unknown, ::testing::StartsWith(kUnauthenticated));
  EXPECT_EQ(WhoIs(running_.OverTcp(), CallOf("ada")), unknown) << "revoked";
  EXPECT_EQ(WhoIs(running_.OverTcp(), CallOf("bob")), unknown) << "disabled";
  EXPECT_EQ(WhoIs(running_.OverTcp(), CallWithToken("brief")), unknown) << "expired";
  EXPECT_EQ(WhoIs(running_.OverSocket(), CallWithToken("no such secret")), unknown);
  auto basic = CallOf();
  basic->AddMetadata("authorization", "Basic secret-of-mia");
  EXPECT_EQ(WhoIs(running_.OverTcp(), std::move(basic)), unknown);
}

TEST_F(AccessTest, TheReservationOfAStrangerIsAnsweredAsAnUnknownOne) {
  const ReservationId id = runtime::IdOf(running_.Must(Order(Booking("lab", "mon 9:00-10:00"))));
  const auto stub = v1::ReservationService::NewStub(running_.OverTcp());
  const auto answer_to = [&](ReservationId asked) {
    v1::GetReservationRequest request;
    request.set_name(absl::StrCat("reservations/", asked));
    v1::Reservation response;
    auto context = CallOf("eve");
    const grpc::Status status = stub->GetReservation(context.get(), request, &response);
    return absl::StrCat(status.error_code(), "|", status.error_message(), "|",
                        status.error_details());
  };
  const ReservationId unknown = id + 1;
  EXPECT_EQ(absl::StrReplaceAll(answer_to(id), {{absl::StrCat(id), absl::StrCat(unknown)}}),
            answer_to(unknown));
  EXPECT_THAT(answer_to(id), ::testing::StartsWith(absl::StrCat(grpc::StatusCode::NOT_FOUND)));
}

TEST_F(AccessTest, AChangeOfAStrangersReservationIsAnsweredAsOfAnUnknownOne) {
  const ReservationId id = runtime::IdOf(running_.Must(Order(Booking("lab", "mon 9:00-10:00"))));
  const auto stub = v1::ReservationService::NewStub(running_.OverTcp());
  const auto answer_to = [&](ReservationId asked) {
    v1::CancelReservationRequest request;
    request.set_name(absl::StrCat("reservations/", asked));
    v1::Reservation response;
    auto context = CallOf("eve");
    const grpc::Status status = stub->CancelReservation(context.get(), request, &response);
    return absl::StrCat(status.error_code(), "|", status.error_message(), "|",
                        status.error_details());
  };
  EXPECT_EQ(absl::StrReplaceAll(answer_to(id), {{absl::StrCat(id), absl::StrCat(id + 1)}}),
            answer_to(id + 1));
}

TEST_F(AccessTest, UtilisationIsForManagersOnly) {
  const auto stub = v1::UtilisationService::NewStub(running_.OverTcp());
  v1::QueryUtilisationRequest request;
  SetInterval("2027-03-01 0:00/2027-03-08 0:00", *request.mutable_interval());
  for (const bool named : {false, true}) {
    if (named) request.add_assets("assets/lab");
    v1::QueryUtilisationResponse response;
    EXPECT_EQ(stub->QueryUtilisation(CallOf("ada").get(), request, &response).error_code(),
              grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_TRUE(stub->QueryUtilisation(CallOf("mia").get(), request, &response).ok());
    EXPECT_EQ(response.rows_size(), named ? 1 : 2);
  }
}

TEST_F(AccessTest, ARatioIsNamedOnce) {
  const auto stub = v1::UtilisationService::NewStub(running_.OverTcp());
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"*", "*"}, {"*", "occupancy"}, {"occupancy", "occupancy"}}) {
    v1::QueryUtilisationRequest request;
    SetInterval("2027-03-01 0:00/2027-03-08 0:00", *request.mutable_interval());
    for (const std::string& name : names) request.add_ratios(name);
    v1::QueryUtilisationResponse response;
    EXPECT_EQ(stub->QueryUtilisation(CallOf("mia").get(), request, &response).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST_F(AccessTest, AStrangerListsNothingAndSeesBusyTimesWithoutNames) {
  running_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  v1::ListReservationsResponse list;
  const auto reservations = v1::ReservationService::NewStub(running_.OverTcp());
  ASSERT_TRUE(
      reservations->ListReservations(CallOf("eve").get(), v1::ListReservationsRequest(), &list)
          .ok());
  EXPECT_EQ(list.reservations_size(), 0);
  v1::QueryFreeBusyRequest request;
  request.add_assets("assets/lab");
  SetInterval("mon 8:00-11:00", *request.mutable_interval());
  v1::QueryFreeBusyResponse response;
  const auto stub = v1::AvailabilityService::NewStub(running_.OverTcp());
  ASSERT_TRUE(stub->QueryFreeBusy(CallOf("eve").get(), request, &response).ok());
  ASSERT_EQ(response.assets(0).occupancies_size(), 1);
  EXPECT_EQ(response.assets(0).occupancies(0).reservation(), "");
  ASSERT_TRUE(stub->QueryFreeBusy(CallOf("ada").get(), request, &response).ok());
  EXPECT_NE(response.assets(0).occupancies(0).reservation(), "");
}

}  // namespace
}  // namespace labslot::service
