#ifndef LABSLOT_CLIENT_CALENDAR_EDITS_H_
#define LABSLOT_CLIENT_CALENDAR_EDITS_H_

// Changes of opening hours as people ask for them, on a calendar in memory.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/time_grammar.h"
#include "labslot/v1/calendar.pb.h"

namespace labslot::client {

// As typed. DATES are one day, A..B, or several with commas.
struct CalendarEdits {
  std::vector<std::string> close;
  std::vector<std::string> open;
  // With `open`: windows such as "10:00-16:00", or "10:00-16:00 groups=staff".
  std::vector<std::string> hours;
  std::vector<std::string> shorten;
  // With `shorten`: how much earlier, such as 2h.
  std::string by;
  // Why, shown in refusals; of what is closed, opened and shortened.
  std::string because;
  // Removes the exceptions of exactly these dates.
  std::vector<std::string> reopen;
  // Replace the weekly windows: "mon-fri 08:00-17:00".
  std::vector<std::string> weekly;
  // Region of the public holidays; "none" for none.
  std::string holidays;
};

// True if there is nothing to do.
bool IsEmpty(const CalendarEdits& edits);

// Makes all of them, or fails with words for the user. An exception of the same
// dates is replaced; a new one goes behind the others, where it holds.
absl::Status Apply(const CalendarEdits& edits, const TimeContext& times, v1::Calendar* calendar);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_CALENDAR_EDITS_H_
