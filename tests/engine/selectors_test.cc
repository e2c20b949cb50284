// Whom and what policies are about: every field of a selector.

#include <gtest/gtest.h>

#include "tests/engine/rules_fixture.h"

namespace labslot::engine {
namespace {

using support::kHour;
using support::MakeAsset;
using support::MakeSite;

// A world in which each field of a selector tells two requests apart.
class SelectorTest : public RulesTest {
 protected:
  SelectorTest() {
    AddGroup("people", {"bob"});
    AddGroup("firms", {}, {"beta"});
    world_.Add(MakeSite("gent"));
    world_.Add(support::MakeMobile("lorry"));
    Asset line = MakeAsset("line");
    line.kind = "pilot-line";
    line.organisation = "acme";
    line.labels = {{"safety", "laser-4"}, {"room", "101"}};
    world_.Add(line);
    world_.Add(support::MakeChild("cell", "line"));
    User keeper = support::MakeUser("kate", {"beta"});
    keeper.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(keeper);
  }

  // Warns of everything that the policy applies to.
  void AddWarning(std::vector<Selector> applies_to, std::vector<Selector> except = {}) {
    Policy policy = Always("warning", Effect::kWarn);
    policy.applies_to = std::move(applies_to);
    policy.except = std::move(except);
    world_.Add(policy);
  }
};

TEST_F(SelectorTest, WithoutSelectorsEverythingIsMeant) {
  AddWarning({});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00                   -> ok, warned approval_required
    book press,cell @ mon 9:00-10:00 by eve      -> ok, warned approval_required, warned approval_required
  )");
}

TEST_F(SelectorTest, AnOrganisationIsMeantByItsName) {
  AddWarning({Pick(&Selector::organisations, {"beta"})});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by eve            -> ok, warned approval_required
    book press @ mon 9:00-10:00 by ada           -> ok
    book rigs @ mon 9:00-10:00 by mia            -> ok
  )");
}

TEST_F(SelectorTest, AnOrganisationIsMeantByItsKind) {
  AddWarning(
      {Pick(&Selector::organisation_kinds, {OrganisationKind::kSme, OrganisationKind::kLarge})});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by eve            -> ok, warned approval_required
    book press @ mon 9:00-10:00 by ada           -> ok
    book rigs @ mon 9:00-10:00 by mia            -> ok
  )");
}

TEST_F(SelectorTest, ARegionMeansAllWithinIt) {
  AddWarning({Pick(&Selector::regions, {"BE21"})});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by eve            -> ok, warned approval_required
    book press @ mon 9:00-10:00 by ada           -> ok
  )");
}

TEST_F(SelectorTest, ARegionThatIsLongerThanThatOfTheOrganisationMeansLess) {
  AddWarning({Pick(&Selector::regions, {"BE2111", "BE212"})});
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 by eve -> ok");
}

TEST_F(SelectorTest, AUserIsMeantWhoeverBooks) {
  AddWarning({Pick(&Selector::users, {"bob"})});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by bob            -> ok, warned approval_required
    book press @ mon 9:00-10:00 by mia for bob   -> ok, warned approval_required
    book rigs @ mon 9:00-10:00 by mia            -> ok
  )");
}

TEST_F(SelectorTest, AGroupHasUsersAndOrganisations) {
  AddWarning({Pick(&Selector::groups, {"people", "firms"})});
  EXPECT_TABLE(script_, R"(
    book rigs @ mon 9:00-10:00 by bob            -> ok, warned approval_required
    book rigs @ mon 9:00-10:00 by eve            -> ok, warned approval_required
    book rigs @ mon 9:00-10:00 by ada            -> ok
  )");
}

TEST_F(SelectorTest, TheOwnerIsTheOrganisationThatHasTheAsset) {
  AddWarning({Pick(&Selector::relations, {Relation::kOwner})});
  EXPECT_TABLE(script_, R"(
    book line @ mon 9:00-10:00 by ada            -> ok, warned approval_required
    book line @ mon 10:00-11:00 by eve           -> ok
    book oven @ mon 9:00-10:00 by ada            -> ok
    book oven @ mon 10:00-11:00 by mia           -> ok
  )");
}

TEST_F(SelectorTest, AManagerIsOneOfTheAsset) {
  AddWarning({Pick(&Selector::relations, {Relation::kManager})});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by kate           -> ok, warned approval_required
    book press @ mon 9:00-10:00 by kate          -> ok
    book press @ mon 10:00-11:00 by mia          -> ok, warned approval_required
    book press @ mon 11:00-12:00 by mia for ada  -> ok
  )");
}

TEST_F(SelectorTest, AnAssetMeansItsPartsToo) {
  AddWarning({Pick(&Selector::assets, {"line"})});
  EXPECT_TABLE(script_, R"(
    book line @ mon 9:00-10:00                   -> ok, warned approval_required
    book cell @ mon 10:00-11:00                  -> ok, warned approval_required
    book oven @ mon 9:00-10:00                   -> ok
  )");
}

