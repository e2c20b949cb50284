#include "daemon/domain/calendar.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/records.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::At;
using support::Closed;
using support::Day;
using support::Hours;
using support::kHour;
using support::MakeRegion;
using support::Office;
using support::Shortened;
using support::Span;
using support::Special;
using support::Weekly;
using support::Window;
using support::Zone;

// The open times of a period in Brussels, as `dd hh:mm-dd hh:mm`, by comma.
std::string Open(const Calendar& calendar, const std::string& period,
                 const HolidayRegion* holidays = nullptr) {
  const absl::TimeZone zone = Zone("Europe/Brussels");
  std::string text;
  for (const Interval& open : OpenTimes({&calendar, holidays, zone}, Span(period))) {
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    absl::FormatTime("%d %H:%M", absl::FromUnixSeconds(open.start), zone), "-",
                    absl::FormatTime("%d %H:%M", absl::FromUnixSeconds(open.end), zone));
  }
  return text;
}

TEST(CalendarTest, WithoutWeeklyWindowsItIsOpenRoundTheClock) {
  const Calendar calendar;
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-03"), "01 00:00-03 00:00");
  EXPECT_EQ(OpenTimes({nullptr, nullptr, Zone("Europe/Brussels")}, {10, 20}),
            (IntervalSet{{10, 20}}));
}

TEST(CalendarTest, WeeklyWindowsHoldOnTheirDays) {
  EXPECT_EQ(Open(Office(), "2027-03-05/2027-03-09"), "05 08:00-05 17:00, 08 08:00-08 17:00");
}

TEST(CalendarTest, ThePeriodCutsTheWindows) {
  EXPECT_EQ(Open(Office(), "2027-03-05 9:00/2027-03-05 16:59"), "05 09:00-05 16:59");
  EXPECT_EQ(Open(Office(), "2027-03-05 17:00/2027-03-08 8:00"), "");
  EXPECT_EQ(Open(Office(), "2027-03-05 16:59/2027-03-08 8:01"),
            "05 16:59-05 17:00, 08 08:00-08 08:01");
}

TEST(CalendarTest, EmptyAndReversedPeriodsHaveNoOpenTimes) {
  EXPECT_EQ(Open(Office(), "2027-03-05 9:00/2027-03-05 9:00"), "");
  EXPECT_EQ(Open(Calendar(), "2027-03-05 9:00/2027-03-05 8:00"), "");
}

TEST(CalendarTest, SeveralWindowsADayKeepTheirBreak) {
  Calendar calendar = Hours("mon", "8:00-12:00");
  calendar.weekly.push_back(Weekly("mon", "13:00-17:00"));
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-02"), "01 08:00-01 12:00, 01 13:00-01 17:00");
}

TEST(CalendarTest, AHoleOfOneMinuteIsNotBridgedAndTouchingWindowsJoin) {
  Calendar hole = Hours("mon", "8:00-12:00");
  hole.weekly.push_back(Weekly("mon", "12:01-17:00"));
  EXPECT_EQ(Open(hole, "2027-03-01/2027-03-02"), "01 08:00-01 12:00, 01 12:01-01 17:00");
  Calendar touching = Hours("mon", "12:00-17:00");
  touching.weekly.push_back(Weekly("mon", "8:00-12:00"));
  EXPECT_EQ(Open(touching, "2027-03-01/2027-03-02"), "01 08:00-01 17:00");
}

TEST(CalendarTest, WindowsRunOverMidnightIntoThePeriod) {
  const Calendar night = Hours("fri", "22:00-6:00");
  EXPECT_EQ(Open(night, "2027-03-05/2027-03-07"), "05 22:00-06 06:00");
  EXPECT_EQ(Open(night, "2027-03-06/2027-03-07"), "06 00:00-06 06:00");
  EXPECT_EQ(Open(night, "2027-03-05 0:00/2027-03-05 24:00"), "05 22:00-06 00:00");
}

