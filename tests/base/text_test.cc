#include "daemon/base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace labslot {
namespace {

TEST(JsonStringTest, EscapesWhatJsonMust) {
  EXPECT_EQ(JsonString(""), "\"\"");
  EXPECT_EQ(JsonString("plain"), "\"plain\"");
  EXPECT_EQ(JsonString("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(JsonString("a\nb\tc"), "\"a\\nb\\tc\"");
  EXPECT_EQ(JsonString(absl::string_view("\0", 1)), "\"\\u0000\"");
  EXPECT_EQ(JsonString("\x1f"), "\"\\u001f\"");
  EXPECT_EQ(JsonString("Skåne 🧪"), "\"Skåne 🧪\"");
}

TEST(IsCleanTextTest, TakesWhatPeopleWrite) {
  for (const char* text : {"", "plain", "two\nlines", "tab\there", "Skåne", "Tartu Ülikool",
                           "Brno, Žižkova", "試験", "🧪", "e\xcc\x81"}) {
    EXPECT_TRUE(IsCleanText(text)) << text;
  }
}

TEST(IsCleanTextTest, RefusesControlsAndBrokenUtf8) {
  const std::string bad[] = {std::string(1, '\0'),
                             "\r",
                             "\x1b[31m",
                             "\x7f",
                             "\x80",
                             "\xc3",
                             "\xc3(",
                             "\xc0\xaf",
                             "\xe0\x80\xaf",
                             "\xed\xa0\x80",
                             "\xf4\x90\x80\x80",
                             "\xf8\x88\x80\x80\x80",
                             "\xff",
                             "ok\xe2\x82"};
  for (const std::string& text : bad) EXPECT_FALSE(IsCleanText(text)) << JsonString(text);
}

TEST(IsCleanTextTest, RefusesTheControlsBeyondAscii) {
  EXPECT_FALSE(IsCleanText("\xc2\x85"));  // next line, U+0085
}

TEST(CountedTest, ChoosesTheNumberOfTheNoun) {
  EXPECT_EQ(Counted(0, "unit", "units"), "0 units");
  EXPECT_EQ(Counted(1, "unit", "units"), "1 unit");
  EXPECT_EQ(Counted(7, "unit", "units"), "7 units");
  EXPECT_EQ(Counted(1, "branch", "branches"), "1 branch");
}

TEST(LengthWordsTest, SayTheLengthInTheLargestUnitsThatFit) {
  const struct {
    long long seconds;
    const char* words;
  } table[] = {
      {0, "0 s"},
      {1, "1 s"},
      {45, "45 s"},
      {60, "1 min"},
      {90, "1 min 30 s"},
      {1800, "30 min"},
      {3599, "59 min 59 s"},
      {3600, "1 h"},
      {3601, "1 h 1 s"},
      {5400, "1 h 30 min"},
      {9000, "2 h 30 min"},
      {86399, "23 h 59 min 59 s"},
      // Whole days only: 25 hours are not "1 day 1 h" where a day may have 23.
      {86400, "1 day"},
      {90000, "25 h"},
      {172800, "2 days"},
      {7776000, "90 days"},
  };
  for (const auto& row : table) EXPECT_EQ(LengthWords(row.seconds), row.words) << row.seconds;
}

}  // namespace
}  // namespace labslot
