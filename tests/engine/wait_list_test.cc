// Flexible requests, the wait list, and offers.

#include <gtest/gtest.h>

#include <variant>

#include "daemon/base/limits.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kHour;
using support::Script;
using support::Span;
using support::World;

class WaitListTest : public testing::Test {
 protected:
  WaitListTest() {
    Site lommel = support::MakeSite("lommel");
    world_.Add(lommel);
    world_.Add(support::MakeUser("bob", {"acme"}));
    world_.Add(support::MakeUser("cyd", {"acme"}));
    world_.Add(support::MakeAsset("oven"));
    world_.Add(support::MakeAsset("press"));
    world_.Add(support::MakePool("rigs", 3));
    world_.Add(support::MakeAsset("line"));
    world_.Add(support::MakeChild("cell", "line"));
  }

  World world_;
  Script script_{world_};
};

TEST_F(WaitListTest, WhoWaitsBlocksNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                     -> ok
    r2: book oven @ mon 10:00-13:00 by bob wait yes    -> wait-listed
    see r2                                             -> wait-listed mon 10:00-13:00 until mon 10:00
    book oven @ mon 12:00-13:00 by cyd                 -> ok
  )");
}

TEST_F(WaitListTest, WhatIsFreeIsBookedAtOnce) {
  EXPECT_TABLE(script_, "book oven @ mon 10:00-13:00 by bob wait yes -> ok");
}

TEST_F(WaitListTest, OnlyOthersAreWaitedFor) {
  EXPECT_TABLE(script_, R"(
    book rigs*4 @ mon 9:00-12:00 wait yes              -> quantity_above_capacity rigs
    r1: book rigs*2 @ mon 9:00-12:00                   -> ok
    book rigs*2 @ mon 9:00-12:00 people 1 wait yes     -> wait-listed
    book rigs*2 @ sat 9:00-sun 9:00 wait yes           -> ok
    book oven @ 2027-02-28 9:00/2027-02-28 10:00 wait yes  -> start_in_past
  )");
}

TEST_F(WaitListTest, FreedTimeIsOfferedUntilHalfOfTheTimeIsOver) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                     -> ok
    r2: book oven @ mon 10:00-12:00 by bob wait yes    -> wait-listed
    cancel r1                                          -> ok
    # it is Sunday, 12:00: 22 hours are left
    see r2                                             -> offered mon 10:00-12:00 until sun 23:00
    book oven @ mon 11:00-12:00 by cyd                 -> capacity_exceeded oven [r2]
    accept r2 by bob                                   -> ok
    see r2                                             -> confirmed mon 10:00-12:00
  )");
  const Event& offer = world_.events()[world_.events().size() - 2];
  EXPECT_EQ(offer.type, EventType::kOffered);
  EXPECT_EQ(offer.actor, kDaemonActor);
}

TEST_F(WaitListTest, AnOfferStandsForADayAtMostAndAQuarterOfAnHourAtLeast) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ thu 9:00-12:00                     -> ok
    r2: book oven @ thu 9:00-12:00 by bob wait yes     -> wait-listed
    cancel r1                                          -> ok
    see r2                                             -> offered thu 09:00-12:00 until mon 12:00
    r3: book press @ mon 9:00-12:00                    -> ok
    r4: book press @ mon 9:00-12:00 by bob wait yes    -> wait-listed
    now mon 8:50
    cancel r3                                          -> ok
    see r4                                             -> offered mon 09:00-12:00 until mon 09:00
  )");
}

TEST_F(WaitListTest, TheGreatestPriorityGoesFirstThenWhoCameFirst) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                            -> ok
    r2: book oven @ mon 9:00-12:00 by bob wait yes            -> wait-listed
    r3: book oven @ mon 9:00-12:00 by cyd wait yes priority 5 -> wait-listed
    r4: book oven @ mon 9:00-12:00 by bob wait yes priority 5 -> wait-listed
    cancel r1                                                 -> ok
    see r3                                                    -> offered mon 09:00-12:00 until sun 22:30
    cancel r3 by cyd                                          -> ok
    see r4                                                    -> offered mon 09:00-12:00 until sun 22:30
    cancel r4 by bob                                          -> ok
    see r2                                                    -> offered mon 09:00-12:00 until sun 22:30
  )");
}

