// When policies hold, what becomes of those who break them, and how they are
// told.

#include <gtest/gtest.h>

#include "daemon/domain/names.h"
#include "tests/engine/rules_fixture.h"

namespace labslot::engine {
namespace {

using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakeSite;
using support::Weekly;

using EffectsTest = RulesTest;
using HoldingTimesTest = RulesTest;
using OverridingTest = RulesTest;
using CalendarsOfGroupsTest = RulesTest;
using JudgementTest = RulesTest;

TEST_F(EffectsTest, AWarningLeavesANote) {
  Policy length = WithEffect(MakePolicy("length", DurationRule{0, kHour}), Effect::kWarn);
  length.display_name = "One hour";
  length.description = "So that everybody gets a turn.";
  world_.Add(length);
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-11:00 -> ok, warned too_long");
  ASSERT_EQ(Of("r1").notes.size(), 1u);
  const Note& note = Of("r1").notes[0];
  EXPECT_EQ(note.kind, NoteKind::kWarning);
  EXPECT_EQ(note.rule, Rule::kTooLong);
  EXPECT_EQ(note.source, "policies/length");
  EXPECT_EQ(note.asset, "oven");
  EXPECT_THAT(note.message, testing::HasSubstr("One hour: So that everybody gets a turn."));
  EXPECT_EQ(note.settled_by, "");
  EXPECT_TABLE(script_, "move r1 @ mon 9:00-10:00 -> ok");
  EXPECT_TRUE(Of("r1").notes.empty());
}

TEST_F(EffectsTest, AWarningAboutACancellationLeavesANote) {
  world_.Add(WithEffect(MakePolicy("notice", NoticeRule{{}, {}, {2, 0}}), Effect::kWarn));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    cancel r1                              -> ok, warned too_late
  )");
}

TEST_F(EffectsTest, WhatNeedsApprovalIsPending) {
  world_.Add(WithEffect(MakePolicy("length", DurationRule{0, kHour}), Effect::kNeedsApproval));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    r2: book press @ mon 9:00-11:00        -> pending
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kConfirmed);
  EXPECT_EQ(Of("r2").state, ReservationState::kPending);
  ASSERT_EQ(Of("r2").notes.size(), 1u);
  EXPECT_EQ(Of("r2").notes[0].kind, NoteKind::kNeedsApproval);
  EXPECT_EQ(Of("r2").notes[0].settled_by, "");
}

