// What a refusal tells, and what it keeps back.

#include <gtest/gtest.h>

#include "daemon/base/limits.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Draft;
using support::Item;
using support::MakeAsset;
using support::MakePool;
using support::MakeSite;
using support::MakeUser;
using support::Script;
using support::Span;
using support::World;

class RefusalsTest : public testing::Test {
 protected:
  RefusalsTest() {
    Site lommel = MakeSite("lommel");
    lommel.calendar = support::Office();
    world_.Add(lommel);
    Asset oven = MakeAsset("oven");
    oven.max_attendees = 4;
    world_.Add(oven);
    world_.Add(MakePool("rigs", 7));
    world_.Add(support::MakeChild("door", "oven"));
    world_.Add(support::MakeOrganisation("other"));
    world_.Add(MakeUser("zoe", {"other"}));
    world_.Add(MakeUser("bea", {"acme"}));
    User sam = MakeUser("sam");
    sam.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(sam);
  }

  Refusal Refused(const Reservation& draft, const std::string& user = "ada") {
    const auto result = world_.Book(draft, user);
    EXPECT_FALSE(result.ok());
    if (result.ok() || !result.error().refusal) return {};
    return *result.error().refusal;
  }

  World world_;
  Script script_{world_};
};

TEST_F(RefusalsTest, AllReasonsAreToldAtOnceInTheOrderOfTheRules) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-17:00                        -> ok
    r2: book rigs*6 @ mon 9:00-12:00                      -> ok
    book oven,rigs*2 @ mon 11:00-18:00 people 9           -> attendees_above_limit oven; outside_opening_hours oven; capacity_exceeded oven [r1]; outside_opening_hours rigs; capacity_exceeded rigs [r2]
    now mon 12:00
    book door,rigs*8 @ mon 7:00-18:00 people 9            -> start_in_past; outside_opening_hours door; related_asset_busy door [r1]; quantity_above_capacity rigs; outside_opening_hours rigs; capacity_exceeded rigs [r2]
  )");
}

TEST_F(RefusalsTest, ARetiredAssetTakesNoBookings) {
  ASSERT_TRUE(world_.Run(DeleteRecord{"assets", "door", 0}).ok());
  EXPECT_TABLE(script_, R"(
    book door @ mon 9:00-10:00             -> asset_retired door
    book door,oven @ mon 18:00-19:00       -> invalid reservation.items[1].asset
    book rigs,door @ mon 18:00-19:00       -> outside_opening_hours rigs; asset_retired door; outside_opening_hours door
  )");
}

TEST_F(RefusalsTest, EveryReasonHasWordsLimitAndFound) {
  world_.MustBook(Draft({Item("rigs", 6)}, Span("mon 9:00-12:00")));
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-12:00")));
  Reservation draft = Draft({Item("oven"), Item("rigs", 8)}, Span("mon 11:00-18:00"));
  draft.attendees = 5;
  const Refusal refusal = Refused(draft);
  EXPECT_EQ(refusal.violations.size(), 6u);
  for (const Violation& violation : refusal.violations) {
    EXPECT_NE(violation.message, "");
    EXPECT_NE(violation.limit, "") << violation.message;
    EXPECT_NE(violation.found, "") << violation.message;
  }
}

TEST_F(RefusalsTest, TimesInWordsAreInTheZoneOfThePlace) {
  const Refusal refusal = Refused(Draft({Item("oven")}, Span("mon 16:00-18:00")));
  ASSERT_EQ(refusal.violations.size(), 1u);
  EXPECT_THAT(refusal.violations[0].message,
              testing::HasSubstr("Mon 2027-03-01 17:00 Europe/Brussels"));
  EXPECT_THAT(refusal.violations[0].limit, testing::HasSubstr("08:00-17:00"));
}

TEST_F(RefusalsTest, ConflictsAreShownToThoseWhoMaySeeThem) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  const Reservation draft = Draft({Item("oven")}, Span("mon 9:30-10:30"));
  for (const char* user : {"ada", "bea", "sam"}) {
    EXPECT_EQ(Refused(draft, user).violations.at(0).conflicts.at(0).reservation, id) << user;
  }
  const Conflict masked = Refused(draft, "zoe").violations.at(0).conflicts.at(0);
  EXPECT_EQ(masked.reservation, 0);
  EXPECT_EQ(masked.asset, "oven");
  EXPECT_EQ(masked.occupancy, Span("mon 9:00-10:00"));
}

TEST_F(RefusalsTest, AMaskedRefusalTellsNothingOfTheOther) {
  Reservation secret = Draft({Item("oven")}, Span("mon 9:00-10:00"));
  secret.purpose = "canary-purpose";
  secret.project = "canary-project";
  secret.display_name = "canary-name";
  secret.confidential = true;
  world_.MustBook(secret);
  const auto refused = world_.Book(Draft({Item("oven")}, Span("mon 9:00-10:00")), "zoe");
  ASSERT_FALSE(refused.ok());
  const std::string words = support::Describe(refused.error());
  for (const char* canary : {"canary", "ada", "acme"}) {
    EXPECT_THAT(words, testing::Not(testing::HasSubstr(canary)));
  }
}

TEST_F(RefusalsTest, AtMostTwentyConflictsAreShown) {
  world_.Add(MakePool("many", 50));
  for (int i = 0; i < 50; ++i) world_.MustBook(Draft({Item("many")}, Span("mon 9:00-10:00")));
  const Refusal refusal = Refused(Draft({Item("many")}, Span("mon 9:00-10:00")));
  EXPECT_EQ(refusal.violations.at(0).conflicts.size(), limits::kMaxConflictsShown);
}

TEST_F(RefusalsTest, TheOwnSlotIsNoConflictOfAMove) {
  EXPECT_TABLE(script_, R"(
    r1: book rigs*3 @ mon 9:00-11:00       -> ok
    r2: book rigs*5 @ mon 11:00-12:00      -> ok
    move r1 @ mon 10:00-11:30              -> capacity_exceeded rigs [r2]
  )");
}

TEST_F(RefusalsTest, ItemsThatExcludeEachOtherAreAnError) {
  EXPECT_TABLE(script_, R"(
    book oven,door @ mon 9:00-10:00        -> invalid reservation.items[1].asset
  )");
}

TEST_F(RefusalsTest, ADryRunJudgesAndChangesNothing) {
  CreateReservation command;
  command.draft = Draft({Item("oven")}, Span("mon 9:00-10:00"));
  const Revision head = world_.state().head();
  ASSERT_TRUE(world_.Try({"ada"}, command).ok());
  EXPECT_EQ(world_.state().head(), head);
  EXPECT_TRUE(world_.state().timeline("oven").empty());
  ASSERT_TRUE(world_.Run({"ada"}, command).ok());
  EXPECT_FALSE(world_.Try({"ada"}, command).ok());
}

}  // namespace
}  // namespace labslot::engine
