// Quotas: who goes over, what is there already, and changes of what is counted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/engine/explain.h"
#include "tests/engine/quotas_fixture.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakeOrganisation;
using support::MakeUser;
using support::Span;

using QuotaChangesTest = QuotasTest;

// What is there already.

TEST_F(QuotaChangesTest, AQuotaMadeLaterCountsWhatIsThereAlready) {
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-12:00 -> ok
    b: book rig @ tue 9:00-12:00 -> ok
    c: book rig @ tue 9:00-12:00 by bob -> ok
    cancel c by bob -> ok
    now mon 20:00
  )");
  world_.Add(TimeQuota(6 * kHour, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    book rig @ wed 9:00-9:01 -> quota_exceeded rig
    cancel b -> ok
    book rig @ wed 9:00-12:00 -> ok
    book rig @ wed 12:00-12:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotaChangesTest, WhatDoesNotAddNeverBreaksAQuota) {
  EXPECT_TABLE(script_, R"(
    a: book rig*2 @ mon 9:00-12:00 -> ok
    b: book rig*2 @ tue 9:00-12:00 -> ok
    next: book rig @ 2027-03-08 9:00/2027-03-08 12:00 -> ok
    h: book sem @ mon 9:00-12:00 hold 3600 -> ok
  )");
  world_.Add(TimeQuota(3 * kHour, QuotaPeriod::kWeek, {Dimension::kAsset}));
  EXPECT_TABLE(script_, R"(
    # within the week, and as long as it was
    move a @ wed 6:00-9:00 -> ok
    move a @ wed 6:00-9:01 -> quota_exceeded rig
    # shorter, though still too much
    move a @ wed 6:00-8:00 -> ok
    items a rig -> ok
    items a rig*3 -> quota_exceeded rig
    # the other week is full by what it has
    move a @ 2027-03-08 9:00/2027-03-08 10:00 -> quota_exceeded rig
    # partly there: less of the full week, but more of the other
    move b @ 2027-03-07 22:30/2027-03-08 0:30 -> quota_exceeded rig
    move b @ 2027-03-07 22:00/2027-03-08 0:00 -> ok
    move next @ 2027-03-09 9:00/2027-03-09 12:00 -> ok
    confirm h -> ok
    cancel b -> ok
  )");
}

TEST_F(QuotaChangesTest, AMoveCountsForTheDaysItComesToOnly) {
  world_.Add(TimeQuota(3 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-12:00 -> ok
    b: book rig @ tue 9:00-11:00 -> ok
    move b @ mon 23:00-tue 1:00 -> quota_exceeded rig
    move a @ mon 22:30-tue 0:30 -> ok
    move a @ mon 22:00-tue 1:00 -> ok
    move a @ mon 22:00-tue 1:01 -> quota_exceeded rig
    move b @ tue 12:00-14:00 -> ok
  )");
}

TEST_F(QuotaChangesTest, AnotherHolderIsCountedAnew) {
  world_.Add(CountQuota(1, QuotaPeriod::kWeek, {Dimension::kUser}));
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 -> ok
    b: book rig @ mon 9:00-10:00 by bob -> ok
  )");
  const auto give = [&](const std::string& label, const std::string& user) {
    UpdateReservation update;
    update.id = script_.id(label);
    update.patch = [user](const Reservation& current) -> Result<Reservation> {
      Reservation changed = current;
      changed.user = user;
      return changed;
    };
    return world_.Run({"mia"}, update);
  };
  EXPECT_FALSE(give("a", "bob").ok());
  EXPECT_TRUE(give("a", "mia").ok());
  EXPECT_TABLE(script_, "book rig @ tue 9:00-10:00 -> ok");
  EXPECT_FALSE(give("b", "mia").ok());
}

// Effects.

TEST_F(QuotaChangesTest, AWarningGrantsWithANote) {
  Quota quota = CountQuota(1, QuotaPeriod::kDay, {Dimension::kUser, Dimension::kAsset});
  quota.effect = Effect::kWarn;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 -> ok
    b: book rig @ mon 9:00-10:00 -> ok, warned quota_exceeded
    book rig @ tue 9:00-10:00 -> ok
  )");
  ASSERT_EQ(world_.reservation(script_.id("b")).notes.size(), 1u);
  const Note& note = world_.reservation(script_.id("b")).notes[0];
  EXPECT_EQ(note.kind, NoteKind::kWarning);
  EXPECT_EQ(note.source, "quotas/quota");
  EXPECT_EQ(note.settled_by, "");
}

