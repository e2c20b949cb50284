#ifndef LABSLOT_CLIENT_COMMANDS_SERIES_CREATE_H_
#define LABSLOT_CLIENT_COMMANDS_SERIES_CREATE_H_

// What is asked for when something repeats: by `series create` and `series
// update`, and by `book --repeat`.

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "client/commands/booking.h"
#include "client/session.h"
#include "client/time_grammar.h"
#include "labslot/v1/series.pb.h"

namespace labslot::client {

struct RepeatOptions {
  std::string repeat;
  std::string rrule;
  std::vector<std::string> except;
  std::vector<std::string> also;
  std::string repeated_hour;
  bool skip_conflicts = false;
  // "3" or "10%".
  std::string at_most;
};

void AddRepeatOptions(CLI::App* command, RepeatOptions* options);

// True if the options say that it repeats.
bool IsGiven(const RepeatOptions& options);
// True if they say how many refused days the series bears.
bool HasContract(const RepeatOptions& options);

// Puts the days that the options name into a recurrence; what they do not name
// stays as it is.
absl::Status ReadRecurrence(Session& session, const RepeatOptions& options,
                            const TimeContext& times, v1::Recurrence* recurrence);

absl::Status ReadContract(const RepeatOptions& options, v1::SeriesContract* contract);

// "2027-03-01T09:00", with seconds only if there are any.
std::string LocalTime(absl::CivilSecond time);

absl::Status CreateSeries(Session& session, const BookOptions& book, const RepeatOptions& repeat);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_SERIES_CREATE_H_
