// Mobile assets: the ways between their visits.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/engine/admission.h"
#include "daemon/engine/itinerary.h"
#include "daemon/engine/slots.h"
#include "tests/engine/table.h"
#include "tests/support/records.h"
#include "tests/support/times.h"
#include "tests/support/world.h"

namespace labslot::engine {
namespace {

using support::At;
using support::Draft;
using support::Item;
using support::kDay;
using support::kHour;
using support::MakeSite;
using support::Script;
using support::Span;
using support::World;

// The lab is at home in Lommel, from where it is 3 hours to Kortrijk and 20 to
// Brno; between those two it is 22. It is set up in two hours and down in one.
class TravelTest : public testing::Test {
 protected:
  TravelTest() {
    world_.Add(MakeSite("kortrijk"));
    Site brno = MakeSite("brno", "Europe/Prague");
    brno.travel_times = {{"kortrijk", 22 * kHour}};
    world_.Add(brno);
    Site lommel = MakeSite("lommel");
    lommel.travel_times = {{"kortrijk", 3 * kHour}, {"brno", 20 * kHour}};
    world_.Add(lommel);
    AddLab({});
  }

  void AddLab(const Travel& travel) {
    Asset lab = support::MakeMobile(absl::StrCat("lab", labs_++ == 0 ? "" : absl::StrCat(labs_)));
    lab.set_up = 2 * kHour;
    lab.tear_down = kHour;
    lab.travel = travel;
    world_.Add(lab);
  }

  // `lommel>brno mon 09:00-tue 05:00`, in order.
  std::string Legs(const std::string& asset = "lab") const {
    std::vector<std::string> words;
    const Asset& lab = *world_.catalogue().FindAsset(asset);
    for (const Leg& leg :
         LegsOf(Ways(world_.catalogue(), lab), world_.state().itinerary(asset).All())) {
      words.push_back(absl::StrCat(leg.from, ">", leg.to, " ", Clock(leg.interval.start), "-",
                                   Clock(leg.interval.end)));
    }
    return absl::StrJoin(words, ", ");
  }

  static std::string Clock(Instant instant) {
    return absl::AsciiStrToLower(absl::FormatTime("%a %H:%M", absl::FromUnixSeconds(instant),
                                                  support::Zone(support::kBrussels)));
  }

