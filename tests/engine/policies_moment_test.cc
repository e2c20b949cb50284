// Policies about the moment of an act: notice, horizon, lock, holds, check-in. One
// suite a kind.

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "tests/engine/rules_fixture.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kDay;
using support::kHour;
using support::kMinute;

using NoticeTest = RulesTest;
using HorizonTest = RulesTest;
using LockTest = RulesTest;
using HoldTest = RulesTest;
using GraceTest = RulesTest;

TEST_F(NoticeTest, BookingIsDoneSoLongBeforeTheStart) {
  world_.Add(MakePolicy("notice", NoticeRule{{7, 0}, {}, {}}));
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-07 11:59:59/2027-03-07 15:00 -> too_late oven
    r1: book oven @ 2027-03-07 12:00/2027-03-07 15:00 -> ok
    now 2027-03-07 11:00
    move r1 @ 2027-03-07 12:00/2027-03-07 16:00      -> ok
    cancel r1                                        -> ok
  )");
}

TEST_F(NoticeTest, ChangingIsDoneSoLongBeforeTheStartAsItWas) {
  world_.Add(MakePolicy("notice", NoticeRule{{}, {3, 0}, {}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    move r1 @ fri 9:00-10:00               -> too_late oven
    items r1 press                         -> too_late oven
    cancel r1                              -> ok
    r2: book oven @ thu 9:00-10:00         -> ok
    now mon 9:00
    move r2 @ thu 9:00-11:00               -> ok
    move r2 @ tue 9:00-11:00               -> ok
    move r2 @ thu 9:00-11:00               -> too_late oven
  )");
}

TEST_F(NoticeTest, CancellingIsDoneSoLongBeforeTheStart) {
  world_.Add(MakePolicy("notice", NoticeRule{{}, {}, {1, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ tue 9:00-10:00         -> ok
    r2: book press @ tue 9:00-10:00        -> ok
    now mon 9:00
    cancel r1                              -> ok
    now mon 9:00:01
    cancel r2                              -> too_late press
    move r2 @ tue 9:00-9:30                -> ok
    book oven @ mon 9:30-10:00             -> ok
  )");
}

TEST_F(NoticeTest, NobodyWaitsForTheApprovalOfACancellation) {
  world_.Add(WithEffect(MakePolicy("notice", NoticeRule{{}, {}, {1, 0}}), Effect::kNeedsApproval));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    cancel r1                              -> too_late oven
  )");
}

TEST_F(NoticeTest, MovingToAnEarlierStartDoesNotGetRoundTheNoticeForBooking) {
  world_.Add(MakePolicy("notice", NoticeRule{{7, 0}, {}, {}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ 2027-03-20 9:00/2027-03-20 12:00 -> ok
    move r1 @ 2027-03-05 9:00/2027-03-05 12:00       -> too_late oven
    move r1 @ 2027-03-05 9:00/2027-03-20 12:00       -> too_late oven
    move r1 @ 2027-03-08 9:00/2027-03-08 12:00       -> ok
  )");
}

TEST_F(NoticeTest, EachActHasItsOwnNotice) {
  world_.Add(MakePolicy("notice", NoticeRule{{2, 0}, {3, 0}, {4, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ wed 9:00-10:00         -> ok
    move r1 @ tue 9:00-10:00               -> too_late oven; too_late oven
    move r1 @ fri 9:00-10:00               -> too_late oven
    cancel r1                              -> too_late oven
  )");
}

TEST_F(NoticeTest, DaysAreLocalAndHoursAreElapsed) {
  world_.Add(
      About(MakePolicy("day", NoticeRule{{1, 0}, {}, {}}), Pick(&Selector::assets, {"oven"})));
  world_.Add(About(MakePolicy("hours", NoticeRule{{0, 24 * kHour}, {}, {}}),
                   Pick(&Selector::assets, {"press"})));
  world_.Add(About(MakePolicy("both", NoticeRule{{2, 3 * kHour}, {}, {}}),
                   Pick(&Selector::assets, {"rigs"})));
  EXPECT_TABLE(script_, R"(
    book rigs @ tue 14:59:59-18:00                        -> too_late rigs
    book rigs @ tue 15:00-18:00                           -> ok
    now 2027-03-27 9:00
    book oven @ 2027-03-28 8:59/2027-03-28 12:00          -> too_late oven
    book oven @ 2027-03-28 9:00/2027-03-28 12:00          -> ok
    book press @ 2027-03-28 9:59/2027-03-28 12:00         -> too_late press
    book press @ 2027-03-28 10:00/2027-03-28 12:00        -> ok
  )");
}

TEST_F(HorizonTest, ARunEndsAtMostSoFarFromNow) {
  world_.Add(MakePolicy("month", HorizonRule{{30, 0}}));
  // 30 local days from 28 February 12:00, over the switch of summer time.
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-30 9:00/2027-03-30 12:00:01  -> beyond_horizon oven
    book oven @ 2027-03-30 9:00/2027-03-30 12:00     -> ok
    book press @ 2027-03-30 9:00/2027-04-30 9:00     -> beyond_horizon press
    book press @ 2027-04-30 9:00/2027-04-30 10:00    -> beyond_horizon press
  )");
}

TEST_F(HorizonTest, EachClassOfUsersHasTheLongestThatAppliesToIt) {
  AddGroup("partners", {"bob"}, {});
  world_.Add(MakePolicy("all", HorizonRule{{7, 0}}));
  world_.Add(About(MakePolicy("firms", HorizonRule{{14, 0}}),
                   Pick(&Selector::organisation_kinds, {OrganisationKind::kSme})));
  world_.Add(
      About(MakePolicy("bigger", HorizonRule{{30, 0}}), Pick(&Selector::groups, {"partners"})));
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-07 9:00/2027-03-07 12:00           -> ok
    book oven @ 2027-03-08 9:00/2027-03-08 12:00           -> beyond_horizon oven
    book oven @ 2027-03-14 9:00/2027-03-14 12:00 by eve    -> ok
    book oven @ 2027-03-15 9:00/2027-03-15 12:00 by eve    -> beyond_horizon oven
    book oven @ 2027-03-30 9:00/2027-03-30 12:00 by bob    -> ok
    book oven @ 2027-03-31 9:00/2027-03-31 12:00 by bob    -> beyond_horizon oven
  )");
}

TEST_F(HorizonTest, TheLongestWinsWithItsEffect) {
  world_.Add(MakePolicy("hard", HorizonRule{{7, 0}}));
  world_.Add(WithEffect(MakePolicy("soft", HorizonRule{{14, 0}}), Effect::kWarn));
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-10 9:00/2027-03-10 12:00     -> ok
    book oven @ 2027-04-10 9:00/2027-04-10 12:00     -> ok, warned beyond_horizon
  )");
}

TEST_F(HorizonTest, AChangeThatDoesNotEndLaterIsNotJudgedAgain) {
  EXPECT_TABLE(script_, "r1: book oven @ 2027-06-01 9:00/2027-06-01 12:00 -> ok");
  world_.Add(MakePolicy("month", HorizonRule{{30, 0}}));
  EXPECT_TABLE(script_, R"(
    move r1 @ 2027-06-01 9:00/2027-06-01 12:00:01    -> beyond_horizon oven
    move r1 @ 2027-06-01 8:00/2027-06-01 12:00       -> ok
    move r1 @ 2027-05-20 9:00/2027-05-20 12:00       -> ok
    move r1 @ 2027-05-21 9:00/2027-05-21 12:00       -> beyond_horizon oven
  )");
}

TEST_F(LockTest, ARunIsNotMovedOrCutButMayBeMadeLonger) {
  world_.Add(MakePolicy("stands", LockRule{{2, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ wed 9:00-12:00       -> ok
    now mon 9:00
    move r1 @ wed 9:00-11:59               -> ok
    now mon 9:00:01
    move r1 @ wed 9:00-11:00               -> locked rigs
    move r1 @ wed 10:00-11:59              -> locked rigs
    move r1 @ thu 9:00-12:00               -> locked rigs
    items r1 rigs                          -> locked rigs
    items r1 press                         -> locked rigs
    move r1 @ wed 9:00-13:00               -> ok
    move r1 @ wed 8:00-13:00               -> ok
    items r1 rigs*3                        -> ok
    items r1 rigs*3,press                  -> ok
  )");
}

TEST_F(LockTest, TheEndOfARunThatHasBegunMayChange) {
  world_.Add(MakePolicy("stands", LockRule{{2, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    now mon 8:59
    move r1 @ mon 9:00-11:00               -> locked oven
    now mon 10:00
    move r1 @ mon 9:00-11:00               -> ok
    move r1 @ mon 9:00-13:00               -> ok
  )");
}

TEST_F(LockTest, CancellingIsFree) {
  world_.Add(MakePolicy("stands", LockRule{{2, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    cancel r1                              -> ok
  )");
}

TEST_F(HoldTest, AHoldLastsAtMostSoLong) {
  world_.Add(MakePolicy("holds", HoldRule{kHour, 0}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 hold 3601   -> hold_too_long oven
    book oven @ mon 9:00-10:00 hold 3600   -> ok
    book press @ mon 9:00-10:00            -> ok
  )");
}

TEST_F(HoldTest, AHoldEndsSoLongBeforeTheStart) {
  world_.Add(MakePolicy("holds", HoldRule{0, kDay}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 12:59:59-15:00 hold 3600         -> hold_too_long oven
    book oven @ mon 13:00-15:00 hold 3600            -> ok
    book press @ sun 9:00-10:00 hold 3600            -> ok
    book press @ mon 9:00-10:00                      -> ok
  )");
}

TEST_F(HoldTest, LengthAndEndOfAHoldAreJudgedEachByItself) {
  world_.Add(MakePolicy("holds", HoldRule{kHour, kDay}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 13:00-15:00 hold 7200            -> hold_too_long oven; hold_too_long oven
  )");
}

TEST_F(HoldTest, AHeldRunIsNotMovedTooCloseToTheEndOfItsHold) {
  world_.Add(MakePolicy("holds", HoldRule{0, kDay}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ fri 9:00-10:00 hold 7200         -> ok
    move r1 @ mon 13:00-14:00                        -> hold_too_long oven
    move r1 @ mon 14:00-15:00                        -> ok
  )");
}

TEST_F(GraceTest, WhoDoesNotCheckInLosesTheRestOfTheSlot) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-12:00 -> ok");
  EXPECT_EQ(Of("r1").check_in_by, At("mon 9:15"));
  EXPECT_TABLE(script_, R"(
    now mon 9:14:59
    expire r1                              -> not_found
    book oven @ mon 9:30-10:00 by bob      -> capacity_exceeded oven [r1]
    now mon 9:15
    expire r1                              -> ok
    checkin r1                             -> state_forbids_change
    book oven @ mon 9:30-10:00 by bob      -> ok
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kNoShow);
  EXPECT_EQ(Of("r1").check_in_by, 0);
}

TEST_F(GraceTest, WhoChecksInFromAQuarterBeforeTheStartKeepsIt) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    now mon 8:44:59
    checkin r1                             -> state_forbids_change
    now mon 8:45
    checkin r1 by bob                      -> role_required
    checkin r1                             -> ok
    now mon 9:15
    expire r1                              -> not_found
  )");
  EXPECT_EQ(Of("r1").state, ReservationState::kCheckedIn);
  EXPECT_EQ(Of("r1").check_in_by, 0);
}

TEST_F(GraceTest, TheShortestGraceBindsAndNoneInARunThatIsOverSooner) {
  world_.Add(MakePolicy("a", GraceRule{30 * kMinute}));
  world_.Add(About(MakePolicy("b", GraceRule{20 * kMinute}), Pick(&Selector::assets, {"press"})));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    r2: book oven,press @ tue 9:00-12:00   -> ok
    r3: book oven @ wed 9:00-9:30          -> ok
    r4: book oven @ wed 10:00-10:30:01     -> ok
  )");
  EXPECT_EQ(Of("r1").check_in_by, At("mon 9:30"));
  EXPECT_EQ(Of("r2").check_in_by, At("tue 9:20"));
  EXPECT_EQ(Of("r3").check_in_by, 0);
  EXPECT_EQ(Of("r4").check_in_by, At("wed 10:30"));
}

TEST_F(GraceTest, TheGraceOfTheTimeOfBookingBinds) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-12:00 -> ok");
  Disable("grace");
  EXPECT_TABLE(script_, "r2: book press @ mon 9:00-12:00 -> ok");
  EXPECT_EQ(Of("r1").check_in_by, At("mon 9:15"));
  EXPECT_EQ(Of("r2").check_in_by, 0);
}

TEST_F(GraceTest, AChangeOfWhatHasBegunGivesNoSecondChance) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    move r1 @ mon 10:00-12:00              -> ok
  )");
  EXPECT_EQ(Of("r1").check_in_by, At("mon 10:15"));
  EXPECT_TABLE(script_, R"(
    now mon 10:10
    move r1 @ mon 10:00-13:00              -> ok
  )");
  EXPECT_EQ(Of("r1").check_in_by, At("mon 10:15"));
}

TEST_F(GraceTest, WhenTheClockComesTooLateNobodyLosesTheSlot) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    r2: book press @ mon 9:00-12:00        -> ok
  )");
  const Instant last = At("mon 9:15") + limits::kLateClock;
  world_.now = last;
  EXPECT_TABLE(script_, "expire r1 -> ok");
  world_.now = last + 1;
  EXPECT_TABLE(script_, "expire r2 -> ok");
  EXPECT_EQ(Of("r1").state, ReservationState::kNoShow);
  EXPECT_EQ(Of("r2").state, ReservationState::kConfirmed);
  EXPECT_EQ(Of("r2").check_in_by, 0);
  EXPECT_TABLE(script_, "expire r2 -> not_found");
}

TEST_F(LockTest, ARunIsNotGivenUpForWhereTheRuleDoesNotHold) {
  Policy lock = About(MakePolicy("stands", LockRule{{2, 0}}), Pick(&Selector::assets, {"oven"}));
  lock.periods = {{absl::CivilDay(2027, 3, 1), absl::CivilDay(2027, 3, 2)}};
  world_.Add(lock);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    items r1 press                         -> locked oven
    move r1 @ thu 9:00-12:00               -> locked oven
    items r1 oven,press                    -> ok
    r2: book press @ mon 9:00-12:00        -> capacity_exceeded press [r1]
    r3: book oven @ thu 9:00-12:00         -> ok
    move r3 @ mon 13:00-15:00              -> ok
  )");
}

TEST_F(NoticeTest, WhatIsChangedIsJudgedByTheRulesOfWhatWasBooked) {
  world_.Add(
      About(MakePolicy("notice", NoticeRule{{}, {2, 0}, {}}), Pick(&Selector::assets, {"oven"})));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    items r1 press                         -> too_late oven
    r2: book press @ mon 13:00-14:00       -> ok
    items r2 oven                          -> ok
  )");
}

TEST_F(HoldTest, APlaceThatWillDoIsOneThatMayBeHeld) {
  HoldRule hold;
  hold.ends_before_start = 24 * kHour;
  world_.Add(MakePolicy("hold", hold));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 hold 600 within mon..tue  -> ok
  )");
  EXPECT_EQ(Of("r1").interval.start, At("mon 12:10"));
}

}  // namespace
}  // namespace labslot::engine
