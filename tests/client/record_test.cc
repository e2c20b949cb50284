// The form of the catalogue file, both ways.

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "client/yaml/record_reader.h"
#include "client/yaml/record_writer.h"
#include "labslot/v1/catalogue_service.pb.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Catalogue Read(const std::string& text) {
  v1::Catalogue catalogue;
  const absl::Status status = ReadRecord(text, "file.yaml", &catalogue);
  EXPECT_TRUE(status.ok()) << status;
  return catalogue;
}

std::string Error(const std::string& text) {
  v1::Catalogue catalogue;
  return std::string(ReadRecord(text, "file.yaml", &catalogue).message());
}

// The example of docs/CATALOGUE.md.
std::string Documented() {
  std::ifstream file(LABSLOT_SOURCE_DIR "/docs/CATALOGUE.md");
  std::ostringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  const std::size_t begin = all.find("```yaml\n") + 8;
  return all.substr(begin, all.find("```", begin) - begin);
}

TEST(RecordReaderTest, TheDocumentedExampleIsReadInFull) {
  const v1::Catalogue catalogue = Read(Documented());
  ASSERT_EQ(catalogue.sites_size(), 1);
  const v1::Site& site = catalogue.sites(0);
  EXPECT_EQ(site.name(), "sites/lommel");
  EXPECT_EQ(site.organisation(), "organisations/flanders-make");
  EXPECT_DOUBLE_EQ(site.location().latitude(), 51.229);
  EXPECT_DOUBLE_EQ(site.location().longitude(), 5.303);
  EXPECT_EQ(site.labels().at("park"), "kristalpark");
  const v1::Calendar& calendar = site.calendar();
  EXPECT_EQ(calendar.holiday_region(), "holidayRegions/be-vlg");
  ASSERT_EQ(calendar.weekly_windows_size(), 4);
  EXPECT_EQ(calendar.weekly_windows(0).days_size(), 4);
  EXPECT_EQ(calendar.weekly_windows(0).window().opens().hours(), 8);
  EXPECT_EQ(calendar.weekly_windows(1).window().closes().hours(), 12);
  EXPECT_EQ(calendar.weekly_windows(2).window().opens().hours(), 10);
  EXPECT_EQ(calendar.weekly_windows(3).window().groups(0), "groups/staff");
  ASSERT_EQ(calendar.exceptions_size(), 3);
  EXPECT_EQ(calendar.exceptions(0).effect(), v1::DAY_EFFECT_CLOSED);
  EXPECT_EQ(calendar.exceptions(0).end_date().year(), 2028);
  EXPECT_EQ(calendar.exceptions(1).effect(), v1::DAY_EFFECT_SPECIAL_HOURS);
  EXPECT_EQ(calendar.exceptions(2).effect(), v1::DAY_EFFECT_SHORTENED);
  EXPECT_EQ(calendar.exceptions(2).shortened_by().seconds(), 7200);
  const v1::HolidayRegion& region = catalogue.holiday_regions(0);
  EXPECT_EQ(region.holidays(0).effect(), v1::DAY_EFFECT_CLOSED);
  EXPECT_EQ(region.holidays(1).effect(), v1::DAY_EFFECT_SHORTENED);
  const v1::User& user = catalogue.users(0);
  EXPECT_EQ(user.organisations(0), "organisations/flanders-make");
  EXPECT_EQ(user.role_bindings(0).role(), v1::ROLE_ADMINISTRATOR);
  EXPECT_EQ(user.role_bindings(1).scope(), "organisations/flanders-make");
  ASSERT_EQ(catalogue.assets_size(), 4);
  EXPECT_EQ(catalogue.assets(0).capacity_kind(), v1::Asset::CAPACITY_KIND_EXCLUSIVE);
  EXPECT_EQ(catalogue.assets(0).capacity(), 1);
  EXPECT_EQ(catalogue.assets(1).capacity_kind(), v1::Asset::CAPACITY_KIND_POOL);
  EXPECT_TRUE(catalogue.assets(1).has_calendar());
  EXPECT_FALSE(catalogue.assets(2).has_calendar());
  EXPECT_EQ(catalogue.assets(3).parent(), "assets/line");
  EXPECT_EQ(catalogue.assets(3).exclusion_groups(0), "shared-crane");
  EXPECT_EQ(catalogue.groups_size(), 1);
  ASSERT_EQ(catalogue.policies_size(), 2);
  EXPECT_EQ(catalogue.policies(0).duration().max().seconds(), 4 * 3600);
  EXPECT_TRUE(catalogue.policies(1).has_always());
  ASSERT_EQ(catalogue.quotas_size(), 3);
  EXPECT_EQ(catalogue.quotas(0).measure(), v1::Quota::TIME);
  EXPECT_EQ(catalogue.quotas(1).measure(), v1::Quota::TIME);
  EXPECT_EQ(catalogue.quotas(1).max_share().percent(), 20);
  EXPECT_EQ(catalogue.quotas(1).max_share().base(), v1::CapacityShare::OPENING);
  EXPECT_EQ(catalogue.quotas(1).rule_set(), "RDI Framework 2022/C 414/01");
  EXPECT_TRUE(catalogue.quotas(2).fair_share());
  EXPECT_EQ(catalogue.assets(1).rates().prices_size(), 2);
}

