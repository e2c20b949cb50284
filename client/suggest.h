#ifndef LABSLOT_CLIENT_SUGGEST_H_
#define LABSLOT_CLIENT_SUGGEST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace labslot::client {

// How many insertions, deletions, replacements and swaps of neighbours turn one
// word into the other. Upper and lower case are the same.
std::size_t EditDistance(absl::string_view a, absl::string_view b);

// The candidates that may have been meant, nearest first, at most three. A
// candidate counts if at most a third of the word is mistyped, or if it begins
// or ends with the word.
std::vector<std::string> Suggest(absl::string_view word,
                                 const std::vector<std::string>& candidates);

// " Did you mean a, b or c?", or nothing.
std::string DidYouMean(const std::vector<std::string>& suggestions);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_SUGGEST_H_
