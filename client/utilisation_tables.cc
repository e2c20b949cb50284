#include "client/utilisation_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/output/time_text.h"

namespace labslot::client {
namespace {

using v1::QueryUtilisationRequest;
using v1::UtilisationRow;

using Seconds = std::int64_t (*)(const UtilisationRow&);

std::int64_t UsedSeconds(const UtilisationRow& row) {
  return row.used_seconds() + row.overrun_seconds();
}
std::int64_t ToComeSeconds(const UtilisationRow& row) {
  return row.booked_seconds() + row.held_seconds();
}
std::int64_t IdleSeconds(const UtilisationRow& row) {
  return row.idle_seconds() + row.no_show_seconds();
}
std::int64_t OutSeconds(const UtilisationRow& row) {
  return row.planned_outage_seconds() + row.unplanned_outage_seconds() + row.changeover_seconds() +
         row.travel_seconds();
}
std::int64_t BlockedSeconds(const UtilisationRow& row) { return row.blocked_seconds(); }
std::int64_t ClosedSeconds(const UtilisationRow& row) { return row.closed_seconds(); }
std::int64_t FreeSeconds(const UtilisationRow& row) { return row.available_seconds(); }

struct UseColumn {
  const char* header;
  Seconds seconds;
  // Left out where all is 0.
  bool may_lack;
  const char* words;
};
constexpr std::array<UseColumn, 7> kUseColumns = {{
    {"USED", UsedSeconds, false, "in use, beyond the end of the booking too"},
    {"BOOKED", ToComeSeconds, true, "booked or held, and still to come"},
    {"IDLE", IdleSeconds, true, "reserved, but nobody there"},
    {"OUT", OutSeconds, true, "out of service, set-up, tear-down and on the way"},
    {"BLOCKED", BlockedSeconds, true, "a related asset is in use"},
    {"CLOSED", ClosedSeconds, false, "closed, and none of these"},
    {"FREE", FreeSeconds, false, "open and free"},
}};

bool IsThere(const UseColumn& column, const UtilisationReport& report) {
  if (!column.may_lack) return true;
  const auto& rows = report.reply.rows();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const UtilisationRow& row) { return column.seconds(row) != 0; });
}

// Rows of the whole period say nothing that the headline does not, unless some
// assets were there for a part of it only.
bool HasPeriods(const UtilisationReport& report) {
  if (report.bucket != QueryUtilisationRequest::BUCKET_UNSPECIFIED) return true;
  std::set<std::string> periods;
  for (const UtilisationRow& row : report.reply.rows()) {
    periods.insert(BucketText(report.bucket, row));
  }
  return periods.size() > 1;
}

Table TableOf(const UtilisationReport& report) {
  Table table;
  table.when_empty = "nothing to report on";
  for (std::size_t i = 0; i < report.grouping.dimensions.size(); ++i) {
    table.columns.push_back(
        {absl::AsciiStrToUpper(DimensionName(report.grouping, i)), Shown::kAlways, false, true});
  }
  for (const UtilisationRow& row : report.reply.rows()) {
    table.rows.push_back(GroupCells(report.grouping, row));
  }
  return table;
}

// For people a group of nothing is a dash.
Table TableForPeople(const UtilisationReport& report) {
  Table table = TableOf(report);
  for (std::vector<std::string>& row : table.rows) {
    for (std::string& cell : row) cell = cell.empty() ? "-" : cell;
  }
  return table;
}

using Cell = std::function<std::string(const UtilisationRow&)>;

void AddColumn(const UtilisationReport& report, const Column& column, const Cell& cell,
               Table* table) {
  table->columns.push_back(column);
  for (int i = 0; i < report.reply.rows_size(); ++i) {
    table->rows[static_cast<std::size_t>(i)].push_back(cell(report.reply.rows(i)));
  }
}

void AddPeriod(const UtilisationReport& report, Table* table) {
  if (!HasPeriods(report)) return;
  AddColumn(
      report, {"PERIOD"}, [&](const UtilisationRow& row) { return BucketText(report.bucket, row); },
      table);
}

void AddHours(const UtilisationReport& report, const std::string& header, const auto& seconds,
              Table* table) {
  AddColumn(
      report, {header, Shown::kAlways, true},
      [&](const UtilisationRow& row) { return HoursOf(seconds(row)); }, table);
}

