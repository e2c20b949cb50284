#include "client/calendar_edits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "client/yaml/record_reader.h"
#include "client/yaml/record_writer.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;

// Wednesday 2027-03-10 10:00 in Brussels.
TimeContext Context() {
  return {absl::FromUnixSeconds(1804669200), LoadZone("Europe/Brussels").value()};
}

v1::Calendar Usual() {
  v1::Calendar calendar;
  const absl::Status status = ReadRecord(
      "weekly_windows: [\"mon-fri 08:00-17:00\"]\n"
      "exceptions: [{dates: 2027-12-24..2028-01-02, reason: Year-end}, {dates: 2027-05-15}]\n"
      "holiday_region: be-vlg\n",
      "test", &calendar);
  EXPECT_TRUE(status.ok()) << status;
  return calendar;
}

v1::Calendar Edited(const CalendarEdits& edits) {
  v1::Calendar calendar = Usual();
  const absl::Status status = Apply(edits, Context(), &calendar);
  EXPECT_TRUE(status.ok()) << status;
  return calendar;
}

std::string Error(const CalendarEdits& edits) {
  v1::Calendar calendar = Usual();
  return std::string(Apply(edits, Context(), &calendar).message());
}

TEST(CalendarEditsTest, ClosedDaysAreAddedBehindTheOthers) {
  CalendarEdits edits;
  edits.close = {"2027-06-24,2027-07-01..2027-07-03", "tomorrow"};
  edits.because = "Power cut";
  const v1::Calendar calendar = Edited(edits);
  ASSERT_EQ(calendar.exceptions_size(), 5);
  EXPECT_EQ(calendar.exceptions(2).effect(), v1::DAY_EFFECT_CLOSED);
  EXPECT_EQ(calendar.exceptions(2).start_date().day(), 24);
  EXPECT_FALSE(calendar.exceptions(2).has_end_date());
  EXPECT_EQ(calendar.exceptions(3).end_date().day(), 3);
  EXPECT_EQ(calendar.exceptions(4).start_date().day(), 11);
  EXPECT_EQ(calendar.exceptions(4).reason(), "Power cut");
  EXPECT_EQ(calendar.weekly_windows_size(), 1);
}

TEST(CalendarEditsTest, ExceptionsOfTheSameDatesAreReplaced) {
  CalendarEdits edits;
  edits.open = {"2027-05-15"};
  edits.hours = {"10:00-16:00", "18:00-20:00 groups=staff"};
  const v1::Calendar calendar = Edited(edits);
  ASSERT_EQ(calendar.exceptions_size(), 2);
  EXPECT_EQ(calendar.exceptions(1).effect(), v1::DAY_EFFECT_SPECIAL_HOURS);
  EXPECT_EQ(calendar.exceptions(1).windows(1).groups(0), "groups/staff");
}

TEST(CalendarEditsTest, DaysAreShortenedAndReopened) {
  CalendarEdits edits;
  edits.shorten = {"2027-12-23"};
  edits.by = "2h";
  edits.reopen = {"2027-12-24..2028-01-02"};
  const v1::Calendar calendar = Edited(edits);
  ASSERT_EQ(calendar.exceptions_size(), 2);
  EXPECT_EQ(calendar.exceptions(1).effect(), v1::DAY_EFFECT_SHORTENED);
  EXPECT_EQ(calendar.exceptions(1).shortened_by().seconds(), 7200);
}

TEST(CalendarEditsTest, WeeklyHoursAreReplacedAllAtOnce) {
  CalendarEdits edits;
  edits.weekly = {"mon-thu 08:00-16:00", "sat 08:00-12:00 groups=staff"};
  edits.holidays = "none";
  const v1::Calendar calendar = Edited(edits);
  ASSERT_EQ(calendar.weekly_windows_size(), 2);
  EXPECT_EQ(calendar.weekly_windows(0).days_size(), 4);
  EXPECT_EQ(calendar.weekly_windows(1).window().groups(0), "groups/staff");
  EXPECT_EQ(calendar.holiday_region(), "");
  edits.holidays = "nl";
  EXPECT_EQ(Edited(edits).holiday_region(), "holidayRegions/nl");
}

TEST(CalendarEditsTest, HalfAnEditIsAnError) {
  CalendarEdits edits;
  EXPECT_TRUE(IsEmpty(edits));
  edits.open = {"2027-05-15"};
  EXPECT_FALSE(IsEmpty(edits));
  EXPECT_THAT(Error(edits), HasSubstr("--open and --hours go together"));
  edits = {};
  edits.by = "2h";
  EXPECT_THAT(Error(edits), HasSubstr("--shorten and --by go together"));
  edits = {};
  edits.because = "x";
  EXPECT_THAT(Error(edits), HasSubstr("--because goes with"));
  edits = {};
  edits.reopen = {"2027-12-25"};
  EXPECT_THAT(Error(edits), HasSubstr("no exception of exactly 2027-12-25"));
  edits = {};
  edits.weekly = {"workdays"};
  EXPECT_THAT(Error(edits), HasSubstr("mon-fri 08:00-17:00"));
  edits = {};
  edits.close = {"2027-13-01"};
  EXPECT_THAT(Error(edits), HasSubstr("not a date of the calendar"));
}

}  // namespace
}  // namespace labslot::client
