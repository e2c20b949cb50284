// Series that are changed, called off and tried again.

#include <gtest/gtest.h>

#include <set>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
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

using SeriesChange = std::function<void(Series&)>;

class SeriesChangesTest : public testing::Test {
 protected:
  SeriesChangesTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakeAsset("press"));
    world_.Add(MakeOrganisation("other"));
    world_.Add(MakeUser("zoe", {"other"}));
    world_.Add(MakeUser("bea", {"acme"}));
    User manager = MakeUser("mia");
    manager.role_bindings = {Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(manager);
  }

  SeriesId Make(const Series& series) {
    const auto result = world_.Run({"ada"}, CreateSeries{series});
    EXPECT_TRUE(result.ok()) << Describe(result.error());
    return result.ok() ? std::get<Series>(result.value().result).id : 0;
  }

  Series Found(SeriesId id) const { return *world_.FindSeries(id); }
  std::string Days(SeriesId id) const { return DaysIn(world_, Found(id)); }

  // The reservation of a day.
  ReservationId On(SeriesId id, absl::string_view day) const {
    for (const Occurrence& occurrence : Found(id).occurrences) {
      if (occurrence.day == Day(day)) return occurrence.reservation;
    }
    return 0;
  }

  // `ok`, or the error in words.
  std::string Update(SeriesId id, const SeriesChange& change, const std::string& from = "",
                     const std::string& user = "ada", Revision etag = 0) {
    UpdateSeries update{id, etag, std::nullopt, ChangeOf(change)};
    if (!from.empty()) update.from = Day(from);
    return Run(user, update);
  }

  std::string Cancel(SeriesId id, const std::string& from = "", const std::string& user = "ada",
                     Revision etag = 0) {
    CancelSeries cancel{id, etag, std::nullopt};
    if (!from.empty()) cancel.from = Day(from);
    return Run(user, cancel);
  }

  std::string Retry(SeriesId id, const std::vector<std::string>& days = {},
                    const std::string& user = "ada") {
    RetrySeries retry{id, {}};
    for (const std::string& day : days) retry.days.push_back(Day(day));
    return Run(user, retry);
  }

  // Whatever becomes of it, the world must be as before unless it is `ok`.
  std::string Run(const std::string& user, const CommandBody& body) {
    const State before = world_.state();
    const auto tried = world_.Try({user}, body, "because");
    ExpectSameState(before, world_.state());
    const auto result = world_.Run({user}, body, "because");
    EXPECT_EQ(tried.ok(), result.ok());
    if (result.ok()) {
      last_ = result.value();
      return "ok";
    }
    ExpectSameState(before, world_.state());
    std::string word = ErrorWord(result.error().kind);
    for (const FieldViolation& field : result.error().fields) {
      absl::StrAppend(&word, " ", field.field);
    }
    if (!result.error().refusal) return word;
    for (const Violation& violation : result.error().refusal->violations) {
      absl::StrAppend(&word, " ", RuleWord(violation.rule));
    }
    return word;
  }

  ReservationId Block(const std::string& span) {
    return world_.MustBook(Draft({Item("oven")}, Span(span)), "zoe");
  }

  World world_;
  Decision last_;
  // Monday to Friday at 9, and the same around the clock.
  const Series week_ = MakeSeries("oven", "2027-03-01T09:00", kHour, "FREQ=DAILY;COUNT=5");
  const Series round_ = MakeSeries("oven", "2027-03-01T09:00", kDay, "FREQ=DAILY;COUNT=5");
};

TEST_F(SeriesChangesTest, AllOrTheRestOfASeriesMoves) {
  const SeriesId id = Make(week_);
  const ReservationId wednesday = On(id, "wed");
  EXPECT_EQ(Update(id, StartAt(14)), "ok");
  EXPECT_EQ(Days(id), "03-01 14:00, 03-02 14:00, 03-03 14:00, 03-04 14:00, 03-05 14:00");
  EXPECT_EQ(Update(id, StartAt(16), "wed"), "ok");
  EXPECT_EQ(Days(id), "03-01 14:00, 03-02 14:00, 03-03 16:00, 03-04 16:00, 03-05 16:00");
  EXPECT_EQ(On(id, "wed"), wednesday);
  EXPECT_EQ(Found(id).occurrences[2].interval, Span("wed 16:00-17:00"));
  EXPECT_EQ(Found(id).occurrences[1].interval, Span("tue 14:00-15:00"));
}