TEST(RecordWriterTest, WhatIsWrittenIsReadBackAsTheSame) {
  const v1::Catalogue catalogue = Read(Documented());
  const std::string text = WriteRecord(catalogue);
  const v1::Catalogue again = Read(text);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(catalogue, again)) << text;
  EXPECT_THAT(text, HasSubstr("window: \"08:00-17:00\""));
  EXPECT_THAT(text, HasSubstr("location: [51.229, 5.303]"));
  EXPECT_THAT(text, HasSubstr("set_up: 2h"));
  EXPECT_THAT(text, HasSubstr("name: make-lab"));
}

TEST(RecordWriterTest, StringsThatLookLikeOtherThingsStayStrings) {
  v1::Catalogue catalogue;
  v1::Asset* asset = catalogue.add_assets();
  asset->set_name("assets/a");
  asset->set_capacity_kind(v1::Asset::CAPACITY_KIND_EXCLUSIVE);
  asset->set_capacity(1);
  asset->set_display_name("yes");
  asset->set_description("/two\nlines: \"and\" # more, \xF0\x9F\x94\xAC \\");
  asset->set_kind("1e3");
  (*asset->mutable_labels())["null"] = "~";
  (*asset->mutable_labels())["a: b"] = "";
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(catalogue, Read(WriteRecord(catalogue))))
      << WriteRecord(catalogue);
}

TEST(RecordReaderTest, HowAnAssetTravelsIsReadAndWrittenBack) {
  const v1::Catalogue catalogue = Read(
      "sites:\n"
      "  - {name: lommel, travel_times: [{site: brno, duration: 20h}]}\n"
      "assets:\n"
      "  - name: make-lab\n"
      "    travel: {speed_kmh: 65, between: always_home, longest_tour: 14d, driving_per_day: "
      "9h}\n");
  ASSERT_EQ(catalogue.sites(0).travel_times_size(), 1);
  EXPECT_EQ(catalogue.sites(0).travel_times(0).site(), "sites/brno");
  EXPECT_EQ(catalogue.sites(0).travel_times(0).duration().seconds(), 20 * 3600);
  const v1::Travel& travel = catalogue.assets(0).travel();
  EXPECT_DOUBLE_EQ(travel.speed_kmh(), 65);
  EXPECT_EQ(travel.between(), v1::Travel::ALWAYS_HOME);
  EXPECT_EQ(travel.longest_tour().seconds(), 14 * 86400);
  EXPECT_EQ(travel.driving_per_day().seconds(), 9 * 3600);
  const std::string text = WriteRecord(catalogue);
  EXPECT_THAT(text, HasSubstr("site: brno"));
  EXPECT_THAT(text, HasSubstr("between: always_home"));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(catalogue, Read(text))) << text;
  EXPECT_THAT(Error("assets: [{name: a, travel: {between: never}}]"),
              HasSubstr("expected home_if_time, stays or always_home, found \"never\""));
}

TEST(RecordReaderTest, RatesHaveAPriceForEachClassThatDiffers) {
  v1::Asset asset;
  ASSERT_TRUE(ReadRecord("rates: {currency_code: EUR, cost_per_hour: 80, price_per_hour: 95.25, "
                         "prices: {rental: 120.50, CONTRACT-RESEARCH: 110, education: 0}}",
                         "", &asset)
                  .ok());
  const v1::Rates& rates = asset.rates();
  EXPECT_EQ(rates.currency_code(), "EUR");
  EXPECT_EQ(rates.cost_per_hour(), 80);
  EXPECT_EQ(rates.price_per_hour(), 95.25);
  ASSERT_EQ(rates.prices_size(), 3);
  EXPECT_EQ(rates.prices(0).activity_class(), v1::Reservation::ACTIVITY_CLASS_RENTAL);
  EXPECT_EQ(rates.prices(0).price_per_hour(), 120.5);
  EXPECT_EQ(rates.prices(1).activity_class(), v1::Reservation::ACTIVITY_CLASS_CONTRACT_RESEARCH);
  EXPECT_EQ(rates.prices(2).price_per_hour(), 0);
  const std::string text = WriteRecord(asset);
  EXPECT_THAT(text, HasSubstr("prices:\n    rental: 120.5\n    contract_research: 110\n"));
  v1::Asset again;
  ASSERT_TRUE(ReadRecord(text, "", &again).ok()) << text;
  EXPECT_EQ(again.rates().SerializeAsString(), rates.SerializeAsString()) << text;
}