void AddCount(const UtilisationReport& report, const std::string& header,
              std::int64_t (UtilisationRow::*count)() const, Table* table) {
  AddColumn(
      report, {header, Shown::kAlways, true},
      [&](const UtilisationRow& row) { return absl::StrCat((row.*count)()); }, table);
}

std::string Bar(const UtilisationRow& row, int cells, bool utf8) {
  const double share = row.open_seconds() == 0 ? 0
                                               : static_cast<double>(row.booked_open_seconds()) /
                                                     static_cast<double>(row.open_seconds());
  const int full = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * cells));
  std::string bar;
  for (int i = 0; i < cells; ++i) {
    absl::StrAppend(&bar, i < full ? (utf8 ? "█" : "#") : (utf8 ? "·" : "."));
  }
  return bar;
}

std::string RowZone(const UtilisationRow& row) {
  return ZoneOr(row.time_zone(), absl::UTCTimeZone()).name();
}

std::string LocalTime(const google::protobuf::Timestamp& time, const UtilisationRow& row) {
  return SheetTime(ToTime(time), ZoneOr(row.time_zone(), absl::UTCTimeZone()));
}

// A figure that is not given is empty.
std::string SheetSeconds(bool given, const google::protobuf::Duration& duration) {
  return given ? absl::StrCat(duration.seconds()) : "";
}

std::vector<std::string> RatioNames(const UtilisationReport& report) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const UtilisationRow& row : report.reply.rows()) {
    for (const v1::Ratio& ratio : row.ratios()) {
      if (seen.insert(ratio.name()).second) names.push_back(ratio.name());
    }
  }
  return names;
}

void AddRatioSheet(const UtilisationReport& report, Table* table) {
  using Part = std::function<std::string(const v1::Ratio&)>;
  const auto add = [&](const std::string& name, const std::string& suffix, const Part& part) {
    const auto cell = [&](const UtilisationRow& row) -> std::string {
      for (const v1::Ratio& ratio : row.ratios()) {
        if (ratio.name() == name) return part(ratio);
      }
      return "";
    };
    AddColumn(report, {absl::StrCat(name, suffix)}, cell, table);
  };
  for (const std::string& name : RatioNames(report)) {
    add(name, "_numerator", [](const v1::Ratio& one) { return absl::StrCat(one.numerator()); });
    add(name, "_denominator", [](const v1::Ratio& one) { return absl::StrCat(one.denominator()); });
    add(name, "_base", [](const v1::Ratio& one) { return one.base(); });
  }
}

// The API gives seconds and counts alike; what it is of says which.
bool IsCount(const v1::Ratio& ratio) {
  return absl::StrContains(ratio.base(), "reservation") ||
         absl::StrContains(ratio.base(), "booking");
}

std::string MadeOf(const v1::Ratio& ratio) {
  if (IsCount(ratio)) {
    return absl::StrCat(ratio.numerator(), " of ", ratio.denominator(), " ", ratio.base());
  }
  return absl::StrCat(HoursOf(ratio.numerator()), " of ", HoursOf(ratio.denominator()), " h ",
                      ratio.base());
}

std::string SignedHours(std::int64_t seconds) {
  return absl::StrCat(seconds > 0 ? "+" : "", HoursOf(seconds));
}

double Share(const UtilisationRow& row) {
  return static_cast<double>(row.booked_open_seconds()) / static_cast<double>(row.open_seconds());
}

// What both have of one group; either may be missing.
struct Pair {
  const UtilisationRow* now = nullptr;
  const UtilisationRow* before = nullptr;
};

std::string Points(const Pair& pair) {
  if (pair.now == nullptr || pair.before == nullptr) return "";
  if (pair.now->open_seconds() == 0 || pair.before->open_seconds() == 0) return "";
  return absl::StrFormat("%+.1f", 100 * (Share(*pair.now) - Share(*pair.before)));
}

std::string Sheet(const UtilisationRow* row, std::int64_t (UtilisationRow::*seconds)() const) {
  return row == nullptr ? "" : absl::StrCat((row->*seconds)());
}

