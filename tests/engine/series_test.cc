// Series: what is granted of them. How they change is in series_changes_test.cc.

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "daemon/engine/explain.h"
#include "tests/engine/same_state.h"
#include "tests/engine/series_draft.h"
#include "tests/engine/table.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Binding;
using support::Day;
using support::Describe;
using support::Draft;
using support::ErrorWord;
using support::Item;
using support::kDay;
using support::kHour;
using support::MakeAsset;
using support::MakeOrganisation;
using support::MakePool;
using support::MakeSite;
using support::MakeUser;
using support::RuleWord;
using support::Span;
using support::World;

class SeriesTest : public testing::Test {
 protected:
  SeriesTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakeAsset("press"));
    world_.Add(MakePool("rigs", 3));
    Asset slow = MakeAsset("slow");
    slow.set_up = 1800;
    slow.tear_down = 1800;
    world_.Add(slow);
    world_.Add(MakeOrganisation("other"));
    world_.Add(MakeUser("zoe", {"other"}));
    User manager = MakeUser("mia");
    manager.role_bindings = {Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(manager);
  }

  Result<Decision> Create(const Series& series, const std::string& user = "ada") {
    return world_.Run({user}, CreateSeries{series});
  }

  // What became of it: its days, or the error in words.
  std::string Outcome(const Series& series, const std::string& user = "ada") {
    return Words(Create(series, user));
  }

  std::string Words(const Result<Decision>& result) const {
    if (result.ok()) return DaysIn(world_, std::get<Series>(result.value().result));
    const Error& error = result.error();
    std::string word = ErrorWord(error.kind);
    for (const FieldViolation& field : error.fields) absl::StrAppend(&word, " ", field.field);
    if (!error.refusal) return word;
    for (const Violation& violation : error.refusal->violations) {
      absl::StrAppend(&word, " ", RuleWord(violation.rule));
    }
    return word;
  }

  // Zoe has the oven from 9:30 to 11 on these days.
  void Block(const std::vector<std::string>& days) {
    for (const std::string& day : days) {
      world_.MustBook(Draft({Item("oven")}, Span(day + " 9:30-11:00")), "zoe");
    }
  }

  World world_;
  // Monday to Friday at 9.
  const Series week_ = MakeSeries("oven", "2027-03-01T09:00", kHour, "FREQ=DAILY;COUNT=5");
};

TEST_F(SeriesTest, TheContractSaysHowManyRefusedDaysItBears) {
  const struct {
    ContractKind kind;
    int32_t max_refused;
    int32_t percent;
    size_t blocked;  // days of five
    bool granted;
  } table[] = {
      {ContractKind::kAllOrNothing, 0, 0, 0, true},
      {ContractKind::kAllOrNothing, 0, 0, 1, false},
      // What is of no use to a contract does not soften it.
      {ContractKind::kAllOrNothing, 5, 100, 1, false},
      {ContractKind::kSkipConflicts, 0, 0, 1, true},
      {ContractKind::kSkipConflicts, 0, 0, 4, true},
      {ContractKind::kSkipConflicts, 0, 0, 5, false},
      {ContractKind::kAtMost, 0, 0, 0, true},
      {ContractKind::kAtMost, 0, 0, 1, false},
      {ContractKind::kAtMost, 2, 0, 2, true},
      {ContractKind::kAtMost, 2, 0, 3, false},
      {ContractKind::kAtMost, 0, 39, 2, false},
      {ContractKind::kAtMost, 0, 40, 2, true},
      {ContractKind::kAtMost, 0, 40, 3, false},
      {ContractKind::kAtMost, 0, 59, 3, false},
      {ContractKind::kAtMost, 0, 60, 3, true},
      // The one that allows more counts.
      {ContractKind::kAtMost, 1, 60, 3, true},
      {ContractKind::kAtMost, 3, 20, 3, true},
      {ContractKind::kAtMost, 1, 20, 3, false},
      // At least one must be granted.
      {ContractKind::kAtMost, 5, 100, 5, false},
  };
  const char* const days[] = {"mon", "tue", "wed", "thu", "fri"};
  const World clean = world_;
  for (const auto& row : table) {
    SCOPED_TRACE(testing::Message() << static_cast<int>(row.kind) << " " << row.max_refused << " "
                                    << row.percent << "% with " << row.blocked << " refused");
    world_ = clean;
    for (size_t i = 0; i < row.blocked; ++i) Block({days[i]});
    Series series = week_;
    series.contract = {row.kind, row.max_refused, row.percent};
    const auto result = Create(series);
    EXPECT_EQ(result.ok(), row.granted);
    if (result.ok()) continue;
    ASSERT_EQ(result.error().kind, ErrorKind::kRefused);
    EXPECT_EQ(result.error().refusal->violations.size(), row.blocked);
  }
}

