// What the rules say of a reservation that is there, or could be made.

#include "daemon/engine/explain.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/engine/random_world.h"
#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Binding;
using support::Draft;
using support::ErrorWord;
using support::Item;
using support::kHour;
using support::MakeAsset;
using support::MakeOrganisation;
using support::MakeSite;
using support::MakeUser;
using support::RuleWord;
using support::Span;
using support::World;

Policy MakePolicy(const std::string& id, PolicyRule rule) {
  Policy policy;
  policy.id = id;
  policy.display_name = id;
  policy.rule = std::move(rule);
  return policy;
}

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    world_.Add(MakeSite("lommel"));
    Asset oven = MakeAsset("oven");
    oven.kind = "furnace";
    world_.Add(oven);
    world_.Add(MakeAsset("press"));
    world_.Add(MakeOrganisation("other"));
    world_.Add(MakeUser("zoe", {"other"}));
    world_.Add(MakeUser("bob", {"acme"}));
    User manager = MakeUser("mia");
    manager.role_bindings = {Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(manager);
  }

  void AddPolicy(const std::string& id, PolicyRule rule, Effect effect = Effect::kReject) {
    Policy policy = MakePolicy(id, std::move(rule));
    policy.effect = effect;
    world_.Add(policy);
  }

  void AddQuota(const std::string& id, Measure measure, int64_t limit, QuotaPeriod period) {
    Quota quota;
    quota.id = id;
    quota.display_name = id;
    quota.each = {Dimension::kUser};
    quota.measure = measure;
    quota.limit = limit;
    quota.period = period;
    world_.Add(quota);
  }

  Result<Explanation> OfDraft(const Reservation& draft, const std::string& user = "ada") const {
    return ExplainDraft(world_.state(), world_, {user}, draft, world_.now);
  }

  Result<Explanation> Of(ReservationId id, const std::string& user = "ada") const {
    return ExplainReservation(world_.state(), world_, {user}, id, world_.now);
  }

  // The verdicts of rules that were made as data, such as
  // `policies/a too_long BROKEN: 2 h, 3 h` with the limit and what was found.
  static std::vector<std::string> MadeAsData(const Explanation& explanation) {
    std::vector<std::string> words;
    for (const RuleVerdict& verdict : explanation.verdicts) {
      const Violation& rule = verdict.rule;
      if (rule.source.empty()) continue;
      words.push_back(absl::StrCat(rule.source, " ", RuleWord(rule.rule),
                                   verdict.broken ? " BROKEN: " : ": ", rule.limit, "; ",
                                   rule.found));
    }
    return words;
  }

  static const RuleVerdict* Find(const Explanation& explanation, Rule rule) {
    for (const RuleVerdict& verdict : explanation.verdicts) {
      if (verdict.rule.rule == rule) return &verdict;
    }
    return nullptr;
  }

  World world_;
};

TEST_F(ExplainTest, EachRuleThatAppliesIsToldWithLimitAndFound) {
  AddPolicy("length", DurationRule{kHour, 4 * kHour});
  AddPolicy("steps", GranularityRule{kHour / 2});
  AddPolicy("trained", QualificationRule{"sem"}, Effect::kWarn);
  AddQuota("hours", Measure::kTime, 6 * kHour, QuotaPeriod::kWeek);
  AddQuota("runs", Measure::kCount, 3, QuotaPeriod::kDay);
  Policy asleep = MakePolicy("asleep", DurationRule{0, 1});
  asleep.sleeps = {support::Weekly("mon", "0:00-24:00")};
  Policy off = MakePolicy("off", DurationRule{0, 1});
  off.disabled = true;
  Policy lasers = MakePolicy("lasers", DurationRule{0, 1});
  lasers.applies_to.emplace_back().asset_kinds = {"laser"};
  Policy others = MakePolicy("others", DurationRule{0, 1});
  others.except.emplace_back().users = {"ada"};
  for (const Policy& policy : {asleep, off, lasers, others}) world_.Add(policy);

  const auto fine = OfDraft(Draft({Item("oven")}, Span("mon 9:00-11:00")));
  ASSERT_TRUE(fine.ok());
  EXPECT_EQ(MadeAsData(fine.value()),
            (std::vector<std::string>{
                "policies/length too_short: at least 1 h; 2 h",
                "policies/length too_long: at most 4 h; 2 h",
                "policies/steps off_grid: steps of 30 min; Mon 2027-03-01 09:00 to 11:00 "
                "Europe/Brussels",
                "policies/trained not_qualified BROKEN: sem until Mon 2027-03-01 11:00 "
                "Europe/Brussels; none",
                "quotas/hours quota_exceeded: 6 h; 2 h",
                "quotas/runs quota_exceeded: 3 bookings; 1 booking",
            }));
  EXPECT_FALSE(fine.value().refusal);
  EXPECT_FALSE(fine.value().needs_approval);
}

