// What a change of rules does to the reservations that are there.

#include "daemon/engine/impact.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/engine/random_world.h"
#include "tests/engine/same_state.h"
#include "tests/support/records.h"
#include "tests/support/script.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Binding;
using support::Day;
using support::Draft;
using support::ErrorWord;
using support::Item;
using support::kDay;
using support::kHour;
using support::MakeAsset;
using support::MakeSite;
using support::MakeUser;
using support::RuleWord;
using support::Span;
using support::World;

// A selector with one entry in one of its lists.
Selector Of(std::vector<std::string> Selector::*list, const std::string& entry) {
  Selector selector;
  (selector.*list).push_back(entry);
  return selector;
}

Selector OfAsset(const std::string& asset) { return Of(&Selector::assets, asset); }

Policy MakePolicy(const std::string& id, PolicyRule rule, const std::string& asset = "") {
  Policy policy;
  policy.id = id;
  policy.display_name = id;
  policy.rule = std::move(rule);
  if (!asset.empty()) policy.applies_to = {OfAsset(asset)};
  return policy;
}

Policy AtMost(Seconds max, const std::string& asset = "") {
  return MakePolicy("length", DurationRule{0, max}, asset);
}

Quota AtMostRuns(int32_t count, const std::string& asset = "") {
  Quota quota;
  quota.id = "runs";
  quota.display_name = "runs";
  quota.each = {Dimension::kUser};
  quota.measure = Measure::kCount;
  quota.limit = count;
  quota.period = QuotaPeriod::kWeek;
  if (!asset.empty()) quota.applies_to = {OfAsset(asset)};
  return quota;
}

ReservationScan ScanOf(const World& world) {
  return [&world](Instant from, const ReservationVisitor& visitor) {
    world.VisitReservations(from, visitor);
  };
}

std::string ErrorWords(const Error& error) {
  std::string word = ErrorWord(error.kind);
  for (const FieldViolation& field : error.fields) absl::StrAppend(&word, " ", field.field);
  return word;
}

class ImpactTest : public testing::Test {
 protected:
  ImpactTest() {
    HolidayRegion region = support::MakeRegion("be", {support::Feast("2027-12-25", "Christmas")});
    world_.Add(region);
    Site lommel = MakeSite("lommel");
    lommel.calendar = support::Hours("mon-sun", "6:00-22:00");
    lommel.calendar->holiday_region = "be";
    world_.Add(lommel);
    for (const char* id : {"oven", "press"}) world_.Add(MakeAsset(id));
    User bob = MakeUser("bob", {"acme"});
    bob.qualifications = {{"sem", 0}, {"laser", At("wed 12:00")}};
    world_.Add(bob);
    User manager = MakeUser("mia");
    manager.role_bindings = {Binding(Role::kAssetManager, ScopeKind::kAsset, "oven")};
    world_.Add(manager);
  }

  void Book(const std::string& label, const std::string& asset, const std::string& span,
            const std::string& user = "ada") {
    labels_[world_.MustBook(Draft({Item(asset)}, Span(span)), user)] = label;
  }

  ReservationId Id(const std::string& label) const {
    for (const auto& [id, known] : labels_) {
      if (known == label) return id;
    }
    ADD_FAILURE() << "there is no reservation " << label;
    return 0;
  }

  // Those that the change would break, with the rules, or the error in words.
  // ApplyPolicy must say and do the same.
  std::string Broken(const RuleChange& change, const std::string& user = kLocalOperator,
                     const std::optional<Interval>& interval = std::nullopt) {
    const auto impact =
        ImpactOf(world_.catalogue(), change, {user}, interval, ScanOf(world_), world_.now);
    const State before = world_.state();
    const auto applied = world_.Try(
        {user}, ApplyPolicy{change.records, change.removals, Existing::kWarn, 0}, "because");
    ExpectSameState(before, world_.state());
    const auto outcome = [](const auto& result) {
      return result.ok() ? "ok" : ErrorWords(result.error());
    };
    EXPECT_EQ(outcome(impact), outcome(applied));
    if (!impact.ok() || !applied.ok()) return outcome(impact);
    judged_ = impact.value().judged_count;
    std::vector<std::string> words;
    for (const BrokenReservation& broken : impact.value().broken) {
      std::string word = labels_.at(broken.reservation.id);
      for (const Violation& v : broken.violations) absl::StrAppend(&word, " ", RuleWord(v.rule));
      words.push_back(std::move(word));
    }
    if (!interval) ExpectNotesAs(impact.value(), applied.value());
    return absl::StrJoin(words, ", ");
  }