// Found by random requests: the error named `reservation.user`, which such a
// request does not have.
TEST_F(SeriesTest, WhatIsWrongIsNamedAsAFieldOfTheSeries) {
  EXPECT_EQ(Words(world_.Run(CreateSeries{week_})), "invalid series.reservation.user");
  world_.Add(support::MakeChild("door", "oven"));
  Series both = week_;
  both.draft.items.push_back(Item("door"));
  EXPECT_EQ(Outcome(both), "invalid series.reservation.items[1].asset");
}

TEST_F(SeriesTest, RefusedDaysAreKeptWithTheirRefusal) {
  Block({"tue", "thu"});
  const auto result = Create(Skipping(week_));
  ASSERT_TRUE(result.ok()) << Describe(result.error());
  const auto& series = std::get<Series>(result.value().result);
  EXPECT_EQ(DaysIn(world_, series),
            "03-01 09:00, 03-02 !capacity_exceeded, 03-03 09:00, 03-04 !capacity_exceeded, "
            "03-05 09:00");
  const Occurrence& tuesday = series.occurrences[1];
  EXPECT_EQ(tuesday.interval, Span("tue 9:00-10:00"));
  EXPECT_EQ(tuesday.reservation, 0);
  // Ada may not see who it is.
  EXPECT_EQ(tuesday.refusal->violations[0].conflicts[0].reservation, 0);
  EXPECT_EQ(tuesday.refusal->earliest_start, At("tue 11:00"));
  EXPECT_FALSE(tuesday.refusal->alternatives.empty());
  EXPECT_FALSE(series.occurrences[0].refusal);
}

TEST_F(SeriesTest, ARefusedSeriesLeavesTheStateAsItWas) {
  Quota quota;
  quota.id = "few";
  quota.each = {Dimension::kUser};
  quota.measure = Measure::kCount;
  quota.period = QuotaPeriod::kWeek;
  quota.limit = 50;
  world_.Add(quota);
  Block({"fri"});
  const State before = world_.state();
  const Reservation draft = Draft({Item("oven")}, Span("mon 9:00-10:00"));
  const auto usage = [&] {
    return QuotaUsageOf(world_.state(), {"ada"}, draft, world_.now).value()[0].used;
  };
  EXPECT_EQ(Outcome(week_), "refused capacity_exceeded");
  ExpectSameState(before, world_.state());
  EXPECT_EQ(usage(), 0);
  // Nor does a granted one leave traces before it is applied.
  ASSERT_TRUE(world_.Try({"ada"}, CreateSeries{Skipping(week_)}).ok());
  ExpectSameState(before, world_.state());
  EXPECT_EQ(usage(), 0);
  ASSERT_TRUE(Create(Skipping(week_)).ok());
  EXPECT_EQ(usage(), 4);
}

TEST_F(SeriesTest, TheSeriesComesFirstAndItsOccurrencesFollowInOrder) {
  const Revision head = world_.state().head();
  const auto result = Create(week_);
  ASSERT_TRUE(result.ok()) << Describe(result.error());
  const auto& changes = result.value().changes;
  ASSERT_EQ(changes.size(), 6u);
  const auto& series = std::get<Series>(changes[0].event.resource);
  EXPECT_EQ(series, std::get<Series>(result.value().result));
  EXPECT_EQ(series.id, head + 1);
  EXPECT_EQ(series.create_time, world_.now);
  EXPECT_EQ(series.update_time, world_.now);
  EXPECT_EQ(series.recurrence.zone, "Europe/Brussels");
  EXPECT_EQ(series.draft.user, "ada");
  EXPECT_EQ(series.draft.organisation, "acme");
  for (size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(changes[i].event.revision, head + 1 + static_cast<Revision>(i));
    EXPECT_EQ(changes[i].event.type, EventType::kCreated);
    EXPECT_FALSE(changes[i].before);
    if (i == 0) continue;
    const auto& r = std::get<Reservation>(changes[i].event.resource);
    const Occurrence& occurrence = series.occurrences[i - 1];
    EXPECT_EQ(r.id, changes[i].event.revision);
    EXPECT_EQ(r.revision, r.id);
    EXPECT_EQ(r.series, series.id);
    EXPECT_EQ(r.occurrence, Day("mon") + static_cast<int>(i) - 1);
    EXPECT_EQ(r.create_time, world_.now);
    EXPECT_EQ(occurrence.reservation, r.id);
    EXPECT_EQ(occurrence.day, r.occurrence);
    EXPECT_EQ(occurrence.interval, r.interval);
    EXPECT_EQ(r.user, "ada");
    EXPECT_EQ(r.organisation, "acme");
    EXPECT_EQ(r.state, ReservationState::kConfirmed);
  }
}

