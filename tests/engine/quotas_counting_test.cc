// Quotas: what is counted, and together with what.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/engine/quotas_fixture.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::Draft;
using support::Item;
using support::kHour;
using support::kMinute;
using support::Span;
using support::Weekly;

using QuotaCountingTest = QuotasTest;

// What is counted together.

// A booking that differs from the first in some dimensions.
struct Other {
  const char* what;
  std::set<Dimension> differs;
  Reservation draft;
};

Reservation DraftOf(const std::string& asset, const std::string& site, const std::string& user,
                    const std::string& organisation, const std::string& project) {
  Reservation draft = Draft({Item(asset)}, Span("mon 9:00-10:00"), site);
  draft.user = user;
  draft.organisation = organisation;
  draft.project = project;
  return draft;
}

TEST_F(QuotaCountingTest, ApartIsWhatDiffersInADimensionThatIsNamed) {
  constexpr Dimension kAll[] = {Dimension::kAsset, Dimension::kKind,         Dimension::kSite,
                                Dimension::kUser,  Dimension::kOrganisation, Dimension::kProject};
  std::map<std::string, std::set<Dimension>> named;
  for (unsigned mask = 0; mask < 64; ++mask) {
    Quota quota = CountQuota(1, QuotaPeriod::kWeek);
    quota.id = absl::StrCat("quota-", mask);
    for (unsigned i = 0; i < 6; ++i) {
      if ((mask >> i & 1u) != 0) quota.each.push_back(kAll[i]);
    }
    named[absl::StrCat("quotas/", quota.id)] = {quota.each.begin(), quota.each.end()};
    world_.Add(quota);
  }
  world_.MustBook(DraftOf("truck", "lommel", "ada", "acme", "moon"));
  const Other others[] = {
      {"the same", {}, DraftOf("truck", "lommel", "ada", "acme", "moon")},
      {"asset", {Dimension::kAsset}, DraftOf("rig", "", "ada", "acme", "moon")},
      {"asset and kind",
       {Dimension::kAsset, Dimension::kKind},
       DraftOf("sem", "", "ada", "acme", "moon")},
      {"site", {Dimension::kSite}, DraftOf("truck", "tartu", "ada", "acme", "moon")},
      {"asset and site",
       {Dimension::kAsset, Dimension::kSite},
       DraftOf("mill", "", "ada", "acme", "moon")},
      {"user", {Dimension::kUser}, DraftOf("truck", "lommel", "bob", "acme", "moon")},
      {"organisation",
       {Dimension::kOrganisation},
       DraftOf("truck", "lommel", "ada", "beta", "moon")},
      {"user and organisation",
       {Dimension::kUser, Dimension::kOrganisation},
       DraftOf("truck", "lommel", "eve", "beta", "moon")},
      {"project", {Dimension::kProject}, DraftOf("truck", "lommel", "ada", "acme", "mars")},
      {"no project", {Dimension::kProject}, DraftOf("truck", "lommel", "ada", "acme", "")},
      {"all but the site",
       {Dimension::kAsset, Dimension::kKind, Dimension::kUser, Dimension::kOrganisation,
        Dimension::kProject},
       DraftOf("sem", "", "eve", "beta", "mars")},
  };
  for (const Other& other : others) {
    SCOPED_TRACE(other.what);
    for (const auto& [source, each] : named) {
      const bool apart = std::any_of(each.begin(), each.end(), [&](Dimension dimension) {
        return other.differs.count(dimension) != 0;
      });
      EXPECT_EQ(Broken(other.draft, source).has_value(), !apart) << source;
    }
  }
}