TEST_F(QuotaChangesTest, OverTheQuotaItAwaitsApproval) {
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kDay, {Dimension::kUser});
  quota.effect = Effect::kNeedsApproval;
  quota.approval.approvers.users = {"eve"};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-11:00 -> ok
    b: book rig @ mon 12:00-13:00 -> pending
    approve b by bob -> role_required
    approve b by mia -> role_required
    approve b by eve -> ok
    c: book rig @ mon 15:00-15:01 -> pending
    reject c by eve -> ok
  )");
  EXPECT_EQ(world_.reservation(script_.id("b")).state, ReservationState::kConfirmed);
  EXPECT_EQ(world_.reservation(script_.id("c")).state, ReservationState::kRejected);
}

TEST_F(QuotaChangesTest, WhoMayOverridesWithAReason) {
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kDay);
  quota.overriders.users = {"bob"};
  quota.overriders.managers = true;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-11:00 -> ok
    book rig @ mon 12:00-13:00 because urgent -> quota_exceeded rig
    book rig @ mon 12:00-13:00 by bob -> quota_exceeded rig
    b: book rig @ mon 12:00-13:00 by bob because urgent -> ok, overrode quota_exceeded
    book rig @ mon 12:00-13:00 by mia -> quota_exceeded rig
    book rig @ mon 12:00-13:00 by mia because urgent -> ok, overrode quota_exceeded
  )");
  ASSERT_EQ(world_.reservation(script_.id("b")).notes.size(), 1u);
  EXPECT_EQ(world_.reservation(script_.id("b")).notes[0].settled_by, "bob");
  EXPECT_EQ(world_.reservation(script_.id("b")).notes[0].source, "quotas/quota");
}

TEST_F(QuotaChangesTest, NobodyOverridesWhereNobodyIsNamed) {
  world_.Add(TimeQuota(2 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, "book rig @ mon 9:00-12:00 by mia because urgent -> quota_exceeded rig");
}

TEST_F(QuotaChangesTest, EachQuotaThatIsBrokenIsTold) {
  Quota day = TimeQuota(2 * kHour, QuotaPeriod::kDay);
  day.id = "day";
  world_.Add(day);
  Quota week = CountQuota(1, QuotaPeriod::kWeek);
  week.id = "week";
  week.effect = Effect::kWarn;
  world_.Add(week);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-11:00 -> ok
    book rig @ mon 12:00-13:00 -> quota_exceeded rig; quota_exceeded rig
    book rig @ tue 9:00-10:00 -> ok, warned quota_exceeded
    book rig @ 2027-03-08 9:00/2027-03-08 12:00 -> quota_exceeded rig
  )");
}

// Refusals.

TEST_F(QuotaChangesTest, ARefusalTellsTheLimitWhatWasFoundAndWhatIsCountedTogether) {
  Quota quota = TimeQuota(20 * kHour, QuotaPeriod::kWeek, {Dimension::kUser, Dimension::kAsset});
  quota.overriders.managers = true;
  world_.Add(quota);
  world_.MustBook(Draft({Item("sem", 2)}, Span("mon 9:00-18:00")));
  const auto broken = Broken(Draft({Item("sem")}, Span("wed 9:00-12:00")));
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->asset, "sem");
  EXPECT_EQ(broken->effect, Effect::kReject);
  EXPECT_THAT(broken->overridable_by, testing::ElementsAre("managers"));
  EXPECT_THAT(broken->scope, testing::HasSubstr("users/ada"));
  EXPECT_THAT(broken->scope, testing::HasSubstr("assets/sem"));
  EXPECT_THAT(broken->scope, testing::HasSubstr("2027-03-01"));
  EXPECT_THAT(broken->limit, testing::HasSubstr("20 h"));
  EXPECT_THAT(broken->found, testing::HasSubstr("21 h"));
}

TEST_F(QuotaChangesTest, TheEarliestStartIsInTheFirstPeriodWithRoom) {
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kWeek, {Dimension::kUser}));
  world_.MustBook(Draft({Item("rig")}, Span("mon 9:00-13:00")));
  const auto refused = world_.Book(Draft({Item("rig")}, Span("tue 9:00-11:00")));
  ASSERT_FALSE(refused.ok());
  ASSERT_TRUE(refused.error().refusal);
  const auto earliest = refused.error().refusal->earliest_start;
  ASSERT_TRUE(earliest);
  EXPECT_EQ(*earliest, At("2027-03-08 0:00"));
  EXPECT_TRUE(world_.Book(Draft({Item("rig")}, {*earliest, *earliest + 2 * kHour})).ok());
}

