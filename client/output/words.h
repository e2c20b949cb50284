#ifndef LABSLOT_CLIENT_OUTPUT_WORDS_H_
#define LABSLOT_CLIENT_OUTPUT_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace labslot::client {

// The text without control characters and with invalid UTF-8 replaced, so that
// what others typed cannot drive the reader's terminal. Line breaks and tabs
// become blanks.
std::string Printable(absl::string_view text);

// "STATE_CHECKED_IN" without "STATE_" is "checked in".
std::string EnumWords(absl::string_view value, absl::string_view prefix);

// How many characters it has on a terminal, near enough: code points.
std::size_t Width(absl::string_view text);

// The text in lines of at most `columns` characters, each behind `indent` and
// with its break, cut at blanks only. 0 columns means one line.
std::string Wrap(absl::string_view text, int columns, absl::string_view indent);

// The text if it has at most `columns` characters, which are more than three; what is cut
// off otherwise ends in "...".
std::string Cut(const std::string& text, std::size_t columns);

// "a", "a or b", "a, b or c".
std::string OrList(const std::vector<std::string>& words);

// "120.50".
std::string MoneyText(double amount);

// "1 unit", "3 units".
std::string Count(std::int64_t number, absl::string_view singular, absl::string_view plural);

// As `1.5 MiB`, in the largest unit of which there is one.
std::string BytesText(std::int64_t bytes);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_OUTPUT_WORDS_H_
