#ifndef LABSLOT_CLIENT_OUTPUT_TABLE_H_
#define LABSLOT_CLIENT_OUTPUT_TABLE_H_

#include <string>
#include <vector>

namespace labslot::client {

// In which views a column is shown.
enum class Shown {
  kAlways,
  // Only in `wide` and `csv`.
  kWide,
  // Only for people: `table` and `wide`.
  kPeople,
  // Only in `csv`.
  kSheet,
};

struct Column {
  std::string header;
  Shown shown = Shown::kAlways;
  bool right = false;
  // May be cut where the terminal is too narrow.
  bool may_shrink = false;
  // May go on in further lines where the terminal is too narrow.
  bool may_wrap = false;
};

// Rows of text. The first column names what a row is about: it alone is
// printed where --quiet asks for names only.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
  // What to say instead of a table without rows.
  std::string when_empty = "nothing found";
};

// How a table is laid out for people.
struct TableLayout {
  bool wide = false;
  // 0 means that lines may be as long as they need.
  int columns = 0;
};

// The table for people, every line with its break. A column ZONE in which all
// rows are equal becomes one line below, unless it is laid out wide.
std::string LayOut(const Table& table, const TableLayout& layout);

// The table as RFC 4180 comma-separated values with a header. Text that a
// spreadsheet would take for a formula is preceded by an apostrophe.
std::string ToCsv(const Table& table);

// Only the first column, without header.
std::string FirstColumn(const Table& table);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_OUTPUT_TABLE_H_
