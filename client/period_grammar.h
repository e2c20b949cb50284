#ifndef LABSLOT_CLIENT_PERIOD_GRAMMAR_H_
#define LABSLOT_CLIENT_PERIOD_GRAMMAR_H_

// Periods of reports as people write them:
//
//   period = YYYY | YYYY-"Q"N | YYYY-MM       a year, a quarter, a month
//          | "this-" unit | "last-" unit      a calendar week, from Monday, and so on
//          | range                            of the time grammar; a day is the whole of it
//   unit   = "week" | "month" | "quarter" | "year"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/time_grammar.h"

namespace labslot::client {

// Reads a period. Its errors quote the text and give examples.
absl::StatusOr<TimeRange> ParsePeriod(absl::string_view text, const TimeContext& context);

// Reads what `period` is to be compared with: "last-" unit is the same dates one
// unit earlier, "before" is as many days just before it, and all else a period. An
// error if nothing is left of it, as of an hour that the clocks skip.
absl::StatusOr<TimeRange> ParseOtherPeriod(absl::string_view text, const TimeRange& period,
                                           const TimeContext& context);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_PERIOD_GRAMMAR_H_
