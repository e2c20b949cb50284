#ifndef LABSLOT_DAEMON_DOMAIN_RECURRENCE_H_
#define LABSLOT_DAEMON_DOMAIN_RECURRENCE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"

namespace labslot {

// Which of two readings a local time has in the hour that autumn repeats.
enum class RepeatedHour { kUnspecified = 0, kFirst = 1, kSecond = 2 };

// Days on which something happens at the same local time: RFC 5545's DTSTART,
// RRULE, RDATE and EXDATE.
struct Recurrence {
  absl::CivilSecond start;                    // of the first occurrence, local
  Seconds length = 0;                         // from start to end, both read on the wall clock
  std::string zone;                           // IANA name
  std::string rrule;                          // empty: only `start` and `extra_days`
  std::vector<absl::CivilDay> extra_days;     // RDATE
  std::vector<absl::CivilDay> left_out_days;  // EXDATE
  RepeatedHour repeated_hour = RepeatedHour::kUnspecified;
  friend bool operator==(const Recurrence&, const Recurrence&) = default;
};

// A rule is followed this far from its start: four times as far as a run may
// lie ahead, and far enough for leap days. It bounds the search for a day that
// hardly ever comes.
inline constexpr int kMaxRecurrenceYears = 20;

// The local starts of an RRULE from `start` on, in order, expanded by libical
// in local time. At most `limit` of them, all at the time of day of `start`.
// `start` itself is among them only if the rule fits it. In the rule, upper and
// lower case are the same, and UNTIL is local: `20270630` takes in that day.
//
// INVALID_ARGUMENT, with words for the user that complete "the rule ...", if
// - the rule is malformed, or longer than limits::kMaxRecurrenceText;
// - it gives more than `limit` starts, or none, or reaches further than
//   kMaxRecurrenceYears; a rule without COUNT or UNTIL never ends;
// - it would start more than once a day, or at another time of day;
// - programs disagree on what it means, or libical does not know: BYWEEKNO,
//   BYSETPOS with DAILY or WEEKLY or with days counted from both ends,
//   BYMONTHDAY with YEARLY but no BYMONTH, BYYEARDAY with either of these,
//   RSCALE and SKIP.
//
// Thread-safe.
absl::StatusOr<std::vector<absl::CivilSecond>> ExpandRule(absl::string_view rrule,
                                                          absl::CivilSecond start, size_t limit);

// The days of a recurrence, in order, each once: those of its rule, its first
// day and extra days, less those left out. INVALID_ARGUMENT as above, and if
// there are more than `limit` days, or none is left.
absl::StatusOr<std::vector<absl::CivilDay>> DaysOf(const Recurrence& recurrence, size_t limit);

// Why a day has no interval.
enum class LocalTimeProblem {
  kSkipped = 1,   // the start or the end falls into the hour that spring skips
  kRepeated = 2,  // into the hour that autumn repeats, and no reading was chosen
};

// The instants of the occurrence on a day: the local start and the local end,
// each read in the zone. So 08:00 to 08:00 the next day lasts 23 hours over
// the switch in spring, and 25 in autumn.
std::variant<Interval, LocalTimeProblem> IntervalOn(const Recurrence& recurrence,
                                                    absl::CivilDay day, const absl::TimeZone& zone);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_RECURRENCE_H_
