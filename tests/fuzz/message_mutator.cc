#include "tests/fuzz/message_mutator.h"

#include <iterator>
#include <limits>

#include "tests/fuzz/targets.h"

namespace labslot::fuzz {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void MessageMutator::Mutate(Message& message) {
  const auto& type = *message.GetDescriptor();
  if (type.field_count() == 0) return;
  std::vector<const FieldDescriptor*> present;
  message.GetReflection()->ListFields(message, &present);
  const bool among_present = !present.empty() && Below(4) > 0;
  const FieldDescriptor& field =
      among_present ? *present[Below(present.size())]
                    : *type.field(static_cast<int>(Below(static_cast<size_t>(type.field_count()))));
  const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (among_present && Below(8) == 0) return Remove(message, field);
  if (among_present && is_message && Below(8) > 0) return Enter(message, field);
  Set(message, field);
}

void MessageMutator::Remove(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return reflection.ClearField(&message, &field);
  const auto size = static_cast<size_t>(reflection.FieldSize(message, &field));
  reflection.SwapElements(&message, &field, static_cast<int>(Below(size)),
                          static_cast<int>(size - 1));
  reflection.RemoveLast(&message, &field);
}

void MessageMutator::Enter(Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) return Mutate(*reflection.MutableMessage(&message, &field));
  const auto size = static_cast<size_t>(reflection.FieldSize(message, &field));
  const int index = static_cast<int>(Below(size));
  if (Below(8) > 0) {
    return Mutate(*reflection.MutableRepeatedMessage(&message, &field, index));
  }
  const std::unique_ptr<Message> copy(reflection.GetRepeatedMessage(message, &field, index).New());
  copy->CopyFrom(reflection.GetRepeatedMessage(message, &field, index));
  reflection.AddMessage(&message, &field)->CopyFrom(*copy);
}

void MessageMutator::Set(Message& message, const FieldDescriptor& field) {
  const Reflection& r = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      Message& added = many ? *r.AddMessage(&message, &field) : *r.MutableMessage(&message, &field);
      for (size_t changes = Below(4); changes > 0; --changes) Mutate(added);
      return;
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? r.AddString(&message, &field, Text(""))
                  : r.SetString(&message, &field, Text(r.GetString(message, &field)));
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? r.AddInt32(&message, &field, static_cast<int32_t>(Number(0)))
                  : r.SetInt32(&message, &field,
                               static_cast<int32_t>(Number(r.GetInt32(message, &field))));
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? r.AddInt64(&message, &field, Number(0))
                  : r.SetInt64(&message, &field, Number(r.GetInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? r.AddUInt32(&message, &field, static_cast<uint32_t>(Number(0)))
                  : r.SetUInt32(&message, &field,
                                static_cast<uint32_t>(Number(r.GetUInt32(message, &field))));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? r.AddDouble(&message, &field, Measure(0))
                  : r.SetDouble(&message, &field, Measure(r.GetDouble(message, &field)));
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? r.AddBool(&message, &field, Below(2) == 0)
                  : r.SetBool(&message, &field, !r.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto& names = *field.enum_type();
      const auto index = static_cast<int>(Below(static_cast<size_t>(names.value_count())));
      const int number =
          Below(16) == 0 ? static_cast<int>(Number(0)) : names.value(index)->number();
      return many ? r.AddEnumValue(&message, &field, number)
                  : r.SetEnumValue(&message, &field, number);
    }
    default:
      return;  // no message of ours has others
  }
}

std::string MessageMutator::Text(const std::string& old) {
  if (Below(2) == 0) return words_[Below(words_.size())];
  constexpr size_t kRoom = 8;
  std::string text = old;
  text.resize(old.size() + kRoom);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(text.data()), old.size(), text.size()));
  return text;
}

int64_t MessageMutator::Number(int64_t old) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  static constexpr int64_t kNumbers[] = {
      0,       1,          2,           3,          10,     60,    900,
      3600,    7200,       86400,       604800,     2027,   -1,    -3600,
      1000000, 2147483647, -2147483648, 4294967296, kLeast, kMost, 7258118400};
  switch (Below(4)) {
    case 0:
      return kNumbers[Below(std::size(kNumbers))];
    case 1:
      return instant_ + 900 * static_cast<int64_t>(Below(2000)) - 86400;
    default: {
      const auto step = kNumbers[Below(10)] * (Below(2) == 0 ? 1 : -1);
      return static_cast<int64_t>(static_cast<uint64_t>(old) + static_cast<uint64_t>(step));
    }
  }
}

double MessageMutator::Measure(double old) {
  static constexpr double kMeasures[] = {0,
                                         -0.0,
                                         1,
                                         -1,
                                         51.2,
                                         180.5,
                                         1e308,
                                         std::numeric_limits<double>::infinity(),
                                         std::numeric_limits<double>::quiet_NaN(),
                                         std::numeric_limits<double>::denorm_min()};
  return Below(2) == 0 ? kMeasures[Below(std::size(kMeasures))] : old * 1.5 + 0.25;
}

}  // namespace labslot::fuzz
