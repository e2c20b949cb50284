#include "client/yaml/record_reader.h"

#include <array>
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
#include "labslot/v1/policy.pb.h"
#include "labslot/v1/quota.pb.h"
#include "yaml-cpp/yaml.h"

namespace labslot::client {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::size_t kMostErrors = 50;

bool Is(const Message& message, absl::string_view full_name) {
  return message.GetDescriptor()->full_name() == full_name;
}

// The field that an absent one follows from, for people who say only the limit.
void FillMeasure(v1::Quota* quota) {
  if (quota->measure() != v1::Quota::MEASURE_UNSPECIFIED) return;
  const bool of_time = quota->has_max_time() || quota->has_max_share();
  if (of_time && quota->max_count() == 0) quota->set_measure(v1::Quota::TIME);
  if (quota->max_count() != 0 && !of_time) quota->set_measure(v1::Quota::COUNT);
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
    if (!IsFirstOfOneof(key, *field, *message)) return;
    if (value.IsNull()) {
      // `always:` is a rule that needs nothing said.
      if (IsRule(*field)) message->GetReflection()->MutableMessage(message, field);
      return;
    }
    if (field->is_map()) {
      ReadMap(value, *field, message);
    } else if (field->is_repeated()) {
      ReadList(value, *field, message);
    } else {
      ReadValue(value, *field, message);
    }
  }

  // A key that the API has, or one that stands for others of it. `paths`
  // receives the fields of the API.
  void ReadKey(const std::string& key, const YAML::Node& value, Message* message,
               std::vector<std::string>* paths) {
    if (key == "rolling" && Is(*message, "labslot.v1.Quota")) {
      ReadRolling(value, message);
      paths->insert(paths->end(), {"period", "rolling_days"});
      return;
    }
    ReadField(YAML::Node(key), value, message);
    paths->push_back(key);
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

  static bool IsRule(const FieldDescriptor& field) {
    return field.real_containing_oneof() != nullptr &&
           field.containing_type()->full_name() == "labslot.v1.Policy";
  }

  // Of fields that exclude each other the last one would win without a word.
  bool IsFirstOfOneof(const YAML::Node& key, const FieldDescriptor& field, const Message& message) {
    const auto* oneof = field.real_containing_oneof();
    if (oneof == nullptr) return true;
    const FieldDescriptor* set = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
    if (set == nullptr || set == &field) return true;
    Fail(key, absl::StrCat("\"", field.name(), "\" beside \"", set->name(), "\": a ",
                           message.GetDescriptor()->name(), " has one ", oneof->name()));
    return false;
  }

  template <typename Value>
  void Take(const YAML::Node& node, absl::StatusOr<Value> value, Message* message) {
    if (value.ok()) {
      message->CopyFrom(*value);
    } else {
      Fail(node, value.status().message());
    }
  }

  // Messages that are written as one word, or as a list of words. False if this
  // is none of them.
  bool ReadWord(const YAML::Node& node, Message* message) {
    if (const FieldDescriptor* field = OnlyNeededField(*message->GetDescriptor());
        field != nullptr && !node.IsMap()) {
      if (field->is_repeated()) {
        ReadList(node, *field, message);
      } else {
        ReadValue(node, *field, message);
      }
      return true;
    }
    if (node.IsSequence()) return ReadWords(node, message);
    return node.IsScalar() && (ReadTypedWord(node, message) || ReadRuleWord(node, message));
  }

  bool ReadWords(const YAML::Node& node, Message* message) {
    if (Is(*message, "google.type.LatLng")) {
      std::vector<std::string> parts;
      for (const YAML::Node& part : node) parts.push_back(part.Scalar());
      Take(node, ReadLatLng(absl::StrJoin(parts, ",")), message);
    } else if (Is(*message, "labslot.v1.Actors")) {
      for (const YAML::Node& part : node) ReadActor(part, message);
    } else {
      return false;
    }
    return true;
  }

  bool ReadTypedWord(const YAML::Node& node, Message* message) {
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
    } else {
      return false;
    }
    return true;
  }

