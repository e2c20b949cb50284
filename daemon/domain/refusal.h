#ifndef LABSLOT_DAEMON_DOMAIN_REFUSAL_H_
#define LABSLOT_DAEMON_DOMAIN_REFUSAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/domain/reservation.h"

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
};

// A reservation that stands in the way.
struct Conflict {
  ReservationId reservation = 0;  // 0 if the caller may not see it
  std::string asset;
  Interval occupancy;
  int32_t quantity = 0;
  friend bool operator==(const Conflict&, const Conflict&) = default;
};

// One rule that a request breaks.
struct Violation {
  Rule rule = Rule::kCapacityExceeded;
  std::string message;
  std::string asset;
  std::string limit;
  std::string found;
  std::vector<Conflict> conflicts;
};

enum class AlternativeKind {
  kLikeAsset = 1,
  kOtherTime = 2,
  kShorter = 3,
  kOtherSite = 4,
  kFewerUnits = 5,
};

// A request like the refused one that passes all rules.
struct Alternative {
  AlternativeKind kind = AlternativeKind::kOtherTime;
  std::vector<ReservationItem> items;
  Interval interval;
  std::string site;
  std::string time_zone;
};

// Why a request was refused, and what would work.
struct Refusal {
  std::vector<Violation> violations;
  std::optional<Instant> earliest_start;
  std::vector<Alternative> alternatives;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_REFUSAL_H_
