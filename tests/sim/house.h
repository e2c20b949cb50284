#ifndef LABSLOT_TESTS_SIM_HOUSE_H_
#define LABSLOT_TESTS_SIM_HOUSE_H_

#include <array>
#include <map>
#include <string>
#include <vector>

#include "daemon/domain/event.h"
#include "tests/sim/books.h"

namespace labslot::sim {

// The assets of the simulated house at its beginning, with the rules that hold there.
std::map<std::string, Thing> HouseThings(Instant since);

// Who is what there, which never changes.
std::string OrganisationOf(const std::string& user);
bool IsUserOf(const std::string& group, const std::string& user);
bool IsInGroup(const std::string& group, const std::string& user);  // or his organisation is
// The id of the policy by which bookings of the asset need approval.
std::string ApprovalOf(const std::string& asset);
std::string SiteOf(const Thing& thing);

// Where things stand or travel to, and how long that takes from door to door. No way
// round is quicker.
inline constexpr char kOffice[] = "office";
inline constexpr std::array<const char*, 4> kPlaces = {"garage", "hall", kOffice, "north"};
Seconds WayBetween(const std::string& a, const std::string& b);

// The same as records of the daemon, with all that they refer to.
std::vector<Resource> HouseRecords(const std::map<std::string, Thing>& things);

}  // namespace labslot::sim

#endif  // LABSLOT_TESTS_SIM_HOUSE_H_
