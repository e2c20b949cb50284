#include "daemon/runtime/loader.h"

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/records.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/runtime/life.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::runtime {
namespace {

using ::testing::HasSubstr;

class LoaderTest : public ::testing::Test {
 protected:
  // Writes a reservation past all rules, as damage or another writer would.
  void Smuggle(Reservation reservation) {
    Event event;
    event.revision = lab_.store.head() + 1;
    event.time = lab_.clock.Now();
    event.actor = "ada";
    reservation.id = event.revision;
    reservation.revision = event.revision;
    event.resource = reservation;
    storage::WriteSet writes;
    writes.base = lab_.store.head();
    writes.revision = event.revision;
    storage::AppendEvent(event, nullptr, writes);
    ASSERT_TRUE(lab_.store.inner().Commit(writes).ok());
  }

  SmallLab lab_;
};

TEST_F(LoaderTest, AnEmptyStoreIsAnEmptyState) {
  const storage::MemoryStore store;
  const auto state = LoadState(store);
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->head(), 0);
  EXPECT_EQ(state->last_time(), 0);
}

TEST_F(LoaderTest, ADoubleBookingInTheStoreIsRefused) {
  const Interval hour = support::Span("mon 9:00-10:00");
  Smuggle(support::Draft({support::Item("lab")}, hour));
  EXPECT_TRUE(LoadState(lab_.store).ok());
  Smuggle(support::Draft({support::Item("lab")}, hour));
  const auto state = LoadState(lab_.store);
  EXPECT_TRUE(absl::IsDataLoss(state.status())) << state.status();
  EXPECT_THAT(std::string(state.status().message()), HasSubstr("assets/lab"));
}

// The daemon began to serve such a store, and ended without a word when it came to them.
TEST_F(LoaderTest, ReservationsOfAnAssetThatIsMissingAreRefused) {
  Smuggle(support::Draft({support::Item("gone")}, support::Span("mon 9:00-10:00")));
  const absl::Status status = LoadState(lab_.store).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("is of assets/gone"));
}

TEST_F(LoaderTest, ARecordThatDoesNotParseIsRefused) {
  storage::WriteSet writes;
  writes.base = lab_.store.head();
  writes.revision = writes.base;
  const auto snapshot = lab_.store.TakeSnapshot();
  std::string key;
  ASSERT_TRUE(snapshot
                  ->Scan("C", "D",
                         [&](absl::string_view k, absl::string_view) {
                           key = std::string(k);
                           return false;
                         })
                  .ok());
  writes.puts = {{key, "\xff\xff not a record"}};
  ASSERT_TRUE(lab_.store.inner().Commit(writes).ok());
  EXPECT_TRUE(absl::IsDataLoss(LoadState(lab_.store).status()));
}

// Less capacity now does not make a double booking of what is over.
TEST_F(LoaderTest, CapacityThatWasLoweredAfterARunIsNoDamage) {
  Life life(lab_.store, lab_.clock);
  life.Must(Order(Booking("rigs", "mon 9:00-10:00", 3)));
  lab_.clock.Set(support::At("mon 10:30"));
  engine::ImportRecords import;
  import.records = {support::MakePool("rigs", 1)};
  life.Must(Order(import));
  EXPECT_TRUE(LoadState(lab_.store).ok()) << LoadState(lab_.store).status();
}

// The simulation found that such a store did not open any more.
TEST_F(LoaderTest, WhatBreaksDownWhileItIsTornDownIsNoDamage) {
  engine::ImportRecords import;
  Asset lab = support::MakeAsset("lab");
  lab.tear_down = support::kHour;
  import.records = {lab};
  Life life(lab_.store, lab_.clock);
  life.Must(Order(import));
  const ReservationId id = IdOf(life.Must(Order(Booking("lab", "mon 9:00-10:00"))));
  lab_.clock.Set(support::At("mon 9:00"));
  life.Must(Order(engine::CheckIn{id}));
  lab_.clock.Set(support::At("mon 9:30"));
  life.Must(Order(engine::CheckOut{id}));
  Outage outage;
  outage.id = "burnt";
  outage.asset = "lab";
  outage.interval = support::Span("mon 9:40-12:00");
  life.Must(Order(engine::CreateRecord{outage}));
  EXPECT_TRUE(LoadState(lab_.store).ok()) << LoadState(lab_.store).status();
}

