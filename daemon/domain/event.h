#ifndef LABSLOT_DAEMON_DOMAIN_EVENT_H_
#define LABSLOT_DAEMON_DOMAIN_EVENT_H_

#include <cstdint>
#include <string>
#include <variant>

#include "daemon/base/clock.h"
#include "daemon/domain/catalogue.h"
#include "daemon/domain/directory.h"
#include "daemon/domain/machine_report.h"
#include "daemon/domain/outage.h"
#include "daemon/domain/policy.h"
#include "daemon/domain/quota.h"
#include "daemon/domain/reservation.h"
#include "daemon/domain/round.h"
#include "daemon/domain/series.h"

namespace labslot {

// Place of an event in the one sequence of changes, from 1, without gap.
using Revision = int64_t;

// Any record that events are about.
// New kinds go to the end: places in the variant are counted on.
using Resource = std::variant<Site, Asset, HolidayRegion, Organisation, User, Token, Reservation,
                              Group, Policy, Quota, Series, Outage, Round, MachineReport>;

// True of what the catalogue and the directory are made of; not of what is reserved, or
// told by machines.
inline bool IsRecord(const Resource& resource) {
  return !std::holds_alternative<Reservation>(resource) &&
         !std::holds_alternative<Series>(resource) &&
         !std::holds_alternative<MachineReport>(resource);
}

enum class EventType {
  kCreated = 1,
  kUpdated = 2,
  kDeleted = 3,
  kConfirmed = 4,
  kCancelled = 5,
  kExpired = 6,
  kApproved = 7,
  kRejected = 8,
  kCheckedIn = 9,
  kNoShow = 10,
  kOffered = 11,
  kDisplaced = 12,
  kReplaced = 13,
  kCheckedOut = 14,
  kReturned = 15,
  kOverdue = 16,
  kCorrected = 17,
};

// One committed change of one resource, with the resource as it is afterwards
// (as it was, if it is removed). The state of the daemon is the fold of its
// events.
struct Event {
  Revision revision = 0;
  Instant time = 0;
  std::string actor;  // user id, or kDaemonActor
  EventType type = EventType::kCreated;
  std::string reason;
  Resource resource;
  friend bool operator==(const Event&, const Event&) = default;
};

// The actor of what the clock causes. Not a legal user id.
inline constexpr char kDaemonActor[] = "@daemon";

// True if the event takes the record of its resource away: deleted sites,
// holiday regions, organisations and tokens vanish; assets and users stay,
// retired or disabled, because history refers to them.
inline bool RemovesRecord(const Event& event) {
  return event.type == EventType::kDeleted && !std::holds_alternative<Asset>(event.resource) &&
         !std::holds_alternative<User>(event.resource);
}

}  // namespace labslot

#endif  // LABSLOT_DAEMON_DOMAIN_EVENT_H_