TEST_F(EffectsTest, ARuleThatRejectsOutweighsTheOthers) {
  world_.Add(WithEffect(MakePolicy("a", DurationRule{0, kHour}), Effect::kWarn));
  world_.Add(WithEffect(MakePolicy("b", DurationRule{0, 2 * kHour}), Effect::kNeedsApproval));
  world_.Add(MakePolicy("c", DurationRule{0, 3 * kHour}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-11:00             -> ok, warned too_long
    book press @ mon 9:00-12:00            -> pending, warned too_long
    book rigs @ mon 9:00-13:00             -> too_long rigs; too_long rigs; too_long rigs
  )");
}

TEST_F(HoldingTimesTest, WhatLiesInTheTimeOfSleepIsNotJudged) {
  Policy day = Always("day", Effect::kReject);
  day.sleeps = {Weekly("mon-fri", "0:00-8:00"), Weekly("mon-fri", "17:00-24:00"),
                Weekly("sat-sun", "0:00-24:00")};
  world_.Add(day);
  EXPECT_TABLE(script_, R"(
    book oven @ mon 7:00-8:00              -> ok
    book press @ mon 7:59-8:00:01          -> approval_required press
    book oven @ mon 16:59:59-18:00         -> approval_required oven
    book oven @ mon 17:00-tue 8:00         -> ok
    book oven @ 2027-03-05 17:00/2027-03-08 8:00 -> ok
    book press @ mon 17:00-wed 8:00        -> approval_required press
  )");
}

TEST_F(HoldingTimesTest, AWindowOfSleepOverMidnightBelongsToTheDayItBeginsOn) {
  Policy day = Always("day", Effect::kReject);
  day.sleeps = {Weekly("mon-fri", "17:00-8:00")};
  world_.Add(day);
  EXPECT_TABLE(script_, R"(
    book oven @ mon 7:00-8:00              -> approval_required oven
    book oven @ tue 7:00-8:00              -> ok
    book oven @ sat 7:00-8:00              -> ok
    book oven @ sat 8:00-9:00              -> approval_required oven
    book oven @ sun 7:00-8:00              -> approval_required oven
  )");
}

TEST_F(HoldingTimesTest, ItHoldsOnlyOnTheDaysOfItsPeriods) {
  Policy term = Always("term", Effect::kReject);
  term.periods = {{support::Day("tue"), support::Day("wed")},
                  {support::Day("fri"), support::Day("fri")}};
  world_.Add(term);
  EXPECT_TABLE(script_, R"(
    book oven @ mon 8:00-24:00             -> ok
    book press @ mon 23:00-tue 0:00:01     -> approval_required press
    book oven @ wed 23:00-24:00            -> approval_required oven
    book oven @ thu 0:00-24:00             -> ok
    book press @ thu 9:00-sat 9:00         -> approval_required press
    book oven @ sat 0:00-1:00              -> ok
  )");
}

TEST_F(HoldingTimesTest, TimesAreLocalToThePlaceOfTheRun) {
  world_.Add(MakeSite("riga", "Europe/Riga"));
  world_.Add(support::MakeMobile("lorry"));
  Policy day = Always("day", Effect::kReject);
  day.sleeps = {Weekly("mon-sun", "17:00-24:00")};
  world_.Add(day);
  // 16:00 in Lommel is 17:00 in Riga.
  EXPECT_TABLE(script_, R"(
    book lorry @ mon 16:00-17:00 at lommel -> approval_required lorry
    book lorry @ mon 16:00-17:00 at riga   -> ok
    book lorry @ mon 22:30-23:30 at lommel -> ok
    book lorry @ tue 22:30-23:30 at riga   -> approval_required lorry
  )");
}

TEST_F(HoldingTimesTest, ADisabledPolicyDoesNothing) {
  world_.Add(Always("never", Effect::kReject));
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 -> approval_required oven");
  Disable("never");
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 -> ok");
}

TEST_F(HoldingTimesTest, APolicyThatIsRemovedDoesNothing) {
  world_.Add(Always("never", Effect::kReject));
  ASSERT_TRUE(world_.Run(DeleteRecord{kPolicies, "never", 0}).ok());
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 -> ok");
}

class OverridableTest : public RulesTest {
 protected:
  OverridableTest() {
    AddGroup("staff", {"bob"}, {"beta"});
    Policy length = MakePolicy("length", DurationRule{0, kHour});
    length.overriders = TheManagers();
    length.overriders.users = {"eve"};
    length.overriders.groups = {"staff"};
    world_.Add(About(length, Pick(&Selector::assets, {"oven"})));
    world_.Add(
        About(MakePolicy("hard", DurationRule{0, kHour}), Pick(&Selector::assets, {"press"})));
  }
};

TEST_F(OverridableTest, WhoMayOverridesWithAReason) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-11:00 by ada because x  -> too_long oven
    book oven @ mon 9:00-11:00 by mia            -> too_long oven
    r1: book oven @ mon 9:00-11:00 by mia because x -> ok, overrode too_long
    book oven @ tue 9:00-11:00 by max because x  -> ok, overrode too_long
    book oven @ wed 9:00-11:00 by bob because x  -> ok, overrode too_long
    book oven @ thu 9:00-11:00 by eve because x  -> ok, overrode too_long
    book oven @ fri 9:00-11:00 by mia for ada because x -> ok, overrode too_long
    book press @ mon 9:00-11:00 by max because x -> too_long press
    book oven @ mon 10:00-12:00 by mia because x -> capacity_exceeded oven [r1]; too_long oven
  )");
}

TEST_F(OverridableTest, TheNoteSaysWhichRuleAndWho) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00 by mia for ada because x -> ok, overrode too_long
  )");
  ASSERT_EQ(Of("r1").notes.size(), 1u);
  const Note& note = Of("r1").notes[0];
  EXPECT_EQ(note.kind, NoteKind::kOverridden);
  EXPECT_EQ(note.source, "policies/length");
  EXPECT_EQ(note.settled_by, "mia");
}

TEST_F(OverridableTest, TheOrganisationOfAGroupDoesNotMakeItsMembersOverriders) {
  world_.Add(support::MakeUser("ned", {"beta"}));
  EXPECT_TABLE(script_, "book oven @ mon 9:00-11:00 by ned because x -> too_long oven");
}

TEST_F(OverridableTest, AChangeTakesItsOwnReason) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00 by bob because x -> ok, overrode too_long
    move r1 @ mon 10:00-12:00 by bob             -> too_long oven
    move r1 @ mon 10:00-12:00 by bob because x   -> ok, overrode too_long
    move r1 @ mon 10:00-11:00 by bob             -> ok
  )");
}

TEST_F(OverridingTest, WhoOverridesDoesNotWaitForApproval) {
  Policy ask = Always("ask", Effect::kNeedsApproval);
  ask.overriders = TheseUsers({"bob"});
  world_.Add(ask);
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by bob            -> pending
    book press @ mon 9:00-10:00 by bob because x -> ok, overrode approval_required
    book rigs @ mon 9:00-10:00 by ada because x  -> pending
  )");
}

TEST_F(OverridingTest, ACancellationThatOverridesLeavesANote) {
  Policy stands = MakePolicy("stands", ProtectionRule{{7, 0}});
  stands.overriders = TheManagers();
  world_.Add(stands);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00               -> ok
    r2: book oven @ mon 10:00-11:00              -> ok
    cancel r1 by mia                             -> protected oven
    cancel r1 by mia because x                   -> ok, overrode protected
    move r2 @ mon 12:00-13:00 by mia because x   -> ok, overrode protected
  )");
}

TEST_F(OverridingTest, CalendarsAreNotOverridden) {
  AddAssetOpenInOfficeHours("printer");
  EXPECT_TABLE(script_,
               "book printer @ sun 9:00-10:00 by max because x -> outside_opening_hours printer");
}

