// Check-in, check-out, returns of parts, no-shows, and corrections of what is on record.

#include "daemon/engine/use_decisions.h"

#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/partition.h"
#include "tests/engine/use_fixture.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kMinute;
using support::Span;

using CheckInTest = UseTest;
using CheckOutTest = UseTest;
using ReturnTest = UseTest;
using NoShowTest = UseTest;

TEST_F(CheckInTest, IsDoneOnceAndNotTooEarlyAndNotTooLate) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    r2: book press @ mon 9:00-10:00  -> ok
    r3: book oven @ mon 13:00-14:00 hold 900 -> ok
    now mon 8:44
    checkin r1                       -> state_forbids_change
    now mon 8:45
    checkin r1                       -> ok
    use r1                           -> checked in, in mon 08:45
    checkin r1                       -> state_forbids_change
    checkin r3                       -> state_forbids_change
    now mon 10:00
    checkin r2                       -> state_forbids_change
  )");
}

TEST_F(CheckInTest, TakesAwayTheDeadline) {
  AddPolicy("grace", GraceRule{15 * kMinute});
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    now mon 9:14
    checkin r1                       -> ok
    clock mon 9:15
    use r1                           -> checked in, in mon 09:14
  )");
  EXPECT_EQ(Of("r1").check_in_by, 0);
}

TEST_F(CheckInTest, IsForgottenIfAnOutageTakesTheSlot) {
  EXPECT_TABLE(script_, R"(
    r1: book cups*3 @ mon 9:00-12:00          -> ok
    now mon 8:50
    checkin r1                                -> ok
    checkout r1 parts cups*1                  -> ok
    outage o1 cups @ mon 8:55-10:00           -> ok: r1 wait-listed
    use r1                                    -> displaced
  )");
}

TEST_F(CheckOutTest, IsOfWhatIsCheckedIn) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    now mon 9:00
    checkout r1                      -> state_forbids_change
    checkin r1                       -> ok
    checkout r1 by bob               -> role_required
    checkout r1 etag 1               -> etag_mismatch
    now mon 11:00
    checkout r1 by mia               -> ok
    use r1                           -> completed, in mon 09:00, out mon 11:00, freed mon 11:00
    checkout r1                      -> state_forbids_change
    cancel r1                        -> state_forbids_change
  )");
  EXPECT_EQ(world_.events().back().type, EventType::kCheckedOut);
  EXPECT_TRUE(world_.state().in_use("oven").empty());
}

TEST_F(CheckOutTest, AtTheEndFreesNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    now mon 9:00
    checkin r1                       -> ok
    now mon 12:00
    checkout r1                      -> ok
    use r1                           -> completed, in mon 09:00, out mon 12:00
  )");
}

TEST_F(CheckOutTest, TheRestIsFreeBehindTheTearDown) {
  EXPECT_TABLE(script_, R"(
    r1: book mill @ mon 9:00-12:00            -> ok
    now mon 9:00
    checkin r1                                -> ok
    now mon 10:00
    checkout r1                               -> ok
    # Tear-down until 10:30, then a quarter of an hour of set-up.
    book mill @ mon 10:44-11:30 by bob        -> capacity_exceeded mill [r1]
    book mill @ mon 10:45-11:30 by bob        -> ok
  )");
}

TEST_F(CheckOutTest, WhoWaitsIsOfferedTheRest) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                 -> ok
    r2: book oven @ mon 11:00-12:00 by bob wait yes -> wait-listed
    r3: book cups*3 @ mon 9:00-12:00               -> ok
    r4: book cups*2 @ mon 11:00-12:00 by bob wait yes -> wait-listed
    r5: book cups*2 @ mon 10:29-12:00 by bob wait yes -> wait-listed
    now mon 9:00
    checkin r1                                     -> ok
    checkin r3                                     -> ok
    now mon 10:00
    checkout r1                                    -> ok
    see r2                                         -> offered mon 11:00-12:00 until mon 10:30
    checkout r3 parts cups*2                       -> ok
    see r4                                         -> offered mon 11:00-12:00 until mon 10:30
    see r5                                         -> wait-listed mon 10:29-12:00 until mon 10:29
  )");
}

TEST_F(CheckOutTest, OfAPartFreesTheWhole) {
  EXPECT_TABLE(script_, R"(
    r1: book cell @ mon 9:00-12:00                  -> ok
    now mon 9:00
    checkin r1                                      -> ok
    book line @ mon 10:00-11:00 by bob              -> related_asset_busy line [r1]
    now mon 10:00
    checkout r1                                     -> ok
    book line @ mon 10:00-11:00 by bob              -> ok
  )");
}

