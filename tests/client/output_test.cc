#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/names.h"
#include "client/output/output.h"
#include "client/output/reservation_text.h"
#include "client/output/table.h"
#include "client/output/time_text.h"
#include "client/output/words.h"
#include "client/suggest.h"
#include "client/time_grammar.h"

namespace labslot::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::TimeZone Brussels() { return LoadZone("Europe/Brussels").value(); }

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text;
  return time;
}

TEST(WordsTest, WhatCouldDriveATerminalIsNotPrinted) {
  EXPECT_EQ(Printable("plain, é, 日本"), "plain, é, 日本");
  EXPECT_EQ(Printable("a\nb\tc"), "a b c");
  EXPECT_EQ(Printable("\x1b[31mred"), "\xEF\xBF\xBD[31mred");
  EXPECT_EQ(Printable("\xC2\x9B"
                      "31m"),
            "\xEF\xBF\xBD"
            "31m");
  EXPECT_EQ(Printable("a\xFF\xC0\x80z"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(Printable("\xE2\x80\xAE"
                      "drow"),
            "\xEF\xBF\xBD"
            "drow");
  EXPECT_EQ(Printable("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(WordsTest, BytesAreInAUnitThatShowsThem) {
  EXPECT_EQ(BytesText(0), "0 bytes");
  EXPECT_EQ(BytesText(1023), "1023 bytes");
  EXPECT_EQ(BytesText(1024), "1.0 KiB");
  EXPECT_EQ(BytesText(1'600'000), "1.5 MiB");
  EXPECT_EQ(BytesText(std::int64_t{80} << 30), "80.0 GiB");
  EXPECT_EQ(BytesText(std::int64_t{3} << 41), "6.0 TiB");
}

TEST(NamesTest, ShortAndFullNamesAreTheSame) {
  EXPECT_EQ(FullName(kAssets, "make-lab"), "assets/make-lab");
  EXPECT_EQ(FullName(kAssets, "assets/make-lab"), "assets/make-lab");
  EXPECT_EQ(FullName(kAssets, ""), "");
  EXPECT_EQ(ShortName("assets/make-lab"), "make-lab");
  EXPECT_EQ(CollectionOf("assets/make-lab"), "assets");
}

TEST(NamesTest, AWordNamesAnAssetHowManyAndWhatTheyMustHave) {
  EXPECT_EQ(ParseItemWord("rigs:3")->quantity, 3);
  EXPECT_EQ(ParseItemWord("rigs")->quantity, 0);
  for (const std::string word : {"rigs:detector=eds:stage=hot", "rigs:2:stage=hot:detector=eds"}) {
    const std::map<std::string, std::string> labels = {{"detector", "eds"}, {"stage", "hot"}};
    EXPECT_EQ(ParseItemWord(word)->unit_labels, labels) << word;
  }
  for (const std::string word : {"rigs:", "rigs:0", "rigs:-1", "rigs:x", "rigs:2:3", "rigs:=eds",
                                 "rigs:detector=", ":3", ""}) {
    EXPECT_FALSE(ParseItemWord(word).ok()) << word;
  }
}

TEST(NamesTest, AnItemIsWrittenAsItIsRead) {
  v1::Item item;
  item.set_asset("assets/rigs");
  EXPECT_EQ(ItemText(item), "rigs");
  item.set_quantity(2);
  (*item.mutable_unit_labels())["stage"] = "hot";
  (*item.mutable_unit_labels())["detector"] = "eds";
  EXPECT_EQ(ItemText(item), "rigs:2:detector=eds:stage=hot");
}

TEST(NamesTest, WordsToPasteAreQuotedForTheShell) {
  EXPECT_EQ(ShellWord("make-lab:3"), "make-lab:3");
  EXPECT_EQ(ShellWord("a b"), "\"a b\"");
  EXPECT_EQ(ShellWord("it's"), "\"it's\"");
  EXPECT_EQ(ShellWord("$(rm)"), "'$(rm)'");
  EXPECT_EQ(ShellWord("\"$it's\""), "'\"$it'\\''s\"'");
  EXPECT_EQ(ShellWord(""), "\"\"");
}

TEST(SuggestTest, NearWordsAreSuggestedNearestFirst) {
  const std::vector<std::string> commands = {"book", "hold", "list", "calendar", "cancel"};
  EXPECT_THAT(Suggest("bok", commands), ElementsAre("book"));
  EXPECT_THAT(Suggest("lits", commands), ElementsAre("list"));
  EXPECT_THAT(Suggest("cal", commands), ElementsAre("calendar"));
  EXPECT_THAT(Suggest("zzz", commands), IsEmpty());
  EXPECT_EQ(DidYouMean({"a", "b", "c"}), " Did you mean a, b or c?");
  EXPECT_EQ(DidYouMean({}), "");
}

TEST(TableTest, CsvIsSafeForSpreadsheets) {
  Table table;
  table.columns = {{"NAME"}, {"BAR", Shown::kPeople}, {"START", Shown::kSheet}};
  table.rows = {{"a,b", "#", "x\"y"}, {"=1+1", "", "-12.5"}, {"@cmd", "", "-x"}};
  EXPECT_EQ(ToCsv(table), "name,start\r\n\"a,b\",\"x\"\"y\"\r\n'=1+1,-12.5\r\n'@cmd,'-x\r\n");
}

TEST(TableTest, ColumnsAreAlignedByWhatIsSeen) {
  Table table;
  table.columns = {{"NAME"}, {"N", Shown::kAlways, true}, {"MORE", Shown::kWide}};
  table.rows = {{"a", "1", "x"}, {"long", "22", "y"}};
  EXPECT_EQ(LayOut(table, {}), "NAME   N\na      1\nlong  22\n");
  EXPECT_EQ(LayOut(table, {true, 0}), "NAME   N  MORE\na      1  x\nlong  22  y\n");
}

TEST(TableTest, LongCellsAreBrokenAtBlanksWhereTheLineIsTooShort) {
  Table table;
  table.columns = {{"NAME"},
                   {"WHY", Shown::kAlways, false, false, true},
                   {"LIMIT", Shown::kAlways, false, false, true},
                   {"FROM"}};
  table.rows = {{"a", "one two three four five", "4 h", "p"}, {"b", "short", "5 h", "q"}};
  EXPECT_EQ(LayOut(table, {false, 34}),
            "NAME  WHY            LIMIT  FROM\n"
            "a     one two three  4 h    p\n"
            "      four five\n"
            "b     short          5 h    q\n");
  EXPECT_EQ(LayOut(table, {false, 80}),
            "NAME  WHY                      LIMIT  FROM\n"
            "a     one two three four five  4 h    p\n"
            "b     short                    5 h    q\n");
  EXPECT_EQ(LayOut(table, {}), LayOut(table, {false, 80}));
}

TEST(WordsTest, WhatIsCutEndsInThreeDotsAndBetweenCharacters) {
  EXPECT_EQ(Cut("lamella", 7), "lamella");
  EXPECT_EQ(Cut("lamellae", 7), "lame...");
  EXPECT_EQ(Cut("Kärnäkökö", 6), "Kär...");
  EXPECT_EQ(Cut("two words", 7), "two...");
}

TEST(TableTest, WhatIsCutWhereTheTerminalIsNarrowSaysSo) {
  Table table;
  table.columns = {
      {"ID"}, {"SITE", Shown::kAlways, false, true}, {"TITLE", Shown::kAlways, false, true}};
  table.rows = {{"1042", "imec-leuven-east", "Fatigue of laminates, second series"},
                {"1043", "home", "short"}};
  EXPECT_EQ(LayOut(table, {false, 40}),
            "ID    SITE              TITLE\n"
            "1042  imec-leuven-east  Fatigue of la...\n"
            "1043  home              short\n");
  EXPECT_EQ(LayOut(table, {false, 30}),
            "ID    SITE         TITLE\n"
            "1042  imec-leu...  Fatigue...\n"
            "1043  home         short\n");
}

TEST(TableTest, AZoneThatAllRowsShareIsToldOnce) {
  Table table;
  table.columns = {{"NAME"}, {"ZONE"}};
  table.rows = {{"a", "Europe/Brussels"}, {"b", "Europe/Brussels"}};
  EXPECT_EQ(LayOut(table, {}), "NAME\na\nb\nTimes in Europe/Brussels.\n");
  EXPECT_EQ(LayOut(table, {true, 0}), "NAME  ZONE\na     Europe/Brussels\nb     Europe/Brussels\n");
  table.rows[1][1] = "Europe/Riga";
  EXPECT_EQ(LayOut(table, {}), "NAME  ZONE\na     Europe/Brussels\nb     Europe/Riga\n");
}

TEST(TimeTextTest, SpansAreShortAndUnambiguous) {
  const absl::TimeZone zone = Brussels();
  EXPECT_EQ(SpanText(At("2027-03-01T09:00:00+01:00"), At("2027-03-01T12:30:00+01:00"), zone),
            "Mon 2027-03-01 09:00-12:30");
  EXPECT_EQ(SpanText(At("2027-03-01T09:00:00+01:00"), At("2027-03-02T00:00:00+01:00"), zone),
            "Mon 2027-03-01 09:00-24:00");
  EXPECT_EQ(SpanText(At("2027-03-01T09:00:00+01:00"), At("2027-03-02T09:00:05+01:00"), zone),
            "Mon 2027-03-01 09:00 - Tue 03-02 09:00:05");
  EXPECT_EQ(SpanText(At("2027-10-31T02:30:00+02:00"), At("2027-10-31T02:30:00+01:00"), zone),
            "Sun 2027-10-31 02:30+02:00-02:30+01:00");
  EXPECT_EQ(
      SpanTextWithZone(At("2027-03-27T08:00:00+01:00"), At("2027-03-28T08:00:00+02:00"), zone),
      "Sat 2027-03-27 08:00 - Sun 03-28 08:00 Europe/Brussels (+01:00, then +02:00)");
  EXPECT_EQ(LengthText(absl::Hours(27) + absl::Minutes(5)), "1 d 3 h 5 min");
  EXPECT_EQ(LengthToType(absl::Hours(27) + absl::Minutes(5)), "27h5m");
}

TEST(TimeTextTest, WhatIsToBePastedIsReadBackAsTheSameSpan) {
  const absl::TimeZone zone = Brussels();
  const TimeContext context{At("2027-01-01T00:00:00Z"), zone};
  const absl::Time first = At("2027-10-30T20:00:00Z");
  for (int start = 0; start < 30; ++start) {
    for (int length = 1; length < 30; ++length) {
      const TimeRange span{first + start * absl::Minutes(30),
                           first + (start + length) * absl::Minutes(30)};
      const std::string text = SpanToType(span.start, span.end, zone);
      const auto read = ParseRange(text, context, BareDay::kIsError);
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(read->start, span.start) << text;
      EXPECT_EQ(read->end, span.end) << text;
    }
  }
}

TEST(OutputTest, YamlHasTheSameDataAsJsonWithStringsInQuotes) {
  EXPECT_EQ(JsonToYaml(R"({"a": "yes", "b": 3, "c": [], "d": {"e": true}, "f": "é"})"),
            "a: \"yes\"\nb: 3\nc:\n  []\nd:\n  e: true\nf: \"é\"\n");
}

}  // namespace
}  // namespace labslot::client
