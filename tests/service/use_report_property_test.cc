// Reports on random lives of some assets: what is kept from one report to the next is
// what a report finds that reads everything, and a report of a time that is over can be
// had again as it was.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/use_report.h"
#include "daemon/runtime/rollups.h"
#include "daemon/service/use_history.h"
#include "daemon/storage/memory_store.h"
#include "daemon/storage/record_history.h"
#include "daemon/storage/records.h"
#include "daemon/storage/refused_requests.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::service {
namespace {

using support::At;
using support::kDay;
using support::kHour;

// A row in full, so that a difference is seen wherever it is.
std::string Text(const engine::UseRow& row) {
  std::string text;
  for (const std::string& value : row.group) text += value + " ";
  const auto add = [&](int64_t number) { text += std::to_string(number) + " "; };
  add(row.interval.start);
  add(row.interval.end);
  for (const Seconds seconds : row.cell.use.by_state) add(seconds);
  for (const Seconds seconds :
       {row.cell.use.assumed, row.cell.use.measured, row.cell.use.engineering,
        row.cell.use.reserved_open, row.whole.open, row.whole.total}) {
    add(seconds);
  }
  const engine::UseStatistics& counted = row.cell.statistics;
  for (const int64_t number :
       {counted.reservations, counted.no_shows, counted.cancelled, counted.late_cancelled,
        counted.cancelled_seconds, counted.relet_seconds, counted.requested_seconds,
        counted.refused, counted.refused_seconds}) {
    add(number);
  }
  return text;
}

class Life {
 public:
  explicit Life(unsigned seed) : random_(seed), now_(At("2027-01-04 8:00")) {
    Site site = support::MakeSite("lommel");
    site.calendar = support::Hours("mon-fri", "8:00-18:00");
    Write<Site>(EventType::kCreated, site, nullptr);
    for (Asset asset : {support::MakePool("rigs", 3), support::MakeAsset("line"),
                        support::MakeChild("cell", "line")}) {
      asset.create_time = asset.update_time = now_;
      Write<Asset>(EventType::kCreated, asset, nullptr);
    }
    Write<Organisation>(EventType::kCreated, support::MakeOrganisation("acme"), nullptr);
  }

  Instant now() const { return now_; }
  int Roll(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }

  void Step() {
    now_ += Roll(5) * 8 * kHour + Roll(3600);
    switch (Roll(14)) {
      case 13:
        return Refuse();
      case 12:
        return SaySomething();
      case 0:
        return ChangeOutages();
      case 1:
        return ChangeAsset();
      case 2:
      case 3:
      case 4:
        return Create();
      default:
        return ChangeSomething();
    }
  }

  // As of an event, or the last with what is kept from earlier reports.
  std::vector<std::string> Report(const engine::UseQuery& query, Revision as_of,
                                  engine::UseMemory* memory) {
    const FrozenView view = {store_.TakeSnapshot(),
                             std::make_shared<const engine::Catalogue>(catalogue_),
                             std::make_shared<const engine::Reaches>(reaches_), rollups_.mark()};
    Instant until = now_;
    if (const auto end = storage::EndOf(*view.snapshot, as_of); end.ok() && *end) until = **end;
    auto history = UseHistory::Open(view, as_of, until, query.period);
    EXPECT_TRUE(history.ok()) << history.status();
    const auto epochs = (*history)->Epochs();
    EXPECT_TRUE(epochs.ok()) << epochs.status();
    engine::UseReport report(query, until, **history, memory);
    for (const char* asset : {"cell", "line", "rigs"}) {
      const auto spans = engine::SpansOf(*epochs, asset);
      if (!spans.empty()) report.Add(spans, support::kBrussels);
    }
    std::vector<std::string> rows;
    for (const engine::UseRow& row : report.Rows()) {
      rows.push_back(Text(row));
      Seconds sum = 0;
      for (const Seconds seconds : row.cell.use.by_state) sum += seconds;
      EXPECT_EQ(sum, row.cell.use.total) << rows.back();
    }
    EXPECT_TRUE((*history)->status().ok());
    return rows;
  }

  std::vector<std::string> WithMemory(const engine::UseQuery& query) {
    runtime::RollupsAt memory(rollups_, rollups_.mark());
    return Report(query, head(), &memory);
  }
  Revision head() const { return store_.head(); }
  size_t kept() const { return rollups_.size(); }

  engine::UseQuery SomeQuery(bool by_user) {
    engine::UseQuery query;
    const Interval year = {At("2027-01-01 0:00"), At("2027-12-01 0:00")};
    query.period = {year.start + Roll(100) * kDay, 0};
    query.period.end = query.period.start + (20 + Roll(120)) * kDay + Roll(2) * 7 * kHour;
    constexpr engine::Bucket kBuckets[] = {engine::Bucket::kWhole, engine::Bucket::kMonth,
                                           engine::Bucket::kQuarter, engine::Bucket::kYear};
    query.bucket = kBuckets[Roll(4)];
    query.group_by = {engine::UseDimension::kAsset};
    if (by_user) query.group_by.push_back(engine::UseDimension::kUser);
    return query;
  }

