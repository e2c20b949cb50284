// What is known of the demo regions, checked against the files of deploy/demo.

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/yaml/record_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

v1::Catalogue ReadDemo(const std::string& file) {
  const std::string path = absl::StrCat(LABSLOT_DEMO_DIR, "/", file);
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_TRUE(stream) << path;
  v1::Catalogue catalogue;
  const absl::Status status = client::ReadRecord(text.str(), path, &catalogue);
  EXPECT_TRUE(status.ok()) << status;
  return catalogue;
}

const v1::Catalogue& Holidays() {
  static const auto* const kHolidays = new v1::Catalogue(ReadDemo("holidays.yaml"));
  return *kHolidays;
}

const v1::Catalogue& Demo() {
  static const auto* const kDemo = new v1::Catalogue(ReadDemo("catalogue.yaml"));
  return *kDemo;
}

std::string DateText(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// The regions in which that day is closed.
std::set<std::string> ClosedOn(const std::string& date) {
  std::set<std::string> regions;
  for (const v1::HolidayRegion& region : Holidays().holiday_regions()) {
    for (const v1::Holiday& holiday : region.holidays()) {
      if (holiday.effect() == v1::DAY_EFFECT_CLOSED && DateText(holiday.date()) == date) {
        regions.insert(region.name());
      }
    }
  }
  return regions;
}

const v1::HolidayRegion& RegionNamed(const std::string& name) {
  for (const v1::HolidayRegion& region : Holidays().holiday_regions()) {
    if (region.name() == name) return region;
  }
  ADD_FAILURE() << "no region " << name;
  static const auto* const kNone = new v1::HolidayRegion;
  return *kNone;
}

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

// Mondays to Fridays of the year that are not closed.
int WorkingDays(const std::string& region, int year) {
  std::set<absl::CivilDay> closed;
  for (const v1::Holiday& holiday : RegionNamed(region).holidays()) {
    if (holiday.effect() == v1::DAY_EFFECT_CLOSED) closed.insert(DayOf(holiday.date()));
  }
  int days = 0;
  for (absl::CivilDay day(year, 1, 1); day.year() == year; ++day) {
    if (!IsWeekend(day) && closed.count(day) == 0) ++days;
  }
  return days;
}

TEST(DemoHolidays, HaveEightRegionsOfTwoYearsWithTheirSource) {
  EXPECT_EQ(Holidays().holiday_regions_size(), 8);
  for (const v1::HolidayRegion& region : Holidays().holiday_regions()) {
    EXPECT_EQ(DateText(region.valid_from()), "2026-01-01") << region.name();
    EXPECT_EQ(DateText(region.valid_through()), "2027-12-31") << region.name();
    EXPECT_TRUE(absl::StrContains(region.attribution(), "date-holidays 3.37.0")) << region.name();
    for (const v1::Holiday& holiday : region.holidays()) {
      const std::string date = DateText(holiday.date());
      EXPECT_TRUE("2026-01-01" <= date && date <= "2027-12-31") << region.name() << " " << date;
    }
  }
}

TEST(DemoHolidays, CloseSaxonyAndCzechiaAloneOn17November2027) {
  EXPECT_THAT(ClosedOn("2027-11-17"), ElementsAre("holidayRegions/cz", "holidayRegions/de-sn"));
}

TEST(DemoHolidays, CloseEstoniaAndLatviaAloneOn24June2027) {
  EXPECT_THAT(ClosedOn("2027-06-24"), ElementsAre("holidayRegions/ee", "holidayRegions/lv"));
}

TEST(DemoHolidays, CloseAllRegionsOnNewYearsDayAndNoneOnAnOrdinaryTuesday) {
  EXPECT_EQ(ClosedOn("2027-01-01").size(), 8u);
  EXPECT_THAT(ClosedOn("2027-03-02"), IsEmpty());
}

TEST(DemoHolidays, ShortenFourDaysAYearByThreeHoursInEstoniaAndNowhereElse) {
  std::set<std::string> shortened;
  for (const v1::HolidayRegion& region : Holidays().holiday_regions()) {
    for (const v1::Holiday& holiday : region.holidays()) {
      if (holiday.effect() != v1::DAY_EFFECT_SHORTENED) continue;
      EXPECT_EQ(region.name(), "holidayRegions/ee");
      EXPECT_EQ(holiday.shortened_by().seconds(), 3 * 3600);
      shortened.insert(DateText(holiday.date()));
    }
  }
  EXPECT_THAT(shortened, ElementsAre("2026-02-23", "2026-06-22", "2026-12-23", "2026-12-31",
                                     "2027-02-23", "2027-06-22", "2027-12-23", "2027-12-31"));
}

TEST(DemoHolidays, LeaveFlanders254WorkingDaysIn2027) {
  EXPECT_EQ(WorkingDays("holidayRegions/be-vlg", 2027), 254);
}

TEST(DemoCatalogue, HasSitesInEightZonesThatExist) {
  std::set<std::string> zones;
  for (const v1::Site& site : Demo().sites()) {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone(site.time_zone(), &zone)) << site.name();
    zones.insert(site.time_zone());
  }
  EXPECT_THAT(zones, UnorderedElementsAre("Europe/Amsterdam", "Europe/Berlin", "Europe/Brussels",
                                          "Europe/Prague", "Europe/Riga", "Europe/Rome",
                                          "Europe/Stockholm", "Europe/Tallinn"));
}

