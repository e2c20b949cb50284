// The fold that a report is.

#include "daemon/engine/use_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/domain/names.h"
#include "tests/engine/table.h"
#include "tests/engine/use_words.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/use_source.h"

namespace labslot::engine {
namespace {

using support::At;
using support::kHour;
using support::Span;
using D = UseDimension;

// Ada of acme has the oven for an hour, Bob of uni for two, Cyd of uni for one in
// secret; Bob has the press for one.
class UseReportTest : public testing::Test {
 protected:
  UseReportTest() {
    Site lommel = support::MakeSite("lommel");
    lommel.region = "be-vli";
    world_.Add(lommel);
    Organisation uni = support::MakeOrganisation("uni");
    uni.kind = OrganisationKind::kEducation;
    uni.size_class = SizeClass::kMedium;
    uni.region = "be-vbr";
    world_.Add(uni);
    world_.Add(support::MakeUser("bob", {"uni"}));
    world_.Add(support::MakeUser("cyd", {"uni"}));
    Asset oven = support::MakeAsset("oven");
    oven.kind = "heat";
    oven.labels = {{"room", "a"}};
    oven.organisation = "acme";
    world_.Add(oven);
    Asset press = support::MakeAsset("press");
    press.kind = "force";
    world_.Add(press);
  }

  void BookAll() {
    Reservation ada = Draft("oven", "mon 9:00-10:00");
    ada.activity_class = ActivityClass::kEducation;
    ada.access_mode = AccessMode::kWide;
    ada.project = "x";
    ada.purpose = "p";
    ada.funding = "f";
    world_.MustBook(ada);
    Reservation bob = Draft("oven", "mon 10:00-12:00");
    bob.access_mode = AccessMode::kMarket;
    bob.on_behalf_of = "acme";
    bob.project = "y";
    world_.MustBook(bob, "bob");
    Reservation cyd = Draft("oven", "mon 12:00-13:00");
    cyd.confidential = true;
    world_.MustBook(cyd, "cyd");
    world_.MustBook(Draft("press", "mon 9:00-10:00"), "bob");
    world_.now = At("wed 9:00");
  }

  static UseQuery By(std::vector<D> dimensions) {
    UseQuery query;
    query.group_by = std::move(dimensions);
    return query;
  }

  static Reservation Draft(const std::string& asset, const char* span) {
    return support::Draft({support::Item(asset)}, Span(span));
  }

  std::vector<UseRow> Rows(UseQuery query, const std::vector<std::string>& assets,
                           const std::string& zone = support::kBrussels) {
    if (query.period.empty()) query.period = monday_;
    support::WorldUse source(world_);
    const auto epochs = source.Epochs(query.period);
    UseReport report(query, world_.now, source);
    for (const std::string& asset : assets) report.Add(SpansOf(epochs, asset), zone);
    return report.Rows();
  }
  std::vector<UseRow> Rows(const UseQuery& query) { return Rows(query, {"oven", "press"}); }

  // Who used how many minutes.
  std::vector<std::string> Used(const UseQuery& query) {
    std::vector<std::string> used;
    for (const UseRow& row : Rows(query)) {
      if (row.cell.use[UseState::kUsed] == 0) continue;
      used.push_back(
          absl::StrCat(absl::StrJoin(row.group, " "), " ", row.cell.use[UseState::kUsed] / 60));
    }
    return used;
  }