TEST_F(WaitListTest, WhoDoesNotFitWholeIsPassedOver) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00                     -> ok
    r2: book rigs @ mon 9:00-12:00                       -> ok
    r3: book rigs*2 @ mon 9:00-12:00 by bob wait yes     -> wait-listed
    r4: book rigs @ mon 9:00-10:00 by cyd wait yes       -> wait-listed
    cancel r2                                            -> ok
    see r3                                               -> wait-listed mon 09:00-12:00 until mon 09:00
    see r4                                               -> offered mon 09:00-10:00 until sun 22:30
  )");
}

TEST_F(WaitListTest, SeveralAreOfferedWhatOneLeaves) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*3 @ mon 9:00-12:00                     -> ok
    r2: book rigs*2 @ mon 9:00-12:00 by bob wait yes     -> wait-listed
    r3: book rigs*2 @ mon 9:00-12:00 by bob wait yes     -> wait-listed
    r4: book rigs @ mon 9:00-12:00 by cyd wait yes       -> wait-listed
    cancel r1                                            -> ok
    see r2                                               -> offered mon 09:00-12:00 until sun 22:30
    see r3                                               -> wait-listed mon 09:00-12:00 until mon 09:00
    see r4                                               -> offered mon 09:00-12:00 until sun 22:30
  )");
}

TEST_F(WaitListTest, AnOfferThatIsNotTakenGoesToTheNext) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                       -> ok
    r2: book oven @ mon 9:00-12:00 by bob wait yes       -> wait-listed
    r3: book oven @ mon 9:00-12:00 by cyd wait yes       -> wait-listed
    cancel r1                                            -> ok
    now sun 22:30
  )");
  world_.now = At("2027-02-28 22:30");
  world_.EndWhatIsDue();
  EXPECT_TABLE(script_, R"(
    see r2                                               -> expired mon 09:00-12:00
    see r3                                               -> offered mon 09:00-12:00 until mon 03:45
    accept r2 by bob                                     -> state_forbids_change
  )");
}

TEST_F(WaitListTest, WhoseTimeIsOverWaitsNoMore) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                       -> ok
    r2: book oven @ mon 10:00-12:00 by bob wait yes      -> wait-listed
  )");
  world_.now = At("mon 10:00");
  world_.EndWhatIsDue();
  EXPECT_TABLE(script_, "see r2 -> expired mon 10:00-12:00");
  EXPECT_TRUE(world_.state().waiting("oven").empty());
  EXPECT_FALSE(world_.state().has_waiting());
}

TEST_F(WaitListTest, ShorteningAndMovingFreeTimeToo) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                       -> ok
    r2: book oven @ mon 11:00-12:00 by bob wait yes      -> wait-listed
    r3: book oven @ mon 9:00-10:00 by cyd wait yes       -> wait-listed
    move r1 @ mon 9:00-11:00                             -> ok
    see r2                                               -> offered mon 11:00-12:00 until sun 23:30
    move r1 @ tue 9:00-11:00                             -> ok
    see r3                                               -> offered mon 09:00-10:00 until sun 22:30
  )");
}

TEST_F(WaitListTest, FreedPartsAreOfferedAsWholesAndWholesAsParts) {
  EXPECT_TABLE(script_, R"(
    r1: book cell @ mon 9:00-12:00                       -> ok
    r2: book line @ mon 9:00-12:00 by bob wait yes       -> wait-listed
    cancel r1                                            -> ok
    see r2                                               -> offered mon 09:00-12:00 until sun 22:30
    r3: book cell @ mon 9:00-12:00 by cyd wait yes       -> wait-listed
    cancel r2 by bob                                     -> ok
    see r3                                               -> offered mon 09:00-12:00 until sun 22:30
  )");
}

TEST_F(WaitListTest, ABundleIsOfferedWholeOrNotAtAll) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                         -> ok
    r2: book press @ mon 11:00-14:00                       -> ok
    r3: book oven, press @ mon 10:00-12:00 by bob wait yes -> wait-listed
    cancel r1                                              -> ok
    see r3                                                 -> wait-listed mon 10:00-12:00 until mon 10:00
    cancel r2                                              -> ok
    see r3                                                 -> offered mon 10:00-12:00 until sun 23:00
  )");
}