// A town abroad with the coordinates of another would only show on a map.
TEST(DemoCatalogue, HasEverySiteWhereItsRegionIs) {
  struct Box {
    double south, north, west, east;
  };
  const std::map<std::string, Box> boxes = {
      {"BE", {50.6, 51.6, 2.5, 6.0}},   {"NL", {51.2, 51.9, 4.2, 6.3}},
      {"DE", {50.1, 51.7, 11.8, 15.1}}, {"CZ", {48.6, 49.9, 15.2, 17.7}},
      {"EE", {57.5, 59.8, 23.3, 28.3}}, {"IT", {43.7, 45.2, 9.1, 12.8}},
      {"LV", {55.6, 58.1, 20.9, 28.3}}, {"SE", {55.3, 56.6, 12.4, 14.7}}};
  for (const v1::Site& site : Demo().sites()) {
    const auto box = boxes.find(site.region().substr(0, 2));
    ASSERT_NE(box, boxes.end()) << site.name() << " " << site.region();
    EXPECT_GE(site.location().latitude(), box->second.south) << site.name();
    EXPECT_LE(site.location().latitude(), box->second.north) << site.name();
    EXPECT_GE(site.location().longitude(), box->second.west) << site.name();
    EXPECT_LE(site.location().longitude(), box->second.east) << site.name();
  }
}

TEST(DemoCatalogue, OffersTheMakeLabAHostInEveryRegion) {
  std::set<std::string> countries;
  for (const v1::Site& site : Demo().sites()) {
    if (!absl::StartsWith(site.name(), "sites/demo-")) continue;
    EXPECT_GE(site.power_kw(), 40) << site.name();
    EXPECT_GE(site.clearance_m(), 4.0) << site.name();
    countries.insert(site.region().substr(0, 2));
  }
  EXPECT_EQ(countries.size(), 8u);
}

