// Moving, extending, cancelling, holding.

#include <gtest/gtest.h>

#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::MakeAsset;
using support::MakePool;
using support::MakeSite;
using support::Script;
using support::Span;
using support::World;

class ChangesTest : public testing::Test {
 protected:
  ChangesTest() {
    world_.Add(MakeSite("lommel"));
    world_.Add(MakeAsset("oven"));
    world_.Add(MakeAsset("press"));
    world_.Add(MakePool("rigs", 3));
    Asset slow = MakeAsset("slow");
    slow.set_up = 1800;
    slow.tear_down = 1800;
    world_.Add(slow);
  }

  Result<Decision> Patch(ReservationId id, const std::function<void(Reservation&)>& change,
                         const std::string& user = "ada") {
    UpdateReservation update;
    update.id = id;
    update.patch = [change](const Reservation& current) {
      Reservation changed = current;
      change(changed);
      return Result<Reservation>(changed);
    };
    return world_.Run({user}, update);
  }

  World world_;
  Script script_{world_};
};

TEST_F(ChangesTest, AMoveOverTheOwnSlotPasses) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    move r1 @ mon 9:30-10:30               -> ok
    move r1 @ mon 9:00-12:00               -> ok
    move r1 @ mon 10:00-11:00              -> ok
    book oven @ mon 9:00-10:00             -> ok
    r2: book oven @ mon 11:00-12:00        -> ok
    move r1 @ mon 10:00-11:30              -> capacity_exceeded oven [r2]
    move r1 @ mon 12:00-13:00              -> ok
    book oven @ mon 10:00-11:00            -> ok
  )");
}

TEST_F(ChangesTest, ARefusedMoveLeavesTheOldSlotTaken) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    r2: book oven @ mon 10:00-11:00        -> ok
    move r1 @ mon 10:30-11:30              -> capacity_exceeded oven [r2]
    book oven @ mon 9:00-10:00             -> capacity_exceeded oven [r1]
    book oven @ mon 11:00-11:30            -> ok
  )");
}

TEST_F(ChangesTest, TwoOfAPoolDoNotHideBehindTheOwnSlot) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-11:00       -> ok
    r2: book rigs*1 @ mon 9:00-11:00       -> ok
    items r1 rigs*3                        -> capacity_exceeded rigs [r2]
    items r1 rigs*1                        -> ok
    items r2 rigs*2                        -> ok
    book rigs @ mon 9:00-11:00             -> capacity_exceeded rigs [r1 r2]
    items r1 rigs*4                        -> quantity_above_capacity rigs; capacity_exceeded rigs [r2]
  )");
}

TEST_F(ChangesTest, ItemsCanBeExchanged) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    items r1 press,rigs*2                  -> ok
    r2: book oven @ mon 9:00-10:00         -> ok
    book press @ mon 9:00-10:00            -> capacity_exceeded press [r1]
    items r1 oven                          -> capacity_exceeded oven [r2]
  )");
}

TEST_F(ChangesTest, AChangedItemTakesTheChangeoverOfItsAsset) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    items r1 slow                          -> ok
    book slow @ mon 10:00-10:30            -> capacity_exceeded slow [r1]
    book slow @ mon 11:00-11:30            -> ok
    book oven @ mon 9:00-10:00             -> ok
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).items[0].set_up, 1800);
}

TEST_F(ChangesTest, AnItemThatStaysKeepsItsChangeover) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    r2: book oven @ mon 10:00-12:00        -> ok
  )");
  Asset oven = *world_.catalogue().FindAsset("oven");
  oven.set_up = 3600;
  ASSERT_TRUE(world_.Replace(oven).ok());
  EXPECT_TABLE(script_, R"(
    move r2 @ mon 10:00-11:00              -> ok
    move r2 @ mon 10:00-11:30              -> ok
    items r2 oven,press                    -> ok
    items r2 oven,slow                     -> ok
    book oven @ mon 12:00-13:00            -> capacity_exceeded oven [r2]
    book oven @ mon 12:30-13:00            -> ok
  )");
  EXPECT_EQ(world_.reservation(script_.id("r2")).items[0].set_up, 0);
  EXPECT_EQ(world_.reservation(script_.id("r2")).items[1].set_up, 1800);
}

TEST_F(ChangesTest, AStartedRunCanBeExtendedAndShortened) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> ok
    now mon 10:00
    move r1 @ mon 9:00-12:00               -> ok
    move r1 @ mon 9:00-10:30               -> ok
    book oven @ mon 10:30-11:30            -> ok
  )");
}