TEST_F(ExplainTest, BrokenRulesHaveWordsAndTheOthersHaveNone) {
  AddPolicy("length", DurationRule{kHour, 4 * kHour});
  AddQuota("hours", Measure::kTime, 6 * kHour, QuotaPeriod::kWeek);
  const auto explained = OfDraft(Draft({Item("oven")}, Span("mon 9:00-14:00")));
  ASSERT_TRUE(explained.ok());
  bool any_fine = false;
  for (const RuleVerdict& verdict : explained.value().verdicts) {
    EXPECT_EQ(verdict.broken, !verdict.rule.message.empty()) << RuleWord(verdict.rule.rule);
    EXPECT_EQ(verdict.broken, verdict.rule.rule == Rule::kTooLong);
    any_fine = any_fine || !verdict.broken;
  }
  EXPECT_TRUE(any_fine);
  ASSERT_TRUE(explained.value().refusal);
  EXPECT_EQ(explained.value().refusal->violations.size(), 1u);
}

TEST_F(ExplainTest, WhatWouldHaveToWaitIsSaid) {
  AddPolicy("ask", ApprovalRule{}, Effect::kNeedsApproval);
  const Reservation draft = Draft({Item("oven")}, Span("mon 9:00-11:00"));
  const auto explained = OfDraft(draft);
  ASSERT_TRUE(explained.ok());
  EXPECT_TRUE(explained.value().needs_approval);
  EXPECT_FALSE(explained.value().refusal);
  // What stands does not need the approval again.
  const auto booked = world_.Book(draft);
  ASSERT_TRUE(booked.ok());
  const auto standing = Of(std::get<Reservation>(booked.value().result).id);
  ASSERT_TRUE(standing.ok());
  EXPECT_FALSE(standing.value().needs_approval);
}

TEST_F(ExplainTest, ConflictsAreMaskedForWhoMayNotSeeThem) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-11:00")));
  const Reservation draft = Draft({Item("oven")}, Span("mon 10:00-12:00"));
  const std::pair<const char*, ReservationId> table[] = {
      {"zoe", 0}, {"bob", id}, {"ada", id}, {"mia", id}};
  for (const auto& [user, shown] : table) {
    const auto explained = OfDraft(draft, user);
    ASSERT_TRUE(explained.ok());
    const RuleVerdict* verdict = Find(explained.value(), Rule::kCapacityExceeded);
    ASSERT_NE(verdict, nullptr);
    EXPECT_TRUE(verdict->broken);
    ASSERT_EQ(verdict->rule.conflicts.size(), 1u);
    EXPECT_EQ(verdict->rule.conflicts[0].reservation, shown) << user;
    EXPECT_EQ(verdict->rule.conflicts[0].occupancy, Span("mon 9:00-11:00"));
    EXPECT_EQ(explained.value().refusal->violations[0].conflicts[0].reservation, shown) << user;
  }
}

TEST_F(ExplainTest, AReservationIsExplainedToWhoMaySeeIt) {
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-11:00")));
  EXPECT_TRUE(Of(id, "ada").ok());
  EXPECT_TRUE(Of(id, "bob").ok());
  EXPECT_TRUE(Of(id, "mia").ok());
  EXPECT_TRUE(Of(id, kLocalOperator).ok());
  for (const char* user : {"zoe", "nobody"}) {
    const auto hidden = Of(id, user);
    ASSERT_FALSE(hidden.ok()) << user;
    EXPECT_EQ(hidden.error().kind, ErrorKind::kNotFound);
  }
  EXPECT_EQ(Of(id + 1).error().kind, ErrorKind::kNotFound);
}

