#ifndef LABSLOT_DAEMON_DOMAIN_CALENDAR_H_
#define LABSLOT_DAEMON_DOMAIN_CALENDAR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "daemon/base/clock.h"
#include "daemon/domain/interval.h"

namespace labslot {

// A window of local wall-clock time, in seconds from the midnight that begins
// the day: 0 <= opens < 86,400, opens < closes <= opens + 86,400.
struct OpeningWindow {
  int32_t opens = 0;
  int32_t closes = 0;
  std::vector<std::string> groups;  // ids of those it is open to; empty: to all
  friend bool operator==(const OpeningWindow&, const OpeningWindow&) = default;
};

// A window on the days of the week in `days`: bit 0 is Monday, bit 6 Sunday.
struct WeeklyWindow {
  uint8_t days = 0;
  OpeningWindow window;
  friend bool operator==(const WeeklyWindow&, const WeeklyWindow&) = default;
};

enum class DayEffect { kClosed = 1, kSpecialHours = 2, kShortened = 3 };

// A dated deviation; both days inclusive.
struct CalendarException {
  absl::CivilDay first;
  absl::CivilDay last;
  DayEffect effect = DayEffect::kClosed;
  std::vector<OpeningWindow> windows;  // of kSpecialHours
  Seconds shortened_by = 0;            // of kShortened
  std::string reason;
  friend bool operator==(const CalendarException&, const CalendarException&) = default;
};

// When something is open, in the wall-clock time of its site. What holds on a
// day: the last exception that covers it, else the holiday of the region,
// else the weekly windows. Without weekly windows it is open round the clock.
struct Calendar {
  std::vector<WeeklyWindow> weekly;
  std::vector<CalendarException> exceptions;
  std::string holiday_region;  // id, or empty
  friend bool operator==(const Calendar&, const Calendar&) = default;
};

struct Holiday {
  absl::CivilDay date;
  std::string display_name;
  DayEffect effect = DayEffect::kClosed;  // or kShortened
  Seconds shortened_by = 0;
  friend bool operator==(const Holiday&, const Holiday&) = default;
};

// The public holidays of a region; complete from valid_from to valid_through.
struct HolidayRegion {
  std::string id;
  std::string display_name;
  absl::CivilDay valid_from;
  absl::CivilDay valid_through;
  std::vector<Holiday> holidays;  // by date, each date once
  std::string attribution;
  int64_t revision = 0;
  friend bool operator==(const HolidayRegion&, const HolidayRegion&) = default;
};

// A calendar with what it needs to be read: the rules of one place.
struct OpeningHours {
  const Calendar* calendar = nullptr;       // null: open round the clock
  const HolidayRegion* holidays = nullptr;  // null: none
  absl::TimeZone zone;
  // Ids of the groups for whom it is asked, in order: windows of other groups
  // are closed to them. Null: open is what is open to anybody.
  const std::vector<std::string>* groups = nullptr;
};

// The windows of one local day, in order of opening, and what made the day
// special (the name of a holiday, the reason of an exception), if anything.
struct DayPlan {
  std::vector<OpeningWindow> windows;
  std::string special;
};

DayPlan PlanOfDay(const OpeningHours& hours, absl::CivilDay day);

// All instants of `period` in which it is open. A window that falls into the
// spring gap begins or ends at the jump; one that begins or ends in the
// repeated hour of autumn takes the longer reading.
IntervalSet OpenTimes(const OpeningHours& hours, const Interval& period);

// The instants of a window on a day, as OpenTimes reads them.
Interval WindowOn(absl::CivilDay day, const OpeningWindow& window, const absl::TimeZone& zone);

// The local day of an instant.
absl::CivilDay LocalDay(Instant instant, const absl::TimeZone& zone);

// The instant at which a local day begins. Where a jump skips midnight it is
// the jump; where midnight occurs twice it is the first.
Instant StartOfDay(absl::CivilDay day, const absl::TimeZone& zone);

// The zone of an IANA name; nothing if it is unknown. Answers are cached by
// abseil; the first call for a name reads the zone database.
std::optional<absl::TimeZone> FindTimeZone(const std::string& name);

// Days of the week as bits for people: `Mon-Fri`, `Mon, Wed`.
std::string DayWords(uint8_t days);

// `instant` for people: `Mon 2027-03-01 09:00 Europe/Brussels`.
std::string FormatLocal(Instant instant, const absl::TimeZone& zone);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_CALENDAR_H_