TEST_F(QuotaChangesTest, TheEarliestStartKnowsTheLongestOfSeveralItems) {
  Asset press = MakeAsset("press");
  press.tear_down = kHour;
  world_.Add(press);
  Quota quota = TimeQuota(3 * kHour, QuotaPeriod::kDay, {Dimension::kUser});
  quota.counts_set_up = true;
  world_.Add(quota);
  const auto refused = world_.Book(Draft({Item("rig"), Item("press")}, Span("mon 20:00-22:00")));
  ASSERT_FALSE(refused.ok());
  const auto earliest = refused.error().refusal->earliest_start;
  ASSERT_TRUE(earliest);
  // Of each an hour and a half on Monday, the rest on Tuesday.
  EXPECT_EQ(*earliest, At("mon 22:30"));
}

CreateReservation BookingFrom(Instant start) {
  return {Draft({Item("rig")}, {start, start + 3 * kHour}), 0};
}

TEST_F(QuotaChangesTest, TheEarliestStartTakesInClosedTimeThatDoesNotCount) {
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.calendar = support::Hours("mon-fri", "8:00-12:00");
  rig.calendar->weekly.push_back(support::Weekly("mon-fri", "13:00-17:00"));
  ASSERT_TRUE(world_.Replace(rig).ok());
  world_.Add(MakePolicy("lunch", ClosedTimeRule{false}));
  for (const QuotaPeriod period :
       {QuotaPeriod::kWeek, QuotaPeriod::kRolling, QuotaPeriod::kFuture}) {
    Quota quota = TimeQuota(2 * kHour, period);
    quota.rolling_days = period == QuotaPeriod::kRolling ? 7 : 0;
    Put(quota);
    const auto refused = world_.Book(Draft({Item("rig")}, Span("mon 9:00-12:00")));
    ASSERT_FALSE(refused.ok());
    ASSERT_TRUE(refused.error().refusal);
    // Two hours count of three that begin at ten; but it must end in opening hours.
    const Instant first = At("mon 10:00:01");
    EXPECT_EQ(refused.error().refusal->earliest_start, first)
        << "period " << static_cast<int>(period);
    EXPECT_FALSE(world_.Try({"ada"}, BookingFrom(first - 1)).ok());
    EXPECT_TRUE(world_.Try({"ada"}, BookingFrom(first)).ok());
  }
}

TEST_F(QuotaChangesTest, WhatStandsIsExplainedAsIfItWasMadeNow) {
  world_.Add(TimeQuota(2 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 -> ok
    b: book rig @ mon 9:00-10:00 -> ok
  )");
  const auto broken = [&] {
    const auto explained =
        ExplainReservation(world_.state(), world_, {"ada"}, script_.id("a"), world_.now);
    EXPECT_TRUE(explained.ok());
    int count = 0;
    for (const RuleVerdict& verdict : explained.value().verdicts) {
      count += verdict.broken && verdict.rule.rule == Rule::kQuotaExceeded;
    }
    return count;
  };
  EXPECT_EQ(broken(), 0);
  Put(TimeQuota(2 * kHour - 1, QuotaPeriod::kDay));
  EXPECT_EQ(broken(), 1);
}

TEST_F(QuotaChangesTest, UsageIsToldForEachQuotaThatApplies) {
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kWeek, {Dimension::kUser});
  quota.applies_to = {Kinds({"sem"})};
  world_.Add(quota);
  world_.MustBook(Draft({Item("sem", 2)}, Span("mon 9:00-10:30")));
  world_.MustBook(Draft({Item("rig")}, Span("mon 9:00-10:30")));
  const auto usage = QuotaUsageOf(world_.state(), {"ada"},
                                  Draft({Item("sem")}, Span("fri 9:00-10:00")), world_.now);
  ASSERT_TRUE(usage.ok());
  ASSERT_EQ(usage.value().size(), 1u);
  EXPECT_EQ(usage.value()[0].quota, "quota");
  EXPECT_EQ(usage.value()[0].used, 3 * kHour);
  EXPECT_EQ(usage.value()[0].limit, 4 * kHour);
  EXPECT_EQ(usage.value()[0].period, Span("2027-03-01 0:00/2027-03-08 0:00"));
  const auto of_rig = QuotaUsageOf(world_.state(), {"ada"},
                                   Draft({Item("rig")}, Span("fri 9:00-10:00")), world_.now);
  ASSERT_TRUE(of_rig.ok());
  EXPECT_TRUE(of_rig.value().empty());
}

