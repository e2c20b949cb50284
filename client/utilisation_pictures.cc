#include "client/utilisation_pictures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

using v1::UtilisationRow;

constexpr const char* kPlain = "\x1b[0m";

// The rows of one group, in the order of time.
struct Group {
  std::string title;
  std::vector<const UtilisationRow*> rows;
};

std::vector<Group> GroupsOf(const UtilisationReport& report) {
  std::vector<Group> groups;
  std::vector<std::string> last;
  for (const UtilisationRow& row : report.reply.rows()) {
    std::vector<std::string> cells = GroupCells(report.grouping, row);
    if (groups.empty() || cells != last) groups.push_back({GroupTitle(report.grouping, row), {}});
    groups.back().rows.push_back(&row);
    last = std::move(cells);
  }
  return groups;
}

std::string Coloured(const std::string& sign, const char* colour, const PictureStyle& style) {
  return style.colours ? absl::StrCat(colour, sign, kPlain) : sign;
}

// At most so many characters, and just so many.
std::string Padded(const std::string& text, std::size_t width) {
  std::string result;
  std::size_t used = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (starts && used == width) break;
    used += starts ? 1 : 0;
    result.push_back(c);
  }
  return absl::StrCat(result, std::string(width - used, ' '));
}

std::string HoursByHours(std::int64_t part, std::int64_t whole) {
  return absl::StrCat(HoursOf(part), "/", HoursOf(whole), " h ", PercentOf(part, whole));
}

// As many entries in a line as there is room for.
std::string LegendLines(const std::vector<std::string>& entries, int columns) {
  std::string text;
  std::size_t used = 0;
  for (const std::string& entry : entries) {
    const std::size_t width = 3 + Width(entry);
    const bool fits = used > 0 && used + width <= static_cast<std::size_t>(columns);
    absl::StrAppend(&text, fits ? "   " : used > 0 ? "\n  " : "  ", entry);
    used = fits ? used + width : width;
  }
  return absl::StrCat(text, text.empty() ? "" : "\n");
}

// ---- Hours of the week.

constexpr std::array<const char*, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr int kHoursOfDay = 24;
constexpr std::size_t kHoursOfWeek = 168;
// "Mon  "
constexpr int kDayColumns = 5;
// With these the hours may be 3 characters wide beside the sums.
constexpr int kColumnsForWideHours = 104;

struct HeatLevel {
  char sign;
  const char* colour;
  const char* words;
};
constexpr std::array<HeatLevel, 9> kHeat = {{
    {' ', "", "closed"},
    {'.', "\x1b[48;5;236;97m", "nothing"},
    {':', "\x1b[48;5;17;97m", "to 20%"},
    {'-', "\x1b[48;5;24;97m", "to 40%"},
    {'=', "\x1b[48;5;30;97m", "to 60%"},
    {'*', "\x1b[48;5;71;30m", "to 80%"},
    {'#', "\x1b[48;5;149;30m", "below 100%"},
    {'@', "\x1b[48;5;226;30m", "all of it, or more"},
    {'o', "\x1b[45;97m", "in use while closed"},
}};

struct HeatCell {
  std::int64_t busy = 0;
  std::int64_t open = 0;

  void Add(const HeatCell& other) {
    busy += other.busy;
    open += other.open;
  }
};
using HeatWeek = std::array<HeatCell, kHoursOfWeek>;

std::size_t HeatLevelOf(const HeatCell& cell) {
  if (cell.open == 0) return cell.busy > 0 ? 8 : 0;
  if (cell.busy == 0) return 1;
  if (cell.busy >= cell.open) return 7;
  const double share = static_cast<double>(cell.busy) / static_cast<double>(cell.open);
  return 2 + static_cast<std::size_t>(std::max(0.0, std::ceil(share * 5) - 1));
}

void AddRow(const UtilisationRow& row, HeatWeek* week) {
  if (row.hour_of_week() < 0 || row.hour_of_week() >= static_cast<int>(kHoursOfWeek)) return;
  (*week)[static_cast<std::size_t>(row.hour_of_week())].Add(
      {row.used_seconds() + row.overrun_seconds() + row.booked_seconds(), row.open_seconds()});
}

std::string DrawDay(const HeatWeek& week, std::size_t day, int width, const PictureStyle& style) {
  std::string line = Padded(kDays[day], kDayColumns);
  HeatCell sum;
  for (std::size_t hour = 0; hour < kHoursOfDay; ++hour) {
    const HeatCell& cell = week[day * kHoursOfDay + hour];
    sum.Add(cell);
    const HeatLevel& level = kHeat[HeatLevelOf(cell)];
    const std::string sign(static_cast<std::size_t>(width), level.sign);
    absl::StrAppend(&line, level.sign == ' ' ? sign : Coloured(sign, level.colour, style));
  }
  return absl::StrCat(line, "  ", HoursByHours(sum.busy, sum.open), "\n");
}

