// policy, quota, group and calendar edit.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class RuleCommandTest : public CommandTest {
 protected:
  RuleCommandTest() {
    v1::Catalogue& catalogue = answers().catalogue;
    v1::Policy* policy = catalogue.add_policies();
    policy->set_name("policies/sem-max-4h");
    policy->add_applies_to()->add_asset_kinds("sem");
    policy->mutable_duration()->mutable_max()->set_seconds(4 * 3600);
    policy->mutable_overriders()->set_managers(true);
    v1::Quota* quota = catalogue.add_quotas();
    quota->set_name("quotas/twenty-hours");
    quota->add_each(v1::Quota::USER);
    quota->set_measure(v1::Quota::TIME);
    quota->mutable_max_time()->set_seconds(20 * 3600);
    quota->set_period(v1::Quota::ROLLING);
    quota->set_rolling_days(14);
    quota->set_effect(v1::RULE_EFFECT_WARN);
    v1::Group* group = catalogue.add_groups();
    group->set_name("groups/partners");
    group->add_organisations("organisations/acme");
  }
};

TEST_F(RuleCommandTest, RulesAreListedInFewWords) {
  EXPECT_EQ(Run({"policy", "list"}).out,
            "POLICY      RULE                EFFECT  APPLIES-TO\n"
            "sem-max-4h  duration {max: 4h}  reject  {asset_kinds: [sem]}\n");
  EXPECT_EQ(Run({"quota", "list"}).out,
            "QUOTA         LIMIT               EACH  EFFECT  APPLIES-TO\n"
            "twenty-hours  20 h, rolling 14 d  user  warn    everything\n");
  answers().catalogue.mutable_quotas(0)->set_fair_share(true);
  EXPECT_THAT(Run({"quota", "list", "-o", "wide"}).out, HasSubstr("FAIR-SHARE"));
  EXPECT_THAT(Run({"quota", "show", "twenty-hours"}).out, HasSubstr("fair_share: true\n"));
  EXPECT_EQ(Run({"group", "list"}).out,
            "GROUP     NAME  USERS  ORGANISATIONS\n"
            "partners               acme\n");
  EXPECT_THAT(Run({"policy", "show", "sem-max-4h"}).out, HasSubstr("duration:\n  max: 4h\n"));
}