TEST_F(ChangesTest, TheStartOfAStartedRunStaysWhereItIs) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-11:00         -> ok
    now mon 10:00
    move r1 @ mon 8:00-11:00               -> state_forbids_change
    move r1 @ mon 10:00-11:00              -> state_forbids_change
    move r1 @ tue 9:00-11:00               -> state_forbids_change
    items r1 press                         -> state_forbids_change
  )");
}

TEST_F(ChangesTest, AFutureRunCannotMoveIntoThePast) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ tue 9:00-11:00         -> ok
    now mon 10:00
    move r1 @ mon 8:00-11:00               -> start_in_past
    move r1 @ mon 10:00-11:00              -> ok
  )");
}

TEST_F(ChangesTest, CancellingIsForGood) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    cancel r1                              -> ok
    move r1 @ mon 10:00-11:00              -> state_forbids_change
    confirm r1                             -> state_forbids_change
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).state, ReservationState::kCancelled);
}

TEST_F(ChangesTest, ACancelKeepsItsReason) {
  const ReservationId id =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")));
  ASSERT_TRUE(world_.Run({"ada"}, CancelReservation{id, 0}, "the part broke").ok());
  EXPECT_EQ(world_.reservation(id).state_reason, "the part broke");
  EXPECT_EQ(world_.events().back().reason, "the part broke");
  EXPECT_EQ(world_.events().back().type, EventType::kCancelled);
  EXPECT_EQ(world_.events().back().actor, "ada");
}

TEST_F(ChangesTest, AHoldIsConfirmedBeforeItExpires) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 hold 600 -> ok
    now 2027-02-28 12:09:59
    confirm r1                              -> ok
    now 2027-02-28 12:20
    book oven @ mon 9:00-10:00              -> capacity_exceeded oven [r1]
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).state, ReservationState::kConfirmed);
  EXPECT_EQ(world_.reservation(script_.id("r1")).hold_expire_time, 0);
  EXPECT_TRUE(world_.state().dues().empty());
}

TEST_F(ChangesTest, AHoldCannotBeConfirmedOnceItsTimeIsOver) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 hold 600 -> ok
    now 2027-02-28 12:10
    confirm r1                              -> state_forbids_change
    expire r1                               -> ok
    confirm r1                              -> state_forbids_change
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).state, ReservationState::kExpired);
  EXPECT_EQ(world_.events().back().actor, kDaemonActor);
}

TEST_F(ChangesTest, AHoldDoesNotExpireEarly) {
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-10:00 hold 600 -> ok");
  world_.now += 599;
  const auto early = world_.Run(DaemonPrincipal(), EndAtDueTime{script_.id("r1")});
  EXPECT_TRUE(!early.ok() || early.value().changes.empty());
  EXPECT_EQ(world_.reservation(script_.id("r1")).state, ReservationState::kHeld);
}

TEST_F(ChangesTest, ExpiringWhatWasConfirmedOrCancelledChangesNothing) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 hold 600   -> ok
    r2: book press @ mon 9:00-10:00 hold 600  -> ok
    confirm r1                                -> ok
    cancel r2                                 -> ok
  )");
  world_.now += 700;
  for (const char* label : {"r1", "r2"}) {
    const auto result = world_.Run(DaemonPrincipal(), EndAtDueTime{script_.id(label)});
    EXPECT_TRUE(!result.ok() || result.value().changes.empty()) << label;
  }
  EXPECT_EQ(world_.reservation(script_.id("r1")).state, ReservationState::kConfirmed);
  EXPECT_EQ(world_.reservation(script_.id("r2")).state, ReservationState::kCancelled);
}

TEST_F(ChangesTest, NobodyButTheDaemonExpiresHolds) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 hold 600 -> ok
    now 2027-02-28 12:10
  )");
  EXPECT_FALSE(world_.Run({"ada"}, EndAtDueTime{script_.id("r1")}).ok());
}

TEST_F(ChangesTest, ConfirmingAConfirmedReservationChangesNothing) {
  EXPECT_TABLE(script_, "r1: book oven @ mon 9:00-10:00 -> ok");
  const auto again = world_.Run({"ada"}, ConfirmReservation{script_.id("r1"), 0});
  EXPECT_TRUE(!again.ok() || again.value().changes.empty());
}

