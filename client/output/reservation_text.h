#ifndef LABSLOT_CLIENT_OUTPUT_RESERVATION_TEXT_H_
#define LABSLOT_CLIENT_OUTPUT_RESERVATION_TEXT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/output/table.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::client {

// What ParseItemWord reads: "rigs:3:detector=eds".
std::string ItemText(const v1::Item& item);

// "make-lab + rigs:3".
std::string ItemsText(const google::protobuf::RepeatedPtrField<v1::Item>& items);

// "confirmed", "checked in".
std::string StateText(v1::Reservation::State state);

// The zone in which people read a reservation.
absl::TimeZone ZoneOf(const v1::Reservation& reservation, absl::TimeZone fallback);

// One row a reservation. Each is in the zone of its place, unless `zone` is set.
Table ReservationTable(const std::vector<v1::Reservation>& reservations, absl::TimeZone fallback,
                       const absl::TimeZone* zone);

// The lines of one reservation below a headline, for people.
std::string ReservationText(const v1::Reservation& reservation, absl::TimeZone zone);

// What was given back last: "rigs:2", or "rigs: rig-1, rig-2" of named units.
std::string LastReturnText(const v1::Reservation& reservation);

// What is not clear about its use, in words; empty if there is nothing.
std::string ProblemText(v1::Reservation::Problem problem);

// Of one that waits, had to give way or is offered: what can be done with it, as commands to paste,
// in whole lines. Empty for all others, and for one without a name.
std::string WaitText(const v1::Reservation& reservation);

// What `hold_expire_time` means of one in this state, as in "waits until"; empty
// if it means nothing.
std::string UntilWords(v1::Reservation::State state);

}  // namespace labslot::client

#endif  // LABSLOT_CLIENT_OUTPUT_RESERVATION_TEXT_H_
