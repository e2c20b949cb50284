#include "client/yaml/record_reader.h"

#include <cstdint>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/names.h"
#include "client/suggest.h"
#include "client/yaml/scalars.h"
#include "labslot/v1/catalogue.pb.h"
#include "labslot/v1/directory.pb.h"
#include "yaml-cpp/yaml.h"

namespace labslot::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kMostErrors = 50;

// The collection that a field of that name refers to; empty if it is no name.
absl::string_view CollectionOfField(const FieldDescriptor& field) {
  const std::string& name = field.name();
  if (field.type() != FieldDescriptor::TYPE_STRING) return "";
  if (name == "name") return CollectionOfType(*field.containing_type());
  if (name == "site") return kSites;
  if (name == "parent") return kAssets;
  if (name == "organisation" || name == "organisations") return kOrganisations;
  if (name == "holiday_region") return kHolidayRegions;
  if (name == "user") return kUsers;
  return "";
}

bool Is(const Message& message, absl::string_view full_name) {
  return message.GetDescriptor()->full_name() == full_name;
}

// Walks a YAML document and fills a message with it.
class Reader {
 public:
  // Errors name `source`, and their lines in it if it has any.
  Reader(std::string source, bool has_lines) : source_(std::move(source)), has_lines_(has_lines) {}

  void ReadMessage(const YAML::Node& node, Message* message) {
    if (node.IsNull()) return;
    if (ReadWord(node, message)) return;
    if (!node.IsMap()) {
      Fail(node, absl::StrCat("expected keys with values for ", message->GetDescriptor()->name()));
      return;
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      const std::string key = entry.first.Scalar();
      if (!seen.insert(key).second) {
        Fail(entry.first, absl::StrCat("\"", key, "\" is written twice"));
      } else if (!ReadShorthand(key, entry.second, message)) {
        ReadField(entry.first, entry.second, message);
      }
    }
    FillDefaults(message);
  }

  void ReadField(const YAML::Node& key, const YAML::Node& value, Message* message) {
    const Descriptor* type = message->GetDescriptor();
    const FieldDescriptor* field = type->FindFieldByName(key.Scalar());
    if (field == nullptr) field = type->FindFieldByCamelcaseName(key.Scalar());
    if (field == nullptr) {
      Fail(key, absl::StrCat("unknown key \"", key.Scalar(), "\" in ", type->name(), ".",
                             DidYouMean(Suggest(key.Scalar(), FieldNames(*type)))));
      return;
    }
    if (value.IsNull()) return;
    if (field->is_map()) {
      ReadMap(value, *field, message);
    } else if (field->is_repeated()) {
      ReadList(value, *field, message);
    } else {
      ReadValue(value, *field, message);
    }
  }

  absl::Status status() const {
    if (errors_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(errors_, "\n"));
  }

 private:
  void Fail(const YAML::Node& node, absl::string_view why) {
    if (errors_.size() == kMostErrors) {
      errors_.push_back("... and more");
    } else if (errors_.size() < kMostErrors) {
      const std::string place = has_lines_ && node.Mark().line >= 0
                                    ? absl::StrCat(source_, ":", node.Mark().line + 1)
                                    : source_;
      errors_.push_back(absl::StrCat(place, ": ", why));
    }
  }

  static std::vector<std::string> FieldNames(const Descriptor& type) {
    std::vector<std::string> names;
    for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
    return names;
  }

  template <typename Value>
  void Take(const YAML::Node& node, absl::StatusOr<Value> value, Message* message) {
    if (value.ok()) {
      message->CopyFrom(*value);
    } else {
      Fail(node, value.status().message());
    }
  }

  // Messages that are written as one word. False if this is none of them.
  bool ReadWord(const YAML::Node& node, Message* message) {
    if (Is(*message, "google.type.LatLng") && node.IsSequence()) {
      std::vector<std::string> parts;
      for (const YAML::Node& part : node) parts.push_back(part.Scalar());
      Take(node, ReadLatLng(absl::StrJoin(parts, ",")), message);
      return true;
    }
    if (!node.IsScalar()) return false;
    const std::string& text = node.Scalar();
    if (Is(*message, "google.type.TimeOfDay")) {
      Take(node, ReadTimeOfDay(text), message);
    } else if (Is(*message, "google.type.Date")) {
      Take(node, ReadDate(text), message);
    } else if (Is(*message, "google.type.LatLng")) {
      Take(node, ReadLatLng(text), message);
    } else if (Is(*message, "google.protobuf.Duration")) {
      Take(node, ReadDuration(text), message);
    } else if (Is(*message, "google.protobuf.Timestamp")) {
      Take(node, ReadTimestamp(text), message);
    } else if (Is(*message, "labslot.v1.OpeningWindow")) {
      Take(node, ReadOpeningWindow(text), message);
    } else if (Is(*message, "labslot.v1.RoleBinding")) {
      ReadValue(node, *message->GetDescriptor()->FindFieldByName("role"), message);
    } else {
      return false;
    }
    return true;
  }

