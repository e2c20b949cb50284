#ifndef LABSLOT_CLIENT_OUTPUT_OUTPUT_H_
#define LABSLOT_CLIENT_OUTPUT_OUTPUT_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/environment.h"
#include "client/output/table.h"
#include "google/protobuf/message.h"

namespace labslot::client {

enum class Format { kTable, kWide, kJson, kYaml, kCsv };

// Prints what a command found, in the form that was asked for.
class Output {
 public:
  explicit Output(const Environment& environment) : environment_(environment) {}

  // Set once, when the command line has been read.
  void set_format(Format format) { format_ = format; }
  void set_quiet(bool quiet) { quiet_ = quiet; }
  Format format() const { return format_; }
  bool quiet() const { return quiet_; }
  // True for `table` and `wide`.
  bool ForPeople() const { return format_ == Format::kTable || format_ == Format::kWide; }
  bool wide() const { return format_ == Format::kWide; }
  // Characters that a line for people may have; 0 is no limit.
  int columns() const { return environment_.out_is_terminal ? environment_.columns : 0; }
  bool utf8() const { return environment_.utf8; }
  // Escape sequences are for terminals whose reader has not declined them.
  bool Colours() const;

  // The protobuf JSON or the YAML of the reply, or the table.
  absl::Status Show(const google::protobuf::Message& reply, const Table& table);

  // The same where the text for people is more than a table. With --quiet only
  // the first column of the table is printed; CSV is the whole table.
  absl::Status ShowText(const google::protobuf::Message& reply, const Table& table,
                        const std::function<std::string()>& text);

  // One line of JSON, for streams.
  absl::Status JsonLine(const google::protobuf::Message& message);

  // Text as it is, on standard output.
  void Print(absl::string_view text);

  // A remark beside the result, on standard error; not with --quiet.
  void Note(absl::string_view text);

 private:
  const Environment& environment_;
  Format format_ = Format::kTable;
  bool quiet_ = false;
};

// Protobuf JSON: lowerCamelCase keys, 64-bit integers as strings, fields that
// have their default value present.
absl::Status ToJson(const google::protobuf::Message& message, bool one_line, std::string* json);

// The YAML of a JSON text, strings in quotes.
std::string JsonToYaml(const std::string& json);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_OUTPUT_OUTPUT_H_
