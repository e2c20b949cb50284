#include <string>

#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using google::protobuf::util::MessageDifferencer;
using runtime::Booking;
using runtime::Order;

// Reports of the past come from the store; they must say what was said when it
// was the present.
class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() {
    Asset slow = support::MakeAsset("slow");
    slow.set_up = 1800;
    slow.tear_down = 900;
    engine::ImportRecords import;
    import.records = {slow, support::MakeAsset("line"), support::MakeChild("cell", "line")};
    running_.Must(Order(import));
    running_.Must(Order(Booking("lab", "mon 9:00-10:00")));
    running_.Must(Order(Booking("rigs", "mon 9:00-11:00", 2)));
    running_.Must(Order(Booking("rigs", "mon 10:00-12:00", 1)));
    running_.Must(Order(Booking("slow", "mon 7:00-8:00")));
    running_.Must(Order(Booking("slow", "mon 23:00-tue 1:00")));
    running_.Must(Order(Booking("cell", "mon 14:00-15:00")));
    const auto cancelled = running_.Must(Order(Booking("lab", "mon 12:00-13:00")));
    running_.Must(Order(engine::CancelReservation{runtime::IdOf(cancelled), 0}));
    running_.Must(Order(Booking("lab", "mon 15:00-16:00", 1, 60)));
    running_.clock().Advance(60);
    running_.Start();
    running_.Settle();
  }

  v1::QueryFreeBusyResponse FreeBusy(absl::string_view span) {
    v1::QueryFreeBusyRequest request;
    for (const char* asset : {"lab", "rigs", "slow", "line", "cell"}) {
      request.add_assets(NameOf(kAssets, asset));
    }
    SetInterval(span, *request.mutable_interval());
    v1::QueryFreeBusyResponse response;
    const auto stub = v1::AvailabilityService::NewStub(running_.OverSocket());
    const grpc::Status status = stub->QueryFreeBusy(CallOf().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // Lets time pass until what was is forgotten in memory.
  void Forget() {
    running_.clock().Set(support::At("2027-08-01 9:00"));
    running_.Must(Order(Booking("rigs", "2027-09-01 9:00/2027-09-01 10:00")));
    running_.Settle();
  }

  RunningServer running_;
};

TEST_F(HistoryTest, FreeAndBusyOfThePastIsWhatItWas) {
  const auto then = FreeBusy("mon 0:00-tue 12:00");
  ASSERT_EQ(then.assets(1).occupancies_size(), 2);
  ASSERT_EQ(then.assets(0).occupancies_size(), 1) << "cancelled or expired ones do not occupy";
  Forget();
  EXPECT_EQ(running_.life().sequencer.state().live_occupancy_count(), 1);
  const auto now = FreeBusy("mon 0:00-tue 12:00");
  EXPECT_TRUE(MessageDifferencer::Equals(now, then)) << now.DebugString() << then.DebugString();
}

TEST_F(HistoryTest, APeriodFromThePastIntoTheFutureShowsBoth) {
  Forget();
  const auto both = FreeBusy("2027-03-01 0:00/2027-10-01 0:00");
  EXPECT_EQ(both.assets(1).occupancies_size(), 3);
}

TEST_F(HistoryTest, UtilisationIsTheSameBeforeAndAfterItIsForgotten) {
  const auto stub = v1::UtilisationService::NewStub(running_.OverSocket());
  v1::QueryUtilisationRequest request;
  SetInterval("mon 0:00-wed 0:00", *request.mutable_interval());
  request.set_bucket(v1::QueryUtilisationRequest::DAY);
  running_.clock().Set(support::At("wed 0:00"));
  v1::QueryUtilisationResponse then;
  ASSERT_TRUE(stub->QueryUtilisation(CallOf().get(), request, &then).ok());
  Forget();
  v1::QueryUtilisationResponse now;
  ASSERT_TRUE(stub->QueryUtilisation(CallOf().get(), request, &now).ok());
  EXPECT_GT(now.revision(), then.revision());
  now.set_revision(then.revision());
  EXPECT_TRUE(MessageDifferencer::Equals(now, then)) << now.DebugString() << then.DebugString();
  for (const v1::UtilisationRow& row : now.rows()) {
    EXPECT_EQ(row.used_seconds() + row.held_seconds() + row.changeover_seconds() +
                  row.blocked_seconds() + row.closed_seconds() + row.available_seconds(),
              row.total_seconds());
  }
}

}  // namespace
}  // namespace labslot::service
