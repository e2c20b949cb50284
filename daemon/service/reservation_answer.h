#ifndef LABSLOT_DAEMON_SERVICE_RESERVATION_ANSWER_H_
#define LABSLOT_DAEMON_SERVICE_RESERVATION_ANSWER_H_

#include "daemon/domain/reservation.h"
#include "daemon/service/daemon_core.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::service {

// Writes what a command made of a reservation. After a dry run it has no etag, and no name
// if it is new: the number that it would get may go to another.
void AnswerProto(const DaemonCore& core, const Reservation& reservation, bool dry_run,
                 ::labslot::v1::Reservation& response);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_RESERVATION_ANSWER_H_