  bool ReadRuleWord(const YAML::Node& node, Message* message) {
    const std::string& text = node.Scalar();
    if (Is(*message, "labslot.v1.OpeningWindow")) {
      Take(node, ReadOpeningWindow(text), message);
    } else if (Is(*message, "labslot.v1.WeeklyWindow")) {
      Take(node, ReadWeeklyWindow(text), message);
    } else if (Is(*message, "labslot.v1.DateRange")) {
      Take(node, ReadDateRange(text), message);
    } else if (Is(*message, "labslot.v1.Lead")) {
      Take(node, ReadLead(text), message);
    } else if (Is(*message, "labslot.v1.Actors")) {
      ReadActor(node, message);
    } else if (Is(*message, "labslot.v1.RoleBinding")) {
      ReadValue(node, *message->GetDescriptor()->FindFieldByName("role"), message);
    } else if (Is(*message, "labslot.v1.Qualification")) {
      ReadValue(node, *message->GetDescriptor()->FindFieldByName("name"), message);
    } else {
      return false;
    }
    return true;
  }

  // managers, users/anna or groups/staff
  void ReadActor(const YAML::Node& node, Message* message) {
    auto* actors = static_cast<v1::Actors*>(message);
    const std::string name = node.IsScalar() ? node.Scalar() : "";
    if (name == "managers") {
      actors->set_managers(true);
    } else if (CollectionOf(name) == kUsers) {
      actors->add_users(name);
    } else if (CollectionOf(name) == kGroups) {
      actors->add_groups(name);
    } else {
      Fail(node, absl::StrCat("expected managers, users/... or groups/..., found \"", name, "\""));
    }
  }

  // Keys that the API does not have. False if this is none of them.
  bool ReadShorthand(const std::string& key, const YAML::Node& value, Message* message) {
    const Descriptor* type = message->GetDescriptor();
    if (Is(*message, "labslot.v1.WeeklyWindow")) return ReadWindowKey(key, value, message);
    if (key == "hours" && Is(*message, "labslot.v1.OpeningWindow")) {
      if (!value.IsScalar()) return false;
      TakeHours(value, static_cast<v1::OpeningWindow*>(message));
    } else if (key == "dates" && (Is(*message, "labslot.v1.CalendarException") ||
                                  Is(*message, "labslot.v1.DateRange"))) {
      ReadDates(value, message);
    } else if (key == "expires" && Is(*message, "labslot.v1.Qualification")) {
      ReadValue(value, *type->FindFieldByName("expire_time"), message);
    } else if (key == "rolling" && Is(*message, "labslot.v1.Quota")) {
      ReadRolling(value, message);
    } else if (key == "prices" && Is(*message, "labslot.v1.Rates") && IsShortPrices(value)) {
      ReadPrices(value, static_cast<v1::Rates*>(message));
    } else {
      return false;
    }
    return true;
  }

  // {rental: 120.50}; one entry of the list that the API has may stand alone, too.
  static bool IsShortPrices(const YAML::Node& value) {
    if (!value.IsMap()) return false;
    const Descriptor& type = *v1::ClassPrice::descriptor();
    for (const auto& entry : value) {
      const std::string& key = entry.first.Scalar();
      if (type.FindFieldByName(key) != nullptr) return false;
      if (type.FindFieldByCamelcaseName(key) != nullptr) return false;
    }
    return true;
  }

  void ReadPrices(const YAML::Node& value, v1::Rates* rates) {
    const Descriptor& type = *v1::ClassPrice::descriptor();
    std::set<std::string> seen;
    for (const auto& entry : value) {
      if (!seen.insert(entry.first.Scalar()).second) {
        Fail(entry.first, absl::StrCat("\"", entry.first.Scalar(), "\" is written twice"));
        continue;
      }
      v1::ClassPrice* added = rates->add_prices();
      ReadValue(entry.first, *type.FindFieldByName("activity_class"), added);
      ReadValue(entry.second, *type.FindFieldByName("price_per_hour"), added);
    }
  }

  // hours, groups, and days in one word.
  bool ReadWindowKey(const std::string& key, const YAML::Node& value, Message* message) {
    auto* weekly = static_cast<v1::WeeklyWindow*>(message);
    if ((key == "hours" || key == "window") && value.IsScalar()) {
      TakeHours(value, weekly->mutable_window());
    } else if (key == "hours") {
      ReadField(YAML::Node("window"), value, weekly);
    } else if (key == "groups") {
      ReadField(YAML::Node(key), value, weekly->mutable_window());
    } else if (key == "days" && value.IsScalar()) {
      if (absl::Status status = ReadDays(value.Scalar(), weekly); !status.ok()) {
        Fail(value, status.message());
      }
    } else {
      return false;
    }
    return true;
  }