TEST_F(SeriesChangesTest, ASeriesNeverConflictsWithItself) {
  // What would be over a limit if it counted twice.
  Quota quota;
  quota.id = "hours";
  quota.each = {Dimension::kUser};
  quota.limit = 5 * kDay;
  quota.period = QuotaPeriod::kYear;
  world_.Add(quota);
  const SeriesId id = Make(round_);
  EXPECT_EQ(Update(id, StartAt(10)), "ok");
  EXPECT_EQ(Days(id), "03-01 10:00, 03-02 10:00, 03-03 10:00, 03-04 10:00, 03-05 10:00");
  EXPECT_EQ(Update(id, StartAt(21, 30)), "ok");
  EXPECT_EQ(Update(id, StartAt(0)), "ok");
  EXPECT_EQ(Days(id), "03-01 00:00, 03-02 00:00, 03-03 00:00, 03-04 00:00, 03-05 00:00");
  // By a day: one falls out, and one is new.
  EXPECT_EQ(Update(id, [](Series& s) { s.recurrence.start += kDay; }), "ok");
  EXPECT_EQ(Days(id),
            "03-01 cancelled, 03-02 00:00, 03-03 00:00, 03-04 00:00, 03-05 00:00, 03-06 00:00");
  // By a day and an hour, back.
  EXPECT_EQ(Update(id, [](Series& s) { s.recurrence.start -= kDay - kHour; }), "ok");
  EXPECT_EQ(world_.reservation(On(id, "tue")).interval, Span("tue 1:00-wed 1:00"));
}

