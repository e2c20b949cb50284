#ifndef LABSLOT_CLIENT_APPROVAL_TEXT_H_
#define LABSLOT_CLIENT_APPROVAL_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "client/session.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::client {

// What rules had to say about a reservation that was granted, one `note:` a
// rule; and of one that awaits approval, who may approve it and until when. In
// whole lines for people; empty for most reservations.
std::string ApprovalText(Session& session, const v1::Reservation& reservation, absl::TimeZone zone);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_APPROVAL_TEXT_H_
