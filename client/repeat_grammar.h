#ifndef LABSLOT_CLIENT_REPEAT_GRAMMAR_H_
#define LABSLOT_CLIENT_REPEAT_GRAMMAR_H_

// How often something repeats, as people write it:
//
//   repeat   =  rhythm end
//   rhythm   =  "daily" | "weekly" | "monthly" | "yearly"
//            |  "every" [N] ("day" | "week" | "month" | "year")     also in plural
//            |  "every" weekdays
//            a rhythm of weeks may be followed by ["on"] weekdays
//   weekdays =  tue | tue,thu | mon-fri | "tue and thu"
//   end      =  "until" day | N "times"
//
// Without weekdays it keeps the weekday, or the day of the month, of its first
// day. A rhythm without an end is an error: a series has at most 400 days.

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "client/time_grammar.h"

namespace labslot::client {

struct Repetition {
  // Of RFC 5545, such as "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20".
  std::string rrule;
  // The days of the week that were named, if any were.
  std::set<absl::Weekday> weekdays;
};

absl::StatusOr<Repetition> ParseRepetition(absl::string_view text, const TimeContext& context);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_REPEAT_GRAMMAR_H_