TEST_F(SeriesChangesTest, TheRestOfASeriesConflictsWithWhatIsLeftAlone) {
  const SeriesId id = Make(round_);
  EXPECT_EQ(Update(id, StartAt(8), "wed"), "refused capacity_exceeded");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00");
  EXPECT_EQ(Update(id, StartAt(10), "wed"), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 10:00, 03-04 10:00, 03-05 10:00");
}

TEST_F(SeriesChangesTest, DaysThatFallOutAreCancelledAndNewOnesAdded) {
  Series series = MakeSeries("oven", "2027-03-01T09:00", kHour, "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4");
  const SeriesId id = Make(series);
  EXPECT_EQ(Days(id), "03-01 09:00, 03-03 09:00, 03-08 09:00, 03-10 09:00");
  EXPECT_EQ(
      Update(
          id, [](Series& s) { s.recurrence.rrule = "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270311"; },
          "wed"),
      "ok");
  EXPECT_EQ(Days(id),
            "03-01 09:00, 03-03 cancelled, 03-04 09:00, 03-08 09:00, 03-10 cancelled, 03-11 09:00");
  EXPECT_EQ(world_.reservation(On(id, "wed")).state_reason, "because");
  EXPECT_EQ(world_.reservation(On(id, "thu")).series, id);
  EXPECT_EQ(world_.reservation(On(id, "thu")).occurrence, Day("thu"));
  // Others may have what was left.
  Block("wed 9:00-10:00");
}

TEST_F(SeriesChangesTest, WhatFellOutComesBackWhenTheSeriesWantsItAgain) {
  const SeriesId id = Make(week_);
  EXPECT_EQ(Update(id, [](Series& s) { s.recurrence.left_out_days = {Day("wed")}; }), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 cancelled, 03-04 09:00, 03-05 09:00");
  EXPECT_EQ(Update(id, [](Series& s) { s.recurrence.left_out_days.clear(); }), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00");
}

TEST_F(SeriesChangesTest, TheSeriesIsTheFirstEventOfAChange) {
  const SeriesId id = Make(week_);
  const Series before = Found(id);
  const Revision head = world_.state().head();
  world_.now += 60;
  ASSERT_EQ(Update(id,
                   [](Series& s) {
                     StartAt(11)(s);
                     s.recurrence.rrule = "FREQ=DAILY;COUNT=6";
                     s.recurrence.left_out_days = {Day("thu")};
                   }),
            "ok");
  ASSERT_EQ(last_.changes.size(), 7u);
  const Event& first = last_.changes[0].event;
  EXPECT_EQ(first.type, EventType::kUpdated);
  EXPECT_EQ(std::get<Series>(*last_.changes[0].before), before);
  const auto& series = std::get<Series>(first.resource);
  EXPECT_EQ(series.revision, head + 1);
  EXPECT_EQ(series.create_time, before.create_time);
  EXPECT_EQ(series.update_time, world_.now);
  EXPECT_EQ(series, std::get<Series>(last_.result));
  std::multiset<EventType> types;
  for (size_t i = 1; i < last_.changes.size(); ++i) {
    const Event& event = last_.changes[i].event;
    EXPECT_EQ(event.revision, head + 1 + static_cast<Revision>(i));
    types.insert(event.type);
    const auto& r = std::get<Reservation>(event.resource);
    EXPECT_EQ(r.revision, event.revision);
    EXPECT_EQ(r.series, id);
    EXPECT_EQ(On(id, absl::FormatCivilTime(r.occurrence)), r.id);
  }
  EXPECT_EQ(types, (std::multiset<EventType>{EventType::kCreated, EventType::kUpdated,
                                             EventType::kUpdated, EventType::kUpdated,
                                             EventType::kUpdated, EventType::kCancelled}));
}

TEST_F(SeriesChangesTest, WhatWasMovedByHandStays) {
  const SeriesId id = Make(week_);
  ASSERT_TRUE(world_.Move(On(id, "tue"), Span("tue 16:00-17:00")).ok());
  ASSERT_TRUE(world_.Move(On(id, "thu"), Span("thu 9:00-9:30")).ok());
  EXPECT_EQ(Update(id,
                   [](Series& s) {
                     StartAt(14)(s);
                     s.draft.purpose = "fatigue";
                     s.recurrence.left_out_days = {Day("thu")};
                   }),
            "ok");
  EXPECT_EQ(Days(id), "03-01 14:00, 03-02 16:00, 03-03 14:00, 03-04 09:00, 03-05 14:00");
  EXPECT_EQ(world_.reservation(On(id, "thu")).interval, Span("thu 9:00-9:30"));
  EXPECT_EQ(world_.reservation(On(id, "tue")).purpose, "fatigue");
}

TEST_F(SeriesChangesTest, WhatWasCalledOffByHandComesBackOnlyWhenNamed) {
  const SeriesId id = Make(week_);
  const ReservationId gone = On(id, "tue");
  ASSERT_TRUE(world_.Cancel(gone).ok());
  EXPECT_EQ(Update(id, StartAt(14)), "ok");
  EXPECT_EQ(Days(id), "03-01 14:00, 03-02 cancelled, 03-03 14:00, 03-04 14:00, 03-05 14:00");
  EXPECT_EQ(Retry(id), "ok");
  EXPECT_TRUE(last_.changes.empty());
  EXPECT_EQ(Retry(id, {"wed"}), "ok");
  EXPECT_TRUE(last_.changes.empty());
  EXPECT_EQ(Retry(id, {"tue"}), "ok");
  EXPECT_EQ(Days(id), "03-01 14:00, 03-02 14:00, 03-03 14:00, 03-04 14:00, 03-05 14:00");
  EXPECT_GT(On(id, "tue"), gone);
  EXPECT_EQ(world_.reservation(On(id, "tue")).series, id);
  EXPECT_EQ(world_.reservation(gone).state, ReservationState::kCancelled);
}

TEST_F(SeriesChangesTest, WordsReachAllOccurrencesWithoutMovingThem) {
  const SeriesId id = Make(week_);
  EXPECT_EQ(Update(
                id,
                [](Series& s) {
                  s.draft.display_name = "Fatigue";
                  s.draft.priority = 3;
                  s.draft.confidential = true;
                },
                "wed"),
            "ok");
  EXPECT_EQ(last_.changes.size(), 4u);
  EXPECT_EQ(world_.reservation(On(id, "tue")).display_name, "");
  EXPECT_EQ(world_.reservation(On(id, "wed")).display_name, "Fatigue");
  EXPECT_TRUE(world_.reservation(On(id, "fri")).confidential);
}

TEST_F(SeriesChangesTest, OtherAssetsAreTakenForAllOfThem) {
  const SeriesId id = Make(week_);
  world_.MustBook(Draft({Item("press")}, Span("wed 8:00-9:30")), "zoe");
  const SeriesChange change = [](Series& s) { s.draft.items = {Item("press")}; };
  EXPECT_EQ(Update(id, change), "refused capacity_exceeded");
  EXPECT_EQ(Update(id, change, "thu"), "ok");
  EXPECT_EQ(world_.reservation(On(id, "wed")).items[0].asset, "oven");
  EXPECT_EQ(world_.reservation(On(id, "thu")).items[0].asset, "press");
  Block("thu 9:00-10:00");
}

TEST_F(SeriesChangesTest, TheContractHoldsForChangesToo) {
  const SeriesId id = Make(week_);
  Block("wed 14:00-15:00");
  EXPECT_EQ(Update(id, StartAt(14)), "refused capacity_exceeded");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00");
  EXPECT_EQ(Update(id,
                   [](Series& s) {
                     StartAt(14)(s);
                     s.contract = {ContractKind::kAtMost, 0, 19};
                   }),
            "refused capacity_exceeded");
  EXPECT_EQ(Update(id,
                   [](Series& s) {
                     StartAt(14)(s);
                     s.contract = {ContractKind::kAtMost, 0, 20};
                   }),
            "ok");
  // One that cannot move stays where it was.
  EXPECT_EQ(Days(id),
            "03-01 14:00, 03-02 14:00, 03-03 09:00 !capacity_exceeded, 03-04 14:00, 03-05 14:00");
  EXPECT_EQ(world_.reservation(On(id, "wed")).interval, Span("wed 9:00-10:00"));
}

TEST_F(SeriesChangesTest, OneThatCouldNotMoveIsMovedWhenTheObstacleIsGone) {
  const SeriesId id = Make(Skipping(week_));
  const ReservationId obstacle = Block("wed 14:00-15:00");
  ASSERT_EQ(Update(id, StartAt(14)), "ok");
  ASSERT_TRUE(world_.Cancel(obstacle, "zoe").ok());
  EXPECT_EQ(Retry(id), "ok");
  EXPECT_EQ(Days(id), "03-01 14:00, 03-02 14:00, 03-03 14:00, 03-04 14:00, 03-05 14:00");
}

// It was not moved by hand, so it moves on with the others.
TEST_F(SeriesChangesTest, OneThatCouldNotMoveIsMovedByTheNextChange) {
  const SeriesId id = Make(Skipping(week_));
  Block("wed 14:00-15:00");
  ASSERT_EQ(Update(id, StartAt(14)), "ok");
  EXPECT_EQ(Update(id, StartAt(16)), "ok");
  EXPECT_EQ(Days(id), "03-01 16:00, 03-02 16:00, 03-03 16:00, 03-04 16:00, 03-05 16:00");
}

// With runs around the clock, what stays is in the way of those that move.
TEST_F(SeriesChangesTest, OneThatCannotMoveIsNotOverrunByTheOthers) {
  const SeriesId id = Make(Skipping(round_));
  Block("2027-03-06 10:00/2027-03-06 11:00");
  EXPECT_EQ(Update(id, StartAt(12)), "refused capacity_exceeded");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00");
}

TEST_F(SeriesChangesTest, WhatHasBegunStays) {
  const SeriesId id = Make(week_);
  world_.now = At("wed 9:30");
  EXPECT_EQ(Update(id, StartAt(14)), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 14:00, 03-05 14:00");
  EXPECT_EQ(Update(id, [](Series& s) { s.draft.display_name = "Late"; }), "ok");
  EXPECT_EQ(world_.reservation(On(id, "wed")).display_name, "");
  EXPECT_EQ(world_.reservation(On(id, "thu")).display_name, "Late");
  EXPECT_EQ(Cancel(id), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 cancelled, 03-05 cancelled");
  EXPECT_TRUE(Found(id).cancelled);
}

// The day is still one of the series: it does not fall out.
TEST_F(SeriesChangesTest, ARunIsNotCalledOffBecauseItsNewTimeHasPassed) {
  const SeriesId id = Make(Skipping(week_));
  world_.now = At("wed 8:30");
  EXPECT_EQ(Update(id, StartAt(8)), "ok");
  EXPECT_EQ(world_.reservation(On(id, "wed")).state, ReservationState::kConfirmed);
  EXPECT_EQ(world_.reservation(On(id, "wed")).interval, Span("wed 9:00-10:00"));
  EXPECT_EQ(world_.reservation(On(id, "thu")).interval, Span("thu 8:00-9:00"));
}

TEST_F(SeriesChangesTest, ASeriesIsCalledOffFromADayOnOrAsAWhole) {
  Block("thu 9:00-9:30");
  const SeriesId id = Make(Skipping(week_));
  EXPECT_EQ(Cancel(id, "wed"), "ok");
  EXPECT_EQ(last_.changes[0].event.type, EventType::kCancelled);
  EXPECT_EQ(std::get<Series>(last_.changes[0].event.resource).id, id);
  for (size_t i = 1; i < last_.changes.size(); ++i) {
    EXPECT_EQ(last_.changes[i].event.type, EventType::kCancelled);
    EXPECT_EQ(last_.changes[i].event.reason, "because");
  }
  // What was refused is not tried any more.
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 cancelled, 03-05 cancelled");
  EXPECT_FALSE(Found(id).cancelled);
  EXPECT_EQ(world_.reservation(On(id, "fri")).state_reason, "because");
  EXPECT_EQ(Cancel(id), "ok");
  EXPECT_EQ(Days(id), "03-01 cancelled, 03-02 cancelled, 03-03 cancelled, 03-05 cancelled");
  EXPECT_TRUE(Found(id).cancelled);
  EXPECT_EQ(Found(id).state_reason, "because");
}

TEST_F(SeriesChangesTest, WhatLostItsPlaceIsCalledOffWithItsSeries) {
  const SeriesId id = Make(week_);
  Outage outage;
  outage.asset = "oven";
  outage.interval = Span("wed 8:00-10:00");
  ASSERT_TRUE(world_.Run(CreateRecord{outage}).ok());
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 displaced, 03-04 09:00, 03-05 09:00");
  EXPECT_EQ(Cancel(id), "ok");
  EXPECT_EQ(Days(id),
            "03-01 cancelled, 03-02 cancelled, 03-03 cancelled, 03-04 cancelled, 03-05 cancelled");
}

TEST_F(SeriesChangesTest, WhatIsInUseBeforeItsStartStays) {
  const SeriesId id = Make(week_);
  world_.now = At("mon 8:50");
  ASSERT_TRUE(world_.Run({"ada"}, CheckIn{On(id, "mon"), 0}).ok());
  EXPECT_EQ(Update(id, StartAt(14)), "ok");
  EXPECT_EQ(Days(id), "03-01 checked in, 03-02 14:00, 03-03 14:00, 03-04 14:00, 03-05 14:00");
  EXPECT_EQ(world_.reservation(On(id, "mon")).interval, Span("mon 9:00-10:00"));
  EXPECT_EQ(Cancel(id), "ok");
  EXPECT_EQ(Days(id),
            "03-01 checked in, 03-02 cancelled, 03-03 cancelled, 03-04 cancelled, 03-05 cancelled");
}

TEST_F(SeriesChangesTest, WhatLeavesItsSlotFreeStaysThoughOthersTookIt) {
  Policy approval;
  approval.id = "approval";
  approval.rule = ApprovalRule{};
  approval.effect = Effect::kNeedsApproval;
  approval.approval.leaves_slot_free = true;
  Selector adas;
  adas.users = {"ada"};
  approval.applies_to = {adas};
  world_.Add(approval);
  Series series = week_;
  series.contract = {ContractKind::kSkipConflicts, 0, 0};
  const SeriesId id = Make(series);
  Block("mon 9:00-10:00");
  Block("mon 14:00-15:00");
  EXPECT_EQ(Update(id, StartAt(14)), "ok");
  const Reservation monday = world_.reservation(On(id, "mon"));
  EXPECT_EQ(monday.interval, Span("mon 9:00-10:00"));
  EXPECT_EQ(monday.state, ReservationState::kPending);
  EXPECT_EQ(world_.reservation(On(id, "tue")).interval, Span("tue 14:00-15:00"));
}

TEST_F(SeriesChangesTest, ADayThatStaysCannotBeTooFarFromThoseThatGo) {
  Site brno = MakeSite("brno");
  brno.travel_times = {{"lommel", 23 * kHour}};
  world_.Add(brno);
  world_.Add(support::MakeMobile("lab"));
  Series series = Skipping(MakeSeries("lab", "2027-03-02T09:00", 2 * kHour, "FREQ=DAILY;COUNT=3"));
  series.draft.site = "lommel";
  const SeriesId id = Make(series);
  EXPECT_EQ(Days(id), "03-02 09:00, 03-03 09:00, 03-04 09:00");
  // It cannot be in Brno before Tuesday, 11:00, and if that day stays in Lommel not before
  // Wednesday, 10:00.
  world_.now = At("mon 12:00");
  const auto to_brno = [](Series& changed) { changed.draft.site = "brno"; };
  EXPECT_EQ(Update(id, to_brno), "refused travel_does_not_fit");
  EXPECT_EQ(world_.reservation(On(id, "wed")).site, "lommel");
}

TEST_F(SeriesChangesTest, WhatStandsAgainstCancellingStandsAgainstCallingOff) {
  Policy notice;
  notice.id = "notice";
  notice.rule = NoticeRule{{}, {}, {2, 0}};
  notice.overriders.users = {"mia"};
  world_.Add(notice);
  const SeriesId id = Make(week_);
  world_.now = At("mon 12:00");
  EXPECT_EQ(Cancel(id), "refused too_late too_late");
  EXPECT_EQ(Update(id, [](Series& s) { s.recurrence.left_out_days = {Day("wed")}; }),
            "refused too_late");
  EXPECT_EQ(Cancel(id, "thu"), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 cancelled, 03-05 cancelled");
  const auto result = world_.Run({"mia"}, CancelSeries{id, 0, std::nullopt}, "", "broken oven");
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(Days(id),
            "03-01 09:00, 03-02 cancelled, 03-03 cancelled, 03-04 cancelled, 03-05 cancelled");
}

TEST_F(SeriesChangesTest, RefusedDaysAreTriedAgain) {
  const ReservationId tuesday = Block("tue 9:00-9:30");
  const ReservationId thursday = Block("thu 9:00-9:30");
  const SeriesId id = Make(Skipping(week_));
  const std::string refused =
      "03-01 09:00, 03-02 !capacity_exceeded, 03-03 09:00, 03-04 !capacity_exceeded, 03-05 09:00";
  EXPECT_EQ(Retry(id), "refused capacity_exceeded capacity_exceeded");
  EXPECT_EQ(Retry(id, {"tue"}), "refused capacity_exceeded");
  EXPECT_EQ(Days(id), refused);
  ASSERT_TRUE(world_.Cancel(tuesday, "zoe").ok());
  EXPECT_EQ(Retry(id, {"thu"}), "refused capacity_exceeded");
  EXPECT_EQ(Retry(id), "ok");
  ASSERT_EQ(last_.changes.size(), 2u);
  EXPECT_EQ(last_.changes[0].event.type, EventType::kUpdated);
  EXPECT_EQ(std::get<Reservation>(last_.changes[1].event.resource).series, id);
  EXPECT_EQ(Days(id),
            "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 !capacity_exceeded, 03-05 09:00");
  ASSERT_TRUE(world_.Cancel(thursday, "zoe").ok());
  EXPECT_EQ(Retry(id, {"thu"}), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-02 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00");
  EXPECT_EQ(world_.reservation(On(id, "thu")).occurrence, Day("thu"));
  EXPECT_EQ(Retry(id), "ok");
  EXPECT_TRUE(last_.changes.empty());
}

TEST_F(SeriesChangesTest, ARefusedDayThatFellOutIsNotTriedAgain) {
  const ReservationId obstacle = Block("tue 9:00-9:30");
  const SeriesId id = Make(Skipping(week_));
  ASSERT_EQ(Update(id, [](Series& s) { s.recurrence.left_out_days = {Day("tue")}; }), "ok");
  EXPECT_EQ(Days(id), "03-01 09:00, 03-03 09:00, 03-04 09:00, 03-05 09:00");
  ASSERT_TRUE(world_.Cancel(obstacle, "zoe").ok());
  EXPECT_EQ(Retry(id), "ok");
  EXPECT_EQ(On(id, "tue"), 0);
}

TEST_F(SeriesChangesTest, RefusedDaysThatArePastAreNotTriedAgain) {
  const ReservationId obstacle = Block("tue 9:00-9:30");
  const SeriesId id = Make(Skipping(week_));
  ASSERT_TRUE(world_.Cancel(obstacle, "zoe").ok());
  world_.now = At("tue 9:01");
  EXPECT_EQ(Retry(id), "ok");
  EXPECT_TRUE(last_.changes.empty());
  EXPECT_EQ(Retry(id, {"tue"}), "ok");
  EXPECT_TRUE(last_.changes.empty());
}

TEST_F(SeriesChangesTest, AChangeThatCannotBeReadIsInvalid) {
  const SeriesId id = Make(week_);
  const std::pair<const char*, SeriesChange> table[] = {
      {"invalid series.recurrence.end", [](Series& s) { s.recurrence.length = kDay + 1; }},
      {"invalid series.recurrence.rrule",
       [](Series& s) { s.recurrence.rrule = "FREQ=DAILY;COUNT=401"; }},
      {"invalid series.recurrence.rrule", [](Series& s) { s.recurrence.rrule = "FREQ=DAILY"; }},
      {"invalid series.recurrence.repeated_hour",
       [](Series& s) {
         StartAt(2, 15)(s);
         s.recurrence.extra_days = {Day("2027-10-31")};
       }},
      {"not_found", [](Series& s) { s.draft.items = {Item("none")}; }},
  };
  for (const auto& [outcome, change] : table) EXPECT_EQ(Update(id, change), outcome);
}

// A series tells at most so many days, however often it was changed.
TEST_F(SeriesChangesTest, ChangesDoNotMakeASeriesLongerThanTheLimit) {
  const SeriesId id = Make(MakeSeries("oven", "2027-03-01T09:00", kHour, "FREQ=DAILY;COUNT=210"));
  (void)Update(id, [](Series& s) { s.recurrence.start += 210 * kDay; });
  EXPECT_LE(Found(id).occurrences.size(), limits::kMaxOccurrences);
}

TEST_F(SeriesChangesTest, ItIsChangedByItsUserAndByManagers) {
  const struct {
    const char* user;
    const char* outcome;
  } table[] = {{"zoe", "not_found"}, {"nobody", "not_found"}, {"bea", "role_required"},
               {"mia", "ok"},        {"ada", "ok"},           {kLocalOperator, "ok"}};
  const World clean = world_;
  for (const auto& row : table) {
    SCOPED_TRACE(row.user);
    world_ = clean;
    const ReservationId obstacle = Block("wed 9:00-9:30");
    const SeriesId id = Make(Skipping(week_));
    ASSERT_TRUE(world_.Cancel(obstacle, "zoe").ok());
    EXPECT_EQ(Retry(id, {}, row.user), row.outcome);
    EXPECT_EQ(Update(id, StartAt(12), "", row.user), row.outcome);
    EXPECT_EQ(Cancel(id, "", row.user), row.outcome);
    EXPECT_EQ(world_.reservation(On(id, "thu")).user, "ada");
  }
}

TEST_F(SeriesChangesTest, AnOldEtagIsRefused) {
  const SeriesId id = Make(week_);
  const Revision old = Found(id).revision;
  EXPECT_EQ(Update(id, StartAt(10), "", "ada", old + 100), "etag_mismatch");
  EXPECT_EQ(Update(id, StartAt(10), "", "ada", old), "ok");
  EXPECT_EQ(Update(id, StartAt(11), "", "ada", old), "etag_mismatch");
  EXPECT_EQ(Cancel(id, "", "ada", old), "etag_mismatch");
  EXPECT_EQ(Cancel(id, "", "ada", Found(id).revision), "ok");
  EXPECT_EQ(Cancel(id + 1000), "not_found");
  EXPECT_EQ(Retry(id + 1000), "not_found");
}

}  // namespace
}  // namespace labslot::engine