  static void ExpectNotesAs(const Impact& impact, const Decision& decision) {
    std::map<ReservationId, size_t> notes;
    for (const Change& change : decision.changes) {
      if (const auto* r = std::get_if<Reservation>(&change.event.resource)) {
        EXPECT_EQ(change.event.type, EventType::kUpdated);
        notes[r->id] = r->notes.size() - std::get<Reservation>(*change.before).notes.size();
      }
    }
    EXPECT_EQ(notes.size(), impact.broken.size());
    for (const BrokenReservation& broken : impact.broken) {
      EXPECT_EQ(notes[broken.reservation.id], broken.violations.size());
    }
  }

  std::string Apply(const ApplyPolicy& apply, const std::string& user = kLocalOperator) {
    const auto result = world_.Run({user}, apply, "new safety rule");
    return result.ok() ? "ok" : ErrorWords(result.error());
  }

  World world_;
  std::map<ReservationId, std::string> labels_;
  size_t judged_ = 0;
};

TEST_F(ImpactTest, ANewGreatestLengthBreaksWhatIsLonger) {
  Book("r1", "oven", "tue 8:00-14:00");
  Book("r2", "oven", "mon 8:00-12:00");
  Book("r3", "press", "mon 8:00-13:00", "bob");
  EXPECT_EQ(Broken({{AtMost(4 * kHour)}, {}}), "r3 too_long, r1 too_long");
  EXPECT_EQ(judged_, 3u);
  EXPECT_EQ(Broken({{AtMost(4 * kHour, "oven")}, {}}), "r1 too_long");
  EXPECT_EQ(Broken({{AtMost(6 * kHour)}, {}}), "");
  Policy off = AtMost(kHour);
  off.disabled = true;
  EXPECT_EQ(Broken({{off}, {}}), "");
}

TEST_F(ImpactTest, OnlyWhatIsToComeInTheIntervalIsJudged) {
  Book("r1", "oven", "mon 8:00-14:00");
  Book("r2", "oven", "tue 8:00-14:00");
  Book("r3", "oven", "wed 8:00-14:00");
  Book("r4", "oven", "thu 8:00-14:00");
  ASSERT_TRUE(world_.Cancel(Id("r3")).ok());
  world_.now = At("mon 8:00");
  const RuleChange change{{AtMost(kHour)}, {}};
  EXPECT_EQ(Broken(change), "r2 too_long, r4 too_long");
  EXPECT_EQ(judged_, 2u);
  EXPECT_EQ(Broken(change, kLocalOperator, Span("tue 13:00-thu 8:00")), "r2 too_long");
  EXPECT_EQ(judged_, 1u);
  EXPECT_EQ(Broken(change, kLocalOperator, Span("tue 14:00-thu 8:00")), "");
}

TEST_F(ImpactTest, AClosureBreaksWhatLiesInIt) {
  Book("r1", "oven", "tue 8:00-9:00");
  Book("r2", "press", "tue 8:00-9:00");
  Book("r3", "oven", "wed 8:00-9:00");
  Asset oven = *world_.catalogue().FindAsset("oven");
  oven.calendar = Calendar();
  oven.calendar->exceptions = {support::Closed("tue", "tue")};
  EXPECT_EQ(Broken({{oven}, {}}), "r1 outside_opening_hours");
  Site lommel = *world_.catalogue().FindSite("lommel");
  lommel.calendar->exceptions = {support::Special("tue", "tue", {"8:30-12:00"})};
  EXPECT_EQ(Broken({{lommel}, {}}), "r1 outside_opening_hours, r2 outside_opening_hours");
  lommel.calendar->exceptions = {support::Special("tue", "tue", {"8:00-9:00"})};
  EXPECT_EQ(Broken({{lommel}, {}}), "");
}

TEST_F(ImpactTest, ANewHolidayBreaksWhatLiesOnIt) {
  Book("r1", "oven", "tue 8:00-9:00");
  Book("r2", "oven", "wed 8:00-9:00");
  HolidayRegion region = *world_.catalogue().FindHolidayRegion("be");
  region.holidays.insert(region.holidays.begin(), support::Feast("2027-03-03", "Founding"));
  EXPECT_EQ(Broken({{region}, {}}), "r2 outside_opening_hours");
}