TEST_F(ChangesTest, AMovedHoldStaysHeldUntilItsTime) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00 hold 600 -> ok
    move r1 @ mon 11:00-12:00               -> ok
  )");
  const Reservation& moved = world_.reservation(script_.id("r1"));
  EXPECT_EQ(moved.state, ReservationState::kHeld);
  EXPECT_EQ(moved.hold_expire_time, At("2027-02-28 12:10"));
  EXPECT_EQ(world_.state().dues().size(), 1u);
  EXPECT_TABLE(script_, R"(
    now 2027-02-28 12:10
    expire r1                              -> ok
    book oven @ mon 11:00-12:00            -> ok
  )");
}

TEST_F(ChangesTest, AStaleEtagStopsEveryChange) {
  const ReservationId id =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")), "ada", 600);
  const Revision first = world_.reservation(id).revision;
  ASSERT_TRUE(world_.Move(id, Span("mon 10:00-11:00")).ok());
  const Revision second = world_.reservation(id).revision;
  ASSERT_NE(first, second);
  const CommandBody stale[] = {
      UpdateReservation{id, first, support::SetInterval(Span("mon 11:00-12:00"))},
      CancelReservation{id, first}, ConfirmReservation{id, first}};
  for (const CommandBody& body : stale) {
    const auto result = world_.Try({"ada"}, body);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind, ErrorKind::kEtagMismatch);
  }
  EXPECT_TRUE(world_.Run({"ada"}, ConfirmReservation{id, second}).ok());
}

TEST_F(ChangesTest, AnUpdateThatChangesNothingMakesNoEvent) {
  const ReservationId id =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")));
  const auto result = world_.Move(id, Span("mon 9:00-10:00"));
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result.value().changes.empty());
  EXPECT_EQ(std::get<Reservation>(result.value().result), world_.reservation(id));
}

TEST_F(ChangesTest, WordsCanBeChangedWhateverTheTime) {
  const ReservationId id =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")));
  world_.now = At("mon 9:59");
  EXPECT_TRUE(Patch(id, [](Reservation& r) { r.purpose = "a trial"; }).ok());
  EXPECT_EQ(world_.reservation(id).purpose, "a trial");
}

TEST_F(ChangesTest, IdTimesAndStateAreNotForThePatchToChange) {
  const ReservationId id =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")));
  const Reservation before = world_.reservation(id);
  world_.now += 60;
  ASSERT_TRUE(Patch(id, [](Reservation& r) { r.project = "x"; }).ok());
  const Reservation& after = world_.reservation(id);
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.create_time, before.create_time);
  EXPECT_EQ(after.update_time, world_.now);
  EXPECT_EQ(after.revision, world_.state().head());
  EXPECT_EQ(after.state, ReservationState::kConfirmed);
}

TEST_F(ChangesTest, AFailedPatchIsTheAnswer) {
  const ReservationId id =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")));
  UpdateReservation update;
  update.id = id;
  update.patch = [](const Reservation&) {
    return Result<Reservation>(InvalidField("reservation.interval", "must not be empty"));
  };
  const auto result = world_.Run({"ada"}, update);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalidFields);
}

TEST_F(ChangesTest, AReservationIdIsTheRevisionThatMadeIt) {
  const ReservationId first =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 9:00-10:00")));
  EXPECT_EQ(first, world_.state().head());
  const ReservationId second =
      world_.MustBook(support::Draft({support::Item("oven")}, Span("mon 10:00-11:00")));
  EXPECT_EQ(second, first + 1);
  const Reservation& made = world_.reservation(second);
  EXPECT_EQ(made.create_time, world_.now);
  EXPECT_EQ(made.update_time, world_.now);
  EXPECT_EQ(made.revision, second);
  EXPECT_EQ(made.user, "ada");
  EXPECT_EQ(made.organisation, "acme");
}

TEST_F(ChangesTest, MissingReservationsAreNotFound) {
  EXPECT_TABLE(script_, R"(
    cancel 4711                            -> not_found
    confirm 4711                           -> not_found
    move 4711 @ mon 9:00-10:00             -> not_found
    cancel 1                               -> not_found
  )");
}

TEST_F(ChangesTest, WhatIsOverCannotBeCancelledOrMoved) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    now mon 10:00
    cancel r1                              -> state_forbids_change
    move r1 @ tue 9:00-10:00               -> state_forbids_change
  )");
}

}  // namespace
}  // namespace labslot::engine
