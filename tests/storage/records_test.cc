#include "daemon/storage/records.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/storage/codec.h"
#include "daemon/storage/key_layout.h"
#include "daemon/storage/machine_states.h"
#include "daemon/storage/memory_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/storage/samples.h"

namespace labslot::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr Instant kNoon = 1796000400;
constexpr Seconds kHour = 3600;

class Records : public ::testing::Test {
 protected:
  // Puts an event of a reservation into the pending commit.
  void Add(EventType type, const Reservation& after) {
    const Event event = EventOf(store_.head() + 1 + pending_.revision, type, after);
    const auto before = current_.find(after.id);
    AppendEvent(event, before == current_.end() ? nullptr : &before->second, pending_);
    current_.insert_or_assign(after.id, event.resource);
    ++pending_.revision;
  }
  void Commit() {
    pending_.base = store_.head();
    pending_.revision += store_.head();
    ASSERT_TRUE(store_.Commit(pending_).ok());
    pending_ = {};
  }
  void AddAndCommit(EventType type, const Reservation& after) {
    Add(type, after);
    Commit();
  }

  // The occupancies of an asset, or all, as `asset@start/reservation`.
  std::vector<std::string> Rows(absl::string_view asset = "", Instant from = 0,
                                Instant to = kNoon * 2) {
    std::vector<std::string> rows;
    const absl::Status status =
        VisitOccupancies(*store_.TakeSnapshot(), asset, from, to, [&](const Occupancy& occupancy) {
          rows.push_back(absl::StrCat(occupancy.asset, "@", (occupancy.run.start - kNoon) / kHour,
                                      "/", occupancy.reservation));
          return true;
        });
    EXPECT_TRUE(status.ok()) << status;
    return rows;
  }

  std::vector<std::string> StartRows() {
    std::vector<std::string> rows;
    const KeyRange range = StartIndexRange(0, kNoon * 2);
    EXPECT_TRUE(store_.TakeSnapshot()
                    ->Scan(range.from, range.to,
                           [&](absl::string_view key, absl::string_view) {
                             const auto entry = ParseIndexKey(key);
                             rows.push_back(absl::StrCat((entry->start - kNoon) / kHour, "/",
                                                         entry->reservation));
                             return true;
                           })
                    .ok());
    return rows;
  }

  void PutRaw(std::string key, std::string value) {
    WriteSet write_set;
    write_set.base = write_set.revision = store_.head();
    write_set.puts.push_back({std::move(key), std::move(value)});
    ASSERT_TRUE(store_.Commit(write_set).ok());
  }

  void DeleteRaw(std::string key) {
    WriteSet write_set;
    write_set.base = write_set.revision = store_.head();
    write_set.deletes.push_back(std::move(key));
    ASSERT_TRUE(store_.Commit(write_set).ok());
  }

  MemoryStore store_;
  WriteSet pending_;  // its revision counts events until it is committed
  std::map<ReservationId, Resource> current_;
};

TEST_F(Records, ACreatedReservationIsFoundByIdAssetStartAndRevision) {
  const Reservation reservation = SmallReservation(1, "lab", kNoon);
  AddAndCommit(EventType::kCreated, reservation);
  EXPECT_EQ((*ReadReservation(store_, 1))->interval, reservation.interval);
  EXPECT_EQ((*ReadReservation(*store_.TakeSnapshot(), 1))->user, "ada");
  EXPECT_THAT(Rows("lab"), ElementsAre("lab@0/1"));
  EXPECT_THAT(StartRows(), ElementsAre("0/1"));
  EXPECT_EQ((*ReadEvent(store_, 1))->type, EventType::kCreated);
}

TEST_F(Records, WhatIsNotThereReadsAsNothing) {
  EXPECT_EQ(*ReadReservation(store_, 1), std::nullopt);
  EXPECT_FALSE(ReadEvent(store_, 1)->has_value());
  EXPECT_FALSE(ReadOutcome(store_, "ada", "r")->has_value());
  EXPECT_THAT(Rows(), IsEmpty());
}

TEST_F(Records, ABundleHasARowForEachAsset) {
  Reservation bundle = SmallReservation(1, "lab", kNoon);
  bundle.items.push_back({"rig", 2, 60, 60});
  AddAndCommit(EventType::kCreated, bundle);
  EXPECT_THAT(Rows(), ElementsAre("lab@0/1", "rig@0/1"));
  EXPECT_THAT(Rows("rig"), ElementsAre("rig@0/1"));
  EXPECT_THAT(StartRows(), ElementsAre("0/1"));
}