TEST_F(CalendarsOfGroupsTest, AWindowOfAGroupIsOpenToItsUsersAndOrganisations) {
  AddGroup("staff", {"bob"}, {"beta"});
  AddGroup("others", {"ada"});
  Site site = MakeSite("club");
  site.calendar = support::Hours("mon-fri", "9:00-12:00");
  WeeklyWindow evening = Weekly("mon-fri", "12:00-18:00");
  evening.window.groups = {"staff"};
  site.calendar->weekly.push_back(evening);
  world_.Add(site);
  world_.Add(MakeAsset("bar", "club"));
  EXPECT_TABLE(script_, R"(
    book bar @ mon 9:00-12:00 by ada       -> ok
    book bar @ mon 12:00-13:00 by ada      -> not_open_for_holder bar
    book bar @ tue 11:00-13:00 by ada      -> not_open_for_holder bar
    book bar @ mon 17:00-19:00 by ada      -> outside_opening_hours bar
    book bar @ mon 17:00-19:00 by bob      -> outside_opening_hours bar
    book bar @ mon 12:00-13:00 by bob      -> ok
    book bar @ tue 9:00-18:00 by eve       -> ok
    book bar @ mon 13:00-14:00 by mia      -> not_open_for_holder bar
    book bar @ mon 13:00-14:00 by mia for bob -> ok
  )");
}

TEST_F(CalendarsOfGroupsTest, BeyondTheLastKnownHolidayIsAWarning) {
  world_.Add(support::MakeRegion("be", {support::Feast("2027-12-25", "Christmas")}));
  Site site = MakeSite("club");
  site.calendar = support::Hours("mon-sun", "0:00-24:00");
  site.calendar->holiday_region = "be";
  world_.Add(site);
  world_.Add(MakeAsset("bar", "club"));
  EXPECT_TABLE(script_, R"(
    book bar @ 2027-12-25 9:00/2027-12-25 10:00  -> outside_opening_hours bar
    book bar @ 2027-12-31 9:00/2027-12-31 24:00  -> ok
    book bar @ 2028-01-01 0:00/2028-01-01 0:01   -> ok, warned holidays_unknown
    book oven @ 2028-01-01 0:00/2028-01-01 0:01  -> ok
  )");
}

TEST_F(JudgementTest, AllThatIsBrokenIsToldInOrder) {
  AddAssetOpenInOfficeHours("printer");
  EXPECT_TABLE(script_, "r1: book printer @ mon 8:00-9:00 by bob -> ok");
  world_.Add(MakePolicy("d-horizon", HorizonRule{{0, kHour}}));
  world_.Add(MakePolicy("c-laser", QualificationRule{"laser"}));
  world_.Add(MakePolicy("b-length", DurationRule{0, kHour}));
  world_.Add(WithEffect(MakePolicy("a-steps", GranularityRule{15 * kMinute}), Effect::kWarn));
  // What always holds, then policies by id, horizons last; asset by asset.
  EXPECT_TABLE(script_, R"(
    book printer*2,oven @ mon 7:59-9:10 -> quantity_above_capacity printer; outside_opening_hours printer; capacity_exceeded printer [r1]; off_grid printer; too_long printer; not_qualified printer; beyond_horizon printer; off_grid oven; too_long oven; not_qualified oven; beyond_horizon oven
  )");
}

TEST_F(JudgementTest, AViolationSaysWhereItComesFromAndWhoMayOverrideIt) {
  AddGroup("staff", {"bob"});
  Policy length = MakePolicy("length", DurationRule{0, kHour});
  length.overriders = TheManagers();
  length.overriders.users = {"eve"};
  length.overriders.groups = {"staff"};
  world_.Add(length);
  const auto refused =
      world_.Book(support::Draft({support::Item("oven")}, support::Span("mon 9:00-11:00")));
  ASSERT_FALSE(refused.ok());
  const Violation& violation = refused.error().refusal->violations.at(0);
  EXPECT_EQ(violation.source, "policies/length");
  EXPECT_EQ(violation.effect, Effect::kReject);
  EXPECT_EQ(violation.limit, "at most 1 h");
  EXPECT_EQ(violation.found, "2 h");
  EXPECT_THAT(violation.overridable_by,
              testing::ElementsAre("users/eve", "groups/staff", "managers"));
}

TEST_F(JudgementTest, TheConflictsOfARuleAreMasked) {
  world_.Add(MakePolicy("gap", BufferRule{kHour, false, true}));
  // bob keeps the oven only: he sees neither the run of eve nor her press.
  User bob = *world_.catalogue().FindUser("bob");
  bob.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
  ASSERT_TRUE(world_.Replace(bob).ok());
  EXPECT_TABLE(script_, R"(
    r1: book press @ mon 9:00-10:00 by eve         -> ok
    book oven @ mon 10:30-11:00 by bob for eve     -> too_close oven [?]
    book oven @ mon 10:30-11:00 by eve             -> too_close oven [r1]
  )");
}

}  // namespace
}  // namespace labslot::engine