  const Interval monday_ = Span("mon 0:00-24:00");
  support::World world_;
  support::Script script_{world_};
};

using Lines = std::vector<std::string>;

TEST_F(UseReportTest, GroupsByAnyDimension) {
  BookAll();
  const struct {
    D dimension;
    Lines used;
  } table[] = {
      {D::kAsset, {"assets/oven 240", "assets/press 60"}},
      {D::kKind, {"force 60", "heat 240"}},
      {D::kLabel, {" 60", "a 240"}},
      {D::kSite, {"sites/lommel 300"}},
      {D::kRegion, {"be-vli 300"}},
      {D::kOwner, {" 60", "organisations/acme 240"}},
      {D::kUser, {"users/ada 60", "users/bob 180", "users/cyd 60"}},
      {D::kOrganisation, {"organisations/acme 60", "organisations/uni 240"}},
      {D::kOrganisationKind, {"EDUCATION 240", "RESEARCH 60"}},
      {D::kOrganisationSize, {"(none) 60", "MEDIUM 240"}},
      {D::kOrganisationRegion, {"(none) 60", "be-vbr 240"}},
      {D::kActivityClass, {"(none) 240", "EDUCATION 60"}},
      {D::kAccessMode, {"(none) 120", "MARKET_DRIVEN 120", "WIDE 60"}},
      {D::kProject, {"(none) 120", "x 60", "y 120"}},
      {D::kFunding, {"(none) 240", "f 60"}},
      {D::kPurpose, {"(none) 240", "p 60"}},
      {D::kOnBehalfOf, {"(none) 180", "organisations/acme 120"}},
  };
  for (const auto& line : table) {
    UseQuery query;
    query.group_by = {line.dimension};
    if (line.dimension == D::kLabel) query.label = "room";
    EXPECT_EQ(Used(query), line.used) << static_cast<int>(line.dimension);
    // Whatever the groups, all seconds of both assets are there.
    Seconds total = 0;
    for (const UseRow& row : Rows(query)) total += row.cell.use.total;
    EXPECT_EQ(total, 48 * kHour) << static_cast<int>(line.dimension);
  }
}

TEST_F(UseReportTest, TellsUnitsApartThatWereHandedOut) {
  Asset rigs = support::MakePool("rigs", 3);
  rigs.units = {{"r1", ""}, {"r2", ""}, {"r3", ""}};
  world_.Add(rigs);
  EXPECT_TABLE(script_, R"(
    r1: book rigs*2 @ mon 9:00-12:00  -> ok
    now mon 9:00
    checkin r1                        -> ok
    now mon 10:00
    checkout r1 parts rigs*1          -> ok
    now mon 11:00
    checkout r1                       -> ok
    r2: book rigs*2 @ mon 14:00-15:00 -> ok
    now mon 16:00
  )");
  std::vector<std::string> used;
  Seconds total = 0;
  for (const UseRow& row : Rows(By({D::kUnit}), {"rigs"})) {
    total += row.cell.use.total;
    if (row.cell.use[UseState::kUsed] == 0) continue;
    used.push_back(absl::StrCat(row.group.front(), " ", row.cell.use[UseState::kUsed] / 60));
  }
  EXPECT_EQ(used, (Lines{"(none) 120", "r1 120", "r2 60"}));
  EXPECT_EQ(total, 3 * 24 * kHour);
}

TEST_F(UseReportTest, TellsApartWhatAQuotaCounts) {
  BookAll();
  Selector uni;
  uni.organisations = {"uni"};
  Selector oven;
  oven.users = {"cyd"};
  Quota quota;
  quota.id = "share";
  quota.applies_to = {uni};
  quota.except = {oven};
  quota.limit = 1;
  world_.Add(quota);
  UseQuery query = By({D::kAsset, D::kQuota});
  query.quota = "share";
  EXPECT_EQ(Used(query),
            (Lines{"assets/oven counted 120", "assets/oven other 120", "assets/press counted 60"}));
}

TEST_F(UseReportTest, GroupsAreInTheOrderOfTheQuery) {
  BookAll();
  EXPECT_EQ(Used(By({D::kOrganisation, D::kAsset})),
            (Lines{"organisations/acme assets/oven 60", "organisations/uni assets/oven 180",
                   "organisations/uni assets/press 60"}));
  EXPECT_EQ(Used(By({D::kKind, D::kActivityClass})),
            (Lines{"force (none) 60", "heat (none) 180", "heat EDUCATION 60"}));
}

TEST_F(UseReportTest, MasksWhoPaidOrIsConfidential) {
  BookAll();
  UseQuery query;
  query.masks_market = true;
  query.group_by = {D::kOrganisation};
  EXPECT_EQ(Used(query), (Lines{"(masked) 180", "organisations/acme 60", "organisations/uni 60"}));
  query.group_by = {D::kProject};
  EXPECT_EQ(Used(query), (Lines{"(masked) 180", "(none) 60", "x 60"}));
  query.group_by = {D::kOnBehalfOf};
  EXPECT_EQ(Used(query), (Lines{"(masked) 180", "(none) 120"}));
  query.group_by = {D::kOrganisationKind};
  EXPECT_EQ(Used(query), (Lines{"EDUCATION 240", "RESEARCH 60"}));
  query.group_by = {D::kAccessMode, D::kFunding};
  EXPECT_EQ(Used(query), (Lines{"(none) (masked) 60", "(none) (none) 60",
                                "MARKET_DRIVEN (masked) 120", "WIDE f 60"}));
}

TEST_F(UseReportTest, PutsGroupsOfFewUsersTogether) {
  BookAll();
  UseQuery query;
  query.group_by = {D::kOrganisation};
  query.suppress_below = 1;
  EXPECT_EQ(Used(query), (Lines{"organisations/acme 60", "organisations/uni 240"}));
  query.suppress_below = 2;
  EXPECT_EQ(Used(query), (Lines{"(few) 60", "organisations/uni 240"}));
  query.suppress_below = 3;
  EXPECT_EQ(Used(query), (Lines{"(few) 300"}));
  query.suppress_below = 2;
  query.group_by = {D::kKind, D::kOrganisation};
  EXPECT_EQ(Used(query), (Lines{"force (few) 60", "heat (few) 60", "heat organisations/uni 180"}));
  // Nobody's time is nobody's secret.
  query.group_by = {D::kAsset};
  query.suppress_below = 1000;
  EXPECT_EQ(Used(query), (Lines{"assets/oven 240", "assets/press 60"}));
}

TEST_F(UseReportTest, TheWholeIsOfAllWhoUseTheSameAssets) {
  BookAll();
  for (const int32_t suppress_below : {0, 2}) {
    UseQuery query;
    query.group_by = {D::kKind, D::kOrganisation};
    query.suppress_below = suppress_below;
    for (const UseRow& row : Rows(query)) {
      EXPECT_EQ(row.whole.total, 24 * kHour);
      EXPECT_EQ(row.whole.open, 24 * kHour);
      EXPECT_EQ(row.whole[UseState::kUsed], (row.group[0] == "heat" ? 4 : 1) * kHour);
    }
  }
  UseQuery query;
  query.group_by = {D::kOrganisation};
  for (const UseRow& row : Rows(query)) EXPECT_EQ(row.whole.total, 48 * kHour);
  query.group_by = {D::kKind};
  for (const UseRow& row : Rows(query)) EXPECT_TRUE(row.whole == row.cell.use);
}

TEST_F(UseReportTest, NobodysTimeIsInARowOfItsOwn) {
  BookAll();
  const auto rows = Rows(By({D::kUser}), {"oven"});
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].group, (Lines{""}));
  EXPECT_EQ(Minutes(rows[0].cell.use), "available 1200");
  EXPECT_EQ(Minutes(rows[1].cell.use), "used 60");
  EXPECT_EQ(Minutes(rows[2].cell.use), "used 120");
}

