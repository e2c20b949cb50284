#include "client/output/output.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "yaml-cpp/yaml.h"

namespace labslot::client {
namespace {

void EmitNode(const YAML::Node& node, YAML::Emitter* out) {
  if (node.IsMap()) {
    *out << YAML::BeginMap;
    for (const auto& entry : node) {
      *out << YAML::Key << entry.first.Scalar() << YAML::Value;
      EmitNode(entry.second, out);
    }
    *out << YAML::EndMap;
  } else if (node.IsSequence()) {
    *out << YAML::BeginSeq;
    for (const YAML::Node& element : node) EmitNode(element, out);
    *out << YAML::EndSeq;
  } else if (node.Tag() == "!") {
    // It was in quotes: it stays a string for every reader.
    *out << YAML::DoubleQuoted << node.Scalar();
  } else {
    *out << (node.IsNull() ? "null" : node.Scalar());
  }
}

}  // namespace

absl::Status ToJson(const google::protobuf::Message& message, bool one_line, std::string* json) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = !one_line;
  options.always_print_primitive_fields = true;
  const auto status = google::protobuf::util::MessageToJsonString(message, json, options);
  if (!status.ok()) {
    return absl::InternalError(absl::StrCat("cannot write the reply as JSON: ", status.ToString()));
  }
  return absl::OkStatus();
}

std::string JsonToYaml(const std::string& json) {
  YAML::Emitter out;
  EmitNode(YAML::Load(json), &out);
  return absl::StrCat(out.c_str(), "\n");
}

bool Output::Colours() const {
  return environment_.out_is_terminal && !environment_.variable("NO_COLOR").has_value() &&
         environment_.variable("TERM").value_or("") != "dumb";
}

absl::Status Output::Show(const google::protobuf::Message& reply, const Table& table) {
  return ShowText(reply, table, [&] {
    if (table.rows.empty()) return absl::StrCat(table.when_empty, "\n");
    return LayOut(table, {wide(), columns()});
  });
}

absl::Status Output::ShowText(const google::protobuf::Message& reply, const Table& table,
                              const std::function<std::string()>& text) {
  if (format_ == Format::kCsv) {
    Print(ToCsv(table));
    return absl::OkStatus();
  }
  if (ForPeople()) {
    Print(quiet_ ? FirstColumn(table) : text());
    return absl::OkStatus();
  }
  std::string json;
  if (absl::Status status = ToJson(reply, false, &json); !status.ok()) return status;
  Print(format_ == Format::kYaml ? JsonToYaml(json) : json);
  return absl::OkStatus();
}

absl::Status Output::JsonLine(const google::protobuf::Message& message) {
  std::string json;
  if (absl::Status status = ToJson(message, true, &json); !status.ok()) return status;
  Print(absl::StrCat(json, "\n"));
  return absl::OkStatus();
}

void Output::Print(absl::string_view text) { *environment_.out << text << std::flush; }

void Output::Note(absl::string_view text) {
  if (!quiet_) *environment_.err << text << "\n" << std::flush;
}

}  // namespace labslot::client