// Changes of the catalogue.

TEST_F(QuotaChangesTest, AnOrganisationThatChangesItsKindIsCountedSo) {
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kWeek);
  Selector smes;
  smes.organisation_kinds = {OrganisationKind::kSme};
  quota.applies_to = {smes};
  world_.Add(quota);
  Organisation beta = MakeOrganisation("beta");
  EXPECT_TABLE(script_, "book rig @ mon 9:00-17:00 by eve -> ok");
  beta.kind = OrganisationKind::kSme;
  Put(beta);
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-9:01 by eve -> quota_exceeded rig
    book rig @ tue 9:00-17:00 by bob -> ok
  )");
  beta.kind = OrganisationKind::kLarge;
  Put(beta);
  Organisation acme = MakeOrganisation("acme");
  acme.kind = OrganisationKind::kSme;
  Put(acme);
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-17:00 by eve -> ok
    book rig @ tue 9:00-9:01 by bob -> quota_exceeded rig
  )");
}

TEST_F(QuotaChangesTest, AnOrganisationThatChangesItsRegionIsCountedSo) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  Selector limburg;
  limburg.regions = {"BE22"};
  quota.applies_to = {limburg};
  world_.Add(quota);
  EXPECT_TABLE(script_, "book rig @ mon 9:00-17:00 by eve -> ok");
  Organisation beta = MakeOrganisation("beta");
  beta.region = "BE221";
  Put(beta);
  EXPECT_TABLE(script_, "book rig @ mon 9:00-17:00 by eve -> quota_exceeded rig");
  beta.region = "BE2";
  Put(beta);
  EXPECT_TABLE(script_, "book rig @ mon 9:00-17:00 by eve -> ok");
}

TEST_F(QuotaChangesTest, AnAssetThatChangesItsKindIsCountedSo) {
  world_.Add(TimeQuota(2 * kHour, QuotaPeriod::kWeek, {Dimension::kKind}));
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-11:00 -> ok
    book sem @ mon 9:00-10:00 -> ok
    book mill @ mon 9:00-10:00 -> quota_exceeded mill
  )");
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.kind = "sem";
  ASSERT_TRUE(world_.Replace(rig).ok());
  EXPECT_TABLE(script_, R"(
    book sem @ tue 9:00-9:01 -> quota_exceeded sem
    book mill @ mon 9:00-11:00 -> ok
  )");
}

TEST_F(QuotaChangesTest, AnAssetThatChangesItsLabelsOrItsOwnerIsCountedSo) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  Selector dear;
  dear.labels = {{"price", "high"}};
  quota.applies_to = {dear};
  Selector owners;
  owners.relations = {Relation::kOwner};
  quota.except = {owners};
  world_.Add(quota);
  EXPECT_TABLE(script_, "book rig @ mon 9:00-10:00 -> ok");
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.labels = {{"price", "high"}, {"colour", "red"}};
  ASSERT_TRUE(world_.Replace(rig).ok());
  EXPECT_TABLE(script_, "book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig");
  rig.organisation = "acme";
  ASSERT_TRUE(world_.Replace(rig).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 by bob -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
    book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig
  )");
}

TEST_F(QuotaChangesTest, AnAssetThatBecomesAPartOfALineIsCountedWithIt) {
  world_.Add(MakeAsset("line"));
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  Selector line;
  line.assets = {"line"};
  quota.applies_to = {line};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 -> ok
    b: book rig @ mon 9:00-10:00 -> ok
  )");
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.parent = "line";
  ASSERT_TRUE(world_.Replace(rig).ok());
  EXPECT_TABLE(script_, R"(
    book line @ tue 9:00-10:00 -> quota_exceeded line
    cancel a -> ok
    cancel b -> ok
    book line @ tue 9:00-10:00 -> ok
  )");
}

TEST_F(QuotaChangesTest, AGroupThatChangesItsMembersIsCountedSo) {
  PutGroup("cluster", {"ada"}, {});
  Quota quota = CountQuota(2, QuotaPeriod::kWeek, {Dimension::kGroup});
  quota.applies_to = {Groups({"cluster"})};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
  )");
  PutGroup("cluster", {"ada"}, {"beta"});
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> quota_exceeded rig
    book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig
    book rig @ mon 9:00-10:00 by bob -> ok
  )");
  PutGroup("cluster", {"ada", "bob"}, {});
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> quota_exceeded rig
    book rig @ mon 9:00-10:00 by eve -> ok
  )");
}

