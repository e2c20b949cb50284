#ifndef LABSLOT_TESTS_SUPPORT_RECORDS_H_
#define LABSLOT_TESTS_SUPPORT_RECORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/reservation.h"

namespace labslot::support {

// Records with sensible values; tests change what matters to them.

// Round the clock, in Brussels unless told otherwise.
Site MakeSite(const std::string& id, const std::string& zone = "Europe/Brussels");

// Of capacity 1, standing at `site`, of kind `lab`.
Asset MakeAsset(const std::string& id, const std::string& site = "lommel");
Asset MakePool(const std::string& id, int32_t units, const std::string& site = "lommel");
Asset MakeSeats(const std::string& id, int32_t seats, const std::string& site = "lommel");
Asset MakeMobile(const std::string& id, const std::string& home = "lommel");
Asset MakeChild(const std::string& id, const std::string& parent,
                const std::string& site = "lommel");

Organisation MakeOrganisation(const std::string& id);
User MakeUser(const std::string& id, const std::vector<std::string>& organisations = {});
RoleBinding Binding(Role role, ScopeKind kind = ScopeKind::kPlatform, const std::string& id = "");

// `days` such as "mon-fri" or "mon,wed,sat"; `hours` such as "8:00-17:00",
// where a closing at or before the opening is on the next day.
WeeklyWindow Weekly(absl::string_view days, absl::string_view hours);
OpeningWindow Window(absl::string_view hours);
Calendar Office();  // Monday to Friday, 8:00 to 17:00
Calendar Hours(absl::string_view days, absl::string_view hours);

CalendarException Closed(absl::string_view first, absl::string_view last);
CalendarException Special(absl::string_view first, absl::string_view last,
                          const std::vector<std::string>& hours);
CalendarException Shortened(absl::string_view first, absl::string_view last, Seconds by);

Holiday Feast(absl::string_view date, const std::string& name);
HolidayRegion MakeRegion(const std::string& id, const std::vector<Holiday>& holidays);

// A draft, as a command carries it.
Reservation Draft(const std::vector<ReservationItem>& items, const Interval& interval,
                  const std::string& site = "");
ReservationItem Item(const std::string& asset, int32_t quantity = 1);

}  // namespace labslot::support

#endif  // LABSLOT_TESTS_SUPPORT_RECORDS_H_
