#ifndef LABSLOT_DAEMON_BASE_TEXT_H_
#define LABSLOT_DAEMON_BASE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace labslot {

// `text` as a JSON string, quotes included.
std::string JsonString(absl::string_view text);

// True if `text` is well-formed UTF-8 without control characters other than
// tab and line feed.
bool IsCleanText(absl::string_view text);

// `count` followed by the noun in singular or plural: `1 unit`, `7 units`.
std::string Counted(long long count, absl::string_view singular, absl::string_view plural);

// A length of time for people: `2 h 30 min`, `45 s`, `3 days`.
std::string LengthWords(long long seconds);

// The same in hours alone, as shares of time are told: `460.1 h`.
std::string HourWords(long long seconds);

// A part of a whole: `20.13 %`; `-` of nothing.
std::string PercentWords(long long part, long long whole);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_BASE_TEXT_H_