TEST_F(SelectorTest, APartDoesNotMeanItsWhole) {
  AddWarning({Pick(&Selector::assets, {"cell"})});
  EXPECT_TABLE(script_, "book line @ mon 9:00-10:00 -> ok");
}

TEST_F(SelectorTest, AnAssetIsMeantByItsKind) {
  AddWarning({Pick(&Selector::asset_kinds, {"pilot-line"})});
  EXPECT_TABLE(script_, R"(
    book line @ mon 9:00-10:00                   -> ok, warned approval_required
    book cell @ mon 10:00-11:00                  -> ok
  )");
}

TEST_F(SelectorTest, AnAssetCarriesAllTheLabels) {
  Selector labels;
  labels.labels = {{"safety", "laser-4"}, {"room", "101"}};
  Selector one_too_many = labels;
  one_too_many.labels["colour"] = "red";
  Selector another_value;
  another_value.labels = {{"safety", "laser-3"}};
  AddWarning({labels, one_too_many, another_value});
  world_.Add(
      About(WithEffect(MakePolicy("strict", DurationRule{0, kHour}), Effect::kWarn), one_too_many));
  EXPECT_TABLE(script_, R"(
    book line @ mon 9:00-11:00                   -> ok, warned approval_required
    book oven @ mon 9:00-11:00                   -> ok
  )");
}

TEST_F(SelectorTest, ASiteIsThePlaceOfTheRun) {
  AddWarning({Pick(&Selector::sites, {"gent"})});
  EXPECT_TABLE(script_, R"(
    book lorry @ mon 9:00-10:00 at gent          -> ok, warned approval_required
    book lorry @ mon 10:00-11:00 at lommel       -> ok
    book oven,lorry @ mon 12:00-13:00 at gent    -> ok, warned approval_required
  )");
  EXPECT_EQ(world_.reservations().rbegin()->second.notes.at(0).asset, "lorry");
}

TEST_F(SelectorTest, APurposeIsMeantWordForWordInAnyCase) {
  AddWarning({Pick(&Selector::purposes, {"Course"})});
  EXPECT_TABLE(script_, R"(
    book rigs @ mon 9:00-10:00 purpose cOURSE    -> ok, warned approval_required
    book rigs @ mon 9:00-10:00 purpose courses   -> ok
    book rigs @ mon 9:00-10:00                   -> ok
  )");
}

TEST_F(SelectorTest, AnActivityClassIsMeant) {
  AddWarning({Pick(&Selector::activity_classes, {ActivityClass::kEducation})});
  EXPECT_TABLE(script_, R"(
    book rigs @ mon 9:00-10:00 class education   -> ok, warned approval_required
    book rigs @ mon 9:00-10:00 class rental      -> ok
    book rigs @ mon 9:00-10:00                   -> ok
  )");
}

TEST_F(SelectorTest, AllListsOfOneFitTogether) {
  Selector both = Pick(&Selector::users, {"bob", "eve"});
  both.assets = {"oven", "press"};
  AddWarning({both});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by bob            -> ok, warned approval_required
    book press @ mon 9:00-10:00 by eve           -> ok, warned approval_required
    book rigs @ mon 9:00-10:00 by bob            -> ok
    book oven @ mon 10:00-11:00 by ada           -> ok
  )");
}

TEST_F(SelectorTest, OneOfSeveralFits) {
  AddWarning({Pick(&Selector::users, {"bob"}), Pick(&Selector::assets, {"oven"})});
  EXPECT_TABLE(script_, R"(
    book press @ mon 9:00-10:00 by bob           -> ok, warned approval_required
    book oven @ mon 9:00-10:00 by ada            -> ok, warned approval_required
    book press @ mon 10:00-11:00 by ada          -> ok
  )");
}

TEST_F(SelectorTest, NoneOfTheExceptionsFits) {
  AddWarning({Pick(&Selector::assets, {"oven", "press"})},
             {Pick(&Selector::users, {"bob"}), Pick(&Selector::groups, {"firms"})});
  EXPECT_TABLE(script_, R"(
    book oven @ mon 9:00-10:00 by ada            -> ok, warned approval_required
    book oven @ mon 10:00-11:00 by bob           -> ok
    book oven @ mon 11:00-12:00 by eve           -> ok
    book rigs @ mon 9:00-10:00 by ada            -> ok
  )");
}

TEST_F(SelectorTest, AnAssetThatJoinsTheWholeIsMeantFromThenOn) {
  AddWarning({Pick(&Selector::assets, {"line"})});
  EXPECT_TABLE(script_, "book oven @ mon 9:00-10:00 -> ok");
  Asset oven = *world_.catalogue().FindAsset("oven");
  oven.parent = "line";
  ASSERT_TRUE(world_.Replace(oven).ok());
  EXPECT_TABLE(script_, "book oven @ mon 10:00-11:00 -> ok, warned approval_required");
}

}  // namespace
}  // namespace labslot::engine
