#ifndef LABSLOT_CLIENT_TIME_GRAMMAR_H_
#define LABSLOT_CLIENT_TIME_GRAMMAR_H_

// Times as people write them. This file is the whole grammar; what is not in
// it is an error, and nothing is guessed: 03/04/2027 is never a date.
//
//   moment  =  "now"
//           |  day [time] | time                a time alone is of today
//           |  ("now" | day-word) length        attached: now-2h, tomorrow+1d
//           |  length                           from now: +2h, -7d
//           |  length-in-days time              +1d 9:00
//   day     =  day-word | YYYY-MM-DD            a day alone is its midnight
//   day-word = "today" | "tomorrow"
//           |  weekday                          the first one after today
//           |  "next" weekday                   the one of next week, from Monday
//   weekday =  "mon" | "monday" | ...
//   time    =  H:MM[:SS], 24:00 being the end of the day; a date may be joined
//              to it with "T"
//   zone    =  "Z" | ±HH:MM | Area/City         may follow a time
//   length  =  ±N(m|h|d|w), several in a row: +1d12h
//
//   range   =  moment ".." moment | moment ".." time | moment ".." +length
//           |  moment "/" PT2H                  any ISO 8601 duration of weeks to seconds
//           |  moment " " +length               the blank tells it from "now+2h"
//           |  [day] time "-" time [Area/City]
//           |  day                              only where a whole day makes sense
//
// Days and weeks are civil: the same wall-clock time on another day. Minutes
// and hours are elapsed time. So +1d over a change of the clocks lasts 23 or
// 25 hours, and +24h ends at another wall-clock time.
//
// A wall-clock time that the clocks skip in spring is an error that says so.
// One that occurs twice in autumn is an error that spells both readings.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace labslot::client {

// What words like "tomorrow" and times without a zone are read against.
struct TimeContext {
  absl::Time now;
  absl::TimeZone zone;
};

// Half-open: the end does not belong to it. `start < end` always.
struct TimeRange {
  absl::Time start;
  absl::Time end;
};

// What a day without any time means as a range.
enum class BareDay {
  // An error: a booking needs to say its hours.
  kIsError,
  // From midnight to midnight.
  kIsWholeDay,
};

// A length of time that counts civil days and elapsed seconds apart.
struct Length {
  std::int64_t days = 0;
  absl::Duration elapsed = absl::ZeroDuration();
};

// Reads a moment. All errors of this file are INVALID_ARGUMENT, with a message
// that quotes the text, says what is wrong and gives three examples.
absl::StatusOr<absl::Time> ParseMoment(absl::string_view text, const TimeContext& context);

// Reads a range.
absl::StatusOr<TimeRange> ParseRange(absl::string_view text, const TimeContext& context,
                                     BareDay bare_day);

// True if the text has the form of a range rather than that of a moment.
bool LooksLikeRange(absl::string_view text);

// Reads a length without a reference: "30m", "2h", "1d12h", "PT2H", with an
// optional "+". Negative ones are errors, and so is zero.
absl::StatusOr<Length> ParseLength(absl::string_view text);

// The same as one duration; a day counts 24 hours.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

// Reads a signed length, such as "+1d" or "-30m", into a shift. False if the
// text is anything else.
bool ParseShift(absl::string_view text, Length* shift);

// The moment that is `length` after `start`, days counted in `zone`. Fails
// where the wall-clock time does not exist or occurs twice.
absl::StatusOr<absl::Time> AddLength(absl::Time start, const Length& length, absl::TimeZone zone);

// True if a word of a command line begins a time and cannot be the name of a
// resource, which begins with a letter and is none of the words above.
bool BeginsTime(absl::string_view word);

// The zone with that IANA name.
absl::StatusOr<absl::TimeZone> LoadZone(absl::string_view name);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_TIME_GRAMMAR_H_