TEST_F(Records, MovingTakesTheOldRowsAway) {
  Reservation reservation = SmallReservation(1, "lab", kNoon);
  reservation.items.push_back({"rig", 1, 0, 0});
  AddAndCommit(EventType::kCreated, reservation);
  reservation.interval = {kNoon + kHour, kNoon + 2 * kHour};
  reservation.items[0].asset = "hall";
  AddAndCommit(EventType::kUpdated, reservation);
  EXPECT_THAT(Rows(), ElementsAre("hall@1/1", "rig@1/1"));
  EXPECT_THAT(StartRows(), ElementsAre("1/1"));
}

TEST_F(Records, MovingAwayAndBackInOneCommitLeavesOneRow) {
  Reservation reservation = SmallReservation(1, "lab", kNoon);
  Add(EventType::kCreated, reservation);
  reservation.interval = {kNoon + kHour, kNoon + 2 * kHour};
  Add(EventType::kUpdated, reservation);
  reservation.interval = {kNoon, kNoon + kHour};
  Add(EventType::kUpdated, reservation);
  Commit();
  EXPECT_THAT(Rows(), ElementsAre("lab@0/1"));
  EXPECT_THAT(StartRows(), ElementsAre("0/1"));
  EXPECT_EQ(store_.head(), 3);
}

TEST_F(Records, ACancelledReservationKeepsItsRowsInTheNewState) {
  Reservation reservation = SmallReservation(1, "lab", kNoon);
  AddAndCommit(EventType::kCreated, reservation);
  reservation.state = ReservationState::kCancelled;
  AddAndCommit(EventType::kCancelled, reservation);
  EXPECT_THAT(Rows(), ElementsAre("lab@0/1"));
  ASSERT_TRUE(
      VisitOccupancies(*store_.TakeSnapshot(), "lab", 0, kNoon * 2, [](const Occupancy& occupancy) {
        EXPECT_EQ(occupancy.state, ReservationState::kCancelled);
        return true;
      }).ok());
}

TEST_F(Records, AChangeThatDoesNotTouchTheTimelineWritesNoRowThere) {
  Reservation reservation = SmallReservation(1, "lab", kNoon);
  AddAndCommit(EventType::kCreated, reservation);
  reservation.purpose = "another";
  Add(EventType::kUpdated, reservation);
  EXPECT_EQ(pending_.puts.size(), 3);  // the event, its place in history, the record
  EXPECT_THAT(pending_.deletes, IsEmpty());
}

// A row of the timeline says all that an occupancy says, so whatever of it
// changes must change the row.
TEST_F(Records, AChangeOfAnythingThatAnOccupancySaysWritesItsRow) {
  const std::vector<void (*)(Reservation&)> changes = {
      [](Reservation& r) { ++r.interval.end; },
      [](Reservation& r) { ++r.interval.start; },
      [](Reservation& r) { ++r.items[0].set_up; },
      [](Reservation& r) { ++r.items[0].tear_down; },
      [](Reservation& r) { ++r.items[0].quantity; },
      [](Reservation& r) { r.state = ReservationState::kPending; },
      [](Reservation& r) { r.leaves_slot_free = true; },
      [](Reservation& r) { r.hold_expire_time = kNoon; },
      [](Reservation& r) { r.state = ReservationState::kConfirmed; },
      [](Reservation& r) { r.check_in_by = kNoon; },
      [](Reservation& r) { r.site = "hall"; },
      [](Reservation& r) { r.user = "bob"; },
      [](Reservation& r) { r.organisation = "owner"; },
      [](Reservation& r) { r.project = "p-7"; },
      [](Reservation& r) { r.activity_class = ActivityClass::kRental; },
      [](Reservation& r) { r.state = ReservationState::kNoShow; },
      [](Reservation& r) { ++r.update_time; },  // when it came into a final state
      [](Reservation& r) { r.use.check_in = kNoon; },
      [](Reservation& r) { r.use.check_out = kNoon; },
      [](Reservation& r) { r.use.freed = kNoon; },
      [](Reservation& r) { r.use.close_by = kNoon; },
      [](Reservation& r) { r.use.problem = Problem::kForgottenCheckOut; },
      [](Reservation& r) { r.purpose = "method development"; },
      [](Reservation& r) { r.access_mode = AccessMode::kWide; },
      [](Reservation& r) { r.confidential = true; },
      [](Reservation& r) {
        r.returns = {{r.items[0], kNoon}};
      },
  };
  Reservation reservation = SmallReservation(1, "lab", kNoon);
  AddAndCommit(EventType::kCreated, reservation);
  for (size_t i = 0; i < changes.size(); ++i) {
    changes[i](reservation);
    AddAndCommit(EventType::kUpdated, reservation);
    std::vector<Occupancy> found;
    ASSERT_TRUE(
        VisitOccupancies(*store_.TakeSnapshot(), "", 0, kNoon * 2, [&](const Occupancy& occupancy) {
          found.push_back(occupancy);
          return true;
        }).ok());
    const Occupancy wanted = OccupancyOfItem(reservation, reservation.items[0]);
    ASSERT_EQ(found.size(), 1) << "change " << i;
    EXPECT_TRUE(found[0] == wanted) << "change " << i;
  }
}

