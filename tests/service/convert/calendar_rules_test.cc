#include "daemon/base/limits.h"
#include "daemon/service/convert/calendar.h"
#include "daemon/service/convert/holiday_region.h"
#include "tests/service/convert/rule_table.h"

namespace labslot::service {
namespace {

v1::Calendar WithWeekly(int count) {
  v1::Calendar calendar;
  for (int i = 0; i < count; ++i) {
    Apply({"", "weekly_windows { days: MONDAY window { opens {} closes { hours: 8 } } }", "", ""},
          calendar);
  }
  return calendar;
}

constexpr char kException[] = "exceptions { start_date { year: 2027 month: 5 day: 1 } ";

std::string Exception(const std::string& rest) { return kException + rest + " }"; }

void ReadCalendar(const v1::Calendar& calendar, FieldErrors& errors) {
  CalendarFromProto(calendar, "site.calendar", errors);
}

TEST(CalendarRules, OfWeeklyWindows) {
  const std::string at = "site.calendar.weekly_windows[0]";
  const std::string window = " window { opens { hours: 8 } closes { hours: 17 } } }";
  ExpectRules(
      v1::Calendar(),
      {
          {"", "", "", ""},
          {"", "weekly_windows { days: MONDAY days: SUNDAY" + window, "", ""},
          {"", "weekly_windows { days: MONDAY window { opens {} closes {} } }", "", ""},
          {"", "weekly_windows {" + window, at + ".days", "must have at least one day"},
          {"", "weekly_windows { days: DAY_OF_WEEK_UNSPECIFIED" + window, at + ".days[0]",
           "one of MONDAY, TUESDAY"},
          {"", "weekly_windows { days: 8" + window, at + ".days[0]", "there is no value 8"},
          {"", "weekly_windows { days: -1" + window, at + ".days[0]", "there is no value -1"},
          {"", "weekly_windows { days: MONDAY days: MONDAY" + window, at + ".days[1]",
           "already listed"},
          {"", "weekly_windows { days: MONDAY window { closes {} } }", at + ".window.opens",
           "must be set"},
          {"", "weekly_windows { days: MONDAY window { opens {} } }", at + ".window.closes",
           "must be set; 24:00:00 is the end of the day"},
          {"", "weekly_windows { days: MONDAY window { opens { hours: 24 } closes {} } }",
           at + ".window.opens", "to 23:59:59, not 24:00:00"},
          {"", "weekly_windows { days: MONDAY window { opens {} closes { hours: 25 } } }",
           at + ".window.closes", "to 24:00:00"},
          {"", "weekly_windows { days: MONDAY window { opens {} closes {} groups: 'staff' } }",
           at + ".window.groups[0]", "must be groups/{id}"},
          {"",
           "weekly_windows { days: MONDAY window { opens {} closes {} groups: 'groups/a' "
           "groups: 'groups/a' } }",
           at + ".window.groups[1]", "listed twice"},
          {"", "holiday_region: 'be-vlg'", "site.calendar.holiday_region",
           "must be holidayRegions/{id}"},
      },
      ReadCalendar);
}

TEST(CalendarRules, AWindowWithoutTimesLacksBoth) {
  v1::Calendar calendar;
  Apply({"", "weekly_windows { days: MONDAY }", "", ""}, calendar);
  FieldErrors errors;
  ReadCalendar(calendar, errors);
  EXPECT_EQ(errors.violations().size(), 2u) << Told(errors);
}

TEST(CalendarRules, OfExceptions) {
  const std::string at = "site.calendar.exceptions[0]";
  const std::string closed = "effect: DAY_EFFECT_CLOSED ";
  ExpectRules(
      v1::Calendar(),
      {
          {"", Exception(closed), "", ""},
          {"", Exception(closed + "shortened_by {}"), "", ""},
          {"", Exception(closed + "end_date { year: 2027 month: 5 day: 1 }"), "", ""},
          {"", Exception(""), at + ".effect", "must be set to one of DAY_EFFECT_CLOSED"},
          {"", Exception("effect: 99"), at + ".effect", "there is no value 99"},
          {"", "exceptions { effect: DAY_EFFECT_CLOSED }", at + ".start_date", "must be set"},
          {"", Exception(closed + "end_date { year: 2027 month: 4 day: 30 }"), at + ".end_date",
           "must not be before start_date"},
          {"", Exception(closed + "end_date { year: 2027 month: 2 day: 30 }"), at + ".end_date",
           "2027-02-30"},
          {"", Exception(closed + "end_date {}"), at + ".end_date", "must be set"},
          {"", Exception(closed + "windows { opens {} closes {} }"), at + ".windows",
           "must be empty unless"},
          {"", Exception(closed + "shortened_by { seconds: 1 }"), at + ".shortened_by",
           "must not be set unless"},
          {"", Exception("effect: DAY_EFFECT_SPECIAL_HOURS"), at + ".windows",
           "at least one window"},
          {"", Exception("effect: DAY_EFFECT_SHORTENED"), at + ".shortened_by",
           "1 second to 1 day"},
          {"", Exception("effect: DAY_EFFECT_SHORTENED shortened_by { seconds: 86401 }"),
           at + ".shortened_by", "1 second to 1 day"},
          {"", Exception("effect: DAY_EFFECT_SHORTENED shortened_by { seconds: 1 nanos: 1 }"),
           at + ".shortened_by", "whole seconds"},
          {"", Exception(closed + "reason: 'a\\001'"), at + ".reason", "control characters"},
      },
      ReadCalendar);
}

TEST(CalendarRules, WindowsThatOverlapAreLegal) {
  v1::Calendar calendar = WithWeekly(2);
  FieldErrors errors;
  EXPECT_EQ(CalendarFromProto(calendar, "c", errors).weekly.size(), 2u);
  EXPECT_TRUE(errors.ok()) << Told(errors);
}

TEST(CalendarRules, ThereIsAMostOfEverything) {
  constexpr int kMost = static_cast<int>(limits::kMaxCalendarEntries);
  FieldErrors errors;
  ReadCalendar(WithWeekly(kMost), errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  ReadCalendar(WithWeekly(kMost + 1), errors);
  EXPECT_EQ(Told(errors),
            "site.calendar.weekly_windows: must have at most 500 elements, not 501\n");
}

TEST(CalendarRules, AClosingTimeAtOrBeforeOpeningIsOnTheNextDay) {
  v1::Calendar calendar;
  Apply({"",
         "weekly_windows { days: SUNDAY window { opens { hours: 22 } closes { hours: 6 } } }"
         "weekly_windows { days: SUNDAY window { opens { hours: 9 } closes { hours: 9 } } }"
         "weekly_windows { days: SUNDAY window { opens {} closes { hours: 24 } } }",
         "", ""},
        calendar);
  FieldErrors errors;
  const Calendar read = CalendarFromProto(calendar, "c", errors);
  ASSERT_EQ(read.weekly.size(), 3u) << Told(errors);
  EXPECT_EQ(read.weekly[0].days, 1 << 6);
  EXPECT_EQ(read.weekly[0].window, (OpeningWindow{22 * 3600, 30 * 3600, {}}));
  EXPECT_EQ(read.weekly[1].window, (OpeningWindow{9 * 3600, 33 * 3600, {}}));
  EXPECT_EQ(read.weekly[2].window, (OpeningWindow{0, 86400, {}}));
}

TEST(HolidayRegionRules, EveryFieldHasItsRule) {
  v1::HolidayRegion legal;
  ToProto(FullHolidayRegion(), legal);
  const std::string third = "holidays { date { year: 2027 month: 1 day: 1 } ";
  const std::string at = "holiday_region.holidays[2]";
  ExpectRules(legal,
              {
                  {"", "", "", ""},
                  {"", "name: '?' etag: '?'", "", ""},  // not read here
                  {"display_name", "", "", ""},
                  {"", "display_name: 'a\\nb'", "holiday_region.display_name", "one line"},
                  {"", "attribution: '\\xFF'", "holiday_region.attribution", "well-formed UTF-8"},
                  {"valid_from", "", "holiday_region.valid_from", "must be set"},
                  {"valid_through", "", "holiday_region.valid_through", "must be set"},
                  {"", "valid_through { year: 2025 }", "holiday_region.valid_through",
                   "must not be before valid_from"},
                  {"", third + "effect: DAY_EFFECT_CLOSED }", "", ""},
                  {"", third + "}", at + ".effect", "must be set to one of"},
                  {"", third + "effect: DAY_EFFECT_SPECIAL_HOURS }", at + ".effect",
                   "DAY_EFFECT_CLOSED or DAY_EFFECT_SHORTENED"},
                  {"", third + "effect: DAY_EFFECT_SHORTENED }", at + ".shortened_by", "1 second"},
                  {"", third + "effect: DAY_EFFECT_CLOSED shortened_by { seconds: 5 } }",
                   at + ".shortened_by", "must not be set unless"},
                  {"", third + "effect: DAY_EFFECT_CLOSED display_name: '\\xFF' }",
                   at + ".display_name", "well-formed"},
                  {"", "holidays { effect: DAY_EFFECT_CLOSED }", at + ".date", "must be set"},
                  {"", "holidays { date { year: 2027 month: 5 day: 6 } effect: DAY_EFFECT_CLOSED }",
                   at + ".date", "another holiday"},
              },
              [](const v1::HolidayRegion& region, FieldErrors& errors) {
                HolidayRegionFromProto(region, "be-vlg", "holiday_region", errors);
              });
}

TEST(HolidayRegionRules, HolidaysAreSortedByDate) {
  v1::HolidayRegion proto;
  ToProto(FullHolidayRegion(), proto);
  proto.mutable_holidays()->SwapElements(0, 1);
  FieldErrors errors;
  const HolidayRegion read = HolidayRegionFromProto(proto, "be-vlg", "r", errors);
  EXPECT_TRUE(errors.ok()) << Told(errors);
  EXPECT_EQ(read.holidays, FullHolidayRegion().holidays);
}

}  // namespace
}  // namespace labslot::service
