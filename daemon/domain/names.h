#ifndef LABSLOT_DAEMON_DOMAIN_NAMES_H_
#define LABSLOT_DAEMON_DOMAIN_NAMES_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "daemon/domain/event.h"
#include "daemon/domain/reservation.h"

namespace labslot {

// The collections of resource names.
inline constexpr char kSites[] = "sites";
inline constexpr char kAssets[] = "assets";
inline constexpr char kHolidayRegions[] = "holidayRegions";
inline constexpr char kOrganisations[] = "organisations";
inline constexpr char kUsers[] = "users";
inline constexpr char kTokens[] = "tokens";
inline constexpr char kReservations[] = "reservations";
inline constexpr char kGroups[] = "groups";
inline constexpr char kPolicies[] = "policies";
inline constexpr char kQuotas[] = "quotas";
inline constexpr char kSeries[] = "series";
inline constexpr char kOutages[] = "outages";
inline constexpr char kRounds[] = "rounds";
inline constexpr char kMachineReports[] = "machineReports";

// `assets/make-lab` of `assets` and `make-lab`; empty if the id is empty.
std::string NameOf(absl::string_view collection, absl::string_view id);
std::string NameOf(ReservationId id);
std::string NameOfSeries(SeriesId id);
std::string NameOf(const Resource& resource);

// True if `id` may be the id of a record that people name: 1 to 63 characters
// of a-z, 0-9 and hyphen, beginning with a letter, not ending in a hyphen.
bool IsLegalId(absl::string_view id);

// The id in `name` if it is a well-formed name of the collection.
std::optional<std::string> IdIn(absl::string_view collection, absl::string_view name);
std::optional<ReservationId> ReservationIdIn(absl::string_view name);
std::optional<SeriesId> SeriesIdIn(absl::string_view name);

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_NAMES_H_