TEST(RecordReaderTest, PricesMayBeWrittenAsTheApiHasThem) {
  for (const std::string prices :
       {"[{activity_class: rental, price_per_hour: 120.5}]",
        "{activity_class: rental, price_per_hour: 120.5}",
        "[{\"activityClass\": \"ACTIVITY_CLASS_RENTAL\", \"pricePerHour\": 120.5}]",
        "{ACTIVITY_CLASS_RENTAL: \"120.50\"}"}) {
    v1::Rates rates;
    const absl::Status status = ReadRecord("prices: " + prices, "", &rates);
    ASSERT_TRUE(status.ok()) << status << prices;
    ASSERT_EQ(rates.prices_size(), 1);
    EXPECT_EQ(rates.prices(0).activity_class(), v1::Reservation::ACTIVITY_CLASS_RENTAL);
    EXPECT_EQ(rates.prices(0).price_per_hour(), 120.5);
  }
  v1::Asset asset;
  std::vector<std::string> paths;
  ASSERT_TRUE(
      ApplyAssignments({"rates={currency_code: EUR, prices: {service: 90}}"}, &asset, &paths).ok());
  EXPECT_EQ(paths, std::vector<std::string>({"rates"}));
  EXPECT_EQ(asset.rates().prices(0).activity_class(), v1::Reservation::ACTIVITY_CLASS_SERVICE);
}

TEST(RecordReaderTest, PricesThatAreNoneAreToldWithTheirLine) {
  const auto error = [](const std::string& prices) {
    return Error("assets:\n  - rates:\n      prices: " + prices);
  };
  EXPECT_THAT(error("{rent: 1}"),
              HasSubstr("file.yaml:3: expected education, independent_research, collaboration, "
                        "dissemination, rental, service or contract_research, found \"rent\""));
  EXPECT_THAT(error("{rental: much}"),
              HasSubstr("file.yaml:3: expected a number for price_per_hour, found \"much\""));
  EXPECT_THAT(error("{rental: 1, rental: 2}"),
              HasSubstr("file.yaml:3: \"rental\" is written twice"));
  EXPECT_THAT(error("{rental: [1]}"), HasSubstr("expected one word for price_per_hour"));
  EXPECT_THAT(error("120"), HasSubstr("expected keys with values for ClassPrice"));
}

TEST(RecordReaderTest, UnitsAreWordsOrHaveNames) {
  v1::Asset asset;
  ASSERT_TRUE(ReadRecord("units: [rig-1, {id: rig-2, display_name: Red}]", "", &asset).ok());
  ASSERT_EQ(asset.units_size(), 2);
  EXPECT_EQ(asset.units(0).id(), "rig-1");
  EXPECT_EQ(asset.units(1).display_name(), "Red");
  v1::Asset again;
  ASSERT_TRUE(ReadRecord(WriteRecord(asset), "", &again).ok()) << WriteRecord(asset);
  EXPECT_EQ(again.units(0).id(), "rig-1") << WriteRecord(asset);
  EXPECT_EQ(again.units(1).display_name(), "Red");
}

TEST(RecordReaderTest, HowAnAssetTravelsIsSetAndTakenAwayAsAField) {
  v1::Asset asset;
  std::vector<std::string> paths;
  ASSERT_TRUE(
      ApplyAssignments({"travel={speed_kmh: 80, between: always-home}"}, &asset, &paths).ok());
  EXPECT_EQ(paths, std::vector<std::string>({"travel"}));
  EXPECT_EQ(asset.travel().between(), v1::Travel::ALWAYS_HOME);
  ASSERT_TRUE(ApplyAssignments({"travel="}, &asset, &paths).ok());
  EXPECT_FALSE(asset.has_travel());
}

TEST(RecordReaderTest, UnknownKeysAreRefusedWithTheirLine) {
  const std::string error = Error("sites:\n  - name: a\n    timezone: Europe/Brussels\n");
  EXPECT_THAT(error, HasSubstr("file.yaml:3: unknown key \"timezone\" in Site."));
  EXPECT_THAT(error, HasSubstr("Did you mean time_zone?"));
}

