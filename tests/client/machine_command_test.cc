// What machines say of themselves, as it is typed and as it comes from files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/client/command_test.h"

namespace labslot::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using v1::MachineReport;

// 2027-03-10 08:00 in Brussels, two hours ago.
constexpr std::int64_t kEight = 1804662000;

// The minute that begins so many minutes after the beginning of March in Brussels.
std::string Line(int minutes, const std::string& state) {
  const absl::Time start = absl::FromUnixSeconds(1803855600) + absl::Minutes(minutes);
  const auto text = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
  };
  return absl::StrCat(text(start), ",", text(start + absl::Minutes(1)), ",", state, "\n");
}

class MachineCommandTest : public CommandTest {
 protected:
  const v1::ReportMachineStatesRequest& Sent() { return answers().machines_reported.back(); }

  Outcome RunFile(const std::string& text, std::vector<std::string> more = {}) {
    surroundings_.input = text;
    std::vector<std::string> words = {"machine", "rigs", "--file", "-"};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }
};

TEST_F(MachineCommandTest, OneSpanIsSaidInWords) {
  const Outcome outcome = Run({"machine", "rigs", "running", "8:00..9:30", "--unit", "rig-1",
                               "--reason", "the panel says so"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "rigs, unit rig-1, is on record as running 1 h 30 min, Wed 2027-03-10 08:00-09:30 "
            "Europe/Brussels (+01:00).\n");
  const MachineReport& report = Sent().report();
  EXPECT_EQ(report.asset(), "assets/rigs");
  EXPECT_EQ(report.unit(), "rig-1");
  ASSERT_THAT(report.spans(), SizeIs(1));
  EXPECT_EQ(report.spans(0).state(), MachineReport::RUNNING);
  EXPECT_EQ(report.spans(0).interval().start_time().seconds(), kEight);
  EXPECT_EQ(report.spans(0).interval().end_time().seconds(), kEight + 5400);
  EXPECT_EQ(Sent().reason(), "the panel says so");
  EXPECT_THAT(Sent().request_id(), Not(IsEmpty()));
}

TEST_F(MachineCommandTest, ThePeriodIsOfTheUsualGrammar) {
  EXPECT_EQ(Run({"machine", "rigs", "idle", "2027-03-09"}).code, 0);
  EXPECT_EQ(Sent().report().spans(0).state(), MachineReport::IDLE);
  EXPECT_EQ(Sent().report().spans(0).interval().start_time().seconds(), kEight - 32 * 3600);
  EXPECT_EQ(Sent().report().spans(0).interval().end_time().seconds(), kEight - 8 * 3600);
  const Outcome outcome = Run({"machine", "rigs", "down", "now-2h..now", "--dry-run"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(Sent().report().spans(0).state(), MachineReport::DOWN);
  EXPECT_EQ(Sent().report().spans(0).interval().start_time().seconds(), kEight);
  EXPECT_TRUE(Sent().validate_only());
  EXPECT_THAT(outcome.out, HasSubstr("rigs would be on record as down 2 h"));
  EXPECT_THAT(outcome.out, HasSubstr("Nothing was changed (--dry-run).\n"));
  EXPECT_EQ(Run({"machine", "rigs", "down", "2027-03-09", "8:00..9:00", "--zone", "UTC"}).code, 0);
  EXPECT_EQ(Sent().report().spans(0).interval().start_time().seconds(), kEight - 23 * 3600);
}

TEST_F(MachineCommandTest, WhatIsMistypedIsToldWithTheMend) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{}, "asset is required"},
      {{"rigs"},
       "labslot: say what it did and when, as in `labslot machine rigs running 8:00..9:30`, or "
       "give --file\n"},
      {{"rigs", "idle"}, "labslot: say when, as in `labslot machine rigs idle 8:00..9:30`\n"},
      {{"rigs", "runing", "8:00..9:00"},
       "labslot: \"runing\" is no state of a machine. Did you mean running? There are running, "
       "idle (it could run) and down (it is broken).\n"},
      {{"rigs", "idle", "soon"}, "cannot read \"soon\""},
      {{"rigs", "idle", "today"},
       "labslot: \"today\": it ends in the future: a machine tells what was; end it now or "
       "earlier\n"},
      {{"rigs", "idle", "2026"},
       "labslot: \"2026\": it is longer than 31 days, the most that is taken at once: say it in "
       "parts\n"},
      {{"rigs", "idle", "8:00..9:00", "--file", "-"},
       "labslot: --file: its lines say the states and when; leave out \"idle\"\n"},
      {{"rigs", "--file", "/nonexistent/states.csv"},
       "cannot read /nonexistent/states.csv: No such file"},
  };
  for (const auto& [words, error] : table) {
    std::vector<std::string> arguments = {"machine"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const Outcome outcome = Run(arguments);
    EXPECT_EQ(outcome.code, 2) << error;
    EXPECT_THAT(outcome.err, HasSubstr(error));
  }
  EXPECT_THAT(answers().machines_reported, IsEmpty());
  EXPECT_EQ(Run({"machine", "rig", "idle", "8:00..9:00"}).code, 4);
}

TEST_F(MachineCommandTest, AFileMayHaveAHeaderAndWhatSpreadsheetsAdd) {
  const Outcome outcome = RunFile(
      "\xEF\xBB\xBF\"Start\",\"End\",\"State\"\r\n"
      "2027-03-01T08:00:00+01:00, 2027-03-01T09:30:00+01:00, Running\r\n"
      "\r\n"
      "\"2027-03-01T08:30:00Z\",\"2027-03-01T09:00:00Z\",\"down\"\r\n");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out,
            "rigs is on record as running 1 h 30 min, down 30 min, Mon 2027-03-01 08:00-10:00 "
            "Europe/Brussels (+01:00), in 2 spans.\n");
  ASSERT_THAT(answers().machines_reported, SizeIs(1));
  EXPECT_EQ(Sent().report().spans(1).state(), MachineReport::DOWN);
}