TEST_F(ImpactTest, AWindowForAGroupBreaksWhatOthersHave) {
  Book("r1", "oven", "tue 8:00-9:00");
  Book("r2", "oven", "tue 9:00-10:00", "bob");
  Group staff;
  staff.id = "staff";
  staff.users = {"bob"};
  Asset oven = *world_.catalogue().FindAsset("oven");
  oven.calendar = support::Hours("mon-sun", "6:00-22:00");
  oven.calendar->weekly[0].window.groups = {"staff"};
  EXPECT_EQ(Broken({{staff, oven}, {}}), "r1 not_open_for_holder");
  // Once it is there, taking somebody out of the group breaks what he has.
  ASSERT_EQ(Apply({{staff, oven}, {}, Existing::kKeep, 0}), "ok");
  staff.users = {"ada"};
  EXPECT_EQ(Broken({{staff}, {}}), "r2 not_open_for_holder");
}

TEST_F(ImpactTest, ADemandedQualificationBreaksWhatOthersHave) {
  Book("r1", "oven", "mon 8:00-9:00");
  Book("r2", "oven", "mon 9:00-10:00", "bob");
  Book("r3", "oven", "wed 11:00-12:00", "bob");
  Book("r4", "oven", "wed 12:00-12:30", "bob");
  EXPECT_EQ(Broken({{MakePolicy("sem", QualificationRule{"sem"}, "oven")}, {}}),
            "r1 not_qualified");
  EXPECT_EQ(Broken({{MakePolicy("laser", QualificationRule{"laser"}, "oven")}, {}}),
            "r1 not_qualified, r4 not_qualified");
}

TEST_F(ImpactTest, OfMoreThanAQuotaAllowsThoseBookedLastBreakIt) {
  Book("r1", "oven", "thu 8:00-9:00");
  Book("r2", "oven", "wed 8:00-9:00", "bob");
  Book("r3", "press", "tue 8:00-9:00");
  Book("r4", "oven", "mon 8:00-9:00");
  EXPECT_EQ(Broken({{AtMostRuns(2)}, {}}), "r4 quota_exceeded");
  EXPECT_EQ(Broken({{AtMostRuns(1)}, {}}), "r4 quota_exceeded, r3 quota_exceeded");
  EXPECT_EQ(Broken({{AtMostRuns(2, "oven")}, {}}), "");
  Quota together = AtMostRuns(2);
  together.each.clear();
  EXPECT_EQ(Broken({{together}, {}}), "r4 quota_exceeded, r3 quota_exceeded");
  // What has begun counts first, and is not judged.
  world_.now = At("mon 8:30");
  EXPECT_EQ(Broken({{AtMostRuns(2)}, {}}), "r3 quota_exceeded");
}

TEST_F(ImpactTest, ACompanionThatWasBookedLaterWillDo) {
  Book("r1", "oven", "mon 8:00-10:00");
  Book("r2", "oven", "tue 8:00-10:00");
  Book("r3", "press", "mon 7:00-9:00");
  Book("r4", "press", "mon 9:00-10:00");
  Book("r5", "press", "tue 8:00-9:59");
  CompanionRule rule;
  rule.asset = "press";
  rule.other_reservation_will_do = true;
  EXPECT_EQ(Broken({{MakePolicy("pair", rule, "oven")}, {}}), "r2 companion_missing");
  rule.other_reservation_will_do = false;
  EXPECT_EQ(Broken({{MakePolicy("pair", rule, "oven")}, {}}),
            "r1 companion_missing, r2 companion_missing");
}

TEST_F(ImpactTest, RulesAboutTheMomentOfBookingAreNotJudged) {
  Book("r1", "oven", "mon 8:00-10:00");
  ReservedRule reserved;
  reserved.who = {Of(&Selector::users, "bob")};
  const PolicyRule rules[] = {NoticeRule{{30, 0}, {30, 0}, {30, 0}},
                              HorizonRule{{0, 60}},
                              LockRule{{30, 0}},
                              ProtectionRule{{30, 0}},
                              ApprovalRule{},
                              HoldRule{60, 60},
                              reserved,
                              GraceRule{60}};
  for (const PolicyRule& rule : rules) {
    EXPECT_EQ(Broken({{MakePolicy("rule", rule)}, {}}), "") << rule.index();
  }
}