TEST_F(UseReportTest, HoursOfTheWeekGatherThoseOfAllWeeks) {
  world_.MustBook(Draft("oven", "2027-03-01 09:00/2027-03-01 11:00"));
  world_.MustBook(Draft("oven", "2027-03-08 09:00/2027-03-08 10:00"));
  world_.now = At("2027-03-20");
  UseQuery query;
  query.period = Span("2027-03-01/2027-03-15");
  query.bucket = Bucket::kHourOfWeek;
  query.group_by = {D::kAsset};
  const auto rows = Rows(query, {"oven"});
  ASSERT_EQ(rows.size(), 168u);
  for (int hour = 0; hour < 168; ++hour) {
    const UseRow& row = rows[static_cast<size_t>(hour)];
    EXPECT_EQ(row.hour_of_week, hour);
    EXPECT_EQ(row.cell.use.total, 2 * kHour);
    EXPECT_EQ(row.interval, query.period);
    EXPECT_EQ(row.cell.use[UseState::kUsed], hour == 9 ? 2 * kHour : hour == 10 ? kHour : 0);
    EXPECT_EQ(row.cell.statistics.reservations, hour == 9 ? 2 : 0);
  }
}

TEST_F(UseReportTest, RowsAreCutToTheLifeOfTheAsset) {
  world_.now = At("mon 6:00");
  world_.Add(support::MakeAsset("late"));
  world_.now = At("wed 9:00");
  UseQuery query;
  query.period = Span("2027-02-28/2027-03-03");
  query.bucket = Bucket::kDay;
  query.group_by = {D::kAsset};
  const auto rows = Rows(query, {"late"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].interval, Span("mon 6:00-24:00"));
  EXPECT_EQ(rows[0].cell.use.total, 18 * kHour);
  EXPECT_EQ(rows[1].interval, Span("tue 0:00-24:00"));
  EXPECT_EQ(rows[1].time_zone, support::kBrussels);
}