std::string HeatAxis(int width) {
  std::string axis(kDayColumns, ' ');
  for (int hour = 0; hour < kHoursOfDay; hour += 3) {
    axis.resize(static_cast<std::size_t>(kDayColumns + hour * width), ' ');
    absl::StrAppendFormat(&axis, "%02d", hour);
  }
  return absl::StrCat(axis, "\n");
}

std::string DrawWeek(const std::string& title, const HeatWeek& week, const PictureStyle& style) {
  HeatCell sum;
  for (const HeatCell& cell : week) sum.Add(cell);
  const int width = style.columns >= kColumnsForWideHours ? 3 : 2;
  std::string text =
      absl::StrCat(title, ": ", HoursByHours(sum.busy, sum.open), "\n", HeatAxis(width));
  for (std::size_t day = 0; day < kDays.size(); ++day) {
    absl::StrAppend(&text, DrawDay(week, day, width, style));
  }
  return text;
}

std::string HeatLegend(const PictureStyle& style) {
  std::vector<std::string> entries;
  for (const HeatLevel& level : kHeat) {
    const std::string sign = level.sign == ' ' ? "blank" : std::string(2, level.sign);
    entries.push_back(absl::StrCat(sign, " ", level.words));
  }
  return absl::StrCat("Used or booked, of the opening hours:\n",
                      LegendLines(entries, style.columns));
}

// ---- Sparklines.

constexpr std::array<const char*, 8> kLevels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr absl::string_view kAsciiLevels = "_.:-=+*#";
constexpr std::size_t kLongestTitle = 20;
// "  100.0%  100.0%  100.0% 1234.5/1234.5"
constexpr int kSparkTail = 38;

struct SparkCell {
  std::int64_t part = 0;
  std::int64_t whole = 0;
};

std::string SparkSign(const SparkCell& cell, const PictureStyle& style) {
  if (cell.whole == 0) return " ";
  const double share = static_cast<double>(cell.part) / static_cast<double>(cell.whole);
  const auto level = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * 7 + 0.5);
  return style.utf8 ? kLevels[level] : std::string(1, kAsciiLevels[level]);
}

// Where each bucket of the report stands in the line, `merged` of them in a sign.
struct SparkAxis {
  std::map<std::string, std::size_t> places;
  std::size_t merged = 1;
  std::size_t signs = 0;
  std::string first;
  std::string last;
};

SparkAxis AxisOf(const UtilisationReport& report, int room) {
  SparkAxis axis;
  std::map<std::string, std::string> texts;
  for (const UtilisationRow& row : report.reply.rows()) {
    texts.emplace(BucketKey(report.bucket, row), BucketText(report.bucket, row));
  }
  if (texts.empty()) return axis;
  const std::size_t most = static_cast<std::size_t>(std::max(8, room));
  axis.merged = (texts.size() + most - 1) / most;
  for (const auto& entry : texts) {
    const std::size_t place = axis.places.size() / axis.merged;
    axis.places.emplace(entry.first, place);
  }
  axis.signs = (texts.size() + axis.merged - 1) / axis.merged;
  axis.first = texts.begin()->second;
  axis.last = texts.rbegin()->second;
  return axis;
}

std::string SparkLine(const UtilisationReport& report, const Group& group, const SparkAxis& axis,
                      std::size_t title_width, const PictureStyle& style) {
  std::vector<SparkCell> cells(axis.signs);
  SparkCell all;
  for (const UtilisationRow* row : group.rows) {
    SparkCell& cell = cells[axis.places.at(BucketKey(report.bucket, *row))];
    for (SparkCell* sum : {&cell, &all}) {
      sum->part += row->booked_open_seconds();
      sum->whole += row->open_seconds();
    }
  }
  std::string line = absl::StrCat(Padded(group.title, title_width), "  ");
  for (const SparkCell& cell : cells) {
    line += Coloured(SparkSign(cell, style), "\x1b[32m", style);
  }
  const auto is_open = [](const SparkCell& cell) { return cell.whole > 0; };
  const auto first = std::find_if(cells.begin(), cells.end(), is_open);
  const auto last = std::find_if(cells.rbegin(), cells.rend(), is_open);
  if (first == cells.end()) return absl::StrCat(line, "  never open\n");
  return absl::StrCat(
      line,
      absl::StrFormat("  %6s  %6s  %6s ", PercentOf(first->part, first->whole),
                      PercentOf(last->part, last->whole), PercentOf(all.part, all.whole)),
      HoursOf(all.part), "/", HoursOf(all.whole), "\n");
}

// ---- Bars of states.

// " 100.0% 1234.5/1234.5"
constexpr int kBarTail = 22;

// Everything but what is closed.
std::int64_t BarSeconds(const UtilisationRow& row) {
  return row.total_seconds() - row.closed_seconds();
}