  // Keys that the API does not have. False if this is none of them.
  bool ReadShorthand(const std::string& key, const YAML::Node& value, Message* message) {
    const Descriptor* type = message->GetDescriptor();
    if (key == "hours" && Is(*message, "labslot.v1.WeeklyWindow")) {
      ReadValue(value, *type->FindFieldByName("window"), message);
      return true;
    }
    if (key == "dates" && Is(*message, "labslot.v1.CalendarException")) {
      ReadDates(value, message);
      return true;
    }
    if (key == "days" && Is(*message, "labslot.v1.WeeklyWindow") && value.IsScalar()) {
      ReadDays(value, message);
      return true;
    }
    return false;
  }

  // 2027-12-24 or 2027-12-24..2028-01-02
  void ReadDates(const YAML::Node& value, Message* message) {
    const Reflection* reflection = message->GetReflection();
    const Descriptor* type = message->GetDescriptor();
    if (!value.IsScalar()) return Fail(value, "expected a date such as 2027-05-01");
    const std::vector<std::string> parts = absl::StrSplit(value.Scalar(), "..");
    if (parts.size() > 2) return Fail(value, "expected one date, or two as in A..B");
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto* field = type->FindFieldByName(i == 0 ? "start_date" : "end_date");
      Take(value, ReadDate(parts[i]), reflection->MutableMessage(message, field));
    }
  }

  // mon, or mon-fri
  void ReadDays(const YAML::Node& value, Message* message) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName("days");
    const std::vector<std::string> parts = absl::StrSplit(value.Scalar(), '-');
    const auto first = ReadEnum(*field->enum_type(), parts.front());
    const auto last = ReadEnum(*field->enum_type(), parts.back());
    if (!first.ok() || !last.ok() || parts.size() > 2 || *first == 0 || *last == 0) {
      return Fail(value, absl::StrCat("expected days such as mon or mon-fri, found \"",
                                      value.Scalar(), "\""));
    }
    for (int day = *first;; day = day % 7 + 1) {
      message->GetReflection()->AddEnumValue(message, field, day);
      if (day == *last) return;
    }
  }

  void ReadMap(const YAML::Node& value, const FieldDescriptor& field, Message* message) {
    if (!value.IsMap()) {
      return Fail(value, absl::StrCat("expected keys with values for ", field.name()));
    }
    std::set<std::string> seen;
    for (const auto& entry : value) {
      if (!seen.insert(entry.first.Scalar()).second) {
        Fail(entry.first, absl::StrCat("\"", entry.first.Scalar(), "\" is written twice"));
        continue;
      }
      if (!entry.second.IsScalar()) {
        Fail(entry.second, "expected one word");
        continue;
      }
      Message* pair = message->GetReflection()->AddMessage(message, &field);
      const Descriptor* type = pair->GetDescriptor();
      pair->GetReflection()->SetString(pair, type->map_key(), entry.first.Scalar());
      pair->GetReflection()->SetString(pair, type->map_value(), entry.second.Scalar());
    }
  }

  void ReadList(const YAML::Node& value, const FieldDescriptor& field, Message* message) {
    if (!value.IsSequence()) {
      return Fail(value, absl::StrCat("expected a list for ", field.name()));
    }
    for (const YAML::Node& element : value) ReadValue(element, field, message);
  }

  void ReadValue(const YAML::Node& node, const FieldDescriptor& field, Message* message) {
    const Reflection* reflection = message->GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ReadMessage(node, field.is_repeated() ? reflection->AddMessage(message, &field)
                                            : reflection->MutableMessage(message, &field));
      return;
    }
    if (!node.IsScalar()) return Fail(node, absl::StrCat("expected one word for ", field.name()));
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return SetString(node.Scalar(), field, message);
      case FieldDescriptor::CPPTYPE_ENUM:
        return SetEnum(node, field, message);
      case FieldDescriptor::CPPTYPE_BOOL:
        return SetBool(node, field, message);
      default:
        return SetNumber(node, field, message);
    }
  }

  void SetString(const std::string& word, const FieldDescriptor& field, Message* message) {
    const absl::string_view collection = CollectionOfField(field);
    const std::string text = collection.empty() ? word : FullName(collection, word);
    if (field.is_repeated()) {
      message->GetReflection()->AddString(message, &field, text);
    } else {
      message->GetReflection()->SetString(message, &field, text);
    }
  }

  void SetEnum(const YAML::Node& node, const FieldDescriptor& field, Message* message) {
    const auto number = ReadEnum(*field.enum_type(), node.Scalar());
    if (!number.ok()) return Fail(node, number.status().message());
    if (field.is_repeated()) {
      message->GetReflection()->AddEnumValue(message, &field, *number);
    } else {
      message->GetReflection()->SetEnumValue(message, &field, *number);
    }
  }

  void SetBool(const YAML::Node& node, const FieldDescriptor& field, Message* message) {
    bool value = false;
    if (!absl::SimpleAtob(node.Scalar(), &value)) {
      return Fail(node, absl::StrCat("expected true or false for ", field.name()));
    }
    message->GetReflection()->SetBool(message, &field, value);
  }

  void SetNumber(const YAML::Node& node, const FieldDescriptor& field, Message* message) {
    const Reflection* reflection = message->GetReflection();
    int small = 0;
    std::int64_t large = 0;
    double real = 0;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 &&
        absl::SimpleAtoi(node.Scalar(), &small)) {
      reflection->SetInt32(message, &field, small);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 &&
               absl::SimpleAtoi(node.Scalar(), &large)) {
      reflection->SetInt64(message, &field, large);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE &&
               absl::SimpleAtod(node.Scalar(), &real)) {
      reflection->SetDouble(message, &field, real);
    } else {
      Fail(node,
           absl::StrCat("expected a number for ", field.name(), ", found \"", node.Scalar(), "\""));
    }
  }

  // What docs/CATALOGUE.md says that an absent key means.
  void FillDefaults(Message* message) {
    if (Is(*message, "labslot.v1.Holiday")) {
      auto* holiday = static_cast<v1::Holiday*>(message);
      if (holiday->effect() == v1::DAY_EFFECT_UNSPECIFIED) {
        holiday->set_effect(holiday->has_shortened_by() ? v1::DAY_EFFECT_SHORTENED
                                                        : v1::DAY_EFFECT_CLOSED);
      }
    } else if (Is(*message, "labslot.v1.CalendarException")) {
      auto* exception = static_cast<v1::CalendarException*>(message);
      if (exception->effect() == v1::DAY_EFFECT_UNSPECIFIED) {
        exception->set_effect(exception->windows_size() > 0   ? v1::DAY_EFFECT_SPECIAL_HOURS
                              : exception->has_shortened_by() ? v1::DAY_EFFECT_SHORTENED
                                                              : v1::DAY_EFFECT_CLOSED);
      }
    } else if (Is(*message, "labslot.v1.Asset")) {
      auto* asset = static_cast<v1::Asset*>(message);
      if (asset->capacity_kind() == v1::Asset::CAPACITY_KIND_UNSPECIFIED &&
          asset->capacity() <= 1) {
        asset->set_capacity_kind(v1::Asset::CAPACITY_KIND_EXCLUSIVE);
      }
      if (asset->capacity_kind() == v1::Asset::CAPACITY_KIND_EXCLUSIVE && asset->capacity() == 0) {
        asset->set_capacity(1);
      }
    }
  }

  std::string source_;
  bool has_lines_;
  std::vector<std::string> errors_;
};

