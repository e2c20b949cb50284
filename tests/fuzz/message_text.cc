#include "tests/fuzz/message_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/text_format.h"
#include "tests/fuzz/escaped.h"

namespace labslot::fuzz {

using google::protobuf::Descriptor;
using google::protobuf::Message;

namespace {

class NoErrors : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
};

// What the mutator writes into texts is not always UTF-8, and protobuf says so of each.
void SilenceProtobuf() { static const google::protobuf::LogSilencer silencer; }

}  // namespace

std::unique_ptr<Message> NewMessage(const Descriptor& type) {
  auto& factory = *google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<Message>(factory.GetPrototype(&type)->New());
}

std::unique_ptr<Message> ReadMessage(const Descriptor& type, absl::string_view text) {
  std::unique_ptr<Message> message = NewMessage(type);
  NoErrors errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(std::string(text), message.get())) return nullptr;
  return message;
}

std::optional<std::string> WireOf(const Descriptor& type, absl::string_view text) {
  SilenceProtobuf();
  if (absl::ConsumePrefix(&text, "=")) return BytesOf(text);
  const std::unique_ptr<Message> message = ReadMessage(type, text);
  if (message == nullptr) return std::nullopt;
  return message->SerializeAsString();
}

std::string MutateText(const Descriptor& type, absl::string_view text, MessageMutator& mutator) {
  SilenceProtobuf();
  if (absl::ConsumePrefix(&text, "=")) return absl::StrCat("=", MutateEscaped(text), "\n");
  std::unique_ptr<Message> message = ReadMessage(type, text);
  if (message == nullptr) message = NewMessage(type);
  if (mutator.Below(64) == 0) {
    return absl::StrCat("=", MutateEscaped(absl::CHexEscape(message->SerializeAsString())), "\n");
  }
  for (size_t changes = 1 + mutator.Below(3); changes > 0; --changes) mutator.Mutate(*message);
  std::string changed;
  google::protobuf::TextFormat::PrintToString(*message, &changed);
  return changed;
}

}  // namespace labslot::fuzz
