#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"
#include "tests/support/records.h"

namespace labslot::service {
namespace {

using runtime::Booking;
using runtime::Order;

constexpr size_t kFeedCapacity = 4;

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() { running_.Start(); }

  // One stream, and what came of it.
  class Stream {
   public:
    Stream(RunningServer& running, const std::string& user, std::optional<Revision> after,
           const std::vector<std::string>& resources = {})
        : stub_(v1::ChangeService::NewStub(running.OverSocket())), context_(CallOf(user)) {
      v1::WatchRequest request;
      if (after) request.set_after_revision(*after);
      for (const std::string& resource : resources) request.add_resources(resource);
      reader_ = stub_->Watch(context_.get(), request);
    }

    // Reads on until everything up to `revision` has been told, or the end.
    void ReadTo(Revision revision) {
      v1::WatchResponse response;
      while (told_ < revision && reader_->Read(&response)) {
        EXPECT_GE(response.revision(), told_);
        told_ = response.revision();
        for (const v1::Event& event : response.events()) revisions_.push_back(event.revision());
      }
    }
    bool Read() {
      v1::WatchResponse response;
      return reader_->Read(&response);
    }
    grpc::Status Finish() { return reader_->Finish(); }

    Revision told() const { return told_; }
    const std::vector<Revision>& revisions() const { return revisions_; }

   private:
    std::unique_ptr<v1::ChangeService::Stub> stub_;
    std::unique_ptr<grpc::ClientContext> context_;
    std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> reader_;
    Revision told_ = -1;
    std::vector<Revision> revisions_;
  };

  // Makes events, some in groups.
  void Happen(int count) {
    for (int i = 0; i < count; ++i) {
      Asset lab = support::MakeAsset("lab");
      lab.description = absl::StrCat("event ", happened_++);
      engine::ImportRecords import;
      import.records = {lab};
      running_.Must(Order(import));
    }
  }

  std::vector<Revision> From(Revision first, Revision last) {
    std::vector<Revision> revisions;
    for (Revision r = first; r <= last; ++r) revisions.push_back(r);
    return revisions;
  }

  Revision Head() { return running_.store().head(); }

  RunningServer running_{kFeedCapacity};
  int happened_ = 0;
};

TEST_F(WatchTest, AWatcherCatchesUpFromTheStoreBeyondTheFeed) {
  Happen(600);
  Stream stream(running_, "", 0);
  stream.ReadTo(Head());
  EXPECT_EQ(stream.revisions(), From(1, Head()));
}

TEST_F(WatchTest, AWatcherHearsOfWhatHappensLater) {
  const Revision begin = Head();
  Stream stream(running_, "", std::nullopt);
  stream.ReadTo(begin);
  EXPECT_EQ(stream.told(), begin);
  Happen(20);
  stream.ReadTo(Head());
  EXPECT_EQ(stream.revisions(), From(begin + 1, Head()));
}

TEST_F(WatchTest, AWatcherThatDoesNotReadMissesNothing) {
  Stream stream(running_, "", 0);
  stream.ReadTo(1);
  Happen(3000);
  stream.ReadTo(Head());
  EXPECT_EQ(stream.revisions(), From(1, Head()));
}

TEST_F(WatchTest, StopTellsFromWhereToGoOn) {
  Stream stream(running_, "", 0);
  stream.ReadTo(Head());
  const Revision head = Head();
  running_.Stop();
  EXPECT_FALSE(stream.Read());
  const grpc::Status status = stream.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr(absl::StrCat("from revision ", head)));
}

TEST_F(WatchTest, AStoppedStreamGoesOnWithoutGapOrRepeat) {
  Happen(50);
  Stream first(running_, "", 0);
  first.ReadTo(20);
  const Revision told = first.told();
  running_.Stop();
  running_.Start();
  Happen(5);
  Stream second(running_, "", told);
  second.ReadTo(Head());
  EXPECT_EQ(second.revisions(), From(told + 1, Head()));
}

TEST_F(WatchTest, ARevisionAheadOfTheLogIsRefused) {
  Stream stream(running_, "", Head() + 1);
  EXPECT_FALSE(stream.Read());
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(WatchTest, MalformedResourcesAreRefused) {
  Stream stream(running_, "", 0, {"gadgets/x"});
  EXPECT_FALSE(stream.Read());
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(WatchTest, AStrangerHearsNothingOfOthersButIsToldHowFarTheLogWasRead) {
  const Revision begin = Head();
  running_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  Stream member(running_, "bob", begin);
  member.ReadTo(Head());
  EXPECT_EQ(member.revisions(), From(begin + 1, begin + 1));
  Stream stranger(running_, "eve", begin);
  stranger.ReadTo(Head());
  EXPECT_TRUE(stranger.revisions().empty());
  EXPECT_EQ(stranger.told(), begin + 1);
}

TEST_F(WatchTest, OnlyWhatWasAskedForIsTold) {
  const Revision begin = Head();
  running_.Must(Order(Booking("lab", "mon 9:00-10:00")));
  running_.Must(Order(Booking("rigs", "mon 9:00-10:00")));
  Happen(1);
  Stream one(running_, "", begin, {"assets/rigs"});
  one.ReadTo(Head());
  EXPECT_EQ(one.revisions(), From(begin + 2, begin + 2));
  Stream kind(running_, "", begin, {"reservations"});
  kind.ReadTo(Head());
  EXPECT_EQ(kind.revisions(), From(begin + 1, begin + 2));
}

TEST_F(WatchTest, ARevokedTokenEndsTheStream) {
  Stream stream(running_, "ada", Head());
  stream.ReadTo(Head());
  running_.Must(Order(engine::DeleteRecord{kTokens, "t-ada", 0}));
  while (stream.Read()) {
  }
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

// Whole records travel in events; a message must stay below what clients take.
TEST_F(WatchTest, LargeEventsAreSpreadOverMessages) {
  const Revision begin = Head();
  engine::ImportRecords import;
  for (int i = 0; i < 40; ++i) {
    HolidayRegion region = support::MakeRegion(absl::StrCat("region-", i), {});
    for (int d = 0; d < 1000; ++d) {
      Holiday holiday;
      holiday.date = absl::CivilDay(2027, 1, 1) + d;
      holiday.display_name = std::string(180, 'x');
      region.holidays.push_back(holiday);
    }
    import.records.push_back(region);
  }
  running_.Must(Order(import));
  Stream stream(running_, "", begin);
  stream.ReadTo(Head());
  EXPECT_EQ(stream.revisions(), From(begin + 1, Head()));
}

}  // namespace
}  // namespace labslot::service
