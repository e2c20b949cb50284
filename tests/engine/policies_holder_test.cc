// Policies about who it is and what he has: buffer, qualification, companion,
// site, eligibility, protection, what is kept for some. One suite a kind.

#include <gtest/gtest.h>

#include "tests/engine/rules_fixture.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;
using support::Weekly;

using BufferTest = RulesTest;
using EligibilityTest = RulesTest;
using ProtectionTest = RulesTest;
using ReservedTest = RulesTest;

TEST_F(BufferTest, BetweenTwoRunsOfAUserOnAnAssetIsAGap) {
  world_.Add(MakePolicy("gap", BufferRule{kHour}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    book oven @ mon 10:00-10:30            -> too_close oven [r1]
    book oven @ mon 10:59:59-12:00         -> too_close oven [r1]
    book oven @ mon 7:00-8:00:01           -> too_close oven [r1]
    r2: book oven @ mon 11:00-12:00        -> ok
    r3: book oven @ mon 7:00-8:00          -> ok
    b1: book oven @ mon 10:00-11:00 by bob -> ok
    book press @ mon 10:00-11:00           -> ok
    cancel b1 by bob                       -> ok
    move r2 @ mon 11:30-12:00              -> ok
    move r1 @ mon 9:00-10:00:01            -> ok
    move r2 @ mon 11:00-12:00              -> too_close oven [r1]
    cancel r1                              -> ok
    book oven @ mon 9:00-10:00             -> ok
  )");
}

TEST_F(BufferTest, RunsOnAnyAssetThatThePolicyMeansCount) {
  Policy gap = MakePolicy("gap", BufferRule{kHour, false, true});
  world_.Add(About(gap, Pick(&Selector::assets, {"oven", "press"})));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    r2: book press @ mon 10:30-11:00       -> too_close press [r1]
    book rigs @ mon 10:30-11:00            -> ok
    book press @ mon 11:00-12:00           -> ok
    book oven @ mon 12:30-13:00 by bob     -> ok
  )");
}

TEST_F(BufferTest, AllRunsForAnOrganisationMayCount) {
  world_.Add(MakePolicy("gap", BufferRule{kHour, true, false}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    book oven @ mon 10:30-11:00 by bob     -> too_close oven [r1]
    book oven @ mon 10:30-11:00 by eve     -> ok
    book press @ mon 10:30-11:00 by bob    -> ok
  )");
}

TEST_F(BufferTest, UsersWithoutAnOrganisationAreNotOneOrganisation) {
  world_.Add(support::MakeUser("zoe"));
  world_.Add(support::MakeUser("yan"));
  world_.Add(MakePolicy("gap", BufferRule{kHour, true, false}));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by zoe      -> ok
    book oven @ mon 10:30-11:00 by yan     -> ok
  )");
}

TEST_F(BufferTest, AssetsOfOneReservationHaveNoGapBetweenThem) {
  world_.Add(MakePolicy("gap", BufferRule{kHour, false, true}));
  EXPECT_TABLE(script_, R"(
    r1: book oven,press,rigs*2 @ mon 9:00-10:00 -> ok
    move r1 @ mon 9:30-10:30               -> ok
    book oven @ mon 11:00-12:00            -> too_close oven [r1 r1 r1]
  )");
}

class QualifiedUsersTest : public RulesTest {
 protected:
  QualifiedUsersTest() {
    AddQualified("good", {{"laser", 0}, {"sem", 0}});
    AddQualified("until", {{"laser", At("mon 12:00")}});
    AddQualified("over", {{"laser", At("2027-02-28 11:00")}});
    AddQualified("other", {{"sem", 0}});
    world_.Add(MakePolicy("laser", QualificationRule{"laser"}));
  }

  void AddQualified(const std::string& id, std::vector<Qualification> qualifications) {
    User user = support::MakeUser(id);
    user.qualifications = std::move(qualifications);
    world_.Add(user);
  }
};

TEST_F(QualifiedUsersTest, ItIsValidThroughTheEndOfTheRun) {
  EXPECT_TABLE(script_, R"(
    book oven @ mon 8:00-9:00 by ada       -> not_qualified oven
    book oven @ mon 8:00-9:00 by other     -> not_qualified oven
    book oven @ mon 8:00-9:00 by over      -> not_qualified oven
    r1: book oven @ mon 8:00-12:00 by until -> ok
    book press @ mon 11:00-12:00:01 by until -> not_qualified press
    book press @ tue 8:00-9:00 by until    -> not_qualified press
    book oven @ 2030-03-01 8:00/2030-03-01 9:00 by good -> ok
    move r1 @ mon 8:00-13:00 by until      -> not_qualified oven
  )");
}