  World world_;
  Script script_{world_};
  int labs_ = 0;
};

TEST_F(TravelTest, AVisitTakesTheWayFromHomeAndBack) {
  EXPECT_TABLE(script_, "r1: book lab @ tue 9:00-12:00 at kortrijk -> ok");
  EXPECT_EQ(Legs(), "lommel>kortrijk tue 04:00-tue 07:00, kortrijk>lommel tue 13:00-tue 16:00");
}

TEST_F(TravelTest, TheWayToTheFirstVisitBeginsNowAtTheEarliest) {
  // It is Sunday, 12:00: there at 8:00 on Monday, set up at 10:00.
  EXPECT_TABLE(script_, R"(
    book lab @ mon 9:59-12:00 at brno      -> travel_does_not_fit lab
    book lab @ mon 10:00-12:00 at brno     -> ok
  )");
}

TEST_F(TravelTest, BetweenTwoVisitsThereIsRoomForTearDownWayAndSetUp) {
  // Kortrijk is left at 13:00, Brno reached at 11:00 on Wednesday, set up at 13:00.
  EXPECT_TABLE(script_, R"(
    r1: book lab @ tue 9:00-12:00 at kortrijk        -> ok
    book lab @ wed 12:59:59-15:00 at brno            -> travel_does_not_fit lab [r1]
    r2: book lab @ wed 13:00-15:00 at brno           -> ok
    # from Brno home at 12:00 on Thursday, in Kortrijk at 14:00 by the direct way
    book lab @ thu 15:59-17:00 at kortrijk           -> travel_does_not_fit lab [r2]
    book lab @ thu 16:00-17:00 at kortrijk           -> ok
  )");
  EXPECT_EQ(Legs(),
            "lommel>kortrijk tue 04:00-tue 07:00, kortrijk>brno tue 13:00-wed 11:00, "
            "brno>kortrijk wed 16:00-thu 14:00, kortrijk>lommel thu 18:00-thu 21:00");
}

TEST_F(TravelTest, AVisitLeavesRoomForTheWayToTheNext) {
  EXPECT_TABLE(script_, R"(
    r1: book lab @ fri 9:00-12:00 at brno            -> ok
    # Kortrijk must be left by Thursday, 9:00
    book lab @ wed 9:00-thu 8:00:01 at kortrijk      -> travel_does_not_fit lab [r1]
    book lab @ wed 9:00-thu 8:00 at kortrijk         -> ok
  )");
}

TEST_F(TravelTest, TheRefusalNamesTheWayAndWhatIsMissing) {
  const ReservationId first =
      world_.MustBook(Draft({Item("lab")}, Span("tue 9:00-12:00"), "kortrijk"));
  const auto result = world_.Book(Draft({Item("lab")}, Span("wed 12:00-15:00"), "brno"));
  ASSERT_FALSE(result.ok());
  const Violation& violation = result.error().refusal->violations[0];
  EXPECT_EQ(violation.rule, Rule::kTravelDoesNotFit);
  EXPECT_EQ(violation.message,
            "lab takes 22 h from kortrijk to brno and is there at Wed 2027-03-03 11:00 "
            "Europe/Prague, 1 h after it is needed");
  ASSERT_EQ(violation.conflicts.size(), 1u);
  EXPECT_EQ(violation.conflicts[0].reservation, first);
  EXPECT_EQ(result.error().refusal->earliest_start, At("wed 13:00"));
}

TEST_F(TravelTest, CancellingAVisitMergesItsWays) {
  EXPECT_TABLE(script_, R"(
    book lab @ tue 9:00-12:00 at kortrijk            -> ok
    r2: book lab @ wed 13:00-15:00 at brno           -> ok
    book lab @ thu 16:00-17:00 at kortrijk           -> ok
    cancel r2                                        -> ok
  )");
  // Now there is time to go home in between.
  EXPECT_EQ(Legs(),
            "lommel>kortrijk tue 04:00-tue 07:00, kortrijk>lommel tue 13:00-tue 16:00, "
            "lommel>kortrijk thu 11:00-thu 14:00, kortrijk>lommel thu 18:00-thu 21:00");
}

TEST_F(TravelTest, ItGoesHomeIfItCanStayThereForADay) {
  // Home at 16:00 on Tuesday, away at 16:00 on Wednesday.
  EXPECT_TABLE(script_, R"(
    book lab @ tue 9:00-12:00 at kortrijk            -> ok
    r2: book lab @ wed 21:00-22:00 at kortrijk       -> ok
  )");
  EXPECT_NE(Legs().find("kortrijk>lommel tue 13:00"), std::string::npos) << Legs();
  EXPECT_TABLE(script_, "move r2 @ wed 20:59-22:00 -> ok");
  EXPECT_EQ(Legs(), "lommel>kortrijk tue 04:00-tue 07:00, kortrijk>lommel wed 23:00-thu 02:00");
}

TEST_F(TravelTest, WhatStaysGoesFromWhereItIs) {
  AddLab({.between = Between::kStays});
  EXPECT_TABLE(script_, R"(
    r1: book lab2 @ tue 9:00-12:00 at kortrijk       -> ok
    now fri 12:00
    book lab2 @ sat 11:59-13:00 at brno              -> travel_does_not_fit lab2 [r1]
    book lab2 @ sat 12:00-13:00 at brno              -> ok
  )");
}

TEST_F(TravelTest, WhatIsAlwaysAtHomeGoesThereInBetween) {
  AddLab({.between = Between::kAlwaysHome});
  // Kortrijk is left at 13:00; home at 16:00, Brno at 12:00, set up at 14:00.
  EXPECT_TABLE(script_, R"(
    r1: book lab2 @ tue 9:00-12:00 at kortrijk       -> ok
    book lab2 @ wed 13:59-15:00 at brno              -> travel_does_not_fit lab2 [r1]
    book lab2 @ wed 14:00-15:00 at brno              -> ok
  )");
}

TEST_F(TravelTest, WhatHasGoneHomeComesFromThere) {
  // Home on Tuesday at 16:00; on Wednesday at 8:00 it leaves for Brno.
  EXPECT_TABLE(script_, R"(
    r1: book lab @ tue 9:00-12:00 at kortrijk        -> ok
    now wed 8:00
    book lab @ thu 5:59-7:00 at brno                 -> travel_does_not_fit lab [r1]
    book lab @ thu 6:00-7:00 at brno                 -> ok
  )");
}

TEST_F(TravelTest, ATourIsNotTooLong) {
  AddLab({.longest_tour = 3 * kDay});
  // Away from Tuesday, 4:00; so back by Friday, 4:00: Kortrijk is left by 1:00.
  EXPECT_TABLE(script_, R"(
    r1: book lab2 @ tue 9:00-12:00 at kortrijk       -> ok
    r2: book lab2 @ wed 18:00-19:00 at kortrijk      -> ok
    book lab2 @ thu 18:00-fri 0:01 at kortrijk       -> tour_too_long lab2 [r2]
    book lab2 @ thu 18:00-fri 0:00 at kortrijk       -> ok
  )");
}

TEST_F(TravelTest, AfterATourThatWouldBeTooLongTheNextOneBegins) {
  AddLab({.longest_tour = 3 * kDay});
  world_.MustBook(Draft({Item("lab2")}, Span("tue 9:00-wed 12:00"), "kortrijk"));
  const auto result = world_.Book(Draft({Item("lab2")}, Span("thu 9:00-fri 9:00"), "kortrijk"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().refusal->violations[0].rule, Rule::kTourTooLong);
  // Kortrijk is left on Wednesday at 13:00, home is at 16:00, a day later it leaves.
  EXPECT_EQ(result.error().refusal->earliest_start, At("thu 21:00"));
}

TEST_F(TravelTest, AVisitThatBeganCanBeExtendedUpToTheWayToTheNext) {
  EXPECT_TABLE(script_, R"(
    r1: book lab @ tue 9:00-12:00 at kortrijk        -> ok
    r2: book lab @ thu 9:00-12:00 at brno            -> ok
    now tue 10:00
    # Kortrijk must be left on Wednesday at 9:00
    move r1 @ tue 9:00-wed 8:01                      -> travel_does_not_fit lab [r2]
    move r1 @ tue 9:00-wed 8:00                      -> ok
  )");
}

TEST_F(TravelTest, WhatWasGivenBackBeforeTheRestIsThereNoLonger) {
  world_.Add(support::MakeAsset("oven"));
  EXPECT_TABLE(script_, R"(
    r1: book lab,oven @ mon 10:00-20:00 at brno      -> ok
    now mon 10:00
    checkin r1                                       -> ok
    now mon 12:00
    checkout r1 parts lab                            -> ok
    # torn down at 13:00, in Kortrijk on Tuesday at 11:00, set up at 13:00
    book lab @ tue 12:59-15:00 at kortrijk           -> travel_does_not_fit lab [r1]
    book lab @ tue 13:00-15:00 at kortrijk           -> ok
  )");
  EXPECT_EQ(Legs(),
            "lommel>brno sun 12:00-mon 08:00, brno>kortrijk mon 13:00-tue 11:00, "
            "kortrijk>lommel tue 16:00-tue 19:00");
}

TEST_F(TravelTest, WhoLeavesBeforeHisStartHoldsNobodyUp) {
  world_.Add(support::MakeMobile("van"));
  EXPECT_TABLE(script_, R"(
    r1: book van @ tue 9:00-12:00 at kortrijk        -> ok
    now tue 8:50
    checkin r1                                       -> ok
    now tue 8:55
    checkout r1                                      -> ok
    book van @ tue 9:00-12:00 at lommel              -> ok
  )");
  EXPECT_EQ(Legs("van"), "");
}

TEST_F(TravelTest, SlotsAreFoundWithTheWayThere) {
  world_.MustBook(Draft({Item("lab")}, Span("tue 9:00-12:00"), "kortrijk"));
  SlotQuery query;
  query.items = {Item("lab")};
  query.site = "brno";
  query.duration = 2 * kHour;
  query.window = Span("tue 0:00-fri 24:00");
  query.user = "ada";
  query.organisation = "acme";
  query.limit = 1;
  const std::vector<Slot> slots = FindSlots(world_.state(), query, world_.now);
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_EQ(slots[0].interval, Span("wed 13:00-15:00"));
  EXPECT_EQ(slots[0].start_slack, 0);
}

TEST_F(TravelTest, StatedTimesAreToSitesThatExistAndStay) {
  Site ghent = MakeSite("ghent");
  ghent.travel_times = {{"nowhere", kHour}};
  const auto missing = world_.Run(CreateRecord{ghent});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().fields[0].field, "site.travel_times");
  const auto needed = world_.Run(DeleteRecord{"sites", "brno", 0});
  ASSERT_FALSE(needed.ok());
  EXPECT_EQ(needed.error().refusal->violations[0].rule, Rule::kStillReferenced);
}

// A visit of last week says from where the next way begins, but none before it.
TEST_F(TravelTest, OfWhatIsOverOnlyTheLastVisitIsKept) {
  Itinerary itinerary;
  itinerary.Insert({1, Span("mon 9:00-10:00"), "kortrijk"});
  itinerary.Insert({2, Span("tue 9:00-10:00"), "brno"});
  itinerary.Insert({3, Span("fri 9:00-10:00"), "kortrijk"});
  itinerary.ForgetBefore(At("wed 9:00"));
  ASSERT_EQ(itinerary.All().size(), 2u);
  EXPECT_EQ(itinerary.All()[0].reservation, 2);
  EXPECT_EQ(itinerary.LastBefore(At("thu 9:00"))->reservation, 2);
  EXPECT_EQ(itinerary.FirstFrom(At("thu 9:00"))->reservation, 3);
  EXPECT_EQ(itinerary.FirstFrom(At("fri 9:00"), 3), nullptr);
}

}  // namespace
}  // namespace labslot::engine
