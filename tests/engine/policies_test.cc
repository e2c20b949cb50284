// Policies about the run itself: lengths, steps, slots, closed time. One suite a
// kind.

#include <gtest/gtest.h>

#include "tests/engine/rules_fixture.h"

namespace labslot::engine {
namespace {

using support::kDay;
using support::kHour;
using support::kMinute;
using support::Weekly;

using DurationTest = RulesTest;
using GranularityTest = RulesTest;
using SlotRuleTest = RulesTest;
using ClosedTimeTest = RulesTest;

TEST_F(DurationTest, ARunIsAtLeastAndAtMostSoLong) {
  world_.Add(MakePolicy("length", DurationRule{kHour, 4 * kHour}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-9:59:59           -> too_short oven
    r1: book oven @ mon 9:00-10:00         -> ok
    book oven @ mon 10:00-14:00            -> ok
    book oven @ mon 14:00-18:00:01         -> too_long oven
    move r1 @ mon 9:00-9:30                -> too_short oven
    book oven,press @ tue 9:00-9:30        -> too_short oven; too_short press
  )");
}

TEST_F(DurationTest, EitherEndMayBeLeftOpen) {
  world_.Add(About(MakePolicy("least", DurationRule{kHour, 0}), Pick(&Selector::assets, {"oven"})));
  world_.Add(About(MakePolicy("most", DurationRule{0, kHour}), Pick(&Selector::assets, {"press"})));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-fri 9:00          -> ok
    book oven @ sat 9:00-9:01              -> too_short oven
    book press @ mon 9:00-9:01             -> ok
    book press @ mon 10:00-11:01           -> too_long press
  )");
}

TEST_F(DurationTest, OfTwoGreatestLengthsTheShorterBinds) {
  world_.Add(MakePolicy("long", DurationRule{0, 4 * kHour}));
  world_.Add(MakePolicy("short", DurationRule{0, 2 * kHour}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-11:00             -> ok
    book oven @ mon 12:00-14:01            -> too_long oven
    book oven @ mon 12:00-16:01            -> too_long oven; too_long oven
  )");
}

TEST_F(DurationTest, ElapsedTimeCountsAndSetUpDoesNot) {
  Asset slow = support::MakeAsset("slow");
  slow.set_up = kHour;
  slow.tear_down = kHour;
  world_.Add(slow);
  world_.Add(MakePolicy("length", DurationRule{0, 4 * kHour}));
  // The night to 28 March is an hour short, that to 31 October an hour long.
  EXPECT_TABLE(script_, R"(
    book slow @ mon 9:00-13:00                       -> ok
    book oven @ 2027-03-28 0:00/2027-03-28 5:00      -> ok
    book oven @ 2027-10-31 0:00/2027-10-31 4:00      -> too_long oven
    book oven @ 2027-10-31 0:00/2027-10-31 3:00      -> ok
  )");
}

TEST_F(DurationTest, TheTimeInWhichItSleepsDoesNotCount) {
  Policy length = MakePolicy("length", DurationRule{4 * kHour, 2 * kDay});
  length.sleeps = {Weekly("sat-sun", "0:00-24:00")};
  world_.Add(length);
  // From Friday noon to Tuesday noon two days count.
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-05 12:00/2027-03-09 12:00:01 -> too_long oven
    book oven @ 2027-03-05 12:00/2027-03-09 12:00    -> ok
    book press @ fri 20:00-sat 12:00                 -> ok
    book press @ fri 10:00-13:59                     -> too_short press
  )");
}

TEST_F(DurationTest, OnlyTheDaysOfItsPeriodsCount) {
  Policy length = MakePolicy("length", DurationRule{0, 4 * kHour});
  length.periods = {{support::Day("mon"), support::Day("tue")}};
  world_.Add(length);
  EXPECT_TABLE(script_, R"(
    book oven @ tue 19:59-wed 1:00         -> too_long oven
    book oven @ tue 20:00-wed 12:00        -> ok
    book oven @ wed 12:00-thu 12:00        -> ok
    book oven @ mon 0:00-4:01              -> too_long oven
  )");
}

TEST_F(DurationTest, ClosedTimeThatDoesNotCountIsLeftOut) {
  AddAssetOpenInOfficeHours("printer");
  world_.Add(MakePolicy("length", DurationRule{2 * kHour, 3 * kHour}));
  world_.Add(MakePolicy("nights", ClosedTimeRule{false}));
  EXPECT_TABLE(script_, R"(
    book printer @ mon 15:00-tue 9:01      -> too_long printer
    book printer @ mon 15:00-tue 9:00      -> ok
    book printer @ tue 16:30-wed 9:29      -> too_short printer
    book printer @ tue 16:30-wed 9:30      -> ok
  )");
}

TEST_F(DurationTest, ClosedTimeThatCountsIsNotLeftOut) {
  AddAssetOpenInOfficeHours("printer");
  world_.Add(MakePolicy("length", DurationRule{0, 17 * kHour}));
  world_.Add(MakePolicy("nights", ClosedTimeRule{true}));
  EXPECT_TABLE(script_, R"(
    book printer @ mon 16:00-tue 9:01      -> too_long printer
    book printer @ mon 16:00-tue 9:00      -> ok
  )");
}

TEST_F(GranularityTest, StartAndEndLieOnTheSteps) {
  world_.Add(MakePolicy("quarters", GranularityRule{15 * kMinute}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-9:45              -> ok
    book oven @ mon 10:05-11:00            -> off_grid oven
    book oven @ mon 10:00-11:05            -> off_grid oven
    book oven @ mon 10:05-11:05            -> off_grid oven
    book oven @ mon 10:00-10:15:01         -> off_grid oven
    book oven @ mon 23:45-24:00            -> ok
    book oven @ mon 10:15-10:30            -> ok
  )");
}

TEST_F(GranularityTest, StepsAreCountedFromMidnightOfEveryDay) {
  world_.Add(MakePolicy("days", GranularityRule{24 * kHour}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 0:00-24:00             -> ok
    book oven @ tue 0:00-fri 0:00          -> ok
    book oven @ fri 0:00-23:59             -> off_grid oven
    book oven @ fri 12:00-sat 12:00        -> off_grid oven
  )");
}

TEST_F(GranularityTest, TheSwitchOfSummerTimeMovesNoStep) {
  world_.Add(MakePolicy("fours", GranularityRule{4 * kHour}));
  // 4:00 is 3 hours after midnight on 28 March, and 5 hours on 31 October.
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-28 0:00/2027-03-28 4:00      -> ok
    book oven @ 2027-03-28 5:00/2027-03-28 8:00      -> off_grid oven
    book oven @ 2027-03-28 4:00/2027-03-28 24:00     -> ok
    book oven @ 2027-10-31 0:00/2027-10-31 4:00      -> ok
    book oven @ 2027-10-31 4:00/2027-10-31 7:00      -> off_grid oven
    book oven @ 2027-10-31 4:00/2027-10-31 8:00      -> ok
  )");
}

TEST_F(SlotRuleTest, ARunIsOneShiftOrSeveralOnEnd) {
  world_.Add(MakePolicy("shifts",
                        SlotRule{{Weekly("mon-sun", "6:00-14:00"), Weekly("mon-sun", "14:00-22:00"),
                                  Weekly("mon-sun", "22:00-6:00")}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 6:00-14:00         -> ok
    book oven @ mon 14:00-tue 6:00         -> ok
    book oven @ tue 22:00-wed 6:00         -> ok
    book oven @ wed 22:00-fri 14:00        -> ok
    book oven @ sat 6:00-13:00             -> not_a_slot oven
    book oven @ sat 7:00-14:00             -> not_a_slot oven
    book oven @ sat 6:00-14:00:01          -> not_a_slot oven
    book oven @ sat 0:00-6:00              -> not_a_slot oven
    book oven @ sat 22:00-24:00            -> not_a_slot oven
    move r1 @ mon 8:00-14:00               -> not_a_slot oven
  )");
}

TEST_F(SlotRuleTest, AShiftKeepsItsWallClockOverTheSwitchOfSummerTime) {
  world_.Add(MakePolicy("nights", SlotRule{{Weekly("mon-sun", "22:00-6:00")}}));
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-27 22:00/2027-03-28 6:00     -> ok
    book oven @ 2027-10-30 22:00/2027-10-31 6:00     -> ok
    book press @ 2027-03-27 22:00/2027-03-28 7:00    -> not_a_slot press
    book press @ 2027-10-30 22:00/2027-10-31 5:00    -> not_a_slot press
  )");
}

TEST_F(SlotRuleTest, AGapAtNoonLiesWithinAWholeDay) {
  world_.Add(MakePolicy(
      "halves", SlotRule{{Weekly("mon-fri", "8:00-12:00"), Weekly("mon-fri", "13:00-17:00")}}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 8:00-12:00             -> ok
    book oven @ mon 13:00-17:00            -> ok
    book oven @ tue 8:00-17:00             -> ok
    book oven @ wed 13:00-thu 12:00        -> ok
    book oven @ fri 12:00-13:00            -> not_a_slot oven
    book oven @ fri 12:00-17:00            -> not_a_slot oven
    book oven @ fri 8:00-13:00             -> not_a_slot oven
    book oven @ sat 8:00-12:00             -> not_a_slot oven
  )");
}

TEST_F(ClosedTimeTest, ARunGoesOnThroughClosedTimeIfItStartsAndEndsInOpeningHours) {
  AddAssetOpenInOfficeHours("printer");
  EXPECT_TABLE(script_, "book printer @ mon 16:00-tue 9:00 -> outside_opening_hours printer");
  Policy nights = MakePolicy("nights", ClosedTimeRule{true});
  nights.sleeps = {Weekly("mon-sun", "0:00-24:00")};  // means nothing here
  world_.Add(nights);
  EXPECT_TABLE(script_, R"(
    book printer @ mon 16:00-tue 9:00      -> ok
    book printer @ tue 16:00-18:00         -> outside_opening_hours printer
    book printer @ wed 7:00-9:00           -> outside_opening_hours printer
    book printer @ wed 18:00-thu 9:00      -> outside_opening_hours printer
    book printer @ fri 16:00-sat 9:00      -> outside_opening_hours printer
    book printer @ 2027-03-05 16:00/2027-03-08 9:00  -> ok
  )");
}

TEST_F(ClosedTimeTest, ItIsGrantedOnlyToWhomItAppliesTo) {
  AddAssetOpenInOfficeHours("printer");
  world_.Add(About(MakePolicy("nights", ClosedTimeRule{true}), Pick(&Selector::users, {"bob"})));
  EXPECT_TABLE(script_, R"(
    book printer @ mon 16:00-tue 9:00 by ada  -> outside_opening_hours printer
    book printer @ mon 16:00-tue 9:00 by bob  -> ok
  )");
}

TEST_F(ClosedTimeTest, OnePolicyThatDoesNotCountItIsEnough) {
  AddAssetOpenInOfficeHours("printer");
  world_.Add(MakePolicy("counting", ClosedTimeRule{true}));
  world_.Add(About(MakePolicy("free", ClosedTimeRule{false}), Pick(&Selector::users, {"bob"})));
  world_.Add(MakePolicy("length", DurationRule{0, 2 * kHour}));
  EXPECT_TABLE(script_, R"(
    book printer @ mon 16:00-tue 9:00 by ada  -> too_long printer
    book printer @ mon 16:00-tue 9:00 by bob  -> ok
  )");
}

// Quotas count what is booked by what the index keeps of it, which has no words.
// Found by the search under random rules, seed 86.
TEST_F(ClosedTimeTest, WhereItDoesNotCountAPolicySelectsByNoPurposes) {
  Policy policy =
      About(MakePolicy("nights", ClosedTimeRule{false}), Pick(&Selector::purposes, {"welding"}));
  const auto result = world_.Run(engine::CreateRecord{policy});
  ASSERT_FALSE(result.ok());
  ASSERT_EQ(result.error().fields.size(), 1u);
  EXPECT_EQ(result.error().fields[0].field, "policy.applies_to[0].purposes");
  policy.rule = ClosedTimeRule{true};
  EXPECT_TRUE(world_.Run(engine::CreateRecord{policy}).ok());
}

TEST_F(GranularityTest, TheSearchGoesOnBehindADayThatIsShorter) {
  world_.Add(MakePolicy("days", GranularityRule{24 * kHour}));
  Reservation day =
      support::Draft({support::Item("oven")}, support::Span("2027-03-28 0:00/2027-03-29 1:00"));
  day.interval.end = day.interval.start + 24 * kHour;
  const auto refused = world_.Book(day);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->violations.at(0).rule, Rule::kOffGrid);
  EXPECT_EQ(refused.error().refusal->earliest_start, support::At("2027-03-29 0:00"));
}

}  // namespace
}  // namespace labslot::engine