TEST_F(MachineCommandTest, AFileIsReadFromItsPathToo) {
  const std::string path = testing::TempDir() + "/states.csv";
  std::ofstream(path) << Line(0, "idle");
  EXPECT_EQ(Run({"machine", "rigs", "--file", path}).code, 0);
  EXPECT_EQ(Sent().report().spans(0).state(), MachineReport::IDLE);
  std::ofstream(path) << "8:00,9:00,idle\n";
  EXPECT_THAT(Run({"machine", "rigs", "--file", path}).err,
              HasSubstr(absl::StrCat("labslot: ", path, ":1: cannot read \"8:00\"")));
  std::remove(path.c_str());
}

TEST_F(MachineCommandTest, WhatIsMalformedIsToldWithItsLineBeforeAnythingIsSent) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {Line(0, "idle") + "2027-03-01T08:00:00Z;2027-03-01T09:00:00Z;idle\n",
       "standard input:2: expected start, end and state with commas between them, as 2027-03-01T"},
      {Line(0, "stopped"), "standard input:1: \"stopped\" is no state of a machine."},
      {"start,end,state\n" + Line(5, "idle") + Line(4, "idle"),
       "standard input:3: it begins before the end of line 2: sort the lines by time, and let none "
       "overlap"},
      {"2027-03-01T08:00:00,2027-03-01T09:00:00Z,idle",
       "standard input:1: cannot read \"2027-03-01T08:00:00\": write a time with its offset, as "},
      {"2027-03-01T08:00:00.5Z,2027-03-01T09:00:00Z,idle",
       "\"2027-03-01T08:00:00.5Z\" has parts of a second: round it to whole seconds"},
      {"2027-03-01T09:00:00Z,2027-03-01T09:00:00Z,idle",
       "standard input:1: the end is not after the start: swap them, or write a later end"},
      {"2027-01-01T09:00:00Z,2027-03-01T09:00:00Z,idle", "standard input:1: it is longer than 31"},
      {"2027-03-10T08:00:00Z,2027-03-10T09:00:01Z,idle", "standard input:1: it ends in the future"},
      {"infinite-past,infinite-future,idle", "standard input:1: cannot read \"infinite-past\""},
      {"start,end,state\n", "standard input has no states in it: write one a line, as 2027-"},
      {"", "standard input has no states in it"},
  };
  for (const auto& [text, error] : table) {
    const Outcome outcome = RunFile(text);
    EXPECT_EQ(outcome.code, 2) << text;
    EXPECT_THAT(outcome.err, HasSubstr(error));
  }
  const std::string err = RunFile(Line(0, "a") + Line(1, "idle") + Line(2, "c")).err;
  EXPECT_THAT(err, HasSubstr("standard input:1: \"a\""));
  EXPECT_THAT(err, HasSubstr("standard input:3: \"c\""));
  std::string many;
  for (int i = 0; i < 30; ++i) absl::StrAppend(&many, Line(i, "a"));
  EXPECT_THAT(RunFile(many).err, HasSubstr("\n... and more"));
  EXPECT_THAT(answers().machines_reported, IsEmpty());
}