TEST_F(Records, OccupanciesAreVisitedByStartInTheHalfOpenRange) {
  ReservationId id = 0;
  for (const int hour : {3, 1, 0, 2}) {
    AddAndCommit(EventType::kCreated, SmallReservation(++id, "lab", kNoon + hour * kHour));
    AddAndCommit(EventType::kCreated, SmallReservation(++id, "lab-2", kNoon + hour * kHour));
  }
  EXPECT_THAT(Rows("lab", kNoon + kHour, kNoon + 3 * kHour), ElementsAre("lab@1/3", "lab@2/7"));
  EXPECT_THAT(Rows("", kNoon + 2 * kHour, kNoon + 3 * kHour), ElementsAre("lab@2/7", "lab-2@2/8"));
  EXPECT_THAT(Rows("lab", kNoon + 4 * kHour), IsEmpty());
  int visited = 0;
  ASSERT_TRUE(VisitOccupancies(*store_.TakeSnapshot(), "lab", 0, kNoon * 2, [&](const Occupancy&) {
                return ++visited < 2;
              }).ok());
  EXPECT_EQ(visited, 2);
}

// Long spans that began long before are found as well.
TEST_F(Records, WhatMachinesSayIsFoundByWhatItOverlaps) {
  MachineReport report = FullMachineReport();
  report.asset = "rig";
  report.spans = {{{kNoon - 31 * 24 * kHour, kNoon}, MachineState::kIdle},
                  {{kNoon, kNoon + kHour}, MachineState::kRunning},
                  {{kNoon + kHour, kNoon + 2 * kHour}, MachineState::kDown}};
  WriteSet written;
  Event event;
  event.revision = report.id = report.revision = ++written.revision;
  event.resource = report;
  AppendEvent(event, nullptr, written);
  EXPECT_EQ(written.puts.size(), 4U) << "the event and a row for each span";
  ASSERT_TRUE(store_.Commit(written).ok());
  const auto states_in = [&](const std::string& asset, Interval period) {
    std::vector<MachineState> states;
    EXPECT_TRUE(
        VisitMachineStates(*store_.TakeSnapshot(), asset, period, [&](const MachineEntry& entry) {
          EXPECT_EQ(entry.unit, report.unit);
          EXPECT_EQ(entry.revision, report.id);
          states.push_back(entry.span.state);
        }).ok());
    return states;
  };
  EXPECT_THAT(states_in("rig", {kNoon - 1, kNoon + 1}),
              ElementsAre(MachineState::kIdle, MachineState::kRunning));
  EXPECT_THAT(states_in("rig", {kNoon + kHour, kNoon + kHour + 1}),
              ElementsAre(MachineState::kDown));
  EXPECT_THAT(states_in("rig", {kNoon + 2 * kHour, kNoon + 3 * kHour}), IsEmpty());
  EXPECT_THAT(states_in("rigs", {kNoon - 1, kNoon + 1}), IsEmpty());
}

