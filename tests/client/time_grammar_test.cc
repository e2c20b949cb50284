#include "client/time_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace labslot::client {
namespace {

using ::testing::HasSubstr;

constexpr char kFormat[] = "%Y-%m-%dT%H:%M:%S%Ez";

absl::TimeZone Brussels() { return LoadZone("Europe/Brussels").value(); }

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text << error;
  return time;
}

// Wednesday.
TimeContext Context(const std::string& now = "2027-03-10T10:20:30+01:00") {
  return {At(now), Brussels()};
}

std::string Moment(const std::string& text, const TimeContext& context = Context()) {
  const auto moment = ParseMoment(text, context);
  return moment.ok() ? absl::FormatTime(kFormat, *moment, context.zone)
                     : std::string(moment.status().message());
}

std::string Range(const std::string& text, const TimeContext& context = Context(),
                  BareDay bare_day = BareDay::kIsError) {
  const auto range = ParseRange(text, context, bare_day);
  if (!range.ok()) return std::string(range.status().message());
  return absl::FormatTime(kFormat, range->start, context.zone) + " " +
         absl::FormatTime(kFormat, range->end, context.zone);
}

TEST(TimeGrammarTest, EveryFormOfMomentIsRead) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"now", "2027-03-10T10:20:30+01:00"},
      {"NOW", "2027-03-10T10:20:30+01:00"},
      {"now+2h", "2027-03-10T12:20:30+01:00"},
      {"now-1d", "2027-03-09T10:20:30+01:00"},
      {"today", "2027-03-10T00:00:00+01:00"},
      {"today 9:00", "2027-03-10T09:00:00+01:00"},
      {"tomorrow", "2027-03-11T00:00:00+01:00"},
      {"tomorrow 09:05:07", "2027-03-11T09:05:07+01:00"},
      {"tomorrow+1w", "2027-03-18T00:00:00+01:00"},
      {"tomorrow+8h", "2027-03-11T08:00:00+01:00"},
      {"14:00", "2027-03-10T14:00:00+01:00"},
      {"24:00", "2027-03-11T00:00:00+01:00"},
      {"thu", "2027-03-11T00:00:00+01:00"},
      {"wed 8:00", "2027-03-17T08:00:00+01:00"},
      {"Tuesday 8:00", "2027-03-16T08:00:00+01:00"},
      {"next mon", "2027-03-15T00:00:00+01:00"},
      {"next wed 8:00", "2027-03-17T08:00:00+01:00"},
      {"next fri 8:00", "2027-03-19T08:00:00+01:00"},
      {"next sunday", "2027-03-21T00:00:00+01:00"},
      {"2027-04-03", "2027-04-03T00:00:00+02:00"},
      {"2027-04-03 08:00", "2027-04-03T08:00:00+02:00"},
      {"2027-04-03T08:00", "2027-04-03T08:00:00+02:00"},
      {"2027-04-03t8:00:01", "2027-04-03T08:00:01+02:00"},
      {"2027-04-03T08:00Z", "2027-04-03T10:00:00+02:00"},
      {"2027-04-03T08:00:00-05:00", "2027-04-03T15:00:00+02:00"},
      {"2027-04-03 08:00 Europe/Tallinn", "2027-04-03T07:00:00+02:00"},
      {"2027-04-03 08:00 UTC", "2027-04-03T10:00:00+02:00"},
      {"2027-04-03 08:00 +02:00", "2027-04-03T08:00:00+02:00"},
      {"tomorrow 0:30 Europe/Tallinn", "2027-03-10T23:30:00+01:00"},
      {"+2h", "2027-03-10T12:20:30+01:00"},
      {"-90m", "2027-03-10T08:50:30+01:00"},
      {"\xE2\x88\x92"
       "2h",
       "2027-03-10T08:20:30+01:00"},
      {"+1w", "2027-03-17T10:20:30+01:00"},
      {"+1d 9:00", "2027-03-11T09:00:00+01:00"},
      {"+1d12h", "2027-03-11T22:20:30+01:00"},
      {"  today   9:00 ", "2027-03-10T09:00:00+01:00"},
      {"2028-02-29", "2028-02-29T00:00:00+01:00"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(Moment(text), expected) << text;
}

