// The parameters of presets as text.

#include "daemon/engine/preset_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "daemon/base/limits.h"
#include "tests/support/seeds.h"

namespace labslot::engine {
namespace {

std::string Shown(const std::optional<Lead>& lead) {
  return lead ? absl::StrCat(lead->days, "d ", lead->seconds) : "none";
}

std::string ClockText(int32_t seconds) {
  return absl::StrFormat("%02d:%02d", seconds / 3600, seconds / 60 % 60);
}

// Days as a line of seven letters, and the hours as seconds may run past 24:00.
std::string Shown(const std::vector<WeeklyWindow>& windows) {
  return absl::StrJoin(windows, ", ", [](std::string* out, const WeeklyWindow& weekly) {
    for (int day = 0; day < 7; ++day) *out += (weekly.days >> day & 1) != 0 ? "MTWTFSS"[day] : '-';
    absl::StrAppend(out, " ", ClockText(weekly.window.opens), "-", ClockText(weekly.window.closes));
  });
}

std::string Windows(absl::string_view text) {
  const auto windows = ReadWindows(text);
  return windows ? Shown(*windows) : "none";
}

std::string Ranges(absl::string_view text) {
  const auto ranges = ReadDateRanges(text);
  if (!ranges) return "none";
  return absl::StrJoin(*ranges, ", ", [](std::string* out, const DateRange& range) {
    absl::StrAppend(out, absl::FormatCivilTime(range.first), "/",
                    absl::FormatCivilTime(range.last));
  });
}

TEST(PresetValues, LeadsKeepDaysApartFromHours) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"14d", "14d 0"},  {"24h", "0d 86400"},
      {"15m", "0d 900"}, {"1d12h", "1d 43200"},
      {"2w", "14d 0"},   {"1w2d3h4m5s", "9d 11045"},
      {"0d", "0d 0"},    {"999999d", "999999d 0"},
      {"", "none"},      {"14", "none"},
      {"d", "none"},     {"1d1d", "none"},
      {"1h1d", "none"},  {"-1d", "none"},
      {"+1d", "none"},   {"1.5h", "none"},
      {"1 d", "none"},   {" 1d", "none"},
      {"1d ", "none"},   {"1000000d", "none"},
      {"1D", "none"},    {"14 days", "none"},
      {"P14D", "none"},  {"1dd", "none"},
  };
  for (const auto& c : cases) EXPECT_EQ(Shown(ReadLead(c.text)), c.expected) << c.text;
}

TEST(PresetValues, ADayOfALengthHas24Hours) {
  EXPECT_EQ(ReadLength("1d12h"), 36 * 3600);
  EXPECT_EQ(ReadLength("2w"), 14 * limits::kDay);
  EXPECT_EQ(ReadLength("20h"), 72000);
  EXPECT_EQ(ReadLength("20"), std::nullopt);
}

TEST(PresetValues, WindowsAreDaysAndHours) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"mon-fri 08:00-17:00", "MTWTF-- 08:00-17:00"},
      {"sat 09:00-12:30", "-----S- 09:00-12:30"},
      {"mon-wed,fri 08:00-17:00", "MTW-F-- 08:00-17:00"},
      {"mon, wed 08:00-17:00", "M-W---- 08:00-17:00"},
      {"mon-fri 08:00-12:00, mon-fri 13:00-17:00", "MTWTF-- 08:00-12:00, MTWTF-- 13:00-17:00"},
      {"mon,tue 08:00-12:00,sat,sun 10:00-24:00", "MT----- 08:00-12:00, -----SS 10:00-24:00"},
      {"sat-mon 00:00-24:00", "M----SS 00:00-24:00"},
      {"mon-fri 17:00-08:00", "MTWTF-- 17:00-32:00"},
      {"mon 08:00-08:00", "M------ 08:00-32:00"},
      {"mon 17:00-00:00", "M------ 17:00-24:00"},
      {"mon-fri  08:00-17:00", "MTWTF-- 08:00-17:00"},
      {"", "none"},
      {"mon-fri", "none"},
      {"08:00-17:00", "none"},
      {"mon-fri 08:00", "none"},
      {"mon-fri 8:00-17:00", "none"},
      {"mon-fri 08:00-25:00", "none"},
      {"mon-fri 24:00-08:00", "none"},
      {"mon-fri 08:60-17:00", "none"},
      {"mon-fri 08:00-17:00-18:00", "none"},
      {"mon-fri 08:00-17:00,", "none"},
      {"mon-fri 08:00-17:00, sat", "none"},
      {"monday 08:00-17:00", "none"},
      {"Mon-Fri 08:00-17:00", "none"},
      {"mon- 08:00-17:00", "none"},
      {"mon-tue-wed 08:00-17:00", "none"},
      {"mon-fri 08:00-17:00 groups=staff", "none"},
  };
  for (const auto& c : cases) EXPECT_EQ(Windows(c.text), c.expected) << c.text;
}