TEST_F(QuotaChangesTest, AUserWhoBecomesAManagerIsCountedSo) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  Selector managers;
  managers.relations = {Relation::kManager};
  quota.except = {managers};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 by bob -> ok
    book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig
  )");
  User bob = MakeUser("bob", {"acme"});
  bob.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kAsset, "rig")};
  ASSERT_TRUE(world_.Replace(bob).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 by bob -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
    book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig
    book sem @ mon 9:00-10:00 by bob -> quota_exceeded sem
  )");
}

TEST_F(QuotaChangesTest, OpeningHoursThatChangeAreCountedSo) {
  world_.Add(TimeQuota(2 * kHour, QuotaPeriod::kWeek));
  world_.Add(MakePolicy("nights", ClosedTimeRule{false}));
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar = support::Office();
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ mon 16:00-tue 8:30 -> ok
    book rig @ wed 9:00-wed 9:31 -> quota_exceeded rig
  )");
  lommel.calendar = support::Hours("mon-fri", "8:00-16:15");
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ wed 9:00-wed 10:16 -> quota_exceeded rig
    book rig @ wed 9:00-wed 10:15 -> ok
  )");
}

TEST_F(QuotaChangesTest, ASiteThatChangesItsZoneIsCountedSo) {
  world_.Add(CountQuota(1, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    book mill @ mon 23:30-tue 1:00 -> ok
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
  )");
  Site tartu = *world_.catalogue().FindSite("tartu");
  tartu.time_zone = "Europe/Brussels";
  ASSERT_TRUE(world_.Replace(tartu).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> quota_exceeded rig
    book rig @ tue 9:00-10:00 -> ok
  )");
}

TEST_F(QuotaChangesTest, ASiteThatAnotherOrganisationRunsIsCountedSo) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  Selector managers;
  managers.relations = {Relation::kManager};
  quota.except = {managers};
  world_.Add(quota);
  User bob = MakeUser("bob", {"acme"});
  bob.role_bindings = {support::Binding(Role::kAssetManager, ScopeKind::kOrganisation, "beta")};
  ASSERT_TRUE(world_.Replace(bob).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 by bob -> ok
    book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig
  )");
  // Now bob manages what stands there.
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.organisation = "beta";
  ASSERT_TRUE(world_.Replace(lommel).ok());
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 by bob -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
    book rig @ mon 9:00-10:00 by eve -> quota_exceeded rig
  )");
}

TEST_F(QuotaChangesTest, ATrialOfAChangeLeavesTheCountsAsTheyWere) {
  world_.Add(CountQuota(1, QuotaPeriod::kWeek, {Dimension::kKind}));
  EXPECT_TABLE(script_, "book rig @ mon 9:00-10:00 -> ok");
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.kind = "sem";
  ASSERT_TRUE(world_.Try(ImportRecords{{rig}}).ok());
  ApplyPolicy apply;
  apply.records = {TimeQuota(kHour, QuotaPeriod::kDay)};
  ASSERT_TRUE(world_.Try(apply).ok());
  EXPECT_FALSE(world_.state().ledger_is_stale());
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
    book sem @ tue 9:00-10:00 -> ok
  )");
}

TEST_F(QuotaChangesTest, AQuotaThatChangesIsJudgedAsItIs) {
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kDay);
  world_.Add(quota);
  EXPECT_TABLE(script_, "book rig @ mon 9:00-11:00 -> ok");
  quota.period = QuotaPeriod::kWeek;
  Put(quota);
  EXPECT_TABLE(script_, "book rig @ tue 9:00-11:00 -> quota_exceeded rig");
  quota.limit = 4 * kHour;
  Put(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-11:00 -> ok
    book rig @ wed 9:00-9:01 -> quota_exceeded rig
  )");
  Quota count = CountQuota(3, QuotaPeriod::kFuture, {Dimension::kUser});
  Put(count);
  EXPECT_TABLE(script_, R"(
    book rig @ wed 9:00-20:00 -> ok
    book rig @ thu 9:00-9:01 -> quota_exceeded rig
  )");
  ASSERT_TRUE(world_.Run(DeleteRecord{"quotas", "quota", 0}).ok());
  EXPECT_TABLE(script_, "book rig @ thu 9:00-20:00 -> ok");
}

}  // namespace
}  // namespace labslot::engine
