// Presets written out, and what is wrong with their parameters.

#include "daemon/engine/presets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "daemon/base/text.h"
#include "daemon/domain/names.h"
#include "tests/support/records.h"

namespace labslot::engine {
namespace {

using limits::kDay;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Parameters = std::map<std::string, std::string>;

constexpr Seconds kHour = 3600;

Selector Microscopes() {
  Selector selector;
  selector.asset_kinds = {"sem"};
  return selector;
}

// What must be given, for each preset that needs something.
Parameters Required(const std::string& preset) {
  if (preset == "owners-first") return {{"partners", "partners"}};
  if (preset == "site-ready") return {{"power_kw", "40"}, {"clearance_m", "4.0"}};
  if (preset == "teaching-first") return {{"term", "2027-02-08..2027-05-28"}};
  if (preset == "training-gate") return {{"qualification", "sem"}};
  return {};
}

Parameters With(const std::string& preset, const Parameters& changes) {
  Parameters parameters = changes;
  parameters.merge(Required(preset));
  return parameters;
}

// The rules of a preset with these values beside the required ones.
PresetRules Expand(const std::string& preset, const Parameters& changes = {},
                   const Selector& where = Microscopes()) {
  const auto rules = ExpandPreset(preset, where, "x", With(preset, changes));
  EXPECT_TRUE(rules.ok()) << preset;
  if (!rules.ok()) {
    for (const FieldViolation& field : rules.error().fields) {
      ADD_FAILURE() << field.field << " " << field.description;
    }
    return {};
  }
  return rules.value();
}

Policy OnlyPolicy(const std::string& preset, const Parameters& changes = {}) {
  const PresetRules rules = Expand(preset, changes);
  EXPECT_THAT(rules.policies, SizeIs(1));
  EXPECT_THAT(rules.quotas, IsEmpty());
  return rules.policies.empty() ? Policy() : rules.policies.front();
}

Quota OnlyQuota(const PresetRules& rules) {
  EXPECT_THAT(rules.quotas, SizeIs(1));
  return rules.quotas.empty() ? Quota() : rules.quotas.front();
}

const Policy& PolicyNamed(const PresetRules& rules, const std::string& id) {
  for (const Policy& policy : rules.policies) {
    if (policy.id == id) return policy;
  }
  ADD_FAILURE() << "no policy " << id;
  static const auto* const kNone = new Policy;
  return *kNone;
}

Lead LeadOf(const Policy& policy) {
  const auto* rule = std::get_if<HorizonRule>(&policy.rule);
  return rule == nullptr ? Lead() : rule->lead;
}

TEST(Presets, AreListedByName) {
  std::vector<std::string> names;
  for (const Preset& preset : Presets()) names.push_back(preset.name);
  EXPECT_THAT(names, ElementsAre("ask-first", "half-days", "hours-per-fortnight", "nano-facility",
                                 "off-peak-free", "owners-first", "shifts", "site-ready",
                                 "teaching-first", "training-gate"));
}

TEST(Presets, DescribeThemselvesAndEachParameter) {
  for (const Preset& preset : Presets()) {
    EXPECT_NE(preset.display_name, "") << preset.name;
    EXPECT_NE(preset.description, "") << preset.name;
    std::set<std::string> keys;
    for (const PresetParameter& parameter : preset.parameters) {
      EXPECT_TRUE(keys.insert(parameter.key).second) << preset.name << " " << parameter.key;
      EXPECT_NE(parameter.description, "") << preset.name << " " << parameter.key;
    }
    EXPECT_EQ(keys.count("override"), 1u) << preset.name;
    const Parameters required = Required(preset.name);
    for (const PresetParameter& parameter : preset.parameters) {
      EXPECT_EQ(parameter.default_value.empty(), required.count(parameter.key) != 0)
          << preset.name << " " << parameter.key;
    }
  }
}

// What every rule of every preset must be, whatever it demands.
template <typename T>
void ExpectSoundRules(const std::vector<T>& rules, const std::string& prefix) {
  std::set<std::string> ids;
  for (const T& rule : rules) {
    EXPECT_TRUE(IsLegalId(rule.id)) << rule.id;
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
    EXPECT_TRUE(rule.id == prefix || absl::StartsWith(rule.id, prefix + "-")) << rule.id;
    EXPECT_NE(rule.display_name, "") << rule.id;
    EXPECT_LE(rule.display_name.size(), limits::kMaxNameText) << rule.id;
    EXPECT_TRUE(absl::EndsWith(rule.description, ".")) << rule.description;
    EXPECT_LE(rule.description.size(), limits::kMaxText) << rule.id;
    EXPECT_TRUE(IsCleanText(rule.description)) << rule.id;
    EXPECT_FALSE(rule.disabled) << rule.id;
    EXPECT_EQ(rule.revision, 0) << rule.id;
    for (const Selector& selector : rule.applies_to) {
      EXPECT_THAT(selector.asset_kinds, ElementsAre("sem")) << rule.id;
    }
    EXPECT_THAT(rule.applies_to, SizeIs(1)) << rule.id;
  }
}

TEST(Presets, ExpandWithTheirDefaultsToSoundRules) {
  for (const Preset& preset : Presets()) {
    const PresetRules rules = Expand(preset.name);
    EXPECT_GE(rules.policies.size() + rules.quotas.size(), 1u) << preset.name;
    ExpectSoundRules(rules.policies, "x");
    ExpectSoundRules(rules.quotas, "x");
  }
}

TEST(Presets, ExpandAlikeWithTheirDefaultsWrittenOut) {
  for (const Preset& preset : Presets()) {
    Parameters written;
    for (const PresetParameter& parameter : preset.parameters) {
      if (!parameter.default_value.empty()) written[parameter.key] = parameter.default_value;
    }
    const PresetRules rules = Expand(preset.name);
    const PresetRules same = Expand(preset.name, written);
    EXPECT_EQ(rules.policies, same.policies) << preset.name;
    EXPECT_EQ(rules.quotas, same.quotas) << preset.name;
  }
}

TEST(Presets, GiveIdsThatBeginWithTheirNameUnlessToldOtherwise) {
  for (const Preset& preset : Presets()) {
    const auto rules = ExpandPreset(preset.name, Microscopes(), "", Required(preset.name));
    ASSERT_TRUE(rules.ok()) << preset.name;
    ExpectSoundRules(rules.value().policies, preset.name);
    ExpectSoundRules(rules.value().quotas, preset.name);
  }
}

TEST(Presets, LetManagersOverrideWhereSafetyIsNotAtStake) {
  for (const Preset& preset : Presets()) {
    const bool safety = preset.name == "site-ready" || preset.name == "training-gate";
    const auto expect_overriders = [&](const PresetRules& rules, bool managers) {
      for (const Policy& policy : rules.policies) {
        const bool refuses = !std::holds_alternative<GraceRule>(policy.rule);
        EXPECT_EQ(policy.overriders.managers, managers && refuses) << policy.display_name;
      }
      for (const Quota& quota : rules.quotas) EXPECT_EQ(quota.overriders.managers, managers);
    };
    expect_overriders(Expand(preset.name), !safety);
    expect_overriders(Expand(preset.name, {{"override", "managers"}}), true);
    expect_overriders(Expand(preset.name, {{"override", "nobody"}}), false);
  }
}

TEST(Presets, OfTheNanoFacilityAllowTwoBookingsInWorkingHours) {
  const PresetRules rules = Expand("nano-facility");
  const Quota quota = OnlyQuota(rules);
  EXPECT_EQ(quota.id, "x-future");
  EXPECT_THAT(quota.each, ElementsAre(Dimension::kUser, Dimension::kAsset));
  EXPECT_EQ(quota.measure, Measure::kCount);
  EXPECT_EQ(quota.limit, 2);
  EXPECT_EQ(quota.period, QuotaPeriod::kFuture);
  EXPECT_THAT(quota.prime_time, ElementsAre(support::Weekly("mon-fri", "8:00-17:00")));
  ASSERT_THAT(rules.policies, SizeIs(1));
  EXPECT_EQ(rules.policies[0].rule, PolicyRule(GraceRule{15 * 60}));

  const PresetRules other =
      Expand("nano-facility", {{"slots", "3"}, {"hours", "mon-sat 07:00-19:00"}, {"grace", "30m"}});
  EXPECT_EQ(OnlyQuota(other).limit, 3);
  EXPECT_THAT(OnlyQuota(other).prime_time, ElementsAre(support::Weekly("mon-sat", "7:00-19:00")));
  EXPECT_EQ(other.policies[0].rule, PolicyRule(GraceRule{30 * 60}));
}

TEST(Presets, OfTheFortnightCountHoursOfEachUserOnEachAsset) {
  const PresetRules rules = Expand("hours-per-fortnight");
  EXPECT_THAT(rules.policies, IsEmpty());
  const Quota quota = OnlyQuota(rules);
  EXPECT_EQ(quota.display_name, "20 h in 14 days");
  EXPECT_THAT(quota.each, ElementsAre(Dimension::kUser, Dimension::kAsset));
  EXPECT_EQ(quota.measure, Measure::kTime);
  EXPECT_EQ(quota.limit, 20 * kHour);
  EXPECT_EQ(quota.period, QuotaPeriod::kRolling);
  EXPECT_EQ(quota.rolling_days, 14);
  EXPECT_EQ(quota.counts_cancelled_within, 24 * kHour);
  EXPECT_TRUE(quota.counts_no_shows);

  const Quota other =
      OnlyQuota(Expand("hours-per-fortnight", {{"hours", "1d30m"}, {"days", "7"}, {"late", "0h"}}));
  EXPECT_EQ(other.limit, 24 * kHour + 1800);
  EXPECT_EQ(other.rolling_days, 7);
  EXPECT_EQ(other.counts_cancelled_within, 0);
  EXPECT_THAT(other.description, testing::Not(HasSubstr("cancelled")));
}

TEST(Presets, OfTeachingKeepTermsUntilTwoWeeksBefore) {
  const Policy policy =
      OnlyPolicy("teaching-first", {{"term", "2027-02-08..2027-05-28,2027-09-20..2027-12-17"}});
  const auto* rule = std::get_if<ReservedRule>(&policy.rule);
  ASSERT_NE(rule, nullptr);
  ASSERT_THAT(rule->who, SizeIs(1));
  EXPECT_THAT(rule->who[0].activity_classes, ElementsAre(ActivityClass::kEducation));
  EXPECT_EQ(rule->until, (Lead{14, 0}));
  EXPECT_THAT(policy.periods,
              ElementsAre(DateRange{absl::CivilDay(2027, 2, 8), absl::CivilDay(2027, 5, 28)},
                          DateRange{absl::CivilDay(2027, 9, 20), absl::CivilDay(2027, 12, 17)}));
  EXPECT_THAT(policy.sleeps,
              testing::UnorderedElementsAre(support::Weekly("mon-fri", "0:00-8:00"),
                                            support::Weekly("mon-fri", "18:00-24:00"),
                                            support::Weekly("sat-sun", "0:00-24:00")));

  const Policy other =
      OnlyPolicy("teaching-first", {{"hours", "mon-sun 00:00-24:00"}, {"release", "2d12h"}});
  EXPECT_THAT(other.sleeps, IsEmpty());
  EXPECT_EQ(std::get<ReservedRule>(other.rule).until, (Lead{2, 12 * kHour}));
}

TEST(Presets, OfOwnersGiveEachClassItsHorizon) {
  const PresetRules rules = Expand("owners-first");
  EXPECT_EQ(LeadOf(PolicyNamed(rules, "x-owners")), (Lead{180, 0}));
  EXPECT_EQ(LeadOf(PolicyNamed(rules, "x-partners")), (Lead{90, 0}));
  EXPECT_EQ(LeadOf(PolicyNamed(rules, "x-smes")), (Lead{30, 0}));
  EXPECT_EQ(LeadOf(PolicyNamed(rules, "x-others")), (Lead{30, 0}));
  EXPECT_THAT(PolicyNamed(rules, "x-owners").applies_to[0].relations,
              ElementsAre(Relation::kOwner));
  EXPECT_THAT(PolicyNamed(rules, "x-partners").applies_to[0].groups, ElementsAre("partners"));
  EXPECT_THAT(PolicyNamed(rules, "x-smes").applies_to[0].organisation_kinds,
              ElementsAre(OrganisationKind::kSme));
  EXPECT_EQ(PolicyNamed(rules, "x-others").applies_to[0], Microscopes());
  EXPECT_THAT(PolicyNamed(rules, "x-others").except, SizeIs(1));

  const PresetRules other = Expand("owners-first", {{"partners", "groups/allies"},
                                                    {"owners_ahead", "365d"},
                                                    {"partners_ahead", "120d"},
                                                    {"smes_ahead", "60d"},
                                                    {"others_ahead", "36h"}});
  EXPECT_EQ(LeadOf(PolicyNamed(other, "x-owners")), (Lead{365, 0}));
  EXPECT_EQ(LeadOf(PolicyNamed(other, "x-partners")), (Lead{120, 0}));
  EXPECT_EQ(LeadOf(PolicyNamed(other, "x-smes")), (Lead{60, 0}));
  EXPECT_EQ(LeadOf(PolicyNamed(other, "x-others")), (Lead{0, 36 * kHour}));
  EXPECT_THAT(PolicyNamed(other, "x-partners").applies_to[0].groups, ElementsAre("allies"));
}

TEST(Presets, OfOwnersHandTheShareOfSmesBack) {
  const Quota quota = OnlyQuota(Expand("owners-first"));
  EXPECT_EQ(quota.id, "x-sme-share");
  ASSERT_THAT(quota.except, SizeIs(1));
  EXPECT_THAT(quota.except[0].organisation_kinds, ElementsAre(OrganisationKind::kSme));
  EXPECT_THAT(quota.each, ElementsAre(Dimension::kAsset));
  EXPECT_EQ(quota.measure, Measure::kTime);
  EXPECT_EQ(quota.limit, 30 * kHour);
  EXPECT_EQ(quota.period, QuotaPeriod::kWeek);
  EXPECT_EQ(quota.hand_back, (Lead{14, 0}));

  const Quota other =
      OnlyQuota(Expand("owners-first", {{"others_max", "120h"}, {"hand_back", "7d"}}));
  EXPECT_EQ(other.limit, 120 * kHour);
  EXPECT_EQ(other.hand_back, (Lead{7, 0}));
  EXPECT_THAT(other.description, HasSubstr("at most 120 h a week"));
}

TEST(Presets, OfOwnersApplyToEverythingIfNothingIsNamed) {
  const PresetRules rules = Expand("owners-first", {}, Selector());
  EXPECT_THAT(PolicyNamed(rules, "x-others").applies_to, IsEmpty());
  EXPECT_THAT(PolicyNamed(rules, "x-owners").applies_to, SizeIs(1));
  EXPECT_THAT(OnlyQuota(rules).applies_to, IsEmpty());
}

TEST(Presets, OfShiftsFillTheDayFromTheFirstOn) {
  const struct {
    Parameters parameters;
    std::vector<WeeklyWindow> slots;
  } cases[] = {
      {{},
       {support::Weekly("mon-sun", "6:00-14:00"), support::Weekly("mon-sun", "14:00-22:00"),
        support::Weekly("mon-sun", "22:00-6:00")}},
      {{{"length", "12h"}, {"first", "00:00"}, {"days", "mon-fri"}},
       {support::Weekly("mon-fri", "0:00-12:00"), support::Weekly("mon-fri", "12:00-24:00")}},
      // Those after midnight begin on their own day.
      {{{"length", "8h"}, {"first", "10:00"}, {"days", "sat"}},
       {support::Weekly("sat", "10:00-18:00"), support::Weekly("sat", "18:00-2:00"),
        support::Weekly("sat", "2:00-10:00")}},
      {{{"length", "1d"}, {"first", "08:00"}}, {support::Weekly("mon-sun", "8:00-8:00")}},
  };
  for (const auto& c : cases) {
    const Policy policy = OnlyPolicy("shifts", c.parameters);
    const auto* rule = std::get_if<SlotRule>(&policy.rule);
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->slots, c.slots) << policy.description;
  }
}

TEST(Presets, OfHalfDaysHaveTwoSessions) {
  EXPECT_EQ(OnlyPolicy("half-days").rule,
            PolicyRule(SlotRule{{support::Weekly("mon-fri", "8:00-12:00"),
                                 support::Weekly("mon-fri", "13:00-17:00")}}));
  EXPECT_EQ(OnlyPolicy("half-days", {{"sessions", "sat 09:00-13:00"}}).rule,
            PolicyRule(SlotRule{{support::Weekly("sat", "9:00-13:00")}}));
}

TEST(Presets, OfTheTrainingGateAskForTheQualification) {
  EXPECT_EQ(OnlyPolicy("training-gate", {{"qualification", "laser-4"}}).rule,
            PolicyRule(QualificationRule{"laser-4"}));
}

TEST(Presets, OfAskingFirstAwaitApproval) {
  const Policy policy = OnlyPolicy("ask-first");
  EXPECT_EQ(policy.rule, PolicyRule(ApprovalRule{}));
  EXPECT_EQ(policy.effect, Effect::kNeedsApproval);
  EXPECT_TRUE(policy.approval.approvers.managers);
  EXPECT_EQ(policy.approval.time_out, 3 * kDay);
  EXPECT_FALSE(policy.approval.leaves_slot_free);

  const Policy other = OnlyPolicy(
      "ask-first", {{"approvers", "safety"}, {"time_out", "36h"}, {"leaves_slot_free", "yes"}});
  EXPECT_FALSE(other.approval.approvers.managers);
  EXPECT_THAT(other.approval.approvers.groups, ElementsAre("safety"));
  EXPECT_EQ(other.approval.time_out, 36 * kHour);
  EXPECT_TRUE(other.approval.leaves_slot_free);
}

TEST(Presets, OfOffPeakTimesSleepOutsideThePeak) {
  const Policy policy = OnlyPolicy("off-peak-free");
  EXPECT_EQ(policy.rule, PolicyRule(DurationRule{0, 4 * kHour}));
  EXPECT_THAT(policy.sleeps,
              testing::UnorderedElementsAre(support::Weekly("mon-fri", "0:00-8:00"),
                                            support::Weekly("mon-fri", "17:00-24:00"),
                                            support::Weekly("sat-sun", "0:00-24:00")));
  const Policy other =
      OnlyPolicy("off-peak-free", {{"max", "90m"}, {"peak", "mon-sun 00:00-20:00"}});
  EXPECT_EQ(other.rule, PolicyRule(DurationRule{0, 90 * 60}));
  EXPECT_THAT(other.sleeps, ElementsAre(support::Weekly("mon-sun", "20:00-24:00")));
}

TEST(Presets, OfTheReadySiteAskForPowerAndHeight) {
  EXPECT_EQ(OnlyPolicy("site-ready").rule, PolicyRule(SiteRule{40, 4.0, {}}));
  EXPECT_EQ(OnlyPolicy("site-ready", {{"power_kw", "0"}, {"clearance_m", "4.5"}}).rule,
            PolicyRule(SiteRule{0, 4.5, {}}));
}

// `ok`, or the fields that are wrong.
std::string Outcome(const Result<PresetRules>& result) {
  if (result.ok()) return "ok";
  if (result.error().kind == ErrorKind::kNotFound) return "no " + result.error().resource;
  EXPECT_EQ(result.error().kind, ErrorKind::kInvalidFields);
  return absl::StrJoin(result.error().fields, " ",
                       [](std::string* out, const FieldViolation& field) {
                         EXPECT_NE(field.description, "") << field.field;
                         *out += field.field;
                       });
}

TEST(Presets, ThatDoNotExistAreNotFound) {
  for (const char* name : {"", "nano", "Nano-Facility", "nano-facility "}) {
    EXPECT_EQ(Outcome(ExpandPreset(name, Selector(), "", {})), absl::StrCat("no presets/", name));
  }
}

TEST(Presets, RefuseValuesThatAreMalformedOrTooMuch) {
  const struct {
    const char* preset;
    const char* key;
    std::vector<std::string> good;
    std::vector<std::string> bad;
  } cases[] = {
      {"nano-facility", "slots", {"1", "10000000"}, {"", "0", "10000001", "-1", "two", "2.0"}},
      {"nano-facility", "hours", {"mon 00:00-24:00"}, {"", "mon-fri", "08:00-17:00", "always"}},
      {"nano-facility", "grace", {"1m", "24h"}, {"", "59s", "0m", "24h1s", "15", "15min"}},
      {"nano-facility", "override", {"managers", "nobody"}, {"", "everybody", "manager"}},
      {"hours-per-fortnight", "hours", {"1m", "366d"}, {"", "0h", "59s", "366d1s", "20"}},
      {"hours-per-fortnight", "days", {"1", "366"}, {"", "0", "367", "14d"}},
      {"hours-per-fortnight", "late", {"0h", "1830d"}, {"", "0", "1830d1s", "24"}},
      {"teaching-first", "term", {"2027-02-08"}, {"", "2027", "2027-05-28..2027-02-08", "spring"}},
      {"teaching-first", "hours", {"mon-sun 00:00-24:00"}, {"", "mon-fri 8-18"}},
      {"teaching-first", "release", {"1s", "3660d", "87840h"}, {"", "0d", "3661d", "87841h", "14"}},
      {"owners-first", "partners", {"p", "groups/p"}, {"", "P", "groups/", "users/p", "p-"}},
      {"owners-first", "owners_ahead", {"3660d"}, {"", "0d", "3661d", "half a year"}},
      {"owners-first", "partners_ahead", {"3660d"}, {"", "0d", "3661d", "90"}},
      {"owners-first", "smes_ahead", {"3660d"}, {"", "0d", "3661d", "30"}},
      {"owners-first", "others_ahead", {"3660d"}, {"", "0d", "3661d", "30"}},
      {"owners-first", "others_max", {"1m", "999999h"}, {"", "0h", "30", "59s"}},
      {"owners-first", "hand_back", {"1s", "3660d"}, {"", "0d", "3661d", "14"}},
      {"shifts", "length", {"1h", "4h", "24h"}, {"", "5h", "7h", "25h", "59s", "8"}},
      {"shifts", "first", {"00:00", "23:59"}, {"", "24:00", "6:00", "6"}},
      {"shifts", "days", {"mon", "sat-mon"}, {"", "all", "mon-fri 06:00-14:00"}},
      {"half-days", "sessions", {"mon 08:00-12:00"}, {"", "mornings"}},
      {"training-gate", "qualification", {"laser-4"}, {"", "Laser 4", "laser_4"}},
      {"ask-first", "approvers", {"managers", "safety", "groups/safety"}, {"", "users/anna"}},
      {"ask-first", "time_out", {"1m", "1830d"}, {"", "0d", "1830d1s", "3"}},
      {"ask-first", "leaves_slot_free", {"yes", "no"}, {"", "true", "Yes"}},
      {"off-peak-free", "max", {"1m", "366d"}, {"", "0h", "366d1s", "4"}},
      {"off-peak-free", "peak", {"mon-fri 22:00-06:00"}, {"", "day"}},
      {"site-ready", "power_kw", {"0", "100000"}, {"", "100001", "-1", "40 kW"}},
      {"site-ready", "clearance_m", {"0", "100"}, {"", "101", "4,5"}},
  };
  std::map<std::string, std::set<std::string>> tried;
  for (const auto& c : cases) {
    tried[c.preset].insert(c.key);
    const auto outcome = [&](const std::string& value) {
      return Outcome(ExpandPreset(c.preset, Microscopes(), "", With(c.preset, {{c.key, value}})));
    };
    for (const std::string& value : c.good) EXPECT_EQ(outcome(value), "ok") << c.key << value;
    for (const std::string& value : c.bad) {
      EXPECT_EQ(outcome(value), absl::StrCat("parameters[", c.key, "]")) << "'" << value << "'";
    }
    EXPECT_EQ(outcome(std::string(limits::kMaxText, '1')), absl::StrCat("parameters[", c.key, "]"));
  }
  for (const Preset& preset : Presets()) {
    for (const PresetParameter& parameter : preset.parameters) {
      if (parameter.key == "override") continue;
      EXPECT_EQ(tried[preset.name].count(parameter.key), 1u) << preset.name << parameter.key;
    }
  }
}

TEST(Presets, TellAllThatIsWrongAtOnce) {
  Selector selector;
  selector.purposes = {"welding"};
  selector.groups = {"staff"};
  EXPECT_EQ(Outcome(ExpandPreset("owners-first", selector, "9x",
                                 {{"hand_back", "soon"}, {"colour", "red"}, {"override", "all"}})),
            "applies_to.groups applies_to.purposes id_prefix parameters[partners] "
            "parameters[colour] parameters[override] parameters[hand_back]");
}

TEST(Presets, MissWhatMustBeGiven) {
  for (const Preset& preset : Presets()) {
    for (const auto& [key, value] : Required(preset.name)) {
      Parameters parameters = Required(preset.name);
      parameters.erase(key);
      EXPECT_EQ(Outcome(ExpandPreset(preset.name, Microscopes(), "", parameters)),
                absl::StrCat("parameters[", key, "]"))
          << preset.name << value;
    }
  }
}

TEST(Presets, SayWhichParametersThereAreToWhoGivesAnother) {
  const auto result = ExpandPreset("shifts", Microscopes(), "", {{"lenght", "8h"}});
  ASSERT_FALSE(result.ok());
  ASSERT_THAT(result.error().fields, SizeIs(1));
  EXPECT_EQ(result.error().fields[0].field, "parameters[lenght]");
  EXPECT_THAT(result.error().fields[0].description, HasSubstr("length, first, days, override"));
}

TEST(Presets, OfCertainEquipmentNeedToKnowWhich) {
  const std::set<std::string> of_equipment = {"ask-first", "half-days", "shifts", "site-ready",
                                              "training-gate"};
  Selector asset, label, site, users;
  asset.assets = {"sem"};
  label.labels = {{"training", "clean-room"}};
  site.sites = {"brno"};
  users.users = {"anna"};
  for (const Preset& preset : Presets()) {
    const auto outcome = [&](const Selector& selector) {
      return Outcome(ExpandPreset(preset.name, selector, "", Required(preset.name)));
    };
    const std::string expected = of_equipment.count(preset.name) != 0 ? "applies_to" : "ok";
    EXPECT_EQ(outcome(Selector()), expected) << preset.name;
    EXPECT_EQ(outcome(users), expected) << preset.name;
    for (const Selector& selector : {asset, label, site}) {
      EXPECT_EQ(outcome(selector), "ok") << preset.name;
    }
  }
}

TEST(Presets, OfOwnersSayThemselvesForWhomTheyAre) {
  Selector kinds = Microscopes(), groups = Microscopes(), relations = Microscopes();
  kinds.organisation_kinds = {OrganisationKind::kResearch};
  groups.groups = {"staff"};
  relations.relations = {Relation::kManager};
  const auto outcome = [](const Selector& selector) {
    return Outcome(ExpandPreset("owners-first", selector, "", Required("owners-first")));
  };
  EXPECT_EQ(outcome(kinds), "applies_to.organisation_kinds");
  EXPECT_EQ(outcome(groups), "applies_to.groups");
  EXPECT_EQ(outcome(relations), "applies_to.relations");
}

TEST(Presets, WithQuotasDoNotDependOnThePurpose) {
  Selector selector = Microscopes();
  selector.purposes = {"welding"};
  for (const Preset& preset : Presets()) {
    const bool has_quotas = !Expand(preset.name).quotas.empty();
    EXPECT_EQ(Outcome(ExpandPreset(preset.name, selector, "", Required(preset.name))),
              has_quotas ? "applies_to.purposes" : "ok")
        << preset.name;
  }
}

TEST(Presets, NeedAPrefixThatMakesLegalIds) {
  const auto outcome = [](const std::string& preset, const std::string& prefix) {
    return Outcome(ExpandPreset(preset, Microscopes(), prefix, Required(preset)));
  };
  for (const char* prefix : {"Brno", "9x", "brno rules", "brno/", "-brno"}) {
    EXPECT_EQ(outcome("nano-facility", prefix), "id_prefix") << prefix;
    EXPECT_EQ(outcome("shifts", prefix), "id_prefix") << prefix;
  }
  EXPECT_EQ(outcome("shifts", std::string(63, 'a')), "ok");
  EXPECT_EQ(outcome("shifts", std::string(64, 'a')), "id_prefix");
  // The longest id ends in `-future`.
  EXPECT_EQ(outcome("nano-facility", std::string(56, 'a')), "ok");
  EXPECT_EQ(outcome("nano-facility", std::string(57, 'a')), "id_prefix");
}

TEST(Presets, DemandSomethingOfTheSite) {
  EXPECT_EQ(Outcome(ExpandPreset("site-ready", Microscopes(), "",
                                 {{"power_kw", "0"}, {"clearance_m", "0"}})),
            "parameters[power_kw]");
}

}  // namespace
}  // namespace labslot::engine