TEST(PresetValues, DateRangesHaveDaysThatExist) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"2027-02-08..2027-05-28", "2027-02-08/2027-05-28"},
      {"2027-09-20", "2027-09-20/2027-09-20"},
      {"2027-02-08..2027-05-28,2027-09-20..2027-12-17",
       "2027-02-08/2027-05-28, 2027-09-20/2027-12-17"},
      {"2027-02-08..2027-02-08, 2028-02-29", "2027-02-08/2027-02-08, 2028-02-29/2028-02-29"},
      {"1970-01-01..2199-12-31", "1970-01-01/2199-12-31"},
      {"", "none"},
      {"2027-02-29", "none"},
      {"2027-13-01", "none"},
      {"2027-04-31", "none"},
      {"2027-00-10", "none"},
      {"1969-12-31", "none"},
      {"2200-01-01", "none"},
      {"2027-2-8", "none"},
      {"02027-02-08", "none"},
      {"2027-05-28..2027-02-08", "none"},
      {"2027-02-08..", "none"},
      {"2027-02-08...2027-05-28", "none"},
      {"2027-02-08-2027-05-28", "none"},
      {"2027-02-08..2027-05-28,", "none"},
      {"08.02.2027", "none"},
  };
  for (const auto& c : cases) EXPECT_EQ(Ranges(c.text), c.expected) << c.text;
}

TEST(PresetValues, NumbersAreDigits) {
  EXPECT_EQ(ReadCount("2"), 2);
  EXPECT_EQ(ReadCount("999999999"), 999999999);
  for (const char* text : {"", "-1", "+1", "1.0", "1 ", "0x10", "1000000000", "two"}) {
    EXPECT_EQ(ReadCount(text), std::nullopt) << text;
  }
  EXPECT_EQ(ReadAmount("40"), 40);
  EXPECT_EQ(ReadAmount("4.5"), 4.5);
  for (const char* text : {"", "-1", ".5", "4.", "4,5", "1e3", "nan", "inf", "4.5m", "1.2.3"}) {
    EXPECT_EQ(ReadAmount(text), std::nullopt) << text;
  }
}

TEST(PresetValues, TheRestOfTheWeekIsWhatNoWindowCovers) {
  const struct {
    const char* windows;
    const char* rest;
  } cases[] = {
      {"mon-fri 08:00-17:00", "MTWTF-- 00:00-08:00, -----SS 00:00-24:00, MTWTF-- 17:00-24:00"},
      {"mon-sun 00:00-24:00", ""},
      {"mon-sun 08:00-08:00", ""},
      {"mon-sun 06:00-05:00", "MTWTFSS 05:00-06:00"},
      // From Sunday evening to Monday morning.
      {"sun 20:00-06:00", "M------ 06:00-24:00, ------S 00:00-20:00, -TWTFS- 00:00-24:00"},
      // Windows that touch and overlap.
      {"mon-sun 00:00-12:00, mon-sun 11:00-13:00, mon-sun 13:00-20:00", "MTWTFSS 20:00-24:00"},
  };
  for (const auto& c : cases) {
    const auto windows = ReadWindows(c.windows);
    ASSERT_TRUE(windows) << c.windows;
    std::vector<std::string> rest;
    for (const WeeklyWindow& window : RestOfWeek(*windows)) rest.push_back(Shown({window}));
    std::vector<std::string> expected;
    for (const auto part : absl::StrSplit(c.rest, ", ", absl::SkipEmpty())) {
      expected.emplace_back(part);
    }
    EXPECT_THAT(rest, testing::UnorderedElementsAreArray(expected)) << c.windows;
  }
}

// Of every minute of the week, looked at one by one.
std::vector<bool> MinutesOf(const std::vector<WeeklyWindow>& windows) {
  constexpr int kMinutesOfWeek = 7 * 1440;
  std::vector<bool> covered(kMinutesOfWeek);
  for (const WeeklyWindow& weekly : windows) {
    for (int day = 0; day < 7; ++day) {
      if ((weekly.days >> day & 1) == 0) continue;
      for (int minute = weekly.window.opens / 60; minute < weekly.window.closes / 60; ++minute) {
        covered[static_cast<size_t>((day * 1440 + minute) % kMinutesOfWeek)] = true;
      }
    }
  }
  return covered;
}

TEST(PresetValues, EveryMinuteIsInTheWindowsOrInTheRestOfTheWeek) {
  for (unsigned seed = 0; seed < support::Seeds(200, 5000); ++seed) {
    std::mt19937 random(seed);
    std::vector<WeeklyWindow> windows;
    for (auto count = random() % 4; count > 0; --count) {
      WeeklyWindow weekly;
      weekly.days = static_cast<uint8_t>(random() % 128);
      weekly.window.opens = static_cast<int32_t>(random() % 1440) * 60;
      weekly.window.closes = weekly.window.opens + static_cast<int32_t>(random() % 1440 + 1) * 60;
      windows.push_back(weekly);
    }
    std::vector<bool> expected = MinutesOf(windows);
    expected.flip();
    EXPECT_EQ(MinutesOf(RestOfWeek(windows)), expected) << "seed " << seed << " " << Shown(windows);
  }
}

}  // namespace
}  // namespace labslot::engine
