#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "daemon/base/limits.h"
#include "daemon/domain/recurrence.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::Day;

// A rule, its first day, and its days. The examples of RFC 5545, section
// 3.8.5.3, where we support them, and others on which libical and dateutil
// agree.
struct Vector {
  const char* rule;
  const char* start;
  const char* days;
};

constexpr Vector kDaily[] = {
    {"FREQ=DAILY;COUNT=10", "1997-09-02",
     "1997-09-02 1997-09-03 1997-09-04 1997-09-05 1997-09-06 1997-09-07 1997-09-08 1997-09-09 "
     "1997-09-10 1997-09-11"},
    {"FREQ=DAILY;UNTIL=20270105", "2026-12-28",
     "2026-12-28 2026-12-29 2026-12-30 2026-12-31 2027-01-01 2027-01-02 2027-01-03 2027-01-04 "
     "2027-01-05"},
    {"FREQ=DAILY;INTERVAL=2;COUNT=6", "1997-09-02",
     "1997-09-02 1997-09-04 1997-09-06 1997-09-08 1997-09-10 1997-09-12"},
    {"FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02",
     "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12"},
    {"FREQ=DAILY;BYMONTH=1;UNTIL=20280103", "2027-01-29",
     "2027-01-29 2027-01-30 2027-01-31 2028-01-01 2028-01-02 2028-01-03"},
    {"FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=7", "2027-03-04",
     "2027-03-04 2027-03-05 2027-03-08 2027-03-09 2027-03-10 2027-03-11 2027-03-12"},
    {"FREQ=DAILY;INTERVAL=3;BYDAY=MO,FR;COUNT=5", "2027-03-01",
     "2027-03-01 2027-03-19 2027-03-22 2027-04-09 2027-04-12"},
    {"FREQ=DAILY;BYMONTHDAY=1,15;COUNT=4", "2027-01-01",
     "2027-01-01 2027-01-15 2027-02-01 2027-02-15"},
    {"FREQ=DAILY;COUNT=4", "2028-02-27", "2028-02-27 2028-02-28 2028-02-29 2028-03-01"},
    {"FREQ=DAILY;COUNT=4", "2027-02-26", "2027-02-26 2027-02-27 2027-02-28 2027-03-01"},
    {"FREQ=DAILY;COUNT=3", "2027-12-30", "2027-12-30 2027-12-31 2028-01-01"},
    {"FREQ=DAILY;INTERVAL=1000;COUNT=3", "2027-03-01", "2027-03-01 2029-11-25 2032-08-21"},
};

constexpr Vector kWeekly[] = {
    {"FREQ=WEEKLY;COUNT=10", "1997-09-02",
     "1997-09-02 1997-09-09 1997-09-16 1997-09-23 1997-09-30 1997-10-07 1997-10-14 1997-10-21 "
     "1997-10-28 1997-11-04"},
    {"FREQ=WEEKLY;UNTIL=19971007", "1997-09-02",
     "1997-09-02 1997-09-09 1997-09-16 1997-09-23 1997-09-30 1997-10-07"},
    {"FREQ=WEEKLY;INTERVAL=2;COUNT=5;WKST=SU", "1997-09-02",
     "1997-09-02 1997-09-16 1997-09-30 1997-10-14 1997-10-28"},
    {"FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997-09-02",
     "1997-09-02 1997-09-04 1997-09-09 1997-09-11 1997-09-16 1997-09-18 1997-09-23 1997-09-25 "
     "1997-09-30 1997-10-02"},
    {"FREQ=WEEKLY;INTERVAL=2;UNTIL=19971010;WKST=SU;BYDAY=MO,WE,FR", "1997-09-01",
     "1997-09-01 1997-09-03 1997-09-05 1997-09-15 1997-09-17 1997-09-19 1997-09-29 1997-10-01 "
     "1997-10-03"},
    {"FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02",
     "1997-09-02 1997-09-04 1997-09-16 1997-09-18 1997-09-30 1997-10-02 1997-10-14 1997-10-16"},
    {"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05",
     "1997-08-05 1997-08-10 1997-08-19 1997-08-24"},
    {"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05",
     "1997-08-05 1997-08-17 1997-08-19 1997-08-31"},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=4", "2027-03-03",
     "2027-03-07 2027-03-21 2027-04-04 2027-04-18"},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU;COUNT=4", "2027-03-03",
     "2027-03-14 2027-03-28 2027-04-11 2027-04-25"},
    {"FREQ=WEEKLY;INTERVAL=4;WKST=SA;BYDAY=MO,SU,WE,FR;COUNT=6", "2027-02-09",
     "2027-02-10 2027-02-12 2027-03-07 2027-03-08 2027-03-10 2027-03-12"},
    {"FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2027-03-03", "2027-03-08 2027-03-15 2027-03-22"},
    {"FREQ=WEEKLY;BYMONTH=2,3;BYDAY=MO;COUNT=6", "2027-03-15",
     "2027-03-15 2027-03-22 2027-03-29 2028-02-07 2028-02-14 2028-02-21"},
    {"FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO;COUNT=5", "2026-12-30",
     "2027-01-01 2027-01-11 2027-01-15 2027-01-25 2027-01-29"},
    {"FREQ=WEEKLY;INTERVAL=3;COUNT=4", "2027-12-20", "2027-12-20 2028-01-10 2028-01-31 2028-02-21"},
};