TEST_F(QualifiedUsersTest, ItIsThatOfWhomItIsBookedFor) {
  AddUserWithRole("root", Role::kAdministrator);
  User boss = *world_.catalogue().FindUser("mia");
  boss.qualifications = {{"laser", 0}};
  ASSERT_TRUE(world_.Replace(boss).ok());
  EXPECT_TABLE(script_, R"(
    book oven @ mon 8:00-9:00 by mia for ada   -> not_qualified oven
    book oven @ mon 8:00-9:00 by root for good -> ok
    book press @ mon 8:00-9:00 by mia          -> ok
  )");
}

class CompanionTest : public RulesTest {
 protected:
  CompanionTest() {
    for (const char* id : {"anna", "otto"}) {
      Asset operator_asset = support::MakeAsset(id);
      operator_asset.kind = "operator";
      world_.Add(operator_asset);
    }
    Asset area = support::MakePool("area", 4);
    area.kind = "area";
    world_.Add(area);
  }

  // The oven is booked with an operator.
  Policy WithOperator(bool other_reservation_will_do) {
    Policy policy = MakePolicy("op", CompanionRule{"", "operator", 1, other_reservation_will_do});
    return About(policy, Pick(&Selector::assets, {"oven"}));
  }
};

TEST_F(CompanionTest, ItIsAnotherItemOfTheReservation) {
  world_.Add(WithOperator(false));
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00             -> companion_missing oven
    book oven,press @ mon 9:00-10:00       -> companion_missing oven
    r1: book oven,otto @ mon 9:00-10:00    -> ok
    book press @ mon 9:00-10:00            -> ok
    items r1 oven                          -> companion_missing oven
    items r1 oven,anna                     -> ok
    book otto @ mon 12:00-15:00            -> ok
    book oven @ mon 13:00-14:00            -> companion_missing oven
  )");
}

TEST_F(CompanionTest, ItMayBeOneAssetAndSeveralUnits) {
  world_.Add(About(MakePolicy("area", CompanionRule{"area", "", 2, true}),
                   Pick(&Selector::assets, {"oven"})));
  EXPECT_TABLE(script_, R"(
    book oven,area @ mon 9:00-10:00        -> companion_missing oven
    book oven,area*2 @ mon 9:00-10:00      -> ok
    book area @ tue 8:00-12:00             -> ok
    book oven @ tue 9:00-10:00             -> companion_missing oven
    book area*2 @ wed 8:00-12:00           -> ok
    book oven @ wed 9:00-10:00             -> ok
  )");
}

TEST_F(CompanionTest, OtherReservationsOfTheUserThatCoverTheRunWillDo) {
  world_.Add(WithOperator(true));
  EXPECT_TABLE(script_, R"(
    book anna @ mon 8:00-11:00             -> ok
    book otto @ mon 11:00-14:00            -> ok
    book oven @ mon 7:59-9:00              -> companion_missing oven
    book oven @ mon 13:00-14:00:01         -> companion_missing oven
    book oven @ mon 10:00-11:00 by bob     -> companion_missing oven
    r1: book oven @ mon 10:00-12:00        -> ok
    book anna @ tue 8:00-10:00             -> ok
    book otto @ tue 10:01-12:00            -> ok
    book oven @ tue 9:00-11:00             -> companion_missing oven
    move r1 @ tue 9:00-11:00               -> companion_missing oven
    move r1 @ mon 8:00-14:00               -> ok
  )");
}

TEST_F(CompanionTest, WhatIsReliedOnCannotBeCancelledCutOrMovedAway) {
  world_.Add(WithOperator(true));
  EXPECT_TABLE(script_, R"(
    r1: book anna,press @ mon 8:00-12:00   -> ok
    r2: book oven @ mon 9:00-11:00         -> ok
    cancel r1                              -> companion_needed anna [r2]
    move r1 @ tue 8:00-12:00               -> companion_needed anna [r2]
    move r1 @ mon 9:30-12:00               -> companion_needed anna [r2]
    items r1 press                         -> companion_needed anna [r2]
    move r1 @ mon 9:00-11:00               -> ok
    move r1 @ mon 8:00-13:00               -> ok
    items r1 anna                          -> ok
    items r1 otto                          -> ok
    cancel r2                              -> ok
    cancel r1                              -> ok
  )");
}

