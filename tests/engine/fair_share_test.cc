// Quotas that order wait lists: among equals of priority, who has used the smaller part
// of a fair share goes first.

#include <vector>

#include "daemon/engine/used_part.h"
#include "tests/engine/quotas_fixture.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;

constexpr char kOfferedOnMonday[] = "offered mon 09:00-12:00 until sun 22:30";

// There is an oven to wait for, and room enough elsewhere to use something up.
class FairShareTest : public QuotasTest {
 protected:
  FairShareTest() { world_.Add(support::MakeAsset("oven")); }

  // Each user has so many hours a week, in turns.
  void AddTurns(Quota quota = TimeQuota(20 * kHour, QuotaPeriod::kWeek, {Dimension::kUser})) {
    quota.fair_share = true;
    world_.Add(quota);
  }

  // One that counts what one user has.
  void AddShareOf(const std::string& user, Quota quota) {
    quota.id = "of-" + user;
    quota.applies_to.emplace_back().users = {user};
    AddTurns(quota);
  }

  // Who is offered the oven if bob came first and eve after him.
  std::string FirstOfBobAndEve() {
    EXPECT_TABLE(script_, R"(
      taken: book oven @ mon 9:00-12:00                  -> ok
      bobs: book oven @ mon 9:00-12:00 by bob wait yes   -> wait-listed
      eves: book oven @ mon 9:00-12:00 by eve wait yes   -> wait-listed
      cancel taken                                       -> ok
    )");
    return IsOffered("bobs") ? "bob" : IsOffered("eves") ? "eve" : "nobody";
  }

  bool IsOffered(const std::string& label) const {
    return world_.reservation(script_.id(label)).state == ReservationState::kOffered;
  }
};

TEST(UsedPartTest, PartsAreComparedExactly) {
  constexpr int64_t kMuch = int64_t{1} << 62;
  // Each is less than the next one.
  const std::vector<UsedPart> parts = {
      {0, 5}, {1, kMuch}, {1, 3}, {kMuch - 1, kMuch}, {kMuch, kMuch}, {kMuch + 1, kMuch},
      {7, 3}, {kMuch, 1}, {0, 0}};
  for (size_t i = 0; i < parts.size(); ++i) {
    for (size_t j = 0; j < parts.size(); ++j) {
      EXPECT_EQ(parts[i] < parts[j], i < j) << i << " and " << j;
    }
  }
}

TEST(UsedPartTest, EqualPartsAreEqualWhateverTheyAreOf) {
  const std::vector<std::vector<UsedPart>> equals = {
      {{0, 1}, {0, 1000}}, {{1, 3}, {2, 6}, {100, 300}}, {{0, 0}, {5, 0}}};
  for (const auto& parts : equals) {
    for (const UsedPart& a : parts) {
      for (const UsedPart& b : parts) EXPECT_FALSE(a < b);
    }
  }
}

TEST_F(FairShareTest, WhoHasUsedLessOfItGoesFirst) {
  AddTurns();
  EXPECT_TABLE(script_, "book rig @ tue 9:00-13:00 by bob -> ok");
  EXPECT_EQ(FirstOfBobAndEve(), "eve");
}

TEST_F(FairShareTest, WhoHasUsedTheSameKeepsHisPlace) {
  AddTurns();
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-13:00 by bob -> ok
    book sem*2 @ wed 9:00-11:00 by eve -> ok
  )");
  EXPECT_EQ(FirstOfBobAndEve(), "bob");
}

TEST_F(FairShareTest, AQuotaThatOnlyLimitsOrdersNothing) {
  world_.Add(TimeQuota(20 * kHour, QuotaPeriod::kWeek, {Dimension::kUser}));
  EXPECT_TABLE(script_, "book rig @ tue 9:00-13:00 by bob -> ok");
  EXPECT_EQ(FirstOfBobAndEve(), "bob");
}

TEST_F(FairShareTest, OneThatIsSwitchedOffOrdersNothing) {
  Quota quota = TimeQuota(20 * kHour, QuotaPeriod::kWeek, {Dimension::kUser});
  quota.disabled = true;
  AddTurns(quota);
  EXPECT_TABLE(script_, "book rig @ tue 9:00-13:00 by bob -> ok");
  EXPECT_EQ(FirstOfBobAndEve(), "bob");
}

