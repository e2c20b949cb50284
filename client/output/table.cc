#include "client/output/table.h"

#include <libsmartcols/libsmartcols.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/output/words.h"

namespace labslot::client {
namespace {

bool IsVisible(const Column& column, bool wide) {
  return column.shown == Shown::kAlways || column.shown == Shown::kPeople ||
         (wide && column.shown == Shown::kWide);
}

std::string CsvField(const std::string& value) {
  std::string field = value;
  double number = 0;
  if (!value.empty() && absl::StrContains("=+-@\t\r", value[0]) &&
      !absl::SimpleAtod(value, &number)) {
    field = absl::StrCat("'", value);
  }
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  return absl::StrCat("\"", absl::StrReplaceAll(field, {{"\"", "\"\""}}), "\"");
}

// Blanks at the end of lines are no use to anybody.
std::string WithoutTrailingBlanks(const std::string& text) {
  std::string result;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    while (absl::ConsumeSuffix(&line, " ")) continue;
    absl::StrAppend(&result, line, "\n");
  }
  while (absl::EndsWith(result, "\n\n")) result.pop_back();
  return result;
}

// The zone of all rows, if there is a column ZONE and they agree.
std::string CommonZone(const Table& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].header != "ZONE" || !IsVisible(table.columns[i], false)) continue;
    for (const std::vector<std::string>& row : table.rows) {
      if (row[i] != table.rows[0][i]) return "";
    }
    return table.rows.empty() ? "" : table.rows[0][i];
  }
  return "";
}

constexpr std::size_t kBetween = 2;
// Narrower columns would be a word a line, or names that nobody knows again.
constexpr std::size_t kLeastWidth = 10;

// What a table looks like before it is laid out: the shown cells, printable.
struct Cells {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

Cells ShownCells(const Table& table, bool wide, bool with_zone) {
  Cells cells;
  cells.rows.resize(table.rows.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (!IsVisible(column, wide) || (!with_zone && column.header == "ZONE")) continue;
    cells.columns.push_back(column);
    for (std::size_t j = 0; j < table.rows.size(); ++j) {
      cells.rows[j].push_back(Printable(table.rows[j][i]));
    }
  }
  return cells;
}

std::size_t NaturalWidth(const Cells& cells, std::size_t i) {
  std::size_t width = Width(cells.columns[i].header);
  for (const std::vector<std::string>& row : cells.rows) {
    for (const absl::string_view line : absl::StrSplit(row[i], '\n')) {
      width = std::max(width, Width(line));
    }
  }
  return width;
}

// Columns of `cells` that are taken as they are, and those that may be made narrower to
// fit into `line`, narrowest first: the width that each has by itself, and its index.
struct Widths {
  std::size_t rest = 0;
  std::vector<std::pair<std::size_t, std::size_t>> flexible;
};

Widths WidthsOf(const Cells& cells, std::size_t line, bool Column::*flexible) {
  Widths widths;
  std::size_t taken = 0;
  for (std::size_t i = 0; i < cells.columns.size(); ++i) {
    const std::size_t width = NaturalWidth(cells, i);
    taken += i == 0 ? 0 : kBetween;
    if (cells.columns[i].*flexible) {
      widths.flexible.emplace_back(width, i);
    } else {
      taken += width;
    }
  }
  std::sort(widths.flexible.begin(), widths.flexible.end());
  widths.rest = line > taken ? line - taken : 0;
  return widths;
}

// Lets `fit` make each cell of those columns as narrow as it must be. What they have together
// is shared out from the narrowest on, so that only long ones suffer.
template <typename Fit>
void Narrow(std::size_t line, bool Column::*flexible, Fit fit, Cells* cells) {
  Widths widths = WidthsOf(*cells, line, flexible);
  for (std::size_t k = 0; k < widths.flexible.size(); ++k) {
    const auto [natural, i] = widths.flexible[k];
    const std::size_t least = std::max(kLeastWidth, Width(cells->columns[i].header));
    const std::size_t share = std::max(least, widths.rest / (widths.flexible.size() - k));
    const std::size_t width = std::min(natural, share);
    widths.rest -= std::min(widths.rest, width);
    for (std::vector<std::string>& row : cells->rows) row[i] = fit(row[i], width);
  }
}

std::string Broken(const std::string& cell, std::size_t width) {
  std::string lines = Wrap(cell, static_cast<int>(width), "");
  absl::StripTrailingAsciiWhitespace(&lines);
  return lines;
}

int FlagsOf(const Column& column) {
  return (column.right ? SCOLS_FL_RIGHT : 0) | (column.may_wrap ? SCOLS_FL_WRAP : 0);
}

}  // namespace

std::string LayOut(const Table& table, const TableLayout& layout) {
  const std::unique_ptr<libscols_table, decltype(&scols_unref_table)> out(scols_new_table(),
                                                                          scols_unref_table);
  scols_table_set_column_separator(out.get(), "  ");
  scols_table_set_termforce(out.get(),
                            layout.columns > 0 ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
  if (layout.columns > 0) {
    scols_table_set_termwidth(out.get(), static_cast<std::size_t>(layout.columns));
  }
  const std::string zone = layout.wide ? "" : CommonZone(table);
  Cells cells = ShownCells(table, layout.wide, zone.empty());
  if (layout.columns > 0) {
    const auto line = static_cast<std::size_t>(layout.columns);
    Narrow(line, &Column::may_wrap, Broken, &cells);
    Narrow(line, &Column::may_shrink, Cut, &cells);
  }
  for (const Column& column : cells.columns) {
    libscols_column* made =
        scols_table_new_column(out.get(), column.header.c_str(), 0, FlagsOf(column));
    if (column.may_wrap) {
      scols_column_set_safechars(made, "\n");
      scols_column_set_wrapfunc(made, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, nullptr);
    }
  }
  for (const std::vector<std::string>& row : cells.rows) {
    libscols_line* line = scols_table_new_line(out.get(), nullptr);
    for (std::size_t i = 0; i < row.size(); ++i) {
      scols_line_set_data(line, i, row[i].c_str());
    }
  }
  char* text = nullptr;
  if (scols_print_table_to_string(out.get(), &text) != 0 || text == nullptr) return "";
  const std::unique_ptr<char, decltype(&std::free)> owned(text, std::free);
  return absl::StrCat(WithoutTrailingBlanks(text),
                      zone.empty() ? "" : absl::StrCat("Times in ", zone, ".\n"));
}

std::string ToCsv(const Table& table) {
  std::string csv;
  const auto append_line = [&](const auto& cell_of) {
    bool first = true;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].shown == Shown::kPeople) continue;
      absl::StrAppend(&csv, first ? "" : ",", CsvField(cell_of(i)));
      first = false;
    }
    absl::StrAppend(&csv, "\r\n");
  };
  append_line([&](std::size_t i) { return absl::AsciiStrToLower(table.columns[i].header); });
  for (const std::vector<std::string>& row : table.rows) {
    append_line([&](std::size_t i) { return row[i]; });
  }
  return csv;
}

std::string FirstColumn(const Table& table) {
  std::string text;
  for (const std::vector<std::string>& row : table.rows) {
    absl::StrAppend(&text, Printable(row[0]), "\n");
  }
  return text;
}

}  // namespace labslot::client