TEST(TimeGrammarTest, EveryFormOfRangeIsRead) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"tomorrow 9:00..12:00", "2027-03-11T09:00:00+01:00 2027-03-11T12:00:00+01:00"},
      {"tomorrow 9:00 .. 12:00", "2027-03-11T09:00:00+01:00 2027-03-11T12:00:00+01:00"},
      {"tomorrow 14:00-16:00", "2027-03-11T14:00:00+01:00 2027-03-11T16:00:00+01:00"},
      {"14:00-16:00", "2027-03-10T14:00:00+01:00 2027-03-10T16:00:00+01:00"},
      {"tomorrow 22:00-24:00", "2027-03-11T22:00:00+01:00 2027-03-12T00:00:00+01:00"},
      {"2027-04-03 08:00-10:00 Europe/Tallinn",
       "2027-04-03T07:00:00+02:00 2027-04-03T09:00:00+02:00"},
      {"2027-04-03 02:00-05:00", "2027-04-03T02:00:00+02:00 2027-04-03T05:00:00+02:00"},
      {"2027-04-03 08:00 +2h", "2027-04-03T08:00:00+02:00 2027-04-03T10:00:00+02:00"},
      {"2027-04-03T08:00Z +90m", "2027-04-03T10:00:00+02:00 2027-04-03T11:30:00+02:00"},
      {"now +30m", "2027-03-10T10:20:30+01:00 2027-03-10T10:50:30+01:00"},
      {"+1d +2h", "2027-03-11T10:20:30+01:00 2027-03-11T12:20:30+01:00"},
      {"mon 9:00..+2h", "2027-03-15T09:00:00+01:00 2027-03-15T11:00:00+01:00"},
      {"2027-04-03T08:00/PT2H", "2027-04-03T08:00:00+02:00 2027-04-03T10:00:00+02:00"},
      {"2027-04-03 08:00 Europe/Tallinn/P1DT30M",
       "2027-04-03T07:00:00+02:00 2027-04-04T07:30:00+02:00"},
      {"fri 9:00..mon 17:00", "2027-03-12T09:00:00+01:00 2027-03-15T17:00:00+01:00"},
      {"mon 9:00..mon 17:00", "2027-03-15T09:00:00+01:00 2027-03-15T17:00:00+01:00"},
      {"mon..sat", "2027-03-15T00:00:00+01:00 2027-03-20T00:00:00+01:00"},
      {"2027-04-03T08:00Z..09:00", "2027-04-03T10:00:00+02:00 2027-04-03T11:00:00+02:00"},
      {"2027-04-03 08:00 Europe/Tallinn..10:00",
       "2027-04-03T07:00:00+02:00 2027-04-03T09:00:00+02:00"},
      {"-7d..now", "2027-03-03T10:20:30+01:00 2027-03-10T10:20:30+01:00"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(Range(text), expected) << text;
}

TEST(TimeGrammarTest, ADayAloneIsARangeOnlyWhereAWholeDayMakesSense) {
  EXPECT_EQ(Range("2027-03-28", Context(), BareDay::kIsWholeDay),
            "2027-03-28T00:00:00+01:00 2027-03-29T00:00:00+02:00");
  EXPECT_EQ(Range("tomorrow", Context(), BareDay::kIsWholeDay),
            "2027-03-11T00:00:00+01:00 2027-03-12T00:00:00+01:00");
  EXPECT_THAT(Range("tomorrow"), HasSubstr("it has no end"));
  EXPECT_THAT(Range("tomorrow 9:00", Context(), BareDay::kIsWholeDay), HasSubstr("it has no end"));
}