TEST_F(QuotaCountingTest, BookingsWithoutAProjectShareACount) {
  world_.Add(TimeQuota(2 * kHour, QuotaPeriod::kWeek, {Dimension::kProject}));
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> ok
    book rig @ mon 9:00-10:00 project moon -> ok
    book sem @ tue 9:00-10:00 by bob -> ok
    book rig @ wed 9:00-10:00 by eve -> quota_exceeded rig
    book rig @ wed 9:00-10:00 by eve project moon -> ok
    book rig @ wed 9:00-10:00 project moon -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, TheAssetsOfOneReservationCountTogetherWhereTheyShareACount) {
  world_.Add(TimeQuota(3 * kHour, QuotaPeriod::kDay, {Dimension::kKind}));
  EXPECT_TABLE(script_, R"(
    book sem, sem-2 @ mon 9:00-11:00 -> quota_exceeded sem
    book sem, sem-2, rig @ mon 9:00-10:30 -> ok
    book rig @ mon 12:00-13:30 -> ok
    book rig @ mon 15:00-15:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, AClusterSharesWhatItsMembersBook) {
  PutGroup("cluster", {"eve"}, {"acme"});
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kWeek, {Dimension::kGroup});
  quota.applies_to = {Groups({"cluster"})};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-11:00 of acme -> ok
    # eve is in it herself, and for whatever organisation
    book rig @ mon 9:00-11:00 by eve -> ok
    book sem @ tue 9:00-9:01 by bob -> quota_exceeded sem
    book sem @ tue 9:00-9:01 by eve -> quota_exceeded sem
    # ada is in the cluster only with what she books for acme
    book sem @ tue 9:00-18:00 of beta -> ok
  )");
}

TEST_F(QuotaCountingTest, WhoIsInTwoGroupsCountsInBoth) {
  PutGroup("north", {}, {"acme"});
  PutGroup("south", {"ada"}, {"beta"});
  PutGroup("west", {"ada", "bob", "eve"}, {});
  Quota quota = CountQuota(2, QuotaPeriod::kWeek, {Dimension::kGroup});
  quota.applies_to = {Groups({"north", "south"})};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 of acme -> ok
    book rig @ mon 9:00-10:00 by bob -> ok
    # the north is full, the south has one
    book rig @ tue 9:00-10:00 by bob -> quota_exceeded rig
    book rig @ tue 9:00-10:00 of acme -> quota_exceeded rig
    book rig @ tue 9:00-10:00 by eve -> ok
    book rig @ wed 9:00-10:00 by eve -> quota_exceeded rig
    # where ada breaks two counts, the refusal says both
    book rig @ wed 9:00-10:00 of acme -> quota_exceeded rig; quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, GroupsAreCountedApartForEachAsset) {
  PutGroup("cluster", {"ada", "bob"}, {});
  Quota quota = CountQuota(1, QuotaPeriod::kWeek, {Dimension::kGroup, Dimension::kAsset});
  quota.applies_to = {Groups({"cluster"})};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> ok
    book rig @ mon 9:00-10:00 by bob -> quota_exceeded rig
    book sem @ mon 9:00-10:00 by bob -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
    book rig @ mon 9:00-10:00 by eve -> ok
  )");
}

// Whom and what it applies to.

TEST_F(QuotaCountingTest, WhatItDoesNotApplyToIsNeitherJudgedNorCounted) {
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kWeek);
  quota.applies_to = {Kinds({"sem"})};
  Selector managers;
  managers.relations = {Relation::kManager};
  Selector classes;
  classes.activity_classes = {ActivityClass::kEducation};
  quota.except = {managers, classes};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-17:00 -> ok
    book sem @ mon 9:00-17:00 by mia -> ok
    book sem @ mon 9:00-17:00 by mia for bob class education -> ok
    # that it is for bob counts, not who booked it
    book sem @ mon 9:00-10:00 by mia for bob -> ok
    book sem, rig @ mon 9:00-10:00 -> ok
    book sem, rig @ tue 9:00-9:01 -> quota_exceeded sem
    book sem @ tue 9:00-9:01 by mia for ada -> quota_exceeded sem
  )");
}

TEST_F(QuotaCountingTest, ADisabledQuotaIsNotJudged) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  quota.disabled = true;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> ok
    book rig @ mon 9:00-10:00 -> ok
  )");
  quota.disabled = false;
  Put(quota);
  EXPECT_TABLE(script_, "book rig @ tue 9:00-10:00 -> quota_exceeded rig");
}

// What is measured.