std::int64_t LongestOf(const std::vector<const UtilisationRow*>& rows) {
  std::int64_t longest = 0;
  for (const UtilisationRow* row : rows) longest = std::max(longest, BarSeconds(*row));
  return longest;
}

class BarPainter {
 public:
  BarPainter(const UtilisationReport& report, const PictureStyle& style)
      : report_(report), style_(style) {
    std::size_t label = 0;
    for (const UtilisationRow& row : report.reply.rows()) {
      label = std::max(label, Width(BucketText(report.bucket, row)));
      longest_ = std::max(longest_, BarSeconds(row));
    }
    label_ = label;
    cells_ = std::max(10, style.columns - static_cast<int>(label) - 2 - kBarTail);
  }

  // Groups of assets each fill the line; parts of one group have one scale.
  std::string Draw(const Group& group) {
    const std::int64_t scale = report_.grouping.OfAssets() ? LongestOf(group.rows) : longest_;
    std::string text = absl::StrCat(group.title, ", a full bar being ", HoursOf(scale), " h\n");
    for (const UtilisationRow* row : group.rows) {
      absl::StrAppend(&text, Padded(BucketText(report_.bucket, *row), label_), "  ",
                      Bar(*row, scale), " ", OccupancyText(*row), "\n");
    }
    return text;
  }

  std::string Legend() const {
    std::vector<std::string> entries;
    const auto& states = UseStates();
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (!seen_[i]) continue;
      entries.push_back(
          absl::StrCat(style_.utf8 ? states[i].utf8 : states[i].ascii, " ", states[i].words));
    }
    return LegendLines(entries, style_.columns);
  }

 private:
  // Each state begins where the ones before it end, so that the bar is as long as
  // its hours are, however many states are too short for a sign.
  std::string Bar(const UtilisationRow& row, std::int64_t scale) {
    std::string bar;
    std::int64_t sum = 0;
    int drawn = 0;
    const auto& states = UseStates();
    for (std::size_t i = 0; i + 1 < states.size(); ++i) {
      sum += (row.*states[i].seconds)();
      const double share = scale == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(scale);
      const int end = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * cells_));
      if (end <= drawn) continue;
      seen_[i] = true;
      std::string signs;
      for (; drawn < end; ++drawn) {
        absl::StrAppend(&signs, style_.utf8 ? states[i].utf8 : states[i].ascii);
      }
      absl::StrAppend(&bar, Coloured(signs, states[i].colour, style_));
    }
    return absl::StrCat(bar, std::string(static_cast<std::size_t>(cells_ - drawn), ' '));
  }

  const UtilisationReport& report_;
  const PictureStyle& style_;
  std::size_t label_ = 0;
  int cells_ = 0;
  std::int64_t longest_ = 0;
  std::array<bool, 13> seen_ = {};
};

}  // namespace

std::string HeatMap(const UtilisationReport& report, bool together, const PictureStyle& style) {
  const std::vector<Group> groups = GroupsOf(report);
  std::string text;
  HeatWeek all;
  for (const Group& group : groups) {
    HeatWeek week;
    for (const UtilisationRow* row : group.rows) AddRow(*row, together ? &all : &week);
    if (!together) absl::StrAppend(&text, DrawWeek(group.title, week, style));
  }
  if (together) {
    const std::string title =
        groups.size() == 1 ? groups[0].title : absl::StrCat("All ", groups.size(), " assets");
    text = DrawWeek(title, all, style);
  }
  return absl::StrCat(text, HeatLegend(style));
}

std::string Sparks(const UtilisationReport& report, const PictureStyle& style) {
  const std::vector<Group> groups = GroupsOf(report);
  std::size_t title = 0;
  for (const Group& group : groups) title = std::max(title, Width(group.title));
  title = std::min(title, kLongestTitle);
  const int room = style.columns - static_cast<int>(title) - 2 - kSparkTail;
  const SparkAxis axis = AxisOf(report, room);
  std::string text =
      absl::StrCat(std::string(title + 2 + axis.signs, ' '), "   FIRST    LAST    MEAN   HOURS\n");
  for (const Group& group : groups) {
    absl::StrAppend(&text, SparkLine(report, group, axis, title, style));
  }
  absl::StrAppend(&text, "Occupancy from ", axis.first, " to ", axis.last, ", ",
                  style.utf8 ? "▁ to █" : "_ to #", " being 0 to 100%.\n");
  if (axis.merged > 1) absl::StrAppend(&text, "Each sign is ", axis.merged, " buckets.\n");
  return absl::StrCat(text, "Hours are those reserved, by opening hours.\n");
}

std::string StateBars(const UtilisationReport& report, const PictureStyle& style) {
  BarPainter painter(report, style);
  std::string text;
  for (const Group& group : GroupsOf(report)) absl::StrAppend(&text, painter.Draw(group));
  return absl::StrCat(text, painter.Legend(),
                      "Closed hours are left out. Behind each bar: reserved hours by opening "
                      "hours.\n");
}

}  // namespace labslot::client
