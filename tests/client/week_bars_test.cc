#include "client/week_bars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_split.h"
#include "client/output/time_text.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

absl::TimeZone Brussels() { return LoadZone("Europe/Brussels").value(); }

absl::Time Local(absl::CivilSecond local) { return absl::FromCivil(local, Brussels()); }

void AddSpan(absl::Time start, absl::Time end, bool open, int free, v1::AssetFreeBusy* answer) {
  v1::Span* span = answer->add_spans();
  *span->mutable_interval() = ToInterval(start, end);
  span->set_open(open);
  span->set_free_capacity(free);
}

// Open from 8 to 18, booked from 10 to 12 with an hour of set-up, held from 14
// to 15.
v1::AssetFreeBusy OneDay() {
  v1::AssetFreeBusy answer;
  answer.set_capacity(1);
  const auto at = [](int hour) { return Local(absl::CivilSecond(2027, 3, 1, hour)); };
  AddSpan(at(0), at(8), false, 1, &answer);
  AddSpan(at(8), at(9), true, 1, &answer);
  AddSpan(at(9), at(12), true, 0, &answer);
  AddSpan(at(12), at(14), true, 1, &answer);
  AddSpan(at(14), at(15), true, 0, &answer);
  AddSpan(at(15), at(18), true, 1, &answer);
  AddSpan(at(18), at(24), false, 1, &answer);
  v1::Occupancy* booked = answer.add_occupancies();
  *booked->mutable_interval() = ToInterval(at(9), at(12));
  *booked->mutable_run() = ToInterval(at(10), at(12));
  booked->set_state(v1::Reservation::STATE_CONFIRMED);
  v1::Occupancy* held = answer.add_occupancies();
  *held->mutable_interval() = ToInterval(at(14), at(15));
  *held->mutable_run() = ToInterval(at(14), at(15));
  held->set_state(v1::Reservation::STATE_HELD);
  return answer;
}

TEST(WeekBarsTest, EveryStateHasItsOwnSignWithoutColour) {
  const std::string text =
      WeekBars(OneDay(), absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, false, false});
  EXPECT_EQ(text,
            "           00    03    06    09    12    15    18    21\n"
            "Mon 03-01  ................--==####----hh------............ 3 h taken\n"
            "           . closed   - free   = set-up or tear-down   h held   # booked\n");
}

TEST(WeekBarsTest, TheWayHasASignOfItsOwnInAndOutOfOpeningHours) {
  v1::AssetFreeBusy answer;
  answer.set_capacity(1);
  const auto at = [](int hour) { return Local(absl::CivilSecond(2027, 3, 1, hour)); };
  AddSpan(at(0), at(6), false, 1, &answer);
  AddSpan(at(6), at(8), false, 0, &answer);
  AddSpan(at(8), at(10), true, 0, &answer);
  AddSpan(at(10), at(24), true, 1, &answer);
  answer.mutable_spans(1)->set_travelling(true);
  answer.mutable_spans(2)->set_travelling(true);
  EXPECT_EQ(WeekBars(answer, absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, false, false}),
            "           00    03    06    09    12    15    18    21\n"
            "Mon 03-01  ............>>>>>>>>----------------------------\n"
            "           . closed   - free   > on the way\n");
}

TEST(WeekBarsTest, WhatIsOutOfServiceHasASignOfItsOwn) {
  v1::AssetFreeBusy answer;
  answer.set_capacity(1);
  const auto at = [](int hour) { return Local(absl::CivilSecond(2027, 3, 1, hour)); };
  AddSpan(at(0), at(12), true, 0, &answer);
  AddSpan(at(12), at(24), true, 1, &answer);
  answer.mutable_spans(0)->set_out_of_service(1);
  EXPECT_EQ(WeekBars(answer, absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, false, false}),
            "           00    03    06    09    12    15    18    21\n"
            "Mon 03-01  ////////////////////////------------------------\n"
            "           - free   / out of service\n");
  EXPECT_THAT(WeekBars(answer, absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, true, false}),
              HasSubstr("╱╱╱╱"));
}

