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
  engine::UseCell February() { return Months({At("2027-02-01 0:00"), At("2027-04-01 0:00")})[0]; }

  // The months of a period likewise.
  std::vector<engine::UseCell> Months(const Interval& period) {
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
    query.period = period;
    query.bucket = engine::Bucket::kMonth;
    query.group_by = {engine::UseDimension::kAsset};
    RollupsAt memory(life_.sequencer.rollups(), life_.sequencer.rollups().mark());
    engine::UseReport report(query, life_.sequencer.Now(), source, &memory);
    const std::vector<engine::Epoch> epochs = source.Epochs(query.period);
    report.Add(engine::SpansOf(epochs, "lab"), support::kBrussels);
    std::vector<engine::UseCell> cells;
    for (engine::UseRow& row : report.Rows()) cells.push_back(std::move(row.cell));
    return cells;
  }

  size_t kept() { return life_.sequencer.rollups().size(); }

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
  EXPECT_EQ(kept(), 2u) << "February, and March from tomorrow on";
}

TEST_F(RollupsTest, AMonthGoesOnWhenTheClockIsTurnedBack) {
  lab_.clock.Set(At("2027-03-01 0:30"));
  EXPECT_EQ(February().statistics.reservations, 0);
  lab_.clock.Set(At("2027-02-28 23:00"));
  life_.Must(Order(Booking("lab", "2027-02-28 23:30/2027-02-28 23:45")));
  lab_.clock.Set(At("2027-03-01 0:30"));
  EXPECT_EQ(February().statistics.reservations, 1);
}

TEST_F(RollupsTest, OfTheMonthThatRunsAllButThisDayIsKept) {
  const Interval month = {At("2027-03-01 0:00"), At("2027-04-01 0:00")};
  lab_.clock.Set(At("2027-03-10 12:00"));
  const engine::UseCell first = Months(month)[0];
  EXPECT_EQ(kept(), 2u);
  EXPECT_EQ(Months(month)[0], first);
  lab_.clock.Set(At("2027-03-11 12:00"));
  EXPECT_EQ(Months(month)[0].use.total, first.use.total);
  EXPECT_EQ(kept(), 2u) << "those of yesterday are gone";
  lab_.clock.Set(At("2027-04-01 0:00"));
  EXPECT_EQ(Months(month)[0].use.total, first.use.total);
  EXPECT_EQ(kept(), 1u) << "now it is over, and kept as a whole";
}

TEST_F(RollupsTest, AMonthToComeChangesWithWhatIsBookedAndCalledOff) {
  const Interval months = {At("2027-05-01 0:00"), At("2027-07-01 0:00")};
  EXPECT_EQ(Months(months)[0].statistics.reservations, 0);
  EXPECT_EQ(kept(), 2u);
  const ReservationId id =
      IdOf(life_.Must(Order(Booking("lab", "2027-05-31 23:00/2027-06-01 1:00"))));
  EXPECT_EQ(kept(), 0u) << "it reaches into both";
  EXPECT_EQ(Months(months)[0].statistics.reservations, 1);
  EXPECT_EQ(Months(months)[1].use[engine::UseState::kBooked], kHour);
  life_.Must(Order(engine::CancelReservation{id}));
  EXPECT_EQ(Months(months)[0].statistics.cancelled, 1);
  EXPECT_EQ(Months(months)[1].use[engine::UseState::kBooked], 0);
}

TEST_F(RollupsTest, AMonthToComeGoesWhenARecordChanges) {
  const Interval months = {At("2027-01-01 0:00"), At("2027-07-01 0:00")};
  Months(months);
  const size_t before = kept();
  EXPECT_EQ(before, 6u) << "January, February up to today, and four months to come";
  engine::Change change;
  change.event.resource = support::MakeSite("elsewhere");
  life_.sequencer.rollups().Note(change);
  EXPECT_EQ(kept(), 2u) << "what is over stays";
}

TEST_F(RollupsTest, AMonthGoesWithWhatIsRefusedInIt) {
  const Interval months = {At("2027-05-01 0:00"), At("2027-08-01 0:00")};
  life_.Must(Order(Booking("lab", "2027-05-03 10:00/2027-05-03 11:00")));
  Months(months);
  EXPECT_EQ(kept(), 3u);
  EXPECT_FALSE(life_.Run(Order(Booking("lab", "2027-05-03 10:00/2027-05-03 11:00"))).ok());
  EXPECT_EQ(kept(), 1u) << "and with it what is so near that somebody may have tried again";
}

// A report that reads while something is refused must not keep what it read: the refusal
// makes no revision.
TEST_F(RollupsTest, WhatWasReadBeforeARefusalIsNotKept) {
  runtime::Rollups& rollups = life_.sequencer.rollups();
  const Rollups::Mark mark = rollups.mark();
  const engine::MonthPart may = {{At("2027-05-01 0:00"), At("2027-06-01 0:00")}, true};
  RefusedRequest refused;
  refused.asset = "lab";
  refused.run = may.interval;
  rollups.Note(refused);
  rollups.Keep("lab", may, may.interval, {}, mark, {});
  const auto is_known = [&](const engine::MonthPart& part, Rollups::Mark at) {
    bool known = false;
    rollups.Visit("lab", {part}, at, [&](size_t, const engine::UseCell&) { known = true; });
    return known;
  };
  EXPECT_FALSE(is_known(may, rollups.mark()));
  rollups.Keep("lab", may, may.interval, {}, rollups.mark(), {});
  EXPECT_TRUE(is_known(may, rollups.mark()));
  EXPECT_FALSE(is_known(may, mark)) << "it is later than that snapshot";
  EXPECT_FALSE(is_known({may.interval, false}, rollups.mark())) << "then it was to come";
}

}  // namespace
}  // namespace labslot::runtime