// The clocks in Brussels: on 28 March 2027 from 2 to 3, on 31 October back from
// 3 to 2.
TEST_F(SeriesTest, TheWallClockIsKeptOverBothSwitches) {
  const struct {
    const char* start;
    Seconds length;
    const char* runs[3];  // in UTC
  } table[] = {
      {"2027-03-27T09:00",
       kHour,
       {"2027-03-27 08:00/2027-03-27 09:00", "2027-03-28 07:00/2027-03-28 08:00",
        "2027-03-29 07:00/2027-03-29 08:00"}},
      {"2027-10-30T09:00",
       kHour,
       {"2027-10-30 07:00/2027-10-30 08:00", "2027-10-31 08:00/2027-10-31 09:00",
        "2027-11-01 08:00/2027-11-01 09:00"}},
      // Nights of 8, 7 and 8 hours.
      {"2027-03-26T22:00",
       8 * kHour,
       {"2027-03-26 21:00/2027-03-27 05:00", "2027-03-27 21:00/2027-03-28 04:00",
        "2027-03-28 20:00/2027-03-29 04:00"}},
      // Nights of 8, 9 and 8 hours.
      {"2027-10-29T22:00",
       8 * kHour,
       {"2027-10-29 20:00/2027-10-30 04:00", "2027-10-30 20:00/2027-10-31 05:00",
        "2027-10-31 21:00/2027-11-01 05:00"}},
      // Round the clock: the days of 23 and 25 hours leave no gap.
      {"2027-03-27T00:00",
       kDay,
       {"2027-03-26 23:00/2027-03-27 23:00", "2027-03-27 23:00/2027-03-28 22:00",
        "2027-03-28 22:00/2027-03-29 22:00"}},
      {"2027-10-30T00:00",
       kDay,
       {"2027-10-29 22:00/2027-10-30 22:00", "2027-10-30 22:00/2027-10-31 23:00",
        "2027-10-31 23:00/2027-11-01 23:00"}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(testing::Message() << row.start << " for " << row.length);
    const auto result = world_.Try(
        {"ada"}, CreateSeries{MakeSeries("oven", row.start, row.length, "FREQ=DAILY;COUNT=3")});
    ASSERT_TRUE(result.ok()) << Describe(result.error());
    const auto& series = std::get<Series>(result.value().result);
    ASSERT_EQ(series.occurrences.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(series.occurrences[i].interval, Span(row.runs[i], "UTC")) << i;
    }
  }
}

TEST_F(SeriesTest, ARunInTheSkippedHourIsRefusedAndKept) {
  for (const char* start : {"2027-03-27T02:00", "2027-03-27T02:30", "2027-03-27T01:30"}) {
    SCOPED_TRACE(start);
    const Series series = MakeSeries("oven", start, kHour, "FREQ=DAILY;COUNT=3");
    const auto refused = world_.Try({"ada"}, CreateSeries{series});
    EXPECT_EQ(Words(refused), "refused local_time_skipped");
    const auto result = world_.Try({"ada"}, CreateSeries{Skipping(series)});
    ASSERT_TRUE(result.ok()) << Describe(result.error());
    const auto& occurrences = std::get<Series>(result.value().result).occurrences;
    ASSERT_EQ(occurrences.size(), 3u);
    const Occurrence& skipped = occurrences[1];
    EXPECT_EQ(skipped.day, Day("2027-03-28"));
    EXPECT_EQ(skipped.reservation, 0);
    EXPECT_EQ(skipped.interval, Interval());
    ASSERT_TRUE(skipped.refusal);
    EXPECT_EQ(skipped.refusal->violations[0].rule, Rule::kLocalTimeSkipped);
    EXPECT_NE(occurrences[0].reservation, 0);
    EXPECT_NE(occurrences[2].reservation, 0);
    EXPECT_EQ(occurrences[2].interval.length(), kHour);
  }
  EXPECT_EQ(Outcome(MakeSeries("oven", "2027-03-27T03:00", kHour, "FREQ=DAILY;COUNT=2")),
            "03-27 03:00, 03-28 03:00");
}

TEST_F(SeriesTest, TheRepeatedHourIsReadOneWay) {
  const struct {
    const char* start;
    RepeatedHour reading;
    const char* run;  // of 31 October, in UTC; empty: it is not said which
  } table[] = {
      {"2027-10-30T02:15", RepeatedHour::kUnspecified, ""},
      {"2027-10-30T02:15", RepeatedHour::kFirst, "2027-10-31 00:15/2027-10-31 00:45"},
      {"2027-10-30T02:15", RepeatedHour::kSecond, "2027-10-31 01:15/2027-10-31 01:45"},
      {"2027-10-30T01:45", RepeatedHour::kUnspecified, ""},
      {"2027-10-30T01:45", RepeatedHour::kFirst, "2027-10-30 23:45/2027-10-31 00:15"},
      {"2027-10-30T01:45", RepeatedHour::kSecond, "2027-10-30 23:45/2027-10-31 01:15"},
      {"2027-10-30T03:00", RepeatedHour::kUnspecified, "2027-10-31 02:00/2027-10-31 02:30"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(testing::Message() << row.start << " " << static_cast<int>(row.reading));
    Series series = Skipping(MakeSeries("oven", row.start, kHour / 2, "FREQ=DAILY;COUNT=3"));
    series.recurrence.repeated_hour = row.reading;
    const auto result = world_.Try({"ada"}, CreateSeries{series});
    if (*row.run == '\0') {
      EXPECT_EQ(Words(result), "invalid series.recurrence.repeated_hour");
      continue;
    }
    ASSERT_TRUE(result.ok()) << Describe(result.error());
    EXPECT_EQ(std::get<Series>(result.value().result).occurrences[1].interval,
              Span(row.run, "UTC"));
  }
}

TEST_F(SeriesTest, OccurrencesCountTowardsQuotasOfEachOther) {
  Quota quota;
  quota.id = "two";
  quota.each = {Dimension::kUser};
  quota.measure = Measure::kCount;
  quota.period = QuotaPeriod::kWeek;
  quota.limit = 2;
  world_.Add(quota);
  EXPECT_EQ(Outcome(week_), "refused quota_exceeded quota_exceeded quota_exceeded");
  // Fri, Sat, Sun and Monday of the next week.
  EXPECT_EQ(Outcome(Skipping(MakeSeries("oven", "2027-03-05T09:00", kHour, "FREQ=DAILY;COUNT=4"))),
            "03-05 09:00, 03-06 09:00, 03-07 !quota_exceeded, 03-08 09:00");
  // What was granted counts for what comes behind it.
  EXPECT_EQ(Outcome(Skipping(MakeSeries("press", "2027-03-07T09:00", kHour, "FREQ=DAILY;COUNT=3"))),
            "03-07 !quota_exceeded, 03-08 09:00, 03-09 !quota_exceeded");
}

TEST_F(SeriesTest, OccurrencesKeepTheBufferToEachOther) {
  Policy buffer;
  buffer.id = "rest";
  buffer.rule = BufferRule{12 * kHour, false, false};
  world_.Add(buffer);
  EXPECT_EQ(
      Outcome(Skipping(MakeSeries("oven", "2027-03-01T09:00", 12 * kHour, "FREQ=DAILY;COUNT=3"))),
      "03-01 09:00, 03-02 09:00, 03-03 09:00");
  EXPECT_EQ(
      Outcome(Skipping(MakeSeries("press", "2027-03-01T09:00", 13 * kHour, "FREQ=DAILY;COUNT=3"))),
      "03-01 09:00, 03-02 !too_close, 03-03 09:00");
}

TEST_F(SeriesTest, AnOccurrenceThatNeedsApprovalIsGrantedAsPending) {
  Policy approval;
  approval.id = "ask";
  approval.rule = ApprovalRule{};
  approval.effect = Effect::kNeedsApproval;
  approval.sleeps = {support::Weekly("mon,wed", "0:00-24:00")};
  world_.Add(approval);
  EXPECT_EQ(Outcome(week_),
            "03-01 09:00, 03-02 pending, 03-03 09:00, 03-04 pending, 03-05 pending");
}

TEST_F(SeriesTest, DaysAreAddedAndLeftOut) {
  Series series = week_;
  series.recurrence.extra_days = {Day("2027-03-10"), Day("wed")};
  series.recurrence.left_out_days = {Day("tue"), Day("2027-04-01")};
  EXPECT_EQ(Outcome(series), "03-01 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00, 03-10 09:00");
  // The first day belongs to it in any case.
  EXPECT_EQ(Outcome(MakeSeries("press", "2027-03-01T09:00", kHour, "FREQ=WEEKLY;BYDAY=TU;COUNT=2")),
            "03-01 09:00, 03-02 09:00, 03-09 09:00");
}

TEST_F(SeriesTest, WhatCannotBeReadIsInvalid) {
  const Seconds kTooLong = kDay + 1;
  const struct {
    const char* asset;
    Seconds length;
    const char* rrule;
    const char* outcome;
  } table[] = {
      {"oven", kHour, "FREQ=DAILY", "invalid series.recurrence.rrule"},
      {"oven", kHour, "FREQ=HOURLY;COUNT=2", "invalid series.recurrence.rrule"},
      {"oven", kHour, "DAILY", "invalid series.recurrence.rrule"},
      {"oven", kHour, "FREQ=DAILY;COUNT=401", "invalid series.recurrence.rrule"},
      {"oven", kDay, "FREQ=DAILY;COUNT=2", "03-01 09:00, 03-02 09:00"},
      {"oven", kTooLong, "FREQ=DAILY;COUNT=2", "invalid series.recurrence.end"},
      {"press", kTooLong, "FREQ=DAILY;INTERVAL=2;COUNT=2", "03-01 09:00, 03-03 09:00"},
      // Half an hour of set-up and as much of tear-down.
      {"slow", 23 * kHour, "FREQ=DAILY;COUNT=2", "03-01 09:00, 03-02 09:00"},
      {"slow", 23 * kHour + 1, "FREQ=DAILY;COUNT=2", "invalid series.recurrence.end"},
      {"none", kHour, "FREQ=DAILY;COUNT=2", "not_found"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Outcome(Skipping(MakeSeries(row.asset, "2027-03-01T09:00", row.length, row.rrule))),
              row.outcome)
        << row.asset << " " << row.length << " " << row.rrule;
  }
}

TEST_F(SeriesTest, ASeriesHasAsManyDaysAsTheLimitSays) {
  const auto limit = static_cast<int>(limits::kMaxOccurrences);
  Series series =
      MakeSeries("oven", "2027-03-01T09:00", kHour, absl::StrCat("FREQ=DAILY;COUNT=", limit));
  series.recurrence.extra_days = {Day("2027-02-28")};
  EXPECT_EQ(Outcome(series), "invalid series.recurrence.rrule");
  series.recurrence.extra_days = {Day("2027-03-02")};
  const auto result = Create(series);
  ASSERT_TRUE(result.ok()) << Describe(result.error());
  EXPECT_EQ(result.value().changes.size(), limits::kMaxOccurrences + 1);
  EXPECT_EQ(world_.reservations().size(), limits::kMaxOccurrences);
}

TEST_F(SeriesTest, DaysInThePastAreRefused) {
  world_.now = At("wed 12:00");
  EXPECT_EQ(Outcome(week_), "refused start_in_past start_in_past start_in_past");
  EXPECT_EQ(Outcome(Skipping(week_)),
            "03-01 !start_in_past, 03-02 !start_in_past, 03-03 !start_in_past, 03-04 09:00, "
            "03-05 09:00");
}

TEST_F(SeriesTest, OnlyManagersOfAllItsAssetsMakeASeriesForOthers) {
  Series series = week_;
  series.draft.user = "ada";
  EXPECT_EQ(Outcome(series, "zoe"), "role_required");
  EXPECT_EQ(Outcome(series, "nobody"), "role_required");
  Series both = series;
  both.draft.items.push_back(Item("press"));
  EXPECT_EQ(Outcome(both, "mia"), "role_required");
  const auto result = Create(series, "mia");
  ASSERT_TRUE(result.ok()) << Describe(result.error());
  for (const auto& [id, r] : world_.reservations()) {
    EXPECT_EQ(r.user, "ada");
    EXPECT_EQ(r.organisation, "acme");
  }
}

TEST_F(SeriesTest, AnOverrideHoldsForEachDay) {
  Policy length;
  length.id = "short";
  length.rule = DurationRule{0, kHour / 2};
  length.overriders.users = {"ada"};
  world_.Add(length);
  EXPECT_EQ(Outcome(week_), "refused too_long too_long too_long too_long too_long");
  const auto result = world_.Run({"ada"}, CreateSeries{week_}, "", "a long test");
  ASSERT_TRUE(result.ok()) << Describe(result.error());
  for (const auto& [id, r] : world_.reservations()) {
    ASSERT_EQ(r.notes.size(), 1u);
    EXPECT_EQ(r.notes[0].kind, NoteKind::kOverridden);
    EXPECT_EQ(r.notes[0].settled_by, "ada");
  }
}

}  // namespace
}  // namespace labslot::engine