TEST_F(ImpactTest, WhatWasBrokenBeforeIsNotReported) {
  Book("r1", "oven", "mon 8:00-14:00");
  Book("r2", "oven", "tue 8:00-12:00");
  Book("r3", "oven", "wed 8:00-10:00");
  ASSERT_EQ(Apply({{AtMost(5 * kHour), AtMostRuns(2)}, {}, Existing::kKeep, 0}), "ok");
  EXPECT_EQ(Broken({{AtMost(3 * kHour)}, {}}), "r2 too_long");
  EXPECT_EQ(Broken({{AtMostRuns(1)}, {}}), "r2 quota_exceeded");
  // A rule of its own is another one, even if it demands the same.
  Policy second = AtMost(5 * kHour);
  second.id = "second";
  EXPECT_EQ(Broken({{second}, {}}), "r1 too_long");
  EXPECT_EQ(Broken({{MakePolicy("steps", GranularityRule{kHour})}, {}}), "");
}

TEST_F(ImpactTest, ARemovalBreaksWhatItAllowed) {
  Policy through = MakePolicy("through", ClosedTimeRule{}, "oven");
  world_.Add(through);
  world_.Add(AtMostRuns(5));
  Book("r1", "oven", "mon 8:00-tue 8:00");
  Book("r2", "oven", "wed 8:00-9:00");
  EXPECT_EQ(Broken({{}, {"quotas/runs"}}), "");
  EXPECT_EQ(Broken({{}, {"policies/through", "quotas/runs"}}), "r1 outside_opening_hours");
  EXPECT_EQ(Apply({{AtMost(kDay)}, {"policies/through", "quotas/runs"}, Existing::kWarn, 0}), "ok");
  EXPECT_EQ(world_.catalogue().FindPolicy("through"), nullptr);
  EXPECT_EQ(world_.catalogue().FindQuota("runs"), nullptr);
  EXPECT_NE(world_.catalogue().FindPolicy("length"), nullptr);
  EXPECT_EQ(world_.reservation(Id("r1")).notes.size(), 1u);
}

TEST_F(ImpactTest, WhatIsBrokenIsKeptWarnedOrCancelled) {
  Book("r1", "oven", "mon 8:00-14:00");
  Book("r2", "oven", "tue 11:59-18:00");
  Book("r3", "oven", "2027-03-03 12:00/2027-03-03 18:00");
  Book("r4", "press", "thu 8:00-9:00");
  const World clean = world_;
  const struct {
    Existing existing;
    Seconds notice;
    const char* states[4];  // and the notes of each
  } table[] = {
      {Existing::kKeep, 0, {"confirmed 0", "confirmed 0", "confirmed 0", "confirmed 0"}},
      {Existing::kWarn, 0, {"confirmed 1", "confirmed 1", "confirmed 1", "confirmed 0"}},
      {Existing::kCancel, 0, {"cancelled 0", "cancelled 0", "cancelled 0", "confirmed 0"}},
      {Existing::kCancel, kDay, {"confirmed 1", "cancelled 0", "cancelled 0", "confirmed 0"}},
      // Just at the end of the notice is not sooner.
      {Existing::kCancel, 3 * kDay, {"confirmed 1", "confirmed 1", "cancelled 0", "confirmed 0"}},
      {Existing::kCancel,
       3 * kDay + 1,
       {"confirmed 1", "confirmed 1", "confirmed 1", "confirmed 0"}},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(testing::Message() << static_cast<int>(row.existing) << " " << row.notice);
    world_ = clean;
    ASSERT_EQ(Apply({{AtMost(kHour)}, {}, row.existing, row.notice}), "ok");
    for (int i = 0; i < 4; ++i) {
      const Reservation& r = world_.reservation(Id(absl::StrCat("r", i + 1)));
      EXPECT_EQ(absl::StrCat(std::string(StateWord(r.state)), " ", r.notes.size()), row.states[i]);
      const bool cancelled = r.state == ReservationState::kCancelled;
      EXPECT_EQ(r.state_reason, cancelled ? "new safety rule" : "");
      for (const Note& note : r.notes) {
        EXPECT_EQ(note.kind, NoteKind::kWarning);
        EXPECT_EQ(note.rule, Rule::kTooLong);
        EXPECT_EQ(note.source, "policies/length");
        EXPECT_EQ(note.asset, "oven");
        EXPECT_NE(note.message, "");
      }
    }
    EXPECT_NE(world_.catalogue().FindPolicy("length"), nullptr);
  }
}

