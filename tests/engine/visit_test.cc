// Visits: several stops one behind the other, at the first time at which all of them fit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/visit_decisions.h"
#include "tests/engine/quotas_fixture.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::Describe;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::kMinute;
using support::MakeAsset;
using support::MakeSite;
using support::Span;
using support::World;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// Office hours in Lommel, where the tem and three fibs are; round the clock in Ghent, two
// hours and seven minutes away, where the scope is.
class VisitTest : public testing::Test {
 protected:
  VisitTest() {
    world_.Add(MakeSite("ghent"));
    Site lommel = MakeSite("lommel");
    lommel.calendar = support::Office();
    lommel.travel_times = {{"ghent", 2 * kHour + 7 * kMinute}};
    world_.Add(lommel);
    for (const char* id : {"tem", "fib-1", "fib-2", "fib-3"}) world_.Add(MakeAsset(id));
    world_.Add(MakeAsset("scope", "ghent"));
  }

  // `assets` will do, best first; each may be "lab@ghent".
  static VisitStop Stop(Seconds duration, const std::vector<std::string>& assets) {
    VisitStop stop;
    stop.duration = duration;
    for (const std::string& asset : assets) {
      const size_t at = asset.find('@');
      stop.options.push_back(
          {{Item(asset.substr(0, at))}, at == std::string::npos ? "" : asset.substr(at + 1)});
    }
    return stop;
  }

  static CreateVisit Visit(std::vector<VisitStop> stops, const std::vector<const char*>& windows) {
    CreateVisit visit;
    visit.stops = std::move(stops);
    for (const char* window : windows) visit.windows.push_back(Span(window));
    return visit;
  }

  static CreateVisit OnOneDay(CreateVisit visit) {
    visit.same_day = true;
    return visit;
  }

  static CreateVisit InOrder(CreateVisit visit) {
    visit.in_order = true;
    return visit;
  }

  Result<Decision> Make(const CreateVisit& visit, const std::string& user = "ada") {
    return world_.Run({user}, visit);
  }

  // `tem mon 08:00-12:00, fib-1 mon 12:00-14:00`, or why not.
  std::string Plan(const CreateVisit& visit) const { return Words(world_.Try({"ada"}, visit)); }

  static std::string Words(const Result<Decision>& decided) {
    if (!decided.ok()) return Describe(decided.error());
    std::vector<std::string> words;
    for (const Change& change : decided.value().changes) {
      const auto& r = std::get<Reservation>(change.event.resource);
      words.push_back(absl::StrCat(r.items[0].asset, r.site.empty() ? "" : "@", r.site, " ",
                                   Clock("%a %H:%M-", r.interval.start),
                                   Clock("%H:%M", r.interval.end)));
    }
    return absl::StrJoin(words, ", ");
  }

  static std::string Clock(const char* format, Instant instant) {
    return absl::AsciiStrToLower(absl::FormatTime(format, absl::FromUnixSeconds(instant),
                                                  support::Zone(support::kBrussels)));
  }

  void Take(const std::string& asset, const char* when) {
    world_.MustBook(Draft({Item(asset)}, Span(when)));
  }

  World world_;
};

constexpr char kWeek[] = "mon 0:00-fri 24:00";

TEST_F(VisitTest, OneOfThreeWillDoOnTheSameDay) {
  const CreateVisit visit = OnOneDay(
      Visit({Stop(4 * kHour, {"tem"}), Stop(2 * kHour, {"fib-1", "fib-2", "fib-3"})}, {kWeek}));
  EXPECT_EQ(Plan(visit), "tem mon 08:00-12:00, fib-1 mon 12:00-14:00");
  // On Monday there is no tem for four hours, on Tuesday no fib behind it or before it.
  Take("tem", "mon 9:00-14:00");
  for (const char* fib : {"fib-1", "fib-2"}) Take(fib, "tue 8:00-17:00");
  Take("fib-3", "tue 9:00-16:00");
  Take("fib-1", "wed 8:00-17:00");
  EXPECT_EQ(Plan(visit), "tem wed 08:00-12:00, fib-2 wed 12:00-14:00");
}

