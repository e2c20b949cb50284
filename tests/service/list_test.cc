#include <algorithm>
#include <map>
#include <random>
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

class ListTest : public ::testing::Test {
 protected:
  struct Row {
    Instant start = 0;
    ReservationId id = 0;
    std::string asset;
    std::string user;
    bool cancelled = false;
    friend auto operator<=>(const Row&, const Row&) = default;
  };

  ListTest() {
    engine::ImportRecords import;
    import.records = {support::MakePool("seats", 1000)};
    running_.Must(Order(import));
  }

  // A few hundred reservations, many of them with the same start.
  void Fill(uint32_t seed) {
    std::mt19937 random(seed);
    const auto upto = [&](uint32_t n) { return static_cast<int>(random() % n); };
    const Instant monday = support::At("mon 0:00");
    for (int i = 0; i < 150; ++i) {
      Row row;
      row.asset = upto(3) == 0 ? "seats" : "rigs";
      row.user = upto(2) == 0 ? "ada" : "bob";
      // Sparse over two years, dense in places.
      const int day = upto(4) == 0 ? upto(700) : upto(3);
      row.start = monday + day * support::kDay + upto(4) * 6 * 3600;
      engine::CreateReservation booking = Booking(row.asset, "mon 9:00-10:00");
      booking.draft.interval = {row.start, row.start + 600};
      booking.draft.user = row.user;
      const Result<runtime::Answer> answer = running_.life().Run(Order(booking));
      if (!answer.ok()) continue;
      row.id = runtime::IdOf(answer.value());
      row.cancelled = upto(5) == 0;
      if (row.cancelled) running_.Must(Order(engine::CancelReservation{row.id, 0}));
      rows_.push_back(row);
    }
    ASSERT_GT(rows_.size(), 60u);
  }

  // What a list should be, told simply.
  template <typename Accept>
  std::vector<std::string> Naive(bool descending, Accept accept) const {
    std::vector<Row> rows;
    std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(rows), accept);
    std::sort(rows.begin(), rows.end());
    if (descending) std::reverse(rows.begin(), rows.end());
    std::vector<std::string> names;
    for (const Row& row : rows) names.push_back(absl::StrCat("reservations/", row.id));
    return names;
  }

  // All pages of a list.
  std::vector<std::string> List(v1::ListReservationsRequest request, const std::string& user = "") {
    std::vector<std::string> names;
    do {
      v1::ListReservationsResponse response;
      const grpc::Status status = stub_->ListReservations(CallOf(user).get(), request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (!status.ok()) break;
      EXPECT_LE(response.reservations_size(), std::max(request.page_size(), 1000));
      for (const v1::Reservation& r : response.reservations()) names.push_back(r.name());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return names;
  }

  void StartServing() {
    running_.Start();
    stub_ = v1::ReservationService::NewStub(running_.OverSocket());
  }

  RunningServer running_;
  std::unique_ptr<v1::ReservationService::Stub> stub_;
  std::vector<Row> rows_;
};

class ListPropertyTest : public ListTest, public ::testing::WithParamInterface<uint32_t> {};

TEST_P(ListPropertyTest, PagesTogetherAreTheNaiveList) {
  SCOPED_TRACE(absl::StrCat("seed ", GetParam()));
  Fill(GetParam());
  StartServing();
  for (const bool descending : {false, true}) {
    for (const int page_size : {0, 1, 2, 7, 1000}) {
      SCOPED_TRACE(absl::StrCat(descending ? "descending" : "ascending", ", pages of ", page_size));
      v1::ListReservationsRequest request;
      request.set_page_size(page_size);
      if (descending) request.set_order_by("start_time desc");
      EXPECT_EQ(List(request), Naive(descending, [](const Row&) { return true; }));
      request.set_filter("asset = \"assets/seats\"");
      EXPECT_EQ(List(request), Naive(descending, [](const Row& r) { return r.asset == "seats"; }));
      request.set_filter("user = \"users/bob\" AND state != CANCELLED");
      EXPECT_EQ(List(request),
                Naive(descending, [](const Row& r) { return r.user == "bob" && !r.cancelled; }));
    }
  }
}

TEST_P(ListPropertyTest, ABoundOnStartsIsKept) {
  SCOPED_TRACE(absl::StrCat("seed ", GetParam()));
  Fill(GetParam());
  StartServing();
  const Instant from = support::At("tue 6:00", "UTC");
  v1::ListReservationsRequest request;
  request.set_page_size(3);
  request.set_filter("start_time >= \"2027-03-02T06:00:00Z\"");
  EXPECT_EQ(List(request), Naive(false, [&](const Row& r) { return r.start >= from; }));
  request.set_order_by("start_time desc");
  request.set_filter("start_time < \"2027-03-02T06:00:00Z\"");
  EXPECT_EQ(List(request), Naive(true, [&](const Row& r) { return r.start < from; }));
}

INSTANTIATE_TEST_SUITE_P(Seeds, ListPropertyTest, ::testing::Range(1u, 4u));

TEST_F(ListTest, APageTokenIsForTheRequestThatItWasGivenOutFor) {
  Fill(7);
  StartServing();
  v1::ListReservationsRequest request;
  request.set_page_size(2);
  v1::ListReservationsResponse response;
  ASSERT_TRUE(stub_->ListReservations(CallOf().get(), request, &response).ok());
  ASSERT_NE(response.next_page_token(), "");
  request.set_page_token(response.next_page_token());
  request.set_page_size(5);  // another size is no other request
  EXPECT_TRUE(stub_->ListReservations(CallOf().get(), request, &response).ok());
  request.set_filter("user = \"users/ada\"");
  EXPECT_EQ(stub_->ListReservations(CallOf().get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_filter();
  request.set_order_by("start_time desc");
  EXPECT_EQ(stub_->ListReservations(CallOf().get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_order_by();
  request.set_page_token("bm9uc2Vuc2U");
  EXPECT_EQ(stub_->ListReservations(CallOf().get(), request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ListTest, AnEmptyListHasNoNextPage) {
  StartServing();
  v1::ListReservationsResponse response;
  v1::ListReservationsRequest request;
  request.set_page_size(1);
  ASSERT_TRUE(stub_->ListReservations(CallOf().get(), request, &response).ok());
  EXPECT_EQ(response.reservations_size(), 0);
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(ListTest, TheLastPageMayBeShort) {
  Fill(9);
  StartServing();
  v1::ListReservationsRequest request;
  request.set_page_size(static_cast<int32_t>(rows_.size()) - 1);
  v1::ListReservationsResponse response;
  ASSERT_TRUE(stub_->ListReservations(CallOf().get(), request, &response).ok());
  request.set_page_token(response.next_page_token());
  ASSERT_TRUE(stub_->ListReservations(CallOf().get(), request, &response).ok());
  EXPECT_EQ(response.reservations_size(), 1);
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(ListTest, EventsComeInPagesWithoutGap) {
  Fill(11);
  StartServing();
  const auto changes = v1::ChangeService::NewStub(running_.OverSocket());
  v1::ListEventsRequest request;
  request.set_page_size(7);
  Revision next = 1;
  do {
    v1::ListEventsResponse response;
    ASSERT_TRUE(changes->ListEvents(CallOf().get(), request, &response).ok());
    for (const v1::Event& event : response.events()) EXPECT_EQ(event.revision(), next++);
    EXPECT_EQ(response.revision(), next - 1);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(next, running_.store().head() + 1);
}

}  // namespace
}  // namespace labslot::service