TEST_F(ImpactTest, NotesAreAddedToThoseThatAreThere) {
  Policy warning = MakePolicy("mind", ApprovalRule{});
  warning.effect = Effect::kWarn;
  world_.Add(warning);
  Book("r1", "oven", "mon 8:00-14:00");
  ASSERT_EQ(world_.reservation(Id("r1")).notes.size(), 1u);
  ASSERT_EQ(Apply({{AtMost(kHour)}, {}, Existing::kWarn, 0}), "ok");
  const std::vector<Note>& notes = world_.reservation(Id("r1")).notes;
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_EQ(notes[0].source, "policies/mind");
  EXPECT_EQ(notes[1].source, "policies/length");
}

TEST_F(ImpactTest, RecordsComeFirstAndReservationsFollowWithoutGap) {
  Book("r1", "oven", "mon 8:00-14:00");
  Book("r2", "oven", "tue 8:00-14:00");
  const Revision head = world_.state().head();
  const auto result = world_.Run(
      LocalOperator(), ApplyPolicy{{AtMost(kHour)}, {}, Existing::kCancel, 2 * kDay}, "because");
  ASSERT_TRUE(result.ok());
  const auto& changes = result.value().changes;
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].event.type, EventType::kCreated);
  EXPECT_EQ(std::get<Policy>(changes[0].event.resource).revision, head + 1);
  EXPECT_EQ(changes[1].event.type, EventType::kUpdated);
  EXPECT_EQ(changes[2].event.type, EventType::kUpdated);
  for (size_t i = 0; i < changes.size(); ++i) {
    EXPECT_EQ(changes[i].event.revision, head + 1 + static_cast<Revision>(i));
    EXPECT_EQ(changes[i].event.reason, "because");
  }
  // The same again changes nothing, and warns nobody twice.
  const auto again =
      world_.Try(LocalOperator(), ApplyPolicy{{AtMost(kHour)}, {}, Existing::kWarn, 0}, "because");
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again.value().changes.empty());
  EXPECT_EQ(again.value().unchanged_count, 1);
}

TEST_F(ImpactTest, WhatIsNamedMustExist) {
  world_.Add(AtMost(kDay));
  Policy group = AtMost(kHour);
  group.except = {Of(&Selector::groups, "none")};
  CompanionRule companion;
  companion.asset = "none";
  const struct {
    RuleChange change;
    const char* outcome;
  } table[] = {
      {{{}, {"policies/none"}}, "not_found"},
      {{{}, {"quotas/length"}}, "not_found"},
      {{{}, {"policies/length", "assets/oven"}}, "invalid removals[1]"},
      {{{}, {"length"}}, "invalid removals[0]"},
      {{{AtMost(kHour, "none")}, {}}, "invalid changes.policies[0].applies_to[0].assets[0]"},
      {{{AtMostRuns(1), group}, {}}, "invalid changes.policies[0].except[0].groups[0]"},
      {{{MakePolicy("pair", companion)}, {}}, "invalid changes.policies[0].companion.asset"},
      {{{AtMost(kHour), AtMost(2 * kHour)}, {}}, "invalid changes.policies[1].name"},
  };
  for (const auto& row : table) EXPECT_EQ(Broken(row.change), row.outcome);
}