TEST_F(CompanionTest, OneOfTwoThatCoverMayGo) {
  world_.Add(WithOperator(true));
  EXPECT_TABLE(script_, R"(
    r1: book anna @ mon 8:00-12:00         -> ok
    r2: book otto @ mon 8:00-12:00         -> ok
    r3: book oven @ mon 9:00-11:00         -> ok
    cancel r1                              -> ok
    cancel r2                              -> companion_needed otto [r3]
  )");
}

TEST_F(CompanionTest, WhatIsOnlyWarnedOfHoldsNothingBack) {
  world_.Add(WithEffect(WithOperator(true), Effect::kWarn));
  EXPECT_TABLE(script_, R"(
    r1: book anna @ mon 8:00-12:00         -> ok
    r2: book oven @ mon 9:00-11:00         -> ok
    cancel r1                              -> ok
    book press @ mon 9:00-10:00            -> ok
    book oven @ tue 9:00-11:00             -> ok, warned companion_missing
  )");
}

TEST_F(CompanionTest, NothingIsReliedOnWhileThePolicySleeps) {
  Policy policy = WithOperator(true);
  policy.sleeps = {Weekly("sat-sun", "0:00-24:00")};
  world_.Add(policy);
  EXPECT_TABLE(script_, R"(
    r1: book anna @ sat 8:00-12:00         -> ok
    book oven @ sat 9:00-11:00             -> ok
    cancel r1                              -> ok
  )");
}

TEST_F(CompanionTest, WhatIsReliedOnByARunOfAnActivityClassStays) {
  Policy policy = WithOperator(true);
  policy.applies_to[0].activity_classes = {ActivityClass::kRental};
  world_.Add(policy);
  EXPECT_TABLE(script_, R"(
    r1: book anna @ mon 8:00-12:00                     -> ok
    book oven @ mon 13:00-14:00 class rental           -> companion_missing oven
    r2: book oven @ mon 9:00-11:00 class rental        -> ok
    cancel r1                                          -> companion_needed anna [r2]
  )");
}

TEST_F(CompanionTest, WhereOthersWillDoAPolicySelectsByNoPurposes) {
  Policy policy = WithOperator(true);
  policy.applies_to[0].purposes = {"welding"};
  policy.except = {Selector()};
  policy.except[0].purposes = {"welding"};
  const auto result = world_.Run(engine::CreateRecord{policy});
  ASSERT_FALSE(result.ok());
  ASSERT_EQ(result.error().fields.size(), 2u);
  EXPECT_EQ(result.error().fields[0].field, "policy.applies_to[0].purposes");
  EXPECT_EQ(result.error().fields[1].field, "policy.except[0].purposes");
}

TEST_F(CompanionTest, WhatIsReliedOnByARunAtAHostStays) {
  world_.Add(support::MakeSite("gent"));
  world_.Add(support::MakeMobile("lorry"));
  Policy policy = MakePolicy("op", CompanionRule{"", "operator", 1, true});
  policy = About(policy, Pick(&Selector::asset_kinds, {"lab"}));
  policy.applies_to[0].sites = {"gent"};
  world_.Add(policy);
  EXPECT_TABLE(script_, R"(
    r1: book anna @ mon 8:00-12:00         -> ok
    book lorry @ mon 13:00-14:00 at gent   -> companion_missing lorry
    r2: book lorry @ mon 9:00-11:00 at gent -> ok
    cancel r1                              -> companion_needed anna [r2]
  )");
}

class SiteNeedsTest : public RulesTest {
 protected:
  SiteNeedsTest() {
    AddHost("strong", 40, 4.0, {{"water", "yes"}, {"floor", "concrete"}});
    AddHost("weak", 39.9, 4.0, {{"water", "yes"}});
    AddHost("low", 40, 3.9, {{"water", "yes"}});
    AddHost("dry", 40, 4.0, {{"water", "no"}});
    AddHost("bare", 40, 4.0, {});
    AddHost("unknown", 0, 0, {{"water", "yes"}});
    world_.Add(support::MakeMobile("lorry"));
  }

  void AddHost(const std::string& id, double power_kw, double clearance_m, const Labels& labels) {
    Site site = support::MakeSite(id);
    site.power_kw = power_kw;
    site.clearance_m = clearance_m;
    site.labels = labels;
    world_.Add(site);
  }
};