TEST(CalendarTest, AWindowFromMidnightToMidnightJoinsTheNextDay) {
  EXPECT_EQ(Open(Hours("mon-sun", "0:00-24:00"), "2027-03-01/2027-03-04"), "01 00:00-04 00:00");
  EXPECT_EQ(Open(Hours("mon,tue", "8:00-8:00"), "2027-03-01/2027-03-05"), "01 08:00-03 08:00");
}

TEST(CalendarTest, SundayNightReachesIntoMonday) {
  EXPECT_EQ(Open(Hours("sun", "20:00-4:00"), "2027-03-08/2027-03-09"), "08 00:00-08 04:00");
}

TEST(CalendarTest, AnExceptionHoldsInsteadOfTheWeek) {
  Calendar calendar = Office();
  calendar.exceptions = {Closed("2027-03-02", "2027-03-03"),
                         Special("2027-03-06", "2027-03-06", {"10:00-14:00", "15:00-16:00"})};
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-08"),
            "01 08:00-01 17:00, 04 08:00-04 17:00, 05 08:00-05 17:00, "
            "06 10:00-06 14:00, 06 15:00-06 16:00");
}

TEST(CalendarTest, TheLaterOfTwoExceptionsHolds) {
  Calendar calendar = Office();
  calendar.exceptions = {Closed("2027-03-01", "2027-03-05"),
                         Special("2027-03-03", "2027-03-03", {"9:00-10:00"})};
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-08"), "03 09:00-03 10:00");
  std::swap(calendar.exceptions[0], calendar.exceptions[1]);
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-08"), "");
}

TEST(CalendarTest, AnExceptionWinsOverAHoliday) {
  Calendar calendar = Office();
  calendar.exceptions = {Special("2027-03-03", "2027-03-03", {"9:00-10:00"})};
  const HolidayRegion region = MakeRegion(
      "be", {support::Feast("2027-03-02", "Feast"), support::Feast("2027-03-03", "Second feast")});
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-05", &region),
            "01 08:00-01 17:00, 03 09:00-03 10:00, 04 08:00-04 17:00");
}

TEST(CalendarTest, AHolidayClosesWhatIsOpenRoundTheClock) {
  const HolidayRegion region = MakeRegion("be", {support::Feast("2027-03-02", "Feast")});
  EXPECT_EQ(Open(Calendar(), "2027-03-01/2027-03-04", &region),
            "01 00:00-02 00:00, 03 00:00-04 00:00");
}

TEST(CalendarTest, AClosedDayDoesNotCutTheNightThatBeganTheDayBefore) {
  Calendar calendar = Hours("mon-sun", "22:00-6:00");
  calendar.exceptions = {Closed("2027-03-02", "2027-03-02")};
  EXPECT_EQ(Open(calendar, "2027-03-01 12:00/2027-03-04"), "01 22:00-02 06:00, 03 22:00-04 00:00");
}

TEST(CalendarTest, AShortenedDayEndsEarlier) {
  Calendar calendar = Office();
  calendar.exceptions = {Shortened("2027-03-02", "2027-03-02", 3 * kHour)};
  EXPECT_EQ(Open(calendar, "2027-03-02/2027-03-03"), "02 08:00-02 14:00");
}

TEST(CalendarTest, ShorteningEatsWholeWindowsFromTheBack) {
  Calendar calendar = Hours("tue", "8:00-12:00");
  calendar.weekly.push_back(Weekly("tue", "13:00-15:00"));
  calendar.exceptions = {Shortened("2027-03-02", "2027-03-02", 3 * kHour)};
  const std::string open = Open(calendar, "2027-03-02/2027-03-03");
  // The day ends three hours earlier: either by the clock (at 12:00) or by
  // open hours (at 11:00). "The last ones end earlier."
  EXPECT_TRUE(open == "02 08:00-02 12:00" || open == "02 08:00-02 11:00") << open;
}

TEST(CalendarTest, ADayShortenedBeyondItsLengthIsClosed) {
  Calendar calendar = Office();
  calendar.exceptions = {Shortened("2027-03-02", "2027-03-02", 20 * kHour)};
  EXPECT_EQ(Open(calendar, "2027-03-02/2027-03-03"), "");
}