std::string ManyLines() {
  std::string text;
  for (int i = 0; i < 2345; ++i) absl::StrAppend(&text, Line(i, i % 2 == 0 ? "running" : "idle"));
  return text;
}

TEST_F(MachineCommandTest, ManyLinesAreSentAThousandAtATimeEachWithItsOwnRequestId) {
  const Outcome outcome = RunFile(ManyLines());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("rigs is on record as running 19 h 33 min, idle 19 h 32 min, "));
  EXPECT_THAT(outcome.out, HasSubstr(", in 2345 spans.\n"));
  const auto& sent = answers().machines_reported;
  ASSERT_THAT(sent, SizeIs(3));
  EXPECT_EQ(sent[0].report().spans_size(), 1000);
  EXPECT_EQ(sent[1].report().spans_size(), 1000);
  EXPECT_EQ(sent[2].report().spans_size(), 345);
  EXPECT_NE(sent[0].request_id(), sent[1].request_id());
  EXPECT_NE(sent[1].request_id(), sent[2].request_id());
  answers().machines_reported.clear();
  EXPECT_THAT(
      RunFile(ManyLines(), {"--request-id", "gateway-7", "-o", "csv"}).out,
      HasSubstr("report,asset,unit,start,end,zone,spans,running_seconds,idle_seconds,"
                "down_seconds\r\n"
                "1,rigs,,2027-03-01 00:00:00,2027-03-01 16:40:00,Europe/Brussels,1000,30000,"
                "30000,0\r\n"
                "2,rigs,"));
  EXPECT_EQ(sent[0].request_id(), "gateway-7-1");
  EXPECT_EQ(sent[2].request_id(), "gateway-7-3");
  EXPECT_EQ(RunFile(Line(0, "idle"), {"--request-id", "gateway-7"}).code, 0);
  EXPECT_EQ(Sent().request_id(), "gateway-7");
  EXPECT_THAT(RunFile(ManyLines(), {"-o", "json"}).out, HasSubstr("\"name\": \"\""));
}

TEST_F(MachineCommandTest, WhatFailsInTheMiddleIsToldWithItsLines) {
  answers().failing_report = 2;
  const Outcome outcome = RunFile("start,end,state\n" + ManyLines());
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(answers().machines_reported, SizeIs(2));
  EXPECT_THAT(outcome.err,
              HasSubstr("Lines 1002 to 2001 failed; those before are on record. To send the whole "
                        "file again does no harm: what is said last of a time holds.\n"));
}

}  // namespace
}  // namespace labslot::client
