// Outages: what they block, whom they hit, and what becomes of those.

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "daemon/domain/names.h"
#include "daemon/engine/availability.h"
#include "daemon/engine/free_busy.h"
#include "daemon/engine/outage_decisions.h"
#include "daemon/engine/outages.h"
#include "tests/engine/same_state.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Script;
using support::Span;
using support::World;

class OutagesTest : public testing::Test {
 protected:
  OutagesTest() {
    world_.Add(support::MakeSite("lommel"));
    world_.Add(support::MakeUser("bob", {"acme"}));
    for (const char* id : {"oven", "press", "line"}) {
      Asset asset = support::MakeAsset(id);
      asset.kind = id;
      world_.Add(asset);
    }
    User mia = support::MakeUser("mia");
    mia.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(mia);
    Asset spare = support::MakeAsset("spare-oven");
    spare.kind = "oven";
    world_.Add(spare);
    world_.Add(support::MakePool("rigs", 3));
    world_.Add(support::MakeChild("cell", "line"));
    world_.Add(support::MakeChild("other-cell", "line"));
  }

  World world_;
  Script script_{world_};
};

TEST_F(OutagesTest, WhatIsOutOfServiceCannotBeBooked) {
  EXPECT_TABLE(script_, R"(
    outage o1 oven @ mon 9:00-12:00              -> ok
    r1: book oven @ mon 8:00-9:00                -> ok
    book oven @ mon 8:30-9:30                    -> out_of_service oven; capacity_exceeded oven [r1]
    book oven @ mon 11:00-13:00                  -> out_of_service oven
    book oven @ mon 12:00-13:00                  -> ok
    book spare-oven @ mon 9:00-12:00             -> ok
  )");
}

TEST_F(OutagesTest, AnOutageOfSomeUnitsLeavesTheOthers) {
  EXPECT_TABLE(script_, R"(
    outage o1 rigs*2 @ mon 9:00-12:00            -> ok
    book rigs*2 @ mon 9:00-12:00                 -> out_of_service rigs
    r1: book rigs @ mon 9:00-12:00               -> ok
    book rigs @ mon 11:00-13:00                  -> capacity_exceeded rigs [r1]
    book rigs*2 @ mon 12:00-13:00                -> ok
    outage o2 rigs*3 @ mon 13:00-14:00           -> ok
    book rigs @ mon 13:00-13:30                  -> out_of_service rigs
  )");
}

TEST_F(OutagesTest, TheWholeOutOfServiceTakesItsPartsAlongAndAPartTheWhole) {
  EXPECT_TABLE(script_, R"(
    outage o1 cell @ mon 9:00-12:00              -> ok
    book line @ mon 11:00-13:00                  -> out_of_service line
    book other-cell @ mon 9:00-12:00             -> ok
    outage o2 line @ tue 9:00-12:00              -> ok
    book cell @ tue 11:00-13:00                  -> out_of_service cell
  )");
}

TEST_F(OutagesTest, ARefusalNamesTheNextTimeInService) {
  EXPECT_TABLE(script_, "outage o1 oven @ mon 9:00-12:00 -> ok");
  const auto refused =
      world_.Book(support::Draft({support::Item("oven")}, Span("mon 10:00-11:00")));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->earliest_start, At("mon 12:00"));
  EXPECT_EQ(refused.error().refusal->violations[0].message,
            "oven is out of service: Mon 2027-03-01 09:00 to 12:00 Europe/Brussels");
}

TEST_F(OutagesTest, WhoIsHitIsFirstOnTheWaitListAndGetsTheSlotBack) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00               -> ok
    r2: book oven @ mon 9:00-12:00 by bob wait yes priority 9  -> wait-listed
    outage o1 oven @ mon 8:00-17:00              -> ok: r1 wait-listed
    see r1                                       -> displaced mon 09:00-12:00 until mon 09:00
    mend o1 @ 2027-02-28 12:00/2027-02-28 13:00  -> ok: r1 wait-listed
    see r1                                       -> confirmed mon 09:00-12:00
    see r2                                       -> wait-listed mon 09:00-12:00 until mon 09:00
  )");
  EXPECT_EQ(world_.reservation(script_.id("r1")).displaced_by, "outages/o1");
}

TEST_F(OutagesTest, TakingAnOutageBackGivesTheSlotBack) {
  EXPECT_TABLE(script_, R"(
    r1: book cell @ mon 9:00-12:00               -> ok
    outage o1 line @ mon 8:00-17:00              -> ok: r1 wait-listed
    mend o1                                      -> ok: r1 wait-listed
    see r1                                       -> confirmed mon 09:00-12:00
  )");
}

