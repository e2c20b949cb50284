#ifndef LABSLOT_TESTS_FUZZ_ESCAPED_H_
#define LABSLOT_TESTS_FUZZ_ESCAPED_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace labslot::fuzz {

// Inputs are kept as text. What is bytes is written with the escapes of C: `A` for
// itself, `\x00` for a zero byte.

// The bytes that a text stands for; the text itself if it is not so written.
std::string BytesOf(absl::string_view text);

// Changes the bytes that a text stands for.
std::string MutateEscaped(absl::string_view text);

// Puts a text where a mutator's input was, as long as there is room.
size_t PutText(const std::string& text, uint8_t* data, size_t size, size_t max_size);

}  // namespace labslot::fuzz

#endif  // LABSLOT_TESTS_FUZZ_ESCAPED_H_