TEST(RecordReaderTest, AllErrorsOfAFileAreTold) {
  const std::string error = Error(
      "assets:\n  - name: a\n    name: b\n    capacity: many\n    mobile: perhaps\n"
      "    set_up: 2 weeks\n    capacity_kind: swarm\n    labels: [x]\nasets: []\n");
  EXPECT_THAT(error, HasSubstr("file.yaml:3: \"name\" is written twice"));
  EXPECT_THAT(error, HasSubstr("file.yaml:4: expected a number for capacity"));
  EXPECT_THAT(error, HasSubstr("file.yaml:5: expected true or false for mobile"));
  EXPECT_THAT(error, HasSubstr("file.yaml:6: expected a length of time"));
  EXPECT_THAT(error, HasSubstr("file.yaml:7: expected exclusive, pool or seats, found \"swarm\""));
  EXPECT_THAT(error, HasSubstr("file.yaml:8: expected keys with values for labels"));
  EXPECT_THAT(error, HasSubstr("file.yaml:9: unknown key \"asets\" in Catalogue."));
}

TEST(RecordReaderTest, MalformedFilesAreErrorsWithALine) {
  EXPECT_THAT(Error("sites:\n  - {name: a\n"), HasSubstr("file.yaml:"));
  EXPECT_THAT(Error("just words"), HasSubstr("expected keys with values"));
  EXPECT_THAT(Error("- a\n- b\n"), HasSubstr("expected keys with values"));
  EXPECT_THAT(Error("sites: []\n---\nsites: []\n"), HasSubstr("more than one document"));
  EXPECT_THAT(Error("sites:\n  - calendar: {weekly_windows: [{days: moon, hours: 08:00-17:00}]}"),
              HasSubstr("expected days such as mon or mon-fri"));
  EXPECT_THAT(Error("sites:\n  - calendar: {exceptions: [{dates: 12/24/2027}]}"),
              HasSubstr("expected a date such as 2027-05-01"));
  EXPECT_THAT(Error("sites:\n  - location: [51.2]"), HasSubstr("expected latitude and longitude"));
}

TEST(RecordReaderTest, ProtobufJsonIsAcceptedAsItIs) {
  const v1::Catalogue catalogue = Read(R"({"assets": [{
      "name": "assets/rigs", "capacityKind": "CAPACITY_KIND_POOL", "capacity": 7,
      "setUp": "7200s", "createTime": "2027-01-01T00:00:00Z", "state": "STATE_ACTIVE",
      "calendar": {"weeklyWindows": [{"days": ["MONDAY", "TUESDAY"],
        "window": {"opens": {"hours": 8}, "closes": {"hours": 17, "minutes": 30}}}]}}]})");
  EXPECT_EQ(catalogue.assets(0).set_up().seconds(), 7200);
  EXPECT_EQ(catalogue.assets(0).calendar().weekly_windows(0).days(1), google::type::TUESDAY);
  EXPECT_EQ(catalogue.assets(0).calendar().weekly_windows(0).window().closes().minutes(), 30);
}

TEST(RecordReaderTest, RangesOfDaysMayPassTheWeekend) {
  const v1::Catalogue catalogue =
      Read("sites: [{calendar: {weekly_windows: [{days: fri-mon, hours: \"22:00-06:00\"}]}}]");
  EXPECT_EQ(catalogue.sites(0).calendar().weekly_windows(0).days_size(), 4);
}

TEST(ApplyAssignmentsTest, ValuesAreInTheFormOfTheFile) {
  v1::Asset asset;
  std::vector<std::string> paths;
  const absl::Status status =
      ApplyAssignments({"display_name=SEM: the \"big\" one", "site=brno", "set_up=90m",
                        "labels={room: B2}", "exclusion_groups=[a, b]", "mobile=true"},
                       &asset, &paths);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(asset.display_name(), "SEM: the \"big\" one");
  EXPECT_EQ(asset.site(), "sites/brno");
  EXPECT_EQ(asset.set_up().seconds(), 5400);
  EXPECT_EQ(asset.labels().at("room"), "B2");
  EXPECT_EQ(asset.exclusion_groups_size(), 2);
  EXPECT_TRUE(asset.mobile());
  EXPECT_THAT(paths, testing::SizeIs(6));
  EXPECT_FALSE(ApplyAssignments({"nonsense"}, &asset, &paths).ok());
  EXPECT_THAT(std::string(ApplyAssignments({"knd=x"}, &asset, &paths).message()),
              HasSubstr("Did you mean kind?"));
}

}  // namespace
}  // namespace labslot::client