TEST_F(Records, RecordsOfTheCatalogueAreVisitedAndVanishWhenDeleted) {
  WriteSet created;
  Event event;
  for (const Resource& resource : FullResources()) {
    if (!IsRecord(resource)) continue;
    event.revision = ++created.revision;
    event.resource = resource;
    AppendEvent(event, nullptr, created);
  }
  ASSERT_TRUE(store_.Commit(created).ok());
  std::set<size_t> kinds;
  const auto visit = [&] {
    kinds.clear();
    ASSERT_TRUE(VisitRecords(*store_.TakeSnapshot(), [&](const Resource& resource) {
                  EXPECT_TRUE(resource == FullResources()[resource.index()]);
                  kinds.insert(resource.index());
                }).ok());
  };
  visit();
  EXPECT_EQ(kinds.size(), 11);

  WriteSet deleted;
  deleted.base = deleted.revision = store_.head();
  event.type = EventType::kDeleted;
  for (const Resource& resource : FullResources()) {
    if (!IsRecord(resource)) continue;
    event.revision = ++deleted.revision;
    event.resource = resource;
    AppendEvent(event, &resource, deleted);
  }
  ASSERT_TRUE(store_.Commit(deleted).ok());
  visit();
  // Assets and users stay, because the history refers to them.
  EXPECT_THAT(kinds, UnorderedElementsAre(Resource(Asset()).index(), Resource(User()).index()));
}

TEST_F(Records, CreatingAndDeletingInOneCommitLeavesNoRecord) {
  WriteSet write_set;
  Event event;
  event.revision = ++write_set.revision;
  event.resource = FullSite();
  AppendEvent(event, nullptr, write_set);
  const Resource before = event.resource;
  event.revision = ++write_set.revision;
  event.type = EventType::kDeleted;
  AppendEvent(event, &before, write_set);
  ASSERT_TRUE(store_.Commit(write_set).ok());
  ASSERT_TRUE(VisitRecords(*store_.TakeSnapshot(), [](const Resource&) { FAIL(); }).ok());
}

TEST_F(Records, ReservationsAreVisitedWholeByStartInTheHalfOpenRange) {
  ReservationId id = 0;
  for (const int hour : {3, 1, 0, 2}) {
    Reservation reservation = SmallReservation(++id, "lab", kNoon + hour * kHour);
    reservation.items.push_back({"rig", 1, 0, 0});
    AddAndCommit(EventType::kCreated, reservation);
  }
  std::vector<Resource> seen;
  const auto snapshot = store_.TakeSnapshot();
  const auto visit = [&](Instant from, Instant to, size_t most) {
    seen.clear();
    return VisitReservations(*snapshot, from, to, [&](const Reservation& reservation) {
      seen.emplace_back(reservation);
      return seen.size() < most;
    });
  };
  ASSERT_TRUE(visit(kNoon + kHour, kNoon + 3 * kHour, 9).ok());
  EXPECT_TRUE(seen == std::vector<Resource>({current_.at(2), current_.at(4)}));
  ASSERT_TRUE(visit(0, kNoon * 2, 1).ok());
  EXPECT_TRUE(seen == std::vector<Resource>({current_.at(3)}));
}

TEST_F(Records, AReservationThatOnlyItsStartRowKnowsIsDataLoss) {
  PutRaw(StartIndexKey(kNoon, 7), "");
  const auto any = [](const Reservation&) { return true; };
  const absl::Status status = VisitReservations(*store_.TakeSnapshot(), 0, kNoon * 2, any);
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("reservations/7"));
}

