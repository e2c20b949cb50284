#ifndef LABSLOT_DAEMON_DOMAIN_REFUSAL_H_
#define LABSLOT_DAEMON_DOMAIN_REFUSAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/interval.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/reservation.h"

namespace labslot {

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
  std::string source = {};  // `policies/x` or `quotas/x`; empty: built in
  std::string scope = {};   // in words: what is counted together
  Effect effect = Effect::kReject;
  std::vector<std::string> overridable_by = {};  // names of users and groups, `managers`
  friend bool operator==(const Violation&, const Violation&) = default;
};

enum class AlternativeKind {
  kLikeAsset = 1,
  kOtherTime = 2,
  kShorter = 3,
  kOtherSite = 4,
  kFewerUnits = 5,
  kLonger = 6,
};

// A request like the refused one that passes all rules.
struct Alternative {
  AlternativeKind kind = AlternativeKind::kOtherTime;
  std::vector<ReservationItem> items;
  Interval interval;
  std::string site;
  std::string time_zone;
  bool needs_approval = false;
  friend bool operator==(const Alternative&, const Alternative&) = default;
};

// Why a request was refused, and what would work.
struct Refusal {
  std::vector<Violation> violations;
  std::optional<Instant> earliest_start;
  std::vector<Alternative> alternatives;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_REFUSAL_H_