// What the demo catalogue is about, one line an asset.
TEST(DemoCatalogue, HasEveryKindOfAsset) {
  std::map<std::string, const v1::Asset*> assets;
  for (const v1::Asset& asset : Demo().assets()) assets[asset.name()] = &asset;
  ASSERT_EQ(assets.size(), 26u);

  const v1::Asset& make_lab = *assets.at("assets/make-lab");
  EXPECT_TRUE(make_lab.mobile());
  EXPECT_EQ(make_lab.set_up().seconds(), 2 * 3600);
  EXPECT_EQ(make_lab.tear_down().seconds(), 2 * 3600);
  EXPECT_EQ(make_lab.max_attendees(), 18);

  EXPECT_EQ(assets.at("assets/test-rigs")->capacity_kind(), v1::Asset::CAPACITY_KIND_POOL);
  EXPECT_EQ(assets.at("assets/test-rigs")->capacity(), 7);
  EXPECT_TRUE(assets.at("assets/test-rigs")->has_calendar());
  EXPECT_EQ(assets.at("assets/test-rigs")->calendar().weekly_windows_size(), 0);
  EXPECT_EQ(assets.at("assets/metal-printers")->capacity(), 3);
  EXPECT_EQ(assets.at("assets/nanolab")->capacity_kind(), v1::Asset::CAPACITY_KIND_SEATS);
  EXPECT_EQ(assets.at("assets/nanolab")->capacity(), 6);
  EXPECT_EQ(assets.at("assets/buda-workshop")->capacity(), 40);
  EXPECT_EQ(assets.at("assets/merge-press")->set_up().seconds(), 4 * 3600);
  EXPECT_TRUE(assets.at("assets/e-powertrain-lab")->may_span_closed_time());
  EXPECT_EQ(assets.at("assets/sem")->kind(), assets.at("assets/fib-sem")->kind());

  int cells = 0;
  for (const auto& [name, asset] : assets) {
    if (asset->parent() == "assets/bi-rex-line") ++cells;
  }
  EXPECT_EQ(cells, 4);
}

// All names that a selector gives, of any collection.
std::vector<std::string> NamesIn(const v1::Selector& selector) {
  std::vector<std::string> names;
  for (const auto* list : {&selector.organisations(), &selector.users(), &selector.groups(),
                           &selector.assets(), &selector.sites()}) {
    names.insert(names.end(), list->begin(), list->end());
  }
  return names;
}

std::set<std::string> AllNames() {
  std::set<std::string> names;
  for (const auto& record : Demo().organisations()) names.insert(record.name());
  for (const auto& record : Demo().users()) names.insert(record.name());
  for (const auto& record : Demo().sites()) names.insert(record.name());
  for (const auto& record : Demo().assets()) names.insert(record.name());
  for (const auto& record : Demo().groups()) names.insert(record.name());
  return names;
}

template <typename T>
const T& RuleNamed(const google::protobuf::RepeatedPtrField<T>& rules, const std::string& name) {
  for (const T& rule : rules) {
    if (rule.name() == name) return rule;
  }
  ADD_FAILURE() << "no " << name;
  return T::default_instance();
}

const v1::Policy& PolicyNamed(const char* name) {
  return RuleNamed(Demo().policies(), std::string("policies/") + name);
}

const v1::Quota& QuotaNamed(const char* name) {
  return RuleNamed(Demo().quotas(), std::string("quotas/") + name);
}

// A selector that picks nothing by a slip of the pen would make a rule that
// never holds.
template <typename T>
void ExpectThatSelectorsPick(const T& rules) {
  const std::set<std::string> names = AllNames();
  std::set<std::string> kinds;
  std::set<std::pair<std::string, std::string>> labels;
  for (const v1::Asset& asset : Demo().assets()) {
    kinds.insert(asset.kind());
    labels.insert(asset.labels().begin(), asset.labels().end());
  }
  for (const auto& rule : rules) {
    EXPECT_NE(rule.display_name(), "") << rule.name();
    EXPECT_TRUE(absl::EndsWith(rule.description(), ".")) << rule.name();
    EXPECT_FALSE(rule.disabled()) << rule.name();
    ASSERT_GE(rule.applies_to_size(), 1) << rule.name();
    std::vector<v1::Selector> selectors(rule.applies_to().begin(), rule.applies_to().end());
    selectors.insert(selectors.end(), rule.except().begin(), rule.except().end());
    for (const v1::Selector& selector : selectors) {
      for (const std::string& name : NamesIn(selector)) {
        EXPECT_EQ(names.count(name), 1u) << rule.name() << " " << name;
      }
      for (const std::string& kind : selector.asset_kinds()) {
        EXPECT_EQ(kinds.count(kind), 1u) << rule.name() << " " << kind;
      }
      for (const auto& [key, value] : selector.labels()) {
        EXPECT_EQ(labels.count({key, value}), 1u) << rule.name() << " " << key;
      }
    }
  }
}

TEST(DemoRules, PickWhatIsThere) {
  ExpectThatSelectorsPick(Demo().policies());
  ExpectThatSelectorsPick(Demo().quotas());
}