TEST_F(UseReportTest, WhatWasCalledOffBehindTheLifeOfTheAssetIsInNoRow) {
  EXPECT_TABLE(script_, R"(
    r1: book oven @ thu 9:00-10:00 -> ok
    cancel r1                      -> ok
  )");
  world_.now = At("mon 12:00");
  ASSERT_TRUE(world_.Run(DeleteRecord{kAssets, "oven", 0}).ok());
  UseQuery query;
  query.period = Span("2027-03-01/2027-03-07");
  query.bucket = Bucket::kDay;
  query.group_by = {D::kAsset};
  const auto rows = Rows(query, {"oven"});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].interval, Span("mon 0:00-12:00"));
  EXPECT_EQ(rows[0].cell.statistics.cancelled, 0);
}

TEST_F(UseReportTest, ReservationsCountWhereTheyBegin) {
  Policy grace;
  grace.id = "grace";
  grace.rule = GraceRule{900};
  world_.Add(grace);
  EXPECT_TABLE(script_, R"(
    r1: book oven @ mon 22:00-tue 2:00 by bob -> ok
    r2: book oven @ tue 9:00-12:00            -> ok
    r3: book oven @ tue 12:00-14:00           -> ok
    r4: book oven @ wed 9:00-12:00            -> ok
    now mon 12:00
    cancel r3                                 -> ok
    r5: book oven @ tue 13:00-15:00 by bob    -> ok
    cancel r4                                 -> ok
    clock mon 22:00
    checkin r1 by bob                         -> ok
    clock tue 9:15
    see r2                                    -> no-show tue 09:00-12:00
    clock tue 13:15
    see r5                                    -> no-show tue 13:00-15:00
    clock wed 12:00
  )");
  UseQuery query;
  query.period = Span("mon 0:00-thu 0:00");
  query.bucket = Bucket::kDay;
  query.group_by = {D::kAsset};
  query.lead_times = true;
  const auto rows = Rows(query, {"oven"});
  ASSERT_EQ(rows.size(), 3u);
  const UseStatistics& monday = rows[0].cell.statistics;
  EXPECT_EQ(monday.reservations, 1);
  EXPECT_EQ(monday.lead_times, (std::vector<Seconds>{34 * kHour}));
  const UseStatistics& tuesday = rows[1].cell.statistics;
  EXPECT_EQ(tuesday.reservations, 2);
  EXPECT_EQ(tuesday.no_shows, 2);
  EXPECT_EQ(tuesday.cancelled, 1);
  EXPECT_EQ(tuesday.late_cancelled, 0) << "just 24 hours before";
  EXPECT_EQ(tuesday.cancelled_seconds, 2 * kHour);
  EXPECT_EQ(tuesday.relet_seconds, kHour);
  const UseStatistics& wednesday = rows[2].cell.statistics;
  EXPECT_EQ(wednesday.reservations, 0);
  EXPECT_EQ(wednesday.cancelled, 1);
  // Each is counted for the group that it is in.
  query.group_by = {D::kUser};
  for (const UseRow& row : Rows(query, {"oven"})) {
    if (row.group.front() == "users/bob" && row.interval.start == At("tue")) {
      EXPECT_EQ(row.cell.statistics.no_shows, 1);
      EXPECT_EQ(row.cell.statistics.cancelled, 0);
    }
    if (row.group.front().empty()) {
      EXPECT_TRUE(row.cell.statistics.empty());
    }
  }
}

