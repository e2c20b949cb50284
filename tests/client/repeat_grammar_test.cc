#include "client/repeat_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/days.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;

// Wednesday 2027-03-10 10:00 in Brussels.
TimeContext Context() {
  return {absl::FromUnixSeconds(1804669200), LoadZone("Europe/Brussels").value()};
}

TEST(RepeatGrammarTest, WhatPeopleWriteBecomesARule) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"daily 10 times", "FREQ=DAILY;COUNT=10"},
      {"weekly until 2027-06-30", "FREQ=WEEKLY;UNTIL=20270630T235959"},
      {"monthly 1 time", "FREQ=MONTHLY;COUNT=1"},
      {"Yearly 3 times", "FREQ=YEARLY;COUNT=3"},
      {"every day 5 times", "FREQ=DAILY;COUNT=5"},
      {"every 1 day 5 times", "FREQ=DAILY;COUNT=5"},
      {"every 2 weeks 8 times", "FREQ=WEEKLY;INTERVAL=2;COUNT=8"},
      {"every 2 weeks on mon,wed 8 times", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=8"},
      {"weekly on thu and tue 4 times", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4"},
      {"every tue,thu until 2027-06-30", "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630T235959"},
      {"every tuesday, thursday 400 times", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=400"},
      {"every mon-fri until next fri", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270319T235959"},
      {"every sat-mon 3 times", "FREQ=WEEKLY;BYDAY=MO,SA,SU;COUNT=3"},
      {"every 3 months 4 times", "FREQ=MONTHLY;INTERVAL=3;COUNT=4"},
  };
  for (const auto& [text, rule] : table) {
    const auto read = ParseRepetition(text, Context());
    ASSERT_TRUE(read.ok()) << text << ": " << read.status();
    EXPECT_EQ(read->rrule, rule) << text;
  }
}

TEST(RepeatGrammarTest, WhatIsNotUnderstoodIsAnErrorThatSaysWhy) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "it does not say how often"},
      {"sometimes", "it does not say how often"},
      {"every", "it does not say how often"},
      {"every daily 3 times", "it does not say how often"},
      {"week 3 times", "it does not say how often"},
      {"every 0 weeks 3 times", "it does not say how often"},
      {"every 1000 weeks 3 times", "it does not say how often"},
      {"every 2 tue 3 times", "it does not say how often"},
      {"weekly", "it never ends"},
      {"every tue,thu", "it never ends"},
      {"weekly 0 times", "1 to 400 days"},
      {"weekly 401 times", "1 to 400 days"},
      {"weekly 3", "\"3\" is not understood here"},
      {"weekly 3 times a day", "\"3\" is not understood here"},
      {"daily on mon 3 times", "\"on\" is not understood here"},
      {"weekly until", "it is empty"},
      {"weekly until 30.6.2027", "year first"},
      {"weekly until mon-335506w", "years 1 to 9999"},
      {"weekly until 2027-06-30 12:00", "more than a day"},
  };
  for (const auto& [text, why] : table) {
    const auto read = ParseRepetition(text, Context());
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(why)) << text;
  }
}

TEST(DaysTest, DaysAndSpansOfThemAreListed) {
  const auto days = ParseDayList({"2027-03-12,tomorrow", "2027-03-30..2027-04-01"}, Context());
  ASSERT_TRUE(days.ok()) << days.status();
  EXPECT_THAT(*days,
              ::testing::ElementsAre(absl::CivilDay(2027, 3, 12), absl::CivilDay(2027, 3, 11),
                                     absl::CivilDay(2027, 3, 30), absl::CivilDay(2027, 3, 31),
                                     absl::CivilDay(2027, 4, 1)));
  EXPECT_TRUE(ParseDayList({"2027-01-01..2028-02-04"}, Context()).ok());
  EXPECT_FALSE(ParseDayList({"2027-01-01..2028-02-05"}, Context()).ok()) << "401 days";
  EXPECT_FALSE(ParseDayList({"2027-01-01..2999-01-01"}, Context()).ok());
  EXPECT_FALSE(ParseDaySpan("2027-01-02..2027-01-01", Context()).ok());
  EXPECT_FALSE(ParseDay("2027-01-02 9:00", Context()).ok());
  EXPECT_EQ(ToDay(ToDate(absl::CivilDay(2028, 2, 29))), absl::CivilDay(2028, 2, 29));
}

}  // namespace
}  // namespace labslot::client