TEST_F(QuotaCountingTest, TimeIsTakenTimesUnits) {
  world_.Add(TimeQuota(6 * kHour, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    a: book rig*3 @ mon 9:00-11:00 -> ok
    book rig @ mon 12:00-12:01 -> quota_exceeded rig
    items a rig*2 -> ok
    book rig*2 @ mon 12:00-13:00 -> ok
    items a rig*3 -> quota_exceeded rig
    items a rig -> ok
    book rig*7 @ tue 9:00-10:00 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, PrimeTimeAloneCounts) {
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kWeek);
  quota.prime_time = {Weekly("mon-fri", "8:00-17:00")};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 17:00-tue 8:00 -> ok
    book rig @ sat 0:00-sun 24:00 -> ok
    a: book rig @ tue 16:00-tue 23:00 -> ok
    book rig @ wed 5:00-wed 11:00 -> ok
    book rig @ thu 16:59-thu 18:00 -> quota_exceeded rig
    book rig @ thu 17:00-fri 8:00 -> ok
    book rig @ thu 17:00-fri 8:01 -> quota_exceeded rig
    # longer where it does not count
    move a @ tue 16:00-wed 8:00 -> ok
    move a @ tue 15:00-wed 8:00 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, PrimeTimeOverMidnightCountsOnTheDaysWhereItLies) {
  Quota quota = TimeQuota(3 * kHour, QuotaPeriod::kDay);
  quota.prime_time = {Weekly("mon", "22:00-6:00")};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 12:00-tue 3:00 -> ok
    book rig @ mon 22:00-mon 23:00 -> ok
    book rig @ mon 23:00-mon 23:01 -> quota_exceeded rig
    book rig @ tue 3:00-tue 3:01 -> quota_exceeded rig
    book rig @ tue 6:00-tue 24:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, ARunIsCountedIfAPartOfItLiesInPrimeTime) {
  Quota quota = CountQuota(1, QuotaPeriod::kDay);
  quota.prime_time = {Weekly("mon-fri", "8:00-17:00")};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 5:00-mon 8:00 -> ok
    book rig @ mon 17:00-tue 8:00 -> ok
    # it starts on Monday, and reaches the working hours of Tuesday
    a: book rig @ mon 20:00-tue 8:01 -> ok
    book rig @ mon 16:59-mon 17:01 -> quota_exceeded rig
    book rig @ tue 9:00-tue 10:00 -> ok
    move a @ mon 20:00-tue 8:00 -> ok
    book rig @ mon 9:00-mon 10:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, PeriodsCountOnTheirDaysAlone) {
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kWeek);
  quota.periods = {{support::Day("tue"), support::Day("wed")},
                   {support::Day("sat"), support::Day("sat")}};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 0:00-mon 24:00 -> ok
    book rig @ mon 9:00-tue 2:00 -> ok
    book rig @ wed 23:00-fri 24:00 -> ok
    a: book rig @ sat 9:00-sat 10:00 -> ok
    book rig @ sat 23:59-sun 12:00 -> quota_exceeded rig
    book rig @ sun 0:00-sun 24:00 -> ok
    move a @ thu 9:00-thu 20:00 -> ok
    book rig @ tue 9:00-tue 10:00 -> ok
    book rig @ wed 9:00-wed 9:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, ChangeoverInPrimeTimeIsNoPartOfARun) {
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.tear_down = kHour;
  (void)world_.Replace(rig);
  Quota quota = CountQuota(1, QuotaPeriod::kDay);
  quota.prime_time = {Weekly("mon-fri", "8:00-17:00")};
  quota.counts_set_up = true;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:00 -> ok
    book rig @ mon 6:00-8:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, ARunThatStartsBeforeThePeriodsIsNotCounted) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  quota.periods = {{support::Day("wed"), support::Day("thu")}};
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ thu 20:00-fri 8:00 -> ok
    # it counts on Tuesday, which is not one of the days
    book rig @ tue 20:00-wed 8:00 -> ok
    book rig @ wed 20:00-thu 8:00 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, SetUpAndTearDownCountIfTheQuotaSaysSo) {
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.set_up = 30 * kMinute;
  rig.tear_down = 15 * kMinute;
  (void)world_.Replace(rig);
  Quota quota = TimeQuota(2 * kHour, QuotaPeriod::kDay);
  quota.counts_set_up = true;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 9:00-10:16 -> quota_exceeded rig
    book rig @ mon 9:00-10:15 -> ok
    book rig @ mon 12:00-12:01 -> quota_exceeded rig
    # a quarter of an hour of set-up lies on Tuesday, none of the run
    book rig @ wed 0:15-wed 1:45 -> ok
    book rig @ tue 9:00-tue 10:00 -> ok
    book rig @ tue 12:00-12:01 -> quota_exceeded rig
    book rig*2 @ thu 9:00-9:16 -> quota_exceeded rig
    book rig*2 @ thu 9:00-9:15 -> ok
  )");
  quota.counts_set_up = false;
  Put(quota);
  EXPECT_TABLE(script_, R"(
    book rig @ mon 12:00-12:46 -> quota_exceeded rig
    book rig @ mon 12:00-12:45 -> ok
  )");
}

