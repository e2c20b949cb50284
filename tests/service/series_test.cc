#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using runtime::Booking;
using runtime::Order;

class SeriesTest : public ::testing::Test {
 protected:
  SeriesTest() {
    running_.Start();
    stub_ = v1::ReservationService::NewStub(running_.OverTcp());
  }

  // The lab on Mondays from 9:00 to 10:00.
  static v1::CreateSeriesRequest Mondays(int count, int first_day = 1) {
    v1::CreateSeriesRequest request;
    v1::Series& series = *request.mutable_series();
    series.mutable_reservation()->add_items()->set_asset("assets/lab");
    series.mutable_recurrence()->set_start(absl::StrCat("2027-03-0", first_day, "T09:00"));
    series.mutable_recurrence()->set_end(absl::StrCat("2027-03-0", first_day, "T10:00"));
    series.mutable_recurrence()->set_rrule(absl::StrCat("FREQ=WEEKLY;COUNT=", count));
    series.mutable_contract()->set_kind(v1::SeriesContract::SKIP_CONFLICTS);
    return request;
  }

  v1::Series Made(const std::string& user, const v1::CreateSeriesRequest& request) {
    v1::Series series;
    const grpc::Status status = stub_->CreateSeries(CallOf(user).get(), request, &series);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return series;
  }

  grpc::StatusCode CodeOfGet(const std::string& user, const std::string& name) {
    v1::GetSeriesRequest request;
    request.set_name(name);
    v1::Series series;
    return stub_->GetSeries(CallOf(user).get(), request, &series).error_code();
  }

  RunningServer running_;
  std::unique_ptr<v1::ReservationService::Stub> stub_;
};

TEST_F(SeriesTest, ASeriesIsMadeAndRead) {
  const v1::Series made = Made("ada", Mondays(3));
  ASSERT_EQ(made.occurrences_size(), 3);
  EXPECT_EQ(made.recurrence().time_zone(), "Europe/Brussels");
  EXPECT_EQ(made.reservation().user(), "users/ada");
  v1::GetSeriesRequest get;
  get.set_name(made.name());
  v1::Series read;
  ASSERT_TRUE(stub_->GetSeries(CallOf("ada").get(), get, &read).ok());
  EXPECT_EQ(read.SerializeAsString(), made.SerializeAsString());
  v1::GetReservationRequest of_first;
  of_first.set_name(made.occurrences(0).reservation());
  v1::Reservation first;
  ASSERT_TRUE(stub_->GetReservation(CallOf("ada").get(), of_first, &first).ok());
  EXPECT_EQ(first.series(), made.name());
}

TEST_F(SeriesTest, ARefusedDayCarriesItsRefusalWithoutNamesOfStrangers) {
  running_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  v1::CreateSeriesRequest request = Mondays(2);
  const v1::Series of_ada = Made("ada", request);
  ASSERT_TRUE(of_ada.occurrences(0).has_refusal());
  EXPECT_EQ(of_ada.occurrences(0).reservation(), "");
  EXPECT_EQ(of_ada.occurrences(0).date().day(), 1);
  const v1::Violation& violation = of_ada.occurrences(0).refusal().violations(0);
  EXPECT_EQ(violation.rule(), v1::Violation::CAPACITY_EXCEEDED);
  EXPECT_NE(violation.conflicts(0).reservation(), "") << "her own";
  EXPECT_FALSE(of_ada.occurrences(1).has_refusal());
  request.mutable_series()->mutable_recurrence()->add_extra_dates()->set_year(2027);
  request.mutable_series()->mutable_recurrence()->mutable_extra_dates(0)->set_month(3);
  request.mutable_series()->mutable_recurrence()->mutable_extra_dates(0)->set_day(2);
  const v1::Series of_eve = Made("eve", request);
  ASSERT_TRUE(of_eve.occurrences(0).has_refusal());
  EXPECT_EQ(of_eve.occurrences(0).refusal().violations(0).conflicts(0).reservation(), "");
}

// The numbers that a dry run would get may go to others.
TEST_F(SeriesTest, ADryRunNamesNothing) {
  v1::CreateSeriesRequest request = Mondays(3);
  request.set_validate_only(true);
  const v1::Series would = Made("ada", request);
  EXPECT_EQ(would.name(), "");
  EXPECT_EQ(would.etag(), "");
  ASSERT_EQ(would.occurrences_size(), 3);
  for (const v1::Occurrence& occurrence : would.occurrences()) {
    EXPECT_EQ(occurrence.reservation(), "");
    EXPECT_FALSE(occurrence.has_refusal());
  }
}

TEST_F(SeriesTest, ToAStrangerASeriesDoesNotExist) {
  const v1::Series made = Made("ada", Mondays(2));
  EXPECT_EQ(CodeOfGet("eve", made.name()), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(CodeOfGet("eve", "series/999999"), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(CodeOfGet("eve", "series/x"), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOfGet("bob", made.name()), grpc::StatusCode::OK) << "of the same organisation";
  EXPECT_EQ(CodeOfGet("mia", made.name()), grpc::StatusCode::OK) << "manages the lab";
  v1::ListSeriesResponse list;
  ASSERT_TRUE(stub_->ListSeries(CallOf("eve").get(), v1::ListSeriesRequest(), &list).ok());
  EXPECT_EQ(list.series_size(), 0);
  v1::CancelSeriesRequest cancel;
  cancel.set_name(made.name());
  v1::Series response;
  EXPECT_EQ(stub_->CancelSeries(CallOf("eve").get(), cancel, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  v1::RetrySeriesRequest retry;
  retry.set_name(made.name());
  EXPECT_EQ(stub_->RetrySeries(CallOf("eve").get(), retry, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(SeriesTest, PagesTogetherAreAllSeriesByNumber) {
  std::vector<std::string> made;
  for (int day = 1; day <= 5; ++day) made.push_back(Made("ada", Mondays(2, day)).name());
  for (const int page_size : {0, 1, 2, 5, 1000}) {
    v1::ListSeriesRequest request;
    request.set_page_size(page_size);
    std::vector<std::string> listed;
    do {
      v1::ListSeriesResponse response;
      ASSERT_TRUE(stub_->ListSeries(CallOf("ada").get(), request, &response).ok());
      for (const v1::Series& series : response.series()) listed.push_back(series.name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(listed, made) << page_size;
  }
}

TEST_F(SeriesTest, AChangeNamesFieldsAndADay) {
  const v1::Series made = Made("ada", Mondays(3));
  v1::UpdateSeriesRequest update;
  update.mutable_series()->set_name(made.name());
  update.mutable_series()->mutable_reservation()->set_purpose("lecture");
  update.mutable_update_mask()->add_paths("reservation.purpose");
  update.mutable_from_date()->set_year(2027);
  v1::Series changed;
  EXPECT_EQ(stub_->UpdateSeries(CallOf("ada").get(), update, &changed).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  update.mutable_from_date()->set_month(3);
  update.mutable_from_date()->set_day(8);
  const grpc::Status status = stub_->UpdateSeries(CallOf("ada").get(), update, &changed);
  ASSERT_TRUE(status.ok()) << status.error_message();
  const auto purpose_of = [&](int occurrence) {
    v1::GetReservationRequest get;
    get.set_name(changed.occurrences(occurrence).reservation());
    v1::Reservation reservation;
    EXPECT_TRUE(stub_->GetReservation(CallOf("ada").get(), get, &reservation).ok());
    return reservation.purpose();
  };
  EXPECT_EQ(purpose_of(0), "");
  EXPECT_EQ(purpose_of(1), "lecture");
}

}  // namespace
}  // namespace labslot::service