TEST_F(SiteNeedsTest, TheHostOffersPowerHeightAndLabels) {
  world_.Add(About(MakePolicy("host", SiteRule{40, 4.0, {{"water", "yes"}}}),
                   Pick(&Selector::assets, {"lorry"})));
  EXPECT_TABLE(script_, R"(
    r1: book lorry @ mon 9:00-10:00 at strong  -> ok
    book lorry @ tue 9:00-10:00 at weak        -> site_unsuitable lorry
    book lorry @ tue 9:00-10:00 at low         -> site_unsuitable lorry
    book lorry @ tue 9:00-10:00 at dry         -> site_unsuitable lorry
    book lorry @ tue 9:00-10:00 at bare        -> site_unsuitable lorry
    book lorry @ tue 9:00-10:00 at unknown     -> site_unsuitable lorry
    book oven @ tue 9:00-10:00                 -> ok
  )");
}

TEST_F(SiteNeedsTest, WhatIsNotNeededNeedNotBeKnown) {
  world_.Add(About(MakePolicy("water", SiteRule{0, 0, {{"water", "yes"}}}),
                   Pick(&Selector::assets, {"lorry"})));
  EXPECT_TABLE(script_, "book lorry @ mon 9:00-10:00 at unknown -> ok");
}

TEST_F(SiteNeedsTest, AFixedAssetStandsAtASiteToo) {
  world_.Add(MakePolicy("power", SiteRule{10, 0, {}}));
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 -> site_unsuitable oven");
}

TEST_F(EligibilityTest, OnlyWhomASelectorFitsMayBook) {
  Organisation school = support::MakeOrganisation("school");
  school.kind = OrganisationKind::kEducation;
  school.region = "NL411";
  world_.Add(school);
  world_.Add(support::MakeUser("kim", {"school"}));
  world_.Add(support::MakeUser("zoe"));
  AddGroup("firms", {}, {"beta"});
  AddGroup("friends", {"ada"});
  const auto only = [](const std::string& asset, std::vector<Selector> who) {
    return About(MakePolicy(asset, EligibilityRule{std::move(who)}),
                 Pick(&Selector::assets, {asset}));
  };
  world_.Add(only("oven", {Pick(&Selector::regions, {"BE2", "FR"}),
                           Pick(&Selector::organisation_kinds, {OrganisationKind::kEducation})}));
  world_.Add(only("press", {Pick(&Selector::groups, {"firms", "friends"})}));
  world_.Add(only("rigs", {Pick(&Selector::regions, {"NL41", "BE22"})}));
  EXPECT_TABLE(script_, R"(
    # In oven the region of beta, or the kind of school.
    book oven @ mon 8:00-9:00 by eve       -> ok
    book oven @ mon 9:00-10:00 by kim      -> ok
    book oven @ mon 10:00-11:00 by ada     -> not_eligible oven
    book oven @ mon 10:00-11:00 by zoe     -> not_eligible oven
    # In press a group by its organisation or its user.
    book press @ mon 8:00-9:00 by eve      -> ok
    book press @ mon 9:00-10:00 by ada     -> ok
    book press @ mon 10:00-11:00 by bob    -> not_eligible press
    book press @ mon 10:00-11:00 by kim    -> not_eligible press
    # In rigs regions by prefix.
    book rigs @ mon 8:00-9:00 by kim       -> ok
    book rigs @ mon 8:00-9:00 by eve       -> not_eligible rigs
    book rigs @ mon 8:00-9:00 by ada       -> not_eligible rigs
  )");
}