 private:
  template <typename T>
  void Write(EventType type, T record, const T* before) {
    engine::Change change;
    change.event.revision = store_.head() + 1;
    change.event.time = now_;
    change.event.actor = "ada";
    change.event.type = type;
    record.revision = change.event.revision;
    change.event.resource = std::move(record);
    if (before != nullptr) change.before = *before;
    storage::WriteSet writes;
    writes.base = store_.head();
    writes.revision = change.event.revision;
    storage::AppendEvent(change.event, change.before_or_null(), writes);
    ASSERT_TRUE(store_.Commit(writes).ok());
    RemovesRecord(change.event) ? catalogue_.Remove(change.event.resource)
                                : catalogue_.Put(change.event.resource);
    catalogue_.DeriveRelations();
    rollups_.Note(change);
  }

  void Create() {
    Reservation r;
    r.id = store_.head() + 1;
    constexpr const char* kAssets[] = {"rigs", "line", "cell"};
    const int asset = Roll(3);
    r.items = {{kAssets[asset], asset == 0 ? 1 + Roll(3) : 1, Roll(2) * 1800, Roll(2) * 900}};
    const Instant start = now_ + Roll(12) * kDay + Roll(24) * kHour;
    r.interval = {start, start + (1 + Roll(40)) * kHour};
    r.user = "user-" + std::to_string(Roll(3));
    r.organisation = "acme";
    r.check_in_by = Roll(3) == 0 ? start + 900 : 0;
    r.create_time = r.update_time = now_;
    Write<Reservation>(EventType::kCreated, r, nullptr);
    Remember(r);
  }

  // Something that may happen to the reservation at this time, or some correction.
  Reservation Next(const Reservation& current) {
    Reservation next = current;
    next.update_time = now_;
    const bool begun = current.interval.start <= now_;
    const bool over = current.interval.end <= now_;
    if (current.state == ReservationState::kConfirmed && !begun) {
      if (Roll(2) == 0) {
        next.state = ReservationState::kCancelled;
        next.use.freed = now_;
      } else {
        next.interval = {now_ + Roll(5) * kDay, now_ + 5 * kDay + Roll(30) * kHour};
      }
    } else if (current.state == ReservationState::kConfirmed && !over) {
      next.state = Roll(4) == 0 ? ReservationState::kNoShow : ReservationState::kCheckedIn;
      next.check_in_by = 0;
      (next.state == ReservationState::kNoShow ? next.use.freed : next.use.check_in) = now_;
      if (next.state == ReservationState::kCheckedIn) next.use.close_by = next.interval.end + kDay;
    } else if (current.state == ReservationState::kCheckedIn) {
      if (next.items[0].quantity > 1 && Roll(2) == 0) {
        ReservationItem part = next.items[0];
        part.quantity = 1;
        --next.items[0].quantity;
        next.returns.push_back({part, now_});
      } else {
        next.state = ReservationState::kCompleted;
        next.use.check_out = std::min(now_, current.use.close_by);
        next.use.close_by = 0;
        if (!over) next.use.freed = now_;
      }
    } else if (current.state == ReservationState::kCompleted ||
               current.state == ReservationState::kNoShow) {
      next.state = Roll(2) == 0 ? ReservationState::kCompleted : ReservationState::kNoShow;
      next.use.check_in = next.state == ReservationState::kNoShow ? 0 : current.interval.start + 60;
      next.use.check_out =
          next.state == ReservationState::kNoShow ? 0 : next.use.check_in + (1 + Roll(20)) * 1800;
      next.purpose = Roll(2) == 0 ? "method development" : "";
    }
    return next;
  }

  void ChangeSomething() {
    if (reservations_.empty()) return;
    auto it = std::next(reservations_.begin(), Roll(static_cast<int>(reservations_.size())));
    const Reservation before = it->second;
    const Reservation next = Next(before);
    Write(EventType::kUpdated, next, &before);
    Remember(next);
  }

  void Remember(const Reservation& reservation) {
    reservations_[reservation.id] = reservation;
    for (const Occupancy& occupancy : OccupanciesOf(reservation)) reaches_.Include(occupancy);
  }