TEST_F(OutagesTest, WhoSaidWhatElseWillDoIsMovedThere) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 like yes      -> ok
    r2: book oven @ mon 13:00-15:00 within mon   -> ok
    r3: book oven @ mon 15:00-16:00 or press     -> ok
    r4: book oven @ mon 16:00-17:00              -> ok
    outage o1 oven @ mon 8:00-18:00              -> ok: r1 moved, r2 moved, r3 moved, r4 wait-listed
    where r1                                     -> spare-oven confirmed mon 09:00-12:00
    where r2                                     -> oven confirmed mon 18:00-20:00
    where r3                                     -> press confirmed mon 15:00-16:00
  )");
}

TEST_F(OutagesTest, ARunThatHasBegunEndsWhenTheOutageBegins) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-17:00               -> ok
    now mon 9:30
    checkin r1                                   -> ok
    outage o1 oven @ mon 12:00-14:00             -> ok: r1 cut short
    see r1                                       -> checked in mon 09:00-12:00
    book oven @ mon 14:00-17:00                  -> ok
  )");
}

TEST_F(OutagesTest, ABreakdownIsEnteredLateAndEndsTheRunNow) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-17:00               -> ok
    now mon 12:00
    outage o1 oven @ mon 8:00-18:00              -> ok: r1 cut short
    see r1                                       -> confirmed mon 09:00-12:00
  )");
}

TEST_F(OutagesTest, AHoldIsGivenUpAndAnOfferGoesBackToTheList) {
  EXPECT_TABLE(script_, R"(
    r1: book press @ mon 9:00-12:00 hold 900     -> ok
    outage o1 press @ mon 8:00-17:00             -> ok: r1 cancelled
    r2: book oven @ mon 9:00-12:00               -> ok
    r3: book oven @ mon 9:00-12:00 by bob wait yes  -> wait-listed
    cancel r2                                    -> ok
    see r3                                       -> offered mon 09:00-12:00 until sun 22:30
    outage o2 oven @ mon 8:00-10:00              -> ok: r3 wait-listed
    see r3                                       -> wait-listed mon 09:00-12:00 until mon 09:00
  )");
}

TEST_F(OutagesTest, OfAPoolThoseGiveWayWhoseGoingDoesLeastHarm) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-17:00               -> ok
    r2: book rigs @ mon 9:00-10:00 by bob        -> ok
    r3: book rigs @ mon 9:00-12:00 priority 9    -> ok
    r4: book rigs @ mon 10:00-11:00 by bob       -> ok
    outage o1 rigs*1 @ mon 9:00-17:00            -> ok: r2 wait-listed, r4 wait-listed
    see r1                                       -> confirmed mon 09:00-17:00
    see r3                                       -> confirmed mon 09:00-12:00
  )");
}

TEST_F(OutagesTest, WhatIsInUseStaysIfAnythingCan) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs @ mon 9:00-10:00               -> ok
    r2: book rigs*2 @ mon 9:00-17:00             -> ok
    now mon 9:05
    checkin r1                                   -> ok
    outage o1 rigs*2 @ mon 9:10-17:00            -> ok: r2 cut short
    see r1                                       -> checked in mon 09:00-10:00
  )");
}

TEST_F(OutagesTest, AnOutageWithoutEndReachesFurtherDayByDayUntilItIsEnded) {
  EXPECT_TABLE(script_, R"(
    outage o1 oven @ 2027-02-28 12:00/2027-02-28 12:01 open yes  -> ok
    book oven @ 2027-03-07 11:00/2027-03-07 12:00         -> out_of_service oven
    r1: book oven @ 2027-03-07 12:00/2027-03-07 14:00     -> ok
  )");
  EXPECT_EQ(NextOutageDue(world_.catalogue()), At("2027-03-01 12:00"));
  world_.now = At("2027-03-01 12:00");
  world_.EndWhatIsDue();
  EXPECT_EQ(world_.catalogue().FindOutage("o1")->interval.end, At("2027-03-08 12:00"));
  EXPECT_TABLE(script_, R"(
    see r1                                                -> displaced sun 12:00-14:00 until sun 12:00
    mend o1 @ 2027-02-28 12:00/2027-03-02 09:00           -> ok: r1 wait-listed
    see r1                                                -> confirmed sun 12:00-14:00
  )");
  EXPECT_EQ(NextOutageDue(world_.catalogue()), std::nullopt);
}

TEST_F(OutagesTest, ThoseWhoManageTheAssetEnterIt) {
  EXPECT_TABLE(script_, R"(
    outage o1 oven @ mon 9:00-12:00 by mia       -> ok
    outage o2 press @ mon 9:00-12:00 by mia      -> role_required
    outage o3 oven @ mon 9:00-12:00 by ada       -> role_required
    outage o4 rigs*4 @ mon 9:00-12:00            -> invalid outage.quantity
    outage o1 oven @ mon 9:00-12:00              -> id_in_use
  )");
}