TEST_F(ExplainTest, WhatStandsIsJudgedByTheRulesAsTheyAreNow) {
  AddQuota("runs", Measure::kCount, 2, QuotaPeriod::kWeek);
  const ReservationId id = world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-12:00")));
  world_.MustBook(Draft({Item("oven")}, Span("mon 12:00-13:00")));
  const auto before = Of(id);
  ASSERT_TRUE(before.ok());
  EXPECT_FALSE(before.value().refusal);
  // It counts once, and its own slot is not in its way.
  EXPECT_EQ(MadeAsData(before.value()),
            (std::vector<std::string>{"quotas/runs quota_exceeded: 2 bookings; 2 bookings"}));
  AddPolicy("length", DurationRule{0, 2 * kHour});
  world_.now = At("mon 13:00");
  const auto after = Of(id);
  ASSERT_TRUE(after.ok());
  ASSERT_TRUE(after.value().refusal);
  ASSERT_EQ(after.value().refusal->violations.size(), 1u);
  EXPECT_EQ(after.value().refusal->violations[0].rule, Rule::kTooLong);
  EXPECT_EQ(after.value().refusal->violations[0].source, "policies/length");
}

// The explanation of a draft and the answer to CreateReservation.
void ExpectSameAnswer(const World& world, const std::string& user, const Reservation& draft) {
  const auto explained = ExplainDraft(world.state(), world, {user}, draft, world.now);
  const auto created = world.Try({user}, CreateReservation{draft, 0});
  if (!explained.ok()) {
    ASSERT_FALSE(created.ok());
    EXPECT_EQ(explained.error().kind, created.error().kind);
    EXPECT_EQ(explained.error().message, created.error().message);
    EXPECT_EQ(explained.error().fields, created.error().fields);
    return;
  }
  ASSERT_EQ(explained.value().refusal.has_value(), !created.ok());
  std::vector<Violation> broken;
  for (const RuleVerdict& verdict : explained.value().verdicts) {
    if (verdict.broken) broken.push_back(verdict.rule);
  }
  if (created.ok()) {
    const auto& granted = std::get<Reservation>(created.value().result);
    EXPECT_EQ(granted.notes.size(), broken.size());
    EXPECT_EQ(granted.state == ReservationState::kPending, explained.value().needs_approval);
    return;
  }
  EXPECT_EQ(*explained.value().refusal, *created.error().refusal);
  EXPECT_EQ(broken, created.error().refusal->violations);
}

TEST_F(ExplainTest, ADraftIsExplainedAsItWouldBeAnswered) {
  AddPolicy("length", DurationRule{kHour, 4 * kHour});
  AddPolicy("mind", GranularityRule{kHour}, Effect::kWarn);
  AddPolicy("trained", QualificationRule{"sem"}, Effect::kNeedsApproval);
  AddQuota("runs", Measure::kCount, 2, QuotaPeriod::kFuture);
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-11:00")));
  world_.MustBook(Draft({Item("press")}, Span("tue 9:00-11:00")), "zoe");
  Reservation for_bob = Draft({Item("oven")}, Span("tue 9:00-11:00"));
  for_bob.user = "bob";
  Reservation of_none = Draft({Item("oven")}, Span("tue 9:00-11:00"));
  of_none.organisation = "none";
  const Reservation drafts[] = {
      Draft({Item("oven")}, Span("tue 9:00-11:00")),
      Draft({Item("oven")}, Span("tue 9:30-11:00")),
      Draft({Item("oven"), Item("press")}, Span("tue 9:30-19:00")),
      Draft({Item("oven", 3)}, Span("mon 10:00-10:20")),
      Draft({Item("oven")}, Span("2027-02-27 9:00/2027-02-27 11:00")),
      Draft({Item("none")}, Span("tue 9:00-11:00")),
      Draft({Item("oven")}, Span("tue 9:00-11:00"), "none"),
      Draft({Item("oven")}, Span("tue 9:00-11:00"), "lommel"),
      for_bob,
      of_none,
  };
  for (const Reservation& draft : drafts) {
    for (const char* user : {"ada", "zoe", "bob", "mia", "nobody", kLocalOperator}) {
      SCOPED_TRACE(testing::Message() << user << " draft " << &draft - drafts);
      ExpectSameAnswer(world_, user, draft);
    }
  }
}