TEST(CalendarTest, RoundTheClockShortenedEndsBeforeMidnight) {
  Calendar calendar;
  calendar.exceptions = {Shortened("2027-03-02", "2027-03-02", 3 * kHour)};
  EXPECT_EQ(Open(calendar, "2027-03-01/2027-03-04"), "01 00:00-02 21:00, 03 00:00-04 00:00");
}

TEST(CalendarTest, AHolidayCanShortenADay) {
  HolidayRegion region = MakeRegion("ee", {support::Feast("2027-02-23", "Eve")});
  region.holidays[0].effect = DayEffect::kShortened;
  region.holidays[0].shortened_by = 3 * kHour;
  EXPECT_EQ(Open(Office(), "2027-02-23/2027-02-24", &region), "23 08:00-23 14:00");
}

TEST(CalendarTest, ALeapDayIsADay) {
  EXPECT_EQ(Open(Hours("tue", "8:00-9:00"), "2028-02-28/2028-03-02"), "29 08:00-29 09:00");
  Calendar calendar = Office();
  calendar.exceptions = {Closed("2028-02-29", "2028-02-29")};
  EXPECT_EQ(Open(calendar, "2028-02-29/2028-03-02"), "01 08:00-01 17:00");
}

TEST(CalendarTest, AnExceptionMayCoverTheTurnOfTheYear) {
  Calendar calendar = Hours("mon-sun", "8:00-9:00");
  calendar.exceptions = {Closed("2026-12-24", "2027-01-03")};
  EXPECT_EQ(Open(calendar, "2026-12-23/2027-01-05"), "23 08:00-23 09:00, 04 08:00-04 09:00");
}

TEST(DayPlanTest, TellsTheWindowsInOrderAndWhatIsSpecial) {
  Calendar calendar = Hours("mon-fri", "13:00-17:00");
  calendar.weekly.push_back(Weekly("mon-fri", "8:00-12:00"));
  calendar.exceptions = {Closed("2027-03-04", "2027-03-04")};
  const HolidayRegion region = MakeRegion("be", {support::Feast("2027-03-03", "Feast of Labs")});
  const OpeningHours hours{&calendar, &region, Zone("Europe/Brussels")};
  const DayPlan usual = PlanOfDay(hours, Day("2027-03-02"));
  EXPECT_EQ(usual.windows,
            (std::vector<OpeningWindow>{Window("8:00-12:00"), Window("13:00-17:00")}));
  EXPECT_EQ(usual.special, "");
  EXPECT_EQ(PlanOfDay(hours, Day("2027-03-03")).special, "Feast of Labs");
  EXPECT_TRUE(PlanOfDay(hours, Day("2027-03-03")).windows.empty());
  EXPECT_EQ(PlanOfDay(hours, Day("2027-03-04")).special, "closed for works");
}

TEST(CalendarTest, FourHundredDaysOfOfficeHoursAddUp) {
  // Monday to Friday 08-17 in 2027: 261 weekdays.
  const Calendar calendar = Office();
  EXPECT_EQ(TotalLength(OpenTimes({&calendar, nullptr, Zone("Europe/Brussels")},
                                  Span("2027-01-01/2028-01-01"))),
            261 * 9 * kHour);
}

TEST(CalendarTest, OpeningCapacityOfFlandersIn2027IsThatOfThePublishedCalendar) {
  const HolidayRegion region = MakeRegion(
      "be",
      {support::Feast("2027-01-01", "New Year"), support::Feast("2027-03-29", "Easter Monday"),
       support::Feast("2027-05-01", "Labour Day"), support::Feast("2027-05-06", "Ascension"),
       support::Feast("2027-05-17", "Whit Monday"), support::Feast("2027-07-21", "National Day"),
       support::Feast("2027-08-15", "Assumption"), support::Feast("2027-11-01", "All Saints"),
       support::Feast("2027-11-11", "Armistice"), support::Feast("2027-12-25", "Christmas")});
  const Calendar calendar = Office();
  EXPECT_EQ(TotalLength(OpenTimes({&calendar, &region, Zone("Europe/Brussels")},
                                  Span("2027-01-01/2028-01-01"))),
            2286 * kHour);
}

}  // namespace
}  // namespace labslot