TEST_F(OutagesTest, WhatIsReservedBecomesNoPartOfWhatIsOutOfService) {
  EXPECT_TABLE(script_, R"(
    outage o1 line @ mon 9:00-12:00              -> ok
    r1: book press @ mon 11:00-13:00             -> ok
  )");
  Asset press = *world_.catalogue().FindAsset("press");
  press.parent = "line";
  const auto refused = world_.Replace(press);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->violations[0].rule, Rule::kBreaksReservations);
  ASSERT_TRUE(world_.Cancel(script_.id("r1")).ok());
  EXPECT_TRUE(world_.Replace(press).ok());
}

TEST_F(OutagesTest, OverlappingOutagesCountAUnitOnce) {
  Asset rigs = support::MakePool("named", 3);
  rigs.units = {{"a", ""}, {"b", ""}, {"c", ""}};
  world_.Add(rigs);
  EXPECT_TABLE(script_, R"(
    outage o1 named @ mon 9:00-12:00 units a       -> ok
    outage o2 named @ mon 11:00-13:00 units a+b    -> ok
    outage o3 named*1 @ mon 12:00-14:00 planned yes  -> ok
  )");
  const auto spans = OutOfServiceIn(world_.catalogue(), *world_.catalogue().FindAsset("named"),
                                    Span("mon 0:00-24:00"));
  std::vector<std::tuple<Interval, int32_t, int32_t>> found;
  for (const OutOfService& span : spans) {
    found.emplace_back(span.interval, span.quantity, span.planned);
  }
  const std::vector<std::tuple<Interval, int32_t, int32_t>> expected = {
      {Span("mon 9:00-11:00"), 1, 0},
      {Span("mon 11:00-12:00"), 2, 0},
      {Span("mon 12:00-13:00"), 3, 1},
      {Span("mon 13:00-14:00"), 1, 1}};
  EXPECT_EQ(found, expected);
}

TEST_F(OutagesTest, FreeBusyTellsIt) {
  EXPECT_TABLE(script_, R"(
    outage o1 rigs*2 @ mon 9:00-12:00            -> ok
    book rigs @ mon 11:00-13:00                  -> ok
  )");
  const Asset& rigs = *world_.catalogue().FindAsset("rigs");
  const FreeBusy free_busy = FreeBusyOf(
      world_.catalogue(),
      [&](absl::string_view asset) -> const Timeline& { return world_.state().timeline(asset); },
      rigs, *world_.catalogue().FindSite("lommel"), Span("mon 8:00-14:00"));
  std::vector<std::tuple<Interval, int32_t, int32_t>> found;
  for (const FreeBusySpan& span : free_busy.spans) {
    found.emplace_back(span.interval, span.free_capacity, span.out_of_service);
  }
  const std::vector<std::tuple<Interval, int32_t, int32_t>> expected = {
      {Span("mon 8:00-9:00"), 3, 0},
      {Span("mon 9:00-11:00"), 1, 2},
      {Span("mon 11:00-12:00"), 0, 2},
      {Span("mon 12:00-13:00"), 2, 0},
      {Span("mon 13:00-14:00"), 3, 0}};
  EXPECT_EQ(found, expected);
}

TEST_F(OutagesTest, TheEventsOfAHitBuildTheSameState) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 like yes      -> ok
    r2: book oven @ mon 12:00-13:00              -> ok
    outage o1 oven @ mon 8:00-17:00              -> ok: r1 moved, r2 wait-listed
  )");
  State replayed;
  std::map<std::string, Resource> before;
  for (const Event& event : world_.events()) {
    const std::string name = NameOf(event.resource);
    const auto known = before.find(name);
    replayed.Apply(event, known == before.end() ? nullptr : &known->second);
    before.insert_or_assign(name, event.resource);
  }
  EXPECT_EQ(replayed.head(), world_.state().head());
  for (const char* asset : {"oven", "spare-oven"}) {
    EXPECT_EQ(replayed.timeline(asset).size(), world_.state().timeline(asset).size()) << asset;
    EXPECT_EQ(replayed.waiting(asset), world_.state().waiting(asset)) << asset;
  }
}

TEST_F(OutagesTest, WhoWasMovedOutOfHisWindowWaitsUpToHisStart) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00 within mon..tue   -> ok
    move r1 @ thu 9:00-12:00                         -> ok
    now wed 12:00
    outage o1 oven @ thu 8:00-13:00                  -> ok: r1 wait-listed
  )");
}

}  // namespace
}  // namespace labslot::engine