TEST_F(WaitListTest, MoreUnitsAreOfferedOnceTheDaemonLooks) {
  EXPECT_TABLE(script_, R"(
    book rigs*3 @ mon 9:00-12:00                         -> ok
    r2: book rigs @ mon 9:00-12:00 by bob wait yes       -> wait-listed
  )");
  Asset rigs = *world_.catalogue().FindAsset("rigs");
  rigs.capacity = 4;
  ASSERT_TRUE(world_.Replace(rigs).ok());
  EXPECT_TABLE(script_, R"(
    wake     -> ok
    see r2   -> offered mon 09:00-12:00 until sun 22:30
  )");
}

TEST_F(WaitListTest, WhatIsOfferedIsAcceptedBeforeItIsChanged) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                       -> ok
    r2: book oven @ mon 9:00-12:00 by bob wait yes       -> wait-listed
    accept r2 by bob                                     -> state_forbids_change
    move r2 @ mon 13:00-14:00 by bob                     -> state_forbids_change
    cancel r1                                            -> ok
    move r2 @ mon 13:00-14:00 by bob                     -> state_forbids_change
    checkin r2 by bob                                    -> state_forbids_change
    accept r2 by eve                                     -> not_found
    accept r2 by bob                                     -> ok
    move r2 @ mon 13:00-14:00 by bob                     -> ok
  )");
}

TEST_F(WaitListTest, AnOfferThatNeedsApprovalAwaitsItOnceAccepted) {
  Policy policy;
  policy.id = policy.display_name = "ask";
  policy.rule = ApprovalRule{};
  policy.effect = Effect::kNeedsApproval;
  Selector oven;
  oven.assets = {"oven"};
  policy.applies_to = {oven};
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00                       -> ok
    r2: book oven @ mon 9:00-12:00 by bob wait yes       -> wait-listed
  )");
  world_.Add(policy);
  EXPECT_TABLE(script_, R"(
    cancel r1                                            -> ok
    accept r2 by bob                                     -> pending
    see r2                                               -> pending mon 09:00-12:00 until mon 12:00
  )");
}

TEST_F(WaitListTest, AListHasAnEnd) {
  EXPECT_TABLE(script_, "book oven @ mon 9:00-12:00 -> ok");
  CreateReservation waits;
  waits.draft = Draft({Item("oven")}, Span("mon 9:00-12:00"));
  waits.on_conflict = OnConflict::kWaitList;
  for (size_t i = 0; i < limits::kMaxWaiting; ++i) {
    ASSERT_TRUE(world_.Run({"ada"}, waits).ok());
  }
  const auto result = world_.Run({"ada"}, waits);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().refusal->violations[0].rule, Rule::kWaitListFull);
}

// Flexible requests.

TEST_F(WaitListTest, AFlexibleRequestIsBookedWhenItWantsToBeIfThatIsFree) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ tue 9:00-12:00 within mon..wed       -> ok
    see r1                                               -> confirmed tue 09:00-12:00
  )");
}

TEST_F(WaitListTest, AFlexibleRequestIsBookedAtTheEarliestTimeInItsWindow) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 0:00-10:00                           -> ok
    r0: book oven @ mon 14:00-wed 8:00                   -> ok
    r1: book oven @ tue 9:00-12:00 within mon..wed       -> ok
    see r1                                               -> confirmed mon 10:00-13:00
    r2: book oven @ tue 9:00-12:00 within mon..wed       -> ok
    see r2                                               -> confirmed wed 08:00-11:00
    book oven @ tue 9:00-12:00 within mon..tue           -> capacity_exceeded oven [r0]
  )");
}

TEST_F(WaitListTest, AWindowIsWaitedForToItsEnd) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 0:00-wed 24:00                         -> ok
    r2: book oven @ mon 9:00-12:00 within mon..wed wait yes    -> wait-listed
    see r2                                                     -> wait-listed mon 09:00-12:00 until wed 21:00
    move r1 @ mon 0:00-wed 14:00                               -> ok
    see r2                                                     -> offered wed 14:00-17:00 until mon 12:00
  )");
}

TEST_F(WaitListTest, AHoldCanBeFlexibleToo) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-12:00                                 -> ok
    r1: book oven @ mon 9:00-12:00 within mon..tue hold 600    -> ok
    see r1                                                     -> held mon 00:00-03:00 until sun 12:10
  )");
}

}  // namespace
}  // namespace labslot::engine