TEST_F(FairShareTest, OneThatIsNotAboutTheAssetOrdersNothing) {
  Quota quota = TimeQuota(20 * kHour, QuotaPeriod::kWeek, {Dimension::kUser});
  quota.applies_to = {Kinds({"sem"})};
  AddTurns(quota);
  EXPECT_TABLE(script_, "book sem @ tue 9:00-13:00 by bob -> ok");
  EXPECT_EQ(FirstOfBobAndEve(), "bob");
}

TEST_F(FairShareTest, WhatIsUsedInAnotherPeriodDoesNotCount) {
  AddTurns();
  EXPECT_TABLE(script_, "book rig @ 2027-03-09 9:00/2027-03-09 13:00 by bob -> ok");
  EXPECT_EQ(FirstOfBobAndEve(), "bob");
}

TEST_F(FairShareTest, TheFullestOfTheRollingWindowsCounts) {
  AddTurns(Rolling(TimeQuota(20 * kHour, QuotaPeriod::kRolling, {Dimension::kUser}), 3));
  EXPECT_TABLE(script_, R"(
    book rig @ wed 9:00-12:00 by bob -> ok
    book rig @ thu 9:00-15:00 by eve -> ok
  )");
  EXPECT_EQ(FirstOfBobAndEve(), "eve") << "Thursday is in no window with Monday";
}

TEST_F(FairShareTest, WhatIsToComeCountsWhateverIsAskedFor) {
  AddTurns(CountQuota(10, QuotaPeriod::kFuture, {Dimension::kUser}));
  EXPECT_TABLE(script_, R"(
    book rig @ 2027-05-09 9:00/2027-05-09 13:00 by bob -> ok
    book rig @ sun 13:00-14:00 by eve -> ok
    book rig @ 2027-05-08 9:00/2027-05-08 13:00 by eve -> ok
  )");
  EXPECT_EQ(FirstOfBobAndEve(), "bob");
}

TEST_F(FairShareTest, APartIsOfTheLimitAndNotAnAmount) {
  AddShareOf("bob", TimeQuota(16 * kHour, QuotaPeriod::kWeek));
  AddShareOf("eve", TimeQuota(8 * kHour, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-13:00 by bob -> ok
    book rig @ tue 9:00-11:01 by eve -> ok
  )");
  EXPECT_EQ(FirstOfBobAndEve(), "bob") << "a quarter of his is less than hers";
}

TEST_F(FairShareTest, OfSeveralTheGreatestPartCounts) {
  AddShareOf("bob", TimeQuota(100 * kHour, QuotaPeriod::kWeek));
  Quota runs = CountQuota(4, QuotaPeriod::kMonth);
  runs.id = "runs";
  runs.applies_to.emplace_back().users = {"bob"};
  AddTurns(runs);
  AddShareOf("eve", TimeQuota(10 * kHour, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-10:00 by bob -> ok
    book rig @ tue 9:00-11:00 by eve -> ok
  )");
  EXPECT_EQ(FirstOfBobAndEve(), "eve") << "a hundredth of his hours, but a quarter of his runs";
}

TEST_F(FairShareTest, WhomNoQuotaIsAboutHasUsedNothing) {
  AddShareOf("bob", TimeQuota(8 * kHour, QuotaPeriod::kWeek));
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-10:00 by bob -> ok
    book rig @ tue 9:00-21:00 by eve -> ok
  )");
  EXPECT_EQ(FirstOfBobAndEve(), "eve");
}

TEST_F(FairShareTest, OrganisationsTakeTurnsWhereTheyAreCounted) {
  AddTurns(TimeQuota(100 * kHour, QuotaPeriod::kMonth, {Dimension::kOrganisation}));
  EXPECT_TABLE(script_, "book rig @ tue 9:00-10:00 by ada -> ok");
  EXPECT_EQ(FirstOfBobAndEve(), "eve") << "ada is of acme as bob is";
}

TEST_F(FairShareTest, PriorityGoesBeforeIt) {
  AddTurns();
  EXPECT_TABLE(script_, absl::StrCat(R"(
    book rig @ tue 9:00-13:00 by bob                            -> ok
    r1: book oven @ mon 9:00-12:00                              -> ok
    r2: book oven @ mon 9:00-12:00 by eve wait yes              -> wait-listed
    r3: book oven @ mon 9:00-12:00 by bob wait yes priority 1   -> wait-listed
    cancel r1                                                   -> ok
    see r3                                                      -> )",
                                     kOfferedOnMonday));
}