// Nothing is left on the timeline of what was given back before it began.
TEST_F(CheckOutTest, BeforeItBeginsLeavesNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    r2: book mill @ mon 9:00-12:00   -> ok
    now mon 8:50
    checkin r1                       -> ok
    checkin r2                       -> ok
    checkout r1                      -> ok
    checkout r2                      -> ok
    use r1                           -> completed, in mon 08:50, out mon 08:50, freed mon 08:50
    book oven @ mon 9:00-12:00       -> ok
    # The mill was set up, and is cleaned.
    book mill @ mon 9:44-12:00       -> capacity_exceeded mill [r2]
    book mill @ mon 9:45-12:00       -> ok
  )");
}

TEST_F(ReturnTest, APartIsFreeBehindItsTearDown) {
  EXPECT_TABLE(script_, R"(
    r1: book cups*3 @ mon 9:00-12:00          -> ok
    now mon 9:00
    checkin r1                                -> ok
    now mon 10:00
    checkout r1 parts cups*2                  -> ok
    use r1                                    -> checked in, in mon 09:00, cups*2 back mon 10:00
    book cups @ mon 10:29-11:00 by bob        -> capacity_exceeded cups [r1 r1]
    r2: book cups*2 @ mon 10:30-11:00 by bob  -> ok
    book cups @ mon 10:30-11:00 by bob        -> capacity_exceeded cups [r1 r2]
    now mon 11:40
    checkout r1                               -> ok
    use r1                                    -> completed, in mon 09:00, cups*2 back mon 10:00, out mon 11:40, freed mon 11:40
  )");
}

TEST_F(ReturnTest, WithoutAnythingLeftItIsOver) {
  EXPECT_TABLE(script_, R"(
    r1: book cups*3, oven @ mon 9:00-12:00    -> ok
    now mon 9:00
    checkin r1                                -> ok
    now mon 10:00
    checkout r1 parts oven                    -> ok
    book oven @ mon 10:00-11:00 by bob        -> ok
    checkout r1 parts oven                    -> invalid items[0].asset
    now mon 10:30
    checkout r1 parts cups                    -> ok
    use r1                                    -> completed, in mon 09:00, oven*1 back mon 10:00, out mon 10:30, freed mon 10:30
  )");
  EXPECT_EQ(Of("r1").items.size(), 1u);
  EXPECT_EQ(Of("r1").items.front().quantity, 3);
}

TEST_F(ReturnTest, NamesWhatItHas) {
  EXPECT_TABLE(script_, R"(
    r1: book cups*2, rigs*2 @ mon 9:00-12:00  -> ok
    now mon 9:00
    checkin r1 units rigs=rig-1+rig-3         -> ok
    checkout r1 parts press                   -> invalid items[0].asset
    checkout r1 parts cups*3                  -> invalid items[0].quantity
    checkout r1 parts cups*1+cups*2           -> invalid items[1].quantity
    checkout r1 parts cups+cups               -> invalid items[1].asset
    checkout r1 parts rigs*2 units rig-1      -> invalid items[0].units
    checkout r1 parts rigs units rig-2        -> invalid items[0].units
    checkout r1 parts rigs*1 units rig-1+rig-1 -> invalid items[0].units
    checkout r1 parts rigs units rig-1+rig-1  -> invalid items[0].units
    use r1                                    -> checked in, in mon 09:00
  )");
}

TEST_F(ReturnTest, UnitsThatCameBackAreHandedOut) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*3 @ mon 9:00-12:00          -> ok
    now mon 9:00
    checkin r1                                -> ok
    now mon 10:00
    checkout r1 parts rigs units rig-2        -> ok
    use r1                                    -> checked in, in mon 09:00, rigs*1 back mon 10:00
    r2: book rigs @ mon 10:00-12:00 by bob    -> ok
    checkin r2 by bob units rigs=rig-3        -> unit_not_free rigs [r1]
    checkin r2 by bob units rigs=rig-2        -> ok
    checkout r1 parts rigs*1                  -> ok
  )");
  EXPECT_EQ(Of("r1").items.front().units, (std::vector<std::string>{"rig-1"}));
  EXPECT_EQ(Of("r1").returns.back().item.units, (std::vector<std::string>{"rig-3"}));
}

TEST_F(ReturnTest, WhatIsLeftCanStillBeGivenMoreTime) {
  EXPECT_TABLE(script_, R"(
    r1: book cups*3 @ mon 9:00-12:00          -> ok
    now mon 9:00
    checkin r1                                -> ok
    now mon 10:00
    checkout r1 parts cups*2                  -> ok
    move r1 @ mon 9:00-14:00                  -> ok
    r2: book cups*2 @ mon 10:30-14:00 by bob  -> ok
    book cups @ mon 13:00-14:00 by bob        -> capacity_exceeded cups [r1 r2]
  )");
}