std::vector<std::string> CompareCells(const Pair& pair) {
  const std::int64_t now = pair.now == nullptr ? 0 : UsedSeconds(*pair.now);
  const std::int64_t before = pair.before == nullptr ? 0 : UsedSeconds(*pair.before);
  return {pair.now == nullptr ? "" : HoursOf(now),
          pair.before == nullptr ? "" : HoursOf(before),
          SignedHours(now - before),
          pair.now == nullptr ? "" : OccupancyText(*pair.now),
          pair.before == nullptr ? "" : OccupancyText(*pair.before),
          pair.now == nullptr ? "" : absl::StrCat(now),
          pair.before == nullptr ? "" : absl::StrCat(before),
          absl::StrCat(now - before),
          Sheet(pair.now, &UtilisationRow::booked_open_seconds),
          Sheet(pair.now, &UtilisationRow::open_seconds),
          Sheet(pair.before, &UtilisationRow::booked_open_seconds),
          Sheet(pair.before, &UtilisationRow::open_seconds),
          Points(pair)};
}

}  // namespace

Table UseTable(const UtilisationReport& report, int bar_cells, bool utf8) {
  Table table = TableForPeople(report);
  AddPeriod(report, &table);
  for (const UseColumn& column : kUseColumns) {
    if (IsThere(column, report)) AddHours(report, column.header, column.seconds, &table);
  }
  AddColumn(report, {"OCCUPANCY", Shown::kAlways, true}, OccupancyText, &table);
  if (bar_cells > 0) {
    AddColumn(
        report, {""}, [&](const UtilisationRow& row) { return Bar(row, bar_cells, utf8); }, &table);
  }
  return table;
}

std::string UseLegend(const UtilisationReport& report) {
  std::string text = "Hours, of each unit of a pool:\n";
  for (const UseColumn& column : kUseColumns) {
    if (!IsThere(column, report)) continue;
    absl::StrAppendFormat(&text, "  %-9s  %s\n", column.header, column.words);
  }
  absl::StrAppend(&text, "  OCCUPANCY  the share, and both: reserved hours by opening hours\n");
  if (!report.grouping.OfAssets()) {
    absl::StrAppend(
        &text, "Opening hours are those of all the assets: the shares of the groups add up.\n");
  }
  const auto& rows = report.reply.rows();
  if (std::any_of(rows.begin(), rows.end(), [&](const UtilisationRow& row) {
        return absl::EndsWith(BucketText(report.bucket, row), "*");
      })) {
    absl::StrAppend(&text, "* cut short, by an end of the period or of the asset's existence\n");
  }
  return text;
}

Table StateTable(const UtilisationReport& report) {
  Table table = TableForPeople(report);
  AddPeriod(report, &table);
  AddColumn(report, {"ZONE"}, RowZone, &table);
  for (const UseState& state : UseStates()) {
    const auto seconds = [&](const UtilisationRow& row) { return (row.*state.seconds)(); };
    AddHours(report, state.header, seconds, &table);
  }
  const auto add = [&](const char* header, std::int64_t (UtilisationRow::*seconds)() const) {
    AddHours(
        report, header, [&](const UtilisationRow& row) { return (row.*seconds)(); }, &table);
  };
  add("TOTAL-H", &UtilisationRow::total_seconds);
  add("ASSUMED-H", &UtilisationRow::assumed_seconds);
  add("MEASURED-H", &UtilisationRow::measured_seconds);
  add("ENGINEERING-H", &UtilisationRow::engineering_seconds);
  add("BOOKED-OPEN-H", &UtilisationRow::booked_open_seconds);
  add("OPEN-H", &UtilisationRow::open_seconds);
  AddColumn(report, {"OCCUPANCY", Shown::kAlways, true}, OccupancyText, &table);
  AddCount(report, "RESERVATIONS", &UtilisationRow::reservation_count, &table);
  AddCount(report, "NO-SHOWS", &UtilisationRow::no_show_count, &table);
  AddCount(report, "CALLED-OFF", &UtilisationRow::cancelled_count, &table);
  return table;
}

Table SheetTable(const UtilisationReport& report) {
  Table table = TableOf(report);
  const bool hours = report.bucket == QueryUtilisationRequest::HOUR_OF_WEEK;
  const auto add = [&](const std::string& header, const Cell& cell) {
    AddColumn(report, {header}, cell, &table);
  };
  add("start", [](const auto& row) { return LocalTime(row.interval().start_time(), row); });
  add("end", [](const auto& row) { return LocalTime(row.interval().end_time(), row); });
  add("zone", RowZone);
  add("hour_of_week", [hours](const UtilisationRow& row) {
    return hours ? absl::StrCat(row.hour_of_week()) : std::string();
  });
  // By reflection, so that what the API will add is there as well.
  const auto* type = UtilisationRow::descriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_INT64) continue;
    add(field->name(), [field](const UtilisationRow& row) {
      return absl::StrCat(row.GetReflection()->GetInt64(row, field));
    });
  }
  add("lead_time_median_seconds", [](const UtilisationRow& row) {
    return SheetSeconds(row.has_lead_time_median(), row.lead_time_median());
  });
  add("lead_time_p95_seconds", [](const UtilisationRow& row) {
    return SheetSeconds(row.has_lead_time_p95(), row.lead_time_p95());
  });
  AddRatioSheet(report, &table);
  return table;
}