TEST(TimeGrammarTest, WhatIsNotInTheGrammarIsAnErrorWithThreeExamples) {
  for (const std::string text : {"",
                                 "   ",
                                 "3/4/2027",
                                 "03-04-2027",
                                 "4.3.2027",
                                 "2027-02-30",
                                 "2027-13-01",
                                 "27-03-01",
                                 "9am",
                                 "9",
                                 "0900",
                                 "25:00",
                                 "24:01",
                                 "9:60",
                                 "9:5",
                                 "noon",
                                 "tomorow",
                                 "next",
                                 "next week",
                                 "monday tuesday",
                                 "9:00 10:00",
                                 "now 9:00",
                                 "+2h 9:00",
                                 "+2",
                                 "+2y",
                                 "2h",
                                 "1d",
                                 "2027-03-01T",
                                 "2027-03-01T08:00+25:00",
                                 "2027-03-01T08:00+1:00",
                                 "2027-03-01 08:00 CET",
                                 "2027-03-01 08:00 Europe/Nowhere",
                                 "2027-03-01 08:00 ../etc/passwd",
                                 "2027-03-01T08:00Z Europe/Brussels",
                                 "1700000000",
                                 "+99999999d",
                                 "last monday",
                                 "2027-03-01T08:00.5",
                                 "2027-03-01T08:00:00.5Z"}) {
    const auto moment = ParseMoment(text, Context());
    ASSERT_FALSE(moment.ok()) << text << " was read as " << *moment;
    EXPECT_THAT(std::string(moment.status().message()), HasSubstr("Examples: \"")) << text;
    const auto range = ParseRange(text, Context(), BareDay::kIsError);
    EXPECT_FALSE(range.ok()) << text;
  }
}

TEST(TimeGrammarTest, RangesThatRunBackwardsOrStandStillAreErrors) {
  for (const std::string text : {"tomorrow 12:00..9:00", "tomorrow 9:00..9:00",
                                 "tomorrow 22:00-02:00", "tomorrow 9:00..today 10:00"}) {
    EXPECT_THAT(Range(text), HasSubstr("the end is not after the start")) << text;
  }
}

TEST(TimeGrammarTest, AZoneAtTheEndAloneIsAnError) {
  EXPECT_THAT(Range("2027-04-03 08:00..10:00 Europe/Tallinn"),
              HasSubstr("only its end names a zone"));
  EXPECT_THAT(Range("2027-04-03 08:00..10:00Z"), HasSubstr("only its end names a zone"));
}

TEST(TimeGrammarTest, ATimeThatTheClocksSkipIsAnErrorThatSaysSo) {
  const std::string message = Moment("2027-03-28 02:30");
  EXPECT_THAT(message, HasSubstr("2027-03-28 02:30 does not exist in Europe/Brussels"));
  EXPECT_THAT(message, HasSubstr("from 02:00 straight to 03:00"));
  EXPECT_THAT(Range("2027-03-28 02:00 +2h"), HasSubstr("does not exist"));
  EXPECT_THAT(Range("2027-03-27 02:30 +1d"), HasSubstr("does not exist"));
  EXPECT_EQ(Moment("2027-03-28 01:59"), "2027-03-28T01:59:00+01:00");
  EXPECT_EQ(Moment("2027-03-28 03:00"), "2027-03-28T03:00:00+02:00");
}

TEST(TimeGrammarTest, ATimeThatOccursTwiceIsAnErrorThatSpellsBothReadings) {
  const std::string message = Moment("2027-10-31 02:30");
  EXPECT_THAT(message, HasSubstr("2027-10-31 02:30 occurs twice in Europe/Brussels"));
  EXPECT_THAT(message, HasSubstr("\"2027-10-31T02:30+02:00\" is the first"));
  EXPECT_THAT(message, HasSubstr("\"2027-10-31T02:30+01:00\" the second"));
  EXPECT_THAT(Range("2027-10-31 00:00-02:00"), HasSubstr("occurs twice"));
  EXPECT_EQ(Moment("2027-10-31T02:30+02:00"), "2027-10-31T02:30:00+02:00");
  EXPECT_EQ(Moment("2027-10-31T02:30+01:00"), "2027-10-31T02:30:00+01:00");
  EXPECT_EQ(Moment("2027-10-31 03:00"), "2027-10-31T03:00:00+01:00");
}

