#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_EVENT_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_EVENT_H_

#include <functional>
#include <string>

#include "daemon/domain/event.h"
#include "labslot/v1/event.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// The IANA zone in which people should read a reservation, or empty.
using ZoneOfReservation = std::function<std::string(const Reservation&)>;

void ToProto(const Event& event, const ZoneOfReservation& zone_of, v1::Event& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_EVENT_H_