TEST(DemoRules, ShowEveryKindOfRuleAndEveryEffect) {
  std::set<int> kinds;
  std::set<int> effects;
  for (const v1::Policy& policy : Demo().policies()) {
    kinds.insert(policy.rule_case());
    effects.insert(policy.effect() == v1::RULE_EFFECT_UNSPECIFIED ? v1::RULE_EFFECT_REJECT
                                                                  : policy.effect());
  }
  const google::protobuf::OneofDescriptor* rules =
      v1::Policy::descriptor()->FindOneofByName("rule");
  for (int i = 0; i < rules->field_count(); ++i) {
    EXPECT_EQ(kinds.count(rules->field(i)->number()), 1u) << rules->field(i)->name();
  }
  EXPECT_THAT(effects, ElementsAre(v1::RULE_EFFECT_REJECT, v1::RULE_EFFECT_WARN,
                                   v1::RULE_EFFECT_NEEDS_APPROVAL));
}

TEST(DemoRules, AskForTrainingThatSomeHaveAndSomeHadAndSomeLose) {
  std::set<std::string> expired;
  std::set<std::string> runs_out_in_2027;
  std::set<std::string> held;
  for (const v1::User& user : Demo().users()) {
    for (const v1::Qualification& qualification : user.qualifications()) {
      held.insert(qualification.name());
      if (!qualification.has_expire_time()) continue;
      const absl::CivilYear year(absl::ToCivilYear(
          absl::FromUnixSeconds(qualification.expire_time().seconds()), absl::UTCTimeZone()));
      (year < absl::CivilYear(2027) ? expired : runs_out_in_2027).insert(user.name());
    }
  }
  EXPECT_THAT(expired, ElementsAre("users/demo-bram", "users/demo-eva"));
  EXPECT_THAT(runs_out_in_2027, ElementsAre("users/demo-anna", "users/demo-dirk", "users/demo-eva",
                                            "users/demo-jan", "users/demo-kadri"));
  for (const v1::Policy& policy : Demo().policies()) {
    if (!policy.has_qualification()) continue;
    EXPECT_EQ(held.count(policy.qualification().qualification()), 1u) << policy.name();
  }
}

// The host has what the policy asks for, or nobody could be visited.
TEST(DemoRules, LetTheMakeLabVisitEveryDemoHost) {
  const v1::SiteRule& needs = PolicyNamed("make-lab-host").site();
  EXPECT_EQ(needs.power_kw(), 40);
  EXPECT_EQ(needs.clearance_m(), 4.0);
  for (const v1::Site& site : Demo().sites()) {
    if (!absl::StartsWith(site.name(), "sites/demo-")) continue;
    EXPECT_GE(site.power_kw(), needs.power_kw()) << site.name();
    EXPECT_GE(site.clearance_m(), needs.clearance_m()) << site.name();
  }
}

TEST(DemoRules, LetTwoBookingsOfAUserWaitInBrno) {
  const v1::Quota& quota = QuotaNamed("brno-future");
  EXPECT_EQ(quota.max_count(), 2);
  EXPECT_EQ(quota.measure(), v1::Quota::COUNT);
  EXPECT_EQ(quota.period(), v1::Quota::FUTURE);
  EXPECT_THAT(quota.each(), ElementsAre(v1::Quota::USER, v1::Quota::ASSET));
  EXPECT_EQ(PolicyNamed("brno-grace").grace().grace().seconds(), 15 * 60);
}

TEST(DemoRules, LetEachUserHave20HoursInTwoWeeksOnTheTem) {
  const v1::Quota& quota = QuotaNamed("tem-hours");
  EXPECT_EQ(quota.measure(), v1::Quota::TIME);
  EXPECT_EQ(quota.max_time().seconds(), 20 * 3600);
  EXPECT_EQ(quota.period(), v1::Quota::ROLLING);
  EXPECT_EQ(quota.rolling_days(), 14);
  EXPECT_EQ(quota.counts_cancelled_within().seconds(), 24 * 3600);
}

