#ifndef LABSLOT_CLIENT_TIME_SCANNER_H_
#define LABSLOT_CLIENT_TIME_SCANNER_H_

// The smallest pieces of the time grammar: numbers, times of day, dates,
// offsets, lengths. See time_grammar.h for the grammar itself.

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "client/time_grammar.h"

namespace labslot::client {

// A time of day in seconds, 0 to 86,400.
using SecondOfDay = std::int64_t;

// Each of these takes its piece off the front of `text`, or leaves `text` as
// it is and returns nothing.

// `min_digits` to `max_digits` decimal digits, not followed by another digit.
std::optional<std::int64_t> TakeNumber(absl::string_view* text, int min_digits, int max_digits);

// H:MM or H:MM:SS, up to 24:00:00.
std::optional<SecondOfDay> TakeTimeOfDay(absl::string_view* text);

// YYYY-MM-DD that exists in the calendar.
std::optional<absl::CivilDay> TakeDate(absl::string_view* text);

// Z or ±HH:MM, in seconds east of Greenwich, to ±18 hours.
std::optional<int> TakeOffset(absl::string_view* text);

// A signed row of counts with units, such as -1d12h. The sign may be the
// typographic minus.
std::optional<Length> TakeSignedLength(absl::string_view* text);

// The row without its sign: 1d12h.
std::optional<Length> TakeUnsignedLength(absl::string_view* text);

// PnWnDTnHnMnS in any case.
std::optional<Length> TakeIsoDuration(absl::string_view* text);

// A weekday by its name or its first three letters, in lower case.
std::optional<absl::Weekday> WeekdayNamed(absl::string_view word);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_TIME_SCANNER_H_
