#ifndef LABSLOT_TESTS_STORAGE_SAMPLES_H_
#define LABSLOT_TESTS_STORAGE_SAMPLES_H_

#include <string>
#include <vector>

#include "daemon/domain/event.h"

namespace labslot::storage {

// A value of every resource in which no field has its default.
Site FullSite();
Asset FullAsset();
HolidayRegion FullHolidayRegion();
Organisation FullOrganisation();
User FullUser();
Token FullToken();
Reservation FullReservation();
Group FullGroup();
Selector FullSelector();
Policy FullPolicy();
Quota FullQuota();
Refusal FullRefusal();
Series FullSeries();
Outage FullOutage();
Round FullRound();
MachineReport FullMachineReport();

// A rule of every kind, in the order of PolicyRule, in which no field has its
// default.
std::vector<PolicyRule> FullRules();

// The same with nothing but defaults.
std::vector<PolicyRule> EmptyRules();

// A value of every resource, in the order of Resource.
std::vector<Resource> FullResources();

// The same with nothing but defaults.
std::vector<Resource> EmptyResources();

// A confirmed reservation of `asset`, of one unit for one hour.
Reservation SmallReservation(ReservationId id, const std::string& asset, Instant start);

// An event of a reservation at a revision; the reservation gets that revision.
Event EventOf(Revision revision, EventType type, Reservation reservation);

}  // namespace labslot::storage

#endif  // LABSLOT_TESTS_STORAGE_SAMPLES_H_