TEST_F(ImpactTest, ManagersWriteRulesThatNameTheirAssetsOnly) {
  Book("r1", "oven", "mon 8:00-14:00");
  Policy both = AtMost(kHour, "oven");
  both.applies_to.push_back(OfAsset("press"));
  Policy kind = AtMost(kHour, "oven");
  kind.applies_to.push_back(Of(&Selector::asset_kinds, "lab"));
  Policy narrow = AtMost(kHour, "oven");
  narrow.applies_to[0].users = {"bob"};
  world_.Add(MakePolicy("of-press", DurationRule{0, kDay}, "press"));
  world_.Add(MakePolicy("of-oven", DurationRule{0, kDay}, "oven"));
  const struct {
    const char* user;
    RuleChange change;
    const char* outcome;
  } table[] = {
      {"mia", {{AtMost(kHour, "oven")}, {}}, "r1 too_long"},
      {"mia", {{narrow}, {}}, ""},
      {"mia", {{AtMostRuns(1, "oven")}, {}}, ""},
      {"mia", {{AtMost(kHour, "press")}, {}}, "role_required"},
      {"mia", {{AtMostRuns(1, "press")}, {}}, "role_required"},
      {"mia", {{both}, {}}, "role_required"},
      {"mia", {{kind}, {}}, "role_required"},
      {"mia", {{AtMost(kHour)}, {}}, "role_required"},
      {"mia", {{}, {"policies/of-oven"}}, ""},
      {"mia", {{}, {"policies/of-press"}}, "role_required"},
      // A rule about another asset cannot be turned into one about the own.
      {"mia", {{MakePolicy("of-press", DurationRule{0, kHour}, "oven")}, {}}, "role_required"},
      {"ada", {{AtMost(kHour, "oven")}, {}}, "role_required"},
      {"ada", {{}, {"policies/of-oven"}}, "role_required"},
      {"nobody", {{AtMost(kHour, "oven")}, {}}, "role_required"},
  };
  for (size_t i = 0; i < std::size(table); ++i) {
    EXPECT_EQ(Broken(table[i].change, table[i].user), table[i].outcome) << "row " << i;
  }
}

// A random change of rules for the assets of a random world.
RuleChange AnyChange(RandomWorld& random) {
  const std::string asset = random.AnyAsset();
  switch (random.Roll(5)) {
    case 0:
      return {{AtMost(600 * (1 + static_cast<int>(random.Roll(20))), asset)}, {}};
    case 1:
      return {{AtMostRuns(1 + static_cast<int32_t>(random.Roll(4)))}, {}};
    case 2:
      return {{MakePolicy("steps", GranularityRule{random.Roll(2) == 0 ? kHour : kHour / 2})}, {}};
    case 3:
      return {{MakePolicy("rest", BufferRule{kHour, false, random.Roll(2) == 0})}, {}};
    default: {
      Site lommel = *random.world().catalogue().FindSite("lommel");
      lommel.calendar = support::Hours("mon-sun", random.Roll(2) == 0 ? "9:00-16:00" : "8:00-9:00");
      return {{lommel, AtMost(2 * kHour)}, {}};
    }
  }
}

// Whoever asks first what a change would break must not be surprised by it.
TEST(ImpactPropertyTest, TestingAChangeSaysWhatApplyingItDoes) {
  for (unsigned seed = 0; seed < support::Seeds(25, 300); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomWorld random(seed);
    for (int i = 0; i < 60; ++i) random.Step();
    World& world = random.world();
    const RuleChange change = AnyChange(random);
    const auto impact = ImpactOf(world.catalogue(), change, LocalOperator(), std::nullopt,
                                 ScanOf(world), world.now);
    ASSERT_TRUE(impact.ok()) << support::Describe(impact.error());
    std::set<ReservationId> broken;
    for (const BrokenReservation& b : impact.value().broken) {
      EXPECT_FALSE(b.violations.empty());
      EXPECT_EQ(b.reservation, world.reservation(b.reservation.id));
      broken.insert(b.reservation.id);
    }
    size_t to_come = 0;
    for (const auto& [id, r] : world.reservations()) {
      to_come += IsBlocking(r.state) && r.interval.start > world.now;
    }
    EXPECT_EQ(impact.value().judged_count, to_come);
    const auto applied =
        world.Run(LocalOperator(),
                  ApplyPolicy{change.records, change.removals, Existing::kCancel, 0}, "because");
    ASSERT_TRUE(applied.ok()) << support::Describe(applied.error());
    std::set<ReservationId> cancelled;
    for (const Change& c : applied.value().changes) {
      const auto* r = std::get_if<Reservation>(&c.event.resource);
      if (r == nullptr) continue;
      EXPECT_EQ(r->state, ReservationState::kCancelled);
      cancelled.insert(r->id);
    }
    EXPECT_EQ(cancelled, broken);
    // What is left breaks nothing that the change brought.
    const auto again = ImpactOf(world.catalogue(), {{}, {}}, LocalOperator(), std::nullopt,
                                ScanOf(world), world.now);
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again.value().broken.empty());
  }
}

}  // namespace
}  // namespace labslot::engine
