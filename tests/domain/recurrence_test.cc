#include "daemon/domain/recurrence.h"

#include <gtest/gtest.h>

#include <ctime>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/base/limits.h"
#include "tests/support/seeds.h"
#include "tests/support/times.h"

namespace labslot {
namespace {

using support::Day;

constexpr size_t kLimit = limits::kMaxOccurrences;

// Monday.
const absl::CivilSecond kStart(2027, 3, 1, 8, 30, 0);

size_t CountOf(const std::string& rule, absl::CivilSecond start = kStart, size_t limit = kLimit) {
  const auto starts = ExpandRule(rule, start, limit);
  EXPECT_TRUE(starts.ok()) << rule << ": " << starts.status();
  return starts.ok() ? starts->size() : 0;
}

std::string RefusalOf(const std::string& rule, absl::CivilSecond start = kStart,
                      size_t limit = kLimit) {
  const auto starts = ExpandRule(rule, start, limit);
  if (starts.ok()) return absl::StrCat("granted, ", starts->size(), " starts");
  EXPECT_TRUE(absl::IsInvalidArgument(starts.status())) << rule << ": " << starts.status();
  return std::string(starts.status().message());
}

TEST(ExpandRuleTest, UpperAndLowerCaseAreTheSame) {
  EXPECT_EQ(*ExpandRule("freq=weekly;byday=mo,We;until=20270331t120000;wkst=su", kStart, kLimit),
            *ExpandRule("FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20270331T120000;WKST=SU", kStart, kLimit));
}

TEST(ExpandRuleTest, TheOrderOfPartsAndValuesDoesNotMatter) {
  EXPECT_EQ(*ExpandRule("COUNT=9;BYDAY=FR,MO,WE,MO;INTERVAL=2;FREQ=WEEKLY", kStart, kLimit),
            *ExpandRule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;COUNT=9", kStart, kLimit));
}

TEST(ExpandRuleTest, ABareUntilTakesInThatDayAndATimeIsTheLastStart) {
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270303"), 3u);
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270303", absl::CivilSecond(2027, 3, 1, 23, 59, 59)), 3u);
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270303", absl::CivilSecond(2027, 3, 1, 0, 0, 0)), 3u);
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270303T083000"), 3u);
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270303T082959"), 2u);
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270301T083000"), 1u);
}

TEST(ExpandRuleTest, TheStartIsAmongTheStartsOnlyIfTheRuleFitsIt) {
  EXPECT_EQ(ExpandRule("FREQ=WEEKLY;BYDAY=TU;COUNT=1", kStart, kLimit)->front(), kStart + 86400);
  EXPECT_EQ(ExpandRule("FREQ=WEEKLY;BYDAY=MO;COUNT=1", kStart, kLimit)->front(), kStart);
}

TEST(ExpandRuleTest, ATimeOfDayThatIsThatOfTheStartIsFine) {
  EXPECT_EQ(*ExpandRule("FREQ=DAILY;BYHOUR=8,8;BYMINUTE=30;BYSECOND=0;COUNT=3", kStart, kLimit),
            *ExpandRule("FREQ=DAILY;COUNT=3", kStart, kLimit));
}

TEST(ExpandRuleTest, StartsAreInOrderAndOnceEach) {
  for (const char* rule :
       {"FREQ=MONTHLY;BYMONTHDAY=31,-1,30,-2,1;COUNT=50", "FREQ=YEARLY;BYDAY=1MO,MO,-53MO;COUNT=99",
        "FREQ=YEARLY;BYYEARDAY=365,-1,-366,1;COUNT=40", "FREQ=WEEKLY;BYDAY=SU,MO,SU;COUNT=20"}) {
    const auto starts = ExpandRule(rule, kStart, kLimit);
    ASSERT_TRUE(starts.ok()) << rule << ": " << starts.status();
    for (size_t i = 1; i < starts->size(); ++i) EXPECT_LT((*starts)[i - 1], (*starts)[i]) << rule;
  }
}

TEST(ExpandRuleTest, TheLimitIsTheMostThatIsGranted) {
  EXPECT_EQ(CountOf("FREQ=DAILY;COUNT=400"), 400u);
  EXPECT_EQ(RefusalOf("FREQ=DAILY;COUNT=401"),
            "has COUNT=401; at most 400 starts, so write COUNT=400 or less");
  EXPECT_EQ(RefusalOf("FREQ=DAILY;COUNT=100000000"),
            "has COUNT=100000000; at most 400 starts, so write COUNT=400 or less");
  EXPECT_EQ(RefusalOf("FREQ=DAILY;COUNT=9223372036854775807"),
            "has COUNT=9223372036854775807; at most 400 starts, so write COUNT=400 or less");
  EXPECT_EQ(CountOf("FREQ=DAILY;UNTIL=20270305", kStart, 5), 5u);
  EXPECT_EQ(
      RefusalOf("FREQ=DAILY;UNTIL=20270306", kStart, 5),
      "has more than 5 starts until its end; write an earlier UNTIL, or COUNT=5 in its place");
}

TEST(ExpandRuleTest, TheLongestTextIsReadAndALongerOneRefused) {
  std::string rule = "FREQ=WEEKLY;COUNT=3;BYDAY=MO";
  while (rule.size() + 3 <= limits::kMaxRecurrenceText) rule += ",MO";
  EXPECT_EQ(CountOf(rule), 3u);
  EXPECT_EQ(RefusalOf(std::string(limits::kMaxRecurrenceText + 1, 'A')),
            "has 1001 characters; 1000 at most, such as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10");
  EXPECT_NE(RefusalOf(std::string(limits::kMaxRecurrenceText, 'A')),
            RefusalOf(std::string(limits::kMaxRecurrenceText + 1, 'A')));
}

TEST(ExpandRuleTest, TheLongestListsAreReadWhole) {
  const auto numbers = [](int from, int to) {
    std::vector<int> list;
    for (int i = from; i <= to; ++i) list.push_back(i);
    return absl::StrJoin(list, ",");
  };
  EXPECT_EQ(CountOf(absl::StrCat("FREQ=MONTHLY;BYMONTHDAY=", numbers(1, 31), ";COUNT=365")), 365u);
  EXPECT_EQ(CountOf(absl::StrCat("FREQ=MONTHLY;BYMONTHDAY=", numbers(-31, -1), ";COUNT=365")),
            365u);
  EXPECT_EQ(CountOf(absl::StrCat("FREQ=YEARLY;BYMONTH=", numbers(1, 12), ";COUNT=24")), 24u);
  EXPECT_EQ(CountOf(absl::StrCat("FREQ=YEARLY;BYYEARDAY=", numbers(1, 260), ";COUNT=400")), 400u);
  EXPECT_EQ(CountOf(absl::StrCat(
                "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=", numbers(1, 250), ";COUNT=400")),
            400u);
  std::string every;
  for (int i = 1; i <= 53; ++i) absl::StrAppend(&every, i, "MO,", -i, "TU,", i, "SU,");
  EXPECT_EQ(CountOf(absl::StrCat("FREQ=YEARLY;BYDAY=", every, "WE;COUNT=300")), 300u);
}

TEST(ExpandRuleTest, ARuleIsFollowedForTwentyYears) {
  EXPECT_EQ(CountOf("FREQ=YEARLY;COUNT=21"), 21u);
  EXPECT_EQ(RefusalOf("FREQ=YEARLY;COUNT=22"),
            "has only 21 starts in 20 years; write COUNT=21 or less");
  EXPECT_EQ(CountOf("FREQ=YEARLY;UNTIL=20470301T083000"), 21u);
  EXPECT_EQ(RefusalOf("FREQ=YEARLY;UNTIL=20470302"),
            "ends more than 20 years after it begins; write an earlier UNTIL");
  EXPECT_EQ(RefusalOf("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;COUNT=2"),
            "has only 1 start in 20 years; write COUNT=1 or less");
}

TEST(ExpandRuleTest, StartsFrom1970To2199AreExpanded) {
  EXPECT_EQ(CountOf("FREQ=WEEKLY;BYDAY=SU;COUNT=2", absl::CivilSecond(1970, 1, 1, 0, 0, 0)), 2u);
  EXPECT_EQ(CountOf("FREQ=YEARLY;COUNT=21", absl::CivilSecond(2199, 12, 31, 23, 59, 59)), 21u);
  for (const absl::CivilSecond start :
       {absl::CivilSecond(1969, 12, 31, 23, 59, 59), absl::CivilSecond(2200, 1, 1),
        absl::CivilSecond(0, 1, 1), absl::CivilSecond(9999999, 1, 1), absl::CivilSecond::max(),
        absl::CivilSecond::min()}) {
    EXPECT_EQ(RefusalOf("FREQ=DAILY;COUNT=2", start),
              "begins before 1970 or after 2199; choose another first day");
  }
}

// The words complete "the rule ...", and end with how to mend it.
TEST(ExpandRuleTest, WhatIsRefusedIsRefusedInWords) {
  const char look[] = "; a rule looks like FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10";
  const char days[] =
      " in BYDAY; it takes MO, TU, WE, TH, FR, SA and SU, with commas between them, and in front a "
      "place such as 1MO for the first Monday or -1FR for the last Friday";
  const char how_often[] =
      "does not say how often; begin with FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY";
  const char end[] = "has no end; add COUNT=10 or UNTIL=20270630";
  const char no_day[] =
      ", which is no day; write year, month and day in one, such as UNTIL=20270630";
  const char number[] = "; it is the number of times, such as COUNT=10";
  const char interval[] =
      "; it is a number from 1 to 1000, such as INTERVAL=2 for every other week";
  const char set_pos[] =
      "has BYSETPOS, which picks among the days of a month or year; use it with FREQ=MONTHLY or "
      "FREQ=YEARLY, or name the days with BYDAY";
  const char month_days[] =
      " in BYMONTHDAY; it takes numbers from 1 to 31, or from -1 to -31 to count from the end, "
      "with commas between them";
  const char numbered[] =
      "has a numbered day in BYDAY, which goes with FREQ=MONTHLY and FREQ=YEARLY only; write "
      "BYDAY=MO, or FREQ=MONTHLY;BYDAY=1MO";
  const std::pair<std::string, std::string> table[] = {
      // Malformed.
      {"", absl::StrCat("has the malformed part \"\"", look)},
      {";", absl::StrCat("has the malformed part \"\"", look)},
      {"weekly", absl::StrCat("has the malformed part \"WEEKLY\"", look)},
      {"FREQ=", absl::StrCat("has the malformed part \"FREQ=\"", look)},
      {"=DAILY", absl::StrCat("has the malformed part \"=DAILY\"", look)},
      {"FREQ=DAILY;COUNT=3;", absl::StrCat("has the malformed part \"\"", look)},
      {"FREQ=DAILY; COUNT=3", absl::StrCat("has the unknown part \" COUNT\"", look)},
      {"FREQ=DAILY;COUNT=3;BYEASTER=0", absl::StrCat("has the unknown part \"BYEASTER\"", look)},
      {"FREQ=DAILY;COUNT=3;X-A=\x1b[1m\xff", absl::StrCat("has the unknown part \"X-A\"", look)},
      {"\x1b\xff=1", absl::StrCat("has the unknown part \"\\x1b\\xff\"", look)},
      {absl::StrCat(std::string(41, 'a'), "=1"),
       absl::StrCat("has the unknown part \"", std::string(40, 'A'), "...\"", look)},
      {"RRULE:FREQ=DAILY;COUNT=3", "begins with RRULE:; leave that out and begin with FREQ="},
      {"FREQ=DAILY;FREQ=DAILY;COUNT=3",
       "has \"FREQ\" twice; write it once, with commas between its values"},
      {"FREQ=WEEKLY;BYDAY=MO;BYDAY=TU;COUNT=3",
       "has \"BYDAY\" twice; write it once, with commas between its values"},
      // How often.
      {"COUNT=3", how_often},
      {"BYDAY=MO;UNTIL=20270630", how_often},
      {"FREQ=FORTNIGHTLY;COUNT=3",
       "has FREQ=\"FORTNIGHTLY\"; it is one of DAILY, WEEKLY, MONTHLY and YEARLY"},
      {"FREQ=HOURLY;COUNT=3",
       "has FREQ=HOURLY, more than one start a day; the shortest is FREQ=DAILY"},
      {"FREQ=MINUTELY;COUNT=3",
       "has FREQ=MINUTELY, more than one start a day; the shortest is FREQ=DAILY"},
      {"FREQ=SECONDLY;COUNT=3",
       "has FREQ=SECONDLY, more than one start a day; the shortest is FREQ=DAILY"},
      {"FREQ=DAILY;COUNT=3;INTERVAL=0", absl::StrCat("has INTERVAL=\"0\"", interval)},
      {"FREQ=DAILY;COUNT=3;INTERVAL=1001", absl::StrCat("has INTERVAL=\"1001\"", interval)},
      {"FREQ=DAILY;COUNT=3;INTERVAL=-1", absl::StrCat("has INTERVAL=\"-1\"", interval)},
      {"FREQ=DAILY;COUNT=3;INTERVAL=1.5", absl::StrCat("has INTERVAL=\"1.5\"", interval)},
      {"FREQ=DAILY;COUNT=3;INTERVAL=65537", absl::StrCat("has INTERVAL=\"65537\"", interval)},
      // The end.
      {"FREQ=DAILY", end},
      {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", end},
      {"FREQ=DAILY;COUNT=3;UNTIL=20270630", "has both COUNT and UNTIL; keep one of them"},
      {"FREQ=DAILY;COUNT=0", absl::StrCat("has COUNT=\"0\"", number)},
      {"FREQ=DAILY;COUNT=-1", absl::StrCat("has COUNT=\"-1\"", number)},
      {"FREQ=DAILY;COUNT=ten", absl::StrCat("has COUNT=\"TEN\"", number)},
      {"FREQ=DAILY;COUNT=9223372036854775808",
       absl::StrCat("has COUNT=\"9223372036854775808\"", number)},
      {"FREQ=DAILY;UNTIL=20270630T160000Z",
       "has UNTIL=\"20270630T160000Z\" in UTC; write the local day, such as UNTIL=20270630, or "
       "the local time without Z, such as UNTIL=20270630T180000"},
      {"FREQ=DAILY;UNTIL=2027-06-30", absl::StrCat("has UNTIL=\"2027-06-30\"", no_day)},
      {"FREQ=DAILY;UNTIL=20270229", absl::StrCat("has UNTIL=\"20270229\"", no_day)},
      {"FREQ=DAILY;UNTIL=20271301", absl::StrCat("has UNTIL=\"20271301\"", no_day)},
      {"FREQ=DAILY;UNTIL=20270630T240000", absl::StrCat("has UNTIL=\"20270630T240000\"", no_day)},
      {"FREQ=DAILY;UNTIL=20270630T12", absl::StrCat("has UNTIL=\"20270630T12\"", no_day)},
      {"FREQ=DAILY;UNTIL=+2027630", absl::StrCat("has UNTIL=\"+2027630\"", no_day)},
      {"FREQ=DAILY;UNTIL=2027063a", absl::StrCat("has UNTIL=\"2027063A\"", no_day)},
      {"FREQ=DAILY;UNTIL=20270228",
       "ends before it begins: UNTIL lies before the first start on 2027-03-01; write a later day"},
      {"FREQ=DAILY;UNTIL=20270301T082959",
       "ends before it begins: UNTIL lies before the first start on 2027-03-01; write a later day"},
      {"FREQ=WEEKLY;BYDAY=FR;UNTIL=20270304",
       "has no start until its end; write a later UNTIL, or other days"},
      // The days.
      {"FREQ=WEEKLY;BYDAY=XX;COUNT=3", absl::StrCat("has \"XX\"", days)},
      {"FREQ=WEEKLY;BYDAY=MONDAY;COUNT=3", absl::StrCat("has \"MONDAY\"", days)},
      {"FREQ=WEEKLY;BYDAY=MO,;COUNT=3", absl::StrCat("has \"\"", days)},
      {"FREQ=WEEKLY;BYDAY=M;COUNT=3", absl::StrCat("has \"M\"", days)},
      {"FREQ=MONTHLY;BYDAY=0MO;COUNT=3", absl::StrCat("has \"0MO\"", days)},
      {"FREQ=YEARLY;BYDAY=54MO;COUNT=3", absl::StrCat("has \"54MO\"", days)},
      {"FREQ=MONTHLY;BYDAY=--1MO;COUNT=3", absl::StrCat("has \"--1MO\"", days)},
      {"FREQ=DAILY;BYDAY=1MO;COUNT=3", numbered},
      {"FREQ=WEEKLY;BYDAY=-1FR;COUNT=3", numbered},
      {"FREQ=MONTHLY;BYDAY=6MO;COUNT=3",
       "numbers a day in BYDAY beyond 5, but no month has more than five; BYDAY=-1MO is the last "
       "Monday"},
      {"FREQ=YEARLY;BYMONTH=3;BYDAY=-6MO;COUNT=3",
       "numbers a day in BYDAY beyond 5, but no month has more than five; BYDAY=-1MO is the last "
       "Monday"},
      {"FREQ=MONTHLY;BYMONTHDAY=0;COUNT=3", absl::StrCat("has \"0\"", month_days)},
      {"FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3", absl::StrCat("has \"32\"", month_days)},
      {"FREQ=MONTHLY;BYMONTHDAY=-32;COUNT=3", absl::StrCat("has \"-32\"", month_days)},
      {"FREQ=MONTHLY;BYMONTHDAY=1 ;COUNT=3", absl::StrCat("has \"1 \"", month_days)},
      {"FREQ=MONTHLY;BYMONTHDAY=99999999999;COUNT=3",
       absl::StrCat("has \"99999999999\"", month_days)},
      {"FREQ=YEARLY;BYMONTH=13;COUNT=3",
       "has \"13\" in BYMONTH; it takes numbers from 1 to 12, with commas between them"},
      {"FREQ=YEARLY;BYMONTH=-1;COUNT=3",
       "has \"-1\" in BYMONTH; it takes numbers from 1 to 12, with commas between them"},
      {"FREQ=YEARLY;BYMONTH=5L;COUNT=3",
       "has \"5L\" in BYMONTH; it takes numbers from 1 to 12, with commas between them"},
      {"FREQ=YEARLY;BYYEARDAY=367;COUNT=3",
       "has \"367\" in BYYEARDAY; it takes numbers from 1 to 366, or from -1 to -366 to count from "
       "the end, with commas between them"},
      {"FREQ=WEEKLY;BYMONTHDAY=1;COUNT=3",
       "has BYMONTHDAY with FREQ=WEEKLY; use FREQ=MONTHLY, or BYDAY=MO"},
      {"FREQ=DAILY;BYMONTHDAY=-1;COUNT=3",
       "has days counted from the end of the month with FREQ=DAILY; use FREQ=MONTHLY with the same "
       "BYMONTHDAY"},
      {"FREQ=YEARLY;BYMONTHDAY=1;COUNT=3",
       "has BYMONTHDAY with FREQ=YEARLY, but no month; add BYMONTH=6, or use FREQ=MONTHLY for "
       "every month"},
      {"FREQ=MONTHLY;BYYEARDAY=1;COUNT=3",
       "has BYYEARDAY, which goes with FREQ=YEARLY only; use that, or BYMONTHDAY=15"},
      {"FREQ=YEARLY;BYYEARDAY=1;BYMONTH=1;COUNT=3",
       "has BYYEARDAY with BYMONTH or BYMONTHDAY; use one or the other"},
      {"FREQ=MONTHLY;COUNT=3;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,"
       "23,24,25,26,27,28,29,30,31,-1",
       "has more than 31 days in BYMONTHDAY; name each once, such as BYMONTHDAY=1,15"},
      {"FREQ=WEEKLY;WKST=1MO;COUNT=3",
       "has WKST=\"1MO\"; it is the day on which weeks begin, such as WKST=MO"},
      // Places.
      {"FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=3", set_pos},
      {"FREQ=DAILY;BYDAY=MO,TU;BYSETPOS=1;COUNT=3", set_pos},
      {"FREQ=MONTHLY;BYSETPOS=1;COUNT=3",
       "has BYSETPOS, but no days to pick from; add them, such as "
       "BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 for the first working day"},
      {"FREQ=MONTHLY;BYMONTHDAY=31,-1;BYSETPOS=-1;COUNT=3",
       "has BYSETPOS with days counted from both ends; count them all from the start or all from "
       "the end"},
      {"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0;COUNT=3",
       "has \"0\" in BYSETPOS; it takes numbers from 1 to 366, or from -1 to -366 to count from "
       "the end, with commas between them"},
      // The time of day.
      {"FREQ=DAILY;BYHOUR=8,14;COUNT=3",
       "has more than one start a day in BYHOUR; make a series for each"},
      {"FREQ=DAILY;BYMINUTE=0,30;COUNT=3",
       "has more than one start a day in BYMINUTE; make a series for each"},
      {"FREQ=DAILY;BYSECOND=0,30;COUNT=3",
       "has more than one start a day in BYSECOND; make a series for each"},
      {"FREQ=DAILY;BYHOUR=9;COUNT=3",
       "has another time of day in BYHOUR than the first start, 08:30:00; leave BYHOUR out"},
      {"FREQ=DAILY;BYMINUTE=0;COUNT=3",
       "has another time of day in BYMINUTE than the first start, 08:30:00; leave BYMINUTE out"},
      {"FREQ=DAILY;BYHOUR=24;COUNT=3",
       "has \"24\" in BYHOUR; it takes numbers from 0 to 23, with commas between them"},
      {"FREQ=DAILY;BYSECOND=60;COUNT=3",
       "has \"60\" in BYSECOND; it takes numbers from 0 to 59, with commas between them"},
      // Not supported.
      {"FREQ=YEARLY;BYWEEKNO=20;COUNT=3",
       "has BYWEEKNO, which programs read in different ways; name the months with BYMONTH, or the "
       "days one by one"},
      {"RSCALE=GREGORIAN;FREQ=DAILY;COUNT=3",
       "has RSCALE, which is not supported; days are those of the Gregorian calendar, so leave it "
       "out"},
      {"FREQ=MONTHLY;SKIP=BACKWARD;COUNT=3",
       "has SKIP, which is not supported; days are those of the Gregorian calendar, so leave it "
       "out"},
  };
  for (const auto& [rule, words] : table) EXPECT_EQ(RefusalOf(rule), words) << rule;
}

TEST(ExpandRuleTest, ARuleThatNoDayFitsIsRefusedWithoutASearchForMillennia) {
  const char* const rules[] = {
      "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
      "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
      "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
      "FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31;COUNT=2",
      "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-30;COUNT=2",
      "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=30;COUNT=2",
      "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=5;COUNT=2",
      "FREQ=MONTHLY;INTERVAL=12;BYMONTH=4;COUNT=2",
      "FREQ=YEARLY;BYDAY=MO;BYSETPOS=54;COUNT=2",
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;COUNT=2",
      "FREQ=YEARLY;INTERVAL=2;BYYEARDAY=366;COUNT=2",
      "FREQ=DAILY;INTERVAL=7;BYDAY=TU;COUNT=2",
  };
  const std::clock_t before = std::clock();
  for (const char* rule : rules) {
    EXPECT_EQ(RefusalOf(rule),
              "is never met within 20 years of its start: no day fits all its parts; leave one out")
        << rule;
  }
  // Processor time, which does not depend on who else is at work. libical alone
  // takes more than a second for one of these.
  EXPECT_LT(std::clock() - before, 2 * CLOCKS_PER_SEC);
}

TEST(ExpandRuleTest, HostileTextIsRefusedOrRead) {
  const char* const pieces[] = {"FREQ=",      "DAILY",       "WEEKLY", "MONTHLY",   "YEARLY", ";",
                                "=",          ",",           "BYDAY=", "-1",        "MO",     "SU",
                                "99",         "COUNT=",      "UNTIL=", "20270630",  "T",      "Z",
                                "BYSETPOS=",  "BYMONTHDAY=", "\xff",   "INTERVAL=", " ",      "\n",
                                "BYYEARDAY=", "WKST=",       "%s%n",   "BYMONTH="};
  for (unsigned seed = 1; seed <= support::Seeds(3000, 100000); ++seed) {
    std::mt19937 random(seed);
    std::string rule = random() % 2 == 0 ? "FREQ=MONTHLY;COUNT=5;" : "";
    for (auto left = random() % 12; left > 0; --left) rule += pieces[random() % std::size(pieces)];
    const auto starts = ExpandRule(rule, kStart, 50);
    if (starts.ok()) {
      EXPECT_FALSE(starts->empty()) << rule;
      EXPECT_LE(starts->size(), 50u) << rule;
    } else {
      EXPECT_TRUE(absl::IsInvalidArgument(starts.status())) << rule << ": " << starts.status();
      EXPECT_FALSE(absl::StrContains(starts.status().message(), "\xff")) << rule;
    }
  }
}

TEST(DaysOfTest, TheLimitHoldsForAllDaysTogether) {
  Recurrence recurrence;
  recurrence.start = kStart;
  recurrence.rrule = "FREQ=DAILY;COUNT=9";
  recurrence.extra_days = {Day("2027-05-01")};
  EXPECT_EQ(DaysOf(recurrence, 10)->size(), 10u);
  recurrence.extra_days.push_back(Day("2027-05-02"));
  EXPECT_EQ(DaysOf(recurrence, 10).status(),
            absl::InvalidArgumentError(
                "has 11 days; at most 10, so end it earlier and begin another series"));
  recurrence.left_out_days = {Day("2027-03-02")};
  EXPECT_EQ(DaysOf(recurrence, 10)->size(), 10u);
}

TEST(DaysOfTest, ADayAtLeastIsLeft) {
  Recurrence recurrence;
  recurrence.start = kStart;
  recurrence.rrule = "FREQ=DAILY;COUNT=2";
  recurrence.left_out_days = {Day("2027-03-01"), Day("2027-03-02")};
  EXPECT_EQ(DaysOf(recurrence, kLimit).status(),
            absl::InvalidArgumentError("has no day left: all are left out; keep one at least"));
}

TEST(DaysOfTest, ARuleThatIsRefusedIsRefusedHereToo) {
  Recurrence recurrence;
  recurrence.start = kStart;
  recurrence.rrule = "FREQ=DAILY;BYHOUR=8,14;COUNT=4";
  EXPECT_EQ(DaysOf(recurrence, kLimit).status(),
            absl::InvalidArgumentError(
                "has more than one start a day in BYHOUR; make a series for each"));
  recurrence.rrule = "FREQ=DAILY";
  EXPECT_EQ(DaysOf(recurrence, kLimit).status(),
            absl::InvalidArgumentError("has no end; add COUNT=10 or UNTIL=20270630"));
}

TEST(ExpandRuleTest, ThreadsExpandAtOnceWithEqualResults) {
  const char* const rules[] = {"FREQ=DAILY;COUNT=100",
                               "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;COUNT=60",
                               "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=24",
                               "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=4",
                               "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=4",
                               "FREQ=DAILY",
                               "nonsense"};
  const auto expand_all = [&] {
    std::string all;
    for (const char* rule : rules) {
      const auto starts = ExpandRule(rule, kStart, kLimit);
      if (!starts.ok()) {
        absl::StrAppend(&all, starts.status().message(), "\n");
        continue;
      }
      for (const absl::CivilSecond start : *starts) {
        absl::StrAppend(&all, absl::FormatCivilTime(start), " ");
      }
    }
    return all;
  };
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  threads.reserve(results.size());
  for (std::string& result : results) {
    threads.emplace_back([&] {
      for (int round = 0; round < 20; ++round) result = expand_all();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string expected = expand_all();
  for (const std::string& result : results) EXPECT_EQ(result, expected);
}

}  // namespace
}  // namespace labslot