TEST_F(Records, SeriesAreFoundByNumberAndVisitedBehindOne) {
  Event event;
  WriteSet write_set;
  for (const SeriesId id : {5, 2, 9}) {
    Series series = FullSeries();
    series.id = id;
    series.revision = event.revision = ++write_set.revision;
    event.resource = series;
    AppendEvent(event, nullptr, write_set);
  }
  ASSERT_TRUE(store_.Commit(write_set).ok());
  const auto snapshot = store_.TakeSnapshot();
  EXPECT_EQ((*ReadSeries(store_, 5))->revision, 1);
  EXPECT_EQ((*ReadSeries(*snapshot, 9))->revision, 3);
  EXPECT_FALSE(ReadSeries(store_, 3)->has_value());
  EXPECT_FALSE(ReadSeries(*snapshot, 3)->has_value());

  std::vector<SeriesId> seen;
  const auto visit = [&](SeriesId after, size_t most) {
    seen.clear();
    ASSERT_TRUE(VisitSeries(*snapshot, after, [&](const Series& series) {
                  seen.push_back(series.id);
                  return seen.size() < most;
                }).ok());
  };
  visit(0, 9);
  EXPECT_THAT(seen, ElementsAre(2, 5, 9));
  visit(2, 9);
  EXPECT_THAT(seen, ElementsAre(5, 9));
  visit(0, 1);
  EXPECT_THAT(seen, ElementsAre(2));
  visit(9, 9);
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(Records, AChangedSeriesReplacesItsRow) {
  Event event;
  WriteSet write_set;
  event.revision = ++write_set.revision;
  event.resource = FullSeries();
  AppendEvent(event, nullptr, write_set);
  const Resource before = event.resource;
  event.revision = ++write_set.revision;
  event.type = EventType::kUpdated;
  std::get<Series>(event.resource).occurrences.pop_back();
  AppendEvent(event, &before, write_set);
  ASSERT_TRUE(store_.Commit(write_set).ok());
  EXPECT_TRUE(Resource(**ReadSeries(store_, FullSeries().id)) == event.resource);
}

TEST_F(Records, EventsAreVisitedInOrderAfterARevision) {
  for (ReservationId id = 1; id <= 5; ++id) {
    AddAndCommit(EventType::kCreated, SmallReservation(id, "lab", kNoon + id * kHour));
  }
  std::vector<Revision> seen;
  ASSERT_TRUE(VisitEvents(*store_.TakeSnapshot(), 2, [&](const Event& event) {
                seen.push_back(event.revision);
                return seen.size() < 2;
              }).ok());
  EXPECT_THAT(seen, ElementsAre(3, 4));
}

TEST_F(Records, OutcomesAreFoundByUserAndRequestUntilTheyExpire) {
  WriteSet write_set;
  for (int i = 0; i < 10; ++i) {
    AppendOutcome("ada", absl::StrCat("r", i), {"print", i, i, kNoon + i}, write_set);
  }
  ASSERT_TRUE(store_.Commit(write_set).ok());
  EXPECT_EQ((*ReadOutcome(store_, "ada", "r3"))->first, 3);
  EXPECT_FALSE(ReadOutcome(store_, "bob", "r3")->has_value());

  WriteSet sweep;
  EXPECT_EQ(*CollectExpiredOutcomes(*store_.TakeSnapshot(), kNoon + 6, 4, sweep), 4);
  EXPECT_EQ(sweep.deletes.size(), 4);
  ASSERT_TRUE(store_.Commit(sweep).ok());
  sweep = {};
  EXPECT_EQ(*CollectExpiredOutcomes(*store_.TakeSnapshot(), kNoon + 6, 4, sweep), 2);
  ASSERT_TRUE(store_.Commit(sweep).ok());
  EXPECT_FALSE(ReadOutcome(store_, "ada", "r5")->has_value());
  EXPECT_TRUE(ReadOutcome(store_, "ada", "r6")->has_value());
  sweep = {};
  EXPECT_EQ(*CollectExpiredOutcomes(*store_.TakeSnapshot(), kNoon + 6, 4, sweep), 0);
  EXPECT_EQ(*CollectExpiredOutcomes(*store_.TakeSnapshot(), kNoon * 2, 0, sweep), 0);
}

TEST_F(Records, DamagedRowsAreDataLossNamingTheKey) {
  const auto names = [](const absl::Status& status, const std::string& name) {
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(name));
  };
  const std::string bad = "\xff\xff\xff";
  PutRaw(ReservationKey(7), bad);
  names(ReadReservation(store_, 7).status(), "reservations/7");
  PutRaw(LogKey(9), bad);
  names(ReadEvent(store_, 9).status(), "event 9");
  names(VisitEvents(*store_.TakeSnapshot(), 0, [](const Event&) { return true; }), "event 9");
  PutRaw(AssetIndexKey("lab", kNoon, 7), bad);
  names(VisitOccupancies(*store_.TakeSnapshot(), "lab", 0, kNoon * 2,
                         [](const Occupancy&) { return true; }),
        "reservations/7");
  PutRaw(RecordKey(Collection::kUsers, "ada"), bad);
  names(VisitRecords(*store_.TakeSnapshot(), [](const Resource&) {}), "users/ada");
  PutRaw(StartIndexKey(kNoon, 7), "");
  names(VisitReservations(*store_.TakeSnapshot(), 0, kNoon * 2,
                          [](const Reservation&) { return true; }),
        "reservations/7");
  PutRaw(SeriesKey(8), bad);
  names(ReadSeries(store_, 8).status(), "series/8");
  names(ReadSeries(*store_.TakeSnapshot(), 8).status(), "series/8");
  names(VisitSeries(*store_.TakeSnapshot(), 0, [](const Series&) { return true; }), "series/8");
  PutRaw(RecordKey(Collection::kUsers, "ada"), EncodeRecord(FullUser()));
  for (const auto& [collection, name] :
       {std::pair(Collection::kGroups, "groups/x"), std::pair(Collection::kPolicies, "policies/x"),
        std::pair(Collection::kQuotas, "quotas/x")}) {
    PutRaw(RecordKey(collection, "x"), bad);
    names(VisitRecords(*store_.TakeSnapshot(), [](const Resource&) {}), name);
    DeleteRaw(RecordKey(collection, "x"));
  }
  PutRaw(OutcomeKey("ada", "r"), bad);
  names(ReadOutcome(store_, "ada", "r").status(), "ada");
  WriteSet sweep;
  names(CollectExpiredOutcomes(*store_.TakeSnapshot(), kNoon, 9, sweep).status(), "ada");
}

