#include "client/output/table.h"

#include <libsmartcols/libsmartcols.h>

#include <cstdlib>
#include <memory>

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
  const auto is_shown = [&](const Column& column) {
    return IsVisible(column, layout.wide) && (zone.empty() || column.header != "ZONE");
  };
  for (const Column& column : table.columns) {
    if (!is_shown(column)) continue;
    const int flags = (column.right ? SCOLS_FL_RIGHT : 0) |
                      (column.may_shrink ? SCOLS_FL_TRUNC : 0) |
                      (column.may_wrap ? SCOLS_FL_WRAP : 0);
    scols_table_new_column(out.get(), column.header.c_str(), 0, flags);
  }
  for (const std::vector<std::string>& row : table.rows) {
    libscols_line* line = scols_table_new_line(out.get(), nullptr);
    std::size_t at = 0;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (!is_shown(table.columns[i])) continue;
      scols_line_set_data(line, at++, Printable(row[i]).c_str());
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
