#ifndef LABSLOT_TESTS_SUPPORT_TIMES_H_
#define LABSLOT_TESTS_SUPPORT_TIMES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"

namespace labslot::support {

inline constexpr char kBrussels[] = "Europe/Brussels";

inline constexpr Seconds kMinute = 60;
inline constexpr Seconds kHour = 3600;
inline constexpr Seconds kDay = 86400;

// The zone of an IANA name that exists; ends the test program if it does not.
absl::TimeZone Zone(const std::string& name);

// The instant of a wall-clock time, `2027-03-01 09:00` or with seconds; the
// first reading where it occurs twice, the jump where it is skipped. Also reads
// `2027-03-01T09:00:00Z` and a weekday of the week from Monday 2027-03-01:
// `mon 9:00`. `24:00` is the end of the day. Ends the test program if the text
// is none of these.
Instant At(absl::string_view text, const std::string& zone = kBrussels);

// `mon 9:00-10:30`, `mon 22:00-tue 2:00`, `2027-03-27 8:00/2027-03-28 8:00`.
Interval Span(absl::string_view text, const std::string& zone = kBrussels);

absl::CivilDay Day(absl::string_view text);

}  // namespace labslot::support

#endif  // LABSLOT_TESTS_SUPPORT_TIMES_H_