TEST_F(UseReportTest, AnOrganisationIsOfTheKindThatItWasOfAtTheBooking) {
  world_.MustBook(Draft("oven", "tue 9:00-10:00"), "bob");
  world_.now = At("mon 12:00");
  UpdateRecord<Organisation> update;
  update.id = "uni";
  update.patch = [](const Organisation& current) -> Result<Organisation> {
    Organisation next = current;
    next.kind = OrganisationKind::kSme;
    return next;
  };
  ASSERT_TRUE(world_.Run(update).ok());
  world_.now = At("mon 12:01");
  world_.MustBook(Draft("oven", "tue 10:00-12:00"), "bob");
  world_.now = At("wed 9:00");
  UseQuery query;
  query.period = Span("tue 0:00-24:00");
  query.group_by = {D::kOrganisationKind};
  EXPECT_EQ(Used(query), (Lines{"EDUCATION 60", "SME 120"}));
}

TEST_F(UseReportTest, BucketsAreThoseOfTheZone) {
  BookAll();
  UseQuery query;
  query.bucket = Bucket::kDay;
  query.group_by = {D::kAsset};
  EXPECT_EQ(Rows(query, {"oven"}).size(), 1u);
  const auto rows = Rows(query, {"oven"}, "UTC");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].interval, Span("mon 0:00-1:00"));
  EXPECT_EQ(rows[0].time_zone, "UTC");
}

// A report on a part of a month counted a second time who tried again in the rest of it.
TEST_F(UseReportTest, WhoTriesAgainIsKnownInTheWholeMonthOfEveryReport) {
  support::WorldUse source(world_);
  const auto refuse = [&](const char* run, const char* time) {
    RefusedRequest request;
    request.asset = "oven";
    request.run = Span(run);
    request.user = "bob";
    request.time = At(time);
    source.Refuse(request);
  };
  refuse("2027-03-10 20:00/2027-03-11 4:00", "2027-03-09 8:00");
  refuse("2027-03-11 2:00/2027-03-11 10:00", "2027-03-09 9:00");
  const auto refused = [&](const char* period, Instant now) {
    UseQuery query;
    query.period = Span(period);
    query.bucket = Bucket::kMonth;
    query.group_by = {D::kAsset};
    UseReport report(query, now, source);
    report.Add(SpansOf(source.Epochs(query.period), "oven"), support::kBrussels);
    int64_t count = 0;
    for (const UseRow& row : report.Rows()) count += row.cell.statistics.refused;
    return count;
  };
  EXPECT_EQ(refused("2027-03-01 0:00/2027-04-01 0:00", At("2027-05-01 0:00")), 1);
  EXPECT_EQ(refused("2027-03-01 0:00/2027-04-01 0:00", At("2027-03-11 1:00")), 1);
  EXPECT_EQ(refused("2027-03-01 0:00/2027-03-11 0:00", At("2027-05-01 0:00")), 1);
  EXPECT_EQ(refused("2027-03-11 0:00/2027-04-01 0:00", At("2027-05-01 0:00")), 0);
}

}  // namespace
}  // namespace labslot::engine
