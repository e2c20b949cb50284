#include "client/period_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace labslot::client {
namespace {

using ::testing::HasSubstr;

// Wednesday 2027-03-10 10:00 in Brussels.
TimeContext Times() {
  const absl::TimeZone zone = LoadZone("Europe/Brussels").value();
  return {absl::FromCivil(absl::CivilSecond(2027, 3, 10, 10), zone), zone};
}

// "2027-03-01T00 2027-04-01T00", in local time.
std::string Text(const absl::StatusOr<TimeRange>& range) {
  if (!range.ok()) return std::string(range.status().message());
  return absl::FormatTime("%Y-%m-%dT%H ", range->start, Times().zone) +
         absl::FormatTime("%Y-%m-%dT%H", range->end, Times().zone);
}

std::string Period(const std::string& text) { return Text(ParsePeriod(text, Times())); }

std::string Other(const std::string& period, const std::string& text) {
  return Text(ParseOtherPeriod(text, ParsePeriod(period, Times()).value(), Times()));
}

TEST(PeriodGrammarTest, CalendarUnitsAreWrittenShort) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"2027", "2027-01-01T00 2028-01-01T00"},
      {"2027-Q1", "2027-01-01T00 2027-04-01T00"},
      {"2027-q4", "2027-10-01T00 2028-01-01T00"},
      {"2027-12", "2027-12-01T00 2028-01-01T00"},
      {"this-week", "2027-03-08T00 2027-03-15T00"},
      {"last-week", "2027-03-01T00 2027-03-08T00"},
      {"this-month", "2027-03-01T00 2027-04-01T00"},
      {"last-month", "2027-02-01T00 2027-03-01T00"},
      {"last-quarter", "2026-10-01T00 2027-01-01T00"},
      {"Last-Year", "2026-01-01T00 2027-01-01T00"},
      {"2027-02-28", "2027-02-28T00 2027-03-01T00"},
      {"2027-01-04..2027-01-18", "2027-01-04T00 2027-01-18T00"},
      {"tomorrow 9:00 +2h", "2027-03-11T09 2027-03-11T11"},
  };
  for (const auto& [text, range] : table) EXPECT_EQ(Period(text), range) << text;
}

TEST(PeriodGrammarTest, WhatIsNoPeriodIsToldWithExamples) {
  for (const std::string text : {"2027-Q5", "2027-13", "2027-Q", "last-decade", "soon", "",
                                 "2027-02-30", "2027-04-01..2027-03-01"}) {
    EXPECT_THAT(Period(text), HasSubstr("it is no period")) << text;
    EXPECT_THAT(Period(text), HasSubstr("\"last-month\"")) << text;
  }
}

TEST(PeriodGrammarTest, TheOtherPeriodIsTheSameDatesEarlier) {
  EXPECT_EQ(Other("2027-Q1", "last-year"), "2026-01-01T00 2026-04-01T00");
  EXPECT_EQ(Other("2027-03", "last-month"), "2027-02-01T00 2027-03-01T00");
  EXPECT_EQ(Other("2027-03", "last-quarter"), "2026-12-01T00 2027-01-01T00");
  EXPECT_EQ(Other("this-week", "last-week"), "2027-03-01T00 2027-03-08T00");
  // February has no 31st.
  EXPECT_EQ(Other("2027-03-15..2027-03-31", "last-month"), "2027-02-15T00 2027-03-01T00");
  EXPECT_EQ(Other("2028-02-29..2028-03-01", "last-year"), "2027-02-28T00 2027-03-01T00");
}

// Found by fuzzing: the other period was empty, and a report of it all zeros.
TEST(PeriodGrammarTest, TheLastDaysOfAMonthHaveACounterpart) {
  EXPECT_EQ(Other("2027-03-28", "last-month"), "2027-02-28T00 2027-03-01T00");
  EXPECT_EQ(Other("2027-03-30", "last-month"), "2027-02-28T00 2027-03-01T00");
  EXPECT_EQ(Other("2027-03-30 9:00-12:00", "last-month"), "2027-02-28T09 2027-02-28T12");
  EXPECT_EQ(Other("2027-02", "last-month"), "2027-01-01T00 2027-02-01T00");
}

TEST(PeriodGrammarTest, HoursThatDoNotExistEarlierAreToldNotReportedAsNothing) {
  EXPECT_THAT(Other("2027-04-28 2:00-3:00", "last-month"), HasSubstr("do not exist then"));
}

TEST(PeriodGrammarTest, BeforeIsAsManyDaysAlsoWhereTheClocksChange) {
  EXPECT_EQ(Other("2027-04", "before"), "2027-03-02T00 2027-04-01T00");
  EXPECT_EQ(Other("2027-Q1", "2025"), "2025-01-01T00 2026-01-01T00");
  EXPECT_THAT(Other("2027-Q1", "last-decade"), HasSubstr("it is no period"));
}

}  // namespace
}  // namespace labslot::client