constexpr Vector kMonthly[] = {
    {"FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05",
     "1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02 1998-02-06 1998-03-06 1998-04-03 "
     "1998-05-01 1998-06-05"},
    {"FREQ=MONTHLY;UNTIL=19971224;BYDAY=1FR", "1997-09-05",
     "1997-09-05 1997-10-03 1997-11-07 1997-12-05"},
    {"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997-09-07",
     "1997-09-07 1997-09-28 1997-11-02 1997-11-30 1998-01-04 1998-01-25 1998-03-01 1998-03-29 "
     "1998-05-03 1998-05-31"},
    {"FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22",
     "1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19 1998-02-16"},
    {"FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=6", "1997-09-28",
     "1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26"},
    {"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997-09-02",
     "1997-09-02 1997-09-15 1997-10-02 1997-10-15 1997-11-02 1997-11-15 1997-12-02 1997-12-15 "
     "1998-01-02 1998-01-15"},
    {"FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30",
     "1997-09-30 1997-10-01 1997-10-31 1997-11-01 1997-11-30 1997-12-01 1997-12-31 1998-01-01 "
     "1998-01-31 1998-02-01"},
    {"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997-09-10",
     "1997-09-10 1997-09-11 1997-09-12 1997-09-13 1997-09-14 1997-09-15 1999-03-10 1999-03-11 "
     "1999-03-12 1999-03-13"},
    {"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;COUNT=12", "1997-09-02",
     "1997-09-02 1997-09-09 1997-09-16 1997-09-23 1997-09-30 1997-11-04 1997-11-11 1997-11-18 "
     "1997-11-25 1998-01-06 1998-01-13 1998-01-20"},
    {"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=5", "1998-02-13",
     "1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13"},
    {"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13;COUNT=10", "1997-09-13",
     "1997-09-13 1997-10-11 1997-11-08 1997-12-13 1998-01-10 1998-02-07 1998-03-07 1998-04-11 "
     "1998-05-09 1998-06-13"},
    {"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04",
     "1997-09-04 1997-10-07 1997-11-06"},
    {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=7", "1997-09-29",
     "1997-09-29 1997-10-30 1997-11-27 1997-12-30 1998-01-29 1998-02-26 1998-03-30"},
    {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=5", "2027-01-29",
     "2027-01-29 2027-02-26 2027-03-31 2027-04-30 2027-05-31"},
    {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=6", "2027-01-10",
     "2027-01-29 2027-02-01 2027-02-26 2027-03-01 2027-03-31 2027-04-01"},
    {"FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15",
     "2007-01-15 2007-01-30 2007-02-15 2007-03-15 2007-03-30"},
    {"FREQ=MONTHLY;COUNT=7", "2027-01-31",
     "2027-01-31 2027-03-31 2027-05-31 2027-07-31 2027-08-31 2027-10-31 2027-12-31"},
    {"FREQ=MONTHLY;BYMONTHDAY=31;COUNT=7", "2027-01-31",
     "2027-01-31 2027-03-31 2027-05-31 2027-07-31 2027-08-31 2027-10-31 2027-12-31"},
    {"FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6", "2027-11-30",
     "2027-11-30 2027-12-31 2028-01-31 2028-02-29 2028-03-31 2028-04-30"},
    {"FREQ=MONTHLY;BYMONTHDAY=29;COUNT=4", "2027-01-29",
     "2027-01-29 2027-03-29 2027-04-29 2027-05-29"},
    {"FREQ=MONTHLY;BYDAY=-1WE;COUNT=4", "2027-01-27",
     "2027-01-27 2027-02-24 2027-03-31 2027-04-28"},
    {"FREQ=MONTHLY;BYDAY=5MO;COUNT=4", "2027-03-29", "2027-03-29 2027-05-31 2027-08-30 2027-11-29"},
    {"FREQ=MONTHLY;BYMONTH=3,9;BYDAY=2TU;COUNT=4", "2027-01-01",
     "2027-03-09 2027-09-14 2028-03-14 2028-09-12"},
    {"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1;COUNT=4", "2026-11-01",
     "2026-11-01 2027-02-01 2027-05-01 2027-08-01"},
};