TEST(DemoRules, GuardTheEconomicUseOfTheMicroscopes) {
  const v1::Quota& quota = QuotaNamed("brno-economic");
  EXPECT_EQ(quota.max_share().percent(), 20);
  EXPECT_EQ(quota.max_share().base(), v1::CapacityShare::OPENING);
  EXPECT_EQ(quota.effect(), v1::RULE_EFFECT_WARN);
  EXPECT_EQ(quota.applies_to(0).activity_classes_size(), 3);
  EXPECT_FALSE(quota.rule_set().empty());
  EXPECT_EQ(quota.periods_size(), 1);
}

TEST(DemoRules, HandTheShareOfSmallFirmsBack) {
  EXPECT_EQ(PolicyNamed("bnl-owners").horizon().lead().days(), 180);
  EXPECT_EQ(PolicyNamed("bnl-partners").horizon().lead().days(), 90);
  EXPECT_EQ(PolicyNamed("bnl-others").horizon().lead().days(), 30);
  EXPECT_EQ(QuotaNamed("bnl-sme-share").hand_back().days(), 14);
}

TEST(DemoRules, KeepValmieraForTeachingInTerm) {
  const v1::Policy& policy = PolicyNamed("valmiera-teaching");
  EXPECT_EQ(policy.periods_size(), 2);
  EXPECT_EQ(policy.reserved().who_size(), 2);
  EXPECT_EQ(policy.reserved().until().days(), 14);
}

TEST(DemoRules, OpenTheWorkshopToStaffAloneOnSaturdays) {
  int limited = 0;
  for (const v1::Asset& asset : Demo().assets()) {
    for (const v1::WeeklyWindow& weekly : asset.calendar().weekly_windows()) {
      if (weekly.window().groups().empty()) continue;
      ++limited;
      EXPECT_EQ(asset.name(), "assets/buda-workshop");
      EXPECT_THAT(weekly.days(), ElementsAre(google::type::SATURDAY));
      EXPECT_THAT(weekly.window().groups(), ElementsAre("groups/staff"));
    }
  }
  EXPECT_EQ(limited, 1);
}

// Labels are descriptions; what is demanded is a rule.
TEST(DemoRules, LeaveNoRuleInALabel) {
  const std::set<std::string> descriptive = {"access", "bundle", "calls-a-year", "training"};
  for (const v1::Asset& asset : Demo().assets()) {
    for (const auto& [key, value] : asset.labels()) {
      EXPECT_EQ(descriptive.count(key), 1u) << asset.name() << " " << key << ": " << value;
    }
  }
}

// The last two digits of a Belgian enterprise number are 97 less the rest
// modulo 97.
TEST(DemoCatalogue, GivesInventedFirmsNumbersThatNobodyCanHave) {
  int numbers = 0;
  for (const v1::Organisation& organisation : Demo().organisations()) {
    const bool invented = absl::StartsWith(organisation.name(), "organisations/demo-");
    EXPECT_EQ(invented || organisation.name() == "organisations/kortrijk-labs",
              absl::StrContains(organisation.display_name(), "DEMO"))
        << organisation.name();
    EXPECT_TRUE(invented || organisation.identifiers().empty()) << organisation.name();
    const auto found = organisation.identifiers().find("be-enterprise");
    if (found == organisation.identifiers().end()) continue;
    const std::string digits = absl::StrReplaceAll(found->second, {{".", ""}});
    ASSERT_EQ(digits.size(), 10u) << found->second;
    int rest = 0;
    int check = 0;
    ASSERT_TRUE(absl::SimpleAtoi(digits.substr(0, 8), &rest) &&
                absl::SimpleAtoi(digits.substr(8), &check));
    EXPECT_NE(check, 97 - rest % 97) << organisation.name();
    ++numbers;
  }
  EXPECT_EQ(numbers, 5);
}

TEST(DemoCatalogue, InventsUsersWithoutLoginsUnderExampleOrg) {
  for (const v1::User& user : Demo().users()) {
    EXPECT_TRUE(absl::StrContains(user.display_name(), "DEMO")) << user.name();
    EXPECT_TRUE(absl::EndsWith(user.email(), "@example.org")) << user.name();
    EXPECT_EQ(user.unix_login(), "") << user.name();
  }
}

}  // namespace
}  // namespace labslot
