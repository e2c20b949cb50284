#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "daemon/base/limits.h"
#include "daemon/domain/event.h"
#include "daemon/domain/names.h"
#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/event.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/machine_report.h"
#include "daemon/service/convert/names.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/policy_rule.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/refusal.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/round.h"
#include "daemon/service/convert/selector.h"
#include "daemon/service/convert/series.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/token.h"
#include "daemon/service/convert/user.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "labslot/v1/error_reason.pb.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

// Expects that every field of the message is set, so that a field that is
// added to the API and not converted fails here.
void ExpectAllSet(const google::protobuf::Message& message,
                  const std::vector<std::string>& except = {}) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    if (testing::Value(except, testing::Contains(field.name()))) continue;
    const bool set = field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                                         : message.GetReflection()->HasField(message, &field);
    EXPECT_TRUE(set) << field.full_name();
  }
}

// `record` to the API and back, with what callers cannot set taken over.
template <typename Proto, typename Record, typename FromProto>
void ExpectRoundTrip(const Record& record, FromProto from_proto,
                     const std::vector<std::string>& except = {}) {
  Proto proto;
  ToProto(record, proto);
  ExpectAllSet(proto, except);
  EXPECT_EQ(proto.name(), NameOf(Resource(record)));
  EXPECT_EQ(proto.etag(), EtagOf(record.revision));
  FieldErrors errors;
  Record back = from_proto(proto, record.id, "x", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  back.revision = record.revision;
  if constexpr (requires { back.create_time; }) {
    back.create_time = record.create_time;
    back.update_time = record.update_time;
  }
  if constexpr (requires { back.state; }) back.state = record.state;
  if constexpr (requires { back.retire_time; }) back.retire_time = record.retire_time;
  if constexpr (requires { back.hits; }) back.hits = record.hits;
  if constexpr (requires { back.granted_count; }) {
    back.value = record.value;
    back.bound = record.bound;
    back.granted_count = record.granted_count;
    back.rejected_count = record.rejected_count;
  }
  EXPECT_EQ(back, record) << proto.DebugString();
}

TEST(RoundTrip, OfEveryRecordLosesNothing) {
  ExpectRoundTrip<v1::Site>(FullSite(), SiteFromProto);
  ExpectRoundTrip<v1::Asset>(FullAsset(), AssetFromProto);
  ExpectRoundTrip<v1::HolidayRegion>(FullHolidayRegion(), HolidayRegionFromProto);
  ExpectRoundTrip<v1::Organisation>(FullOrganisation(), OrganisationFromProto);
  ExpectRoundTrip<v1::User>(FullUser(), UserFromProto);
  ExpectRoundTrip<v1::Group>(FullGroup(), GroupFromProto);
  ExpectRoundTrip<v1::Outage>(FullOutage(), OutageFromProto);
  ExpectRoundTrip<v1::Round>(FullRound(), RoundFromProto);
  ExpectRoundTrip<v1::Quota>(FullQuota(Measure::kTime), QuotaFromProto,
                             {"max_count", "max_share", "fair_share"});
  ExpectRoundTrip<v1::Quota>(FullQuota(Measure::kCount), QuotaFromProto,
                             {"max_time", "max_share", "hand_back"});
  ExpectRoundTrip<v1::Quota>(ShareQuota(), QuotaFromProto,
                             {"max_count", "max_time", "rolling_days", "prime_time", "fair_share"});
}

TEST(RoundTrip, OfWhatMachinesSayLosesNothing) {
  MachineReport report = FullMachineReport();
  v1::MachineReport proto;
  ToProto(report, proto);
  ExpectAllSet(proto);
  FieldErrors errors;
  MachineReport back = MachineReportFromProto(proto, "report", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  back.id = report.id;
  back.create_time = report.create_time;
  back.revision = report.revision;
  EXPECT_EQ(back, report);
}

TEST(RoundTrip, OfEveryKindOfRuleLosesNothing) {
  ASSERT_EQ(FullRules().size(), std::variant_size_v<PolicyRule>);
  ASSERT_EQ(FullRules().size(), PolicyRuleFields().size());
  for (size_t kind = 0; kind < FullRules().size(); ++kind) {
    const std::string& field = PolicyRuleFields()[kind];
    SCOPED_TRACE(field);
    ASSERT_EQ(FullRules()[kind].index(), kind);
    std::vector<std::string> others = PolicyRuleFields();
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(kind));
    const Policy policy = FullPolicy(FullRules()[kind]);
    ExpectRoundTrip<v1::Policy>(policy, PolicyFromProto, others);
    v1::Policy proto;
    ToProto(policy, proto);
    const auto* rule = v1::Policy::descriptor()->FindFieldByName(field);
    // An asset or a kind, not both.
    ExpectAllSet(proto.GetReflection()->GetMessage(proto, rule), {"kind"});
  }
}

TEST(RoundTrip, OfASelectorAndOfTermsLosesNothing) {
  v1::Selector proto;
  ToProto(FullSelector(), proto);
  ExpectAllSet(proto);
  v1::Policy policy;
  ToProto(FullPolicy(), policy);
  ExpectAllSet(policy.overriders());
  ExpectAllSet(policy.approval());
  ExpectAllSet(policy.approval().approvers());
}

TEST(RoundTrip, WhatSaysNothingIsNotSet) {
  v1::Policy proto;
  ToProto(Policy(), proto);
  EXPECT_FALSE(proto.has_overriders());
  EXPECT_FALSE(proto.has_approval());
  CompanionRule of_kind;
  of_kind.kind = "operator";
  FieldErrors errors;
  v1::Policy companion;
  ToProto(FullPolicy(of_kind), companion);
  EXPECT_EQ(PolicyFromProto(companion, "short", "p", errors).rule, PolicyRule(of_kind));
  EXPECT_TRUE(errors.ok()) << Told(errors);
}

TEST(RoundTrip, OfASeriesLosesNothing) {
  const Series series = FullSeries();
  v1::Series proto;
  ToProto(series, proto);
  ExpectAllSet(proto);
  ExpectAllSet(proto.recurrence());
  ExpectAllSet(proto.contract());
  EXPECT_EQ(proto.name(), "series/1040");
  EXPECT_EQ(proto.recurrence().start(), "2027-03-01T09:00");
  EXPECT_EQ(proto.recurrence().end(), "2027-03-02T11:00:30");
  EXPECT_EQ(proto.reservation().time_zone(), "Europe/Brussels");
  EXPECT_FALSE(proto.reservation().has_interval());
  EXPECT_EQ(proto.occurrences(0).reservation(), "reservations/1042");
  EXPECT_FALSE(proto.occurrences(0).has_refusal());
  EXPECT_FALSE(proto.occurrences(1).has_interval());
  EXPECT_EQ(proto.occurrences(1).refusal().violations_size(), 1);
  FieldErrors errors;
  const Series back = SeriesFromProto(proto, "series", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  Recurrence expected = series.recurrence;
  expected.zone = "";  // it follows from the place
  EXPECT_EQ(back.recurrence, expected);
  EXPECT_EQ(back.contract, series.contract);
  Reservation draft = series.draft;
  for (ReservationItem& item : draft.items) {
    item.set_up = item.tear_down = 0;
    item.rate = {};
  }
  EXPECT_EQ(back.draft, draft);
}

TEST(RoundTrip, OfAReservationLosesNothing) {
  const Reservation reservation = FullReservation();
  v1::Reservation proto;
  ToProto(reservation, "Europe/Brussels", proto);
  ExpectAllSet(proto);
  EXPECT_EQ(proto.name(), "reservations/1042");
  EXPECT_EQ(proto.time_zone(), "Europe/Brussels");
  EXPECT_EQ(proto.state(), v1::Reservation::STATE_HELD);
  EXPECT_EQ(proto.items(0).set_up().seconds(), 7200);
  EXPECT_EQ(proto.items(0).tear_down().seconds(), 3600);
  ExpectAllSet(proto.notes(0));
  ExpectAllSet(proto.returns(0));
  EXPECT_EQ(proto.check_in_time().seconds(), reservation.use.check_in);
  EXPECT_EQ(proto.check_out_time().seconds(), reservation.use.check_out);
  EXPECT_EQ(proto.series(), "series/1040");
  EXPECT_EQ(proto.notes(0).rule(), "TOO_LONG");
  EXPECT_EQ(proto.notes(0).settled_by(), "users/mia");
  EXPECT_EQ(proto.notes(1).settled_by(), "operator");
  FieldErrors errors;
  Reservation back = ReservationFromProto(proto, "reservation", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  EXPECT_EQ(back.items[0], (ReservationItem{"make-lab", 1, 0, 0}));
  back.items = reservation.items;
  back.id = reservation.id;
  back.state = reservation.state;
  back.hold_expire_time = reservation.hold_expire_time;
  // These are read on creation only, and a request of a round has no window.
  v1::Reservation of_round = proto;
  of_round.clear_window();
  const Reservation request = NewReservationFromProto(of_round, "reservation", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  EXPECT_EQ(request.choices, reservation.choices);
  EXPECT_EQ(request.round, reservation.round);
  EXPECT_EQ(request.value, reservation.value);
  v1::Reservation flexible = proto;
  flexible.clear_round();
  flexible.clear_value();
  EXPECT_EQ(NewReservationFromProto(flexible, "reservation", errors).window, reservation.window);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  NewReservationFromProto(proto, "reservation", errors);
  EXPECT_EQ(errors.violations().front().field, "reservation.window");
  back.rule_sets = reservation.rule_sets;
  back.window = reservation.window;
  back.choices = reservation.choices;
  back.round = reservation.round;
  back.value = reservation.value;
  back.use = reservation.use;
  back.returns = reservation.returns;
  back.displaced_by = reservation.displaced_by;
  back.state_reason = reservation.state_reason;
  back.series = reservation.series;
  back.occurrence = reservation.occurrence;
  back.notes = reservation.notes;
  back.leaves_slot_free = reservation.leaves_slot_free;
  back.check_in_by = reservation.check_in_by;
  back.create_time = reservation.create_time;
  back.update_time = reservation.update_time;
  back.revision = reservation.revision;
  EXPECT_EQ(back, reservation);
}

TEST(RoundTrip, ACalendarWithoutAnythingStaysOne) {
  Asset asset = FullAsset();
  asset.calendar = Calendar{};
  v1::Asset proto;
  ToProto(asset, proto);
  EXPECT_TRUE(proto.has_calendar());
  FieldErrors errors;
  EXPECT_EQ(AssetFromProto(proto, "rigs", "asset", errors).calendar, Calendar{});
}

TEST(ToProto, OfATokenTellsNeitherSecretNorHash) {
  v1::Token proto;
  ToProto(FullToken(), proto);
  ExpectAllSet(proto, {"secret"});
  EXPECT_FALSE(absl::StrContains(proto.SerializeAsString(), FullToken().secret_sha256));
}

TEST(ToProto, OfAnEventHasItsResourceInTheFieldForIt) {
  const std::vector<std::pair<Resource, v1::Event::ResourceCase>> cases = {
      {FullSite(), v1::Event::kSite},
      {FullAsset(), v1::Event::kAsset},
      {FullHolidayRegion(), v1::Event::kHolidayRegion},
      {FullOrganisation(), v1::Event::kOrganisation},
      {FullUser(), v1::Event::kUser},
      {FullToken(), v1::Event::kToken},
      {FullReservation(), v1::Event::kReservation},
      {FullGroup(), v1::Event::kGroup},
      {FullPolicy(), v1::Event::kPolicy},
      {FullQuota(), v1::Event::kQuota},
      {FullSeries(), v1::Event::kSeries},
      {FullOutage(), v1::Event::kOutage},
      {FullRound(), v1::Event::kRound},
      {FullMachineReport(), v1::Event::kMachineReport},
  };
  for (const auto& [resource, field] : cases) {
    const Event event{42, 1800000000, "anna", EventType::kUpdated, "because", resource};
    v1::Event proto;
    ToProto(
        event, [](const Reservation&) { return std::string("Europe/Brussels"); }, proto);
    EXPECT_EQ(proto.resource_case(), field);
    EXPECT_EQ(proto.resource_name(), NameOf(resource));
    EXPECT_EQ(proto.revision(), 42);
    EXPECT_EQ(proto.time().seconds(), 1800000000);
    EXPECT_EQ(proto.actor(), "users/anna");
    EXPECT_EQ(proto.type(), v1::Event::UPDATED);
    EXPECT_EQ(proto.reason(), "because");
    if (proto.has_reservation()) {
      EXPECT_EQ(proto.reservation().time_zone(), "Europe/Brussels");
    }
  }
}

TEST(ToProto, OfAnEventOfTheClockHasTheDaemonAsActor) {
  const Event event{42, 1800000000, kDaemonActor, EventType::kExpired, "", FullReservation()};
  v1::Event proto;
  ToProto(
      event, [](const Reservation&) { return std::string(); }, proto);
  EXPECT_EQ(proto.actor(), "daemon");
}

// Whoever may read a series may read the event, whatever he may not see else.
TEST(ToProto, OfAnEventOfASeriesNamesNoConflicts) {
  const Event event{42, 1800000000, "anna", EventType::kCreated, "", FullSeries()};
  v1::Event proto;
  ToProto(
      event, [](const Reservation&) { return std::string(); }, proto);
  EXPECT_FALSE(proto.series().occurrences(0).has_refusal());
  const v1::Conflict& conflict = proto.series().occurrences(1).refusal().violations(0).conflicts(0);
  EXPECT_EQ(conflict.reservation(), "");
  EXPECT_EQ(conflict.asset(), "assets/rigs");
}

TEST(ToProto, OfAnEventOfAnOutageNamesNobodyWhomItHits) {
  const Event event{42, 1800000000, "anna", EventType::kCreated, "", FullOutage()};
  v1::Event proto;
  ToProto(
      event, [](const Reservation&) { return std::string(); }, proto);
  ASSERT_EQ(proto.outage().hits_size(), 1);
  EXPECT_EQ(proto.outage().hits(0).reservation(), "");
  EXPECT_EQ(proto.outage().hits(0).outcome(), v1::Hit::MOVED);
}

TEST(RoundTrip, OfAnOutageWithoutEndIsOpenFromItsStart) {
  Outage outage = FullOutage();
  outage.open = true;
  v1::Outage proto;
  ToProto(outage, proto);
  EXPECT_FALSE(proto.interval().has_end_time());
  EXPECT_EQ(proto.reach_time().seconds(), outage.interval.end);
  FieldErrors errors;
  const Outage back = OutageFromProto(proto, "broken", "outage", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  EXPECT_TRUE(back.open);
  EXPECT_EQ(back.interval.start, outage.interval.start);
}

TEST(ToProto, OfAReservationWithoutSeriesHasNoOccurrence) {
  Reservation reservation = FullReservation();
  reservation.series = 0;
  reservation.check_in_by = 0;
  v1::Reservation proto;
  ToProto(reservation, "UTC", proto);
  EXPECT_EQ(proto.series(), "");
  EXPECT_FALSE(proto.has_occurrence());
  EXPECT_FALSE(proto.has_check_in_by_time());
}

// Clients by default take no message above 4 MiB.
TEST(ToProto, OfASeriesWithLargeRefusalsFitsIntoAMessage) {
  Series series = FullSeries();
  for (const size_t text : {200u, 2000u}) {
    series.occurrences.clear();
    for (size_t i = 0; i < limits::kMaxOccurrences; ++i) {
      const absl::CivilDay day = absl::CivilDay(2027, 3, 1) + static_cast<int>(i);
      series.occurrences.push_back({day, {}, 0, LargeRefusal(20, 20, 6, text)});
    }
    v1::Series proto;
    ToProto(series, proto);
    EXPECT_LT(proto.ByteSizeLong(), size_t{4} << 20);
    ASSERT_EQ(proto.occurrences_size(), static_cast<int>(limits::kMaxOccurrences));
    EXPECT_GE(proto.occurrences(399).refusal().violations_size(), 1);
  }
}

TEST(ToProto, OfARefusalTellsEverything) {
  v1::Refusal proto;
  ToProto(LargeRefusal(1, 2, 3, 5), proto);
  ExpectAllSet(proto);
  ExpectAllSet(proto.violations(0));
  ExpectAllSet(proto.violations(0).conflicts(0));
  ExpectAllSet(proto.alternatives(0));
  EXPECT_EQ(proto.violations(0).rule(), v1::Violation::CAPACITY_EXCEEDED);
  EXPECT_EQ(proto.alternatives(2).kind(), v1::Alternative::OTHER_TIME);
}

TEST(ToProto, OfAHiddenConflictHasNoName) {
  Refusal refusal = LargeRefusal(1, 1, 0, 5);
  refusal.violations[0].conflicts[0].reservation = 0;
  v1::Refusal proto;
  ToProto(refusal, proto);
  EXPECT_EQ(proto.violations(0).conflicts(0).reservation(), "");
}

// The converters cast: the domain has the numbers of the API.
TEST(Enums, HaveTheNumbersOfTheApi) {
  EXPECT_EQ(int{v1::Asset::CAPACITY_KIND_SEATS}, static_cast<int>(CapacityKind::kSeats));
  EXPECT_EQ(int{v1::Asset::STATE_RETIRED}, static_cast<int>(AssetState::kRetired));
  EXPECT_EQ(int{v1::DAY_EFFECT_SHORTENED}, static_cast<int>(DayEffect::kShortened));
  EXPECT_EQ(int{v1::Organisation::KIND_OPERATOR}, static_cast<int>(OrganisationKind::kOperator));
  EXPECT_EQ(int{v1::User::STATE_DISABLED}, static_cast<int>(UserState::kDisabled));
  EXPECT_EQ(int{v1::ROLE_AUDITOR}, static_cast<int>(Role::kAuditor));
  EXPECT_EQ(int{v1::Organisation::LARGE}, static_cast<int>(SizeClass::kLarge));
  EXPECT_EQ(int{v1::Reservation::WIDE}, static_cast<int>(AccessMode::kWide));
  EXPECT_EQ(int{v1::Reservation::FORGOTTEN_CHECK_OUT},
            static_cast<int>(Problem::kForgottenCheckOut));
  EXPECT_EQ(int{v1::Event::CORRECTED}, static_cast<int>(EventType::kCorrected));
  EXPECT_EQ(int{v1::Violation::IN_USE_BEYOND_END}, static_cast<int>(Rule::kInUseBeyondEnd));
  EXPECT_EQ(int{v1::Violation::NO_FITTING_UNIT}, static_cast<int>(Rule::kNoFittingUnit));
  EXPECT_EQ(int{v1::Alternative::LONGER}, static_cast<int>(AlternativeKind::kLonger));
  EXPECT_EQ(int{v1::RULE_EFFECT_NEEDS_APPROVAL}, static_cast<int>(Effect::kNeedsApproval));
  EXPECT_EQ(int{v1::Selector::MANAGER}, static_cast<int>(Relation::kManager));
  EXPECT_EQ(int{v1::Quota::GROUP}, static_cast<int>(Dimension::kGroup));
  EXPECT_EQ(int{v1::Quota::COUNT}, static_cast<int>(Measure::kCount));
  EXPECT_EQ(int{v1::Quota::FUTURE}, static_cast<int>(QuotaPeriod::kFuture));
  EXPECT_EQ(int{v1::SeriesContract::AT_MOST}, static_cast<int>(ContractKind::kAtMost));
  EXPECT_EQ(int{v1::Recurrence::SECOND}, static_cast<int>(RepeatedHour::kSecond));
  EXPECT_EQ(int{v1::Note::OVERRIDDEN}, static_cast<int>(NoteKind::kOverridden));
  EXPECT_EQ(int{v1::DEFECT}, static_cast<int>(ErrorKind::kDefect));
  EXPECT_EQ(int{v1::Reservation::ACTIVITY_CLASS_CONTRACT_RESEARCH},
            static_cast<int>(ActivityClass::kContractResearch));
  EXPECT_EQ(v1::Reservation::State_descriptor()->value_count(), 13);
  const auto letters = [](absl::string_view text) {
    return absl::StrReplaceAll(text, {{"-", ""}, {"_", ""}, {" ", ""}});
  };
  for (int number = 1; number <= 12; ++number) {
    const absl::string_view word = StateWord(static_cast<ReservationState>(number));
    const auto state = static_cast<v1::Reservation::State>(number);
    EXPECT_TRUE(absl::EqualsIgnoreCase(letters(absl::StrCat("STATE", word)),
                                       letters(v1::Reservation::State_Name(state))))
        << word;
  }
}

}  // namespace
}  // namespace labslot::service