TEST_F(ExplainTest, QuotaUsageIsWhatIsUsedWithoutTheDraft) {
  AddQuota("hours", Measure::kTime, 6 * kHour, QuotaPeriod::kWeek);
  AddQuota("runs", Measure::kCount, 3, QuotaPeriod::kDay);
  AddQuota("ahead", Measure::kCount, 5, QuotaPeriod::kFuture);
  Quota lasers;
  lasers.id = "lasers";
  lasers.limit = 1;
  lasers.applies_to.emplace_back().asset_kinds = {"laser"};
  world_.Add(lasers);
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-11:00")));
  world_.MustBook(Draft({Item("press")}, Span("tue 9:00-9:30")));
  world_.MustBook(Draft({Item("press")}, Span("2027-03-08 9:00/2027-03-08 10:00")));
  world_.MustBook(Draft({Item("press")}, Span("tue 12:00-13:00")), "bob");
  const auto words = [&](const Reservation& draft, const std::string& user = "ada") {
    const auto usages = QuotaUsageOf(world_.state(), {user}, draft, world_.now);
    std::vector<std::string> lines;
    if (!usages.ok()) return std::vector<std::string>{ErrorWord(usages.error().kind)};
    for (const QuotaUsage& usage : usages.value()) {
      lines.push_back(
          absl::StrCat(usage.quota, " ", usage.used, "/", usage.limit, " ", usage.scope));
    }
    return lines;
  };
  const Reservation tuesday = Draft({Item("oven")}, Span("tue 14:00-15:00"));
  EXPECT_EQ(words(tuesday), (std::vector<std::string>{
                                "ahead 3/5 users/ada, to come",
                                "hours 9000/21600 users/ada, week from 2027-03-01",
                                "runs 1/3 users/ada, 2027-03-02",
                            }));
  EXPECT_EQ(words(Draft({Item("oven")}, Span("2027-03-09 9:00/2027-03-09 10:00"))),
            (std::vector<std::string>{
                "ahead 3/5 users/ada, to come",
                "hours 3600/21600 users/ada, week from 2027-03-08",
                "runs 0/3 users/ada, 2027-03-09",
            }));
  const auto usages = QuotaUsageOf(world_.state(), {"ada"}, tuesday, world_.now);
  EXPECT_EQ(usages.value()[1].period, Span("2027-03-01 00:00/2027-03-08 00:00"));
  EXPECT_EQ(usages.value()[1].measure, Measure::kTime);
  EXPECT_EQ(usages.value()[2].display_name, "runs");
  // Of others it is told to who manages the assets.
  Reservation for_ada = tuesday;
  for_ada.user = "ada";
  EXPECT_EQ(words(for_ada, "ada").size(), 3u);
  EXPECT_EQ(words(for_ada, "mia").size(), 3u);
  EXPECT_EQ(words(for_ada, kLocalOperator).size(), 3u);
  EXPECT_EQ(words(for_ada, "bob"), (std::vector<std::string>{"role_required"}));
  EXPECT_EQ(words(Draft({Item("none")}, Span("tue 14:00-15:00"))),
            (std::vector<std::string>{"not_found"}));
}

TEST_F(ExplainTest, WhatAnotherOrganisationHasLeftIsNotTold) {
  world_.Add(support::MakeOrganisation("rival"));
  world_.Add(support::MakeUser("kim", {"rival"}));
  Quota quota;
  quota.id = "of-all";
  quota.each = {Dimension::kOrganisation};
  quota.limit = kHour;
  quota.period = QuotaPeriod::kWeek;
  world_.Add(quota);
  world_.MustBook(Draft({Item("oven")}, Span("mon 9:00-10:00")));
  Reservation draft = Draft({Item("oven")}, Span("tue 9:00-10:00"));
  draft.organisation = "acme";
  EXPECT_EQ(QuotaUsageOf(world_.state(), {"kim"}, draft, world_.now).error().kind,
            ErrorKind::kInvalidFields);
  const auto refused = world_.Book(draft, "kim");
  ASSERT_FALSE(refused.ok());
  ASSERT_EQ(refused.error().refusal->violations.size(), 1u);
  EXPECT_EQ(refused.error().refusal->violations[0].rule, Rule::kNotAMember);
}

TEST(ExplainPropertyTest, AnyDraftIsExplainedAsItWouldBeAnswered) {
  for (unsigned seed = 0; seed < support::Seeds(8, 100); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    World& world = random.world();
    Policy length = MakePolicy("length", DurationRule{0, 3 * kHour});
    length.sleeps = {support::Weekly("tue", "0:00-24:00")};
    world.Add(length);
    Policy steps = MakePolicy("steps", GranularityRule{kHour / 2});
    steps.effect = Effect::kWarn;
    world.Add(steps);
    Quota quota;
    quota.id = "hours";
    quota.each = {Dimension::kUser};
    quota.limit = 9 * kHour;
    quota.period = QuotaPeriod::kDay;
    world.Add(quota);
    for (int i = 0; i < 40; ++i) random.Step();
    for (int i = 0; i < 6; ++i) {
      ExpectSameAnswer(world, random.Roll(2) == 0 ? "ada" : "bob", random.AnyDraft());
    }
  }
}

}  // namespace
}  // namespace labslot::engine