TEST_F(Records, TheLogIsCheckedForGapsItsEndAndItsLastEvent) {
  EXPECT_TRUE(CheckLog(*store_.TakeSnapshot()).ok());
  for (ReservationId id = 1; id <= 5; ++id) {
    AddAndCommit(EventType::kCreated, SmallReservation(id, "lab", kNoon + id * kHour));
  }
  EXPECT_TRUE(CheckLog(*store_.TakeSnapshot()).ok());
  EXPECT_TRUE(CheckLog(*store_.TakeSnapshot(), 3).ok());
  EXPECT_TRUE(CheckLog(*store_.TakeSnapshot(), 5).ok());

  WriteSet hole;
  hole.base = hole.revision = store_.head();
  hole.deletes = {LogKey(2)};
  ASSERT_TRUE(store_.Commit(hole).ok());
  const absl::Status missing = CheckLog(*store_.TakeSnapshot());
  EXPECT_TRUE(absl::IsDataLoss(missing));
  EXPECT_THAT(std::string(missing.message()), ::testing::HasSubstr("event 2"));
  EXPECT_TRUE(CheckLog(*store_.TakeSnapshot(), 2).ok());

  PutRaw(LogKey(5), "\xff");
  EXPECT_TRUE(absl::IsDataLoss(CheckLog(*store_.TakeSnapshot(), 2)));
  PutRaw(LogKey(6), "");
  EXPECT_TRUE(absl::IsDataLoss(CheckLog(*store_.TakeSnapshot(), 4))) << "behind the head";
}

// Random lives of reservations, several events a commit, against what the
// indexes must then hold.
TEST_F(Records, TheIndexesAlwaysHoldExactlyTheCurrentReservations) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  std::map<ReservationId, Reservation> model;
  const std::vector<std::string> assets = {"a", "ab", "b"};
  for (int step = 0; step < 300; ++step) {
    for (int events = 1 + pick(6); events > 0; --events) {
      const ReservationId id = 1 + pick(12);
      Reservation& reservation = model[id];
      const bool is_new = reservation.id == 0;
      if (is_new || pick(2) == 0) {
        reservation =
            SmallReservation(id, assets[static_cast<size_t>(pick(3))], kNoon + pick(5) * kHour);
        if (pick(3) == 0 && reservation.items[0].asset != "b") {
          reservation.items.push_back({"b", 1, 0, 0});
        }
      } else {
        reservation.state = ReservationState::kCancelled;
      }
      Add(is_new ? EventType::kCreated : EventType::kUpdated, reservation);
    }
    Commit();
    std::vector<std::string> rows;
    std::vector<std::string> starts;
    for (const auto& [id, reservation] : model) {
      const auto hour = (reservation.interval.start - kNoon) / kHour;
      starts.push_back(absl::StrCat(hour, "/", id));
      for (const auto& item : reservation.items) {
        rows.push_back(absl::StrCat(item.asset, "@", hour, "/", id));
      }
      ASSERT_EQ((*ReadReservation(store_, id))->state, reservation.state);
    }
    ASSERT_THAT(Rows(), ::testing::UnorderedElementsAreArray(rows)) << "step " << step;
    ASSERT_THAT(StartRows(), ::testing::UnorderedElementsAreArray(starts)) << "step " << step;
    ASSERT_TRUE(CheckLog(*store_.TakeSnapshot()).ok());
  }
}

}  // namespace
}  // namespace labslot::storage