  // Somebody wanted what there was not, again perhaps, at another time or in part.
  void Refuse() {
    const Instant start = now_ + Roll(4) * kDay + Roll(24) * kHour;
    RefusedRequest refused;
    refused.asset = Roll(2) == 0 ? "line" : "rigs";
    refused.run = {start, start + (1 + Roll(60)) * kHour};
    refused.user = "user-" + std::to_string(Roll(2));
    refused.organisation = "acme";
    refused.time = now_;
    storage::WriteSet writes;
    writes.base = writes.revision = store_.head();
    writes.puts.push_back(storage::RowOf(refused, ++refused_));
    ASSERT_TRUE(store_.Commit(writes).ok());
    rollups_.Note(refused);
  }

  void ChangeOutages() {
    const int kind = Roll(3);
    if (kind == 0 || outages_.empty()) {
      Outage outage;
      outage.id = "outage-" + std::to_string(store_.head());
      outage.asset = Roll(2) == 0 ? "line" : "rigs";
      outage.quantity = Roll(3);
      outage.planned = Roll(2) == 0;
      const Instant start = now_ - Roll(40) * kDay;
      outage.interval = {start, start + (1 + Roll(9)) * 9 * kHour};
      outage.create_time = outage.update_time = now_;
      Write<Outage>(EventType::kCreated, outage, nullptr);
      outages_.push_back(outage);
      return;
    }
    const auto place = static_cast<size_t>(Roll(static_cast<int>(outages_.size())));
    const Outage before = outages_[place];
    if (kind == 1) {
      Write(EventType::kDeleted, before, &before);
      outages_.erase(outages_.begin() + static_cast<std::ptrdiff_t>(place));
      return;
    }
    outages_[place].interval.end += Roll(3) * kHour;
    outages_[place].update_time = now_;
    Write(EventType::kUpdated, outages_[place], &before);
  }

  // What a machine says of the last weeks, also of what it has spoken of before.
  void SaySomething() {
    MachineReport report;
    report.id = store_.head() + 1;
    report.asset = Roll(3) == 0 ? "line" : "rigs";
    if (report.asset == "rigs") report.unit = "rig-" + std::to_string(Roll(3));
    Instant at = now_ - (1 + Roll(60)) * kDay;
    for (int spans = 1 + Roll(4); spans > 0 && at < now_; --spans) {
      const Instant end = std::min(now_, at + 600 + Roll(30) * kHour);
      report.spans.push_back({{at, end}, static_cast<MachineState>(1 + Roll(3))});
      at = end + Roll(3) * kHour;
    }
    report.create_time = now_;
    Write<MachineReport>(EventType::kCreated, report, nullptr);
  }

  void ChangeAsset() {
    const Asset before = *catalogue_.FindAsset("rigs");
    Asset next = before;
    next.capacity = 2 + Roll(4);
    next.update_time = now_;
    Write(EventType::kUpdated, next, &before);
  }

  std::mt19937 random_;
  Instant now_;
  storage::MemoryStore store_;
  engine::Catalogue catalogue_;
  int64_t refused_ = 0;
  engine::Reaches reaches_;
  runtime::Rollups rollups_;
  std::map<ReservationId, Reservation> reservations_;
  std::vector<Outage> outages_;
};

// A report that was made, to be had again.
struct Made {
  engine::UseQuery query;
  Revision revision = 0;
  std::vector<std::string> rows;
};

void LiveAndReport(unsigned seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Life life(seed);
  std::vector<Made> made;
  size_t most_kept = 0;
  for (int step = 0; step < 400 && !testing::Test::HasFailure(); ++step) {
    life.Step();
    if (step % 8 != 0) continue;
    const engine::UseQuery query = life.SomeQuery(step % 3 == 0);
    const auto rows = life.Report(query, life.head(), nullptr);
    EXPECT_EQ(life.WithMemory(query), rows) << "what is kept is wrong at step " << step;
    EXPECT_EQ(life.WithMemory(query), rows) << "what was just kept is wrong at step " << step;
    most_kept = std::max(most_kept, life.kept());
    if (query.period.end <= life.now()) made.push_back({query, life.head(), rows});
  }
  EXPECT_GT(most_kept, 5U) << "nothing was kept: this proves nothing";
  EXPECT_GT(made.size(), 3U);
  for (const Made& report : made) {
    EXPECT_EQ(life.Report(report.query, report.revision, nullptr), report.rows)
        << "as of " << report.revision;
    if (testing::Test::HasFailure()) return;
  }
}

TEST(UseReportPropertyTest, WhatIsKeptIsWhatIsFoundAndThePastStaysAsItWas) {
  const unsigned first = std::random_device{}() % 1000000;
  const unsigned seeds = std::getenv("LABSLOT_TEST_LONG") != nullptr ? 500 : 10;
  for (unsigned seed = first; seed < first + seeds && !testing::Test::HasFailure(); ++seed) {
    LiveAndReport(seed);
  }
}

}  // namespace
}  // namespace labslot::service
