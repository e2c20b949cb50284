#include "daemon/service/convert/patch.h"
#include "daemon/service/convert/outage.h"
#include "daemon/service/convert/round.h"

#include "daemon/service/convert/asset.h"
#include "daemon/service/convert/group.h"
#include "daemon/service/convert/holiday_region.h"
#include "daemon/service/convert/organisation.h"
#include "daemon/service/convert/policy.h"
#include "daemon/service/convert/policy_rule.h"
#include "daemon/service/convert/quota.h"
#include "daemon/service/convert/reservation.h"
#include "daemon/service/convert/series.h"
#include "daemon/service/convert/site.h"
#include "daemon/service/convert/user.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/service/convert/samples.h"

namespace labslot::service {
namespace {

using google::protobuf::FieldMask;
using ::testing::HasSubstr;

FieldMask MaskOf(const std::vector<std::string>& paths) {
  FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

v1::Reservation Wanted(const std::string& text) {
  v1::Reservation proto;
  Apply({"", text, "", ""}, proto);
  return proto;
}

// What is told of the request alone.
template <typename Proto>
std::string ToldOf(const Proto& wanted, const std::vector<std::string>& paths) {
  FieldErrors errors;
  PatchFrom(wanted, MaskOf(paths), errors);
  return Told(errors);
}

// The patched record; the request must be in order.
template <typename Record, typename Proto>
Result<Record> Patched(const Record& current, const Proto& wanted,
                       const std::vector<std::string>& paths) {
  FieldErrors errors;
  const Patch<Record> patch = PatchFrom(wanted, MaskOf(paths), errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  return patch(current);
}

TEST(Patch, ChangesTheMaskedFieldsOnly) {
  v1::Site wanted;
  wanted.set_display_name("New");
  wanted.set_time_zone("not looked at");
  wanted.set_power_kw(-1);
  Site expected = FullSite();
  expected.display_name = "New";
  const Result<Site> site = Patched(FullSite(), wanted, {"display_name"});
  ASSERT_TRUE(site.ok()) << site.error().message;
  EXPECT_EQ(site.value(), expected);
}

TEST(Patch, EmptiesAMaskedFieldThatIsNotSet) {
  const Result<Site> site =
      Patched(FullSite(), v1::Site(), {"region", "labels", "calendar", "location", "power_kw"});
  ASSERT_TRUE(site.ok()) << site.error().message;
  EXPECT_EQ(site.value().region, "");
  EXPECT_TRUE(site.value().labels.empty());
  EXPECT_FALSE(site.value().calendar);
  EXPECT_EQ(site.value().latitude, 0);
  EXPECT_EQ(site.value().power_kw, 0);
  EXPECT_EQ(site.value().display_name, FullSite().display_name);
}

TEST(Patch, ReplacesListsMapsAndMessages) {
  v1::Asset wanted;
  wanted.add_exclusion_groups("other");
  (*wanted.mutable_labels())["only"] = "this";
  wanted.mutable_calendar()->set_holiday_region("holidayRegions/de-sn");
  const Result<Asset> asset =
      Patched(FullAsset(), wanted, {"exclusion_groups", "labels", "calendar"});
  ASSERT_TRUE(asset.ok()) << asset.error().message;
  EXPECT_EQ(asset.value().exclusion_groups, std::vector<std::string>{"other"});
  EXPECT_EQ(asset.value().labels, (Labels{{"only", "this"}}));
  Calendar calendar;
  calendar.holiday_region = "de-sn";
  EXPECT_EQ(asset.value().calendar, calendar);
}

// Patching with what is there, by all spellings of "all", changes nothing.
template <typename Proto, typename Record, typename Write>
void ExpectIdentity(const Record& record, Write write) {
  Proto same;
  write(record, same);
  for (const auto& paths : {std::vector<std::string>{}, std::vector<std::string>{"*"}}) {
    const Result<Record> result = Patched(record, same, paths);
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(result.value(), record);
  }
}

TEST(Patch, OfAllWithWhatIsThereChangesNothing) {
  const auto write = [](const auto& record, auto& proto) { ToProto(record, proto); };
  ExpectIdentity<v1::Site>(FullSite(), write);
  ExpectIdentity<v1::Asset>(FullAsset(), write);
  ExpectIdentity<v1::HolidayRegion>(FullHolidayRegion(), write);
  ExpectIdentity<v1::Organisation>(FullOrganisation(), write);
  ExpectIdentity<v1::User>(FullUser(), write);
  ExpectIdentity<v1::Group>(FullGroup(), write);
  for (const PolicyRule& rule : FullRules()) ExpectIdentity<v1::Policy>(FullPolicy(rule), write);
  ExpectIdentity<v1::Quota>(FullQuota(Measure::kTime), write);
  ExpectIdentity<v1::Quota>(FullQuota(Measure::kCount), write);
  ExpectIdentity<v1::Quota>(ShareQuota(), write);
  ExpectIdentity<v1::Series>(FullSeries(), write);
  ExpectIdentity<v1::Outage>(FullOutage(), write);
  ExpectIdentity<v1::Round>(FullRound(), write);
  const auto write_reservation = [](const Reservation& record, v1::Reservation& proto) {
    ToProto(record, "UTC", proto);
  };
  ExpectIdentity<v1::Reservation>(FullReservation(), write_reservation);
  Reservation of_nobody = FullReservation();
  of_nobody.organisation = "";
  ExpectIdentity<v1::Reservation>(of_nobody, write_reservation);
}

TEST(Patch, UnitsOfAnOutageSayHowManyAreOut) {
  const Outage current = FullOutage();
  for (const std::vector<std::string>& units :
       {std::vector<std::string>{"rig-1"}, {"rig-1", "rig-2", "rig-3"}}) {
    v1::Outage wanted;
    for (const std::string& unit : units) wanted.add_units(unit);
    google::protobuf::FieldMask mask;
    mask.add_paths("units");
    FieldErrors errors;
    const Patch<Outage> patch = PatchFrom(wanted, mask, errors);
    ASSERT_TRUE(errors.ok());
    const Result<Outage> next = patch(current);
    ASSERT_TRUE(next.ok());
    EXPECT_EQ(next.value().units, units);
    EXPECT_EQ(next.value().quantity, static_cast<int32_t>(units.size()));
  }
}

TEST(Patch, ExtendsByTheEndAlone) {
  const auto wanted = Wanted("interval { end_time { seconds: 1803916800 } }");
  const Result<Reservation> patched = Patched(FullReservation(), wanted, {"interval.end_time"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  Reservation expected = FullReservation();
  expected.interval.end = 1803916800;
  EXPECT_EQ(patched.value(), expected);
}

TEST(Patch, JudgesTheEndAgainstTheStartThatIsThere) {
  // The start that comes with it is not masked and counts for nothing.
  const auto wanted = Wanted(
      "interval { start_time { seconds: 9999999999 nanos: 1 } end_time { seconds: 1803884400 } }");
  const Result<Reservation> patched = Patched(FullReservation(), wanted, {"interval.end_time"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().kind, ErrorKind::kInvalidFields);
  ASSERT_EQ(patched.error().fields.size(), 1u);
  EXPECT_EQ(patched.error().fields[0].field, "reservation.interval.end_time");
  EXPECT_EQ(patched.error().fields[0].description, "must be after start_time");
}

TEST(Patch, KeepsTheChangeoverOfItemsThatStay) {
  const auto wanted =
      Wanted("items { asset: 'assets/rigs' quantity: 5 } items { asset: 'assets/b' }");
  const Result<Reservation> patched = Patched(FullReservation(), wanted, {"items"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  EXPECT_EQ(patched.value().items,
            (std::vector<ReservationItem>{{"rigs", 5, 60, 120, {}, {"EUR", 1250, 8001}},
                                          {"b", 1, 0, 0}}));
}

TEST(Patch, CannotEmptyTheHolderOfAReservation) {
  EXPECT_THAT(ToldOf(v1::Reservation(), {"user"}), HasSubstr("reservation.user: must be set"));
  const Result<Reservation> patched =
      Patched(FullReservation(), v1::Reservation(), {"organisation"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "reservation.organisation");
}

TEST(Patch, TellsPathsThatMayNotBeChanged) {
  for (const char* path :
       {"name", "etag", "state", "create_time", "colour", "", "displayName", "location.latitude",
        "labels.park", "calendar.exceptions", "site", "\xFF"}) {
    const std::string told = ToldOf(v1::Site(), {path});
    EXPECT_THAT(told, HasSubstr("update_mask: must not name '"));
    EXPECT_THAT(told, HasSubstr("what may be changed is display_name, time_zone, location"));
  }
  EXPECT_THAT(ToldOf(v1::Reservation(), {"interval.length"}),
              HasSubstr("interval.start_time, interval.end_time"));
  EXPECT_THAT(ToldOf(v1::Reservation(), {"time_zone"}), HasSubstr("update_mask"));
}

TEST(Patch, TellsMistakesOfMaskAndMaskedFieldsTogether) {
  v1::Asset wanted;
  wanted.set_name("assets/rigs");
  wanted.set_capacity(-1);
  wanted.set_parent("assets/rigs");
  wanted.mutable_set_up()->set_nanos(5);
  wanted.set_kind("not\tmasked");
  const std::string told = ToldOf(wanted, {"capacity", "parent", "set_up", "colour"});
  EXPECT_THAT(told, HasSubstr("update_mask: must not name 'colour'"));
  EXPECT_THAT(told, HasSubstr("asset.capacity: "));
  EXPECT_THAT(told, HasSubstr("asset.parent: must be another asset"));
  EXPECT_THAT(told, HasSubstr("asset.set_up: "));
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 4) << told;
}

TEST(Patch, JudgesWhatDependsOnTheRecordWhenItIsApplied) {
  v1::Asset wanted;
  wanted.set_capacity_kind(v1::Asset::CAPACITY_KIND_EXCLUSIVE);
  Asset pool = FullAsset();
  pool.mobile = false;
  pool.travel = {};
  pool.capacity = 7;
  const Result<Asset> patched = Patched(pool, wanted, {"capacity_kind"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "asset.capacity");
}

// The rule, whatever kind it was, is replaced by the one that is named.
TEST(Patch, OfAPolicyReplacesARuleOfAnyKind) {
  for (const PolicyRule& before : FullRules()) {
    for (const PolicyRule& after : FullRules()) {
      v1::Policy wanted;
      ToProto(FullPolicy(after), wanted);
      const std::string& field = PolicyRuleFields()[after.index()];
      const Policy current = FullPolicy(before);
      // Where nobody can break the new rule, the effect must go too.
      const Result<Policy> patched = Patched(current, wanted, {field, "effect"});
      ASSERT_TRUE(patched.ok()) << patched.error().message;
      Policy expected = current;
      expected.rule = after;
      expected.effect = FullPolicy(after).effect;
      EXPECT_EQ(patched.value(), expected) << field;
    }
  }
}

TEST(Patch, OfAPolicyByAllReplacesItsRule) {
  v1::Policy wanted;
  ToProto(FullPolicy(GranularityRule{60}), wanted);
  for (const auto& paths : {std::vector<std::string>{}, std::vector<std::string>{"*"}}) {
    const Result<Policy> patched = Patched(FullPolicy(), wanted, paths);
    ASSERT_TRUE(patched.ok()) << patched.error().message;
    EXPECT_EQ(patched.value().rule, PolicyRule(GranularityRule{60}));
  }
}

TEST(Patch, OfAPolicyThatNamesARuleMustGiveIt) {
  v1::Policy wanted;
  wanted.mutable_horizon()->mutable_lead()->set_days(5);
  EXPECT_EQ(ToldOf(wanted, {"duration"}), "policy.duration: must be set, as the mask names it\n");
  EXPECT_EQ(ToldOf(v1::Policy(), {"always"}), "policy.always: must be set, as the mask names it\n");
  EXPECT_EQ(ToldOf(wanted, {"duration", "horizon"}), "");
  EXPECT_EQ(ToldOf(wanted, {"display_name"}), "");
  EXPECT_THAT(ToldOf(wanted, {"rule"}), HasSubstr("update_mask: must not name 'rule'"));
  EXPECT_THAT(ToldOf(wanted, {"horizon.lead"}), HasSubstr("update_mask: must not name"));
}

TEST(Patch, OfAPolicyJudgesTheEffectWithTheRuleThatIsThere) {
  v1::Policy wanted;
  wanted.set_effect(v1::RULE_EFFECT_WARN);
  EXPECT_TRUE(Patched(FullPolicy(), wanted, {"effect"}).ok());
  const Result<Policy> patched = Patched(FullPolicy(GraceRule{900}), wanted, {"effect"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "policy.effect");
}

TEST(Patch, OfAPolicyWithoutARuleIsRefusedWhenItIsApplied) {
  const Result<Policy> patched = Patched(FullPolicy(), v1::Policy(), {"*"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "policy.rule");
}

// A limit, rolling days and groups are judged with what the quota has.
TEST(Patch, OfAQuotaJudgesWhatBelongsTogetherWhenItIsApplied) {
  v1::Quota wanted;
  wanted.mutable_max_time()->set_seconds(3600);
  wanted.set_rolling_days(7);
  wanted.add_each(v1::Quota::GROUP);
  Result<Quota> patched = Patched(FullQuota(), wanted, {"max_time", "rolling_days", "each"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  EXPECT_EQ(patched.value().limit, 3600);
  EXPECT_EQ(patched.value().rolling_days, 7);
  patched = Patched(FullQuota(Measure::kCount), wanted, {"max_time"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "quota.max_time");
  wanted.set_period(v1::Quota::WEEK);
  patched = Patched(FullQuota(), wanted, {"period"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "quota.rolling_days");
  patched = Patched(FullQuota(), wanted, {"applies_to"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "quota.applies_to");
  wanted.set_fair_share(true);
  patched = Patched(FullQuota(), wanted, {"fair_share"});
  ASSERT_FALSE(patched.ok());
  EXPECT_EQ(patched.error().fields[0].field, "quota.fair_share");
  patched = Patched(FullQuota(), wanted, {"fair_share", "hand_back"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  EXPECT_TRUE(patched.value().fair_share);
}

TEST(Patch, OfAQuotaChangesTheMeasureWithItsLimit) {
  v1::Quota wanted;
  wanted.set_measure(v1::Quota::COUNT);
  wanted.set_max_count(5);
  const Result<Quota> patched = Patched(FullQuota(), wanted, {"measure", "max_count", "max_time"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  EXPECT_EQ(patched.value().measure, Measure::kCount);
  EXPECT_EQ(patched.value().limit, 5);
}

TEST(Patch, OfASeriesNamesTheFieldsOfItsReservation) {
  v1::Series wanted;
  Apply({"",
         "reservation { purpose: 'New' user: 'users/else' "
         "items { asset: 'assets/rigs' quantity: 5 } }",
         "", ""},
        wanted);
  const Result<Series> patched =
      Patched(FullSeries(), wanted, {"reservation.purpose", "reservation.items"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  Series expected = FullSeries();
  expected.draft.purpose = "New";
  expected.draft.items = {{"rigs", 5, 60, 120, {}, {"EUR", 1250, 8001}}};
  EXPECT_EQ(patched.value(), expected);
  EXPECT_THAT(ToldOf(wanted, {"reservation.user"}), HasSubstr("update_mask: must not name"));
  EXPECT_THAT(ToldOf(wanted, {"reservation"}), HasSubstr("reservation.display_name, "));
  EXPECT_THAT(ToldOf(wanted, {"recurrence.rrule"}), HasSubstr("update_mask: must not name"));
  EXPECT_THAT(ToldOf(wanted, {"occurrences"}), HasSubstr("update_mask: must not name"));
}

TEST(Patch, OfASeriesReplacesRecurrenceAndContractWhole) {
  v1::Series wanted;
  Apply({"", "recurrence { start: '2027-03-01T10:00' end: '2027-03-01T11:00' }", "", ""}, wanted);
  const Result<Series> patched = Patched(FullSeries(), wanted, {"recurrence", "contract"});
  ASSERT_TRUE(patched.ok()) << patched.error().message;
  Recurrence expected;
  expected.start = absl::CivilSecond(2027, 3, 1, 10, 0, 0);
  expected.length = 3600;
  expected.zone = "Europe/Brussels";
  EXPECT_EQ(patched.value().recurrence, expected);
  EXPECT_EQ(patched.value().contract, SeriesContract{});
  EXPECT_EQ(patched.value().occurrences, FullSeries().occurrences);
  wanted.mutable_recurrence()->set_end("2027-03-01T09:00");
  EXPECT_EQ(ToldOf(wanted, {"recurrence"}), "series.recurrence.end: must be after start\n");
}

TEST(Patch, OwnsWhatItNeeds) {
  FieldErrors errors;
  Patch<Site> patch;
  {
    v1::Site wanted;
    wanted.set_display_name("New");
    patch = PatchFrom(wanted, MaskOf({"display_name"}), errors);
  }
  EXPECT_EQ(patch(FullSite()).value().display_name, "New");
  EXPECT_EQ(patch(FullSite()).value().display_name, "New");
}

}  // namespace
}  // namespace labslot::service