constexpr Vector kYearly[] = {
    {"FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10",
     "1997-06-10 1997-07-10 1998-06-10 1998-07-10 1999-06-10 1999-07-10 2000-06-10 2000-07-10 "
     "2001-06-10 2001-07-10"},
    {"FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "1997-03-10",
     "1997-03-10 1999-01-10 1999-02-10 1999-03-10 2001-01-10 2001-02-10 2001-03-10 2003-01-10 "
     "2003-02-10 2003-03-10"},
    {"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "1997-01-01",
     "1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09 2000-07-18 2003-01-01 2003-04-10 "
     "2003-07-19 2006-01-01"},
    {"FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17"},
    {"FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=11", "1997-03-13",
     "1997-03-13 1997-03-20 1997-03-27 1998-03-05 1998-03-12 1998-03-19 1998-03-26 1999-03-04 "
     "1999-03-11 1999-03-18 1999-03-25"},
    {"FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8;COUNT=12", "1997-06-05",
     "1997-06-05 1997-06-12 1997-06-19 1997-06-26 1997-07-03 1997-07-10 1997-07-17 1997-07-24 "
     "1997-07-31 1997-08-07 1997-08-14 1997-08-21"},
    {"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3", "1996-11-05",
     "1996-11-05 2000-11-07 2004-11-02"},
    {"FREQ=YEARLY;COUNT=5", "2024-02-29", "2024-02-29 2028-02-29 2032-02-29 2036-02-29 2040-02-29"},
    {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=4", "2026-01-01",
     "2028-02-29 2032-02-29 2036-02-29 2040-02-29"},
    {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1;COUNT=4", "2026-01-01",
     "2026-02-28 2027-02-28 2028-02-29 2029-02-28"},
    {"FREQ=YEARLY;BYYEARDAY=-1;COUNT=3", "2027-03-01", "2027-12-31 2028-12-31 2029-12-31"},
    {"FREQ=YEARLY;BYYEARDAY=366;COUNT=3", "2027-03-01", "2028-12-31 2032-12-31 2036-12-31"},
    {"FREQ=YEARLY;BYYEARDAY=60;COUNT=3", "2027-01-01", "2027-03-01 2028-02-29 2029-03-01"},
    {"FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;COUNT=4", "2026-01-01",
     "2026-10-25 2027-10-31 2028-10-29 2029-10-28"},
    {"FREQ=YEARLY;BYMONTH=4,9;BYDAY=1MO,-1FR;COUNT=8", "2027-01-01",
     "2027-04-05 2027-04-30 2027-09-06 2027-09-24 2028-04-03 2028-04-28 2028-09-04 2028-09-29"},
    {"FREQ=YEARLY;BYDAY=MO;BYSETPOS=1,-1;COUNT=4", "2027-01-01",
     "2027-01-04 2027-12-27 2028-01-03 2028-12-25"},
    {"FREQ=YEARLY;BYDAY=-1FR;COUNT=3", "2027-01-01", "2027-12-31 2028-12-29 2029-12-28"},
    {"FREQ=YEARLY;UNTIL=20320301", "2027-03-01",
     "2027-03-01 2028-03-01 2029-03-01 2030-03-01 2031-03-01 2032-03-01"},
    {"FREQ=YEARLY;UNTIL=20320229", "2027-03-01",
     "2027-03-01 2028-03-01 2029-03-01 2030-03-01 2031-03-01"},
    {"FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA;COUNT=5", "1998-01-01",
     "1998-01-01 1998-01-02 1998-01-03 1998-01-04 1998-01-05"},
};

std::string Words(const std::vector<absl::CivilDay>& days) {
  return absl::StrJoin(days, " ", [](std::string* out, absl::CivilDay day) {
    absl::StrAppend(out, absl::FormatCivilTime(day));
  });
}