TEST_F(FairShareTest, WhoLostHisPlaceGoesBeforeIt) {
  AddTurns();
  EXPECT_TABLE(script_, R"(
    book rig @ tue 9:00-13:00 by bob               -> ok
    r1: book oven @ mon 9:00-12:00 by bob          -> ok
    outage o1 oven @ mon 8:00-13:00                -> ok: r1 wait-listed
    r2: book oven @ mon 9:00-12:00 by eve wait yes -> wait-listed
    mend o1                                        -> ok: r1 wait-listed
    where r1                                       -> oven confirmed mon 09:00-12:00
  )");
}

TEST_F(FairShareTest, WhatIsOfferedCountsForThoseThatFollow) {
  AddTurns();
  world_.Add(support::MakePool("cabins", 2));
  EXPECT_TABLE(script_, absl::StrCat(R"(
    book rig @ tue 9:00-10:00 by bob                  -> ok
    book rig @ tue 9:00-11:00 by eve                  -> ok
    r1: book cabins*2 @ mon 9:00-12:00                -> ok
    r2: book cabins @ mon 9:00-12:00 by bob wait yes  -> wait-listed
    r3: book cabins @ mon 9:00-12:00 by bob wait yes  -> wait-listed
    r4: book cabins @ mon 9:00-12:00 by eve wait yes  -> wait-listed
    cancel r1                                         -> ok
    see r2                                            -> )",
                                     kOfferedOnMonday, R"(
    see r3                                            -> wait-listed mon 09:00-12:00 until mon 09:00
    see r4                                            -> )",
                                     kOfferedOnMonday, R"(
    # what is declined is given back
    cancel r4 by eve                                  -> ok
    see r3                                            -> )",
                                     kOfferedOnMonday));
}

TEST_F(FairShareTest, ItLimitsAsEveryQuotaDoes) {
  AddTurns();
  EXPECT_TABLE(script_, R"(
    book rig*5 @ tue 9:00-13:00 by bob      -> ok
    book rig @ wed 9:00-10:00 by bob        -> quota_exceeded rig
  )");
}

// A hundredth of a per cent of two hours is not a second.
TEST_F(FairShareTest, AShareThatComesToNothingIsUsedUp) {
  Asset kiln = support::MakeAsset("kiln");
  kiln.calendar = support::Hours("mon-fri", "9:00-11:00");
  world_.Add(kiln);
  Quota quota = TimeQuota(0, QuotaPeriod::kDay, {Dimension::kAsset});
  quota.share = CapacityShare{1, CapacityBase::kOpening};
  quota.effect = Effect::kWarn;
  AddShareOf("bob", quota);
  EXPECT_TABLE(script_, R"(
    r1: book kiln @ mon 9:00-11:00                -> ok
    r2: book kiln @ mon 9:00-11:00 by bob wait yes -> wait-listed
    r3: book kiln @ mon 9:00-11:00 by eve wait yes -> wait-listed
    cancel r1                                      -> ok
  )");
  EXPECT_TRUE(IsOffered("r3"));
}

TEST_F(FairShareTest, WhoseSiteIsGoneIsPassedOver) {
  AddTurns();
  world_.Add(support::MakeSite("attic"));
  world_.Add(support::MakeMobile("lab"));
  EXPECT_TABLE(script_, R"(
    r1: book lab @ mon 9:00-12:00 at tartu                   -> ok
    r2: book lab @ mon 9:00-12:00 at attic by bob wait yes   -> wait-listed
    r3: book lab @ mon 9:00-12:00 at tartu by eve wait yes   -> wait-listed
  )");
  const auto gone = world_.Run(DeleteRecord{"sites", "attic"});
  ASSERT_TRUE(gone.ok()) << support::Describe(gone.error());
  EXPECT_TABLE(script_, "cancel r1 -> ok");
  EXPECT_TRUE(IsOffered("r3"));
}

}  // namespace
}  // namespace labslot::engine