TEST(WeekBarsTest, UnitsOfAPoolThatAreOutOfServiceAreNotTaken) {
  v1::AssetFreeBusy answer;
  answer.set_capacity(7);
  const auto at = [](int hour) { return Local(absl::CivilSecond(2027, 3, 1, hour)); };
  AddSpan(at(0), at(12), true, 5, &answer);
  AddSpan(at(12), at(18), true, 3, &answer);
  AddSpan(at(18), at(24), true, 0, &answer);
  answer.mutable_spans(0)->set_out_of_service(2);
  answer.mutable_spans(1)->set_out_of_service(2);
  answer.mutable_spans(2)->set_out_of_service(7);
  EXPECT_EQ(WeekBars(answer, absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, false, false}),
            "           00    03    06    09    12    15    18    21\n"
            "Mon 03-01  ~~~~~~~~~~~~~~~~~~~~~~~~222222222222////////////\n"
            "           ~ some units out   1 to 9, + taken, of 7   / out of service\n");
}

TEST(WeekBarsTest, LinesFitInto80Columns) {
  const std::string text =
      WeekBars(OneDay(), absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, true, false});
  EXPECT_THAT(text, HasSubstr("················──▒▒████────▓▓──────············"));
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    const auto characters =
        std::count_if(line.begin(), line.end(), [](char c) { return (c & '\xC0') != '\x80'; });
    EXPECT_LE(characters, 80) << line;
  }
}

TEST(WeekBarsTest, ColoursOnlyAdd) {
  const std::string plain =
      WeekBars(OneDay(), absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, true, false});
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  EXPECT_THAT(WeekBars(OneDay(), absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, true, true}),
              HasSubstr("\x1b["));
}

TEST(WeekBarsTest, APoolShowsHowMuchOfItIsTaken) {
  v1::AssetFreeBusy answer;
  answer.set_capacity(7);
  const auto at = [](int hour) { return Local(absl::CivilSecond(2027, 3, 1, hour)); };
  AddSpan(at(0), at(6), true, 7, &answer);
  AddSpan(at(6), at(12), true, 6, &answer);
  AddSpan(at(12), at(18), true, 2, &answer);
  AddSpan(at(18), at(24), true, 0, &answer);
  EXPECT_THAT(WeekBars(answer, absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, false, false}),
              HasSubstr("------------111111111111555555555555777777777777"));
  EXPECT_THAT(WeekBars(answer, absl::CivilDay(2027, 3, 1), 1, Brussels(), {80, true, false}),
              HasSubstr("────────────▁▁▁▁▁▁▁▁▁▁▁▁▅▅▅▅▅▅▅▅▅▅▅▅████████████"));
}

TEST(WeekBarsTest, TheHourThatTheClocksSkipIsBlankAndTheRepeatedOneShowsBoth) {
  v1::AssetFreeBusy spring;
  spring.set_capacity(1);
  const absl::CivilDay day(2027, 3, 28);
  AddSpan(Local(absl::CivilSecond(day)), Local(absl::CivilSecond(day + 1)), true, 1, &spring);
  EXPECT_THAT(WeekBars(spring, day, 1, Brussels(), {80, false, false}),
              HasSubstr("Sun 03-28  ----  ------"));

  v1::AssetFreeBusy autumn;
  autumn.set_capacity(1);
  const absl::CivilDay late(2027, 10, 31);
  const absl::Time midnight = Local(absl::CivilSecond(late));
  AddSpan(midnight, midnight + absl::Hours(3), true, 1, &autumn);
  AddSpan(midnight + absl::Hours(3), midnight + absl::Hours(4), false, 1, &autumn);
  AddSpan(midnight + absl::Hours(4), midnight + absl::Hours(25), true, 1, &autumn);
  v1::Occupancy* second = autumn.add_occupancies();
  // 02:30 to 03:00 when the clocks show it for the second time.
  *second->mutable_interval() =
      ToInterval(midnight + absl::Minutes(210), midnight + absl::Hours(4));
  *second->mutable_run() = second->interval();
  second->set_state(v1::Reservation::STATE_CONFIRMED);
  EXPECT_THAT(WeekBars(autumn, late, 1, Brussels(), {80, false, false}),
              HasSubstr("Sun 10-31  -----#------"));
}

}  // namespace
}  // namespace labslot::client
