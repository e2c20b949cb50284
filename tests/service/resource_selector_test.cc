#include "daemon/service/resource_selector.h"

#include <string>
#include <vector>

#include "daemon/base/limits.h"
#include "gtest/gtest.h"
#include "tests/support/records.h"

namespace labslot::service {
namespace {

using support::Draft;
using support::Item;

ResourceSelector Selecting(const std::vector<std::string>& resources, FieldErrors& errors) {
  const google::protobuf::RepeatedPtrField<std::string> list(resources.begin(), resources.end());
  return ResourceSelector::FromProto(list, errors);
}

bool Selects(const std::vector<std::string>& resources, const Resource& resource) {
  FieldErrors errors;
  const ResourceSelector selector = Selecting(resources, errors);
  EXPECT_TRUE(errors.ok());
  Event event;
  event.resource = resource;
  return selector.Selects(event);
}

bool IsRefused(const std::vector<std::string>& resources) {
  FieldErrors errors;
  Selecting(resources, errors);
  return !errors.ok();
}

Reservation ReservationOf(ReservationId id, const std::vector<ReservationItem>& items) {
  Reservation reservation = Draft(items, {0, 3600});
  reservation.id = id;
  return reservation;
}

TEST(ResourceSelectorTest, NothingNamedMeansEverything) {
  EXPECT_TRUE(Selects({}, support::MakeAsset("lab")));
  EXPECT_TRUE(Selects({}, ReservationOf(7, {Item("lab")})));
}

TEST(ResourceSelectorTest, ANameSelectsThatResource) {
  EXPECT_TRUE(Selects({"assets/lab"}, support::MakeAsset("lab")));
  EXPECT_FALSE(Selects({"assets/lab"}, support::MakeAsset("lab-2")));
  EXPECT_FALSE(Selects({"assets/lab"}, support::MakeSite("lab")));
  EXPECT_TRUE(Selects({"reservations/7"}, ReservationOf(7, {Item("lab")})));
  EXPECT_FALSE(Selects({"reservations/7"}, ReservationOf(70, {Item("lab")})));
}

TEST(ResourceSelectorTest, ACollectionSelectsAllOfItsKind) {
  EXPECT_TRUE(Selects({"assets"}, support::MakeAsset("lab")));
  EXPECT_FALSE(Selects({"assets"}, support::MakeSite("lommel")));
  EXPECT_FALSE(Selects({"assets"}, ReservationOf(7, {Item("lab")})));
  EXPECT_TRUE(Selects({"reservations", "sites"}, support::MakeSite("lommel")));
}

TEST(ResourceSelectorTest, RulesAndSeriesCanBeNamed) {
  Policy policy;
  policy.id = "short";
  EXPECT_TRUE(Selects({"policies"}, policy));
  EXPECT_TRUE(Selects({"policies/short"}, policy));
  EXPECT_FALSE(Selects({"quotas", "groups"}, policy));
  Series series;
  series.id = 7;
  series.draft = ReservationOf(0, {Item("lab")});
  EXPECT_TRUE(Selects({"series"}, series));
  EXPECT_TRUE(Selects({"series/7"}, series));
  EXPECT_TRUE(Selects({"assets/lab"}, series));
  EXPECT_FALSE(Selects({"series/8", "reservations", "assets/rigs"}, series));
}

TEST(ResourceSelectorTest, AnAssetSelectsItsReservations) {
  EXPECT_TRUE(Selects({"assets/lab"}, ReservationOf(7, {Item("rigs"), Item("lab")})));
  EXPECT_FALSE(Selects({"assets/lab"}, ReservationOf(7, {Item("rigs")})));
}

TEST(ResourceSelectorTest, WhatIsNeitherNameNorCollectionIsRefused) {
  for (const char* bad :
       {"", "gadgets", "assets/", "/assets", "assets/Lab", "assets/a/b", "reservations/x",
        "reservations/", "reservations/-1", "series/x", "series/", "assets ", "*"}) {
    EXPECT_TRUE(IsRefused({"assets/lab", bad})) << "'" << bad << "'";
  }
}

TEST(ResourceSelectorTest, MoreThanTheLimitIsRefused) {
  std::vector<std::string> names(limits::kMaxWatchResources, "assets/lab");
  EXPECT_FALSE(IsRefused(names));
  names.push_back("assets/lab");
  EXPECT_TRUE(IsRefused(names));
}

}  // namespace
}  // namespace labslot::service