void Check(const Vector& vector) {
  SCOPED_TRACE(absl::StrCat(vector.rule, " from ", vector.start));
  const absl::CivilSecond start = absl::CivilSecond(Day(vector.start)) + 9 * support::kHour;
  const auto starts = ExpandRule(vector.rule, start, limits::kMaxOccurrences);
  ASSERT_TRUE(starts.ok()) << starts.status();
  std::vector<absl::CivilDay> days;
  for (const absl::CivilSecond time : *starts) {
    days.emplace_back(time);
    EXPECT_EQ(time - absl::CivilSecond(days.back()), 9 * support::kHour);
  }
  EXPECT_EQ(Words(days), vector.days);
}

TEST(RecurrenceVectorsTest, DailyRulesGiveTheirDays) {
  for (const Vector& vector : kDaily) Check(vector);
}

TEST(RecurrenceVectorsTest, WeeklyRulesGiveTheirDays) {
  for (const Vector& vector : kWeekly) Check(vector);
}

TEST(RecurrenceVectorsTest, MonthlyRulesGiveTheirDays) {
  for (const Vector& vector : kMonthly) Check(vector);
}

TEST(RecurrenceVectorsTest, YearlyRulesGiveTheirDays) {
  for (const Vector& vector : kYearly) Check(vector);
}

std::vector<absl::CivilDay> Days(absl::string_view text) {
  std::vector<absl::CivilDay> days;
  for (const absl::string_view day : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    days.push_back(Day(day));
  }
  return days;
}

TEST(RecurrenceVectorsTest, ExtraDaysAreAddedAndLeftOutDaysTakenAway) {
  const struct {
    const char* start;
    const char* rule;
    const char* extra;
    const char* left_out;
    const char* days;
  } table[] = {
      {"2027-03-01", "", "", "", "2027-03-01"},
      {"2027-03-01", "", "2027-05-04 2027-04-02", "", "2027-03-01 2027-04-02 2027-05-04"},
      {"2027-03-01", "FREQ=DAILY;COUNT=3", "", "", "2027-03-01 2027-03-02 2027-03-03"},
      {"2027-03-01", "FREQ=DAILY;COUNT=3", "", "2027-03-02", "2027-03-01 2027-03-03"},
      {"2027-03-01", "FREQ=DAILY;COUNT=3", "", "2027-03-01", "2027-03-02 2027-03-03"},
      {"2027-03-01", "FREQ=DAILY;COUNT=2", "2027-03-09 2027-02-27", "",
       "2027-02-27 2027-03-01 2027-03-02 2027-03-09"},
      // A day that the rule has anyway, twice over.
      {"2027-03-01", "FREQ=DAILY;COUNT=2", "2027-03-02 2027-03-02", "", "2027-03-01 2027-03-02"},
      // EXDATE wins over RDATE, and may name days that are not there.
      {"2027-03-01", "FREQ=DAILY;COUNT=2", "2027-03-09", "2027-03-09 2027-03-08",
       "2027-03-01 2027-03-02"},
      // COUNT counts what is left out.
      {"2027-03-01", "FREQ=WEEKLY;COUNT=4", "", "2027-03-08 2027-03-15", "2027-03-01 2027-03-22"},
      // The first day is a day of the series even if the rule does not fit it.
      {"2027-03-03", "FREQ=WEEKLY;BYDAY=MO;COUNT=2", "", "", "2027-03-03 2027-03-08 2027-03-15"},
      {"2027-03-03", "FREQ=WEEKLY;BYDAY=MO;COUNT=2", "", "2027-03-03", "2027-03-08 2027-03-15"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(absl::StrCat(row.start, " ", row.rule, " + ", row.extra, " - ", row.left_out));
    Recurrence recurrence;
    recurrence.start = absl::CivilSecond(Day(row.start)) + 9 * support::kHour;
    recurrence.length = support::kHour;
    recurrence.zone = support::kBrussels;
    recurrence.rrule = row.rule;
    recurrence.extra_days = Days(row.extra);
    recurrence.left_out_days = Days(row.left_out);
    const auto days = DaysOf(recurrence, limits::kMaxOccurrences);
    ASSERT_TRUE(days.ok()) << days.status();
    EXPECT_EQ(Words(*days), row.days);
  }
}

}  // namespace
}  // namespace labslot