TEST_F(QuotaCountingTest, ClosedTimeThatAPolicyLeavesOutDoesNotCount) {
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar = support::Office();
  (void)world_.Replace(lommel);
  world_.Add(TimeQuota(4 * kHour, QuotaPeriod::kWeek));
  world_.Add(MakePolicy("nights", ClosedTimeRule{true}));
  EXPECT_TABLE(script_, "book rig @ mon 16:00-tue 9:00 -> quota_exceeded rig");
  Put(MakePolicy("nights", ClosedTimeRule{false}));
  EXPECT_TABLE(script_, R"(
    book rig @ mon 16:00-tue 9:00 -> ok
    a: book rig @ fri 16:00/2027-03-08 9:00 -> ok
    book rig @ wed 9:00-wed 10:00 -> ok
    book rig @ wed 10:00-wed 10:01 -> quota_exceeded rig
    # an hour of Friday; the other one lies in the week that follows
    book rig @ 2027-03-09 9:00/2027-03-09 12:01 -> quota_exceeded rig
    book rig @ 2027-03-09 9:00/2027-03-09 12:00 -> ok
  )");
  // The nights count again, and so does what was booked.
  Put(MakePolicy("nights", ClosedTimeRule{true}));
  EXPECT_TABLE(script_, R"(
    book rig @ thu 9:00-thu 9:01 -> quota_exceeded rig
    move a @ fri 16:00/2027-03-08 8:01 -> ok
  )");
}

TEST_F(QuotaCountingTest, SetUpInClosedTimeCounts) {
  Asset rig = *world_.catalogue().FindAsset("rig");
  rig.calendar = support::Office();
  rig.set_up = kHour;
  (void)world_.Replace(rig);
  Quota quota = TimeQuota(3 * kHour, QuotaPeriod::kDay);
  quota.counts_set_up = true;
  world_.Add(quota);
  world_.Add(MakePolicy("nights", ClosedTimeRule{false}));
  EXPECT_TABLE(script_, R"(
    # an hour before it opens, an hour of Monday; an hour of Tuesday
    book rig @ mon 16:00-tue 9:00 -> ok
    book rig @ mon 8:00-8:01 -> quota_exceeded rig
    book rig @ tue 8:00-9:00 -> ok
    book rig @ tue 12:00-12:01 -> quota_exceeded rig
  )");
}

// What counts.

