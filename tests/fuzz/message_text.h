#ifndef LABSLOT_TESTS_FUZZ_MESSAGE_TEXT_H_
#define LABSLOT_TESTS_FUZZ_MESSAGE_TEXT_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "tests/fuzz/message_mutator.h"

namespace labslot::fuzz {

// Messages as they are kept: in text format; or, for bytes that are no message, a line
// that begins with `=` and goes on with the bytes, escaped as in escaped.h.

std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// Reads the text format. Nothing if it is something else.
std::unique_ptr<google::protobuf::Message> ReadMessage(const google::protobuf::Descriptor& type,
                                                       absl::string_view text);

// The bytes that a text stands for; nothing if it is neither of the two.
std::optional<std::string> WireOf(const google::protobuf::Descriptor& type, absl::string_view text);

// Changes the message, or seldom the bytes, that a text stands for.
std::string MutateText(const google::protobuf::Descriptor& type, absl::string_view text,
                       MessageMutator& mutator);

}  // namespace labslot::fuzz

#endif  // LABSLOT_TESTS_FUZZ_MESSAGE_TEXT_H_
