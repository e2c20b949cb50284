// Many reservations in one step: all of them, or none.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "tests/engine/random_world.h"
#include "tests/engine/same_state.h"
#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Draft;
using support::Item;
using support::MakeAsset;
using support::MakePool;
using support::MakeSite;
using support::MakeUser;
using support::Span;
using support::World;
using testing::EndsWith;
using testing::StartsWith;

class BatchTest : public testing::Test {
 protected:
  BatchTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakePool("rigs", 3));
  }

  static CreateReservation Wish(const char* asset, const char* when,
                                OnConflict on_conflict = OnConflict::kReject) {
    return {Draft({Item(asset)}, Span(when)), 0, on_conflict};
  }

  Result<Decision> Run(std::vector<CreateReservation> requests, const std::string& user = "ada") {
    return world_.Run({user}, CreateReservations{std::move(requests)});
  }

  World world_;
};

TEST_F(BatchTest, AllAreMadeInTheOrderOfTheRequests) {
  const Revision head = world_.state().head();
  const auto made = Run({Wish("oven", "mon 10:00-11:00"), Wish("oven", "mon 9:00-10:00"),
                         Wish("rigs", "mon 9:00-10:00")});
  ASSERT_TRUE(made.ok()) << support::Describe(made.error());
  ASSERT_EQ(made.value().changes.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    const Event& event = made.value().changes[i].event;
    EXPECT_EQ(event.revision, head + 1 + static_cast<Revision>(i));
    EXPECT_EQ(std::get<Reservation>(event.resource).id, event.revision);
    EXPECT_EQ(std::get<Reservation>(event.resource).state, ReservationState::kConfirmed);
  }
  EXPECT_EQ(world_.reservation(head + 1).interval, Span("mon 10:00-11:00"));
  EXPECT_EQ(world_.reservation(head + 3).items[0].asset, "rigs");
}

TEST_F(BatchTest, OneThatIsRefusedRefusesAllAndIsNamed) {
  const ReservationId there = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  const Revision head = world_.state().head();
  const auto refused = Run({Wish("oven", "mon 10:00-11:00"), Wish("rigs", "mon 9:00-10:00"),
                            Wish("oven", "mon 9:30-9:45"), Wish("oven", "mon 9:50-9:55")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kRefused);
  EXPECT_EQ(refused.error().request, 2u);
  EXPECT_THAT(refused.error().message, StartsWith("requests[2]: "));
  ASSERT_EQ(refused.error().refusal->violations.size(), 1u);
  EXPECT_EQ(refused.error().refusal->violations[0].conflicts[0].reservation, there);
  EXPECT_FALSE(refused.error().refusal->alternatives.empty());
  EXPECT_EQ(world_.state().head(), head);
  EXPECT_EQ(world_.state().timeline("oven").size(), 1u);
  EXPECT_TRUE(world_.state().timeline("rigs").empty());
}

TEST_F(BatchTest, RequestsStandInTheWayOfThoseBehindThem) {
  const auto refused = Run({Wish("oven", "mon 9:00-10:00"), Wish("oven", "mon 9:30-10:30")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().request, 1u);
  EXPECT_THAT(refused.error().message, EndsWith("an earlier request of the batch is in the way"));
  EXPECT_EQ(refused.error().refusal->violations[0].conflicts[0].reservation, 0)
      << "what was not made has no name";
  // A pool has room for as many as it has units.
  const CreateReservation wish = Wish("rigs", "mon 9:00-10:00");
  EXPECT_EQ(Run({wish, wish, wish, wish}).error().request, 3u);
  EXPECT_TRUE(Run({wish, wish, wish}).ok());
}

TEST_F(BatchTest, QuotasCountWhatTheBatchMakes) {
  Quota quota;
  quota.id = "two";
  quota.display_name = "Two";
  quota.measure = Measure::kCount;
  quota.limit = 2;
  quota.applies_to.emplace_back().assets = {"oven"};
  world_.Add(quota);
  EXPECT_TRUE(Run({Wish("oven", "mon 9:00-10:00"), Wish("oven", "mon 10:00-11:00")}).ok());
  world_.MustBook(Draft({Item("rigs")}, Span("tue 9:00-10:00")));
  const auto refused = Run({Wish("rigs", "tue 9:00-10:00"), Wish("oven", "tue 9:00-10:00")});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().request, 1u);
  EXPECT_EQ(refused.error().refusal->violations[0].source, "quotas/two");
}

TEST_F(BatchTest, FieldsAreNamedByTheirPlaceInTheBatch) {
  const auto nobody =
      world_.Run(LocalOperator(), CreateReservations{{Wish("oven", "mon 9:00-10:00")}});
  ASSERT_EQ(nobody.error().kind, ErrorKind::kInvalidFields);
  EXPECT_EQ(nobody.error().fields[0].field, "requests[0].reservation.user");
  const auto unknown = Run({Wish("oven", "mon 9:00-10:00"), Wish("kiln", "mon 9:00-10:00")});
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(unknown.error().request, 1u);
}

TEST_F(BatchTest, ARequestMayWaitForWhatAnEarlierOneTakes) {
  const auto made =
      Run({Wish("oven", "mon 9:00-10:00"), Wish("oven", "mon 9:00-10:00", OnConflict::kWaitList)});
  ASSERT_TRUE(made.ok()) << support::Describe(made.error());
  const auto& waits = std::get<Reservation>(made.value().changes.back().event.resource);
  EXPECT_EQ(waits.state, ReservationState::kWaitlisted);
  ASSERT_TRUE(world_.Cancel(waits.id - 1).ok());
  EXPECT_EQ(world_.reservation(waits.id).state, ReservationState::kOffered);
}

// A batch comes to what its requests come to one by one.
TEST(BatchPropertyTest, IsItsRequestsOneByOne) {
  int made = 0;
  int refused = 0;
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld one_by_one(seed);
    RandomWorld at_once(seed);
    for (int i = 0; i < 20; ++i) {
      one_by_one.Step();
      at_once.Step();
    }
    CreateReservations batch;
    const unsigned count = 1 + one_by_one.Roll(4);
    for (unsigned i = 0; i < count; ++i) {
      const auto way = static_cast<OnConflict>(one_by_one.Roll(5));
      batch.requests.push_back({one_by_one.AnyDraft(), one_by_one.Roll(3) == 0 ? 600 : 0, way});
    }
    std::optional<size_t> failed;
    for (size_t i = 0; i < batch.requests.size() && !failed; ++i) {
      if (!one_by_one.world().Run({"ada"}, batch.requests[i]).ok()) failed = i;
    }
    const Revision head = at_once.world().state().head();
    const auto decided = at_once.world().Run({"ada"}, batch);
    ASSERT_EQ(decided.ok(), !failed.has_value());
    if (failed) {
      EXPECT_EQ(decided.error().request, failed);
      EXPECT_EQ(at_once.world().state().head(), head);
      ++refused;
      continue;
    }
    ExpectSameState(at_once.world().state(), one_by_one.world().state());
    ++made;
  }
  EXPECT_GT(made, 10);
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace labslot::engine
