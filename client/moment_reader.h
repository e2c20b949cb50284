#ifndef LABSLOT_CLIENT_MOMENT_READER_H_
#define LABSLOT_CLIENT_MOMENT_READER_H_

// Reads the "moment" of the time grammar. See time_grammar.h for the grammar.

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/time_grammar.h"

namespace labslot::client {

using Words = std::vector<absl::string_view>;

// A moment that was read, and what the end of a range needs to know of it.
struct Moment {
  absl::Time time;
  // Where its days are counted: the zone that was named, or that of the context.
  absl::TimeZone zone;
  // What its times are read in: the offset that was written, or `zone`.
  absl::TimeZone written_zone;
  absl::CivilDay day;
  // Only a day was given.
  bool bare_day = false;
  // It says its own zone or offset.
  bool has_zone = false;
};

// What the words of `text` are, split at blanks.
Words SplitWords(absl::string_view text);

// The error that quotes `text`, says why and gives examples.
absl::Status Unreadable(absl::string_view text, absl::string_view why, absl::string_view examples);

// Reads a moment; a time without a day is of today.
absl::StatusOr<Moment> ReadMoment(absl::string_view text, const TimeContext& context);

// Reads a moment; a time without a day is of `day`.
absl::StatusOr<Moment> ReadMomentOf(absl::CivilDay day, absl::string_view text,
                                    const TimeContext& context);

// What the words of the end of a range are read against that begins on `first_day`: names
// of weekdays count from there (mon 9:00..fri 17:00), all else from now.
absl::Time ReferenceOfEnd(absl::string_view end, absl::CivilDay first_day,
                          const TimeContext& context);

// The instant at which the clocks of the zone show `local`. Fails where there
// is none, or two.
absl::StatusOr<absl::Time> ResolveLocal(absl::CivilSecond local, absl::TimeZone zone);

// The first instant of the day, also where the clocks change at midnight.
absl::Time StartOfDay(absl::CivilDay day, absl::TimeZone zone);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_MOMENT_READER_H_
