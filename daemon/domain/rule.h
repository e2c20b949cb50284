#ifndef LABSLOT_DAEMON_DOMAIN_RULE_H_
#define LABSLOT_DAEMON_DOMAIN_RULE_H_

namespace labslot {

// The rules of booking. The numbers are those of the API's Violation.Rule.
enum class Rule {
  kAssetRetired = 1,
  kQuantityAboveCapacity = 2,
  kAttendeesAboveLimit = 3,
  kSiteRequired = 4,
  kSiteMismatch = 5,
  kStartInPast = 6,
  kBeyondHorizon = 7,
  kOutsideOpeningHours = 8,
  kCapacityExceeded = 9,
  kRelatedAssetBusy = 10,
  kStateForbidsChange = 11,
  kBreaksReservations = 12,
  kStillReferenced = 13,
  kNotAMember = 14,
  kUserDisabled = 15,
  kNotOpenForHolder = 16,
  kTooShort = 17,
  kTooLong = 18,
  kOffGrid = 19,
  kNotASlot = 20,
  kTooLate = 21,
  kLocked = 22,
  kTooClose = 23,
  kNotQualified = 24,
  kCompanionMissing = 25,
  kSiteUnsuitable = 26,
  kNotEligible = 27,
  kApprovalRequired = 28,
  kHoldTooLong = 29,
  kProtected = 30,
  kReservedForOthers = 31,
  kQuotaExceeded = 32,
  kHolidaysUnknown = 33,
  kLocalTimeSkipped = 34,
  kLocalTimeRepeated = 35,
  kCompanionNeeded = 36,
  kTravelDoesNotFit = 37,
  kTourTooLong = 38,
  kWaitListFull = 39,
  kOutOfService = 40,
  kMayNotDisplace = 41,
  kNotInRound = 42,
  kUnitNotFree = 43,
  kInUseBeyondEnd = 44,
  kNoFittingUnit = 45,
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_RULE_H_