TEST_F(RuleCommandTest, APolicyIsCreatedFromAssignments) {
  const Outcome outcome = Run({"policy", "create", "night", "always={}", "effect=needs_approval",
                               "applies_to={assets: [rigs]}", "overriders=managers"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::CreatePolicyRequest& request = answers().policies_created.back();
  EXPECT_EQ(request.policy_id(), "night");
  EXPECT_TRUE(request.policy().has_always());
  EXPECT_EQ(request.policy().applies_to(0).assets(0), "assets/rigs");
  EXPECT_THAT(outcome.out, HasSubstr("The policy night is created."));
  EXPECT_EQ(Run({"policy", "create", "two", "always={}", "horizon=3d"}).code, 2);
  EXPECT_EQ(Run({"quota", "update", "twenty-hours", "rolling=7d"}).code, 0);
  EXPECT_THAT(answers().quotas_updated.back().update_mask().paths(),
              ElementsAre("period", "rolling_days"));
}

TEST_F(RuleCommandTest, ATestTellsWhichBookingsBreakAndHowManyWereJudged) {
  v1::BrokenReservation* broken = answers().test_result.add_broken();
  broken->mutable_reservation()->set_name("reservations/1042");
  broken->mutable_reservation()->add_items()->set_asset("assets/rigs");
  broken->mutable_reservation()->set_user("users/bob");
  broken->mutable_reservation()->set_time_zone("Europe/Brussels");
  broken->mutable_reservation()->mutable_interval()->mutable_start_time()->set_seconds(1804755600);
  broken->mutable_reservation()->mutable_interval()->mutable_end_time()->set_seconds(1804755600 +
                                                                                     7200);
  broken->add_violations()->set_message("2 h on rigs; at most 1 h");
  answers().test_result.set_broken_count(3);
  answers().test_result.set_judged_count(120);
  surroundings_.input = "policies: [{name: short, duration: {max: 1h}}]\n";
  const Outcome outcome = Run({"policy", "test", "-", "--remove", "quotas/twenty-hours", "--from",
                               "2027-03-11", "--to", "2027-03-12"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "ID    WHEN                        ASSETS  USER  WHY\n"
            "1042  Thu 2027-03-11 10:00-12:00  rigs    bob   2 h on rigs; at most 1 h\n"
            "Times in Europe/Brussels.\n"
            "120 bookings judged: 3 would break a rule; the first 1 are shown.\n");
  const v1::TestPolicyRequest& request = answers().tested.back();
  EXPECT_EQ(request.changes().policies(0).name(), "policies/short");
  EXPECT_THAT(request.removals(), ElementsAre("quotas/twenty-hours"));
  EXPECT_EQ(request.interval().end_time().seconds() - request.interval().start_time().seconds(),
            86400);
  EXPECT_EQ(Run({"policy", "test", "-", "--from", "2027-03-11"}).code, 0);
  EXPECT_TRUE(answers().tested.back().interval().has_end_time());
  EXPECT_EQ(Run({"policy", "test", "-"}).code, 0);
  EXPECT_FALSE(answers().tested.back().has_interval());
  EXPECT_EQ(Run({"policy", "test", "-", "--from", "2027-03-11", "--to", "2027-03-10"}).code, 2);
  EXPECT_EQ(Run({"policy", "test"}).code, 2);
  EXPECT_EQ(Run({"policy", "test", "--remove", "sem-max-4h"}).code, 2);
  answers().test_result.Clear();
  answers().test_result.set_judged_count(1);
  EXPECT_EQ(Run({"policy", "test", "--remove", "policies/sem-max-4h"}).out,
            "1 booking judged: none would break a rule.\n");
}

TEST_F(RuleCommandTest, WhatHappensToBookingsIsToldToTheDaemon) {
  answers().apply_result.set_created_count(1);
  answers().apply_result.set_cancelled_count(2);
  surroundings_.input = "policies: [{name: short, duration: {max: 1h}}]\n";
  const Outcome outcome = Run(
      {"policy", "apply", "-", "--existing", "cancel", "--notice", "3d", "--reason", "new rule"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "1 created, 0 updated, 0 removed, 0 unchanged; 0 bookings with a new note, 2 "
            "cancelled.\n");
  const v1::ApplyPolicyRequest& request = answers().applied.back();
  EXPECT_EQ(request.existing(), v1::ApplyPolicyRequest::CANCEL);
  EXPECT_EQ(request.notice().seconds(), 3 * 86400);
  EXPECT_EQ(request.reason(), "new rule");
  EXPECT_THAT(request.request_id(), Not(IsEmpty()));
  EXPECT_EQ(Run({"policy", "apply", "-", "--existing", "warn", "--dry-run"}).code, 0);
  EXPECT_TRUE(answers().applied.back().validate_only());
  EXPECT_EQ(Run({"policy", "apply", "-"}).code, 0);
  EXPECT_EQ(answers().applied.back().existing(), v1::ApplyPolicyRequest::KEEP);
  ASSERT_THAT(answers().applied, SizeIs(3));
  EXPECT_EQ(Run({"policy", "apply", "-", "--existing", "cancel"}).code, 2) << "no reason";
  EXPECT_EQ(Run({"policy", "apply", "-", "--existing", "keep", "--notice", "3d"}).code, 2);
  const Outcome mistyped = Run({"policy", "apply", "-", "--existing", "cancle"});
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_THAT(mistyped.err, HasSubstr("Did you mean cancel?"));
  EXPECT_THAT(answers().applied, SizeIs(3));
}

TEST_F(RuleCommandTest, APresetIsWrittenInTheFormThatIsApplied) {
  *answers().expansion.mutable_changes()->add_policies() = answers().catalogue.policies(0);
  const Outcome outcome =
      Run({"policy", "preset", "nano-facility", "--asset", "rigs", "--kind", "sem", "--site",
           "lommel", "--label", "a=b", "--prefix", "fib", "--set", "slots=3"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::ExpandPresetRequest& request = answers().expanded.back();
  EXPECT_EQ(request.preset(), "nano-facility");
  EXPECT_THAT(request.applies_to().assets(), ElementsAre("assets/rigs"));
  EXPECT_THAT(request.applies_to().asset_kinds(), ElementsAre("sem"));
  EXPECT_THAT(request.applies_to().sites(), ElementsAre("sites/lommel"));
  EXPECT_EQ(request.applies_to().labels().at("a"), "b");
  EXPECT_EQ(request.id_prefix(), "fib");
  EXPECT_EQ(request.parameters().at("slots"), "3");
  surroundings_.input = outcome.out;
  EXPECT_EQ(Run({"policy", "apply", "-"}).code, 0);
  EXPECT_EQ(answers().applied.back().changes().SerializeAsString(),
            answers().expansion.changes().SerializeAsString());
  EXPECT_EQ(Run({"policy", "preset", "x", "--set", "slots"}).code, 2);
}

TEST_F(RuleCommandTest, PresetsAreListedWithTheirParameters) {
  v1::Preset* preset = answers().presets.add_presets();
  preset->set_preset("nano-facility");
  preset->set_display_name("Two slots ahead");
  preset->set_description("Two future slots in working hours.");
  v1::PresetParameter* parameter = preset->add_parameters();
  parameter->set_key("slots");
  parameter->set_description("Slots ahead");
  parameter->set_default_value("2");
  EXPECT_EQ(Run({"policy", "presets"}).out,
            "nano-facility  Two slots ahead\n"
            "    Two future slots in working hours.\n"
            "      --set slots=...: Slots ahead (default 2)\n");
  EXPECT_EQ(Run({"policy", "presets", "-q"}).out, "nano-facility\n");
  const Outcome mistyped = Run({"policy", "preset", "nano-facilty"});
  EXPECT_EQ(mistyped.code, 4);
  EXPECT_THAT(mistyped.err, HasSubstr("Did you mean nano-facility?"));
}

TEST_F(RuleCommandTest, UsageShowsWhatIsLeftInTheUnitOfTheQuota) {
  v1::QuotaUsage* hours = answers().usage.add_usages();
  hours->set_quota("quotas/twenty-hours");
  hours->set_measure(v1::Quota::TIME);
  hours->set_limit(20 * 3600);
  hours->set_used(27000);
  hours->set_scope("users/anna");
  hours->mutable_period()->mutable_start_time()->set_seconds(1804633200);
  hours->mutable_period()->mutable_end_time()->set_seconds(1804633200 + 14 * 86400);
  v1::QuotaUsage* slots = answers().usage.add_usages();
  slots->set_quota("quotas/two-future");
  slots->set_measure(v1::Quota::COUNT);
  slots->set_limit(2);
  slots->set_used(3);
  const Outcome outcome = Run({"quota", "usage", "--asset", "rigs", "--user", "bob"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "QUOTA         LIMIT   USED    LEFT  PERIOD                                  COUNTED\n"
            "twenty-hours   20 h  7.5 h  12.5 h  Wed 2027-03-10 00:00 - Wed 03-24 00:00  "
            "users/anna\n"
            "two-future        2      3       0  to come\n"
            "Times in Europe/Brussels.\n");
  EXPECT_EQ(answers().usage_asked.back().user(), "users/bob");
  // The rest of today, Wednesday 10:00 to midnight.
  const google::type::Interval& today = answers().usage_asked.back().interval();
  EXPECT_EQ(today.end_time().seconds() - today.start_time().seconds(), 14 * 3600);
  EXPECT_EQ(Run({"quota", "usage", "--asset", "rigs", "--class", "rental"}).code, 0);
  EXPECT_EQ(answers().usage_asked.back().activity_class(), v1::Reservation::ACTIVITY_CLASS_RENTAL);
  EXPECT_EQ(Run({"quota", "usage", "--at", "next mon"}).code, 0);
  EXPECT_THAT(answers().usage_asked.back().assets(), ElementsAre("assets/make-lab", "assets/rigs"));
  const google::type::Interval& day = answers().usage_asked.back().interval();
  EXPECT_EQ(day.end_time().seconds() - day.start_time().seconds(), 86400);
}

TEST_F(RuleCommandTest, WithManyAssetsUsageAsksWhich) {
  for (int i = 0; i < 30; ++i) {
    answers().catalogue.add_assets()->set_name("assets/a" + std::to_string(i));
  }
  EXPECT_EQ(Run({"quota", "usage"}).code, 0) << "32 assets";
  EXPECT_THAT(answers().usage_asked.back().assets(), SizeIs(32));
  answers().catalogue.add_assets()->set_name("assets/one-more");
  EXPECT_EQ(Run({"quota", "usage"}).code, 2);
}

TEST_F(RuleCommandTest, ASiteIsClosedInOneStepWithWhatIsBooked) {
  answers().apply_result.set_updated_count(1);
  answers().apply_result.set_warned_count(1);
  answers().catalogue.mutable_sites(0)->set_etag("5");
  const Outcome outcome = Run({"calendar", "edit", "sites/lommel", "--close", "2027-06-24",
                               "--because", "Midsummer", "--existing", "warn"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::ApplyPolicyRequest& request = answers().applied.back();
  ASSERT_EQ(request.changes().sites_size(), 1);
  EXPECT_EQ(request.changes().sites(0).time_zone(), "Europe/Brussels");
  EXPECT_EQ(request.changes().sites(0).calendar().exceptions(0).reason(), "Midsummer");
  EXPECT_EQ(request.existing(), v1::ApplyPolicyRequest::WARN);
  EXPECT_THAT(outcome.out, HasSubstr("The opening hours of sites/lommel are changed.\n"));
  EXPECT_THAT(outcome.out, HasSubstr("1 booking with a new note"));
}

TEST_F(RuleCommandTest, AnAssetWithoutHoursOfItsOwnStartsFromThoseOfItsSite) {
  answers().catalogue.mutable_sites(0)->mutable_calendar()->set_holiday_region("holidayRegions/be");
  const Outcome outcome = Run({"calendar", "edit", "rigs", "--weekly", "mon-fri 08:00-17:00",
                               "--weekly", "sat 08:00-12:00 groups=staff", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const v1::Asset& asset = answers().applied.back().changes().assets(0);
  EXPECT_EQ(asset.capacity(), 7);
  EXPECT_EQ(asset.calendar().holiday_region(), "holidayRegions/be");
  EXPECT_EQ(asset.calendar().weekly_windows(1).window().groups(0), "groups/staff");
  EXPECT_THAT(outcome.err, HasSubstr("rigs has the opening hours of sites/lommel"));
  EXPECT_THAT(outcome.out, HasSubstr("would be changed"));
}

TEST_F(RuleCommandTest, AnEditIsTestedWithoutAChange) {
  answers().test_result.set_judged_count(4);
  const Outcome outcome = Run({"calendar", "edit", "rigs", "--close", "tomorrow", "--test"});
  EXPECT_EQ(outcome.out, "4 bookings judged: none would break a rule.\n");
  EXPECT_THAT(answers().applied, IsEmpty());
  EXPECT_EQ(answers().tested.back().changes().assets(0).calendar().exceptions_size(), 1);
}

TEST_F(RuleCommandTest, TheEditorChangesWhatItSaves) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "weekly_windows { days: MONDAY window { opens { hours: 8 } closes { hours: 17 } } }",
      answers().catalogue.mutable_sites(0)->mutable_calendar()));
  surroundings_.variables["EDITOR"] = "sed -i s/08:00/07:30/";
  EXPECT_EQ(Run({"calendar", "edit", "sites/lommel", "--editor"}).code, 0);
  const v1::WeeklyWindow& window =
      answers().applied.back().changes().sites(0).calendar().weekly_windows(0);
  EXPECT_EQ(window.window().opens().hours(), 7);
  EXPECT_EQ(window.window().opens().minutes(), 30);
  surroundings_.variables["VISUAL"] = "false";
  EXPECT_EQ(Run({"calendar", "edit", "sites/lommel", "--editor"}).code, 1);
  surroundings_.variables["VISUAL"] = "truncate -s 0";
  EXPECT_EQ(Run({"calendar", "edit", "sites/lommel", "--editor"}).code, 1);
  surroundings_.variables["VISUAL"] = "sed -i s/weekly_windows/weakly_windows/";
  const Outcome mistyped = Run({"calendar", "edit", "sites/lommel", "--editor"});
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_THAT(mistyped.err, HasSubstr("Did you mean weekly_windows?"));
  EXPECT_THAT(answers().applied, SizeIs(1));
}

TEST_F(RuleCommandTest, AnEditThatSaysNothingIsAUsageError) {
  EXPECT_EQ(Run({"calendar", "edit", "rigs"}).code, 2);
  EXPECT_EQ(Run({"calendar", "edit", "rigs", "--close", "tomorrow", "--editor"}).code, 2);
  EXPECT_EQ(Run({"calendar", "edit", "rigs", "make-lab", "--close", "tomorrow"}).code, 2);
  EXPECT_EQ(Run({"calendar", "edit"}).code, 2);
  EXPECT_EQ(Run({"calendar"}).code, 2);
  EXPECT_THAT(answers().applied, IsEmpty());
}

TEST_F(RuleCommandTest, TheWeekOfAnAssetIsStillShown) {
  v1::AssetFreeBusy* asset = answers().free_busy.add_assets();
  asset->set_asset("assets/rigs");
  asset->set_capacity(7);
  asset->set_time_zone("Europe/Brussels");
  EXPECT_THAT(Run({"calendar", "rigs"}).out, HasSubstr("rigs (rigs), week of 2027-03-08"));
  const Outcome mistyped = Run({"calendar", "rigs", "--weak", "today"});
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_THAT(mistyped.err, HasSubstr("there is no option --weak in `labslot calendar`"));
}

}  // namespace
}  // namespace labslot::client
