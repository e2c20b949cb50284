#include "daemon/service/test_policy.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/records.h"

namespace labslot::service {
namespace {

namespace v1 = ::labslot::v1;

class TellBrokenTest : public ::testing::Test {
 protected:
  TellBrokenTest() {
    catalogue_.Put(support::MakeOrganisation("acme"));
    catalogue_.Put(support::MakeUser("ada", {"acme"}));
    catalogue_.Put(support::MakeUser("eve"));
    catalogue_.Put(support::MakeSite("lommel"));
    catalogue_.Put(support::MakeAsset("lab"));
    Reservation& reservation = broken_.reservation;
    reservation = support::Draft({support::Item("lab")}, {3600, 7200});
    reservation.id = 7;
    reservation.user = "ada";
    reservation.organisation = "acme";
    reservation.display_name = "secret";
    reservation.purpose = "secret";
    reservation.project = "secret";
    reservation.state_reason = "secret";
    reservation.labels = {{"secret", "secret"}};
    reservation.notes = {{NoteKind::kWarning, Rule::kTooLong, "", "", "secret", ""}};
    Violation violation;
    violation.rule = Rule::kTooLong;
    violation.message = "secret";
    violation.scope = "users/ada secret";
    violation.found = "secret";
    violation.limit = "2 h";
    violation.asset = "lab";
    violation.source = "policies/short";
    violation.conflicts = {{8, "lab", {0, 60}, 1}};
    broken_.violations = {violation};
  }

  v1::BrokenReservation ToldTo(const std::string& user) {
    const engine::Principal principal = {user};
    ConflictMask mask(catalogue_, principal, [](ReservationId) {
      return absl::StatusOr<std::optional<Reservation>>(std::nullopt);
    });
    v1::BrokenReservation told;
    TellBroken(catalogue_, principal, broken_, mask, told);
    return told;
  }

  engine::Catalogue catalogue_;
  engine::BrokenReservation broken_;
};

TEST_F(TellBrokenTest, WhoMaySeeAReservationIsToldAllOfIt) {
  const v1::BrokenReservation told = ToldTo("ada");
  EXPECT_EQ(told.reservation().name(), "reservations/7");
  EXPECT_EQ(told.reservation().purpose(), "secret");
  EXPECT_EQ(told.reservation().time_zone(), "Europe/Brussels");
  ASSERT_EQ(told.violations_size(), 1);
  EXPECT_EQ(told.violations(0).message(), "secret");
  EXPECT_EQ(told.violations(0).conflicts(0).reservation(), "");
}

TEST_F(TellBrokenTest, OthersAreToldWhenAndWhereAndWhichRule) {
  const v1::BrokenReservation told = ToldTo("eve");
  EXPECT_THAT(told.SerializeAsString(), ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_THAT(told.SerializeAsString(), ::testing::Not(::testing::HasSubstr("ada")));
  EXPECT_EQ(told.reservation().name(), "");
  EXPECT_EQ(told.reservation().organisation(), "");
  EXPECT_EQ(told.reservation().items(0).asset(), "assets/lab");
  EXPECT_EQ(told.reservation().interval().start_time().seconds(), 3600);
  EXPECT_EQ(told.reservation().state(), v1::Reservation::STATE_CONFIRMED);
  ASSERT_EQ(told.violations_size(), 1);
  EXPECT_EQ(told.violations(0).rule(), v1::Violation::TOO_LONG);
  EXPECT_EQ(told.violations(0).source(), "policies/short");
  EXPECT_EQ(told.violations(0).limit(), "2 h");
}

}  // namespace
}  // namespace labslot::service
