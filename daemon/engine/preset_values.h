#ifndef LABSLOT_DAEMON_ENGINE_PRESET_VALUES_H_
#define LABSLOT_DAEMON_ENGINE_PRESET_VALUES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/base/clock.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/policy.h"

namespace labslot::engine {

// The parameters of presets are text. Each reader takes the whole text or
// returns nothing; none of them knows what would be too much.

// `15m`, `24h`, `14d`, `1d12h`: numbers of up to six digits with w, d, h, m or
// s, the greater units first and each once. Weeks and days are local days.
std::optional<Lead> ReadLead(absl::string_view text);

// The same, but a day has 24 hours.
std::optional<Seconds> ReadLength(absl::string_view text);

// `mon-fri 08:00-17:00`, `mon-wed,fri 08:00-12:00, sat 09:00-13:00`. Days run
// over Sunday; a closing time at or before the opening time is on the next
// day, as in the catalogue file.
std::optional<std::vector<WeeklyWindow>> ReadWindows(absl::string_view text);

// The days alone: `mon-fri`, `mon-wed,fri`; bit 0 is Monday.
std::optional<uint8_t> ReadDays(absl::string_view text);

// `08:00` to `24:00`, in seconds from midnight.
std::optional<int32_t> ReadTimeOfDay(absl::string_view text);

// `2027-02-08..2027-05-28, 2027-09-20`, from 1970 to 2199.
std::optional<std::vector<DateRange>> ReadDateRanges(absl::string_view text);

// Digits only.
std::optional<int64_t> ReadCount(absl::string_view text);

// `40`, `4.5`.
std::optional<double> ReadAmount(absl::string_view text);

// The windows of the week that none of these covers, none of them over
// midnight.
std::vector<WeeklyWindow> RestOfWeek(const std::vector<WeeklyWindow>& windows);

}  // namespace labslot::engine

#endif  // LABSLOT_DAEMON_ENGINE_PRESET_VALUES_H_