TEST_F(VisitTest, TheOrderIsThatWhichEndsFirst) {
  Take("tem", "mon 8:00-10:00");
  const CreateVisit visit = Visit({Stop(4 * kHour, {"tem"}), Stop(2 * kHour, {"fib-1"})}, {kWeek});
  EXPECT_EQ(Plan(visit), "fib-1 mon 08:00-10:00, tem mon 10:00-14:00");
  EXPECT_EQ(Plan(InOrder(visit)), "tem mon 10:00-14:00, fib-1 mon 14:00-16:00");
}

TEST_F(VisitTest, StopsComeAsListedWhereItMakesNoDifference) {
  EXPECT_EQ(
      Plan(Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1"}), Stop(kHour, {"fib-2"})}, {kWeek})),
      "tem mon 08:00-09:00, fib-1 mon 09:00-10:00, fib-2 mon 10:00-11:00");
}

TEST_F(VisitTest, TheFirstWindowWithATimeIsTaken) {
  Take("tem", "tue 8:00-17:00");
  const CreateVisit visit = Visit({Stop(4 * kHour, {"tem"}), Stop(4 * kHour, {"fib-1"})},
                                  {"tue 0:00-24:00", "thu 0:00-24:00", "mon 0:00-24:00"});
  EXPECT_EQ(Plan(visit), "tem thu 08:00-12:00, fib-1 thu 12:00-16:00");
}

TEST_F(VisitTest, NothingBeginsBeforeNow) {
  world_.now = support::At("mon 9:50");
  EXPECT_EQ(Plan(Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1"})}, {kWeek})),
            "tem mon 10:00-11:00, fib-1 mon 11:00-12:00");
}

TEST_F(VisitTest, PeopleTakeTheirTimeBetweenTwoSites) {
  const CreateVisit visit = Visit({Stop(4 * kHour, {"tem"}), Stop(2 * kHour, {"scope"})}, {kWeek});
  // In Ghent at 14:07, moved on to the next quarter of an hour.
  EXPECT_EQ(Plan(InOrder(visit)), "tem mon 08:00-12:00, scope mon 14:15-16:15");
  // Ghent is open at night.
  EXPECT_EQ(Plan(visit), "scope mon 00:00-02:00, tem mon 08:00-12:00");
}

TEST_F(VisitTest, AQuarterOfAnHourIsNotWaitedForWhereThereIsNoRoom) {
  const CreateVisit visit =
      InOrder(Visit({Stop(4 * kHour, {"tem"}), Stop(2 * kHour, {"scope"})}, {"mon 8:00-16:07"}));
  EXPECT_EQ(Plan(visit), "tem mon 08:00-12:00, scope mon 14:07-16:07");
}

TEST_F(VisitTest, TheDayIsThatOfThePlaceOfTheFirstStop) {
  // An hour ahead of Brussels, and as far away as the map says nothing of.
  world_.Add(MakeSite("tartu", "Europe/Tallinn"));
  world_.Add(MakeAsset("laser", "tartu"));
  Take("laser", "mon 0:00-22:00");
  Take("scope", "mon 0:00-20:00");
  const std::vector<VisitStop> stops = {Stop(2 * kHour, {"scope"}), Stop(2 * kHour, {"laser"})};
  EXPECT_EQ(Plan(InOrder(OnOneDay(Visit(stops, {kWeek})))),
            "scope mon 20:00-22:00, laser mon 22:00-00:00")
      << "begins in Brussels, where the day ends at midnight";
  const std::vector<VisitStop> back = {stops[1], stops[0]};
  EXPECT_EQ(Plan(InOrder(OnOneDay(Visit(back, {"mon 12:00-wed 24:00"})))),
            "laser mon 23:00-01:00, scope tue 01:00-03:00")
      << "begins in Tartu, where Tuesday begins at 23:00";
}

TEST_F(VisitTest, OfTwoThatEndAtOneTimeTheBetterOptionIsTaken) {
  Take("fib-1", "mon 8:00-9:00");
  Take("scope", "mon 0:00-16:00");
  // The first fib is free an hour later, and still early enough.
  const CreateVisit visit =
      InOrder(Visit({Stop(2 * kHour, {"fib-1", "fib-2"}), Stop(2 * kHour, {"scope"})}, {kWeek}));
  EXPECT_EQ(Plan(visit), "fib-1 mon 09:00-11:00, scope mon 16:00-18:00");
}

TEST_F(VisitTest, AllHaveTheNumberOfTheFirst) {
  CreateVisit visit = Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1"})}, {kWeek});
  visit.stops[1].display_name = "Lamella";
  visit.common.display_name = "Cracks";
  visit.common.purpose = "Look at cracks";
  visit.common.labels = {{"sample", "weld"}};
  const Revision head = world_.state().head();
  ASSERT_EQ(Words(Make(visit)), "tem mon 08:00-09:00, fib-1 mon 09:00-10:00");
  const std::map<std::string, std::string> labels = {{"sample", "weld"},
                                                     {"visit", absl::StrCat(head + 1)}};
  for (const Revision id : {head + 1, head + 2}) {
    const Reservation& made = world_.reservation(id);
    EXPECT_EQ(made.labels, labels);
    EXPECT_EQ(made.purpose, "Look at cracks");
    EXPECT_EQ(made.user, "ada");
    EXPECT_EQ(made.organisation, "acme");
    EXPECT_EQ(made.state, ReservationState::kConfirmed);
  }
  EXPECT_EQ(world_.reservation(head + 1).display_name, "Cracks");
  EXPECT_EQ(world_.reservation(head + 2).display_name, "Lamella");
}

TEST_F(VisitTest, AStopThatFitsNowhereIsNamedWithWhatIsInItsWay) {
  Take("fib-1", "mon 8:00-17:00");
  Take("fib-2", "mon 8:00-17:00");
  const Revision head = world_.state().head();
  const auto refused =
      Make(Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1", "fib-2"})}, {"mon 0:00-24:00"}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kRefused);
  EXPECT_EQ(refused.error().stop, 1u);
  EXPECT_THAT(refused.error().message, StartsWith("stops[1]: fib-1 is taken"));
  std::vector<std::string> found;
  for (const Violation& violation : refused.error().refusal->violations) {
    EXPECT_EQ(violation.rule, Rule::kCapacityExceeded);
    EXPECT_EQ(violation.conflicts.size(), 1u);
    found.push_back(violation.asset);
  }
  EXPECT_THAT(found, ElementsAre("fib-1", "fib-2"));
  EXPECT_EQ(refused.error().refusal->earliest_start, support::At("tue 8:00"));
  EXPECT_EQ(world_.state().head(), head);
  EXPECT_TRUE(world_.state().timeline("tem").empty());
}

TEST_F(VisitTest, AStopThatFitsAloneButNotBehindTheOthersIsNamed) {
  Take("fib-1", "mon 10:00-17:00");
  const auto refused = Make(
      InOrder(Visit({Stop(4 * kHour, {"tem"}), Stop(2 * kHour, {"fib-1"})}, {"mon 0:00-24:00"})));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().stop, 1u);
  const std::vector<Violation>& violations = refused.error().refusal->violations;
  ASSERT_EQ(violations.size(), 2u) << refused.error().message;
  EXPECT_EQ(violations[0].rule, Rule::kCapacityExceeded);
  EXPECT_EQ(violations[1].rule, Rule::kTravelDoesNotFit);
  EXPECT_EQ(violations[1].found, "there from Mon 2027-03-01 12:00 Europe/Brussels");
  EXPECT_EQ(refused.error().refusal->earliest_start, support::At("tue 8:00"));
}

TEST_F(VisitTest, AWindowThatIsOverRefuses) {
  world_.now = support::At("wed 12:00");
  const auto refused = Make(Visit({Stop(kHour, {"tem"})}, {"mon 0:00-24:00"}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->violations[0].rule, Rule::kStartInPast);
}

TEST_F(VisitTest, RulesAboutAllThatAHolderHasSpreadTheStops) {
  Quota quota = CountQuota(1, QuotaPeriod::kDay, {Dimension::kUser});
  quota.applies_to.push_back(Kinds({"lab"}));
  world_.Add(quota);
  const CreateVisit visit = Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1"})}, {kWeek});
  EXPECT_EQ(Plan(visit), "tem mon 08:00-09:00, fib-1 tue 08:00-09:00");
  const auto refused = Make(OnOneDay(visit));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().stop, 1u);
  EXPECT_EQ(refused.error().refusal->violations[0].source, "quotas/quota");
}

TEST_F(VisitTest, SetUpAndTearDownOfOneAssetKeepItsStopsApart) {
  Asset press = MakeAsset("press");
  press.set_up = kHour;
  press.tear_down = 30 * kMinute;
  world_.Add(press);
  EXPECT_EQ(Plan(Visit({Stop(kHour, {"press"}), Stop(kHour, {"press"})}, {kWeek})),
            "press mon 08:00-09:00, press mon 10:30-11:30");
  // Meanwhile there is time for something else.
  EXPECT_EQ(
      Plan(Visit({Stop(kHour, {"press"}), Stop(kHour, {"press"}), Stop(kHour, {"tem"})}, {kWeek})),
      "press mon 08:00-09:00, tem mon 09:00-10:00, press mon 10:30-11:30");
}

TEST_F(VisitTest, AMobileLabComesToItsStops) {
  world_.Add(support::MakeMobile("lab"));
  const CreateVisit visit =
      InOrder(Visit({Stop(2 * kHour, {"tem"}), Stop(2 * kHour, {"lab@ghent"})}, {kWeek}));
  EXPECT_EQ(Plan(visit), "tem mon 08:00-10:00, lab@ghent mon 12:15-14:15");
  const auto refused = Make(Visit({Stop(kHour, {"lab"})}, {kWeek}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().refusal->violations[0].rule, Rule::kSiteRequired);
}

TEST_F(VisitTest, WhatIsWrongIsNamedByItsPlace) {
  const CreateVisit visit = Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1"})}, {kWeek});
  const auto nobody = world_.Run(LocalOperator(), visit);
  ASSERT_EQ(nobody.error().kind, ErrorKind::kInvalidFields);
  EXPECT_EQ(nobody.error().fields[0].field, "common.user");

  const auto unknown = Make(Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1", "kiln"})}, {kWeek}));
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(unknown.error().stop, 1u);

  CreateVisit apart = visit;
  apart.stops[1].options[0].items.push_back(Item("scope"));
  EXPECT_EQ(Make(apart).error().fields[0].field, "stops[1].options[0].items[1].asset");

  world_.Add(support::MakeUser("bob", {"acme"}));
  CreateVisit for_bob = visit;
  for_bob.common.user = "bob";
  EXPECT_EQ(Make(for_bob).error().kind, ErrorKind::kRoleRequired);
}

TEST_F(VisitTest, ASearchHasItsLimit) {
  CreateVisit visit;
  visit.same_day = true;
  for (int i = 0; i < 6; ++i) {
    std::vector<std::string> options;
    for (int j = 0; j < 3; ++j) {
      Asset asset = MakeAsset(absl::StrCat("a", i, "-", j), "ghent");
      // The first two stops never fit one behind the other.
      asset.calendar = support::Hours("mon-sun", i < 2 ? "10:00-12:00" : "8:00-20:00");
      world_.Add(asset);
      options.push_back(asset.id);
    }
    visit.stops.push_back(Stop(2 * kHour, options));
  }
  const Instant start = support::At("mon 0:00");
  for (int i = 0; i < 8; ++i) {
    visit.windows.push_back({start + i * 62 * kDay, start + (i + 1) * 62 * kDay});
  }
  const auto refused = Make(visit);
  ASSERT_EQ(refused.error().kind, ErrorKind::kInvalidFields) << Describe(refused.error());
  EXPECT_EQ(refused.error().fields[0].field, "windows");
}

TEST_F(VisitTest, WhatTakesApprovalIsGrantedAsARequest) {
  Policy approval = MakePolicy("ask", ApprovalRule{});
  approval.effect = Effect::kNeedsApproval;
  approval.applies_to.emplace_back().assets = {"fib-1"};
  world_.Add(approval);
  const auto made = Make(Visit({Stop(kHour, {"tem"}), Stop(kHour, {"fib-1"})}, {kWeek}));
  ASSERT_EQ(Words(made), "tem mon 08:00-09:00, fib-1 mon 09:00-10:00");
  EXPECT_EQ(std::get<Reservation>(made.value().changes[1].event.resource).state,
            ReservationState::kPending);
}

}  // namespace
}  // namespace labslot::engine
