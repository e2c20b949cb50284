#include "client/yaml/record_writer.h"

#include <array>
#include <charconv>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/names.h"
#include "client/yaml/record_reader.h"
#include "client/yaml/scalars.h"
#include "yaml-cpp/yaml.h"

namespace labslot::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Names that stand in for their short form when they are read back.
bool IsShortened(const FieldDescriptor& field) {
  const std::string& name = field.name();
  return (name == "name" && !CollectionOfType(*field.containing_type()).empty()) ||
         name == "site" || name == "parent" || name == "organisation" || name == "organisations" ||
         name == "holiday_region";
}

// The shortest digits that are read back as the same number.
std::string NumberText(double number) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return std::string(digits.data(), end);
}

class Writer {
 public:
  explicit Writer(YAML::Emitter* out) : out_(*out) {}

  void WriteMessage(const Message& message) {
    if (WriteWord(message)) return;
    const Reflection* reflection = message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    out_ << YAML::BeginMap;
    for (const FieldDescriptor* field : fields) {
      out_ << YAML::Key << field->name() << YAML::Value;
      if (field->is_map()) {
        WriteMap(message, *field);
      } else if (field->is_repeated()) {
        WriteList(message, *field);
      } else {
        WriteValue(message, *field, -1);
      }
    }
    out_ << YAML::EndMap;
  }

 private:
  // Messages that are written as one word. False if this is none of them.
  bool WriteWord(const Message& message) {
    const std::string& type = message.GetDescriptor()->full_name();
    if (type == "google.type.TimeOfDay") {
      out_ << YAML::DoubleQuoted
           << WriteTimeOfDay(static_cast<const google::type::TimeOfDay&>(message));
    } else if (type == "google.type.Date") {
      out_ << WriteDate(static_cast<const google::type::Date&>(message));
    } else if (type == "google.protobuf.Duration") {
      out_ << WriteDuration(static_cast<const google::protobuf::Duration&>(message));
    } else if (type == "google.protobuf.Timestamp") {
      out_ << WriteTimestamp(static_cast<const google::protobuf::Timestamp&>(message));
    } else if (type == "google.type.LatLng") {
      const auto& place = static_cast<const google::type::LatLng&>(message);
      out_ << YAML::Flow << YAML::BeginSeq << NumberText(place.latitude())
           << NumberText(place.longitude()) << YAML::EndSeq;
    } else if (type == "labslot.v1.OpeningWindow") {
      const auto& window = static_cast<const v1::OpeningWindow&>(message);
      out_ << YAML::DoubleQuoted
           << absl::StrCat(WriteTimeOfDay(window.opens()), "-", WriteTimeOfDay(window.closes()));
    } else {
      return false;
    }
    return true;
  }

  void WriteMap(const Message& message, const FieldDescriptor& field) {
    const Reflection* reflection = message.GetReflection();
    // Sorted, so that the same catalogue always gives the same file.
    std::map<std::string, std::string> pairs;
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
      const Message& pair = reflection->GetRepeatedMessage(message, &field, i);
      const Descriptor* type = pair.GetDescriptor();
      pairs[pair.GetReflection()->GetString(pair, type->map_key())] =
          pair.GetReflection()->GetString(pair, type->map_value());
    }
    out_ << YAML::BeginMap;
    for (const auto& [key, value] : pairs) {
      out_ << YAML::Key << YAML::DoubleQuoted << key << YAML::Value << YAML::DoubleQuoted << value;
    }
    out_ << YAML::EndMap;
  }

  void WriteList(const Message& message, const FieldDescriptor& field) {
    const int size = message.GetReflection()->FieldSize(message, &field);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) out_ << YAML::Flow;
    out_ << YAML::BeginSeq;
    for (int i = 0; i < size; ++i) WriteValue(message, field, i);
    out_ << YAML::EndSeq;
  }

  // The element `index` of a list, or the field itself.
  void WriteValue(const Message& message, const FieldDescriptor& field, int index) {
    const Reflection* reflection = message.GetReflection();
    const bool one = index < 0;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return WriteMessage(one ? reflection->GetMessage(message, &field)
                                : reflection->GetRepeatedMessage(message, &field, index));
      case FieldDescriptor::CPPTYPE_STRING:
        return WriteString(one ? reflection->GetString(message, &field)
                               : reflection->GetRepeatedString(message, &field, index),
                           field);
      case FieldDescriptor::CPPTYPE_ENUM:
        out_ << WriteEnum(*field.enum_type(),
                          one ? reflection->GetEnumValue(message, &field)
                              : reflection->GetRepeatedEnumValue(message, &field, index));
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        out_ << reflection->GetBool(message, &field);
        return;
      case FieldDescriptor::CPPTYPE_INT32:
        out_ << reflection->GetInt32(message, &field);
        return;
      case FieldDescriptor::CPPTYPE_INT64:
        out_ << reflection->GetInt64(message, &field);
        return;
      default:
        out_ << NumberText(reflection->GetDouble(message, &field));
        return;
    }
  }

  void WriteString(const std::string& text, const FieldDescriptor& field) {
    if (IsShortened(field)) {
      out_ << ShortName(text);
    } else {
      out_ << YAML::DoubleQuoted << text;
    }
  }

  YAML::Emitter& out_;
};

}  // namespace

std::string WriteRecord(const Message& record) {
  YAML::Emitter out;
  Writer(&out).WriteMessage(record);
  return absl::StrCat(out.c_str(), "\n");
}

void ClearOutputOnly(v1::Catalogue* catalogue) {
  for (v1::Site& site : *catalogue->mutable_sites()) {
    site.clear_create_time();
    site.clear_update_time();
    site.clear_etag();
  }
  for (v1::Asset& asset : *catalogue->mutable_assets()) {
    asset.clear_create_time();
    asset.clear_update_time();
    asset.clear_retire_time();
    asset.clear_state();
    asset.clear_etag();
  }
  for (v1::Organisation& organisation : *catalogue->mutable_organisations()) {
    organisation.clear_create_time();
    organisation.clear_update_time();
    organisation.clear_etag();
  }
  for (v1::User& user : *catalogue->mutable_users()) {
    user.clear_create_time();
    user.clear_update_time();
    user.clear_state();
    user.clear_etag();
  }
  for (v1::HolidayRegion& region : *catalogue->mutable_holiday_regions()) region.clear_etag();
}

}  // namespace labslot::client