TEST_F(QuotaCountingTest, HoldsCountUntilTheyRunOut) {
  world_.Add(CountQuota(1, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 hold 600 -> ok
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
    confirm a -> ok
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
    cancel a -> ok
    b: book rig @ tue 9:00-10:00 hold 600 -> ok
    now 2027-02-28 12:10
    expire b -> ok
    book rig @ wed 9:00-10:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, WhatIsPendingCountsUntilItIsRejected) {
  Quota quota = CountQuota(1, QuotaPeriod::kWeek);
  quota.applies_to = {Kinds({"sem"})};
  world_.Add(quota);
  Policy ask = MakePolicy("ask", ApprovalRule{});
  ask.effect = Effect::kNeedsApproval;
  ask.approval.leaves_slot_free = true;
  world_.Add(ask);
  EXPECT_TABLE(script_, R"(
    a: book sem @ mon 9:00-10:00 -> pending
    book sem @ tue 9:00-10:00 -> approval_required sem; quota_exceeded sem
    reject a by mia -> ok
    b: book sem @ tue 9:00-10:00 -> pending
    approve b by mia -> ok
    book sem @ wed 9:00-10:00 -> approval_required sem; quota_exceeded sem
  )");
}

TEST_F(QuotaCountingTest, WhatIsInUseOrOverCounts) {
  world_.Add(CountQuota(2, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 -> ok
    b: book rig @ mon 9:00-10:00 -> ok
    now mon 9:30
    checkin a -> ok
    book rig @ tue 9:00-10:00 -> quota_exceeded rig
    now sun 12:00
    book rig @ sun 13:00-14:00 -> quota_exceeded rig
    book rig @ 2027-03-08 9:00/2027-03-08 10:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, NoShowsCountIfTheQuotaSaysSo) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  Quota strict = TimeQuota(4 * kHour, QuotaPeriod::kWeek, {Dimension::kAsset});
  strict.counts_no_shows = true;
  strict.applies_to = {Kinds({"sem"})};
  world_.Add(strict);
  Quota lenient = strict;
  lenient.id = "lenient";
  lenient.counts_no_shows = false;
  lenient.applies_to = {Kinds({"lab"})};
  world_.Add(lenient);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-13:00 -> ok
    b: book sem @ mon 9:00-13:00 -> ok
    now mon 9:15
    expire a -> ok
    expire b -> ok
    # the whole time that was booked, not the quarter that passed
    book sem @ tue 9:00-9:01 -> quota_exceeded sem
    book rig @ tue 9:00-13:00 -> ok
    book rig @ tue 14:00-14:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, NoShowsAreNotToCome) {
  world_.Add(MakePolicy("grace", GraceRule{15 * kMinute}));
  Quota quota = CountQuota(1, QuotaPeriod::kFuture);
  quota.counts_no_shows = true;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-13:00 -> ok
    book rig @ mon 9:00-13:00 -> quota_exceeded rig
    now mon 9:15
    expire a -> ok
    book rig @ tue 9:00-10:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, WhatIsCancelledLateCountsIfTheQuotaSaysSo) {
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kDay);
  quota.counts_cancelled_within = 24 * kHour;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    # it is noon; just a day before is early enough
    a: book rig @ mon 12:00-16:00 -> ok
    cancel a -> ok
    b: book rig @ mon 11:59-15:59 -> ok
    cancel b -> ok
    book rig @ mon 18:00-18:01 -> quota_exceeded rig
    c: book rig @ tue 9:00-13:00 -> ok
    cancel c -> ok
    d: book rig @ tue 9:00-13:00 -> ok
    # just begun, as far as cancelling goes
    now tue 9:04
    cancel d -> ok
    book rig @ tue 18:00-18:01 -> quota_exceeded rig
  )");
}

TEST_F(QuotaCountingTest, WhoLeavesAWaitListOrDeclinesAnOfferHasCancelledNothing) {
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kDay, {Dimension::kUser});
  quota.counts_cancelled_within = 24 * kHour;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig*20 @ mon 8:00-8:12 by eve -> ok
    b: book rig @ mon 8:00-8:12 by bob wait yes -> wait-listed
    cancel b by bob -> ok
    c: book rig*2 @ mon 8:00-8:12 by bob wait yes -> wait-listed
    move a @ tue 8:00-8:12 by eve -> ok
    see c -> offered mon 08:00-08:12 until sun 22:00
    cancel c by bob -> ok
    book rig @ mon 18:00-22:00 by bob -> ok
  )");
}

TEST_F(QuotaCountingTest, WhoLosesHisPlaceAndCannotWaitHasCancelledNothing) {
  Quota quota = TimeQuota(4 * kHour, QuotaPeriod::kDay, {Dimension::kUser});
  quota.counts_cancelled_within = 24 * kHour;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 8:00-12:00 hold 900 -> ok
    outage o1 rig*20 @ mon 8:00-12:00 -> ok: a cancelled
    use a -> cancelled
    book rig @ mon 13:00-17:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, WhatIsCancelledNeverCountsIfNothingIsSaid) {
  world_.Add(CountQuota(1, QuotaPeriod::kDay));
  EXPECT_TABLE(script_, R"(
    a: book rig @ sun 13:00-14:00 -> ok
    now sun 12:59
    cancel a -> ok
    book rig @ sun 13:00-14:00 -> ok
  )");
}

TEST_F(QuotaCountingTest, WhatIsCancelledIsNotToCome) {
  Quota quota = CountQuota(1, QuotaPeriod::kFuture);
  quota.counts_cancelled_within = 24 * kHour;
  world_.Add(quota);
  EXPECT_TABLE(script_, R"(
    a: book rig @ mon 9:00-10:00 -> ok
    cancel a -> ok
    book rig @ mon 9:00-10:00 -> ok
  )");
}

}  // namespace
}  // namespace labslot::engine