TEST_F(NoShowTest, TellsWhenTheSlotWasFreed) {
  AddPolicy("grace", GraceRule{15 * kMinute});
  EXPECT_TABLE(script_, R"(
    r1: book mill @ mon 9:00-12:00            -> ok
    r2: book oven @ mon 9:00-12:00            -> ok
    cancel r2                                 -> ok
    use r2                                    -> cancelled, freed sun 12:00
    clock mon 9:15
    use r1                                    -> no-show, freed mon 09:15
    book mill @ mon 9:30-12:00 by bob         -> ok
  )");
}

TEST_F(NoShowTest, OneBrokenUnitOfAPoolIsNoExcuse) {
  AddPolicy("grace", GraceRule{15 * kMinute});
  EXPECT_TABLE(script_, R"(
    r1: book cups @ mon 9:00-12:00            -> ok
    outage o1 cups*1 @ mon 9:00-9:10          -> ok
    clock mon 9:15
    see r1                                    -> no-show mon 09:00-12:00
  )");
}

TEST_F(NoShowTest, NobodyIsToComeToWhatIsOutOfService) {
  AddPolicy("grace", GraceRule{15 * kMinute});
  EXPECT_TABLE(script_, R"(
    r1: book cups @ mon 9:00-12:00            -> ok
    now mon 9:05
    outage o1 cups*3 @ mon 9:00-9:10          -> ok: r1 cut short
    clock mon 9:15
  )");
  EXPECT_NE(Of("r1").state, ReservationState::kNoShow);
}

TEST_F(NoShowTest, WhoManagesAllOfTheAssetsLosesNothing) {
  AddPolicy("grace", GraceRule{15 * kMinute});
  User bob = support::MakeUser("bob", {"acme"});
  bob.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
  ASSERT_TRUE(world_.Replace(bob).ok());
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 by bob        -> ok
    r2: book press, mill @ mon 9:00-12:00 by bob -> ok
    r3: book cups @ mon 9:00-12:00 by mia for ada -> ok
    clock mon 9:15
    see r1                                       -> confirmed mon 09:00-12:00
    see r2                                       -> no-show mon 09:00-12:00
    see r3                                       -> no-show mon 09:00-12:00
  )");
}

class CorrectionTest : public UseTest {
 protected:
  // What is on record afterwards, or the error.
  std::string Correct(const std::string& label, CorrectUse command, const std::string& by = "mia") {
    command.id = script_.id(label);
    const auto result = world_.Run(Principal{by}, command, "the log book says so");
    if (!result.ok()) {
      std::string words = support::ErrorWord(result.error().kind);
      for (const FieldViolation& field : result.error().fields) {
        absl::StrAppend(&words, " ", field.field);
      }
      return words;
    }
    const Reservation& r = Of(label);
    return absl::StrCat(StateWord(r.state), " ", Time(r.use.check_in), " ", Time(r.use.check_out));
  }

  static std::string Time(Instant instant) {
    if (instant == 0) return "-";
    return absl::FormatTime("%H:%M", absl::FromUnixSeconds(instant),
                            support::Zone(support::kBrussels));
  }
};

TEST_F(CorrectionTest, IsForManagersAndOfWhatIsOver) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    r2: book oven @ mon 12:00-14:00  -> ok
    now mon 9:00
    checkin r1                       -> ok
    now mon 11:00
  )");
  const CorrectUse used = {.outcome = Outcome::kUsed};
  EXPECT_EQ(Correct("r1", used, "ada"), "role_required");
  EXPECT_EQ(Correct("r1", used, "bob"), "role_required");
  EXPECT_EQ(Correct("r1", used), "refused");
  EXPECT_EQ(Correct("r2", used), "refused");
  EXPECT_TABLE(script_, "checkout r1 -> ok");
  EXPECT_EQ(Correct("r1", {.etag = 1, .outcome = Outcome::kUsed}), "etag_mismatch");
  EXPECT_EQ(Correct("r1", used), "completed 09:00 11:00");
}