absl::Status YamlError(const std::string& source, const YAML::Exception& error) {
  return absl::InvalidArgumentError(
      absl::StrCat(source, ":", error.mark.line + 1, ": ", error.msg));
}

}  // namespace

absl::string_view CollectionOfType(const Descriptor& type) {
  if (type.full_name() == "labslot.v1.Asset") return kAssets;
  if (type.full_name() == "labslot.v1.Site") return kSites;
  if (type.full_name() == "labslot.v1.Organisation") return kOrganisations;
  if (type.full_name() == "labslot.v1.User") return kUsers;
  if (type.full_name() == "labslot.v1.HolidayRegion") return kHolidayRegions;
  return "";
}

absl::Status ReadRecord(absl::string_view text, const std::string& source, Message* record) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() > 1) {
      return absl::InvalidArgumentError(absl::StrCat(source, " holds more than one document"));
    }
    Reader reader(source, true);
    if (!documents.empty()) reader.ReadMessage(documents[0], record);
    return reader.status();
  } catch (const YAML::Exception& error) {
    return YamlError(source, error);
  }
}

absl::Status ApplyAssignments(const std::vector<std::string>& assignments, Message* record,
                              std::vector<std::string>* paths) {
  for (const std::string& assignment : assignments) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", assignment, "\" sets nothing: write FIELD=VALUE"));
    }
    const std::string key = assignment.substr(0, equals);
    const std::string value = assignment.substr(equals + 1);
    try {
      Reader reader(absl::StrCat("in ", ShellWord(assignment)), false);
      const FieldDescriptor* field = record->GetDescriptor()->FindFieldByName(key);
      if (field != nullptr) record->GetReflection()->ClearField(record, field);
      // Strings are taken as they are: they need no quotes for YAML.
      const bool plain = field != nullptr && !field->is_repeated() &&
                         field->type() == FieldDescriptor::TYPE_STRING;
      YAML::Node node = value.empty() ? YAML::Node(YAML::NodeType::Null)
                        : plain       ? YAML::Node(value)
                                      : YAML::Load(value);
      reader.ReadField(YAML::Node(key), node, record);
      if (absl::Status status = reader.status(); !status.ok()) return status;
    } catch (const YAML::Exception& error) {
      return absl::InvalidArgumentError(
          absl::StrCat("in ", ShellWord(assignment), ": ", error.msg));
    }
    paths->push_back(key);
  }
  return absl::OkStatus();
}

}  // namespace labslot::client
