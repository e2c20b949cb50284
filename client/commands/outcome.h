#ifndef LABSLOT_CLIENT_COMMANDS_OUTCOME_H_
#define LABSLOT_CLIENT_COMMANDS_OUTCOME_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/session.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::client {

// What a change made of a reservation: "Reservation 1042 is " with `words`, such
// as "moved", and then the reservation itself.
absl::Status ShowOutcome(Session& session, const v1::Reservation& reservation,
                         const std::string& words, const WriteFlags& write);

// The lines below a headline, for people: the reservation, what rules had to say,
// and what can be done with one that waits or is offered.
std::string Details(Session& session, const v1::Reservation& reservation, absl::TimeZone zone);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_COMMANDS_OUTCOME_H_
