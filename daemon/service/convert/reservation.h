#ifndef LABSLOT_DAEMON_SERVICE_CONVERT_RESERVATION_H_
#define LABSLOT_DAEMON_SERVICE_CONVERT_RESERVATION_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "daemon/domain/reservation.h"
#include "daemon/service/convert/field_errors.h"
#include "labslot/v1/reservation.pb.h"

namespace labslot::service {

namespace v1 = ::labslot::v1;

// Reads what a caller may set. `name`, output-only fields and the etag are not
// read; user and organisation may be empty. A quantity of 0 becomes 1. Set-up
// and tear-down of the items are left 0: they come from the assets.
Reservation ReservationFromProto(const v1::Reservation& proto, absl::string_view path,
                                 FieldErrors& errors);

// The same with the window in which the run may lie, which is given on creation
// only.
Reservation NewReservationFromProto(const v1::Reservation& proto, absl::string_view path,
                                    FieldErrors& errors);

// The same without the interval: what happens on each day of a series.
Reservation DraftFromProto(const v1::Reservation& proto, absl::string_view path,
                           FieldErrors& errors);
// The same without items: what people say of it.
Reservation WordsFromProto(const v1::Reservation& proto, absl::string_view path,
                           FieldErrors& errors);

// Writes what DraftFromProto reads.
void DraftToProto(const Reservation& draft, v1::Reservation& proto);

// `time_zone` is the IANA zone of the place, or empty.
void ToProto(const Reservation& reservation, absl::string_view time_zone, v1::Reservation& proto);

// The items of a request, 1 to limits::kMaxItems, each asset once.
std::vector<ReservationItem> ItemsFromProto(
    const google::protobuf::RepeatedPtrField<v1::Item>& items, absl::string_view path,
    FieldErrors& errors);
void ToProto(const ReservationItem& item, v1::Item& proto);

}  // namespace labslot::service

#endif  // LABSLOT_DAEMON_SERVICE_CONVERT_RESERVATION_H_