Table RatioTable(const UtilisationReport& report) {
  Table table;
  const Table groups = TableForPeople(report);
  const bool periods = HasPeriods(report);
  table.columns = groups.columns;
  if (periods) table.columns.push_back({"PERIOD"});
  table.columns.push_back({"RATIO"});
  table.columns.push_back({"SHARE", Shown::kAlways, true});
  table.columns.push_back({"MADE OF", Shown::kAlways, false, false, true});
  for (int i = 0; i < report.reply.rows_size(); ++i) {
    const UtilisationRow& row = report.reply.rows(i);
    for (const v1::Ratio& ratio : row.ratios()) {
      std::vector<std::string> cells = groups.rows[static_cast<std::size_t>(i)];
      if (periods) cells.push_back(BucketText(report.bucket, row));
      cells.insert(cells.end(), {ratio.name(), PercentOf(ratio.numerator(), ratio.denominator()),
                                 MadeOf(ratio)});
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

Table DemandTable(const UtilisationReport& report) {
  Table table = TableForPeople(report);
  AddPeriod(report, &table);
  AddCount(report, "RESERVED", &UtilisationRow::reservation_count, &table);
  AddCount(report, "NO-SHOWS", &UtilisationRow::no_show_count, &table);
  AddCount(report, "CALLED-OFF", &UtilisationRow::cancelled_count, &table);
  AddCount(report, "LATE", &UtilisationRow::late_cancelled_count, &table);
  const auto add = [&](const char* header, const Cell& cell) {
    AddColumn(report, {header, Shown::kAlways, true}, cell, &table);
  };
  add("LET AGAIN", [](const UtilisationRow& row) {
    return absl::StrCat(HoursOf(row.relet_seconds()), "/", HoursOf(row.cancelled_seconds()));
  });
  add("LEAD MEDIAN", [](const UtilisationRow& row) -> std::string {
    return row.has_lead_time_median() ? LengthText(ToDuration(row.lead_time_median())) : "-";
  });
  add("LEAD 95%", [](const UtilisationRow& row) -> std::string {
    return row.has_lead_time_p95() ? LengthText(ToDuration(row.lead_time_p95())) : "-";
  });
  return table;
}

Table CompareTable(const UtilisationReport& now, const UtilisationReport& before, bool for_people) {
  Table table = TableOf(now);
  table.rows.clear();
  for (const Column& column : std::vector<Column>{{"USED", Shown::kPeople, true},
                                                  {"WAS", Shown::kPeople, true},
                                                  {"CHANGE", Shown::kPeople, true},
                                                  {"OCCUPANCY", Shown::kPeople, true},
                                                  {"WAS", Shown::kPeople, true},
                                                  {"used_seconds", Shown::kSheet},
                                                  {"used_seconds_before", Shown::kSheet},
                                                  {"used_seconds_change", Shown::kSheet},
                                                  {"booked_open_seconds", Shown::kSheet},
                                                  {"open_seconds", Shown::kSheet},
                                                  {"booked_open_seconds_before", Shown::kSheet},
                                                  {"open_seconds_before", Shown::kSheet},
                                                  {"POINTS", Shown::kAlways, true}}) {
    table.columns.push_back(column);
  }
  std::map<std::vector<std::string>, Pair> pairs;
  for (const UtilisationRow& row : now.reply.rows()) {
    pairs[GroupCells(now.grouping, row)].now = &row;
  }
  for (const UtilisationRow& row : before.reply.rows()) {
    pairs[GroupCells(before.grouping, row)].before = &row;
  }
  for (const auto& [group, pair] : pairs) {
    std::vector<std::string> cells = group;
    for (std::string& cell : CompareCells(pair)) cells.push_back(std::move(cell));
    for (std::string& cell : cells) cell = cell.empty() && for_people ? "-" : cell;
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace labslot::client
