#ifndef LABSLOT_DAEMON_BASE_LIMITS_H_
#define LABSLOT_DAEMON_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

// A limit on everything that a caller can make grow, in one place.
namespace labslot::limits {

// Instants that a request may name: 1970-01-01 to 2200-01-01, exclusive. Wide
// enough for any booking, and far from where civil time overflows.
inline constexpr int64_t kEarliestInstant = 0;
inline constexpr int64_t kLatestInstant = 7258118400;

inline constexpr int64_t kDay = 86400;

// The longest run of one reservation. Scans by start look back this far to
// find what is still running.
inline constexpr int64_t kLongestRun = 366 * kDay;

// The longest set-up or tear-down; with the run it bounds an occupancy.
inline constexpr int64_t kLongestChangeover = 14 * kDay;

// How far ahead a reservation may end: a typing error in the year is refused.
inline constexpr int64_t kHorizon = kDay * 366 * 5;

// A start may lie this far back, so that "from now on" survives the way to
// the daemon and clocks that differ a little.
inline constexpr int64_t kPastTolerance = 300;

inline constexpr int64_t kLongestHold = 7 * kDay;

// The longest way of a mobile asset that a site may state. The longest that is
// reckoned, round half the globe at walking pace, is some years: no start passes.
inline constexpr int64_t kLongestTravel = 31 * kDay;

// A machine that says nothing for longer than this has stopped telling.
inline constexpr int64_t kLongestMachineSpan = 31 * kDay;
inline constexpr size_t kMaxMachineSpans = 1000;    // of one report
inline constexpr int64_t kMaxMoney = 100000000000;  // hundredths, of an hour

// An offer from the wait list stands so long, but no more than half of the time
// left to its start, and no less than the shortest.
inline constexpr int64_t kLongestOfferLife = kDay;
inline constexpr int64_t kShortestOfferLife = 900;

// An outage without end reaches so far ahead; it goes on when only so much is left.
inline constexpr int64_t kOutageReach = 7 * kDay;
inline constexpr int64_t kOutageReachLeft = 6 * kDay;
inline constexpr size_t kMaxHitsKept = 1000;  // of one outage
inline constexpr size_t kMaxUnits = 1000;     // that a pool names
// Ways to hand out units that are kept at once while it is looked for one. Seven units
// of three kinds have 210 at most.
inline constexpr size_t kMaxSeatings = 500;
// Steps of such ways, each of a microsecond or some: for a plan, and for one booking,
// which holds up others.
inline constexpr size_t kMaxSeatingSteps = 2000000;
inline constexpr size_t kMaxReseatingSteps = 5000;
inline constexpr size_t kMaxChoices = 16;  // of one reservation
inline constexpr size_t kMaxRoundAssets = 200;
inline constexpr size_t kMaxRoundRequests = 5000;
inline constexpr int64_t kMaxRequestValue = 1000000000;
// Of a pool whose units differ: sets of units that are told to the search by their
// size, and choices that are ruled out one by one because of all else.
inline constexpr size_t kMaxUnitSets = 32;
inline constexpr size_t kMaxUnitCuts = 50;
inline constexpr int64_t kLongestPlanning = 60;
inline constexpr int64_t kUsualPlanning = 10;
// Branches of the search for whom to displace: some milliseconds.
inline constexpr int64_t kMaxDisplacementNodes = 200;
// Sets of people who may have to give up units that differ: each takes a search for
// how to hand them out.
inline constexpr size_t kMaxGiversTried = 200;
inline constexpr size_t kMaxDisplacementCandidates = 2000;

// How long a request_id is remembered. The promise is 7 days.
inline constexpr int64_t kRequestMemory = 8 * kDay;

// Free/busy of more than this many assets times days is worked out off the
// loop, and no more than this many occupancies are told.
inline constexpr int64_t kQuickAssetDays = 1000;
inline constexpr size_t kMaxOccupanciesTold = 100000;

// Refusals look this far ahead for a time that would pass.
inline constexpr int64_t kAlternativeHorizon = 90 * kDay;

inline constexpr int64_t kLongestAvailabilityPeriod = 400 * kDay;
inline constexpr int64_t kLongestReportPeriod = 3660 * kDay;

inline constexpr int64_t kDefaultTokenLife = 90 * kDay;
inline constexpr int64_t kLongestTokenLife = kDay * 366 * 5;

inline constexpr size_t kMaxIdLength = 63;
inline constexpr size_t kMaxNameText = 200;  // display names, projects
inline constexpr size_t kMaxText = 2000;     // purposes, descriptions, reasons
inline constexpr size_t kMaxRequestIdLength = 128;
inline constexpr size_t kMaxLabels = 64;
inline constexpr size_t kMaxItems = 32;
inline constexpr size_t kMaxBatch = 500;  // reservations made in one call
// Of one visit. Its orders are looked through exactly, which doubles with each stop.
inline constexpr size_t kMaxVisitStops = 6;
inline constexpr size_t kMaxVisitOptions = 8;  // of one stop
inline constexpr size_t kMaxVisitWindows = 8;
inline constexpr int64_t kLongestVisitWindow = 62 * kDay;
inline constexpr int64_t kLongestVisitStop = 31 * kDay;
// The longest local day: clocks may be set back by an hour in it.
inline constexpr int64_t kLongestVisitOfADay = kDay + 3600;
// Starts looked for to find one visit: some 100 milliseconds.
inline constexpr size_t kMaxVisitLooks = 10000;
// Times of one visit that are decided before it is refused.
inline constexpr size_t kMaxVisitPlans = 20;
inline constexpr size_t kMaxCalendarEntries = 500;
inline constexpr size_t kMaxHolidays = 5000;
inline constexpr size_t kMaxExclusionGroups = 16;
inline constexpr size_t kMaxMemberships = 64;
inline constexpr size_t kMaxImportRecords = 10000;
inline constexpr size_t kMaxAssetsPerQuery = 1000;
inline constexpr size_t kMaxTreeDepth = 16;
inline constexpr size_t kMaxWaiting = 500;      // for one asset
inline constexpr size_t kMaxTravelTimes = 256;  // of one site
inline constexpr size_t kMaxConflictsShown = 20;
// Of each reason that a series keeps with a refused day: 400 days are one value
// of the store.
inline constexpr size_t kMaxConflictsKept = 3;
inline constexpr size_t kMaxAlternatives = 6;
inline constexpr size_t kMaxLikeAssetsTried = 50;
// Starts judged to find the earliest that passes: some milliseconds.
inline constexpr size_t kMaxStartsTried = 2000;
inline constexpr size_t kMaxReportRows = 200000;
// Nothing is added to a page that has this size: clients by default take no
// message above 4 MiB.
inline constexpr size_t kFullPageBytes = size_t{2} << 20;

// Occurrences of one series: a year of days, and some more.
inline constexpr size_t kMaxOccurrences = 400;
inline constexpr size_t kMaxRecurrenceText = 1000;
// Policies and quotas that a daemon keeps: each is looked at for each asset.
inline constexpr size_t kMaxPolicies = 1000;
inline constexpr size_t kMaxQuotas = 1000;
inline constexpr size_t kMaxSelectors = 32;         // of one rule
inline constexpr size_t kMaxSelectorEntries = 200;  // of one list of a selector
inline constexpr size_t kMaxGroupMembers = 5000;
inline constexpr size_t kMaxQualifications = 64;
inline constexpr size_t kMaxDateRanges = 100;
inline constexpr int32_t kMaxLeadDays = 3660;
inline constexpr int32_t kMaxRollingDays = 366;
inline constexpr int64_t kMaxQuotaSeconds = int64_t{366} * kDay * 100000;
inline constexpr int32_t kMaxQuotaCount = 10000000;
inline constexpr size_t kMaxNotes = 64;  // of one reservation
inline constexpr size_t kMaxPolicyChanges = 100;
inline constexpr size_t kMaxBrokenTold = 1000;
inline constexpr size_t kMaxAffected = 10000;  // reservations that one change of rules changes
// Use is told that begins so early.
inline constexpr int64_t kCheckInLead = 900;
// A use is closed as forgotten so long after its end at the latest.
inline constexpr int64_t kLongestOverrun = 7 * kDay;
// Who fails to check in by a time that the clock noticed later than this keeps
// the slot: the daemon was away.
inline constexpr int64_t kLateClock = 600;
// Refused occurrences of a series for which ways out are looked for.
inline constexpr size_t kMaxWaysOutOfSeries = 20;

inline constexpr size_t kMaxFilterLength = 4000;
inline constexpr size_t kMaxWatchResources = 100;
inline constexpr int32_t kMaxCapacity = 100000;
inline constexpr int32_t kMaxPriority = 1000;
inline constexpr int32_t kMaxAttendees = 100000;
inline constexpr int32_t kDefaultPageSize = 100;
inline constexpr int32_t kMaxPageSize = 1000;
inline constexpr int32_t kDefaultSlots = 10;
inline constexpr int32_t kMaxSlots = 100;

}  // namespace labslot::limits

#endif  // LABSLOT_DAEMON_BASE_LIMITS_H_