TEST_F(CorrectionTest, SetsTimesThatCanBe) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    r2: book press @ mon 9:00-12:00  -> ok
    now mon 9:00
    checkin r1                       -> ok
    now mon 11:00
    checkout r1                      -> ok
    now mon 15:00
  )");
  const struct {
    const char* label;
    CorrectUse command;
    const char* outcome;
  } table[] = {
      {"r1", {.check_in = At("mon 8:44")}, "invalid check_in_time"},
      {"r1", {.check_in = At("mon 8:45")}, "completed 08:45 11:00"},
      {"r1", {.check_in = At("mon 11:00")}, "invalid check_out_time"},
      {"r1", {.check_in = At("mon 10:00"), .check_out = At("mon 10:00")}, "invalid check_out_time"},
      {"r1", {.check_out = At("mon 15:01")}, "invalid check_out_time"},
      {"r1", {.check_out = At("mon 15:00")}, "completed 08:45 15:00"},
      {"r1",
       {.outcome = Outcome::kNobodyCame, .check_in = At("mon 9:00")},
       "invalid check_in_time"},
      {"r1",
       {.outcome = Outcome::kNobodyCame, .check_out = At("mon 9:00")},
       "invalid check_out_time"},
      {"r1", {.outcome = Outcome::kNobodyCame}, "no-show - -"},
      {"r1", {.outcome = Outcome::kUsed}, "completed 09:00 12:00"},
      // Nobody had to check in.
      {"r2", {.outcome = Outcome::kNobodyCame}, "no-show - -"},
      {"r2", {.check_in = At("mon 9:30")}, "completed 09:30 12:00"},
  };
  for (const auto& line : table) EXPECT_EQ(Correct(line.label, line.command), line.outcome);
  EXPECT_EQ(world_.events().back().type, EventType::kCorrected);
  world_.now = At("mon 12:00") + 9 * support::kDay;
  EXPECT_EQ(Correct("r2", {.check_out = At("mon 12:00") + 7 * support::kDay + 1}),
            "invalid check_out_time");
}

TEST_F(CorrectionTest, SettlesProblemsAndWords) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00   -> ok
    now mon 9:00
    checkin r1                       -> ok
    clock mon 12:00
    clock tue 0:00
    use r1                           -> completed, in mon 09:00, out mon 12:00, forgotten
  )");
  EXPECT_EQ(world_.state().problems().size(), 1u);
  CorrectUse command = {.check_out = At("mon 13:00")};
  command.patch = [](const Reservation& current) -> Result<Reservation> {
    Reservation next = current;
    next.activity_class = ActivityClass::kRental;
    next.on_behalf_of = "nobody";
    return next;
  };
  EXPECT_EQ(Correct("r1", command), "not_found");
  command.patch = [](const Reservation& current) -> Result<Reservation> {
    Reservation next = current;
    next.activity_class = ActivityClass::kRental;
    next.on_behalf_of = "acme";
    return next;
  };
  EXPECT_EQ(Correct("r1", command), "completed 09:00 13:00");
  EXPECT_EQ(Of("r1").activity_class, ActivityClass::kRental);
  EXPECT_EQ(Of("r1").use.problem, Problem::kNone);
  EXPECT_TRUE(world_.state().problems().empty());
  const size_t events = world_.events().size();
  EXPECT_EQ(Correct("r1", {.outcome = Outcome::kUsed}), "completed 09:00 13:00");
  EXPECT_EQ(world_.events().size(), events) << "nothing was changed";
}

// What is free from now on stays free, and what is not does not become it.
TEST_F(CorrectionTest, ChangesNothingOfWhatOthersMayBook) {
  AddPolicy("grace", GraceRule{15 * kMinute});
  const Outcome outcomes[] = {Outcome::kUsed, Outcome::kNobodyCame};
  EXPECT_TABLE(script_, R"(
    missed: book mill @ mon 9:00-12:00                  -> ok
    early: book cups @ mon 9:00-12:00                   -> ok
    some: book cups*2 @ mon 9:00-12:00                  -> ok
    past: book press @ mon 8:00-9:20 by mia             -> ok
    clock mon 9:00
    checkin early                                       -> ok
    checkin some                                        -> ok
    clock mon 9:15
    see missed                                          -> no-show mon 09:00-12:00
    next: book mill @ mon 9:30-12:00 by bob             -> ok
    checkout some parts cups*1                          -> ok
    checkout early                                      -> ok
    checkout some                                       -> ok
    now mon 9:21
  )");
  const auto free = [&] {
    std::vector<std::string> steps;
    for (const char* asset : {"mill", "cups", "press"}) {
      world_.state().timeline(asset).VisitSteps(
          Span("mon 9:21-24:00"), [&](const Interval& step, int32_t used) {
            steps.push_back(absl::StrCat(asset, "*", used, " until ", Time(step.end)));
          });
    }
    return absl::StrJoin(steps, ", ");
  };
  const std::string before = free();
  for (const char* label : {"missed", "early", "some", "past"}) {
    for (const Outcome outcome : outcomes) {
      const Instant in = outcome == Outcome::kUsed ? At("mon 9:01") : 0;
      const Instant out = outcome == Outcome::kUsed ? At("mon 9:21") : 0;
      Correct(label, {.outcome = outcome, .check_in = in, .check_out = out});
      EXPECT_EQ(free(), before) << label << " " << static_cast<int>(outcome);
    }
  }
}

}  // namespace
}  // namespace labslot::engine
