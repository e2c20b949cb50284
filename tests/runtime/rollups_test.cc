#include "daemon/runtime/rollups.h"

#include <map>
#include <vector>

#include "daemon/storage/records.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/use_source.h"

namespace labslot::runtime {
namespace {

using support::At;
using support::kHour;

// It is Sunday, the last day of February.
class RollupsTest : public ::testing::Test {
 protected:
  // What a report by month finds of February for `lab`, with what is remembered.
  engine::UseCell February() {
    std::map<ReservationId, Reservation> reservations;
    std::vector<Event> events;
    const auto snapshot = lab_.store.TakeSnapshot();
    EXPECT_TRUE(storage::VisitEvents(*snapshot, 0, [&](Event event) {
                  const auto* reservation = std::get_if<Reservation>(&event.resource);
                  if (reservation != nullptr) reservations[reservation->id] = *reservation;
                  events.push_back(std::move(event));
                  return true;
                }).ok());
    const engine::State& state = life_.sequencer.state();
    support::RecordedUse source(state.catalogue(), reservations, events);
    engine::UseQuery query;
    query.period = {At("2027-02-01 0:00"), At("2027-04-01 0:00")};
    query.bucket = engine::Bucket::kMonth;
    query.group_by = {engine::UseDimension::kAsset};
    RollupsAt memory(life_.sequencer.rollups(), state.head());
    engine::UseReport report(query, life_.sequencer.Now(), source, &memory);
    const std::vector<engine::Epoch> epochs = source.Epochs(query.period);
    report.Add(engine::SpansOf(epochs, "lab"), support::kBrussels);
    return report.Rows().front().cell;
  }

  SmallLab lab_;
  Life life_{lab_.store, lab_.clock};
};

// The simulation found that the first report was kept: audit and report differed.
TEST_F(RollupsTest, WhatIsLetAgainBehindTheEndOfTheMonthCountsInIt) {
  const ReservationId id =
      IdOf(life_.Must(Order(Booking("lab", "2027-02-28 22:00/2027-03-01 2:00"))));
  life_.Must(Order(engine::CancelReservation{id}));
  lab_.clock.Set(At("2027-03-01 0:30"));
  EXPECT_EQ(February().statistics.relet_seconds, 0);
  life_.Must(Order(Booking("lab", "2027-03-01 1:00/2027-03-01 2:00")));
  EXPECT_EQ(February().statistics.relet_seconds, kHour);
  lab_.clock.Set(At("2027-03-01 2:30"));
  EXPECT_EQ(February().statistics.relet_seconds, kHour);
  EXPECT_EQ(life_.sequencer.rollups().size(), 1u);
}

TEST_F(RollupsTest, AMonthGoesOnWhenTheClockIsTurnedBack) {
  lab_.clock.Set(At("2027-03-01 0:30"));
  EXPECT_EQ(February().statistics.reservations, 0);
  lab_.clock.Set(At("2027-02-28 23:00"));
  life_.Must(Order(Booking("lab", "2027-02-28 23:30/2027-02-28 23:45")));
  lab_.clock.Set(At("2027-03-01 0:30"));
  EXPECT_EQ(February().statistics.reservations, 1);
}

}  // namespace
}  // namespace labslot::runtime
