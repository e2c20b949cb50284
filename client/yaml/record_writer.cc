#include "client/yaml/record_writer.h"

#include <array>
#include <charconv>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
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
    if (fields.size() == 1 && fields[0] == OnlyNeededField(*message.GetDescriptor())) {
      return WriteField(message, *fields[0]);
    }
    if (fields.empty()) out_ << YAML::Flow;
    out_ << YAML::BeginMap;
    for (const FieldDescriptor* field : fields) {
      if (WriteShorthand(message, *field)) continue;
      out_ << YAML::Key << field->name() << YAML::Value;
      WriteField(message, *field);
    }
    out_ << YAML::EndMap;
  }

 private:
  void WriteField(const Message& message, const FieldDescriptor& field) {
    if (field.is_map()) {
      WriteMap(message, field);
    } else if (field.is_repeated()) {
      WriteList(message, field);
    } else {
      WriteValue(message, field, -1);
    }
  }

  // Fields that the file has another key for, or none. False if this is none of
  // them.
  bool WriteShorthand(const Message& message, const FieldDescriptor& field) {
    const std::string& type = message.GetDescriptor()->full_name();
    if (type == "labslot.v1.Quota") {
      return WriteShortQuota(static_cast<const v1::Quota&>(message), field.name());
    }
    if (type == "labslot.v1.Rates" && field.name() == "prices") {
      WritePrices(static_cast<const v1::Rates&>(message));
      return true;
    }
    if (type == "labslot.v1.WeeklyWindow" && field.name() == "window") {
      const auto& window = static_cast<const v1::WeeklyWindow&>(message).window();
      WriteWindow("window", window);
      return true;
    }
    if (type == "labslot.v1.Qualification" && field.name() == "expire_time") {
      out_ << YAML::Key << "expires" << YAML::Value;
      WriteField(message, field);
      return true;
    }
    return false;
  }

  bool WriteShortQuota(const v1::Quota& quota, const std::string& field) {
    const bool of_time = quota.has_max_time() || quota.has_max_share();
    const bool follows = quota.measure() == v1::Quota::TIME ? of_time && quota.max_count() == 0
                                                            : quota.max_count() != 0 && !of_time;
    if (field == "measure") return follows;
    if (quota.period() != v1::Quota::ROLLING || quota.rolling_days() <= 0) return false;
    if (field == "period") {
      out_ << YAML::Key << "rolling" << YAML::Value << absl::StrCat(quota.rolling_days(), "d");
    }
    return field == "period" || field == "rolling_days";
  }

  // {rental: 120.5}
  void WritePrices(const v1::Rates& rates) {
    out_ << YAML::Key << "prices" << YAML::Value << YAML::BeginMap;
    for (const v1::ClassPrice& price : rates.prices()) {
      out_ << YAML::Key
           << WriteEnum(*v1::Reservation::ActivityClass_descriptor(), price.activity_class())
           << YAML::Value << NumberText(price.price_per_hour());
    }
    out_ << YAML::EndMap;
  }

  // The hours, and the groups beside them if there are any.
  void WriteWindow(const std::string& key, const v1::OpeningWindow& window) {
    out_ << YAML::Key << key << YAML::Value << YAML::DoubleQuoted << WriteHours(window);
    if (window.groups().empty()) return;
    out_ << YAML::Key << "groups" << YAML::Value;
    WriteList(window, *window.GetDescriptor()->FindFieldByName("groups"));
  }

  // managers, or [managers, users/anna, groups/staff]
  void WriteActors(const v1::Actors& actors) {
    if (actors.managers() && actors.users().empty() && actors.groups().empty()) {
      out_ << "managers";
      return;
    }
    out_ << YAML::Flow << YAML::BeginSeq;
    if (actors.managers()) out_ << "managers";
    for (const std::string& user : actors.users()) out_ << user;
    for (const std::string& group : actors.groups()) out_ << group;
    out_ << YAML::EndSeq;
  }

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
    } else {
      return WriteRuleWord(message, type);
    }
    return true;
  }

  bool WriteRuleWord(const Message& message, const std::string& type) {
    if (type == "labslot.v1.OpeningWindow") {
      const auto& window = static_cast<const v1::OpeningWindow&>(message);
      if (window.groups().empty()) {
        out_ << YAML::DoubleQuoted << WriteHours(window);
      } else {
        out_ << YAML::BeginMap;
        WriteWindow("hours", window);
        out_ << YAML::EndMap;
      }
    } else if (type == "labslot.v1.DateRange") {
      out_ << WriteDateRange(static_cast<const v1::DateRange&>(message));
    } else if (type == "labslot.v1.Lead") {
      out_ << WriteLead(static_cast<const v1::Lead&>(message));
    } else if (type == "labslot.v1.Actors") {
      WriteActors(static_cast<const v1::Actors&>(message));
    } else if (type == "labslot.v1.Qualification" &&
               !static_cast<const v1::Qualification&>(message).has_expire_time()) {
      out_ << YAML::DoubleQuoted << static_cast<const v1::Qualification&>(message).name();
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
    if (!CollectionOfField(field).empty()) {
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

std::string WriteRecordInLine(const Message& record) {
  YAML::Emitter out;
  out.SetMapFormat(YAML::Flow);
  out.SetSeqFormat(YAML::Flow);
  Writer(&out).WriteMessage(record);
  // The emitter breaks long flows.
  std::vector<std::string> lines = absl::StrSplit(out.c_str(), '\n');
  for (std::string& line : lines) absl::StripAsciiWhitespace(&line);
  return absl::StrJoin(lines, " ");
}

namespace {

template <typename Records>
void ClearKept(Records* records) {
  for (auto& record : *records) {
    record.clear_create_time();
    record.clear_update_time();
    record.clear_etag();
  }
}

}  // namespace

void ClearOutputOnly(v1::Catalogue* catalogue) {
  ClearKept(catalogue->mutable_sites());
  ClearKept(catalogue->mutable_assets());
  ClearKept(catalogue->mutable_organisations());
  ClearKept(catalogue->mutable_users());
  ClearKept(catalogue->mutable_groups());
  ClearKept(catalogue->mutable_policies());
  ClearKept(catalogue->mutable_quotas());
  for (v1::Asset& asset : *catalogue->mutable_assets()) {
    asset.clear_retire_time();
    asset.clear_state();
  }
  for (v1::User& user : *catalogue->mutable_users()) user.clear_state();
  for (v1::HolidayRegion& region : *catalogue->mutable_holiday_regions()) region.clear_etag();
}

}  // namespace labslot::client