TEST_F(LoaderTest, WhatBreaksDownWhileAPartOfItIsTornDownIsNoDamage) {
  // Given back before the end, or behind it, when the rest is torn down as long.
  for (const char* returned : {"mon 9:30", "mon 10:05"}) {
    SCOPED_TRACE(returned);
    SmallLab lab;
    engine::ImportRecords import;
    Asset rigs = support::MakePool("rigs", 3);
    rigs.tear_down = support::kHour;
    import.records = {rigs};
    Life life(lab.store, lab.clock);
    life.Must(Order(import));
    const ReservationId id = IdOf(life.Must(Order(Booking("rigs", "mon 9:00-10:00", 3))));
    lab.clock.Set(support::At("mon 9:00"));
    life.Must(Order(engine::CheckIn{id}));
    lab.clock.Set(support::At(returned));
    life.Must(Order(engine::CheckOut{id, 0, {{"rigs", 2}}}));
    Outage outage;
    outage.id = "burnt";
    outage.asset = "rigs";
    outage.quantity = 2;
    outage.interval = {lab.clock.Now() + 600, support::At("mon 12:00")};
    const Outage made = std::get<Outage>(life.Must(Order(engine::CreateRecord{outage})).result);
    EXPECT_TRUE(made.hits.empty()) << "nobody has to make room with what is over";
    EXPECT_TRUE(LoadState(lab.store).ok()) << LoadState(lab.store).status();
  }
}

// Whatever has happened, what a restart loads is what the events came to.
TEST_F(LoaderTest, ALoadedStateIsTheFoldOfAllEvents) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    SmallLab lab;
    Life life(lab.store, lab.clock);
    std::mt19937 random(seed);
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
    std::vector<ReservationId> ids;
    const auto some = [&] { return ids[static_cast<size_t>(upto(static_cast<int>(ids.size())))]; };
    for (int step = 0; step < 120; ++step) {
      lab.clock.Advance(upto(4) == 0 ? upto(8 * 3600) : 0);
      const Instant start = (lab.clock.Now() / 3600 + 1 + upto(48)) * 3600;
      const Interval span = {start, start + 1800 * (1 + upto(6))};
      engine::Command command;
      switch (ids.empty() ? 0 : upto(6)) {
        case 0:
        case 1: {
          auto booking = Booking(upto(2) == 0 ? "lab" : "rigs", "mon 9:00-10:00", 1 + upto(2),
                                 upto(3) == 0 ? 60 + upto(36000) : 0);
          booking.draft.interval = span;
          command = Order(booking, absl::StrCat("r", step));
          break;
        }
        case 2: {
          engine::UpdateReservation update;
          update.id = some();
          update.patch = [span](const Reservation& current) -> Result<Reservation> {
            Reservation next = current;
            next.interval = span;
            return next;
          };
          command = Order(update);
          break;
        }
        case 3:
          command = Order(engine::CancelReservation{some(), 0});
          break;
        case 4:
          command = Order(engine::ConfirmReservation{some(), 0});
          break;
        default:
          lab.store.FailNext(absl::ResourceExhaustedError("no space"));
          command = Order(Booking("rigs", "mon 9:00-10:00"));
          break;
      }
      const bool creates = std::holds_alternative<engine::CreateReservation>(command.body);
      const Result<Answer> answer = life.Run(command);
      lab.store.FailNext(absl::OkStatus());
      if (creates && answer.ok()) ids.push_back(IdOf(answer.value()));
    }
    life.sequencer.Drain();
    ASSERT_EQ(life.Memory(), life.Reloaded());
    ASSERT_GT(ids.size(), 20u);
  }
}

}  // namespace
}  // namespace labslot::runtime