TEST(TimeGrammarTest, ADayKeepsTheWallClockAndHoursDoNot) {
  EXPECT_EQ(Range("2027-03-27 08:00 +1d"), "2027-03-27T08:00:00+01:00 2027-03-28T08:00:00+02:00");
  EXPECT_EQ(Range("2027-03-27 08:00 +24h"), "2027-03-27T08:00:00+01:00 2027-03-28T09:00:00+02:00");
  EXPECT_EQ(Range("2027-10-30 08:00 +1d"), "2027-10-30T08:00:00+02:00 2027-10-31T08:00:00+01:00");
  EXPECT_EQ(Range("2027-10-30 08:00 +24h"), "2027-10-30T08:00:00+02:00 2027-10-31T07:00:00+01:00");
  EXPECT_EQ(Range("2027-10-30T08:00/P1D"), "2027-10-30T08:00:00+02:00 2027-10-31T08:00:00+01:00");
  const TimeContext before = Context("2027-03-27T08:00:00+01:00");
  EXPECT_EQ(Moment("+1d", before), "2027-03-28T08:00:00+02:00");
  EXPECT_EQ(Moment("+24h", before), "2027-03-28T09:00:00+02:00");
}

TEST(TimeGrammarTest, WeekdaysAreNeverToday) {
  const TimeContext monday = Context("2027-03-15T10:00:00+01:00");
  EXPECT_EQ(Moment("mon 14:00", monday), "2027-03-22T14:00:00+01:00");
  EXPECT_EQ(Moment("next mon 14:00", monday), "2027-03-22T14:00:00+01:00");
  EXPECT_EQ(Moment("tue", monday), "2027-03-16T00:00:00+01:00");
  EXPECT_EQ(Moment("next tue", monday), "2027-03-23T00:00:00+01:00");
}

TEST(TimeGrammarTest, TodayIsTheDayInTheZoneOfThePlace) {
  const TimeContext late = Context("2027-03-10T23:30:00Z");
  EXPECT_EQ(Moment("today", late), "2027-03-11T00:00:00+01:00");
}

TEST(TimeGrammarTest, ADayWithoutMidnightBeginsAtItsFirstInstant) {
  const TimeContext santiago{At("2027-09-01T00:00:00Z"), LoadZone("America/Santiago").value()};
  EXPECT_EQ(Moment("2027-09-05", santiago), "2027-09-05T01:00:00-03:00");
}

TEST(TimeGrammarTest, LengthsAreReadInOurOwnAndInTheStandardForm) {
  EXPECT_EQ(ParseDuration("30m").value(), absl::Minutes(30));
  EXPECT_EQ(ParseDuration("+1h30m").value(), absl::Minutes(90));
  EXPECT_EQ(ParseDuration("1d12h").value(), absl::Hours(36));
  EXPECT_EQ(ParseDuration("2w").value(), absl::Hours(336));
  EXPECT_EQ(ParseDuration("7200s").value(), absl::Hours(2));
  EXPECT_EQ(ParseDuration("PT2H").value(), absl::Hours(2));
  EXPECT_EQ(ParseDuration("p1w2dt3h4m5s").value(),
            absl::Hours(9 * 24 + 3) + absl::Minutes(4) + absl::Seconds(5));
  for (const std::string text :
       {"", "2", "2 h", "-2h", "0h", "PT", "P", "PT2", "P2H", "2h2", "1.5h", "h", "PT1M1H"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(TimeGrammarTest, WordsThatBeginATimeAreToldFromNames) {
  for (const std::string word :
       {"tomorrow", "now", "now+2h", "now-2h", "mon", "next", "2027-03-01", "9:00", "+2h", "-1d",
        "Tomorrow 9:00..12:00", "today+1d", "mon..fri"}) {
    EXPECT_TRUE(BeginsTime(word)) << word;
  }
  for (const std::string word : {"make-lab", "mon-press", "monitor", "nowhere", "assets/mon",
                                 "rigs:3", "sat-dish", "a1", "next-lab", ""}) {
    EXPECT_FALSE(BeginsTime(word)) << word;
  }
}

TEST(TimeGrammarTest, RangesAreToldFromMoments) {
  for (const std::string text : {"9:00..10:00", "tomorrow 9:00 +2h", "9:00-10:00", "now/PT2H"}) {
    EXPECT_TRUE(LooksLikeRange(text)) << text;
  }
  for (const std::string text : {"tomorrow 9:00", "+1d", "+1d 9:00", "2027-03-01T08:00-05:00",
                                 "2027-03-01 08:00 +02:00", "2027-03-01 08:00 Europe/Paris"}) {
    EXPECT_FALSE(LooksLikeRange(text)) << text;
  }
}

}  // namespace
}  // namespace labslot::client