  // Groups may have been read before the hours.
  void TakeHours(const YAML::Node& value, v1::OpeningWindow* window) {
    const auto hours = ReadOpeningWindow(value.Scalar());
    if (!hours.ok()) return Fail(value, hours.status().message());
    window->MergeFrom(*hours);
  }

  // 2027-12-24 or 2027-12-24..2028-01-02
  void ReadDates(const YAML::Node& value, Message* message) {
    const Reflection* reflection = message->GetReflection();
    const Descriptor* type = message->GetDescriptor();
    if (!value.IsScalar()) return Fail(value, "expected a date such as 2027-05-01");
    const auto range = ReadDateRange(value.Scalar());
    if (!range.ok()) return Fail(value, range.status().message());
    reflection->MutableMessage(message, type->FindFieldByName("start_date"))
        ->CopyFrom(range->start_date());
    if (!range->has_end_date()) return;
    reflection->MutableMessage(message, type->FindFieldByName("end_date"))
        ->CopyFrom(range->end_date());
  }

  // 14d, or 2w
  void ReadRolling(const YAML::Node& value, Message* message) {
    const auto lead = ReadLead(value.IsScalar() ? value.Scalar() : "");
    if (!lead.ok() || lead->has_duration() || lead->days() == 0) {
      return Fail(value, "expected a number of days such as 14d");
    }
    auto* quota = static_cast<v1::Quota*>(message);
    quota->set_period(v1::Quota::ROLLING);
    quota->set_rolling_days(lead->days());
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
    // One value may stand without the list.
    if (!value.IsSequence()) return ReadValue(value, field, message);
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
    } else if (Is(*message, "labslot.v1.Quota")) {
      FillMeasure(static_cast<v1::Quota*>(message));
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
  if (type.full_name() == "labslot.v1.Group") return kGroups;
  if (type.full_name() == "labslot.v1.Policy") return kPolicies;
  if (type.full_name() == "labslot.v1.Quota") return kQuotas;
  return "";
}

absl::string_view CollectionOfField(const FieldDescriptor& field) {
  const std::string& name = field.name();
  if (field.type() != FieldDescriptor::TYPE_STRING) return "";
  if (name == "name") return CollectionOfType(*field.containing_type());
  if (name == "site" || name == "sites") return kSites;
  if (name == "parent" || name == "asset" || name == "assets") return kAssets;
  if (name == "organisation" || name == "organisations") return kOrganisations;
  if (name == "on_behalf_of") return kOrganisations;
  if (name == "holiday_region") return kHolidayRegions;
  if (name == "user" || name == "users") return kUsers;
  if (name == "groups") return kGroups;
  return "";
}

const FieldDescriptor* OnlyNeededField(const Descriptor& type) {
  static constexpr std::array<std::pair<absl::string_view, absl::string_view>, 9> kFields = {{
      {"labslot.v1.GranularityRule", "step"},
      {"labslot.v1.SlotRule", "slots"},
      {"labslot.v1.HorizonRule", "lead"},
      {"labslot.v1.LockRule", "lead"},
      {"labslot.v1.BufferRule", "gap"},
      {"labslot.v1.QualificationRule", "qualification"},
      {"labslot.v1.ProtectionRule", "lead"},
      {"labslot.v1.GraceRule", "grace"},
      {"labslot.v1.Unit", "id"},
  }};
  for (const auto& [message, field] : kFields) {
    if (type.full_name() == message) return type.FindFieldByName(std::string(field));
  }
  return nullptr;
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
      reader.ReadKey(key, node, record, paths);
      if (absl::Status status = reader.status(); !status.ok()) return status;
    } catch (const YAML::Exception& error) {
      return absl::InvalidArgumentError(
          absl::StrCat("in ", ShellWord(assignment), ": ", error.msg));
    }
  }
  return absl::OkStatus();
}

}  // namespace labslot::client
