#ifndef LABSLOT_CLIENT_DAYS_H_
#define LABSLOT_CLIENT_DAYS_H_

// Days as people write them, in the words of the time grammar: 2027-12-24,
// tomorrow, "next mon".

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "client/time_grammar.h"
#include "google/type/date.pb.h"

namespace labslot::client {

// Both inclusive, first <= last.
struct DaySpan {
  absl::CivilDay first;
  absl::CivilDay last;
};

// Reads one day. A time in it is an error.
absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text, const TimeContext& context);

// Reads "2027-12-24" or "2027-12-24..2028-01-02".
absl::StatusOr<DaySpan> ParseDaySpan(absl::string_view text, const TimeContext& context);

// Reads days and spans of them, with commas or as words of their own, into
// single days. At most 400.
absl::StatusOr<std::vector<absl::CivilDay>> ParseDayList(const std::vector<std::string>& texts,
                                                         const TimeContext& context);

google::type::Date ToDate(absl::CivilDay day);
absl::CivilDay ToDay(const google::type::Date& date);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_DAYS_H_