TEST_F(ProtectionTest, OnlyTheUserOfARunTouchesItCloseToItsStart) {
  world_.Add(MakePolicy("stands", ProtectionRule{{2, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ wed 9:00-12:00         -> ok
    r2: book press @ wed 9:00-12:00 by mia for ada -> ok
    now mon 9:00
    move r1 @ wed 9:00-11:00 by mia        -> ok
    now mon 9:00:01
    move r1 @ wed 9:00-10:00 by mia        -> protected oven
    move r1 @ wed 9:00-12:00 by mia        -> protected oven
    items r1 oven,press by max             -> protected oven; capacity_exceeded press [r2]
    cancel r1 by mia                       -> protected oven
    cancel r1 by max                       -> protected oven
    cancel r2 by mia                       -> protected press
    move r1 @ wed 9:00-10:00               -> ok
    cancel r1                              -> ok
    cancel r2                              -> ok
  )");
}

TEST_F(ProtectionTest, WhatHasBegunIsProtectedNoMore) {
  world_.Add(MakePolicy("stands", ProtectionRule{{2, 0}}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-12:00         -> ok
    now mon 8:59
    move r1 @ mon 9:00-11:00 by mia        -> protected oven
    now mon 10:00
    move r1 @ mon 9:00-11:00 by mia        -> ok
  )");
}

TEST_F(ReservedTest, ItIsKeptForSomeUntilCloseToTheStart) {
  AddGroup("teaching", {"bob"});
  Selector lessons = Pick(&Selector::activity_classes, {ActivityClass::kEducation});
  world_.Add(
      MakePolicy("first", ReservedRule{{lessons, Pick(&Selector::groups, {"teaching"})}, {14, 0}}));
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-03-14 12:00/2027-03-14 15:00                  -> ok
    book oven @ 2027-03-15 12:00/2027-03-15 15:00                  -> reserved_for_others oven
    book press @ 2027-03-14 12:00:01/2027-03-14 15:00              -> reserved_for_others press
    book oven @ 2027-03-15 12:00/2027-03-15 15:00 class rental     -> reserved_for_others oven
    book oven @ 2027-03-15 12:00/2027-03-15 15:00 class education  -> ok
    book oven @ 2027-03-16 12:00/2027-03-16 15:00 by bob           -> ok
    book press @ 2027-03-16 12:00/2027-03-16 15:00 by mia          -> reserved_for_others press
  )");
}

TEST_F(ReservedTest, AChangeThatKeepsStartAndHolderIsNotJudgedAgain) {
  EXPECT_TABLE(script_, "r1: book oven @ 2027-04-01 9:00/2027-04-01 12:00 -> ok");
  Selector lessons = Pick(&Selector::activity_classes, {ActivityClass::kEducation});
  world_.Add(MakePolicy("first", ReservedRule{{lessons}, {14, 0}}));
  EXPECT_TABLE(script_, R"(
    move r1 @ 2027-04-01 9:00/2027-04-01 13:00       -> ok
    move r1 @ 2027-04-01 10:00/2027-04-01 13:00      -> reserved_for_others oven
    move r1 @ 2027-03-10 9:00/2027-03-10 12:00       -> ok
  )");
}

TEST_F(ReservedTest, ItIsOpenToAllOutsideItsTime) {
  Selector lessons = Pick(&Selector::activity_classes, {ActivityClass::kEducation});
  Policy first = MakePolicy("first", ReservedRule{{lessons}, {7, 0}});
  first.sleeps = {Weekly("mon-sun", "18:00-24:00"), Weekly("mon-sun", "0:00-8:00")};
  first.periods = {{support::Day("2027-04-01"), support::Day("2027-04-30")}};
  world_.Add(first);
  EXPECT_TABLE(script_, R"(
    book oven @ 2027-04-05 18:00/2027-04-06 8:00     -> ok
    book oven @ 2027-04-06 17:00/2027-04-06 20:00    -> reserved_for_others oven
    book oven @ 2027-03-31 9:00/2027-03-31 12:00     -> ok
    book oven @ 2027-04-01 9:00/2027-04-01 12:00     -> reserved_for_others oven
    book oven @ 2027-04-30 9:00/2027-04-30 12:00     -> reserved_for_others oven
    book oven @ 2027-05-01 9:00/2027-05-01 12:00     -> ok
  )");
}

TEST_F(BufferTest, WhatIsOverWasARunUpToWhereItWasGivenBack) {
  world_.Add(MakePolicy("gap", BufferRule{kHour}));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 9:00-10:00         -> ok
    now mon 9:00
    checkin r1                             -> ok
    now mon 9:45
    checkout r1                            -> ok
    book oven @ mon 10:00-11:00            -> too_close oven [r1]
    book oven @ mon 10:45-11:00            -> ok
  )");
}

TEST_F(BufferTest, ALongGapIsRemembered) {
  world_.Add(MakePolicy("gap", BufferRule{30 * support::kDay}));
  EXPECT_GE(world_.state().ledger().memory(), 30 * support::kDay);
}

TEST_F(CompanionTest, TheSearchGoesOnBehindARunOfACompanionThatIsTooShort) {
  world_.Add(WithOperator(true));
  EXPECT_TABLE(script_, R"(
    book anna @ mon 8:00-11:00             -> ok
    book otto @ tue 8:00-16:00             -> ok
    r1: book oven @ mon 8:00-12:00 within mon..tue  -> ok
  )");
  EXPECT_EQ(Of("r1").interval.start, At("tue 8:00"));
}

TEST_F(ProtectionTest, ARunIsNotTakenOffItsAssetByOthers) {
  world_.Add(
      About(MakePolicy("protection", ProtectionRule{{7, 0}}), Pick(&Selector::assets, {"oven"})));
  EXPECT_TABLE(script_, R"(
    r1: book oven @ wed 9:00-12:00         -> ok
    items r1 press by mia                  -> protected oven
    items r1 press                         -> ok
  )");
}

}  // namespace
}  // namespace labslot::engine
